/* SPDX-License-Identifier: Apache-2.0 */
/* Taking over a controller, and what it can do. */
#include <string.h>

#include "sdhci_internal.h"

#define SPEC_VERSION_3 2u /* HOST_VERSION.SPEC of SDHCI 3.00 */
#define RESET_LIMIT_US 100000u
#define POLL_STEP_US 1u
#define MAX_BLOCKS 65535u /* BLOCK_COUNT has 16 bits */

/* Everything that the driver waits for, and every error. */
#define NORMAL_EVENTS                                                          \
    (MASK(NORMAL_STATUS, CMD_COMPLETE) |                                       \
     MASK(NORMAL_STATUS, TRANSFER_COMPLETE) |                                  \
     MASK(NORMAL_STATUS, WRITE_READY) | MASK(NORMAL_STATUS, READ_READY) |      \
     MASK(NORMAL_STATUS, REMOVAL))
#define KNOWN_ERRORS                                                           \
    (MASK(ERROR_STATUS, CMD_TIMEOUT) | MASK(ERROR_STATUS, CMD_CRC) |           \
     MASK(ERROR_STATUS, CMD_END_BIT) | MASK(ERROR_STATUS, CMD_INDEX) |         \
     MASK(ERROR_STATUS, DATA_TIMEOUT) | MASK(ERROR_STATUS, DATA_CRC) |         \
     MASK(ERROR_STATUS, DATA_END_BIT) | MASK(ERROR_STATUS, AUTO_CMD))

sdv_err sdv_sdhci_poll(const sdv_sdhci *sdhci, uint32_t offset, uint32_t mask,
                       uint32_t want, uint32_t limit_us)
{
    for (uint32_t us = 0; us <= limit_us; us += POLL_STEP_US) {
        if ((reg_read(sdhci, offset) & mask) == want) {
            return SDV_OK;
        }
        sdhci->mmio->delay_us(sdhci->mmio->ctx, POLL_STEP_US);
    }
    return SDV_ERR_DATA_TIMEOUT;
}

sdv_err sdv_sdhci_reset(sdv_sdhci *sdhci, uint32_t bits)
{
    reg_write(sdhci, WORD(SOFTWARE_RESET), sdhci->clock_control | bits);
    return sdv_sdhci_poll(sdhci, WORD(SOFTWARE_RESET), bits, 0, RESET_LIMIT_US);
}

static sdv_err get_caps(sdv_bus *bus, sdv_bus_caps *caps)
{
    const sdv_sdhci *sdhci = (const sdv_sdhci *)bus;

    caps->owns_card = true;
    caps->high_speed = GET(sdhci->capabilities, CAPABILITIES0, HIGH_SPEED);
    caps->width4 = true; /* every SDHCI has four lines */
    caps->cmd23 = true;  /* so has version 3.00 auto CMD23 */
    caps->base_hz = base_hz(sdhci);
    caps->max_blocks = MAX_BLOCKS;
    return SDV_OK;
}

static sdv_err get_apparatus_id(sdv_bus *bus, uint64_t *id)
{
    const sdv_sdhci *sdhci = (const sdv_sdhci *)bus;
    const uint32_t low = reg_read(sdhci, SDV_SDHCI_APPARATUS_ID_LO);

    *id = (uint64_t)reg_read(sdhci, SDV_SDHCI_APPARATUS_ID_HI) << 32 | low;
    return SDV_OK;
}

static void delay_us(sdv_bus *bus, uint32_t us)
{
    const sdv_sdhci *sdhci = (const sdv_sdhci *)bus;

    sdhci->mmio->delay_us(sdhci->mmio->ctx, us);
}

static const struct sdv_bus_ops ops = {
    .run = sdv_sdhci_run,
    .caps = get_caps,
    .set_power = sdv_sdhci_set_power,
    .set_clock = sdv_sdhci_set_clock,
    .set_width = sdv_sdhci_set_width,
    .apparatus_id = get_apparatus_id,
    .delay_us = delay_us,
};

static sdv_err check_version(const sdv_sdhci *sdhci)
{
    const uint32_t version = reg_read(sdhci, WORD(HOST_VERSION));

    if (GET(version, HOST_VERSION, SPEC) != SPEC_VERSION_3 ||
        base_hz(sdhci) == 0 || !GET(sdhci->capabilities, CAPABILITIES0, V33)) {
        return SDV_ERR_UNSUPPORTED;
    }
    return SDV_OK;
}

sdv_err sdv_sdhci_init(sdv_sdhci *sdhci, const sdv_mmio *mmio)
{
    sdv_err err;

    memset(sdhci, 0, sizeof(*sdhci));
    sdhci->bus.ops = &ops;
    sdhci->mmio = mmio;
    sdhci->capabilities = reg_read(sdhci, WORD(CAPABILITIES0));
    err = check_version(sdhci);
    if (err != SDV_OK) {
        return err;
    }
    err = sdv_sdhci_reset(sdhci, MASK(SOFTWARE_RESET, ALL));
    if (err != SDV_OK) {
        return err;
    }
    sdhci->enable = NORMAL_EVENTS | KNOWN_ERRORS;
    reg_write(sdhci, WORD(NORMAL_ENABLE), sdhci->enable);
    reg_write(sdhci, WORD(NORMAL_SIGNAL), sdhci->enable);
    return SDV_OK;
}
