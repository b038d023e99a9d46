/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the functional SD host controller.  A driver sees what it sees
 * of the RTL, but for clocks: what takes time there has happened here when the
 * register is read.
 */
#include <string.h>

#include "model_private.h"

#define WORD(offset) ((offset) & ~3u)
#define BASE_MHZ (SDV_TIMING_BASE_HZ / 1000000u)
#define CLOCK_WRITABLE 0xFFC5u /* all of CLOCK_CONTROL but STABLE */
#define VERSION_3 2u

enum { NORMAL, ERROR };

static uint32_t pair(uint32_t low, uint32_t high)
{
    return high << 16 | low;
}

static uint16_t low_half(uint32_t value)
{
    return (uint16_t)(value & 0xFFFFu);
}

static uint16_t high_half(uint32_t value)
{
    return (uint16_t)(value >> 16);
}

/* ERROR stands for any bit of the error register. */
static uint16_t normal_status(const sdv_mhost *host)
{
    const uint16_t error =
        host->status[ERROR] != 0 ? SDV_SDHCI_NORMAL_STATUS_ERROR_MASK : 0;

    return host->status[NORMAL] | error;
}

static bool irq(const sdv_mhost *host)
{
    return (host->status[NORMAL] & host->signal[NORMAL]) != 0 ||
           (host->status[ERROR] & host->signal[ERROR]) != 0;
}

/* see model_private.h */
void sdv_mhost_raise(sdv_mhost *host, unsigned normal, unsigned error)
{
    host->status[NORMAL] |= (uint16_t)(normal & host->enable[NORMAL]);
    host->status[ERROR] |= (uint16_t)(error & host->enable[ERROR]);
}

/* see model_private.h */
bool sdv_mhost_powers(const sdv_mhost *host)
{
    return (host->power_control & SDV_SDHCI_POWER_CONTROL_ON_MASK) != 0;
}

/* see model_private.h */
void sdv_mhost_insert(sdv_mhost *host, bool inserted)
{
    if (host->inserted == inserted) {
        return;
    }
    host->inserted = inserted;
    sdv_mhost_raise(host,
                    inserted ? SDV_SDHCI_NORMAL_STATUS_INSERTION_MASK
                             : SDV_SDHCI_NORMAL_STATUS_REMOVAL_MASK,
                    0);
}

/* ---- reading ---- */

static uint32_t present_state(const sdv_mhost *host)
{
    const bool reads = host->data == SDV_MDATA_READ;
    const bool writes = host->data == SDV_MDATA_WRITE;
    uint32_t state = SDV_SDHCI_PRESENT_STATE_WRITABLE_MASK |
                     SDV_SDHCI_PRESENT_STATE_CMD_LEVEL_MASK |
                     SDV_SDHCI_PRESENT_STATE_DAT_LEVEL_MASK;

    if (sdv_mcard_busy(host->card)) {
        state &= ~(1u << SDV_SDHCI_PRESENT_STATE_DAT_LEVEL_LSB);
    }
    if (host->waiting) {
        state |= SDV_SDHCI_PRESENT_STATE_CMD_INHIBIT_MASK;
    }
    if (reads || writes) {
        state |= SDV_SDHCI_PRESENT_STATE_DAT_INHIBIT_MASK |
                 SDV_SDHCI_PRESENT_STATE_DAT_ACTIVE_MASK;
    }
    if (reads) {
        state |= SDV_SDHCI_PRESENT_STATE_READ_ACTIVE_MASK |
                 SDV_SDHCI_PRESENT_STATE_READ_READY_MASK;
    }
    if (writes) {
        state |= SDV_SDHCI_PRESENT_STATE_WRITE_ACTIVE_MASK |
                 SDV_SDHCI_PRESENT_STATE_WRITE_READY_MASK;
    }
    if (host->inserted) {
        state |= SDV_SDHCI_PRESENT_STATE_INSERTED_MASK |
                 SDV_SDHCI_PRESENT_STATE_DETECT_MASK;
    }
    return state | SDV_SDHCI_PRESENT_STATE_STABLE_MASK;
}

static uint32_t clock_word(const sdv_mhost *host)
{
    uint32_t clock = host->clock_control;

    if ((clock & SDV_SDHCI_CLOCK_CONTROL_INTERNAL_MASK) != 0) {
        clock |= SDV_SDHCI_CLOCK_CONTROL_STABLE_MASK;
    }
    return pair(clock, host->timeout_control);
}

static uint32_t capabilities(void)
{
    return BASE_MHZ << SDV_SDHCI_CAPABILITIES0_TIMEOUT_FREQ_LSB |
           BASE_MHZ << SDV_SDHCI_CAPABILITIES0_BASE_FREQ_LSB |
           SDV_SDHCI_CAPABILITIES0_TIMEOUT_MHZ_MASK |
           SDV_SDHCI_CAPABILITIES0_HIGH_SPEED_MASK |
           SDV_SDHCI_CAPABILITIES0_V33_MASK;
}

static uint32_t read_fixed(const sdv_mhost *host, uint32_t offset)
{
    switch (offset) {
    case SDV_SDHCI_CAPABILITIES0:
        return capabilities();
    case WORD(SDV_SDHCI_HOST_VERSION):
        return pair(irq(host) ? 1 : 0,
                    VERSION_3 << SDV_SDHCI_HOST_VERSION_SPEC_LSB);
    case SDV_SDHCI_APPARATUS_ID_LO:
        return (uint32_t)host->apparatus_id;
    case SDV_SDHCI_APPARATUS_ID_HI:
        return (uint32_t)(host->apparatus_id >> 32);
    default:
        return 0;
    }
}

static uint32_t read_register(sdv_mhost *host, uint32_t offset)
{
    switch (offset) {
    case SDV_SDHCI_ARGUMENT2:
        return host->argument2;
    case SDV_SDHCI_BLOCK_SIZE:
        return pair(host->block_size, host->block_count);
    case SDV_SDHCI_ARGUMENT:
        return host->argument;
    case SDV_SDHCI_TRANSFER_MODE:
        return pair(host->mode, host->command);
    case SDV_SDHCI_RESPONSE0:
    case SDV_SDHCI_RESPONSE1:
    case SDV_SDHCI_RESPONSE2:
    case SDV_SDHCI_RESPONSE3:
        return host->response[(offset - SDV_SDHCI_RESPONSE0) / 4];
    case SDV_SDHCI_BUFFER_DATA:
        return sdv_mhost_buffer_read(host);
    case SDV_SDHCI_PRESENT_STATE:
        return present_state(host);
    case SDV_SDHCI_HOST_CONTROL:
        return (uint32_t)host->host_control | (uint32_t)host->power_control
                                                  << 8;
    case SDV_SDHCI_CLOCK_CONTROL:
        return clock_word(host);
    case SDV_SDHCI_NORMAL_STATUS:
        return pair(normal_status(host), host->status[ERROR]);
    case SDV_SDHCI_NORMAL_ENABLE:
        return pair(host->enable[NORMAL], host->enable[ERROR]);
    case SDV_SDHCI_NORMAL_SIGNAL:
        return pair(host->signal[NORMAL], host->signal[ERROR]);
    case SDV_SDHCI_AUTO_CMD_STATUS:
        return host->auto_status;
    default:
        return read_fixed(host, offset);
    }
}

/* ---- writing ---- */

static void reset_data(sdv_mhost *host)
{
    host->data = SDV_MDATA_IDLE;
    host->place = 0;
    host->status[NORMAL] &=
        (uint16_t) ~(SDV_SDHCI_NORMAL_STATUS_TRANSFER_COMPLETE_MASK |
                     SDV_SDHCI_NORMAL_STATUS_READ_READY_MASK |
                     SDV_SDHCI_NORMAL_STATUS_WRITE_READY_MASK);
}

static void reset_command(sdv_mhost *host)
{
    host->waiting = false;
    host->status[NORMAL] &=
        (uint16_t)~SDV_SDHCI_NORMAL_STATUS_CMD_COMPLETE_MASK;
}

static void reset_all(sdv_mhost *host)
{
    reset_command(host);
    reset_data(host);
    host->argument2 = host->argument = 0;
    memset(host->response, 0, sizeof(host->response));
    host->block_size = host->block_count = host->mode = host->command = 0;
    host->host_control = host->power_control = host->timeout_control = 0;
    host->clock_control = 0;
    memset(host->status, 0, sizeof(host->status));
    memset(host->enable, 0, sizeof(host->enable));
    memset(host->signal, 0, sizeof(host->signal));
    host->auto_status = 0;
    host->changed(host->slot);
}

/* CLOCK_CONTROL, TIMEOUT_CONTROL and SOFTWARE_RESET. */
static void write_clock(sdv_mhost *host, uint32_t value)
{
    const unsigned reset = value >> 24;

    host->clock_control = (uint16_t)(value & CLOCK_WRITABLE);
    host->timeout_control = (uint8_t)(value >> 16 & 0xFu);
    if ((reset & SDV_SDHCI_SOFTWARE_RESET_ALL_MASK) != 0) {
        reset_all(host);
    }
    if ((reset & SDV_SDHCI_SOFTWARE_RESET_CMD_MASK) != 0) {
        reset_command(host);
    }
    if ((reset & SDV_SDHCI_SOFTWARE_RESET_DAT_MASK) != 0) {
        reset_data(host);
    }
    if (host->waiting) {
        sdv_mhost_send(host);
    }
}

static void write_status(sdv_mhost *host, uint32_t value)
{
    host->status[NORMAL] &= (uint16_t)~low_half(value);
    host->status[ERROR] &= (uint16_t)~high_half(value);
}

/* What is no longer enabled is no longer shown. */
static void write_enable(sdv_mhost *host, uint32_t value)
{
    host->enable[NORMAL] =
        low_half(value) & (uint16_t)~SDV_SDHCI_NORMAL_STATUS_ERROR_MASK;
    host->enable[ERROR] = high_half(value);
    host->status[NORMAL] &= host->enable[NORMAL];
    host->status[ERROR] &= host->enable[ERROR];
}

static void write_command(sdv_mhost *host, uint32_t value)
{
    if (host->waiting) {
        return;
    }
    host->mode = low_half(value);
    host->command = high_half(value);
    sdv_mhost_send(host);
}

static void write_register(sdv_mhost *host, uint32_t offset, uint32_t value)
{
    switch (offset) {
    case SDV_SDHCI_ARGUMENT2:
        host->argument2 = value;
        break;
    case SDV_SDHCI_BLOCK_SIZE:
        host->block_size = low_half(value) & SDV_SDHCI_BLOCK_SIZE_SIZE_MASK;
        host->block_count = high_half(value);
        break;
    case SDV_SDHCI_ARGUMENT:
        host->argument = value;
        break;
    case SDV_SDHCI_TRANSFER_MODE:
        write_command(host, value);
        break;
    case SDV_SDHCI_BUFFER_DATA:
        sdv_mhost_buffer_write(host, value);
        break;
    case SDV_SDHCI_HOST_CONTROL:
        host->host_control = (uint8_t)(value & 0xFFu);
        host->power_control = (uint8_t)(value >> 8 & 0xFu);
        host->changed(host->slot);
        break;
    case SDV_SDHCI_CLOCK_CONTROL:
        write_clock(host, value);
        break;
    case SDV_SDHCI_NORMAL_STATUS:
        write_status(host, value);
        break;
    case SDV_SDHCI_NORMAL_ENABLE:
        write_enable(host, value);
        break;
    case SDV_SDHCI_NORMAL_SIGNAL:
        host->signal[NORMAL] = low_half(value);
        host->signal[ERROR] = high_half(value);
        break;
    default: /* read-only or reserved */
        break;
    }
}

/* ---- sdv_mmio ---- */

static uint32_t read32(void *ctx, uint32_t offset)
{
    sdv_mhost *host = ctx;

    sdv_mcard_pass(host->card, SDV_MHOST_ACCESS_NS);
    return read_register(host, offset);
}

static void write32(void *ctx, uint32_t offset, uint32_t value)
{
    sdv_mhost *host = ctx;

    sdv_mcard_pass(host->card, SDV_MHOST_ACCESS_NS);
    write_register(host, offset, value);
}

static void delay_us(void *ctx, uint32_t us)
{
    sdv_mhost *host = ctx;

    sdv_mcard_pass(host->card, (uint64_t)us * 1000u);
}

static int wait_irq(void *ctx, uint32_t timeout_us)
{
    sdv_mhost *host = ctx;

    if (!irq(host)) {
        delay_us(ctx, timeout_us);
    }
    return irq(host) ? 0 : -1;
}

/* see model_private.h */
void sdv_mhost_init(sdv_mhost *host)
{
    host->mmio = (sdv_mmio){.read32 = read32,
                            .write32 = write32,
                            .wait_irq = wait_irq,
                            .delay_us = delay_us,
                            .ctx = host};
}
