/* SPDX-License-Identifier: Apache-2.0 */
/* The key tree, and sealing and opening. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <openssl/evp.h>

#include <sdvault/seal.h>

#include "bytes.h"
#include "vectors.h"

#define MEDIUM UINT64_C(0x0123456789ABCDEF)
#define APPARATUS UINT64_C(0x1122334455667788)

static void fill(uint8_t *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)sdv_random(&seed);
    }
}

/* ---- KDF ---- */

/* The formula of SP 800-108, block by block. */
static void by_hand(const uint8_t *key, const char *label,
                    const uint8_t *context, size_t size, uint8_t *out,
                    size_t out_size)
{
    for (uint32_t i = 1; 16 * (i - 1) < out_size; i++) {
        uint8_t message[128];
        uint8_t mac[16];
        size_t used = 4;
        size_t mac_size;

        sdv_put32(message, i);
        memcpy(message + used, label, strlen(label));
        used += strlen(label);
        message[used++] = 0;
        memcpy(message + used, context, size);
        used += size;
        sdv_put32(message + used, (uint32_t)(8 * out_size));
        used += 4;
        cr_assert(ne(ptr,
                     EVP_Q_mac(NULL, "CMAC", NULL, "AES-256-CBC", NULL, key, 32,
                               message, used, mac, sizeof(mac), &mac_size),
                     NULL));
        memcpy(out + 16 * (i - 1), mac, 16);
    }
}

Test(seal_kdf, is_counter_label_zero_context_length)
{
    static const char *const labels[] = {"sdvault/card", "sdvault/issue",
                                         "sdvault/content-id", ""};
    uint8_t key[32];
    uint8_t context[17];
    uint8_t out[64];
    uint8_t expected[64];

    for (unsigned i = 0; i < 100; i++) {
        const size_t size = i % 18;
        const size_t out_size = 16 * (1 + i % 4);

        fill(key, sizeof(key), i);
        fill(context, sizeof(context), 1000 + i);
        by_hand(key, labels[i % 4], context, size, expected, out_size);
        cr_assert(zero(
            int, sdv_kdf(key, labels[i % 4], context, size, out, out_size)));
        cr_assert(zero(int, memcmp(out, expected, out_size)), "case %u", i);
    }
}

Test(seal_kdf, gives_the_keys_of_the_vector_file)
{
    vectors *v = vectors_own("kdf_sdvault.kat");
    unsigned count = 0;

    for (; vectors_next(v); count++) {
        uint8_t key[32];
        uint8_t context[32];
        uint8_t expected[64];
        uint8_t out[64];
        const size_t size =
            vectors_bytes(v, "CONTEXT", context, sizeof(context));
        const size_t out_size =
            vectors_bytes(v, "OUT", expected, sizeof(expected));

        cr_assert(eq(sz, vectors_bytes(v, "KEY", key, sizeof(key)), 32));
        cr_assert(zero(int, sdv_kdf(key, vectors_text(v, "LABEL"), context,
                                    size, out, out_size)));
        cr_assert(zero(int, memcmp(out, expected, out_size)), "%s",
                  vectors_text(v, "NAME"));
    }
    vectors_close(&v);
    cr_assert(ge(uint, count, 10));
}

Test(seal_kdf, card_root_is_that_of_the_medium_id)
{
    uint8_t master[32];
    uint8_t root[32];
    uint8_t expected[32];
    uint8_t id[8];

    fill(master, sizeof(master), 1);
    sdv_put64(id, MEDIUM);
    by_hand(master, "sdvault/card", id, 8, expected, 32);
    cr_assert(zero(int, sdv_card_root(master, MEDIUM, root)));
    cr_assert(zero(int, memcmp(root, expected, 32)));
}

/* ---- sealing ---- */

struct sample {
    uint8_t root[32];
    sdv_sealed header;
    uint8_t record[432];
    uint8_t block[512];
};

static void make(struct sample *s, uint8_t suite, uint8_t purpose, bool bound)
{
    fill(s->root, sizeof(s->root), 5);
    fill(s->record, sizeof(s->record), 6);
    s->header = (sdv_sealed){.suite = suite,
                             .purpose = purpose,
                             .binding = bound ? 3 : 1,
                             .medium_id = MEDIUM,
                             .apparatus_id = bound ? APPARATUS : 0,
                             .generation = 3};
    fill(s->header.license_id, 16, 7);
    fill(s->header.salt, 16, 8);
    cr_assert(zero(int, sdv_seal(s->root, &s->header, s->record, s->block)));
}

static sdv_err open_block(const struct sample *s, uint8_t record[432])
{
    sdv_sealed header;
    const sdv_err err =
        sdv_open(s->root, s->block, ~0u, MEDIUM, &header, record);

    if (err != SDV_OK) {
        for (int i = 0; i < 432; i++) {
            cr_assert(zero(u8, record[i]), "plain text got out");
        }
    }
    return err;
}

Test(seal, what_was_sealed_opens)
{
    struct sample s;
    uint8_t record[432];

    for (uint8_t suite = 1; suite <= 2; suite++) {
        for (uint8_t purpose = 1; purpose <= 3; purpose++) {
            for (int bound = 0; bound <= 1; bound++) {
                make(&s, suite, purpose, bound);
                cr_assert(zero(int, open_block(&s, record)));
                cr_assert(zero(int, memcmp(record, s.record, 432)));
                cr_assert(ne(int, memcmp(s.block + 80, s.record, 432), 0));
            }
        }
    }
}

/* SIV by its parts: the tag is the S2V of header and record, and the record is
 * under CTR from the tag on with bits 31 and 63 clear. */
static void ctr(const uint8_t *key, const uint8_t tag[16], const uint8_t *in,
                uint8_t out[432])
{
    EVP_CIPHER_CTX *run = EVP_CIPHER_CTX_new();
    uint8_t counter[16];
    int size;

    memcpy(counter, tag, 16);
    counter[8] &= 0x7F;
    counter[12] &= 0x7F;
    cr_assert(
        eq(int, EVP_EncryptInit_ex2(run, EVP_aes_256_ctr(), key, counter, NULL),
           1));
    cr_assert(eq(int, EVP_EncryptUpdate(run, out, &size, in, 432), 1));
    EVP_CIPHER_CTX_free(run);
}

Test(seal, key_is_one_call_first_half_s2v_second_half_ctr)
{
    struct sample s;
    uint8_t key[64];
    uint8_t context[17] = {0};
    uint8_t record[432];

    make(&s, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_BACKUP, true);
    sdv_put64(context, MEDIUM);
    context[8] = 3;
    sdv_put64(context + 9, APPARATUS);
    by_hand(s.root, "sdvault/backup", context, 17, key, 64);
    ctr(key + 32, s.block + 64, s.block + 80, record);
    cr_assert(zero(int, memcmp(record, s.record, 432)));

    make(&s, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_ISSUE, false);
    by_hand(s.root, "sdvault/issue", context, 8, key, 64);
    ctr(key + 32, s.block + 64, s.block + 80, record);
    cr_assert(zero(int, memcmp(record, s.record, 432)));
}

/* What a flip in the header's first 48 bytes makes of it without a key. */
static bool is_known(sdv_err err)
{
    return err <= SDV_ERR_SEALED_MAGIC && err >= SDV_ERR_SEALED_TAG;
}

Test(seal, each_of_the_4096_bits_is_guarded)
{
    uint8_t record[432];
    struct sample s;

    for (uint8_t suite = 1; suite <= 2; suite++) {
        make(&s, suite, SDV_VAULT_PURPOSE_ISSUE, false);
        for (unsigned bit = 0; bit < 4096; bit++) {
            const uint8_t mask = (uint8_t)(0x80u >> bit % 8);
            sdv_err err;

            s.block[bit / 8] ^= mask;
            err = open_block(&s, record);
            cr_assert(is_known(err), "bit %u: %d", bit, err);
            if (bit >= 8 * SDV_SEALED_SALT) {
                cr_assert(eq(int, err, SDV_ERR_SEALED_TAG), "bit %u", bit);
            }
            s.block[bit / 8] ^= mask;
        }
        cr_assert(zero(int, open_block(&s, record)));
    }
}

Test(seal, another_root_opens_nothing)
{
    struct sample s;
    uint8_t record[432];

    make(&s, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_ISSUE, false);
    s.root[31] ^= 1; /* another authority's card of the same medium id */
    cr_assert(eq(int, open_block(&s, record), SDV_ERR_SEALED_TAG));
}

Test(seal, header_that_breaks_a_rule_is_not_sealed)
{
    struct sample s;

    make(&s, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_ISSUE, false);
    s.header.suite = 3;
    cr_assert(eq(int, sdv_seal(s.root, &s.header, s.record, s.block),
                 SDV_ERR_SEALED_SUITE));
    for (int i = 0; i < 512; i++) {
        cr_assert(zero(u8, s.block[i]));
    }
}

Test(seal, salt_changes_every_byte_that_is_not_public)
{
    struct sample a;
    struct sample b;
    int same = 0;

    make(&a, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_BACKUP, false);
    make(&b, SDV_VAULT_SUITE_256, SDV_VAULT_PURPOSE_BACKUP, false);
    cr_assert(zero(int, memcmp(a.block, b.block, 512)), "it is deterministic");
    b.header.salt[0] ^= 1;
    cr_assert(zero(int, sdv_seal(b.root, &b.header, b.record, b.block)));
    for (int i = 64; i < 512; i++) {
        same += a.block[i] == b.block[i];
    }
    cr_assert(lt(int, same, 16), "%d bytes are as before", same);
}
