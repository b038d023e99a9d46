/* SPDX-License-Identifier: Apache-2.0 */
/* Engines that want the same lanes at the same time, and what it takes. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <string.h>

#include "lanes_lab.h"
#include "reference.h"
#include "vectors.h"

static lanes_lab *lab;

static void make(void)
{
    lab = lanes_open();
    cr_log_info("seed %llu", (unsigned long long)lab->random);
}

static void drop(void)
{
    lanes_close(&lab);
}

TestSuite(lanes, .init = make, .fini = drop, .timeout = 300);

static const uint8_t sets[] = {LANES_ONE, LANES_TWO, LANES_FAST, LANES_ALL};

/* ---- CTR ---- */

/* SP 800-38A sections F.5.1 and F.5.5 */
Test(lanes, ctr_makes_the_key_stream_of_the_standard)
{
    static const struct {
        const char *key, *sealed;
    } cases[] = {
        {"2b7e151628aed2a6abf7158809cf4f3c",
         "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
         "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee"},
        {"603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
         "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
         "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6"}};
    uint8_t counter[16], plain[64];
    vectors_hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", counter, sizeof(counter));
    vectors_hex(
        "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"
        "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
        plain, sizeof(plain));
    for (unsigned i = 0; i < 2 * sizeof(sets); i++) {
        uint8_t key[32], want[64], stream[64];
        const size_t len = vectors_hex(cases[i % 2].key, key, sizeof(key));
        vectors_hex(cases[i % 2].sealed, want, sizeof(want));
        lab->in.lanes = sets[i / 2];
        lanes_ctr(lab, key, len, counter, 4, stream);
        for (unsigned j = 0; j < sizeof(want); j++) {
            cr_assert(eq(u8, stream[j] ^ plain[j], want[j]), "byte %u", j);
        }
    }
}

/* ---- All at once ---- */

#define TEXT 384 /* bytes: where the text stands, */
#define TAG 1008 /* and its tag */

struct message {
    uint8_t key[64], ad[150], text[600], sealed[600], tag[16];
    struct ref_ad string;
    size_t key_len, len;
};

static void random_message(struct message *m, bool same_key)
{
    if (!same_key) {
        m->key_len = lanes_random(lab) % 2 != 0 ? 32 : 64;
        lanes_random_bytes(lab, m->key, m->key_len);
        lanes_siv_key(lab, m->key, m->key_len);
    }
    m->string.bytes = m->ad;
    m->string.len = lanes_random(lab) % (sizeof(m->ad) + 1);
    m->len = 1 + lanes_random(lab) % sizeof(m->text);
    lanes_random_bytes(lab, m->ad, sizeof(m->ad));
    lanes_random_bytes(lab, m->text, sizeof(m->text));
    ref_siv_seal(m->key, m->key_len, &m->string, 1, m->text, m->len, m->sealed,
                 m->tag);
}

static bool with_ad(const struct message *m, unsigned op)
{
    memcpy(lab->memory, m->ad, m->string.len);
    return lanes_siv(lab, SDV_CRYPTO_OP_AD, 0, m->string.len, 0) &&
           lanes_siv(lab, op, TEXT / 4, m->len, TAG / 4);
}

static void expect(size_t at, const uint8_t *want, size_t len)
{
    cr_assert(zero(int, memcmp(lab->memory + at, want, len)));
}

static void seal_and_open(const struct message *m)
{
    memcpy(lab->memory + TEXT, m->text, sizeof(m->text));
    cr_assert(with_ad(m, SDV_CRYPTO_OP_SEAL));
    expect(TEXT, m->sealed, m->len);
    expect(TEXT + m->len, m->text + m->len, sizeof(m->text) - m->len);
    expect(TAG, m->tag, sizeof(m->tag));
    cr_assert(with_ad(m, SDV_CRYPTO_OP_OPEN));
    expect(TEXT, m->text, sizeof(m->text));
}

static void refuse(const struct message *m)
{
    static const uint8_t zeros[sizeof(m->text)];
    memcpy(lab->memory + TEXT, m->sealed, m->len);
    lab->memory[TAG + 4 * (lanes_random(lab) % 4)] ^= 0x80;
    cr_assert(not(with_ad(m, SDV_CRYPTO_OP_OPEN)));
    expect(TEXT, zeros, m->len);
    expect(TEXT + m->len, m->text + m->len, sizeof(m->text) - m->len);
}

/* The crowd: random numbers, key stream and blocks under keys of their own. */
Test(lanes, everyone_gets_what_is_theirs)
{
    static struct message m;
    lab->crowd = true;
    for (unsigned i = 0; i < 800; i++) {
        lab->in.lanes = sets[lanes_random(lab) % sizeof(sets)];
        random_message(&m, i != 0 && lanes_random(lab) % 4 != 0);
        seal_and_open(&m);
        refuse(&m);
    }
    cr_log_info("draws %u, key stream %u, blocks %u", lab->draws, lab->streams,
                lab->blocks);
    cr_assert(gt(uint, lab->draws, 1000));
    cr_assert(gt(uint, lab->streams, 10000));
    cr_assert(gt(uint, lab->blocks, 10000));
}

/* ---- Clocks ---- */

#define HEADER 64 /* bytes of a license: header, */
#define SALT 48   /* with the salt in it, */
#define BODY 80   /* tag, and record */
#define RECORD 432
#define CALLS 120 /* AES blocks of opening and sealing one, with the salt */

static uint64_t license(unsigned op)
{
    const uint64_t start = lab->clocks;
    cr_assert(lanes_siv(lab, SDV_CRYPTO_OP_AD, 0, HEADER, 0));
    cr_assert(lanes_siv(lab, op, BODY / 4, RECORD, HEADER / 4));
    return lab->clocks - start;
}

/* A license under a key that the engine has seen. */
static void use(uint8_t set)
{
    uint8_t key[64];
    lab->in.lanes = set;
    lanes_random_bytes(lab, key, sizeof(key));
    lanes_siv_key(lab, key, sizeof(key));
    license(SDV_CRYPTO_OP_SEAL);
}

/* As docs/rtl/sdv_siv.md says. */
Test(lanes, clocks_of_a_license)
{
    static const struct {
        uint8_t set;
        unsigned seal, open;
    } cases[] = {
        {LANES_ONE, 831, 832}, {LANES_TWO, 831, 468}, {LANES_FAST, 425, 426}};
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        use(cases[i].set);
        cr_assert(eq(u64, license(SDV_CRYPTO_OP_OPEN), cases[i].open));
        cr_assert(eq(u64, license(SDV_CRYPTO_OP_SEAL), cases[i].seal));
    }
}

/* Open a license and seal it again, with the salt drawn meanwhile. */
static void renew(void)
{
    uint8_t salt[16];
    lanes_words(salt, lab->out.random);
    lanes_draw(lab);
    license(SDV_CRYPTO_OP_OPEN);
    cr_assert(lab->out.ok);
    memcpy(lab->memory + SALT, salt, sizeof(salt));
    license(SDV_CRYPTO_OP_SEAL);
    cr_assert(not(lab->drawing));
}

/* Each license takes a random number; the one of before is its salt. */
Test(lanes, clocks_of_a_stream_of_licenses)
{
    enum { LICENSES = 50 };
    static const struct {
        uint8_t set;
        unsigned most;
    } cases[] = {{LANES_ONE, 1720}, {LANES_TWO, 1300}, {LANES_FAST, 860}};
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        use(cases[i].set);
        renew();
        const uint64_t start = lab->clocks;
        const unsigned calls = lab->calls;
        for (unsigned j = 0; j < LICENSES; j++) {
            renew();
        }
        cr_log_info("lanes %u: %.1f clocks a license", cases[i].set,
                    (double)(lab->clocks - start) / LICENSES);
        cr_assert(eq(uint, lab->calls - calls, CALLS * LICENSES));
        cr_assert(le(u64, lab->clocks - start, cases[i].most * LICENSES));
    }
}
