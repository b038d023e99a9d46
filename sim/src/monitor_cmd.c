/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The CMD line of the bus monitor: frames by their direction bit, CRC7, and
 * the clocks between them.
 */
#include <string.h>

#include "monitor_private.h"

#define SHORT_BITS 48
#define LONG_BITS 136
#define RAW_CRC 0x7Fu /* R3 carries none */
#define NO_INDEX 63

static unsigned bit_of(const uint8_t *bytes, unsigned bit)
{
    return (unsigned)(bytes[bit / 8] >> (7 - bit % 8)) & 1u;
}

static unsigned crc7(const uint8_t *bytes, unsigned first, unsigned last)
{
    unsigned crc = 0;

    for (unsigned i = first; i < last; i++) {
        const unsigned out = (crc >> 6 ^ bit_of(bytes, i)) & 1u;

        crc = (crc << 1 ^ (out != 0 ? 0x09u : 0u)) & 0x7Fu;
    }
    return crc;
}

static uint8_t frame_index(const sdv_mon_frame *frame)
{
    return frame->bytes[0] & 0x3Fu;
}

static uint32_t frame_content(const sdv_mon_frame *frame)
{
    return (uint32_t)frame->bytes[1] << 24 | (uint32_t)frame->bytes[2] << 16 |
           (uint32_t)frame->bytes[3] << 8 | (uint32_t)frame->bytes[4];
}

static bool end_bit(const sdv_mon_frame *frame)
{
    return bit_of(frame->bytes, frame->length - 1) != 0;
}

/* Clocks between two frames, neither counted. */
static uint64_t gap(const sdv_monitor *monitor, uint64_t end)
{
    return monitor->frame.start - end - 1;
}

/* ---- frames of the host ---- */

static void check_command_gap(sdv_monitor *monitor)
{
    if (monitor->cmd_free != 0 &&
        gap(monitor, monitor->cmd_free) < SDV_TIMING_N_RC) {
        sdv_mon_violation(
            monitor, "%u clocks before a command, at least %u wanted",
            (unsigned)gap(monitor, monitor->cmd_free), SDV_TIMING_N_RC);
    }
}

static void end_command(sdv_monitor *monitor)
{
    const sdv_mon_frame *frame = &monitor->frame;
    sdv_mon_command *command = &monitor->command;

    if (command->open) {
        sdv_mon_no_response(monitor);
    }
    check_command_gap(monitor);
    command->open = true;
    command->index = frame_index(frame);
    command->argument = frame_content(frame);
    command->end = monitor->clock;
    command->intact = end_bit(frame) && crc7(frame->bytes, 0, 40) ==
                                            (unsigned)frame->bytes[5] >> 1;
    command->rule = sdv_mon_rule_of(monitor, command->index);
    command->addressed =
        sdv_mon_addressed(monitor, command->rule, command->argument);
    sdv_mon_command_line(monitor);
    if (command->intact) {
        monitor->counts.commands++;
        sdv_mon_on_command(monitor);
    } else {
        monitor->counts.bad_crc++;
    }
}

/* ---- frames of the card ---- */

/* Why there should be no answer at all; NULL: there may be one. */
static const char *unwanted(const sdv_mon_command *command)
{
    if (!command->open) {
        return "a response without a command";
    }
    if (!command->intact) {
        return "a response to a command with a wrong CRC";
    }
    if (command->rule == NULL) {
        return "a response to a command that does not exist";
    }
    if (command->rule->resp == SDV_RESP_NONE) {
        return "a response to a command that has none";
    }
    if (!command->addressed) {
        return "a response to a command for another card";
    }
    return NULL;
}

static void check_response_gap(sdv_monitor *monitor)
{
    const sdv_mon_rule *rule = monitor->command.rule;
    const uint64_t clocks = gap(monitor, monitor->command.end);
    const bool exact = !rule->acmd ? rule->index == SDV_CMD_ALL_SEND_CID
                                   : rule->index == SDV_ACMD_SD_SEND_OP_COND;

    if (exact && clocks != SDV_TIMING_N_ID) {
        sdv_mon_violation(monitor, "N_ID is %u clocks, %u wanted",
                          (unsigned)clocks, SDV_TIMING_N_ID);
    } else if (clocks < SDV_TIMING_N_CR_MIN || clocks > SDV_TIMING_N_CR_MAX) {
        sdv_mon_violation(monitor, "N_CR is %u clocks, %u to %u wanted",
                          (unsigned)clocks, SDV_TIMING_N_CR_MIN,
                          SDV_TIMING_N_CR_MAX);
    }
}

static uint8_t wanted_index(const sdv_mon_rule *rule)
{
    return rule->resp == SDV_RESP_R2 || rule->resp == SDV_RESP_R3 ? NO_INDEX
                                                                  : rule->index;
}

static bool response_crc_ok(const sdv_mon_frame *frame, sdv_resp resp)
{
    const unsigned got = (unsigned)frame->bytes[frame->length / 8 - 1] >> 1;

    switch (resp) {
    case SDV_RESP_R2: /* the register's own, over bits 127:8 */
        return got == crc7(frame->bytes, 8, LONG_BITS - 8);
    case SDV_RESP_R3:
        return got == RAW_CRC;
    default:
        return got == crc7(frame->bytes, 0, SHORT_BITS - 8);
    }
}

/* True when nothing is wrong with the frame itself. */
static bool check_frame(sdv_monitor *monitor)
{
    const sdv_mon_frame *frame = &monitor->frame;
    const sdv_mon_rule *rule = monitor->command.rule;

    if (!end_bit(frame)) {
        sdv_mon_violation(monitor, "a response without an end bit");
        return false;
    }
    if (!response_crc_ok(frame, rule->resp)) {
        sdv_mon_violation(monitor, "a response with a wrong CRC");
        return false;
    }
    if (frame_index(frame) != wanted_index(rule)) {
        sdv_mon_violation(monitor, "a response with index %u, %u wanted",
                          frame_index(frame), wanted_index(rule));
        return false;
    }
    return true;
}

static void check_content(sdv_monitor *monitor, uint32_t content)
{
    const sdv_resp resp = monitor->command.rule->resp;

    if (resp == SDV_RESP_R1 || resp == SDV_RESP_R1B) {
        sdv_mon_check_status(monitor, content);
    }
    if (resp == SDV_RESP_R7 &&
        content != (monitor->command.argument & 0xFFFu)) {
        sdv_mon_violation(monitor, "R7 does not echo the argument");
    }
}

static void end_response(sdv_monitor *monitor)
{
    sdv_mon_command *command = &monitor->command;
    const uint32_t content = frame_content(&monitor->frame);
    const char *reason = unwanted(command);

    if (reason != NULL) {
        sdv_mon_violation(monitor, "%s", reason);
        return;
    }
    check_response_gap(monitor);
    sdv_mon_response_line(monitor, content);
    command->open = false;
    if (check_frame(monitor)) {
        monitor->counts.responses++;
        check_content(monitor, content);
        sdv_mon_on_response(monitor, content);
    }
}

/* ---- bits ---- */

/* see monitor_private.h */
bool sdv_mon_of_card(const sdv_mon_frame *frame)
{
    return bit_of(frame->bytes, 1) == 0;
}

/* The second bit tells who sends, and so how long the frame is. */
static unsigned length_of(const sdv_monitor *monitor)
{
    const sdv_mon_command *command = &monitor->command;
    const bool is_long = sdv_mon_of_card(&monitor->frame) && command->open &&
                         command->rule != NULL &&
                         command->rule->resp == SDV_RESP_R2;

    return is_long ? LONG_BITS : SHORT_BITS;
}

static void end_frame(sdv_monitor *monitor)
{
    monitor->frame.active = false;
    if (sdv_mon_of_card(&monitor->frame)) {
        monitor->data.dark = false;
        end_response(monitor);
    } else {
        end_command(monitor);
    }
    monitor->cmd_free = monitor->clock;
}

/* see monitor_private.h */
void sdv_mon_cmd_step(sdv_monitor *monitor, bool level)
{
    sdv_mon_frame *frame = &monitor->frame;

    if (!frame->active) {
        if (level) {
            return;
        }
        memset(frame, 0, sizeof(*frame));
        frame->active = true;
        frame->start = monitor->clock;
    }
    if (level) {
        frame->bytes[frame->bit / 8] |= (uint8_t)(0x80u >> (frame->bit % 8));
    }
    frame->bit++;
    if (frame->bit == 2) {
        frame->length = length_of(monitor);
    }
    if (frame->bit == frame->length) {
        end_frame(monitor);
    }
}
