/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes kdf_sdvault.kat: one case for each derived key of docs/security.md.
 *
 *   cc -std=c11 vectors/kdf_sdvault.c -lcrypto -o kdf && ./kdf
 *
 * The fixed inputs are put together here by hand, and the derivation is
 * libcrypto's KBKDF, told to add nothing of its own: so neither depends on the
 * host library or on the RTL.
 */
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Parts of a context, as hex. */
#define MEDIUM "0123456789abcdef"
#define APPARATUS "fedcba9876543210"
#define NOBODY "0000000000000000"
#define CONTENT "00112233445566778899aabbccddeeff"

static const struct row {
    const char *name, *label, *context;
    unsigned bits;
} rows[] = {
    {"card", "sdvault/card", MEDIUM, 256},
    {"store, suite 1", "sdvault/store", MEDIUM "01" NOBODY, 256},
    {"store, suite 2", "sdvault/store", MEDIUM "01" NOBODY, 512},
    {"store, for an apparatus", "sdvault/store", MEDIUM "03" APPARATUS, 512},
    {"issue, suite 1", "sdvault/issue", MEDIUM, 256},
    {"issue, suite 2", "sdvault/issue", MEDIUM, 512},
    {"backup, suite 1", "sdvault/backup", MEDIUM "01" NOBODY, 256},
    {"backup, suite 2", "sdvault/backup", MEDIUM "01" NOBODY, 512},
    {"backup, for an apparatus", "sdvault/backup", MEDIUM "03" APPARATUS, 512},
    {"pair ENC", "sdvault/pair", APPARATUS "0000000701", 256},
    {"pair MAC", "sdvault/pair", APPARATUS "0000000702", 256},
    {"admin ENC", "sdvault/admin", "01", 256},
    {"admin MAC", "sdvault/admin", "02", 256},
    {"transaction", "sdvault/transaction", MEDIUM, 256},
    {"content", "sdvault/content", CONTENT, 256},
};

static void print(const char *name, const unsigned char *bytes, size_t len)
{
    printf("%s = ", name);
    for (size_t i = 0; i < len; i++) {
        printf("%02x", bytes[i]);
    }
    putchar('\n');
}

/* label, a zero, context, [L]32 */
static size_t compose(const struct row *row, unsigned char *fixed)
{
    size_t len = strlen(row->label) + 1;
    memcpy(fixed, row->label, len);
    for (const char *hex = row->context; *hex != '\0'; hex += 2) {
        const char pair[3] = {hex[0], hex[1], '\0'};
        fixed[len++] = (unsigned char)strtoul(pair, NULL, 16);
    }
    for (int shift = 24; shift >= 0; shift -= 8) {
        fixed[len++] = (unsigned char)(row->bits >> shift);
    }
    return len;
}

static int derive(EVP_KDF_CTX *kdf, unsigned char *key, unsigned char *fixed,
                  size_t len, unsigned char *out, size_t out_len)
{
    int zero = 0;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MODE, "counter", 0),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MAC, "CMAC", 0),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_CIPHER, "AES-256-CBC",
                                         0),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_L, &zero),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_SEPARATOR, &zero),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, key, 32),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, fixed, len),
        OSSL_PARAM_construct_end()};
    return EVP_KDF_derive(kdf, out, out_len, params);
}

int main(void)
{
    EVP_KDF *method = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    unsigned char key[32], fixed[64], out[64];
    int ok = method != NULL;

    printf("# Written by vectors/kdf_sdvault.c with %s\n",
           OPENSSL_VERSION_TEXT);
    for (size_t i = 0; ok && i < sizeof(rows) / sizeof(rows[0]); i++) {
        EVP_KDF_CTX *kdf = EVP_KDF_CTX_new(method);
        for (unsigned n = 0; n < sizeof(key); n++) {
            key[n] = (unsigned char)(0x40 + 16 * i + n);
        }
        const size_t len = compose(&rows[i], fixed);
        ok = derive(kdf, key, fixed, len, out, rows[i].bits / 8) > 0;
        printf("\nNAME = %s\nLABEL = %s\n", rows[i].name, rows[i].label);
        printf("CONTEXT = %s\nL = %u\n", rows[i].context, rows[i].bits);
        print("KEY", key, sizeof(key));
        print("FIXED", fixed, len);
        print("OUT", out, rows[i].bits / 8);
        EVP_KDF_CTX_free(kdf);
    }
    EVP_KDF_free(method);
    return ok ? 0 : 1;
}
