/* SPDX-License-Identifier: Apache-2.0 */
/* The Monte Carlo tests of AESAVS, ECB and CBC, each member and key size: 100
 * keys of 1,000 blocks, by the RTL and by libcrypto. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "members.h"
#include "reference.h"

#define KEYS 100
#define BLOCKS 1000

struct carlo {
    crypto_lab *lab;
    ref_chain *chain;
    bool decrypt, cbc;
    size_t key_len;
    uint8_t key[32], iv[16], text[16];
    uint8_t last[2][16]; /* results, the last one second */
};

/* One block of a chain whose IV or last result or last input is in `link`. */
typedef void one_block(struct carlo *c, uint8_t link[16], const uint8_t in[16],
                       uint8_t out[16]);

static void by_libcrypto(struct carlo *c, uint8_t link[16],
                         const uint8_t in[16], uint8_t out[16])
{
    (void)link;
    ref_chain_blocks(c->chain, in, out, 16);
}

static void add(uint8_t *sum, const uint8_t *other, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        sum[i] ^= other[i];
    }
}

static void by_rtl(struct carlo *c, uint8_t link[16], const uint8_t in[16],
                   uint8_t out[16])
{
    uint8_t block[16];
    memcpy(block, in, 16);
    if (c->cbc && !c->decrypt) {
        add(block, link, 16);
    }
    lab_block(c->lab, block, out);
    c->lab->in.same_key = true;
    if (c->cbc && c->decrypt) {
        add(out, link, 16);
    }
    memcpy(link, c->decrypt ? in : out, 16);
}

/* AESAVS, 6.4.1 and 6.4.2: what comes out goes in; in CBC, one block later. */
static void inner_loop(struct carlo *c, one_block *run)
{
    uint8_t link[16], in[16], out[16], before[16];
    memcpy(link, c->iv, 16);
    memcpy(in, c->text, 16);
    memcpy(before, c->iv, 16);
    for (unsigned j = 0; j < BLOCKS; j++) {
        run(c, link, in, out);
        memcpy(in, c->cbc ? before : out, 16);
        memcpy(c->last[0], before, 16);
        memcpy(before, out, 16);
    }
    memcpy(c->last[1], out, 16);
}

/* The next key is made of this one and the end of the results. */
static void next_key(struct carlo *c)
{
    uint8_t ends[32];
    memcpy(ends, c->last, 32);
    add(c->key, ends + 32 - c->key_len, c->key_len);
    memcpy(c->iv, c->last[1], 16);
    memcpy(c->text, c->last[c->cbc ? 0 : 1], 16);
}

static void start(struct carlo *c, bool with_rtl)
{
    if (with_rtl) {
        lab_key(c->lab, c->key, c->key_len);
        c->lab->in.decrypt = c->decrypt;
        c->lab->in.same_key = false;
    } else {
        ref_chain_begin(c->chain, c->decrypt, c->key, c->key_len,
                        c->cbc ? c->iv : NULL);
    }
}

static void procedure(struct carlo *c, const char *member)
{
    lab_random_bytes(c->lab, c->key, c->key_len);
    lab_random_bytes(c->lab, c->iv, 16);
    lab_random_bytes(c->lab, c->text, 16);
    for (unsigned i = 0; i < KEYS; i++) {
        struct carlo want = *c;
        start(&want, false);
        inner_loop(&want, by_libcrypto);
        start(c, true);
        inner_loop(c, by_rtl);
        cr_assert(zero(int, memcmp(c->last, want.last, sizeof(c->last))),
                  "%s: %s %s, %zu bits, key %u", member, c->cbc ? "CBC" : "ECB",
                  c->decrypt ? "decrypts" : "encrypts", 8 * c->key_len, i);
        next_key(c);
    }
}

static void each_size(unsigned param, bool cbc, bool decrypt)
{
    const struct aes_member *member = member_of(param);
    struct carlo c = {.lab = member_open(param), .cbc = cbc};
    c.decrypt = decrypt;
    c.chain = ref_chain_new();
    for (c.key_len = 16; c.key_len <= 32; c.key_len += 16) {
        if (member_takes(member, c.key_len)) {
            procedure(&c, member->name);
        }
    }
    ref_chain_free(&c.chain);
    lab_close(&c.lab);
}

MEMBER_TEST(monte_carlo, ecb_encrypts, members_each)
{
    each_size(*param, false, false);
}

MEMBER_TEST(monte_carlo, cbc_encrypts, members_each)
{
    each_size(*param, true, false);
}

MEMBER_TEST(monte_carlo, ecb_decrypts, members_that_decrypt)
{
    each_size(*param, false, true);
}

MEMBER_TEST(monte_carlo, cbc_decrypts, members_that_decrypt)
{
    each_size(*param, true, true);
}
