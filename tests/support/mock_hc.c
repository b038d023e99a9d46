/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_hc.h"

#include <string.h>

#define NORMAL(name) ((uint32_t)SDV_SDHCI_NORMAL_STATUS_##name##_MASK)
#define ERRORS(bits) ((uint32_t)(bits) << 16)
#define COMMAND_DATA SDV_SDHCI_COMMAND_DATA_MASK
#define MODE_READ SDV_SDHCI_TRANSFER_MODE_READ_MASK
#define BUSY_RESPONSE 3u
#define RESET_ALL 0x01000000u
#define RESET_LINES 0x06000000u
#define CLOCK_STABLE SDV_SDHCI_CLOCK_CONTROL_STABLE_MASK
#define CLOCK_ON SDV_SDHCI_CLOCK_CONTROL_SD_MASK
#define POWER_ON 0x100u

static uint32_t *word(mock_hc *hc, uint32_t offset)
{
    return &hc->words[offset / 4];
}

static void raise(mock_hc *hc, uint32_t bits)
{
    hc->status |= bits & *word(hc, SDV_SDHCI_NORMAL_ENABLE);
}

/* Errors of a step if it has any, else a good event. */
static void raise_or(mock_hc *hc, uint32_t errors, uint32_t good)
{
    raise(hc, errors != 0 ? ERRORS(errors) | NORMAL(ERROR) : good);
}

static const mock_hc_command *current(const mock_hc *hc)
{
    return &hc->commands[hc->count - 1];
}

static const mock_hc_step *step(const mock_hc *hc)
{
    return &hc->steps[hc->count - 1];
}

static void next_block(mock_hc *hc)
{
    const bool read = current(hc)->mode & MODE_READ;

    if (hc->blocks == 0) {
        raise_or(hc, step(hc)->at_end, NORMAL(TRANSFER_COMPLETE));
    } else {
        raise(hc, read ? NORMAL(READ_READY) : NORMAL(WRITE_READY));
    }
}

static void issue(mock_hc *hc)
{
    mock_hc_command *command = &hc->commands[hc->count++];
    const mock_hc_step *now = step(hc);
    const uint32_t value = *word(hc, SDV_SDHCI_TRANSFER_MODE);
    const uint32_t block = *word(hc, SDV_SDHCI_BLOCK_SIZE);

    *command = (mock_hc_command){
        .argument = *word(hc, SDV_SDHCI_ARGUMENT),
        .argument2 = *word(hc, SDV_SDHCI_ARGUMENT2),
        .mode = (uint16_t)value,
        .command = (uint16_t)(value >> 16),
        .block_size = (uint16_t)(block & 0xFFFu),
        .block_count = (uint16_t)(block >> 16),
    };
    hc->empty = now->removed;
    if (now->silent) {
        return;
    }
    if (now->removed) {
        raise(hc, NORMAL(REMOVAL));
        return;
    }
    memcpy(word(hc, SDV_SDHCI_RESPONSE0), now->response, sizeof(now->response));
    *word(hc, SDV_SDHCI_AUTO_CMD_STATUS) = now->auto_status;
    raise_or(hc, now->errors, NORMAL(CMD_COMPLETE));
    if (now->errors != 0) {
        return;
    }
    hc->place = 0;
    hc->blocks = command->block_count;
    if (command->command & COMMAND_DATA) {
        if (now->late != 0) {
            raise_or(hc, now->late, 0);
        } else {
            next_block(hc);
        }
    } else if ((command->command & 3u) == BUSY_RESPONSE && !now->endless) {
        raise_or(hc, now->late, NORMAL(TRANSFER_COMPLETE));
    }
}

/* A word through the data port; the block ends where its size says. */
static uint32_t move_word(mock_hc *hc, uint32_t value)
{
    const unsigned size = current(hc)->block_size;
    const bool read = current(hc)->mode & MODE_READ;
    uint32_t result = 0;

    for (unsigned i = 0; i < 4; i++) {
        uint8_t *byte = &hc->data[hc->place % sizeof(hc->data)];

        if (read) {
            result |= (uint32_t)*byte << 8 * i;
        } else {
            *byte = (uint8_t)(value >> 8 * i);
        }
        hc->place++;
        if (hc->place % size == 0) {
            hc->blocks--;
            next_block(hc);
            break;
        }
    }
    return result;
}

static uint32_t present_state(const mock_hc *hc)
{
    return hc->empty ? 0 : SDV_SDHCI_PRESENT_STATE_INSERTED_MASK;
}

static uint32_t read32(void *ctx, uint32_t offset)
{
    mock_hc *hc = ctx;

    hc->accesses++;
    switch (offset) {
    case SDV_SDHCI_HOST_VERSION & ~3u:
        return hc->version;
    case SDV_SDHCI_CAPABILITIES0:
        return hc->capabilities;
    case SDV_SDHCI_PRESENT_STATE:
        return present_state(hc);
    case SDV_SDHCI_NORMAL_STATUS:
        return hc->status;
    case SDV_SDHCI_BUFFER_DATA:
        return move_word(hc, 0);
    default:
        return *word(hc, offset);
    }
}

static void write_clock(mock_hc *hc, uint32_t value)
{
    const uint32_t resets = value & (RESET_ALL | RESET_LINES);

    if (!hc->stuck) {
        hc->line_resets += (resets & RESET_LINES) == RESET_LINES;
        value = (value & ~resets) | CLOCK_STABLE;
    }
    *word(hc, SDV_SDHCI_CLOCK_CONTROL) = value;
}

static void write32(void *ctx, uint32_t offset, uint32_t value)
{
    mock_hc *hc = ctx;

    hc->accesses++;
    switch (offset) {
    case SDV_SDHCI_NORMAL_STATUS:
        hc->status &= ~value;
        if ((hc->status & 0xFFFF0000u) == 0) {
            hc->status &= ~NORMAL(ERROR);
        }
        break;
    case SDV_SDHCI_BUFFER_DATA:
        (void)move_word(hc, value);
        break;
    case SDV_SDHCI_CLOCK_CONTROL:
        write_clock(hc, value);
        break;
    default:
        *word(hc, offset) = value;
        if (offset == SDV_SDHCI_TRANSFER_MODE) {
            issue(hc);
        }
    }
}

static int wait_irq(void *ctx, uint32_t timeout_us)
{
    mock_hc *hc = ctx;

    hc->wait_us = timeout_us;
    return hc->status & *word(hc, SDV_SDHCI_NORMAL_SIGNAL) ? 0 : -1;
}

static void delay_us(void *ctx, uint32_t us)
{
    mock_hc *hc = ctx;
    const bool on = *word(hc, SDV_SDHCI_HOST_CONTROL) & POWER_ON;

    hc->waited_us += us;
    if (on && *word(hc, SDV_SDHCI_CLOCK_CONTROL) & CLOCK_ON) {
        hc->clocked_us += us;
    }
}

void mock_hc_init(mock_hc *hc)
{
    memset(hc, 0, sizeof(*hc));
    hc->mmio = (sdv_mmio){read32, write32, wait_irq, delay_us, hc};
    hc->version = 2u << 16;
    hc->capabilities = 50u << SDV_SDHCI_CAPABILITIES0_TIMEOUT_FREQ_LSB |
                       SDV_SDHCI_CAPABILITIES0_TIMEOUT_MHZ_MASK |
                       50u << SDV_SDHCI_CAPABILITIES0_BASE_FREQ_LSB |
                       SDV_SDHCI_CAPABILITIES0_HIGH_SPEED_MASK |
                       SDV_SDHCI_CAPABILITIES0_V33_MASK;
    for (unsigned i = 0; i < sizeof(hc->data); i++) {
        hc->data[i] = (uint8_t)(i * 7 + i / 256);
    }
}

mock_hc_step *mock_hc_plan(mock_hc *hc)
{
    return &hc->steps[hc->planned++];
}

mock_hc_step *mock_hc_plan_r1(mock_hc *hc, uint32_t status)
{
    mock_hc_step *planned = mock_hc_plan(hc);

    planned->response[0] = status;
    return planned;
}

unsigned mock_hc_opcode(const mock_hc *hc, unsigned n)
{
    return (hc->commands[n].command & SDV_SDHCI_COMMAND_INDEX_MASK) >>
           SDV_SDHCI_COMMAND_INDEX_LSB;
}
