/* SPDX-License-Identifier: Apache-2.0 */
/* More than a million random blocks and a hundred thousand random messages of
 * every class of length, over all members of the AES family, against libcrypto.
 */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <string.h>

#include "messages.h"
#include "reference.h"

#define DRAWS 20 /* from one seed to the next: ReseedInterval of the top */

static const struct aes_member *member;
static crypto_lab *lab;
static unsigned cases; /* of the test */

static void begin(unsigned param, enum cases kind)
{
    member = member_of(param);
    lab = member_open(param);
    lab->random += param * 0x9E3779B97F4A7C15u; /* other cases for each */
    cases = cases_of(kind, param);
    cr_log_info("%s: %u cases, seed %llu", member->name, cases,
                (unsigned long long)lab->random);
}

static void drop(void)
{
    if (lab != NULL) {
        lab_close(&lab);
    }
}

TestSuite(random, .fini = drop, .timeout = 300);

static size_t below(size_t limit)
{
    return lab_random(lab) % limit;
}

static void expect(const uint8_t *got, const uint8_t *want, size_t len,
                   unsigned number)
{
    cr_assert(zero(int, memcmp(got, want, len)), "%s: case %u", member->name,
              number);
}

/* ---- Blocks ---- */

/* One after the other, half of them with the key of the one before. */
MEMBER_TEST(random, aes_does_what_libcrypto_does, members_each)
{
    uint8_t key[32];
    size_t len = 0;
    begin(*param, CASES_BLOCK);
    ref_chain *chain = ref_chain_new();
    for (unsigned i = 0; i < cases; i++) {
        uint8_t in[16], out[16], want[16];
        lab->in.same_key = i != 0 && below(2) != 0;
        lab->in.decrypt = member->decrypts && below(2) != 0;
        if (!lab->in.same_key) {
            len = random_key(lab, member, 1, key);
            lab_key(lab, key, len);
        }
        lab_random_bytes(lab, in, sizeof(in));
        lab_block(lab, in, out);
        ref_chain_begin(chain, lab->in.decrypt, key, len, NULL);
        ref_chain_blocks(chain, in, want, sizeof(in));
        expect(out, want, sizeof(out), i);
    }
    ref_chain_free(&chain);
}

/* Blocks with keys of their own, offered and fetched at random moments. */
struct queue {
    ref_chain *chain;
    uint8_t want[2][16]; /* of the block that is in, and of the one offered */
    unsigned sent, got;
};

static void offer(struct queue *q)
{
    uint8_t key[32], in[16];
    const size_t len = random_key(lab, member, 1, key);
    lab_random_bytes(lab, in, sizeof(in));
    lab_key(lab, key, len);
    lab_wide(lab->in.block, 4, in, sizeof(in));
    lab->in.decrypt = member->decrypts && below(2) != 0;
    ref_chain_begin(q->chain, lab->in.decrypt, key, len, NULL);
    ref_chain_blocks(q->chain, in, q->want[q->sent % 2], sizeof(in));
    lab->in.valid = true;
}

static void fetch(struct queue *q)
{
    uint8_t out[16];
    lab_bytes(out, lab->out.block);
    expect(out, q->want[q->got % 2], sizeof(out), q->got);
    q->got++;
}

MEMBER_TEST(random, aes_waits_and_keeps_the_order, members_each)
{
    struct queue q = {.chain = ref_chain_new()};
    begin(*param, CASES_CMAC);
    lab->in.unit = ENGINE_AES;
    while (q.got < cases) {
        if (!lab->in.valid && below(3) != 0) {
            offer(&q);
        }
        lab->in.ready = below(3) != 0;
        lab_clock(lab);
        if (lab->out.valid && lab->in.ready) {
            fetch(&q);
        }
        if (lab->in.valid && lab->out.ready) {
            lab->in.valid = false;
            q.sent++;
        }
    }
    ref_chain_free(&q.chain);
}

/* ---- CMAC and KDF ---- */

MEMBER_TEST(random, cmac_authenticates_as_libcrypto_does, members_on_lanes)
{
    uint8_t key[32];
    size_t len = 0;
    begin(*param, CASES_CMAC);
    for (unsigned i = 0; i < cases; i++) {
        uint8_t message[512], mac[16], want[16];
        const bool same = i != 0 && below(2) != 0;
        if (!same) {
            len = random_key(lab, member, 1, key);
            lab_key(lab, key, len);
        }
        const size_t size = length_of_class(
            lab, i % LENGTH_CLASSES, below(8) == 0 ? sizeof(message) : 80);
        lab_random_bytes(lab, message, size);
        lab_cmac(lab, same, message, size, mac);
        ref_cmac(key, len, message, size, want);
        expect(mac, want, sizeof(mac), i);
    }
}

/* Fixed inputs of all lengths: with the counter before them they end anywhere
 * in a block. */
MEMBER_TEST(random, kdf_derives_as_libcrypto_does, members_on_lanes)
{
    uint8_t key[32];
    size_t len = 0;
    begin(*param, CASES_KDF);
    for (unsigned i = 0; i < cases; i++) {
        uint8_t fixed[64], out[64], want[64];
        const bool same = i != 0 && below(4) != 0;
        if (!same) {
            len = random_key(lab, member, 1, key);
            lab_key(lab, key, len);
        }
        const size_t size = i % (sizeof(fixed) + 1);
        const unsigned blocks = 1 + (unsigned)below(4);
        lab_random_bytes(lab, fixed, size);
        lab_kdf(lab, same, fixed, size, blocks, out);
        ref_kdf(key, len, fixed, size, want, (size_t)16 * blocks);
        expect(out, want, (size_t)16 * blocks, i);
    }
}

/* ---- SIV ---- */

#define STRINGS 3
#define AT_TEXT 384 /* bytes; the strings stand below, the tag above */
#define AT_TAG 1008

struct message {
    uint8_t key[64];
    size_t key_len;
    uint8_t strings[STRINGS][200];
    struct ref_ad ads[STRINGS];
    size_t count;
    uint8_t text[600];
    size_t len;
    uint8_t sealed[600], tag[16];
};

/* libcrypto seals no empty text; an empty string is a string. */
static void random_message(struct message *m)
{
    m->key_len = random_key(lab, member, 2, m->key);
    m->count = below(STRINGS + 1);
    for (size_t i = 0; i < m->count; i++) {
        m->ads[i].bytes = m->strings[i];
        m->ads[i].len = length_of_class(lab, below(LENGTH_CLASSES), 64);
        lab_random_bytes(lab, m->strings[i], m->ads[i].len);
    }
    m->len = length_of_class(lab, 1 + below(LENGTH_CLASSES - 1),
                             below(8) == 0 ? sizeof(m->text) : 80);
    lab_random_bytes(lab, m->text, m->len);
    ref_siv_seal(m->key, m->key_len, m->ads, m->count, m->text, m->len,
                 m->sealed, m->tag);
}

static bool run(const struct message *m, unsigned op, const uint8_t *text,
                const uint8_t tag[16])
{
    for (size_t i = 0; i < m->count; i++) {
        memcpy(lab->memory, m->ads[i].bytes, m->ads[i].len);
        lab_siv(lab, SDV_CRYPTO_OP_AD, 0, m->ads[i].len, 0);
    }
    memcpy(lab->memory + AT_TEXT, text, m->len);
    memcpy(lab->memory + AT_TAG, tag, 16);
    return lab_siv(lab, op, AT_TEXT / 4, m->len, AT_TAG / 4);
}

/* The memory holds this text and tag and is otherwise as it was. */
static void expect_memory(const uint8_t *before, const uint8_t *text,
                          size_t len, const uint8_t tag[16], unsigned number)
{
    expect(lab->memory + AT_TEXT, text, len, number);
    expect(lab->memory + AT_TAG, tag, 16, number);
    expect(lab->memory + AT_TEXT + len, before + AT_TEXT + len,
           AT_TAG - AT_TEXT - len, number);
}

static void check(const struct message *m, unsigned number)
{
    uint8_t before[LAB_MEMORY];
    lab_random_bytes(lab, lab->memory, sizeof(lab->memory));
    memcpy(before, lab->memory, sizeof(before));
    lab_siv_key(lab, m->key, m->key_len);
    cr_assert(run(m, SDV_CRYPTO_OP_SEAL, m->text, before));
    expect_memory(before, m->sealed, m->len, m->tag, number);
    cr_assert(run(m, SDV_CRYPTO_OP_OPEN, m->sealed, m->tag));
    expect_memory(before, m->text, m->len, m->tag, number);
}

MEMBER_TEST(random, siv_seals_and_opens_as_libcrypto_does, members_on_lanes)
{
    static struct message m;
    begin(*param, CASES_SIV);
    for (unsigned i = 0; i < cases; i++) {
        random_message(&m);
        check(&m, i);
    }
}

static void flip(uint8_t *bytes, size_t len)
{
    const size_t bit = below(8 * len);
    bytes[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
}

/* Make a good message a bad one. */
static void tamper(struct message *m)
{
    const size_t kind = below(6);
    if (kind == 0 && m->len > 1) {
        m->len--;
    } else if (kind == 1) {
        m->sealed[m->len++] = 0;
    } else if (kind == 2 && m->count > 0) {
        m->count--;
    } else if (kind == 3 && m->count > 1 && m->ads[0].len != m->ads[1].len) {
        const struct ref_ad first = m->ads[0];
        m->ads[0] = m->ads[1];
        m->ads[1] = first;
    } else if (kind == 4 && m->count > 0 && m->ads[0].len > 0) {
        flip(m->strings[0], m->ads[0].len);
    } else if (kind == 5) {
        flip(m->tag, sizeof(m->tag));
    } else {
        flip(m->sealed, m->len);
    }
}

MEMBER_TEST(random, siv_refuses_what_was_tampered_with, members_on_lanes)
{
    static struct message m;
    static const uint8_t zeros[sizeof(m.text) + 1];
    uint8_t before[LAB_MEMORY];
    begin(*param, CASES_TAMPER);
    for (unsigned i = 0; i < cases; i++) {
        random_message(&m);
        m.len = m.len == sizeof(m.text) ? m.len - 1 : m.len;
        tamper(&m);
        lab_siv_key(lab, m.key, m.key_len);
        memcpy(before, lab->memory, sizeof(before));
        cr_assert(not(run(&m, SDV_CRYPTO_OP_OPEN, m.sealed, m.tag)), "case %u",
                  i);
        expect_memory(before, zeros, m.len, m.tag, i);
    }
}

/* ---- CTR_DRBG ---- */

static void random_entropy(uint32_t words[12], uint8_t bytes[48])
{
    lab_random_bytes(lab, bytes, 48);
    for (size_t i = 0; i < 12; i++) {
        words[i] = (uint32_t)bytes[4 * i] << 24 |
                   (uint32_t)bytes[4 * i + 1] << 16 |
                   (uint32_t)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
    }
}

static ref_drbg *seed_both(void)
{
    uint32_t words[12];
    uint8_t entropy[48], personalization[48] = {0};
    const uint32_t word = lab_random(lab);
    for (unsigned i = 0; i < 4; i++) {
        personalization[i] = (uint8_t)(word >> (24 - 8 * i));
    }
    random_entropy(words, entropy);
    lab_seed(lab, word, words);
    return ref_drbg_new(entropy, personalization);
}

/* The generator reseeds itself with the words that wait for it. */
static void reseed_reference(ref_drbg *reference)
{
    uint8_t entropy[48];
    random_entropy(lab->entropy, entropy);
    lab->entropy_used = 0;
    lab->entropy_len = 12;
    ref_drbg_reseed(reference, entropy);
}

MEMBER_TEST(random, drbg_draws_what_libcrypto_draws, members_with_long_keys)
{
    begin(*param, CASES_DRBG);
    ref_drbg *reference = seed_both();
    unsigned used = 0;
    for (unsigned i = 0; i < cases; i++, used++) {
        uint8_t out[16], want[16];
        if (below(50) == 0) {
            ref_drbg_free(&reference);
            reference = seed_both();
            used = 0;
        }
        if (used == DRAWS) {
            reseed_reference(reference);
            used = 0;
        }
        lab_draw(lab, out);
        ref_drbg_draw(reference, want);
        expect(out, want, sizeof(out), i);
    }
    ref_drbg_free(&reference);
}

/* ---- All together ---- */

static unsigned total(enum cases kind, struct criterion_test_params params)
{
    const unsigned *each = params.params;
    unsigned sum = 0;
    for (size_t i = 0; i < params.length; i++) {
        sum += cases_of(kind, each[i]);
    }
    return sum;
}

Test(random, are_a_million_blocks_and_a_hundred_thousand_messages)
{
    cr_assert(ge(uint, total(CASES_BLOCK, members_each()), 1000000));
    const unsigned messages = total(CASES_CMAC, members_on_lanes()) +
                              total(CASES_KDF, members_on_lanes()) +
                              2 * total(CASES_SIV, members_on_lanes());
    cr_log_info("%u messages", messages);
    cr_assert(ge(uint, messages, 100000));
}
