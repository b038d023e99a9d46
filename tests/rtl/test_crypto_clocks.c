/* SPDX-License-Identifier: Apache-2.0 */
/* Which clocks the operations of sdv_crypto take, and which units work. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>

#include "crypto_lab.h"

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

TestSuite(clocks, .init = make, .fini = drop, .timeout = 60);

Test(clocks, it_is_quiet_between_operations_and_while_entropy_is_awaited)
{
    lab_clock(lab);
    cr_assert(lab->out.quiet);
    lab->entropy_len = 0;
    lab->in.c_op = SDV_CRYPTO_OP_SEED;
    lab->in.c_start = true;
    lab_clock(lab);
    cr_assert(not(lab->out.quiet));
    lab->in.c_start = false;
    unsigned waited = 0;
    for (unsigned i = 0; i < 100; i++) {
        lab_clock(lab);
        cr_assert(lab->out.c_busy);
        waited += lab->out.quiet;
    }
    cr_assert(gt(uint, waited, 70));
}

static const uint8_t root[32] = "the root of the card under test";

Test(clocks, each_unit_is_busy_when_it_works)
{
    enum { AES = 1, CMAC = 2, KDF = 4, SIV = 8, DRBG = 16 };
    static const struct {
        uint8_t op, units;
    } cases[] = {{SDV_CRYPTO_OP_DERIVE, AES | CMAC | KDF},
                 {SDV_CRYPTO_OP_AD, AES | SIV},
                 {SDV_CRYPTO_OP_SEAL, AES | SIV},
                 {SDV_CRYPTO_OP_OPEN, AES | SIV},
                 {SDV_CRYPTO_OP_RANDOM, AES | DRBG}};
    static const uint32_t entropy[12] = {1};
    lab_seed(lab, 0, entropy);
    lab_root(lab, root);
    lab->in.len = 40;
    lab->in.tag_addr = 100;
    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t seen = 0;
        lab->in.c_op = cases[i].op;
        lab->in.c_start = true;
        do {
            lab_clock(lab);
            lab->in.c_start = false;
            seen |= lab->out.units;
        } while (!lab->out.c_done);
        lab_clock(lab);
        cr_assert(eq(u8, seen, cases[i].units), "case %u", i);
        cr_assert(eq(u8, lab->out.units, 0), "case %u", i);
    }
}

static uint64_t clocks_of_derive(unsigned label, bool suite2)
{
    const uint64_t start = lab->clocks;
    cr_assert(lab_derive(lab, label, suite2));
    return lab->clocks - start;
}

/* As docs/rtl/sdv_crypto.md says, whatever the keys and the ids are. */
Test(clocks, clocks_of_a_derivation_depend_on_label_and_suite_only)
{
    static const struct {
        uint8_t label, suite1, suite2;
    } cases[] = {
        {SDV_LABEL_CARD, 89, 175},         {SDV_LABEL_STORE, 123, 243},
        {SDV_LABEL_ISSUE, 91, 179},        {SDV_LABEL_BACKUP, 123, 243},
        {SDV_LABEL_PAIR, 123, 243},        {SDV_LABEL_ADMIN, 89, 175},
        {SDV_LABEL_TRANSACTION, 123, 243}, {SDV_LABEL_CONTENT, 123, 243}};
    for (unsigned round = 0; round < 5; round++) {
        uint8_t key[32];
        lab_random_bytes(lab, key, sizeof(key));
        lab_root(lab, key);
        lab_derive(lab, SDV_LABEL_STORE,
                   false); /* makes the subkey of the root */
        for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
            lab->in.apparatus_id = lab_random(lab);
            cr_assert(eq(u64, clocks_of_derive(cases[i].label, false),
                         cases[i].suite1));
            cr_assert(eq(u64, clocks_of_derive(cases[i].label, true),
                         cases[i].suite2));
        }
    }
}

static uint64_t clocks_of_siv(unsigned op, size_t len)
{
    const uint64_t start = lab->clocks;
    lab_on_memory(lab, op, 0, len, 900);
    return lab->clocks - start;
}

/* Seal and open of random texts under random keys. */
Test(clocks, clocks_of_siv_depend_on_the_length_only)
{
    static uint64_t to_seal[700], to_open[700];
    for (unsigned i = 0; i < 3000; i++) {
        const size_t len = lab_random(lab) % 700;
        lab->in.epoch = i / 100;
        lab->in.medium_id = lab_random(lab);
        uint8_t key[32];
        lab_random_bytes(lab, key, sizeof(key));
        if (i % 100 == 0) {
            lab_root(lab, key);
            lab_derive(lab, SDV_LABEL_PAIR, true);
            lab_on_memory(lab, SDV_CRYPTO_OP_SEAL, 0, 16,
                          900); /* makes the subkeys */
        }
        lab_random_bytes(lab, lab->memory, sizeof(lab->memory));
        const uint64_t sealing = clocks_of_siv(SDV_CRYPTO_OP_SEAL, len);
        const uint64_t opening = clocks_of_siv(SDV_CRYPTO_OP_OPEN, len);
        cr_assert(lab->out.c_ok);
        cr_assert(to_seal[len] == 0 || to_seal[len] == sealing, "%zu", len);
        cr_assert(to_open[len] == 0 || to_open[len] == opening, "%zu", len);
        to_seal[len] = sealing;
        to_open[len] = opening;
    }
}

static uint64_t clocks_of(unsigned op)
{
    const uint64_t start = lab->clocks;
    cr_assert(lab_service(lab, op));
    return lab->clocks - start;
}

Test(clocks, of_a_random_number_and_of_a_wipe)
{
    static const uint32_t entropy[12] = {1};
    lab_seed(lab, 0, entropy);
    for (unsigned i = 0; i < 5; i++) {
        cr_assert(eq(u64, clocks_of(SDV_CRYPTO_OP_RANDOM), 64));
    }
    cr_assert(eq(u64, clocks_of(SDV_CRYPTO_OP_WIPE), 3));
}
