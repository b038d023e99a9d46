/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file crypto_unit.h
 * @brief The top with the crypto blocks from C: pins as structs, one clock.
 *
 * The model is opened at run time, so that the same tests run on the build
 * with assertions and on the sabotage one.
 */
#ifndef SDV_TEST_CRYPTO_UNIT_H
#define SDV_TEST_CRYPTO_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Engines of the top; unit_in::unit chooses one. */
enum crypto_engine {
    ENGINE_AES,
    ENGINE_CMAC,
    ENGINE_KDF,
    ENGINE_SIV,
    ENGINE_DRBG,
};

/**
 * Pins of sdv_crypto_top; the names without their endings.  Wide ones in words
 * with the lowest bits first, as Verilator keeps them.
 */
struct crypto_in {
    uint32_t key[16], fixed[16], block[4];
    uint32_t pers, mem_rdata, entropy;
    uint64_t medium_id, apparatus_id;
    uint32_t epoch, root_word;
    uint16_t len;
    uint8_t unit, member, bytes, blocks, length, op, addr, tag_addr;
    uint8_t c_op, label, binding, key_type, root_idx;
    bool two_lanes, decrypt;
    bool wipe, start, size256, same_key, valid, ready, last, restart, seed;
    bool entropy_valid;
    bool c_use, c_start, c_draw, suite2, root_we;
    bool reset; /* rst_ni low */
};

/** Bits of crypto_out::errors. */
enum crypto_error {
    ERROR_AES = 1,
    ERROR_CMAC = 2,
    ERROR_KDF = 4,
    ERROR_SIV = 8,
    ERROR_DRBG = 16,
    ERROR_LANES = 32,
    ERROR_CRYPTO = 64,
};

struct crypto_out {
    uint32_t block[4], random[4];
    uint32_t mem_wdata;
    uint8_t block_idx, mem_addr, mem_waddr, units, errors;
    bool ready, valid, busy, done, ok, seeded, mem_we, entropy_req;
    bool c_busy, c_done, c_ok, c_seeded, c_drawn, quiet;
};

/** A register of an instance of sdv_guard: its bits, parity on top. */
struct crypto_guard {
    char name[128]; /* of the instance, from the top on */
    unsigned bits;
};

#define GUARD_WORDS 8
#define NO_BIT (32 * GUARD_WORDS)

/** What such a register holds, the lowest bits first. */
struct crypto_bits {
    uint32_t words[GUARD_WORDS];
};

/** What the library of the model exports, under the name crypto_api. */
struct crypto_api {
    /** A top after reset; with the sabotage build, break number `sabotage`. */
    void *(*open)(uint64_t seed, unsigned sabotage);
    void (*close)(void *top);
    /** The levels of one clock, then its rising edge. */
    void (*clock)(void *top, const struct crypto_in *in,
                  struct crypto_out *out);
    /**
     * Clocks with the same levels until valid or done, which is seen before its
     * edge; at most `limit`.
     * @return how many came before
     */
    unsigned (*until)(void *top, const struct crypto_in *in,
                      struct crypto_out *out, unsigned limit);

    /** For tests of faults: the guards, numbered from 0; assertions are off. */
    unsigned (*guards)(void *top, struct crypto_guard *guards, unsigned limit);
    void (*guard)(void *top, unsigned number, struct crypto_bits *bits);
    /** This bit turns over at the edges to come; NO_BIT: none does. */
    void (*flip)(void *top, unsigned number, unsigned bit);
};

#ifdef __cplusplus
}
#endif

#endif /* SDV_TEST_CRYPTO_UNIT_H */
