/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file slot.h
 * @brief A card image in a simulated slot, driven by the host stack.
 */
#ifndef SDV_CLI_SLOT_H
#define SDV_CLI_SLOT_H

#include <sdvault/assd.h>
#include <sdvault/sdhci.h>
#include <sdvault/sim.h>

#include "cli.h"
#include "cycles.h"
#include "output.h"

struct slot {
    struct cli *cli;
    const char *image;
    sdv_sim_config config;
    sdv_sim *sim;
    sdv_sdhci sdhci;
    struct cycles cycles;
    sdv_bus *bus; /* of the controller, or the counter before it */
    sdv_card card;
    sdv_assd assd; /* after slot_open_secure() */
    bool second;   /* without log and waveform */
    struct output log;
    struct output trace;
};

/**
 * Open an image as the common options say and identify the card.
 * @return CLI_DONE, or another status after a line on stderr; then nothing is
 *         open
 */
int slot_open(struct slot *slot, struct cli *cli, const char *image);

/**
 * The same for the second card of a command: it is in the slot of --apparatus2,
 * and log and waveform are the first one's.
 */
int slot_open_second(struct slot *slot, struct cli *cli, const char *image);

/**
 * Open the secure side of the card by the door that --door names, or by one
 * that works.
 * @return CLI_DONE, or another status after a line on stderr
 */
int slot_open_secure(struct slot *slot);

/** The same, but a card that has none is no failure. */
int slot_find_secure(struct slot *slot, bool *found);

/** One line about a failure of the card.  @return exit status */
int slot_fail(const struct slot *slot, sdv_err err);

/** Is this range on the card?  @return CLI_DONE, or slot_fail() */
int slot_check_range(const struct slot *slot, uint64_t lba, uint64_t blocks);

/**
 * Show --cycles, switch off, complete the log and the waveform.
 * @param status  of the command so far
 * @return it, or the first failure here
 */
int slot_close(struct slot *slot, int status);

#endif /* SDV_CLI_SLOT_H */
