/* SPDX-License-Identifier: Apache-2.0 */
/* Power, SDCLK and bus width. */
#include "bus_internal.h"
#include "sdhci_internal.h"

#define VOLTAGE_3V3 7u
#define SUPPLY_US 1000u /* for the supply to rise or fall */
#define STABLE_LIMIT_US 150000u
#define MAX_DIVIDER 1023u

/* Smallest divider whose clock is not above max_hz: SDCLK = base / 2n, and
 * base for 0. */
static uint32_t divider_for(uint32_t base, uint32_t max_hz)
{
    uint32_t divider;

    if (max_hz >= base) {
        return 0;
    }
    divider = (base + 2 * max_hz - 1) / (2 * max_hz);
    return divider < MAX_DIVIDER ? divider : MAX_DIVIDER;
}

static void write_clock(sdv_sdhci *sdhci, uint32_t bits)
{
    const uint32_t timeout =
        sdhci->clock_control & MASK(TIMEOUT_CONTROL, EXPONENT);

    sdhci->clock_control = bits | timeout;
    reg_write(sdhci, WORD(CLOCK_CONTROL), sdhci->clock_control);
}

static void write_host(sdv_sdhci *sdhci, uint32_t clear, uint32_t set)
{
    sdhci->host_control = (sdhci->host_control & ~clear) | set;
    reg_write(sdhci, WORD(HOST_CONTROL), sdhci->host_control);
}

/* The divider and the pin timing may only change while SDCLK stands still. */
sdv_err sdv_sdhci_set_clock(sdv_bus *bus, uint32_t max_hz, bool high_speed)
{
    sdv_sdhci *sdhci = (sdv_sdhci *)bus;
    uint32_t divider;
    uint32_t bits;
    sdv_err err;

    write_clock(sdhci, sdhci->clock_control & ~MASK(CLOCK_CONTROL, SD));
    if (max_hz == 0) {
        return SDV_OK;
    }
    write_host(sdhci, MASK(HOST_CONTROL, HIGH_SPEED),
               FIELD(HOST_CONTROL, HIGH_SPEED, high_speed));
    divider = divider_for(base_hz(sdhci), max_hz);
    bits = FIELD(CLOCK_CONTROL, DIVIDER, divider & 0xFFu) |
           FIELD(CLOCK_CONTROL, DIVIDER_HI, divider >> 8) |
           MASK(CLOCK_CONTROL, INTERNAL);
    write_clock(sdhci, bits);
    err =
        sdv_sdhci_poll(sdhci, WORD(CLOCK_CONTROL), MASK(CLOCK_CONTROL, STABLE),
                       MASK(CLOCK_CONTROL, STABLE), STABLE_LIMIT_US);
    if (err == SDV_OK) {
        write_clock(sdhci, bits | MASK(CLOCK_CONTROL, SD));
    }
    return err;
}

sdv_err sdv_sdhci_set_width(sdv_bus *bus, unsigned lines)
{
    write_host((sdv_sdhci *)bus, MASK(HOST_CONTROL, WIDTH4),
               FIELD(HOST_CONTROL, WIDTH4, lines == 4));
    return SDV_OK;
}

static sdv_err power_off(sdv_sdhci *sdhci)
{
    const bool was_on = sdhci->host_control & MASK(POWER_CONTROL, ON);

    write_clock(sdhci, 0);
    write_host(sdhci, sdhci->host_control, 0);
    sdhci->rca = 0;
    if (was_on) {
        sdv_bus_delay_us(&sdhci->bus, SUPPLY_US);
    }
    return SDV_OK;
}

static sdv_err power_on(sdv_sdhci *sdhci)
{
    /* the time of 74 clocks, and some more for rounding */
    const uint32_t clocks_us =
        (SDV_TIMING_POWER_UP + 6) * 1000u / (SDV_IDENTIFICATION_HZ / 1000u);
    sdv_err err;

    write_host(sdhci, 0,
               FIELD(POWER_CONTROL, VOLTAGE, VOLTAGE_3V3) |
                   MASK(POWER_CONTROL, ON));
    sdv_bus_delay_us(&sdhci->bus, SUPPLY_US);
    err = sdv_sdhci_set_clock(&sdhci->bus, SDV_IDENTIFICATION_HZ, false);
    if (err == SDV_OK) {
        sdv_bus_delay_us(&sdhci->bus, clocks_us);
    }
    return err;
}

sdv_err sdv_sdhci_set_power(sdv_bus *bus, bool on)
{
    sdv_sdhci *sdhci = (sdv_sdhci *)bus;

    if (!on) {
        return power_off(sdhci);
    }
    if (!(reg_read(sdhci, WORD(PRESENT_STATE)) &
          MASK(PRESENT_STATE, INSERTED))) {
        return SDV_ERR_NO_CARD;
    }
    /* What an earlier card left behind, its removal above all, is history. */
    sdhci->events = 0;
    reg_write(sdhci, WORD(NORMAL_STATUS), sdhci->enable);
    if (sdhci->host_control & MASK(POWER_CONTROL, ON)) {
        return SDV_OK;
    }
    return power_on(sdhci);
}
