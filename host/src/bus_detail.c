/* SPDX-License-Identifier: Apache-2.0 */
/* One line about a failed command.  No stdio here: this is part of the core
 * library. */
#include <sdvault/apdu.h>

#include "bus_detail.h"
#include "bus_internal.h"

struct line {
    char *text;
    size_t size;
    size_t used;
};

/* Append characters; what does not fit is dropped. */
static void put(struct line *line, const char *text)
{
    while (*text != '\0' && line->used + 1 < line->size) {
        line->text[line->used++] = *text++;
    }
    line->text[line->used] = '\0';
}

static void put_opcode(struct line *line, unsigned opcode)
{
    const char digits[] = {(char)('0' + opcode / 10), (char)('0' + opcode % 10),
                           '\0'};

    put(line, opcode < 10 ? digits + 1 : digits);
}

static void put_hex(struct line *line, uint32_t value, int digits)
{
    while (digits-- > 0) {
        const char digit[] = {"0123456789ABCDEF"[value >> 4 * digits & 15u],
                              '\0'};

        put(line, digit);
    }
}

static void put_word(struct line *line, uint32_t value)
{
    put(line, "0x");
    put_hex(line, value, 8);
}

void sdv_bus_describe(sdv_bus *bus, const sdv_cmd *cmd, sdv_err err)
{
    struct line line = {bus->detail, sizeof(bus->detail), 0};
    const uint32_t status = sdv_bus_status_of(cmd);

    put(&line, cmd->is_acmd ? "ACMD" : "CMD");
    put_opcode(&line, cmd->opcode);
    put(&line, " ");
    put_word(&line, cmd->arg);
    put(&line, ": ");
    put(&line, sdv_err_name(err));
    if (err > 0 && sdv_err_from_status(status) == err) {
        put(&line, ", card status ");
        put_word(&line, status);
    }
}

void sdv_bus_describe_sw(sdv_bus *bus, uint8_t ins, sdv_err err)
{
    struct line line = {bus->detail, sizeof(bus->detail), 0};

    put(&line, sdv_apdu_name(ins));
    put(&line, ": status word ");
    put_hex(&line, sdv_err_sw(err), 4);
    put(&line, " ");
    put(&line, sdv_err_name(err) + sizeof("SW_") - 1);
}
