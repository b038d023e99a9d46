/* SPDX-License-Identifier: Apache-2.0 */
/* The crypto blocks against every case of python3-cryptography-vectors that
 * they can express, and against our own key derivations. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "crypto_lab.h"
#include "vectors.h"

#define LONGEST 512 /* bytes of a field */

static crypto_lab *lab;

static void make(void)
{
    lab = lab_open();
}

static void drop(void)
{
    lab_close(&lab);
}

TestSuite(published, .init = make, .fini = drop);

static void expect(const vectors *v, const char *name, const uint8_t *got,
                   size_t len)
{
    uint8_t want[LONGEST];
    cr_assert(ge(sz, vectors_bytes(v, name, want, sizeof(want)), len));
    cr_assert(zero(int, memcmp(got, want, len)), "%s %s", name,
              vectors_text(v, name));
}

static void key(const vectors *v, const char *name)
{
    uint8_t bytes[32];
    lab_key(lab, bytes, vectors_bytes(v, name, bytes, sizeof(bytes)));
}

static unsigned ecb_file(const char *name)
{
    uint8_t in[LONGEST], out[LONGEST];
    unsigned cases = 0;
    vectors *v = vectors_published(name);
    while (vectors_next(v)) {
        if (vectors_is(v, "SECTION", "ENCRYPT")) {
            key(v, "KEY");
            const size_t len = vectors_bytes(v, "PLAINTEXT", in, sizeof(in));
            for (size_t at = 0; at < len; at += 16) {
                lab_aes(lab, in + at, out + at);
            }
            expect(v, "CIPHERTEXT", out, len);
            cases++;
        }
    }
    vectors_close(&v);
    return cases;
}

Test(published, cavp_aes_ecb)
{
    static const char *const kinds[] = {"GFSbox", "KeySbox", "MMT", "VarKey",
                                        "VarTxt"};
    unsigned cases = 0;
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        for (unsigned bits = 128; bits <= 256; bits += 128) {
            char name[64];
            snprintf(name, sizeof(name), "ciphers/AES/ECB/ECB%s%u.rsp",
                     kinds[i], bits);
            cases += ecb_file(name);
        }
    }
    cr_assert(eq(uint, cases, 7 + 5 + 21 + 16 + 10 + 10 + 128 + 256 + 2 * 128));
}

static unsigned cmac_file(const char *name)
{
    uint8_t message[LONGEST], mac[16];
    unsigned cases = 0;
    vectors *v = vectors_published(name);
    while (vectors_next(v)) {
        key(v, "KEY");
        const size_t len =
            vectors_bytes(v, "MESSAGE", message, sizeof(message));
        lab_cmac(lab, false, message, len, mac);
        expect(v, "OUTPUT", mac, sizeof(mac));
        cases++;
    }
    vectors_close(&v);
    return cases;
}

Test(published, cmac)
{
    cr_assert(eq(uint, cmac_file("CMAC/nist-800-38b-aes128.txt"), 4));
    cr_assert(eq(uint, cmac_file("CMAC/nist-800-38b-aes256.txt"), 4));
}

/* As sdv_kdf sees it: the counter has 32 bits and comes first. */
static void kdf_case(const vectors *v, size_t len)
{
    uint8_t fixed[LONGEST], out[64];
    const size_t fixed_len =
        vectors_bytes(v, "FixedInputData", fixed, sizeof(fixed));
    lab_kdf(lab, false, fixed, fixed_len, (unsigned)(len + 15) / 16, out);
    expect(v, "KO", out, len);
}

/* Wherever the counter is: each block is the CMAC of what the file spells out
 * for it. */
static void kdf_case_by_cmac(const vectors *v, size_t len)
{
    uint8_t message[LONGEST], out[LONGEST];
    const char *text;
    for (unsigned i = 0; (text = vectors_nth(v, "instring", i)) != NULL; i++) {
        lab_cmac(lab, i != 0, message,
                 vectors_hex(text, message, sizeof(message)), out + 16 * i);
    }
    expect(v, "KO", out, len);
}

Test(published, cavp_sp_800_108_counter_mode_with_cmac)
{
    unsigned cases = 0, by_kdf = 0;
    vectors *v = vectors_published("KDF/nist-800-108-KBKDF-CTR.txt");
    while (vectors_next(v)) {
        if (!vectors_is(v, "PRF", "CMAC_AES128") &&
            !vectors_is(v, "PRF", "CMAC_AES256")) {
            continue;
        }
        const size_t len = strtoul(vectors_text(v, "L"), NULL, 10) / 8;
        key(v, "KI");
        kdf_case_by_cmac(v, len);
        cases++;
        if (vectors_is(v, "CTRLOCATION", "BEFORE_FIXED") &&
            vectors_is(v, "RLEN", "32_BITS")) {
            kdf_case(v, len);
            by_kdf++;
        }
    }
    vectors_close(&v);
    cr_assert(eq(uint, cases, 2 * 3 * 4 * 40));
    cr_assert(eq(uint, by_kdf, 2 * 40));
}

/* Strings of associated data are AAD, AAD2, ... */
static void siv_ads(const vectors *v)
{
    char name[8] = "AAD";
    for (unsigned n = 2; vectors_nth(v, name, 0) != NULL; n++) {
        const size_t len = vectors_bytes(v, name, lab->memory, LONGEST);
        lab_siv(lab, SDV_CRYPTO_OP_AD, 0, len, 0);
        snprintf(name, sizeof(name), "AAD%u", n);
    }
}

static void siv_case(const vectors *v)
{
    uint8_t bytes[64];
    uint8_t *text = lab->memory + 512, *tag = lab->memory + 256;
    lab_siv_key(lab, bytes, vectors_bytes(v, "Key", bytes, sizeof(bytes)));
    siv_ads(v);
    const size_t len = vectors_bytes(v, "Plaintext", text, LONGEST);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, 512 / 4, len, 256 / 4);
    expect(v, "Ciphertext", text, len);
    expect(v, "Tag", tag, 16);
    siv_ads(v);
    cr_assert(lab_siv(lab, SDV_CRYPTO_OP_OPEN, 512 / 4, len, 256 / 4));
    expect(v, "Plaintext", text, len);
}

Test(published, aes_siv)
{
    unsigned cases = 0;
    vectors *v = vectors_published("ciphers/AES/SIV/openssl.txt");
    while (vectors_next(v)) {
        if (!vectors_is(v, "Cipher", "aes-192-siv")) {
            siv_case(v);
            cases++;
        }
    }
    vectors_close(&v);
    cr_assert(eq(uint, cases, 3));
}

/* Through the KDF with the fixed input of the file. */
Test(published, fixed_inputs_of_sdvault_give_its_keys)
{
    unsigned cases = 0;
    vectors *v = vectors_own("kdf_sdvault.kat");
    while (vectors_next(v)) {
        uint8_t fixed[64], out[64];
        const size_t fixed_len =
            vectors_bytes(v, "FIXED", fixed, sizeof(fixed));
        const size_t len = strtoul(vectors_text(v, "L"), NULL, 10) / 8;
        key(v, "KEY");
        lab_kdf(lab, false, fixed, fixed_len, (unsigned)len / 16, out);
        expect(v, "OUT", out, len);
        cases++;
    }
    vectors_close(&v);
    cr_assert(eq(uint, cases, 15));
}
