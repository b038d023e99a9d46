/* SPDX-License-Identifier: Apache-2.0 */
/* Random bytes of the functional card: the CTR_DRBG of libcrypto. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/rand.h>

#include "bytes.h"
#include "vault_private.h"

#define SEED_BYTES 48u
#define STRENGTH 256

/* see vault.h */
void sdv_mvault_forget(sdv_mvault *vault)
{
    EVP_RAND_CTX_free(vault->drbg);
    vault->drbg = NULL;
    vault->fault = false;
}

static EVP_RAND_CTX *make(const char *name, EVP_RAND_CTX *parent)
{
    EVP_RAND *type = EVP_RAND_fetch(NULL, name, NULL);
    EVP_RAND_CTX *made = EVP_RAND_CTX_new(type, parent);

    EVP_RAND_free(type);
    return made;
}

/* A generator of libcrypto that gives out these bytes as its entropy. */
static EVP_RAND_CTX *make_source(uint8_t entropy[SEED_BYTES])
{
    unsigned strength = STRENGTH;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
        OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, entropy,
                                          SEED_BYTES),
        OSSL_PARAM_construct_end()};
    EVP_RAND_CTX *source = make("TEST-RAND", NULL);

    if (EVP_RAND_instantiate(source, STRENGTH, 0, NULL, 0, params) != 1) {
        EVP_RAND_CTX_free(source);
        source = NULL;
    }
    return source;
}

/* AES-256, no derivation function, and never seeded again by itself. */
static EVP_RAND_CTX *make_drbg(EVP_RAND_CTX *source, const uint8_t *string)
{
    static char cipher[] = "AES-256-CTR";
    unsigned never = 0;
    int derive = 0;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &derive),
        OSSL_PARAM_construct_uint(OSSL_DRBG_PARAM_RESEED_REQUESTS, &never),
        OSSL_PARAM_construct_end()};
    EVP_RAND_CTX *drbg = make("CTR-DRBG", source);

    if (EVP_RAND_instantiate(drbg, STRENGTH, 0, string, SEED_BYTES, params) !=
        1) {
        EVP_RAND_CTX_free(drbg);
        drbg = NULL;
    }
    return drbg;
}

/* The power-up counter makes equal entropy give unequal bytes. */
static bool seed(sdv_mcard *card)
{
    uint8_t string[SEED_BYTES] = {0};
    uint8_t entropy[SEED_BYTES];
    EVP_RAND_CTX *source;
    sdv_mline line;

    sdv_mline_read(card, SDV_VAULT_LINE_POWER_UPS, &line);
    line.word[SDV_MLINE_VALUE]++;
    if (!sdv_mline_commit(card, &line)) {
        return false;
    }
    sdv_put32(string, line.word[SDV_MLINE_VALUE]);
    for (size_t i = 0; i < SEED_BYTES; i += 4) {
        sdv_put32(entropy + i, sdv_entropy_next(&card->vault.entropy));
    }
    source = make_source(entropy);
    card->vault.drbg = make_drbg(source, string);
    EVP_RAND_CTX_free(source);
    return card->vault.drbg != NULL;
}

/* see vault.h */
bool sdv_mvault_random(sdv_mcard *card, uint8_t random[SDV_MRANDOM_BYTES])
{
    memset(random, 0, SDV_MRANDOM_BYTES);
    return !card->vault.fault && (card->vault.drbg != NULL || seed(card)) &&
           EVP_RAND_generate(card->vault.drbg, random, SDV_MRANDOM_BYTES,
                             STRENGTH, 0, NULL, 0) == 1;
}
