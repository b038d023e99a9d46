/* SPDX-License-Identifier: Apache-2.0 */
/* Every bit of the state of every controller turns over in every state: within
 * two clocks there is an error, and nothing valid comes out any more. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <stdio.h>
#include <string.h>

#include "faults.h"
#include "members.h"

static const uint8_t key[64] = "sixty-four bytes of a key that nobody needs to "
                               "keep secret....";
static const uint8_t data[160] = "what a message may be";

static void expect_all(struct fault_count sum, const char *name)
{
    cr_log_info("%s: %u guards, %u states, %u pairs", name, sum.guards,
                sum.states, sum.pairs);
    cr_assert(gt(uint, sum.pairs, 0), "%s", name);
    cr_assert(zero(uint, sum.late), "%s", name);
    cr_assert(zero(uint, sum.leaks), "%s", name);
    cr_assert(zero(uint, sum.unreached), "%s", name);
}

/* A clock of rest. */
static void begin(crypto_lab *lab, unsigned engine)
{
    lab->in.unit = (uint8_t)engine;
    lab_clock(lab);
}

/* ---- Cores ---- */

/* A block that is fetched late, one at once behind it, and a wipe. */
static void two_blocks(crypto_lab *lab)
{
    for (unsigned i = 0; i < 2; i++) {
        lab->in.valid = true;
        do {
            lab_clock(lab);
        } while (!lab->out.ready);
        lab->in.valid = i == 0;
        lab->in.same_key = i == 0;
        lab->in.ready = false;
        while (!lab->out.valid) {
            lab_clock(lab);
        }
        lab->in.ready = true;
    }
    lab_clock(lab);
    lab->in.valid = true;
    lab->in.same_key = false;
    lab_clock(lab);
    lab->in.valid = false;
    lab_clock(lab);
    lab->in.wipe = true;
    lab_clock(lab);
    lab->in.wipe = false;
}

static void core_with(crypto_lab *lab, size_t key_len, bool decrypt)
{
    lab_key(lab, key, key_len);
    lab->in.decrypt = decrypt;
    two_blocks(lab);
    lab->in.same_key = false;
}

static void core_blocks(crypto_lab *lab)
{
    const struct aes_member *member = member_of(lab->in.member);
    begin(lab, ENGINE_AES);
    for (size_t len = 16; len <= 32; len += 16) {
        if (member_takes(member, len)) {
            core_with(lab, len, false);
            if (member->decrypts) {
                core_with(lab, len, true);
            }
        }
    }
}

MEMBER_TEST(fault, of_a_core_is_noticed, members_each)
{
    char guards[64];
    snprintf(guards, sizeof(guards), "u_bank.g_member__BRA__%u__KET__", *param);
    const struct fault_scenario scenario = {member_of(*param)->name,
                                            core_blocks, guards, ERROR_AES};
    crypto_lab *lab = member_open(*param);
    expect_all(faults_all(lab, &scenario), scenario.name);
    lab_close(&lab);
}

/* ---- Engines ---- */

static void messages(crypto_lab *lab)
{
    static const struct {
        uint8_t len;
        bool same;
    } cases[] = {{0, false}, {40, true}, {16, true}, {48, false}};
    uint8_t mac[16];
    begin(lab, ENGINE_CMAC);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        lab_key(lab, key, i < 3 ? 16 : 32);
        lab_cmac(lab, cases[i].same, data, cases[i].len, mac);
    }
}

static void derivations(crypto_lab *lab)
{
    uint8_t out[64];
    begin(lab, ENGINE_KDF);
    lab_key(lab, key, 32);
    lab_kdf(lab, false, data, 64, 4, out);
    lab_kdf(lab, true, data, 12, 1, out);
    lab_kdf(lab, true, data, 0, 2, out);
}

static void license(crypto_lab *lab)
{
    begin(lab, ENGINE_SIV);
    lab_siv_key(lab, key, 64);
    memcpy(lab->memory, data, sizeof(data));
    lab_siv(lab, SDV_CRYPTO_OP_AD, 0, 23, 0);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, 10, 70, 100);
    lab_siv(lab, SDV_CRYPTO_OP_AD, 0, 23, 0);
    lab_siv(lab, SDV_CRYPTO_OP_OPEN, 10, 70, 100);
    lab_siv(lab, SDV_CRYPTO_OP_OPEN, 10, 33, 101);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, 10, 0, 100);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, 10, 7, 100);
}

static void license_on_two_lanes(crypto_lab *lab)
{
    lab->in.two_lanes = true;
    license(lab);
}

static void numbers(crypto_lab *lab)
{
    static const uint32_t entropy[12] = {1, 2, 3};
    uint8_t out[16];
    begin(lab, ENGINE_DRBG);
    lab_seed(lab, 5, entropy);
    for (unsigned i = 0; i < 21; i++) {
        lab->entropy_used = i == 20 ? 0 : lab->entropy_used;
        lab_draw(lab, out);
    }
}

static void service(crypto_lab *lab)
{
    static const uint32_t entropy[12] = {1, 2, 3};
    lab->in.c_use = true;
    lab_clock(lab);
    lab_root(lab, key);
    lab_seed(lab, 5, entropy);
    lab_service(lab, SDV_CRYPTO_OP_RANDOM);
    lab_derive(lab, SDV_LABEL_STORE, false);
    lab_derive(lab, SDV_LABEL_CARD, true);
    lab_on_memory(lab, SDV_CRYPTO_OP_AD, 0, 23, 0);
    lab_on_memory(lab, SDV_CRYPTO_OP_SEAL, 40, 70, 400);
    lab_on_memory(lab, SDV_CRYPTO_OP_OPEN, 40, 70, 400);
    lab_service(lab, SDV_CRYPTO_OP_WIPE);
}

static const struct fault_scenario engines[] = {
    {"cmac", messages, "sdv_crypto_top.u_cmac.", ERROR_CMAC},
    {"kdf", derivations, "sdv_crypto_top.u_kdf.", ERROR_KDF},
    {"cmac of kdf", derivations, "sdv_crypto_top.u_cmac.", ERROR_CMAC},
    {"siv", license, "sdv_crypto_top.u_siv.", ERROR_SIV},
    {"drbg", numbers, "sdv_crypto_top.u_drbg.", ERROR_DRBG},
    {"lanes", messages, "sdv_crypto_top.u_lanes.", ERROR_LANES},
    {"lanes of siv", license, "sdv_crypto_top.u_lanes.", ERROR_LANES},
    {"two lanes of siv", license_on_two_lanes, "sdv_crypto_top.u_lanes.",
     ERROR_LANES},
    {"sdv_crypto", service, "sdv_crypto_top.u_crypto.", ERROR_CRYPTO},
};

ParameterizedTestParameters(fault, of_an_engine_is_noticed)
{
    static unsigned numbers[sizeof(engines) / sizeof(engines[0])];
    const size_t count = sizeof(numbers) / sizeof(numbers[0]);
    for (unsigned i = 0; i < count; i++) {
        numbers[i] = i;
    }
    return cr_make_param_array(unsigned, numbers, count);
}

ParameterizedTest(unsigned *number, fault, of_an_engine_is_noticed)
{
    crypto_lab *lab = lab_open();
    expect_all(faults_all(lab, &engines[*number]), engines[*number].name);
    lab_close(&lab);
}
