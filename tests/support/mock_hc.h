/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mock_hc.h
 * @brief Registers of a scripted SD host controller, for its driver.
 *
 * Every command takes the next step of a script, or succeeds when the script
 * is at its end; the mock moves data by itself.
 */
#ifndef SDV_TEST_MOCK_HC_H
#define SDV_TEST_MOCK_HC_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/mmio.h>
#include <sdvault/spec.h>

#define MOCK_HC_STEPS 64
#define MOCK_HC_BLOCK 512

/** What becomes of one command. */
typedef struct mock_hc_step {
    uint32_t response[4]; /* the registers */
    uint32_t errors;      /* ERROR_STATUS bits in place of CMD_COMPLETE */
    uint32_t late;        /* ERROR_STATUS bits in place of the first block, or
                             of the busy end */
    uint32_t at_end;      /* ERROR_STATUS bits in place of TRANSFER_COMPLETE */
    uint32_t auto_status; /* AUTO_CMD_STATUS */
    bool silent;          /* no interrupt at all */
    bool removed;         /* the card is pulled out */
    bool endless;         /* busy for ever */
} mock_hc_step;

/** A command as it was issued. */
typedef struct mock_hc_command {
    uint32_t argument, argument2;
    uint16_t mode, command;
    uint16_t block_size, block_count;
} mock_hc_command;

typedef struct mock_hc {
    sdv_mmio mmio;
    uint32_t version; /* word 0xFC */
    uint32_t capabilities;
    bool empty; /* no card */
    bool stuck; /* resets never end, the clock is never stable */

    mock_hc_step steps[MOCK_HC_STEPS];
    unsigned planned;

    mock_hc_command commands[MOCK_HC_STEPS];
    unsigned count;
    unsigned accesses;
    unsigned line_resets;
    uint64_t waited_us;              /* by delay_us() */
    uint64_t clocked_us;             /* of it with power and SDCLK */
    uint32_t wait_us;                /* last limit of wait_irq() */
    uint8_t data[8 * MOCK_HC_BLOCK]; /* what reads get and writes leave */

    /* The registers. */
    uint32_t words[0x108 / 4];
    uint32_t status;
    unsigned place;  /* bytes of data that have moved */
    unsigned blocks; /* left */
} mock_hc;

/** An SDHCI 3.00 controller of 50 MHz with a card in its slot. */
void mock_hc_init(mock_hc *hc);

/** Plan the next command. */
mock_hc_step *mock_hc_plan(mock_hc *hc);

/** Plan a command that is answered with this R1. */
mock_hc_step *mock_hc_plan_r1(mock_hc *hc, uint32_t status);

/** Index of the n-th command that was issued. */
unsigned mock_hc_opcode(const mock_hc *hc, unsigned n);

#endif /* SDV_TEST_MOCK_HC_H */
