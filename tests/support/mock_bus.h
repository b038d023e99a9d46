/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mock_bus.h
 * @brief An sdv_bus with a scripted SD card behind it, for the card layer.
 *
 * It answers as a good card would, records every command, and can be told to
 * deviate.
 */
#ifndef SDV_TEST_MOCK_BUS_H
#define SDV_TEST_MOCK_BUS_H

#include <sdvault/bus.h>

#define MOCK_LOG 4096
#define MOCK_RCA 0x1234u

typedef struct mock_bus {
    sdv_bus bus; /* first */
    sdv_bus_caps caps;

    /* The card. */
    bool version1;      /* does not answer CMD8 */
    bool sdsc;          /* byte addresses, CSD version 1 */
    bool no_cmd23;      /* SCR without CMD23 */
    bool no_switch;     /* CMD6 cannot select high speed */
    bool ssr_speaks;    /* SSR with erase times */
    uint32_t polls;     /* ACMD41 answered not ready before this many */
    uint32_t zero_rcas; /* CMD3 answers 0 this often */
    uint32_t echo;      /* flipped in the answer to CMD8 */
    uint32_t status;    /* error bits of the next CMD13 */

    /* Somebody who may answer a command instead; NULL: nobody. */
    bool (*other)(void *ctx, sdv_cmd *cmd, sdv_err *err);
    void *ctx;

    /* Deviation: from command number fail_at on (1 is the first), once. */
    unsigned fail_at;
    sdv_err fail_with;

    /* What happened. */
    sdv_cmd log[MOCK_LOG];
    unsigned count;
    unsigned powered_on;
    unsigned powered_off;
    uint32_t clocks[8]; /* set_clock() in order */
    bool high_speed;    /* of the last one */
    unsigned clock_count;
    unsigned lines;
    uint64_t waited_us;
} mock_bus;

/** A bus that owns an SDHC card of 131,072 blocks. */
void mock_bus_init(mock_bus *mock);

/** The n-th command (from 0) with this opcode, or NULL. */
const sdv_cmd *mock_bus_find(const mock_bus *mock, uint8_t opcode, bool acmd,
                             unsigned n);

#endif /* SDV_TEST_MOCK_BUS_H */
