/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cycles.h
 * @brief A bus that counts the clocks of what passes through it.
 */
#ifndef SDV_CLI_CYCLES_H
#define SDV_CLI_CYCLES_H

#include <sdvault/bus.h>
#include <sdvault/sim.h>

#include "cli.h"

#define CYCLES_ROWS 32

/** All sequences of the same commands. */
struct cycles_row {
    char label[48]; /* "CMD23+CMD18", "CMD32 CMD33 CMD38 CMD13" */
    uint64_t times;
    uint64_t blocks;
    uint64_t clocks; /* of SDCLK */
};

struct cycles {
    sdv_bus bus; /* first */
    sdv_bus *inner;
    sdv_sim *sim;
    size_t count;
    struct cycles_row rows[CYCLES_ROWS]; /* the last one takes all others */
};

/** Put a counter before `inner`, the bus of `sim`. */
void cycles_init(struct cycles *cycles, sdv_bus *inner, sdv_sim *sim);

/** Show the figures, with dashes when the slot has no clocks. */
void cycles_show(const struct cycles *cycles, struct cli *cli, bool has_clocks,
                 uint64_t seed);

#endif /* SDV_CLI_CYCLES_H */
