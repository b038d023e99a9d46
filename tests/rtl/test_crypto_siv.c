/* SPDX-License-Identifier: Apache-2.0 */
/* SIV on every member of the AES family: the cases of RFC 5297 and those of
 * python3-cryptography-vectors, and what becomes of them when they are changed:
 * every bit, every end, every order of the strings. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <stdio.h>
#include <string.h>

#include "members.h"
#include "vectors.h"

#define STRINGS 3
#define AT_TEXT 512 /* bytes; the strings come first, then the tag */
#define AT_TAG 256

struct string {
    uint8_t bytes[64];
    size_t len;
};

/* A sealed message. */
struct sealed {
    uint8_t key[64], tag[16];
    size_t key_len, count;
    struct string ads[STRINGS], text, plain;
};

static const struct aes_member *member;
static crypto_lab *lab;
static unsigned opened;

static void drop(void)
{
    if (lab != NULL) {
        lab_close(&lab);
    }
}

TestSuite(siv, .fini = drop);

static void strings(const struct sealed *s)
{
    for (size_t i = 0; i < s->count; i++) {
        memcpy(lab->memory, s->ads[i].bytes, s->ads[i].len);
        lab_siv(lab, SDV_CRYPTO_OP_AD, 0, s->ads[i].len, 0);
    }
}

static bool open_it(const struct sealed *s)
{
    strings(s);
    memcpy(lab->memory + AT_TEXT, s->text.bytes, sizeof(s->text.bytes));
    memcpy(lab->memory + AT_TAG, s->tag, sizeof(s->tag));
    opened++;
    return lab_siv(lab, SDV_CRYPTO_OP_OPEN, AT_TEXT / 4, s->text.len,
                   AT_TAG / 4);
}

/* It is not opened, and no byte of it is left. */
static void expect_refused(const struct sealed *s, const char *why)
{
    static const uint8_t zeros[64];
    cr_assert(not(open_it(s)), "%s: %s", member->name, why);
    cr_assert(zero(int, memcmp(lab->memory + AT_TEXT, zeros, s->text.len)),
              "%s: %s", member->name, why);
}

static void expect_good(const struct sealed *s)
{
    cr_assert(open_it(s), "%s", member->name);
    cr_assert(
        zero(int, memcmp(lab->memory + AT_TEXT, s->plain.bytes, s->plain.len)),
        "%s", member->name);
    strings(s);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, AT_TEXT / 4, s->plain.len, AT_TAG / 4);
    cr_assert(
        zero(int, memcmp(lab->memory + AT_TEXT, s->text.bytes, s->text.len)),
        "%s", member->name);
    cr_assert(zero(int, memcmp(lab->memory + AT_TAG, s->tag, 16)), "%s",
              member->name);
}

static void each_bit(struct sealed *s, uint8_t *bytes, size_t len)
{
    for (size_t bit = 0; bit < 8 * len; bit++) {
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
        expect_refused(s, "a bit");
        bytes[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

/* All that is shorter, and a byte more. */
static void each_length(struct sealed *s, struct string *string)
{
    const size_t whole = string->len;
    string->bytes[whole] = 0;
    for (string->len = 0; string->len <= whole + 1; string->len++) {
        if (string->len != whole) {
            expect_refused(s, "a length");
        }
    }
    string->len = whole;
}

static void swap(struct string *a, struct string *b)
{
    const struct string other = *a;
    *a = *b;
    *b = other;
}

static void each_order(struct sealed *s)
{
    for (size_t i = 0; i < s->count; i++) {
        for (size_t j = i + 1; j < s->count; j++) {
            swap(&s->ads[i], &s->ads[j]);
            expect_refused(s, "an order");
            swap(&s->ads[i], &s->ads[j]);
        }
    }
}

static void each_missing(const struct sealed *s)
{
    for (size_t i = 0; i < s->count; i++) {
        struct sealed less = *s;
        less.count--;
        for (size_t j = i; j < less.count; j++) {
            less.ads[j] = s->ads[j + 1];
        }
        expect_refused(&less, "a string that is missing");
    }
}

static void change(struct sealed *s)
{
    each_bit(s, s->text.bytes, s->text.len);
    each_bit(s, s->tag, sizeof(s->tag));
    each_length(s, &s->text);
    for (size_t i = 0; i < s->count; i++) {
        each_bit(s, s->ads[i].bytes, s->ads[i].len);
        each_length(s, &s->ads[i]);
    }
    each_order(s);
    each_missing(s);
    expect_good(s);
}

static void read_string(const vectors *v, const char *name, struct string *s)
{
    s->len = vectors_bytes(v, name, s->bytes, sizeof(s->bytes));
}

static void read_case(const vectors *v, struct sealed *s)
{
    static const char *const names[STRINGS] = {"AAD", "AAD2", "AAD3"};
    memset(s, 0, sizeof(*s));
    s->key_len = vectors_bytes(v, "Key", s->key, sizeof(s->key));
    vectors_bytes(v, "Tag", s->tag, sizeof(s->tag));
    read_string(v, "Plaintext", &s->plain);
    read_string(v, "Ciphertext", &s->text);
    for (; s->count < STRINGS; s->count++) {
        if (vectors_nth(v, names[s->count], 0) == NULL) {
            break;
        }
        read_string(v, names[s->count], &s->ads[s->count]);
    }
}

static unsigned each_case(vectors *v)
{
    struct sealed s;
    unsigned cases = 0;
    while (vectors_next(v)) {
        if (vectors_is(v, "Cipher", "aes-192-siv")) {
            continue;
        }
        read_case(v, &s);
        if (member_takes(member, s.key_len / 2)) {
            lab_siv_key(lab, s.key, s.key_len);
            expect_good(&s);
            change(&s);
            cases++;
        }
    }
    return cases;
}

/* Appendix A of the RFC is the two cases with keys of 128 bits. */
MEMBER_TEST(siv, published_cases_and_every_change_of_them, members_on_lanes)
{
    member = member_of(*param);
    lab = member_open(*param);
    vectors *v = vectors_published("ciphers/AES/SIV/openssl.txt");
    const unsigned cases = each_case(v);
    vectors_close(&v);
    cr_log_info("%s: %u cases, %u opened or refused", member->name, cases,
                opened);
    cr_assert(eq(uint, cases,
                 2 * member_takes(member, 16) + member_takes(member, 32)));
}
