/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file assd_bench.h
 * @brief Exchanges with the scripted secure card of mock_vault.h.
 */
#ifndef SDV_TEST_ASSD_BENCH_H
#define SDV_TEST_ASSD_BENCH_H

#include <sdvault/assd.h>

#include "mock_vault.h"

/** Everything of one test. */
struct assd_bench {
    mock_vault vault;
    sdv_card card;
    sdv_assd assd;
    size_t wanted; /* bytes of a pattern that APDUs are answered with */
    const uint8_t *answer;
    size_t answer_size;
};
extern struct assd_bench x;

/** An identified card that answers 10 bytes and 9000. */
void bench_start(void);

/** The answer of that card: x.wanted bytes; 32 for GET DATA. */
size_t bench_respond(void *ctx, const uint8_t *apdu, size_t size,
                     uint8_t *bytes);

/** Open the secure side; counters start from 0. */
void bench_open(sdv_via via);

/** An exchange of `size` bytes; the answer is in x. */
sdv_err bench_exchange(size_t size);

/** It works and brings the answer. */
void bench_expect(size_t size);

/** It fails so, and the next one works. */
void bench_expect_failure(sdv_err err);

/** Commands of this opcode since bench_open(). */
unsigned bench_sent(uint8_t opcode);

#endif /* SDV_TEST_ASSD_BENCH_H */
