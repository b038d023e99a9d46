/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file lanes_lab.h
 * @brief Engines of the RTL that share lanes, one call for each operation.
 *
 * Runs the clocks, answers memory and entropy port, and counts.  With `crowd`,
 * the generator, CTR and the pins ask for blocks all the time; what they get is
 * compared with libcrypto.  The environment is that of crypto_lab.h.
 */
#ifndef SDV_TEST_LANES_LAB_H
#define SDV_TEST_LANES_LAB_H

#include <stddef.h>

#include "../rtl/lanes_unit.h"
#include "reference.h"

#define LANES_MEMORY 1024 /* bytes behind the memory port */

typedef struct lanes_lab {
    const struct lanes_api *api;
    void *library, *top;
    struct lanes_in in;
    struct lanes_out out;
    uint8_t memory[LANES_MEMORY];
    uint64_t clocks, random;
    unsigned calls;                  /* blocks that went to a lane */
    unsigned draws, streams, blocks; /* what the crowd got */
    bool crowd;
    ref_drbg *generator;
    bool drawing;
    struct {
        uint8_t key[32], counter[16];
        size_t key_len;
        unsigned next;
        bool begun;
    } ctr;
    struct {
        uint8_t key[32], want[16];
        size_t key_len;
        bool asked;
    } pins;
} lanes_lab;

/** The engines after reset, the generator seeded. */
lanes_lab *lanes_open(void);
void lanes_close(lanes_lab **lab);

uint32_t lanes_random(lanes_lab *lab);
void lanes_random_bytes(lanes_lab *lab, uint8_t *bytes, size_t len);

/** One clock, and whatever the crowd does in it. */
void lanes_clock(lanes_lab *lab);

/** A key for SIV of 32 or 64 bytes. */
void lanes_siv_key(lanes_lab *lab, const uint8_t *key, size_t len);
/** SDV_CRYPTO_OP_AD, SEAL or OPEN on the memory. */
bool lanes_siv(lanes_lab *lab, unsigned op, unsigned word, size_t len,
               unsigned tag_word);
/** Begin to draw; out.random has the number when `drawing` is false again. */
void lanes_draw(lanes_lab *lab);
/** Key stream of `count` blocks. */
void lanes_ctr(lanes_lab *lab, const uint8_t *key, size_t len,
               const uint8_t counter[16], unsigned count, uint8_t *stream);
/** A port of 128 bits as bytes. */
void lanes_words(uint8_t bytes[16], const uint32_t words[4]);

#endif /* SDV_TEST_LANES_LAB_H */
