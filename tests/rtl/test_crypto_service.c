/* SPDX-License-Identifier: Apache-2.0 */
/* sdv_crypto as the secure area uses it: keys, licenses, clocks, misuse. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <stdlib.h>
#include <string.h>

#include "crypto_lab.h"
#include "reference.h"
#include "vectors.h"

#define HEADER 64 /* bytes of a sealed license: associated data, */
#define TAG 64    /* then the tag at this offset, */
#define BODY 80   /* and the record */
#define RECORD 432
#define LICENSE 512

static crypto_lab *lab;

static void make(void)
{
    lab = lab_open();
    lab->in.c_use = true;
}

static void drop(void)
{
    lab_close(&lab);
}

TestSuite(service, .init = make, .fini = drop, .timeout = 60);

static const uint8_t root[32] = "the root of the card under test";

/* What lab_derive() makes. */
static void ref_key(const char *label, const char *context, bool suite2,
                    uint8_t *key)
{
    uint8_t fixed[64];
    size_t len = strlen(label) + 1;
    memcpy(fixed, label, len);
    len += vectors_hex(context, fixed + len, sizeof(fixed) - len - 4);
    const uint8_t bits[4] = {0, 0, suite2 ? 2 : 1, 0};
    memcpy(fixed + len, bits, sizeof(bits));
    ref_kdf(root, 32, fixed, len + 4, key, suite2 ? 64 : 32);
}

static void ref_store_key(bool suite2, uint8_t *key)
{
    ref_key("sdvault/store", "0123456789abcdef010000000000000000", suite2, key);
}

static bool seal(void)
{
    return lab_on_memory(lab, SDV_CRYPTO_OP_AD, 0, HEADER, 0) &&
           lab_on_memory(lab, SDV_CRYPTO_OP_SEAL, BODY, RECORD, TAG);
}

static bool open_sealed(void)
{
    return lab_on_memory(lab, SDV_CRYPTO_OP_AD, 0, HEADER, 0) &&
           lab_on_memory(lab, SDV_CRYPTO_OP_OPEN, BODY, RECORD, TAG);
}

/* A license in the memory, and what sealing it makes of it. */
static void make_license(const uint8_t *key, bool suite2, uint8_t *plain,
                         uint8_t *sealed)
{
    lab_random_bytes(lab, plain, LICENSE);
    memcpy(lab->memory, plain, LICENSE);
    memcpy(sealed, plain, LICENSE);
    const struct ref_ad ad = {plain, HEADER};
    ref_siv_seal(key, suite2 ? 64 : 32, &ad, 1, plain + BODY, RECORD,
                 sealed + BODY, sealed + TAG);
}

static void expect_license(const uint8_t *want)
{
    cr_assert(zero(int, memcmp(lab->memory, want, LICENSE)));
}

static void license_roundtrip(bool suite2, uint64_t most)
{
    uint8_t key[64], plain[LICENSE], sealed[LICENSE];
    lab_root(lab, root);
    cr_assert(lab_derive(lab, SDV_LABEL_STORE, suite2));
    ref_store_key(suite2, key);
    for (unsigned i = 0; i < 3; i++) {
        make_license(key, suite2, plain, sealed);
        uint64_t start = lab->clocks;
        cr_assert(seal());
        const uint64_t to_seal = lab->clocks - start;
        expect_license(sealed);
        start = lab->clocks;
        cr_assert(open_sealed());
        const uint64_t to_open = lab->clocks - start;
        cr_assert(zero(int, memcmp(lab->memory + BODY, plain + BODY, RECORD)));
        cr_log_info("seal %u, open %u clocks", (unsigned)to_seal,
                    (unsigned)to_open);
        if (i != 0) { /* the first time the lane makes the subkeys */
            cr_assert(le(u64, to_seal, most));
            cr_assert(le(u64, to_open, most));
        }
    }
}

/* 58 AES calls, and 5 percent. */
Test(service, a_license_of_suite_2_takes_at_most_852_clocks)
{
    license_roundtrip(true, 852);
}

Test(service, a_license_of_suite_1_takes_at_most_620_clocks)
{
    license_roundtrip(false, 620);
}

/* ---- Derivation ---- */

static uint64_t number(const char *text, size_t *at, size_t bytes)
{
    char part[17] = "";
    memcpy(part, text + *at, 2 * bytes);
    *at += 2 * bytes;
    return strtoull(part, NULL, 16);
}

/* Spread the context of a record over the ports, as labels.csv says. */
static void apply_context(const vectors *v, unsigned label)
{
    const char *text = vectors_text(v, "CONTEXT");
    size_t at = 0;
    const bool bound = label == SDV_LABEL_STORE || label == SDV_LABEL_BACKUP;
    if (label != SDV_LABEL_PAIR && label != SDV_LABEL_ADMIN) {
        lab->in.medium_id = number(text, &at, 8);
    }
    if (bound) {
        lab->in.binding = (uint8_t)number(text, &at, 1);
    }
    if (bound || label == SDV_LABEL_PAIR || label == SDV_LABEL_CONTENT) {
        lab->in.apparatus_id = number(text, &at, 8);
    }
    if (label == SDV_LABEL_PAIR) {
        lab->in.epoch = (uint32_t)number(text, &at, 4);
    }
    if (label == SDV_LABEL_PAIR || label == SDV_LABEL_ADMIN) {
        lab->in.key_type = (uint8_t)number(text, &at, 1);
    }
    cr_assert(eq(sz, at, strlen(text)));
}

static unsigned label_number(const char *text)
{
#define LABEL_CASE(name, value, label)                                         \
    if (strcmp(text, label) == 0) {                                            \
        return value;                                                          \
    }
    SDV_LABEL_TABLE(LABEL_CASE)
#undef LABEL_CASE
    cr_fatal("there is no label %s", text);
}

/* The derived key never leaves: what it seals shows that it is right. */
static void expect_derived(const uint8_t *key, size_t len)
{
    uint8_t text[32], sealed[32], tag[16];
    lab_random_bytes(lab, text, sizeof(text));
    memcpy(lab->memory, text, sizeof(text));
    cr_assert(lab_on_memory(lab, SDV_CRYPTO_OP_SEAL, 0, sizeof(text), 256));
    ref_siv_seal(key, len, NULL, 0, text, sizeof(text), sealed, tag);
    cr_assert(zero(int, memcmp(lab->memory, sealed, sizeof(sealed))));
    cr_assert(zero(int, memcmp(lab->memory + 256, tag, sizeof(tag))));
}

Test(service, every_row_of_the_key_table_is_derived)
{
    unsigned cases = 0;
    vectors *v = vectors_own("kdf_sdvault.kat");
    while (vectors_next(v)) {
        uint8_t key[64];
        vectors_bytes(v, "KEY", key, sizeof(key));
        lab_root(lab, key);
        const unsigned label = label_number(vectors_text(v, "LABEL"));
        apply_context(v, label);
        lab->in.label = (uint8_t)label;
        lab->in.suite2 = vectors_is(v, "L", "512");
        cr_assert(lab_service(lab, SDV_CRYPTO_OP_DERIVE));
        const size_t len = vectors_bytes(v, "OUT", key, sizeof(key));
        cr_log_info("%s", vectors_text(v, "NAME"));
        expect_derived(key, len);
        cases++;
    }
    vectors_close(&v);
    cr_assert(eq(uint, cases, 15));
}

static uint64_t clocks_of_derive(unsigned label, bool suite2)
{
    const uint64_t start = lab->clocks;
    cr_assert(lab_derive(lab, label, suite2));
    return lab->clocks - start;
}

Test(service, a_key_at_hand_is_not_derived_again)
{
    uint8_t key[64];
    lab_root(lab, root);
    const uint64_t first = clocks_of_derive(SDV_LABEL_STORE, true);
    const uint64_t other = clocks_of_derive(SDV_LABEL_ISSUE, true);
    cr_log_info("store %u, issue %u clocks", (unsigned)first, (unsigned)other);
    cr_assert(gt(u64, first, 150));
    cr_assert(gt(u64, clocks_of_derive(SDV_LABEL_STORE, true), 150));
    cr_assert(eq(u64, clocks_of_derive(SDV_LABEL_STORE, true), 2));
    ref_store_key(true, key);
    expect_derived(key, 64);
}

/* One by one: each input of a derivation gives a key of its own. */
Test(service, no_part_of_the_context_is_overlooked)
{
    lab_root(lab, root);
    lab_derive(lab, SDV_LABEL_STORE, true);
    struct crypto_in changed[8];
    for (unsigned i = 0; i < 8; i++) {
        changed[i] = lab->in;
    }
    changed[0].label = SDV_LABEL_BACKUP;
    changed[1].suite2 = false;
    changed[2].medium_id ^= 1;
    changed[3].binding ^= 2;
    changed[4].apparatus_id ^= 1ull << 63;
    changed[5].epoch ^= 1;
    changed[6].key_type ^= 1;
    changed[7].apparatus_id ^= 1;
    const struct crypto_in base = lab->in;
    for (unsigned i = 0; i < 8; i++) {
        lab->in = base;
        lab_service(lab, SDV_CRYPTO_OP_DERIVE);
        lab->in = changed[i];
        const uint64_t start = lab->clocks;
        cr_assert(lab_service(lab, SDV_CRYPTO_OP_DERIVE));
        cr_assert(gt(u64, lab->clocks - start, 50), "%u", i);
    }
}

/* ---- Order of the operations ---- */

Test(service, a_derivation_begins_a_new_message)
{
    uint8_t key[64], plain[LICENSE], sealed[LICENSE];
    lab_root(lab, root);
    lab_derive(lab, SDV_LABEL_STORE, true);
    ref_store_key(true, key);
    make_license(key, true, plain, sealed);
    lab_on_memory(lab, SDV_CRYPTO_OP_AD, 16, 100, 0); /* never used */
    lab_derive(lab, SDV_LABEL_STORE, true);
    cr_assert(seal());
    expect_license(sealed);
}

Test(service, a_wrong_tag_leaves_zeros_and_the_next_license_opens)
{
    static const uint8_t zeros[RECORD];
    uint8_t key[64], plain[LICENSE], sealed[LICENSE];
    lab_root(lab, root);
    lab_derive(lab, SDV_LABEL_STORE, true);
    ref_store_key(true, key);
    make_license(key, true, plain, sealed);
    for (unsigned bit = 0; bit < 8 * LICENSE; bit += 31) {
        memcpy(lab->memory, sealed, LICENSE);
        lab->memory[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
        cr_assert(not(open_sealed()), "bit %u", bit);
        cr_assert(zero(int, memcmp(lab->memory + BODY, zeros, RECORD)));
    }
    memcpy(lab->memory, sealed, LICENSE);
    cr_assert(open_sealed());
    cr_assert(zero(int, memcmp(lab->memory + BODY, plain + BODY, RECORD)));
}

static void expect_refused_and_untouched(void)
{
    uint8_t before[LAB_MEMORY];
    lab_random_bytes(lab, before, sizeof(before));
    memcpy(lab->memory, before, sizeof(before));
    cr_assert(not(lab_on_memory(lab, SDV_CRYPTO_OP_AD, 0, HEADER, 0)));
    cr_assert(not(lab_on_memory(lab, SDV_CRYPTO_OP_SEAL, BODY, RECORD, TAG)));
    cr_assert(not(lab_on_memory(lab, SDV_CRYPTO_OP_OPEN, BODY, RECORD, TAG)));
    cr_assert(zero(int, memcmp(lab->memory, before, sizeof(before))));
}

Test(service, nothing_is_done_without_a_key)
{
    expect_refused_and_untouched();
    cr_assert(not(lab_derive(lab, SDV_LABEL_STORE, true)));
    for (unsigned i = 0; i < 7; i++) { /* one word is missing */
        lab->in.root_idx = (uint8_t)i;
        lab->in.root_we = true;
        lab_clock(lab);
    }
    lab->in.root_we = false;
    cr_assert(not(lab_derive(lab, SDV_LABEL_STORE, true)));
    expect_refused_and_untouched();
    lab_root(lab, root);
    cr_assert(lab_derive(lab, SDV_LABEL_STORE, true));
    lab_root(lab, root); /* a new root: the key is not its own any more */
    expect_refused_and_untouched();
}

static void seed(void)
{
    static const uint32_t entropy[12] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    lab_seed(lab, 7, entropy);
    cr_assert(lab->out.c_ok);
}

Test(service, a_wipe_forgets_everything)
{
    lab_root(lab, root);
    lab_derive(lab, SDV_LABEL_STORE, true);
    seed();
    cr_assert(lab_service(lab, SDV_CRYPTO_OP_RANDOM));
    cr_assert(lab_service(lab, SDV_CRYPTO_OP_WIPE));
    for (unsigned i = 0; i < 4; i++) {
        cr_assert(eq(u32, lab->out.random[i], 0));
    }
    expect_refused_and_untouched();
    cr_assert(not(lab_derive(lab, SDV_LABEL_STORE, true)));
    cr_assert(not(lab_service(lab, SDV_CRYPTO_OP_RANDOM)));
    lab_root(lab, root);
    cr_assert(lab_derive(lab, SDV_LABEL_STORE, true));
    uint8_t key[64];
    ref_store_key(true, key);
    expect_derived(key, 64);
}

/* Reset at a random clock of a random operation; then all is as at power-up. */
static void reset_in(unsigned op, unsigned clocks)
{
    lab_root(lab, root);
    lab_derive(lab, SDV_LABEL_STORE, true);
    lab->in.label = SDV_LABEL_ISSUE;
    lab->in.c_op = (uint8_t)op;
    lab->in.c_start = true;
    for (unsigned i = 0; i <= clocks; i++) {
        lab_clock(lab);
        lab->in.c_start = false;
    }
    lab->in.reset = true;
    lab_clock(lab);
    lab->in.reset = false;
    lab_clock(lab);
}

Test(service, a_reset_at_any_moment_forgets_the_keys)
{
    static const unsigned ops[] = {SDV_CRYPTO_OP_DERIVE, SDV_CRYPTO_OP_AD,
                                   SDV_CRYPTO_OP_SEAL, SDV_CRYPTO_OP_OPEN};
    uint8_t key[64], plain[LICENSE], sealed[LICENSE];
    ref_store_key(true, key);
    for (unsigned i = 0; i < 200; i++) {
        reset_in(ops[i % 4], lab_random(lab) % 400);
        cr_assert(not(lab->out.c_busy));
        cr_assert(lab->out.quiet);
        expect_refused_and_untouched();
        lab_root(lab, root);
        cr_assert(lab_derive(lab, SDV_LABEL_STORE, true));
        make_license(key, true, plain, sealed);
        cr_assert(seal());
        expect_license(sealed);
    }
}

/* ---- Random numbers ---- */

/* The generator that seed() makes. */
static ref_drbg *reference_of_seed(void)
{
    uint8_t entropy[48] = {0}, personalization[48] = {0};
    for (uint8_t i = 0; i < 12; i++) {
        entropy[4 * i + 3] = (uint8_t)(i + 1);
    }
    personalization[3] = 7;
    return ref_drbg_new(entropy, personalization);
}

static void expect_random(ref_drbg *reference)
{
    uint8_t want[16], got[16];
    ref_drbg_draw(reference, want);
    lab_bytes(got, lab->out.random);
    cr_assert(zero(int, memcmp(got, want, sizeof(got))));
}

Test(service, random_numbers_are_those_of_libcrypto)
{
    cr_assert(not(lab_service(lab, SDV_CRYPTO_OP_RANDOM)));
    ref_drbg *reference = reference_of_seed();
    seed();
    for (unsigned i = 0; i < 20; i++) {
        cr_assert(lab_service(lab, SDV_CRYPTO_OP_RANDOM));
        expect_random(reference);
    }
    ref_drbg_free(&reference);
}

/* SEAL, and random bytes that are wanted some clocks after it began. */
static void seal_and_draw(unsigned at)
{
    bool done = false, drawn = false;
    cr_assert(lab_on_memory(lab, SDV_CRYPTO_OP_AD, 0, HEADER, 0));
    lab->in.c_op = SDV_CRYPTO_OP_SEAL;
    lab->in.addr = BODY / 4;
    lab->in.len = RECORD;
    lab->in.tag_addr = TAG / 4;
    lab->in.c_start = true;
    for (unsigned i = 0; !done || !drawn; i++) {
        cr_assert(lt(uint, i, 5000));
        lab->in.c_draw = i == at;
        lab_clock(lab);
        lab->in.c_start = false;
        done |= lab->out.c_done;
        drawn |= lab->out.c_drawn;
    }
}

Test(service, random_numbers_are_drawn_beside_a_seal)
{
    uint8_t key[64], plain[LICENSE], sealed[LICENSE];
    ref_drbg *reference = reference_of_seed();
    lab_root(lab, root);
    cr_assert(lab_derive(lab, SDV_LABEL_STORE, true));
    ref_store_key(true, key);
    seed();
    for (unsigned i = 0; i < 19; i++) {
        make_license(key, true, plain, sealed);
        seal_and_draw(lab_random(lab) % 1000);
        expect_license(sealed);
        expect_random(reference);
    }
    ref_drbg_free(&reference);
}
