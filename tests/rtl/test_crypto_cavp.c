/* SPDX-License-Identifier: Apache-2.0 */
/* Every member of the AES family against all known answer and multi-block files
 * of CAVP: each mode that can be made around one block. */
#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "members.h"
#include "modes.h"
#include "vectors.h"

#define LONGEST 512 /* bytes of a field */

struct format {
    const char *folder, *name;
    mode *run;
    bool bits;     /* the text is in binary digits */
    bool inverted; /* the cipher is run backwards to decrypt */
};

static const struct format formats[] = {
    {"ECB", "ECB", mode_ecb, false, true},
    {"CBC", "CBC", mode_cbc, false, true},
    {"CFB", "CFB1", mode_cfb1, true, false},
    {"CFB", "CFB8", mode_cfb8, false, false},
    {"CFB", "CFB128", mode_cfb128, false, false},
    {"OFB", "OFB", mode_ofb, false, false},
};
#define FORMATS (sizeof(formats) / sizeof(formats[0]))

static const char *const kinds[] = {"GFSbox", "KeySbox", "MMT", "VarKey",
                                    "VarTxt"};
#define KINDS (sizeof(kinds) / sizeof(kinds[0]))

struct run {
    const struct aes_member *member;
    crypto_lab *lab;
    vectors *file;
    const struct format *format;
    char path[64];
};

static size_t text(const struct run *run, const char *name, uint8_t *bytes)
{
    if (!run->format->bits) {
        return vectors_bytes(run->file, name, bytes, LONGEST);
    }
    const char *digits = vectors_text(run->file, name);
    for (size_t i = 0; digits[i] != '\0'; i++) {
        bytes[i] = (uint8_t)(digits[i] - '0');
    }
    return strlen(digits);
}

static void known_answer(const struct run *run, bool decrypt)
{
    uint8_t key[32], in[LONGEST], out[LONGEST], want[LONGEST];
    struct mode_message m = {.decrypt = decrypt, .in = in, .out = out};
    lab_key(run->lab, key, vectors_bytes(run->file, "KEY", key, sizeof(key)));
    if (run->format->run != mode_ecb) {
        vectors_bytes(run->file, "IV", m.iv, sizeof(m.iv));
    }
    m.len = text(run, decrypt ? "CIPHERTEXT" : "PLAINTEXT", in);
    cr_assert(
        eq(sz, text(run, decrypt ? "PLAINTEXT" : "CIPHERTEXT", want), m.len));
    run->format->run(run->lab, &m);
    cr_assert(zero(int, memcmp(out, want, m.len)), "%s: %s count %s",
              run->member->name, run->path, vectors_text(run->file, "COUNT"));
}

/* Cases of a file that the member can do. */
static unsigned known_answers(struct run *run)
{
    unsigned cases = 0;
    run->file = vectors_published(run->path);
    while (vectors_next(run->file)) {
        const bool decrypt = vectors_is(run->file, "SECTION", "DECRYPT");
        if (vectors_nth(run->file, "COUNT", 0) != NULL &&
            (!decrypt || !run->format->inverted || run->member->decrypts)) {
            known_answer(run, decrypt);
            cases++;
        }
    }
    vectors_close(&run->file);
    return cases;
}

static unsigned all_kinds(struct run *run, unsigned bits)
{
    unsigned cases = 0;
    for (size_t i = 0; i < KINDS; i++) {
        snprintf(run->path, sizeof(run->path), "ciphers/AES/%s/%s%s%u.rsp",
                 run->format->folder, run->format->name, kinds[i], bits);
        cases += known_answers(run);
    }
    return cases;
}

/* Known answers of one direction in a mode, in the files as published. */
static unsigned published(unsigned bits)
{
    return bits == 128 ? 7 + 21 + 10 + 128 + 128 : 5 + 16 + 10 + 256 + 128;
}

static unsigned all_formats(struct run *run, unsigned bits)
{
    unsigned cases = 0;
    for (size_t i = 0; i < FORMATS; i++) {
        run->format = &formats[i];
        const unsigned found = all_kinds(run, bits);
        const unsigned directions =
            run->format->inverted && !run->member->decrypts ? 1 : 2;
        cr_assert(eq(uint, found, directions * published(bits)));
        cases += found;
    }
    return cases;
}

static unsigned counter_file(struct run *run, unsigned bits)
{
    static const struct format counter = {.run = mode_ctr};
    run->format = &counter;
    snprintf(run->path, sizeof(run->path), "ciphers/AES/CTR/aes-%u-ctr.txt",
             bits);
    const unsigned cases = known_answers(run);
    cr_assert(eq(uint, cases, 3));
    return cases;
}

MEMBER_TEST(cavp, all_known_answers_and_multi_block_messages, members_each)
{
    struct run run = {.member = member_of(*param), .lab = member_open(*param)};
    unsigned cases = 0;
    for (unsigned bits = 128; bits <= 256; bits += 128) {
        if (member_takes(run.member, bits / 8)) {
            cases += all_formats(&run, bits) + counter_file(&run, bits);
        }
    }
    cr_log_info("%s: %u cases of CAVP", run.member->name, cases);
    lab_close(&run.lab);
}

static unsigned count_cases(const char *path)
{
    unsigned cases = 0;
    vectors *v = vectors_published(path);
    while (vectors_next(v)) {
        cases += vectors_nth(v, "COUNT", 0) != NULL;
    }
    vectors_close(&v);
    return cases;
}

/* No member has keys of 192 bits, because nothing in the card does. */
Test(cavp, cases_with_keys_of_192_bits_are_left_out_and_counted)
{
    unsigned cases = count_cases("ciphers/AES/CTR/aes-192-ctr.txt");
    for (size_t i = 0; i < FORMATS * KINDS; i++) {
        const struct format *format = &formats[i / KINDS];
        char path[64];
        snprintf(path, sizeof(path), "ciphers/AES/%s/%s%s192.rsp",
                 format->folder, format->name, kinds[i % KINDS]);
        cases += count_cases(path);
    }
    cr_log_info("%u cases with keys of 192 bits left out", cases);
    cr_assert(eq(uint, cases, 3 + 6 * 2 * (6 + 24 + 10 + 192 + 128)));
}

/* What this program says when it runs without the package; nothing of the
 * environment makes it a part of this run. */
Test(cavp, a_package_that_is_missing_is_a_loud_failure)
{
    char self[1024] = "", command[2048], said[65536] = "";
    cr_assert(gt(int, (int)readlink("/proc/self/exe", self, 1023), 0));
    snprintf(
        command, sizeof(command),
        "env -i SDV_TEST_VECTORS=/nonexistent '%s' --filter 'cavp/cases*' 2>&1",
        self);
    FILE *run = popen(command, "r");
    cr_assert(ne(ptr, run, NULL));
    cr_assert(gt(sz, fread(said, 1, sizeof(said) - 1, run), 0));
    cr_assert(ne(int, pclose(run), 0));
    cr_assert(ne(ptr, strstr(said, "python3-cryptography-vectors"), NULL), "%s",
              said);
}
