/* SPDX-License-Identifier: Apache-2.0 */
/* The engines on every member of the AES family against every case of
 * python3-cryptography-vectors that they can express, and against our own key
 * derivations; the core alone is in test_crypto_cavp.c, SIV in
 * test_crypto_siv.c. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "members.h"
#include "vectors.h"

#define LONGEST 512 /* bytes of a field */

static const struct aes_member *member;
static crypto_lab *lab;

static void begin(unsigned param)
{
    member = member_of(param);
    lab = member_open(param);
}

static void drop(void)
{
    if (lab != NULL) {
        lab_close(&lab);
    }
}

TestSuite(published, .fini = drop);

static void expect(const vectors *v, const char *name, const uint8_t *got,
                   size_t len)
{
    uint8_t want[LONGEST];
    cr_assert(ge(sz, vectors_bytes(v, name, want, sizeof(want)), len));
    cr_assert(zero(int, memcmp(got, want, len)), "%s: %s %s", member->name,
              name, vectors_text(v, name));
}

/* False if the member does not take keys of that size. */
static bool key(const vectors *v, const char *name)
{
    uint8_t bytes[32];
    const size_t len = vectors_bytes(v, name, bytes, sizeof(bytes));
    lab_key(lab, bytes, len);
    return member_takes(member, len);
}

/* Of what is published for each size of keys, what the member does. */
static unsigned sizes(void)
{
    return member->keys == 384 ? 2 : 1;
}

static unsigned cmac_file(const char *name)
{
    uint8_t message[LONGEST], mac[16];
    unsigned cases = 0;
    vectors *v = vectors_published(name);
    while (vectors_next(v)) {
        if (!key(v, "KEY")) {
            break;
        }
        const size_t len =
            vectors_bytes(v, "MESSAGE", message, sizeof(message));
        lab_cmac(lab, false, message, len, mac);
        expect(v, "OUTPUT", mac, sizeof(mac));
        cases++;
    }
    vectors_close(&v);
    return cases;
}

MEMBER_TEST(published, cmac, members_on_lanes)
{
    begin(*param);
    cr_assert(eq(uint,
                 cmac_file("CMAC/nist-800-38b-aes128.txt") +
                     cmac_file("CMAC/nist-800-38b-aes256.txt"),
                 4 * sizes()));
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

MEMBER_TEST(published, cavp_sp_800_108_counter_mode_with_cmac, members_on_lanes)
{
    unsigned cases = 0, by_kdf = 0;
    begin(*param);
    vectors *v = vectors_published("KDF/nist-800-108-KBKDF-CTR.txt");
    while (vectors_next(v)) {
        if ((!vectors_is(v, "PRF", "CMAC_AES128") &&
             !vectors_is(v, "PRF", "CMAC_AES256")) ||
            !key(v, "KI")) {
            continue;
        }
        const size_t len = strtoul(vectors_text(v, "L"), NULL, 10) / 8;
        kdf_case_by_cmac(v, len);
        cases++;
        if (vectors_is(v, "CTRLOCATION", "BEFORE_FIXED") &&
            vectors_is(v, "RLEN", "32_BITS")) {
            kdf_case(v, len);
            by_kdf++;
        }
    }
    vectors_close(&v);
    cr_assert(eq(uint, cases, sizes() * 3 * 4 * 40));
    cr_assert(eq(uint, by_kdf, sizes() * 40));
}

/* Through the KDF with the fixed input of the file. */
MEMBER_TEST(published, fixed_inputs_of_sdvault_give_its_keys,
            members_with_long_keys)
{
    unsigned cases = 0;
    begin(*param);
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
