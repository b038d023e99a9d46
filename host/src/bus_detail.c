/* SPDX-License-Identifier: Apache-2.0 */
/* One line about a failed command.  No stdio here: this is part of the core
 * library. */
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

static void put_hex(struct line *line, uint32_t value)
{
    char digits[] = "0x00000000";

    for (int i = 9; i > 1; i--) {
        digits[i] = "0123456789ABCDEF"[value & 15u];
        value >>= 4;
    }
    put(line, digits);
}

void sdv_bus_describe(sdv_bus *bus, const sdv_cmd *cmd, sdv_err err)
{
    struct line line = {bus->detail, sizeof(bus->detail), 0};
    const uint32_t status = sdv_bus_status_of(cmd);

    put(&line, cmd->is_acmd ? "ACMD" : "CMD");
    put_opcode(&line, cmd->opcode);
    put(&line, " ");
    put_hex(&line, cmd->arg);
    put(&line, ": ");
    put(&line, sdv_err_name(err));
    if (err > 0 && sdv_err_from_status(status) == err) {
        put(&line, ", card status ");
        put_hex(&line, status);
    }
}
