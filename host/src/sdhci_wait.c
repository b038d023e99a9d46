/* SPDX-License-Identifier: Apache-2.0 */
/* Interrupts: waiting for them, and what their error bits mean. */
#include "sdhci_internal.h"

#define MAX_EXPONENT 14u     /* 15 is reserved */
#define MARGIN_MS 1000u      /* a block at the slowest clock takes less */
#define DEFAULT_MS 1000u     /* data_timeout_ms of 0 */
#define MAX_WAIT_MS 4294967u /* what fits 32 bits in microseconds */

/* Errors that come after the response. */
#define DATA_ERRORS                                                            \
    (MASK(ERROR_STATUS, DATA_TIMEOUT) | MASK(ERROR_STATUS, DATA_CRC) |         \
     MASK(ERROR_STATUS, DATA_END_BIT) | MASK(ERROR_STATUS, AUTO_CMD))

struct meaning {
    uint32_t bits;
    sdv_err err;
};

/* Looked through from the top: what went wrong first comes first. */
static const struct meaning error_bits[] = {
    {MASK(NORMAL_STATUS, REMOVAL), SDV_ERR_NO_CARD},
    {MASK(ERROR_STATUS, CMD_CRC), SDV_ERR_CMD_CRC},
    {MASK(ERROR_STATUS, CMD_TIMEOUT), SDV_ERR_NO_RESPONSE},
    {MASK(ERROR_STATUS, CMD_END_BIT), SDV_ERR_CMD_END_BIT},
    {MASK(ERROR_STATUS, CMD_INDEX), SDV_ERR_CMD_INDEX},
    {MASK(ERROR_STATUS, DATA_CRC), SDV_ERR_DATA_CRC},
    {MASK(ERROR_STATUS, DATA_END_BIT), SDV_ERR_DATA_END_BIT},
    {MASK(ERROR_STATUS, DATA_TIMEOUT), SDV_ERR_DATA_TIMEOUT},
};

static const struct meaning auto_bits[] = {
    {MASK(AUTO_CMD_STATUS, CRC), SDV_ERR_CMD_CRC},
    {MASK(AUTO_CMD_STATUS, TIMEOUT), SDV_ERR_NO_RESPONSE},
    {MASK(AUTO_CMD_STATUS, END_BIT), SDV_ERR_CMD_END_BIT},
    {MASK(AUTO_CMD_STATUS, INDEX), SDV_ERR_CMD_INDEX},
};

static sdv_err look_up(const struct meaning *table, size_t count, uint32_t bits)
{
    for (size_t i = 0; i < count; i++) {
        if (bits & table[i].bits) {
            return table[i].err;
        }
    }
    return SDV_ERR_PROTOCOL;
}

static sdv_err error_of(const sdv_sdhci *sdhci, uint32_t events)
{
    if ((events & ERROR_EVENTS) == MASK(ERROR_STATUS, AUTO_CMD)) {
        return look_up(auto_bits, sizeof(auto_bits) / sizeof(auto_bits[0]),
                       reg_read(sdhci, WORD(AUTO_CMD_STATUS)));
    }
    return look_up(error_bits, sizeof(error_bits) / sizeof(error_bits[0]),
                   events);
}

/* Events that end a wait for `wanted` as a failure.  A controller may report
 * the response and trouble with the data at once: first things first. */
static uint32_t failures(const sdv_sdhci *sdhci, uint32_t wanted)
{
    const uint32_t all = ERROR_EVENTS | MASK(NORMAL_STATUS, REMOVAL);
    const uint32_t complete = MASK(NORMAL_STATUS, CMD_COMPLETE);

    return wanted & sdhci->events & complete ? all & ~DATA_ERRORS : all;
}

sdv_err sdv_sdhci_wait(sdv_sdhci *sdhci, uint32_t wanted, uint32_t limit_us)
{
    while (!(sdhci->events & (wanted | failures(sdhci, wanted)))) {
        uint32_t seen;

        if (sdhci->mmio->wait_irq(sdhci->mmio->ctx, limit_us) != 0) {
            return SDV_ERR_DATA_TIMEOUT;
        }
        seen = reg_read(sdhci, WORD(NORMAL_STATUS));
        reg_write(sdhci, WORD(NORMAL_STATUS), seen);
        sdhci->events |= seen;
    }
    if (sdhci->events & failures(sdhci, wanted)) {
        return error_of(sdhci, sdhci->events);
    }
    sdhci->events &= ~wanted;
    return SDV_OK;
}

/* Clock of the time-out counter in kHz. */
static uint32_t timeout_khz(const sdv_sdhci *sdhci)
{
    const uint32_t freq = GET(sdhci->capabilities, CAPABILITIES0, TIMEOUT_FREQ);

    if (freq == 0) {
        return base_hz(sdhci) / 1000u;
    }
    return GET(sdhci->capabilities, CAPABILITIES0, TIMEOUT_MHZ) ? freq * 1000u
                                                                : freq;
}

/* Smallest n for which 2^(13 + n) clocks last that long. */
static uint32_t exponent_for(const sdv_sdhci *sdhci, uint32_t ms)
{
    const uint64_t clocks = (uint64_t)timeout_khz(sdhci) * ms;
    uint64_t limit = 1u << 13;
    uint32_t exponent = 0;

    while (limit < clocks && exponent <= MAX_EXPONENT) {
        limit *= 2;
        exponent++;
    }
    return exponent;
}

/* Without its data time-out the controller waits for ever and the limit of
 * sdv_sdhci_wait() counts. */
static void watch_data(sdv_sdhci *sdhci, bool on)
{
    const uint32_t bit = MASK(ERROR_STATUS, DATA_TIMEOUT);
    const uint32_t enable = (sdhci->enable & ~bit) | (on ? bit : 0);

    if (enable != sdhci->enable) {
        sdhci->enable = enable;
        reg_write(sdhci, WORD(NORMAL_ENABLE), enable);
    }
}

void sdv_sdhci_set_timeout(sdv_sdhci *sdhci, uint32_t timeout_ms)
{
    uint32_t ms = timeout_ms != 0 ? timeout_ms : DEFAULT_MS;
    const uint32_t exponent = exponent_for(sdhci, ms);
    uint32_t clock = sdhci->clock_control & ~MASK(TIMEOUT_CONTROL, EXPONENT);

    watch_data(sdhci, exponent <= MAX_EXPONENT);
    if (exponent <= MAX_EXPONENT) {
        clock |= FIELD(TIMEOUT_CONTROL, EXPONENT, exponent);
        ms = 2 * ms + MARGIN_MS; /* the controller comes first */
    } else {
        clock |= FIELD(TIMEOUT_CONTROL, EXPONENT, MAX_EXPONENT);
    }
    sdhci->wait_us = (ms < MAX_WAIT_MS ? ms : MAX_WAIT_MS) * 1000u;
    if (clock != sdhci->clock_control) {
        sdhci->clock_control = clock;
        reg_write(sdhci, WORD(CLOCK_CONTROL), clock);
    }
}
