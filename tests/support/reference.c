/* SPDX-License-Identifier: Apache-2.0 */
#include "reference.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/rand.h>
#include <stdlib.h>

#define MUST(call) cr_assert(gt(int, (call), 0))

ref_chain *ref_chain_new(void)
{
    return EVP_CIPHER_CTX_new();
}

void ref_chain_begin(ref_chain *chain, bool decrypt, const uint8_t *key,
                     size_t key_len, const uint8_t *iv)
{
    const EVP_CIPHER *ecb =
        key_len == 32 ? EVP_aes_256_ecb() : EVP_aes_128_ecb();
    const EVP_CIPHER *cbc =
        key_len == 32 ? EVP_aes_256_cbc() : EVP_aes_128_cbc();
    MUST(EVP_CipherInit_ex(chain, iv != NULL ? cbc : ecb, NULL, key, iv,
                           !decrypt));
    MUST(EVP_CIPHER_CTX_set_padding(chain, 0));
}

void ref_chain_blocks(ref_chain *chain, const uint8_t *in, uint8_t *out,
                      size_t len)
{
    int done = 0;
    MUST(EVP_CipherUpdate(chain, out, &done, in, (int)len));
}

void ref_chain_free(ref_chain **chain)
{
    EVP_CIPHER_CTX_free(*chain);
    *chain = NULL;
}

void ref_aes(const uint8_t *key, size_t key_len, const uint8_t in[16],
             uint8_t out[16])
{
    ref_chain *chain = ref_chain_new();
    ref_chain_begin(chain, false, key, key_len, NULL);
    ref_chain_blocks(chain, in, out, 16);
    ref_chain_free(&chain);
}

static OSSL_PARAM text_param(const char *name, const char *text)
{
    return OSSL_PARAM_construct_utf8_string(name, (char *)(uintptr_t)text, 0);
}

static OSSL_PARAM bytes_param(const char *name, const uint8_t *bytes,
                              size_t len)
{
    return OSSL_PARAM_construct_octet_string(name, (void *)(uintptr_t)bytes,
                                             len);
}

static const char *cbc_name(size_t key_len)
{
    return key_len == 32 ? "AES-256-CBC" : "AES-128-CBC";
}

void ref_cmac(const uint8_t *key, size_t key_len, const uint8_t *message,
              size_t len, uint8_t mac[16])
{
    EVP_MAC *method = EVP_MAC_fetch(NULL, "CMAC", NULL);
    EVP_MAC_CTX *cmac = EVP_MAC_CTX_new(method);
    const OSSL_PARAM params[] = {
        text_param(OSSL_MAC_PARAM_CIPHER, cbc_name(key_len)),
        OSSL_PARAM_construct_end()};
    size_t out = 0;
    MUST(EVP_MAC_init(cmac, key, key_len, params));
    MUST(EVP_MAC_update(cmac, message, len));
    MUST(EVP_MAC_final(cmac, mac, &out, 16));
    EVP_MAC_CTX_free(cmac);
    EVP_MAC_free(method);
}

void ref_kdf(const uint8_t *key, size_t key_len, const uint8_t *fixed,
             size_t len, uint8_t *out, size_t out_len)
{
    EVP_KDF *method = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    EVP_KDF_CTX *kdf = EVP_KDF_CTX_new(method);
    int zero = 0;
    const OSSL_PARAM params[] = {
        text_param(OSSL_KDF_PARAM_MODE, "counter"),
        text_param(OSSL_KDF_PARAM_MAC, "CMAC"),
        text_param(OSSL_KDF_PARAM_CIPHER, cbc_name(key_len)),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_L, &zero),
        OSSL_PARAM_construct_int(OSSL_KDF_PARAM_KBKDF_USE_SEPARATOR, &zero),
        bytes_param(OSSL_KDF_PARAM_KEY, key, key_len),
        bytes_param(OSSL_KDF_PARAM_INFO, fixed, len),
        OSSL_PARAM_construct_end()};
    MUST(EVP_KDF_derive(kdf, out, out_len, params));
    EVP_KDF_CTX_free(kdf);
    EVP_KDF_free(method);
}

void ref_siv_seal(const uint8_t *key, size_t key_len, const struct ref_ad *ads,
                  size_t count, const uint8_t *text, size_t len,
                  uint8_t *sealed, uint8_t tag[16])
{
    EVP_CIPHER *method = EVP_CIPHER_fetch(
        NULL, key_len == 64 ? "AES-256-SIV" : "AES-128-SIV", NULL);
    EVP_CIPHER_CTX *siv = EVP_CIPHER_CTX_new();
    int out = 0;
    MUST(EVP_EncryptInit_ex2(siv, method, key, NULL, NULL));
    for (size_t i = 0; i < count; i++) {
        MUST(EVP_EncryptUpdate(siv, NULL, &out, ads[i].bytes, (int)ads[i].len));
    }
    MUST(EVP_EncryptUpdate(siv, sealed, &out, text, (int)len));
    MUST(EVP_EncryptFinal_ex(siv, sealed, &out));
    MUST(EVP_CIPHER_CTX_ctrl(siv, EVP_CTRL_AEAD_GET_TAG, 16, tag));
    EVP_CIPHER_CTX_free(siv);
    EVP_CIPHER_free(method);
}

/* The generator asks a second one, of the test kind, for its entropy. */
struct ref_drbg {
    EVP_RAND_CTX *source, *drbg;
};

static EVP_RAND_CTX *rand_of(const char *name, EVP_RAND_CTX *parent)
{
    EVP_RAND *method = EVP_RAND_fetch(NULL, name, NULL);
    EVP_RAND_CTX *made = EVP_RAND_CTX_new(method, parent);
    EVP_RAND_free(method);
    cr_assert(ne(ptr, made, NULL));
    return made;
}

static void give_entropy(ref_drbg *drbg, const uint8_t entropy[48])
{
    unsigned strength = 256;
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
        bytes_param(OSSL_RAND_PARAM_TEST_ENTROPY, entropy, 48),
        OSSL_PARAM_construct_end()};
    EVP_RAND_uninstantiate(drbg->source);
    MUST(EVP_RAND_instantiate(drbg->source, strength, 0, NULL, 0, params));
}

ref_drbg *ref_drbg_new(const uint8_t entropy[48],
                       const uint8_t personalization[48])
{
    ref_drbg *drbg = calloc(1, sizeof(*drbg));
    int zero = 0;
    unsigned never = 0;
    const OSSL_PARAM params[] = {
        text_param(OSSL_DRBG_PARAM_CIPHER, "AES-256-CTR"),
        OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &zero),
        OSSL_PARAM_construct_uint(OSSL_DRBG_PARAM_RESEED_REQUESTS, &never),
        OSSL_PARAM_construct_end()};
    drbg->source = rand_of("TEST-RAND", NULL);
    give_entropy(drbg, entropy);
    drbg->drbg = rand_of("CTR-DRBG", drbg->source);
    MUST(EVP_RAND_instantiate(drbg->drbg, 256, 0, personalization, 48, params));
    return drbg;
}

void ref_drbg_reseed(ref_drbg *drbg, const uint8_t entropy[48])
{
    give_entropy(drbg, entropy);
    MUST(EVP_RAND_reseed(drbg->drbg, 0, NULL, 0, NULL, 0));
}

void ref_drbg_draw(ref_drbg *drbg, uint8_t out[16])
{
    MUST(EVP_RAND_generate(drbg->drbg, out, 16, 256, 0, NULL, 0));
}

void ref_drbg_free(ref_drbg **drbg)
{
    EVP_RAND_CTX_free((*drbg)->drbg);
    EVP_RAND_CTX_free((*drbg)->source);
    free(*drbg);
    *drbg = NULL;
}
