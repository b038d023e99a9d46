/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto blocks against the examples printed in their standards. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <string.h>

#include "crypto_lab.h"
#include "vectors.h"

static crypto_lab *lab;

static void make(void)
{
    lab = lab_open();
}

static void drop(void)
{
    lab_close(&lab);
}

TestSuite(vectors, .init = make, .fini = drop);

static size_t hex(const char *text, uint8_t *bytes)
{
    return vectors_hex(text, bytes, 64);
}

static void expect(const uint8_t *got, const char *want)
{
    uint8_t bytes[64];
    const size_t len = hex(want, bytes);
    cr_assert(zero(int, memcmp(got, bytes, len)), "%s", want);
}

static void key(const char *text)
{
    uint8_t bytes[64];
    lab_key(lab, bytes, hex(text, bytes));
}

static void expect_aes(const char *in, const char *out)
{
    uint8_t block[16], got[16];
    hex(in, block);
    lab_aes(lab, block, got);
    expect(got, out);
}

Test(vectors, fips_197_appendix_c)
{
    key("000102030405060708090a0b0c0d0e0f");
    expect_aes("00112233445566778899aabbccddeeff",
               "69c4e0d86a7b0430d8cdb78070b4c55a");
    key("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    expect_aes("00112233445566778899aabbccddeeff",
               "8ea2b7ca516745bfeafc49904b496089");
}

#define KEY128 "2b7e151628aed2a6abf7158809cf4f3c"
#define KEY256                                                                 \
    "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4"
#define MESSAGE                                                                \
    "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51"         \
    "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"

/* Four blocks in ECB and in CTR mode, sections F.1 and F.5. */
static void expect_modes(const char *ecb, const char *ctr)
{
    uint8_t text[64], counter[16], out[16], want[64];
    hex(MESSAGE, text);
    hex("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff", counter);
    for (size_t at = 0; at < 64; at += 16) {
        hex(ecb, want);
        lab_aes(lab, text + at, out);
        cr_assert(zero(int, memcmp(out, want + at, 16)), "ECB at %zu", at);
        hex(ctr, want);
        lab_aes(lab, counter, out);
        for (size_t i = 0; i < 16; i++) {
            cr_assert(eq(u8, out[i] ^ text[at + i], want[at + i]));
        }
        counter[14] = (uint8_t)(counter[14] + (counter[15] == 0xFF));
        counter[15]++;
    }
}

Test(vectors, sp_800_38a_ecb_and_ctr)
{
    key(KEY128);
    expect_modes(
        "3ad77bb40d7a3660a89ecaf32466ef97f5d3d58503b9699de785895a96fdbaaf"
        "43b1cd7f598ece23881b00e3ed0306887b0c785e27e8ad3f8223207104725dd4",
        "874d6191b620e3261bef6864990db6ce9806f66b7970fdff8617187bb9fffdff"
        "5ae4df3edbd5d35e5b4f09020db03eab1e031dda2fbe03d1792170a0f3009cee");
    key(KEY256);
    expect_modes(
        "f3eed1bdb5d2a03c064b5a7e3db181f8591ccb10d410ed26dc5ba74a31362870"
        "b6ed21b99ca6f4f9f153e7b1beafed1d23304b7a39f9f3ff067d8d8f9e24ecc7",
        "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c5"
        "2b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6");
}

static void expect_cmac(size_t len, const char *mac)
{
    uint8_t message[64], got[16];
    hex(MESSAGE, message);
    lab_cmac(lab, len != 0, message, len, got);
    expect(got, mac);
}

Test(vectors, sp_800_38b_appendix_d)
{
    key(KEY128);
    expect_cmac(0, "bb1d6929e95937287fa37d129b756746");
    expect_cmac(16, "070a16b46b4d4144f79bdd9dd04a287c");
    expect_cmac(40, "dfa66747de9ae63030ca32611497c827");
    expect_cmac(64, "51f0bebf7e3b9d92fc49741779363cfe");
    key(KEY256);
    expect_cmac(0, "028962f61b7bf89efc6b551f4667d983");
    expect_cmac(16, "28a7023f452e8f82bd4bf28d8c37c35c");
    expect_cmac(40, "aaf3d8f1de5640c232f5b169b9c911e6");
    expect_cmac(64, "e1992190549f6ed5696a2c056c315410");
}

/* Associated data, text and tag at words of the memory. */
#define AT_AD 0
#define AT_TEXT 100
#define AT_TAG 60

static void load(unsigned word, const char *text)
{
    hex(text, lab->memory + 4 * word);
}

static size_t length(const char *text)
{
    uint8_t bytes[64];
    return hex(text, bytes);
}

static void siv(const char *key_text, const char *const *ads, unsigned count,
                const char *text, const char *tag, const char *sealed)
{
    uint8_t bytes[64];
    lab_siv_key(lab, bytes, hex(key_text, bytes));
    for (unsigned open = 0; open < 2; open++) {
        for (unsigned i = 0; i < count; i++) {
            load(AT_AD, ads[i]);
            lab_siv(lab, SDV_CRYPTO_OP_AD, AT_AD, length(ads[i]), 0);
        }
        load(AT_TEXT, open != 0 ? sealed : text);
        cr_assert(lab_siv(lab,
                          open != 0 ? SDV_CRYPTO_OP_OPEN : SDV_CRYPTO_OP_SEAL,
                          AT_TEXT, length(text), AT_TAG));
        expect(lab->memory + 4 * AT_TEXT, open != 0 ? text : sealed);
        expect(lab->memory + 4 * AT_TAG, tag);
    }
}

#define KEY_A1                                                                 \
    "fffefdfcfbfaf9f8f7f6f5f4f3f2f1f0f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff"
#define AD_A1 "101112131415161718191a1b1c1d1e1f2021222324252627"

Test(vectors, rfc_5297_appendix_a1)
{
    const char *const ads[] = {AD_A1};
    siv(KEY_A1, ads, 1, "112233445566778899aabbccddee",
        "85632d07c6e8f37f950acd320a2ecc93", "40c02b9690c4dc04daef7f6afe5c");
}

Test(vectors, rfc_5297_appendix_a2)
{
    const char *const ads[] = {
        ("00112233445566778899aabbccddeeffdeaddadadeaddadaffeeddccbbaa9988"
         "7766554433221100"),
        "102030405060708090a0", "09f911029d74e35bd84156c5635688c0"};
    siv("7f7e7d7c7b7a79787776757473727170404142434445464748494a4b4c4d4e4f", ads,
        3,
        "7468697320697320736f6d6520706c61696e7465787420746f20656e63727970"
        "74207573696e67205349562d414553",
        "7bdb6e3b432667eb06f4d14bff2fbd0f",
        "cb900f2fddbe404326601965c889bf17dba77ceb094fa663b7a3f748ba8af829"
        "ea64ad544a272e9c485b62a3fd5c0d");
}

/* libcrypto seals no empty text: the tag is the CMAC, by libcrypto, of what
 * section 2.4 of the RFC says, under the key of appendix A.1. */
Test(vectors, rfc_5297_with_an_empty_text)
{
    const char *const ads[] = {AD_A1};
    siv(KEY_A1, ads, 0, "", "f2007a5beb2b8900c588a7adf599f172", "");
    siv(KEY_A1, ads, 1, "", "b9d5cc97054dcd3f6dfda629d4f4d313", "");
}
