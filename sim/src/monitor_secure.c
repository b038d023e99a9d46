/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secure commands as the bus monitor sees them: tokens and responses put
 * together from the blocks that went by.
 */
#include <string.h>

#include "bytes.h"
#include "monitor_private.h"

#define BLOCK SDV_TIMING_BLOCK_LEN
#define LEAST 6u
#define NO_ANSWER 2u /* the length of a token that says: no response */
#define COUNT_MASK 0xFFFFu

static const char *ins_name(unsigned ins)
{
    switch (ins) {
#define NAME(name, value)                                                      \
    case value:                                                                \
        return #name;
        SDV_INS_TABLE(NAME)
#undef NAME
    default:
        return "?";
    }
}

static const char *sw_text(unsigned sw)
{
    switch (sw) {
#define TEXT(name, value, error, text)                                         \
    case value:                                                                \
        return text;
        SDV_SW_TABLE(TEXT)
#undef TEXT
    default:
        return "?";
    }
}

/* ---- what a command moves ---- */

/* see monitor_private.h */
void sdv_mon_secure_forget(sdv_monitor *monitor)
{
    memset(&monitor->secure, 0, sizeof(monitor->secure));
}

/* The blocks that follow are those of a token. */
static void begin_token(sdv_mon_secure *secure, bool generic, unsigned blocks)
{
    const bool second = generic && secure->generic && secure->half;

    secure->token = true;
    secure->generic = generic;
    secure->blocks = blocks;
    secure->at = second ? 1 : 0;
    secure->position = 0;
}

/* see monitor_private.h */
void sdv_mon_secure_begin(sdv_monitor *monitor, bool write)
{
    const sdv_mon_command *command = &monitor->command;
    const bool generic = command->index == SDV_CMD_GEN_CMD;
    sdv_mon_secure *secure = &monitor->secure;

    secure->active = command->index != SDV_CMD_SEND_PSI;
    secure->filled = 0;
    if (write) {
        begin_token(secure, generic, command->argument & COUNT_MASK);
    } else if (secure->active) {
        secure->token = false;
        secure->at = secure->position;
    }
}

/* see monitor_private.h */
void sdv_mon_secure_bits(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_secure *secure = &monitor->secure;
    const unsigned bits = monitor->lines == 4 ? 4 : 1;
    const size_t byte = (size_t)secure->at * BLOCK + secure->filled / 8;

    if (!secure->active || byte >= sizeof(secure->bytes)) {
        return;
    }
    secure->bytes[byte] = (uint8_t)((unsigned)secure->bytes[byte] << bits |
                                    (dat & ((1u << bits) - 1)));
    secure->filled += bits;
}

/* ---- what is told of it ---- */

static void tell_command(sdv_monitor *monitor)
{
    const uint8_t *bytes = monitor->secure.bytes;
    const unsigned length = sdv_get16(bytes);

    if (length < LEAST || length > sizeof(monitor->secure.bytes)) {
        sdv_mon_event(monitor, "token of a wrong length, %u", length);
        return;
    }
    sdv_mon_event(monitor, "apdu %s %02X%02X%02X%02X, %u bytes",
                  ins_name(bytes[3]), bytes[2], bytes[3], bytes[4], bytes[5],
                  length - 2);
}

static void tell_answer(sdv_monitor *monitor, unsigned length)
{
    const unsigned sw = sdv_get16(monitor->secure.bytes + length - 2);

    sdv_mon_event(monitor, "answer %04X %s, %u bytes", sw, sw_text(sw),
                  length - 2);
}

/* A block of a token: by CMD56 its length tells how many there are. */
static void end_token_block(sdv_monitor *monitor)
{
    sdv_mon_secure *secure = &monitor->secure;
    const unsigned length = sdv_get16(secure->bytes);
    unsigned blocks = secure->blocks;

    if (secure->generic) {
        blocks = length > BLOCK && length <= sizeof(secure->bytes) ? 2 : 1;
    }
    secure->at++;
    secure->half = secure->at < blocks;
    if (!secure->half) {
        tell_command(monitor);
    }
}

static void end_answer_block(sdv_monitor *monitor)
{
    sdv_mon_secure *secure = &monitor->secure;
    const unsigned length = sdv_get16(secure->bytes);

    secure->at++;
    secure->position = secure->at;
    if (length == NO_ANSWER && secure->at == 1) {
        secure->active = false;
        secure->position = 0;
        sdv_mon_event(monitor, "no answer yet");
    } else if (length < NO_ANSWER || secure->at * BLOCK >= length) {
        secure->active = false;
        secure->position = 0;
        if (length > NO_ANSWER && length <= sizeof(secure->bytes)) {
            tell_answer(monitor, length);
        }
    }
}

/* see monitor_private.h */
void sdv_mon_secure_end(sdv_monitor *monitor, bool good)
{
    sdv_mon_secure *secure = &monitor->secure;

    secure->filled = 0;
    if (!secure->active || !good) {
        return;
    }
    if (secure->token) {
        end_token_block(monitor);
    } else {
        end_answer_block(monitor);
    }
}
