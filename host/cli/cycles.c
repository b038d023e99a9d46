/* SPDX-License-Identifier: Apache-2.0 */
#include "cycles.h"

#include <inttypes.h>
#include <string.h>

/* ---- counting ---- */

static void append(char *label, size_t size, const char *text)
{
    const size_t used = strlen(label);

    (void)snprintf(label + used, size - used, "%s", text);
}

static void append_command(char *label, size_t size, const sdv_cmd *cmd)
{
    char name[24];

    (void)snprintf(name, sizeof(name), "%s%sCMD%u%s",
                   cmd->stop == SDV_STOP_CMD23 ? "CMD23+" : "",
                   cmd->is_acmd ? "A" : "", (unsigned)cmd->opcode,
                   cmd->stop == SDV_STOP_CMD12 ? "+CMD12" : "");
    append(label, size, name);
}

static struct cycles_row *row_of(struct cycles *cycles, const char *label)
{
    for (size_t i = 0; i < cycles->count; i++) {
        if (strcmp(cycles->rows[i].label, label) == 0) {
            return &cycles->rows[i];
        }
    }
    if (cycles->count == CYCLES_ROWS) {
        struct cycles_row *last = &cycles->rows[CYCLES_ROWS - 1];

        (void)snprintf(last->label, sizeof(last->label), "others");
        return last;
    }
    memcpy(cycles->rows[cycles->count].label, label,
           sizeof(cycles->rows[0].label));
    return &cycles->rows[cycles->count++];
}

static struct cycles *self(sdv_bus *bus)
{
    return (struct cycles *)bus;
}

static sdv_err run(sdv_bus *bus, sdv_cmd *seq, size_t count)
{
    struct cycles *cycles = self(bus);
    const uint64_t start = sdv_sim_clocks(cycles->sim).sd;
    const sdv_err err = sdv_bus_run(cycles->inner, seq, count);
    char label[sizeof(cycles->rows[0].label)] = "";
    struct cycles_row *row;

    for (size_t i = 0; i < count; i++) {
        append(label, sizeof(label), i > 0 ? " " : "");
        append_command(label, sizeof(label), &seq[i]);
    }
    row = row_of(cycles, label);
    row->times++;
    row->clocks += sdv_sim_clocks(cycles->sim).sd - start;
    for (size_t i = 0; i < count; i++) {
        row->blocks +=
            seq[i].block_size == SDV_TIMING_BLOCK_LEN ? seq[i].blocks : 0;
    }
    return err;
}

/* ---- passing on ---- */

static sdv_err get_caps(sdv_bus *bus, sdv_bus_caps *caps)
{
    return sdv_bus_get_caps(self(bus)->inner, caps);
}

static sdv_err set_power(sdv_bus *bus, bool on)
{
    return sdv_bus_set_power(self(bus)->inner, on);
}

static sdv_err set_clock(sdv_bus *bus, uint32_t max_hz, bool high_speed)
{
    return sdv_bus_set_clock(self(bus)->inner, max_hz, high_speed);
}

static sdv_err set_width(sdv_bus *bus, unsigned lines)
{
    return sdv_bus_set_width(self(bus)->inner, lines);
}

static sdv_err apparatus_id(sdv_bus *bus, uint64_t *id)
{
    return sdv_bus_apparatus_id(self(bus)->inner, id);
}

static void delay_us(sdv_bus *bus, uint32_t us)
{
    sdv_bus_delay_us(self(bus)->inner, us);
}

void cycles_init(struct cycles *cycles, sdv_bus *inner, sdv_sim *sim)
{
    static const struct sdv_bus_ops ops = {.run = run,
                                           .caps = get_caps,
                                           .set_power = set_power,
                                           .set_clock = set_clock,
                                           .set_width = set_width,
                                           .apparatus_id = apparatus_id,
                                           .delay_us = delay_us};

    memset(cycles, 0, sizeof(*cycles));
    cycles->bus.ops = &ops;
    cycles->inner = inner;
    cycles->sim = sim;
}

/* ---- showing ---- */

static void say_row(const struct cli *cli, const struct cycles_row *row,
                    bool has_clocks)
{
    cli_say(cli, "%-32s %7" PRIu64, row->label, row->times);
    if (!has_clocks) {
        cli_say(cli, " %12s %12s\n", "-", "-");
        return;
    }
    cli_say(cli, " %12" PRIu64, row->clocks);
    if (row->blocks != 0) {
        cli_say(cli, " %12.1f", (double)row->clocks / (double)row->blocks);
    }
    cli_say(cli, "\n");
}

static void say(const struct cycles *cycles, const struct cli *cli,
                bool has_clocks, uint64_t seed)
{
    const sdv_clocks clocks = sdv_sim_clocks(cycles->sim);
    struct cycles_row between = {.label = "between them", .clocks = clocks.sd};

    cli_say(cli, "%-32s %7s %12s %12s\n", "commands", "times", "SD clocks",
            "a block");
    for (size_t i = 0; i < cycles->count; i++) {
        say_row(cli, &cycles->rows[i], has_clocks);
        between.clocks -= cycles->rows[i].clocks;
        between.times += cycles->rows[i].times;
    }
    if (has_clocks) {
        say_row(cli, &between, true);
        cli_say(cli,
                "total: %" PRIu64 " SD clocks, %" PRIu64
                " base clocks, %" PRIu64 " core clocks\n",
                clocks.sd, clocks.base, clocks.core);
    } else {
        cli_say(cli, "total: - (the model kernel has no clocks)\n");
    }
    cli_say(cli, "seed: %" PRIu64 "\n", seed);
}

static void count_or_null(struct json *json, const char *name, uint64_t count,
                          bool has_clocks)
{
    if (has_clocks) {
        json_number(json, name, count);
    } else {
        json_null(json, name);
    }
}

static void write_json(const struct cycles *cycles, struct json *json,
                       bool has_clocks, uint64_t seed)
{
    const sdv_clocks clocks = sdv_sim_clocks(cycles->sim);

    json_open(json, "cycles", '{');
    json_number(json, "seed", seed);
    count_or_null(json, "sd", clocks.sd, has_clocks);
    count_or_null(json, "base", clocks.base, has_clocks);
    count_or_null(json, "core", clocks.core, has_clocks);
    json_open(json, "sequences", '[');
    for (size_t i = 0; i < cycles->count; i++) {
        const struct cycles_row *row = &cycles->rows[i];

        json_open(json, NULL, '{');
        json_text(json, "commands", row->label);
        json_number(json, "times", row->times);
        json_number(json, "blocks", row->blocks);
        count_or_null(json, "sd", row->clocks, has_clocks);
        json_close(json, '}');
    }
    json_close(json, ']');
    json_close(json, '}');
}

void cycles_show(const struct cycles *cycles, struct cli *cli, bool has_clocks,
                 uint64_t seed)
{
    say(cycles, cli, has_clocks, seed);
    write_json(cycles, &cli->json, has_clocks, seed);
}
