/* SPDX-License-Identifier: Apache-2.0 */
/* The transcript of the bus monitor: one line for what happened, in words. */
#include <stdarg.h>
#include <string.h>

#include "monitor_private.h"

#define STATE_MASK 0x1E00u
#define STATE_LSB 9
#define R3_POWERED_UP (1u << SDV_OCR_POWERED_UP_LSB)

static const char *const states[] = {"idle", "ready", "ident", "stby", "tran",
                                     "data", "rcv",   "prg",   "dis"};

/* Names for the bits that a reader looks for. */
static const struct {
    uint32_t bit;
    const char *name;
} bits[] = {
    {SDV_STATUS_OUT_OF_RANGE, "OUT_OF_RANGE"},
    {SDV_STATUS_ADDRESS_ERROR, "ADDRESS_ERROR"},
    {SDV_STATUS_BLOCK_LEN_ERROR, "BLOCK_LEN_ERROR"},
    {SDV_STATUS_ERASE_SEQ_ERROR, "ERASE_SEQ_ERROR"},
    {SDV_STATUS_ERASE_PARAM, "ERASE_PARAM"},
    {SDV_STATUS_COM_CRC_ERROR, "COM_CRC_ERROR"},
    {SDV_STATUS_ILLEGAL_COMMAND, "ILLEGAL_COMMAND"},
    {SDV_STATUS_CARD_ECC_FAILED, "CARD_ECC_FAILED"},
    {SDV_STATUS_ERROR, "ERROR"},
    {SDV_STATUS_ERASE_RESET, "ERASE_RESET"},
    {SDV_STATUS_APP_CMD, "app"},
    {SDV_STATUS_READY_FOR_DATA, "ready"},
};

/* Put text behind what is in a buffer of `size` bytes; too much is cut off. */
__attribute__((format(printf, 3, 4))) static void
append(char *buffer, size_t size, const char *format, ...)
{
    const size_t used = strlen(buffer);
    va_list args;

    va_start(args, format);
    (void)vsnprintf(buffer + used, size - used, format, args);
    va_end(args);
}

/* Lines wait while the line of a command is open, so that they are in order. */
static void put(sdv_monitor *monitor, const char *text)
{
    if (monitor->file == NULL) {
        return;
    }
    if (monitor->command.open) {
        append(monitor->held, sizeof(monitor->held), "%8llu  %s\n",
               (unsigned long long)monitor->clock, text);
    } else {
        fprintf(monitor->file, "%8llu  %s\n",
                (unsigned long long)monitor->clock, text);
    }
}

/* The line of the command is complete. */
static void close_line(sdv_monitor *monitor)
{
    if (monitor->file != NULL) {
        fprintf(monitor->file, "%s\n%s", monitor->line, monitor->held);
    }
    monitor->held[0] = '\0';
    monitor->command.open = false;
}

/* see monitor_private.h */
void sdv_mon_event(sdv_monitor *monitor, const char *format, ...)
{
    char text[SDV_MON_LINE] = "";
    va_list args;

    if (monitor->file == NULL) {
        return;
    }
    va_start(args, format);
    (void)vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    put(monitor, text);
}

/* see monitor_private.h */
void sdv_mon_violation(sdv_monitor *monitor, const char *format, ...)
{
    char text[SDV_MON_LINE] = "VIOLATION: ";
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text + strlen(text), sizeof(text) - strlen(text), format,
                    args);
    va_end(args);
    if (monitor->counts.violations == 0) {
        append(monitor->first, sizeof(monitor->first), "clock %llu: %s",
               (unsigned long long)monitor->clock,
               text + strlen("VIOLATION: "));
    }
    monitor->counts.violations++;
    put(monitor, text);
}

/* see monitor_private.h */
void sdv_mon_command_line(sdv_monitor *monitor)
{
    const sdv_mon_command *command = &monitor->command;
    const sdv_mon_rule *rule = command->rule;

    if (monitor->file == NULL) {
        return;
    }
    (void)snprintf(
        monitor->line, sizeof(monitor->line), "%8llu  %sCMD%u %s arg %08X",
        (unsigned long long)monitor->clock,
        rule != NULL && rule->acmd ? "A" : "", command->index,
        rule != NULL ? rule->name : "?", (unsigned)command->argument);
    if (!command->intact) {
        append(monitor->line, sizeof(monitor->line), "  bad crc from the host");
    }
}

/* see monitor_private.h */
void sdv_mon_no_response(sdv_monitor *monitor)
{
    const sdv_mon_rule *rule = monitor->command.rule;

    if (rule == NULL || rule->resp != SDV_RESP_NONE) {
        append(monitor->line, sizeof(monitor->line), "  -> no response");
    }
    close_line(monitor);
}

static void append_status(char *line, uint32_t status)
{
    const unsigned state = (status & STATE_MASK) >> STATE_LSB;

    append(line, SDV_MON_LINE, "  -> R1 %08X %s", (unsigned)status,
           state < sizeof(states) / sizeof(states[0]) ? states[state] : "?");
    for (size_t i = 0; i < sizeof(bits) / sizeof(bits[0]); i++) {
        if ((status & bits[i].bit) != 0) {
            append(line, SDV_MON_LINE, " %s", bits[i].name);
        }
    }
}

static void append_register(sdv_monitor *monitor)
{
    append(monitor->line, SDV_MON_LINE, "  -> R2 ");
    for (unsigned i = 1; i < sizeof(monitor->frame.bytes); i++) {
        append(monitor->line, SDV_MON_LINE, "%02X", monitor->frame.bytes[i]);
    }
}

/* see monitor_private.h */
void sdv_mon_response_line(sdv_monitor *monitor, uint32_t content)
{
    if (monitor->file == NULL) {
        return;
    }
    switch (monitor->command.rule->resp) {
    case SDV_RESP_R2:
        append_register(monitor);
        break;
    case SDV_RESP_R3:
        append(monitor->line, SDV_MON_LINE, "  -> R3 %08X %s",
               (unsigned)content,
               (content & R3_POWERED_UP) != 0 ? "ready" : "not ready");
        break;
    case SDV_RESP_R6:
        append(monitor->line, SDV_MON_LINE, "  -> R6 %08X rca %04X",
               (unsigned)content, (unsigned)(content >> 16));
        break;
    case SDV_RESP_R7:
        append(monitor->line, SDV_MON_LINE, "  -> R7 %08X", (unsigned)content);
        break;
    default:
        append_status(monitor->line, content);
        break;
    }
    close_line(monitor);
}

/* see monitor_private.h */
void sdv_mon_summary(sdv_monitor *monitor)
{
    const sdv_monitor_counts *counts = &monitor->counts;

    if (monitor->command.open) {
        sdv_mon_no_response(monitor);
    }
    if (monitor->file == NULL) {
        return;
    }
    fprintf(monitor->file,
            "end: clock %llu, %llu commands, %llu responses, %llu blocks, "
            "%llu bad crc, %llu violations, pins %016llx\n",
            (unsigned long long)monitor->clock,
            (unsigned long long)counts->commands,
            (unsigned long long)counts->responses,
            (unsigned long long)counts->blocks,
            (unsigned long long)counts->bad_crc,
            (unsigned long long)counts->violations,
            (unsigned long long)counts->pin_hash);
}
