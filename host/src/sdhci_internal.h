/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdhci_internal.h
 * @brief What the parts of the SDHCI driver know of each other.
 *
 * sdhci.c takes the controller over, sdhci_power.c does power and clock,
 * sdhci_run.c sequences, sdhci_command.c one command, sdhci_data.c its data,
 * sdhci_wait.c interrupts and what their error bits mean, sdhci_recover.c the
 * way back after a failure.
 */
#ifndef SDV_SDHCI_INTERNAL_H
#define SDV_SDHCI_INTERNAL_H

#include <sdvault/sdhci.h>

/* A register is read and written inside its aligned word. */
#define WORD(reg) (SDV_SDHCI_##reg & ~3u)
#define SHIFT(reg) (8u * (SDV_SDHCI_##reg & 3u))
/* The mask, or a value, of a field at its place in the word. */
#define MASK(reg, field) (SDV_SDHCI_##reg##_##field##_MASK << SHIFT(reg))
#define FIELD(reg, field, value)                                               \
    ((uint32_t)(value) << SDV_SDHCI_##reg##_##field##_LSB << SHIFT(reg))
#define GET(word, reg, field)                                                  \
    (((word)&MASK(reg, field)) >> SHIFT(reg) >> SDV_SDHCI_##reg##_##field##_LSB)

/* All error bits of the word NORMAL_STATUS / ERROR_STATUS. */
#define ERROR_EVENTS 0xFFFF0000u

static inline uint32_t reg_read(const sdv_sdhci *sdhci, uint32_t offset)
{
    return sdhci->mmio->read32(sdhci->mmio->ctx, offset);
}

static inline void reg_write(const sdv_sdhci *sdhci, uint32_t offset,
                             uint32_t value)
{
    sdhci->mmio->write32(sdhci->mmio->ctx, offset, value);
}

/**
 * Look at a word until the bits of `mask` have the value `want`.
 * @retval SDV_ERR_DATA_TIMEOUT  they did not within `limit_us`
 */
SDV_MUST_CHECK sdv_err sdv_sdhci_poll(const sdv_sdhci *sdhci, uint32_t offset,
                                      uint32_t mask, uint32_t want,
                                      uint32_t limit_us);

/** Reset parts of the controller; `bits` stand in the word CLOCK_CONTROL. */
SDV_MUST_CHECK sdv_err sdv_sdhci_reset(sdv_sdhci *sdhci, uint32_t bits);

/**
 * Wait until one of the normal events, or an error, has happened.
 *
 * The events waited for are used up.  An error is returned as a result.
 * @retval SDV_ERR_DATA_TIMEOUT  no interrupt within `limit_us`, too
 */
SDV_MUST_CHECK sdv_err sdv_sdhci_wait(sdv_sdhci *sdhci, uint32_t wanted,
                                      uint32_t limit_us);

/** Set the data time-out of the controller and of sdv_sdhci_wait(). */
void sdv_sdhci_set_timeout(sdv_sdhci *sdhci, uint32_t timeout_ms);

/**
 * Send one command and take its response; no data moves yet.
 * @param[in,out] status  error bits of its R1, and of that of its CMD23, are
 *                        added
 */
SDV_MUST_CHECK sdv_err sdv_sdhci_send(sdv_sdhci *sdhci, sdv_cmd *cmd,
                                      uint32_t *status);

/** Send one command, see it through, and reset the lines if it fails. */
SDV_MUST_CHECK sdv_err sdv_sdhci_transact(sdv_sdhci *sdhci, sdv_cmd *cmd,
                                          uint32_t status, bool *answered);

/** Move the blocks of a command that the card has accepted. */
SDV_MUST_CHECK sdv_err sdv_sdhci_move(sdv_sdhci *sdhci, const sdv_cmd *cmd);

/**
 * Bring the card back to tran after a transfer that failed with `err`.
 * @return what the sequence fails with
 */
SDV_MUST_CHECK sdv_err sdv_sdhci_clean_up(sdv_sdhci *sdhci, sdv_err err);

/** A sequence of commands: the `run` of the bus. */
SDV_MUST_CHECK sdv_err sdv_sdhci_run(sdv_bus *bus, sdv_cmd *seq, size_t count);

/* Power, clock and width: operations of the bus. */
SDV_MUST_CHECK sdv_err sdv_sdhci_set_power(sdv_bus *bus, bool on);
SDV_MUST_CHECK sdv_err sdv_sdhci_set_clock(sdv_bus *bus, uint32_t max_hz,
                                           bool high_speed);
SDV_MUST_CHECK sdv_err sdv_sdhci_set_width(sdv_bus *bus, unsigned lines);

/** Frequency that SDCLK is divided from. */
static inline uint32_t base_hz(const sdv_sdhci *sdhci)
{
    return GET(sdhci->capabilities, CAPABILITIES0, BASE_FREQ) * 1000000u;
}

#endif /* SDV_SDHCI_INTERNAL_H */
