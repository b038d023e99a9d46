/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted content. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <openssl/evp.h>

#include <sdvault/content.h>

#include "bytes.h"

#define SIZE 5000

static uint8_t plain[SIZE];
static uint8_t cipher[SIZE];
static uint8_t block[512];
static uint8_t key[32];

static void fill(uint8_t *bytes, size_t size, uint64_t seed)
{
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)sdv_random(&seed);
    }
}

static sdv_content_header sample(void)
{
    sdv_content_header header = {.length = SIZE};

    fill(key, sizeof(key), 1);
    fill(plain, sizeof(plain), 2);
    fill(header.nonce, sizeof(header.nonce), 3);
    memset(header.nonce + 8, 0xFF, 8); /* the counter runs over */
    cr_assert(zero(int, sdv_content_default_id(key, header.id)));
    return header;
}

/* Encrypt in pieces of up to `step` bytes. */
static void encrypt(size_t step)
{
    const sdv_content_header header = sample();
    sdv_content *content;

    cr_assert(zero(int, sdv_content_new(key, &header, &content)));
    for (size_t at = 0; at < SIZE; at += step) {
        const size_t size = SIZE - at < step ? SIZE - at : step;

        cr_assert(zero(
            int, sdv_content_crypt(content, plain + at, size, cipher + at)));
        cr_assert(
            zero(int, sdv_content_authenticate(content, cipher + at, size)));
    }
    cr_assert(zero(int, sdv_content_seal(content, block)));
    sdv_content_free(&content);
    cr_assert(eq(ptr, content, NULL));
}

static sdv_err verify(const uint8_t *with)
{
    sdv_content_header header;
    sdv_content *content;
    sdv_err err = sdv_content_parse(block, &header);

    if (err != SDV_OK) {
        return err;
    }
    cr_assert(zero(int, sdv_content_new(with, &header, &content)));
    cr_assert(zero(int, sdv_content_authenticate(content, cipher, SIZE)));
    err = sdv_content_verify(content);
    sdv_content_free(&content);
    return err;
}

Test(content, header_has_its_fields_where_the_table_says)
{
    const sdv_content_header header = sample();

    encrypt(SIZE);
    cr_assert(zero(int, memcmp(block, "SDVC\0\0\0\1", 8)));
    cr_assert(zero(int, memcmp(block + 8, header.id, 16)));
    cr_assert(eq(u64, sdv_get64(block + 24), SIZE));
    cr_assert(zero(int, memcmp(block + 32, header.nonce, 16)));
    for (int i = 64; i < 512; i++) {
        cr_assert(zero(u8, block[i]));
    }
}

Test(content, keys_are_two_halves_of_one_call)
{
    const sdv_content_header header = sample();
    EVP_CIPHER_CTX *run = EVP_CIPHER_CTX_new();
    uint8_t keys[64];
    uint8_t expected[SIZE];
    uint8_t message[512 + SIZE];
    uint8_t mac[16];
    size_t mac_size;
    int size;

    encrypt(SIZE);
    cr_assert(
        zero(int, sdv_kdf(key, "sdvault/content", header.id, 16, keys, 64)));
    cr_assert(eq(
        int,
        EVP_EncryptInit_ex2(run, EVP_aes_256_ctr(), keys, header.nonce, NULL),
        1));
    cr_assert(eq(int, EVP_EncryptUpdate(run, expected, &size, plain, SIZE), 1));
    EVP_CIPHER_CTX_free(run);
    cr_assert(zero(int, memcmp(cipher, expected, SIZE)));
    memcpy(message, block, 512);
    memset(message + 48, 0, 16);
    memcpy(message + 512, cipher, SIZE);
    cr_assert(ne(ptr,
                 EVP_Q_mac(NULL, "CMAC", NULL, "AES-256-CBC", NULL, keys + 32,
                           32, message, sizeof(message), mac, 16, &mac_size),
                 NULL));
    cr_assert(zero(int, memcmp(mac, block + 48, 16)));
}

Test(content, any_split_gives_the_same)
{
    static const size_t steps[] = {1, 7, 16, 512, 4096};
    uint8_t first[SIZE];
    uint8_t header[512];

    encrypt(SIZE);
    memcpy(first, cipher, SIZE);
    memcpy(header, block, 512);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        encrypt(steps[i]);
        cr_assert(zero(int, memcmp(first, cipher, SIZE)), "%zu", steps[i]);
        cr_assert(zero(int, memcmp(header, block, 512)), "%zu", steps[i]);
    }
}

Test(content, what_was_encrypted_is_read_back)
{
    uint8_t again[SIZE];
    sdv_content_header header;
    sdv_content *content;

    encrypt(512);
    cr_assert(zero(int, verify(key)));
    cr_assert(zero(int, sdv_content_parse(block, &header)));
    cr_assert(zero(int, sdv_content_new(key, &header, &content)));
    cr_assert(zero(int, sdv_content_crypt(content, cipher, SIZE, again)));
    sdv_content_free(&content);
    cr_assert(zero(int, memcmp(plain, again, SIZE)));
}

Test(content, another_key_is_refused)
{
    uint8_t other[32];

    encrypt(SIZE);
    memcpy(other, key, 32);
    other[0] ^= 1;
    cr_assert(eq(int, verify(other), SDV_ERR_CONTENT_KEY));
}

Test(content, every_bit_is_guarded)
{
    encrypt(SIZE);
    for (unsigned bit = 0; bit < 512 * 8; bit++) {
        sdv_err err;

        if (bit >= 24 * 8 && bit < 32 * 8) {
            continue; /* another length needs other data */
        }
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
        err = verify(key);
        cr_assert(err == SDV_ERR_CONTENT_FOREIGN || err == SDV_ERR_CONTENT_KEY,
                  "bit %u of the header", bit);
        block[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    for (unsigned at = 0; at < SIZE; at += 97) {
        cipher[at] ^= 0x40;
        cr_assert(eq(int, verify(key), SDV_ERR_CONTENT_KEY), "byte %u", at);
        cipher[at] ^= 0x40;
    }
    cr_assert(zero(int, verify(key)));
}

Test(content, length_is_held_against_what_came)
{
    sdv_content_header header = sample();
    sdv_content *content;

    header.length = SIZE - 1;
    cr_assert(zero(int, sdv_content_new(key, &header, &content)));
    cr_assert(zero(int, sdv_content_authenticate(content, plain, SIZE)));
    cr_assert(eq(int, sdv_content_seal(content, block), SDV_ERR_ARG));
    sdv_content_free(&content);
}

Test(content, empty_content_has_a_header)
{
    sdv_content_header header = sample();
    sdv_content *content;

    header.length = 0;
    cr_assert(zero(int, sdv_content_new(key, &header, &content)));
    cr_assert(zero(int, sdv_content_seal(content, block)));
    sdv_content_free(&content);
    cr_assert(zero(int, sdv_content_parse(block, &header)));
    cr_assert(zero(int, sdv_content_new(key, &header, &content)));
    cr_assert(zero(int, sdv_content_verify(content)));
    sdv_content_free(&content);
}

Test(content, default_id_belongs_to_the_key_and_does_not_tell_it)
{
    uint8_t a[16];
    uint8_t b[16];

    fill(key, sizeof(key), 1);
    cr_assert(zero(int, sdv_content_default_id(key, a)));
    key[5] ^= 1;
    cr_assert(zero(int, sdv_content_default_id(key, b)));
    cr_assert(ne(int, memcmp(a, b, 16), 0));
    cr_assert(ne(int, memcmp(a, key, 16), 0));
}

/* ---- key files ---- */

Test(content_key, text_has_magic_version_key_and_checksum)
{
    char text[SDV_KEY_TEXT_MAX];

    memset(key, 0x5A, sizeof(key));
    sdv_content_key_format(key, text);
    /* the CRC-32 is that of zlib */
    cr_assert(eq(str, text,
                 "sdvault content key\n"
                 "version: 1\n"
                 "key: 5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
                 "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a\n"
                 "checksum: b79a72d2\n"));
}

Test(content_key, text_is_read_back)
{
    char text[SDV_KEY_TEXT_MAX];
    uint8_t again[32];

    fill(key, sizeof(key), 9);
    sdv_content_key_format(key, text);
    cr_assert(zero(int, sdv_content_key_parse(text, strlen(text), again)));
    cr_assert(zero(int, memcmp(key, again, 32)));
}

Test(content_key, every_wrong_byte_is_found)
{
    static const uint8_t nothing[32];
    char text[SDV_KEY_TEXT_MAX];
    uint8_t again[32];
    size_t size;

    fill(key, sizeof(key), 9);
    sdv_content_key_format(key, text);
    size = strlen(text);
    for (size_t at = 0; at < size; at++) {
        text[at] ^= 1;
        cr_assert(
            eq(int, sdv_content_key_parse(text, size, again), SDV_ERR_KEY_FILE),
            "byte %zu", at);
        cr_assert(zero(int, memcmp(again, nothing, 32)));
        text[at] ^= 1;
        cr_assert(
            eq(int, sdv_content_key_parse(text, at, again), SDV_ERR_KEY_FILE),
            "%zu bytes", at);
    }
}
