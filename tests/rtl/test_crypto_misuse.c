/* SPDX-License-Identifier: Apache-2.0 */
/* Engines that are wiped or reset at any clock of their work. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <string.h>

#include "crypto_lab.h"
#include "reference.h"

#define ROUNDS 400
#define TEXT 512 /* bytes: where the text is, */
#define TAG 256  /* and its tag */

static crypto_lab *lab;
static uint8_t key[64], data[100];

static void make(void)
{
    lab = lab_open();
    lab_random_bytes(lab, data, sizeof(data));
}

static void drop(void)
{
    lab_close(&lab);
}

TestSuite(misuse, .init = make, .fini = drop, .timeout = 60);

/* Some clocks of work, then a wipe or a reset, of one clock. */
static void disturb(bool *pin)
{
    for (unsigned clocks = lab_random(lab) % 150; clocks > 0; clocks--) {
        lab_clock(lab);
        lab->in.start = lab->in.seed = false;
    }
    lab->in.start = lab->in.seed = lab->in.valid = false;
    *pin = true;
    lab_clock(lab);
    *pin = false;
    lab_clock(lab);
    cr_assert(not(lab->out.busy));
    cr_assert(not(lab->out.valid));
    cr_assert(not(lab->out.mem_we));
    cr_assert(not(lab->out.entropy_req));
}

static bool *random_pin(void)
{
    return lab_random(lab) % 2 != 0 ? &lab->in.wipe : &lab->in.reset;
}

/* The engine is in the middle of something with another key. */
static void begin(unsigned engine)
{
    lab_random_bytes(lab, key, sizeof(key));
    lab_key(lab, key, 32);
    lab->in.unit = (uint8_t)engine;
    lab->in.start = true;
    lab->in.ready = false;
}

Test(misuse, aes_forgets_a_block)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t out[16], want[16];
        begin(ENGINE_AES);
        lab->in.valid = true;
        disturb(random_pin());
        lab_aes(lab, data, out);
        ref_aes(key, 32, data, want);
        cr_assert(zero(int, memcmp(out, want, 16)));
    }
}

/* "Same key" is not believed after a wipe. */
Test(misuse, cmac_forgets_chain_and_subkey)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t mac[16], want[16];
        begin(ENGINE_CMAC);
        lab->in.same_key = false;
        lab->in.valid = true;
        lab->in.last = false;
        disturb(random_pin());
        lab_random_bytes(lab, key, 32);
        lab_key(lab, key, 32);
        lab_cmac(lab, true, data, sizeof(data), mac);
        ref_cmac(key, 32, data, sizeof(data), want);
        cr_assert(zero(int, memcmp(mac, want, 16)));
    }
}

Test(misuse, kdf_forgets_its_place)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        uint8_t out[64], want[64];
        begin(ENGINE_KDF);
        lab->in.same_key = false;
        lab->in.blocks = 4;
        lab->in.length = 40;
        disturb(random_pin());
        lab_random_bytes(lab, key, 32);
        lab_key(lab, key, 32);
        lab_kdf(lab, true, data, 33, 3, out);
        ref_kdf(key, 32, data, 33, want, 48);
        cr_assert(zero(int, memcmp(out, want, 48)));
    }
}

static void expect_siv(void)
{
    uint8_t sealed[sizeof(data)], tag[16];
    const struct ref_ad ad = {data, 20};
    memcpy(lab->memory, data, 20);
    memcpy(lab->memory + TEXT, data, sizeof(data));
    lab_siv(lab, SDV_CRYPTO_OP_AD, 0, 20, 0);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, TEXT / 4, sizeof(data), TAG / 4);
    ref_siv_seal(key, 64, &ad, 1, data, sizeof(data), sealed, tag);
    cr_assert(zero(int, memcmp(lab->memory + TEXT, sealed, sizeof(data))));
    cr_assert(zero(int, memcmp(lab->memory + TAG, tag, 16)));
}

/* The new key is not announced: a wipe forgets what was made of the old one. */
Test(misuse, siv_forgets_strings_and_subkeys)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        begin(ENGINE_SIV);
        lab_siv_key(lab, key, 64);
        lab->in.op = (uint8_t)(SDV_CRYPTO_OP_AD + lab_random(lab) % 3);
        lab->in.len = (uint16_t)(lab_random(lab) % 200);
        disturb(random_pin());
        lab_random_bytes(lab, key, sizeof(key));
        lab_siv_key(lab, key, 64);
        lab->in.same_key = true;
        expect_siv();
    }
}

Test(misuse, siv_drops_the_strings_when_told)
{
    lab_random_bytes(lab, key, sizeof(key));
    lab_siv_key(lab, key, 64);
    for (unsigned i = 0; i < ROUNDS; i++) {
        lab_siv(lab, SDV_CRYPTO_OP_AD, 3, lab_random(lab) % 90, 0);
        lab->in.restart = true;
        lab_clock(lab);
        lab->in.restart = false;
        expect_siv();
    }
}

/* Without a seed there is no answer, whatever was there before. */
Test(misuse, drbg_forgets_its_seed)
{
    static const uint32_t entropy[12] = {1, 2, 3};
    for (unsigned i = 0; i < ROUNDS; i++) {
        lab_seed(lab, 5, entropy);
        cr_assert(lab->out.seeded);
        begin(ENGINE_DRBG);
        disturb(random_pin());
        cr_assert(not(lab->out.seeded));
        lab->in.start = true;
        for (unsigned clocks = 0; clocks < 100; clocks++) {
            lab_clock(lab);
            lab->in.start = false;
            cr_assert(not(lab->out.done));
            cr_assert(not(lab->out.busy));
        }
        for (unsigned word = 0; word < 4; word++) {
            cr_assert(eq(u32, lab->out.block[word], 0));
        }
    }
}
