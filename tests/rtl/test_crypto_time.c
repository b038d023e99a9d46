/* SPDX-License-Identifier: Apache-2.0 */
/* Clocks of each member of the AES family, and of the engines on it: those that
 * are documented, whatever keys and data are. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <sdvault/spec.h>
#include <string.h>

#include "members.h"

/* ---- Kinds of data: zeros, ones, each single bit, random ---- */

#define KINDS (2 + 256 + 200)

static void fill(crypto_lab *lab, unsigned kind, uint8_t *bytes, size_t len)
{
    memset(bytes, kind == 1 ? 0xFF : 0, len);
    if (kind >= 2 + 256) {
        lab_random_bytes(lab, bytes, len);
    } else if (kind >= 2) {
        const size_t bit = (kind - 2) % (8 * len);
        bytes[bit / 8] = (uint8_t)(0x80 >> bit % 8);
    }
}

/* A key and a block onto the pins: one of them is of this kind. */
static void offer(crypto_lab *lab, unsigned kind, size_t key_len, bool new_key)
{
    uint8_t key[32], block[16];
    fill(lab, kind, block, sizeof(block));
    lab_wide(lab->in.block, 4, block, sizeof(block));
    if (new_key) {
        fill(lab, kind / 2 * 2 == kind ? kind : KINDS, key, key_len);
        lab_key(lab, key, key_len);
    }
}

/* ---- Cores ---- */

/* With 128 and 256 bits, the key of the block before and another one. */
struct clocks {
    const char *name; /* the beginning of it */
    uint8_t same[2], other[2];
    uint8_t decrypt_same[2], decrypt_other[2];
};

/* docs/rtl/aes_family.md and the pages of the modules; of a core from elsewhere
 * (docs/bring_your_own.md) it is only known that its clocks do not change: 0.
 */
static const struct clocks *documented(const char *name)
{
    static const struct clocks all[] = {
        {"both-both-2", {5, 7}, {5, 7}, {5, 7}, {10, 14}},
        {"both-", {10, 14}, {10, 14}, {10, 14}, {20, 28}},
        {"enc-both-2", {5, 7}, {5, 7}, {0}, {0}},
        {"enc-128-2", {5, 0}, {5, 0}, {0}, {0}},
        {"enc-256-2", {0, 7}, {0, 7}, {0}, {0}},
        {"enc-", {10, 14}, {10, 14}, {0}, {0}},
        {"small-", {50, 70}, {50, 70}, {50, 70}, {100, 140}},
        {"foreign", {55, 71}, {101, 133}, {0}, {0}},
        {"", {0}, {0}, {0}, {0}},
    };
    const struct clocks *found = all;
    while (strncmp(name, found->name, strlen(found->name)) != 0) {
        found++;
    }
    return found;
}

/* Clocks from a result to the next one; a block waits all the time. */
static unsigned clocks_to_result(crypto_lab *lab)
{
    unsigned clocks = 0;
    do {
        lab_clock(lab);
        clocks++;
        cr_assert(lt(uint, clocks, 1000));
    } while (!lab->out.valid);
    return clocks;
}

static void expect_clocks(crypto_lab *lab, const char *name, size_t key_len,
                          bool new_key, unsigned want)
{
    lab->in.unit = ENGINE_AES;
    lab->in.valid = lab->in.ready = true;
    lab->in.same_key = false;
    offer(lab, KINDS, key_len, true);
    clocks_to_result(lab);
    lab->in.same_key = !new_key;
    for (unsigned kind = 0; kind < KINDS; kind++) {
        offer(lab, kind, key_len, new_key);
        const unsigned clocks = clocks_to_result(lab);
        want = want == 0 && kind == 1 ? clocks : want;
        cr_assert(kind == 0 || clocks == want,
                  "%s: %u clocks with %zu bits, %s key, %s: not %u", name,
                  clocks, 8 * key_len, new_key ? "a new" : "the same",
                  lab->in.decrypt ? "decrypts" : "encrypts", want);
    }
    lab->in.valid = false;
    clocks_to_result(lab);
}

static void expect_both(crypto_lab *lab, const char *name, size_t key_len,
                        unsigned same, unsigned other)
{
    expect_clocks(lab, name, key_len, true, other);
    expect_clocks(lab, name, key_len, false, same);
}

MEMBER_TEST(time, of_a_block_is_as_documented_for_all_data, members_each)
{
    const struct aes_member *member = member_of(*param);
    const struct clocks *want = documented(member->name);
    for (unsigned size = 0; size < 2; size++) {
        if (!member_takes(member, 16 + 16 * size)) {
            continue;
        }
        crypto_lab *lab = member_open(*param);
        expect_both(lab, member->name, 16 + 16 * size, want->same[size],
                    want->other[size]);
        if (member->decrypts) {
            lab->in.decrypt = true;
            expect_both(lab, member->name, 16 + 16 * size,
                        want->decrypt_same[size], want->decrypt_other[size]);
        }
        lab_close(&lab);
    }
}

/* ---- Engines ---- */

#define TEXT 512
#define TAG 900

static void cmac(crypto_lab *lab, size_t key_len, const uint8_t *key,
                 const uint8_t *data)
{
    uint8_t mac[16];
    lab_key(lab, key, key_len);
    lab_cmac(lab, false, data, 41, mac);
}

static void kdf(crypto_lab *lab, size_t key_len, const uint8_t *key,
                const uint8_t *data)
{
    uint8_t out[64];
    lab_key(lab, key, key_len);
    lab_kdf(lab, false, data, 33, 2, out);
}

static void seal(crypto_lab *lab, size_t key_len, const uint8_t *key,
                 const uint8_t *data)
{
    lab_siv_key(lab, key, 2 * key_len);
    memcpy(lab->memory + TEXT, data, 64);
    lab_siv(lab, SDV_CRYPTO_OP_SEAL, TEXT / 4, 51, TAG / 4);
}

/* With a tag that is right, and with one that is not. */
static void open_good(crypto_lab *lab, size_t key_len, const uint8_t *key,
                      const uint8_t *data)
{
    const uint64_t before = lab->clocks;
    seal(lab, key_len, key, data);
    lab->clocks = before;
    cr_assert(lab_siv(lab, SDV_CRYPTO_OP_OPEN, TEXT / 4, 51, TAG / 4));
}

static void open_bad(crypto_lab *lab, size_t key_len, const uint8_t *key,
                     const uint8_t *data)
{
    const uint64_t before = lab->clocks;
    seal(lab, key_len, key, data);
    lab->clocks = before;
    lab->memory[TAG + data[0] % 16] ^= (uint8_t)(1 << data[0] % 8);
    cr_assert(not(lab_siv(lab, SDV_CRYPTO_OP_OPEN, TEXT / 4, 51, TAG / 4)));
}

static void draw(crypto_lab *lab, size_t key_len, const uint8_t *key,
                 const uint8_t *data)
{
    uint32_t entropy[12];
    uint8_t out[16];
    if (key_len == 32) {
        memcpy(entropy, key, sizeof(entropy));
        lab_seed(lab, data[0], entropy);
        lab->clocks = 0; /* the entropy comes when it comes */
        lab_draw(lab, out);
    }
}

typedef void operation(crypto_lab *lab, size_t key_len, const uint8_t *key,
                       const uint8_t *data);

static const struct {
    const char *name;
    operation *run;
} operations[] = {{"CMAC", cmac},
                  {"KDF", kdf},
                  {"SIV seal", seal},
                  {"SIV open", open_good},
                  {"SIV refuses", open_bad},
                  {"DRBG", draw}};
#define OPERATIONS (sizeof(operations) / sizeof(operations[0]))

static void expect_constant(crypto_lab *lab, const char *name, size_t key_len)
{
    uint64_t first[OPERATIONS] = {0};
    for (unsigned kind = 0; kind < KINDS; kind += 1 + kind / 20) {
        uint8_t key[64], data[64];
        for (size_t i = 0; i < OPERATIONS; i++) {
            fill(lab, kind, key, sizeof(key));
            fill(lab, kind, data, sizeof(data));
            lab->clocks = 0;
            operations[i].run(lab, key_len, key, data);
            uint64_t *want = &first[i];
            *want = *want != 0 ? *want : lab->clocks;
            cr_assert(eq(u64, lab->clocks, *want), "%s on %s, %zu bits",
                      operations[i].name, name, 8 * key_len);
        }
    }
}

MEMBER_TEST(time, of_an_engine_is_the_same_for_all_data, members_on_lanes)
{
    const struct aes_member *member = member_of(*param);
    crypto_lab *lab = member_open(*param);
    for (size_t key_len = 16; key_len <= 32; key_len += 16) {
        if (member_takes(member, key_len)) {
            expect_constant(lab, member->name, key_len);
        }
    }
    lab_close(&lab);
}
