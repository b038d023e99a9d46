/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file crypto_lab.h
 * @brief The crypto blocks of the RTL, one call for each operation.
 *
 * Runs the clocks, answers the memory port and the entropy port, and counts.
 * An operation that does not end fails the test.  What the environment says:
 * SDV_TEST_BUILD sabotage (any other: the build with assertions),
 * SDV_TEST_SABOTAGE a number (0), SDV_TEST_SEED a number (1).
 */
#ifndef SDV_TEST_CRYPTO_LAB_H
#define SDV_TEST_CRYPTO_LAB_H

#include <stddef.h>

#include "../rtl/crypto_unit.h"

#define LAB_MEMORY 1024 /* bytes behind the memory port */

typedef struct crypto_lab {
    const struct crypto_api *api;
    void *library, *top;
    struct crypto_in in;
    struct crypto_out out;
    uint8_t memory[LAB_MEMORY];
    uint64_t clocks; /* since the lab was opened */
    uint64_t random; /* state of lab_random() */
    uint32_t entropy[64];
    unsigned entropy_len, entropy_used;
    unsigned entropy_wait;    /* clocks until a word comes */
    struct crypto_in *record; /* if not NULL: the levels of each clock */
    size_t recorded, record_size;
} crypto_lab;

/** The blocks after reset; fails the test when there is no library. */
crypto_lab *lab_open(void);
void lab_close(crypto_lab **lab);

/** A random number; the seed is that of the environment. */
uint32_t lab_random(crypto_lab *lab);
void lab_random_bytes(crypto_lab *lab, uint8_t *bytes, size_t len);

/** One clock: look at the outputs, then the edge. */
void lab_clock(crypto_lab *lab);

/** Clocks until the engine, or sdv_crypto, is done. */
void lab_run(crypto_lab *lab);

/** Put bytes onto a port of words, the first byte on the highest bits. */
void lab_wide(uint32_t *words, size_t count, const uint8_t *bytes, size_t len);
/** The other way round, of a port of 128 bits. */
void lab_bytes(uint8_t bytes[16], const uint32_t words[4]);

/** A key of 16 or 32 bytes for AES, CMAC and KDF. */
void lab_key(crypto_lab *lab, const uint8_t *key, size_t len);
/** Reset; the lanes are this core of docs/spec/aes_family.csv from now on. */
void lab_member(crypto_lab *lab, unsigned member, bool two_lanes);

/**
 * One block through the core itself, as the pins decrypt and same_key say.
 * @return clocks until the next one could go in
 */
unsigned lab_block(crypto_lab *lab, const uint8_t in[16], uint8_t out[16]);
/** Encrypt one with a key that may be new. */
void lab_aes(crypto_lab *lab, const uint8_t in[16], uint8_t out[16]);
/** A message; `same` says that the key is that of the one before. */
void lab_cmac(crypto_lab *lab, bool same, const uint8_t *message, size_t len,
              uint8_t mac[16]);
/** `blocks` blocks from a fixed input of up to 64 bytes. */
void lab_kdf(crypto_lab *lab, bool same, const uint8_t *fixed, size_t len,
             unsigned blocks, uint8_t *out);
/** A key for SIV of 32 or 64 bytes; the next operation is the first with it. */
void lab_siv_key(crypto_lab *lab, const uint8_t *key, size_t len);
/** SDV_CRYPTO_OP_AD, SEAL or OPEN on the memory. */
bool lab_siv(crypto_lab *lab, unsigned op, unsigned word, size_t len,
             unsigned tag_word);
/** Seed the generator with 12 words, and a personalization. */
void lab_seed(crypto_lab *lab, uint32_t personalization,
              const uint32_t entropy[12]);
void lab_draw(crypto_lab *lab, uint8_t out[16]);

/** An operation of sdv_crypto; operands are in `in`. */
bool lab_service(crypto_lab *lab, unsigned op);
/** DERIVE for medium 0123456789ABCDEF with binding 1. */
bool lab_derive(crypto_lab *lab, unsigned label, bool suite2);
/** AD, SEAL or OPEN; places in bytes. */
bool lab_on_memory(crypto_lab *lab, unsigned op, size_t at, size_t len,
                   size_t tag);
/** Write the card root. */
void lab_root(crypto_lab *lab, const uint8_t root[32]);

#endif /* SDV_TEST_CRYPTO_LAB_H */
