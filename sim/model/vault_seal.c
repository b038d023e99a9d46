/* SPDX-License-Identifier: Apache-2.0 */
/* Sealed licenses of the functional card: headers, keys, AES-SIV. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>

#include "bytes.h"
#include "vault_private.h"

#define ID_BYTES 8u
#define ROOT_BYTES 32u
#define KEY_MAX 64u /* two keys of AES-256 */

static const uint8_t magic[SDV_SEALED_MAGIC_BYTES] = {'S', 'D', 'V', 'L'};

/* ---- what the card is ---- */

static void get_otp(const sdv_mcard *card, unsigned first, uint8_t *bytes,
                    size_t length)
{
    for (size_t i = 0; i < length; i += 4) {
        sdv_put32(bytes + i, sdv_mcard_otp(card, first + (unsigned)i / 4));
    }
}

/* see vault_private.h */
void sdv_mvault_medium(const sdv_mcard *card, uint8_t *medium)
{
    get_otp(card, SDV_VAULT_OTP_MEDIUM, medium, ID_BYTES);
}

/* ---- headers ---- */

static bool all_are(const uint8_t *bytes, size_t length, uint8_t value)
{
    for (size_t i = 0; i < length; i++) {
        if (bytes[i] != value) {
            return false;
        }
    }
    return true;
}

/* An apparatus id stands where the binding says so, and nowhere else. */
static bool apparatus_fits(const uint8_t *sealed)
{
    const uint8_t *id = sealed + SDV_SEALED_APPARATUS;
    const bool bound =
        (sealed[SDV_SEALED_BINDING] & SDV_VAULT_BINDING_APPARATUS) != 0;

    return !all_are(id, ID_BYTES, 0xFF) && all_are(id, ID_BYTES, 0) != bound;
}

static bool medium_fits(const sdv_mcard *card, const uint8_t *sealed)
{
    uint8_t medium[ID_BYTES];

    sdv_mvault_medium(card, medium);
    return memcmp(sealed + SDV_SEALED_MEDIUM, medium, ID_BYTES) == 0;
}

static unsigned check_form(const uint8_t *sealed)
{
    if (memcmp(sealed + SDV_SEALED_MAGIC, magic, sizeof(magic)) != 0) {
        return SDV_SW_SEAL_MAGIC;
    }
    if (sealed[SDV_SEALED_VERSION] != SDV_VAULT_VERSION) {
        return SDV_SW_SEAL_VERSION;
    }
    if (sealed[SDV_SEALED_SUITE] != SDV_VAULT_SUITE_128 &&
        sealed[SDV_SEALED_SUITE] != SDV_VAULT_SUITE_256) {
        return SDV_SW_SEAL_SUITE;
    }
    return SDV_SW_OK;
}

static unsigned check_binding(const sdv_mcard *card, const uint8_t *sealed)
{
    const unsigned binding = sealed[SDV_SEALED_BINDING];

    if (binding != SDV_VAULT_BINDING_MEDIUM &&
        binding != (SDV_VAULT_BINDING_MEDIUM | SDV_VAULT_BINDING_APPARATUS)) {
        return SDV_SW_SEAL_BINDING;
    }
    if (!medium_fits(card, sealed)) {
        return SDV_SW_SEAL_MEDIUM;
    }
    if (!apparatus_fits(sealed)) {
        return SDV_SW_SEAL_APPARATUS;
    }
    if (!all_are(sealed + SDV_SEALED_RESERVED, SDV_SEALED_RESERVED_BYTES, 0)) {
        return SDV_SW_SEAL_RESERVED;
    }
    return SDV_SW_OK;
}

/* see vault_private.h */
unsigned sdv_mseal_check(const sdv_mcard *card, const uint8_t *sealed)
{
    const unsigned purpose = sealed[SDV_SEALED_PURPOSE];
    const unsigned sw = check_form(sealed);

    if (sw != SDV_SW_OK) {
        return sw;
    }
    if (purpose != SDV_VAULT_PURPOSE_ISSUE &&
        purpose != SDV_VAULT_PURPOSE_BACKUP) {
        return SDV_SW_SEAL_PURPOSE;
    }
    return check_binding(card, sealed);
}

/* see vault_private.h */
bool sdv_mseal_is_store(const sdv_mcard *card, const uint8_t *sealed,
                        const uint8_t *id)
{
    return check_form(sealed) == SDV_SW_OK &&
           sealed[SDV_SEALED_PURPOSE] == SDV_VAULT_PURPOSE_STORE &&
           check_binding(card, sealed) == SDV_SW_OK &&
           memcmp(sealed + SDV_SEALED_LICENSE, id, SDV_SEALED_LICENSE_BYTES) ==
               0;
}

/* ---- keys ---- */

static const char *label_of(unsigned purpose)
{
    static const char *const texts[] = {
#define LABEL_TEXT(name, value, text) [value] = text,
        SDV_LABEL_TABLE(LABEL_TEXT)
#undef LABEL_TEXT
    };

    switch (purpose) {
    case SDV_VAULT_PURPOSE_ISSUE:
        return texts[SDV_LABEL_ISSUE];
    case SDV_VAULT_PURPOSE_BACKUP:
        return texts[SDV_LABEL_BACKUP];
    default:
        return texts[SDV_LABEL_STORE];
    }
}

/* Medium id; and, but for issue, the binding and the apparatus id. */
static size_t make_context(const uint8_t *sealed, uint8_t *context)
{
    memcpy(context, sealed + SDV_SEALED_MEDIUM, ID_BYTES);
    if (sealed[SDV_SEALED_PURPOSE] == SDV_VAULT_PURPOSE_ISSUE) {
        return ID_BYTES;
    }
    context[ID_BYTES] = sealed[SDV_SEALED_BINDING];
    memcpy(context + ID_BYTES + 1, sealed + SDV_SEALED_APPARATUS, ID_BYTES);
    return ID_BYTES + 1 + ID_BYTES;
}

/* SP 800-108 in counter mode with CMAC. */
static bool derive(uint8_t *root, const char *label, uint8_t *context,
                   size_t context_length, uint8_t *key, size_t length)
{
    static char mode[] = "counter", mac[] = "CMAC", cipher[] = "AES-256-CBC";
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MODE, mode, 0),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_MAC, mac, 0),
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_CIPHER, cipher, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, root, ROOT_BYTES),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_SALT, (void *)label,
                                          strlen(label)),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, context,
                                          context_length),
        OSSL_PARAM_construct_end()};
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    EVP_KDF_CTX *ctx = EVP_KDF_CTX_new(kdf);
    const bool done = EVP_KDF_derive(ctx, key, length, params) == 1;

    EVP_KDF_CTX_free(ctx);
    EVP_KDF_free(kdf);
    return done;
}

/* The two keys of a sealed license, as its header names them. */
static bool make_key(const sdv_mcard *card, const uint8_t *sealed,
                     uint8_t key[KEY_MAX])
{
    const bool large = sealed[SDV_SEALED_SUITE] == SDV_VAULT_SUITE_256;
    uint8_t root[ROOT_BYTES];
    uint8_t context[ID_BYTES + 1 + ID_BYTES];
    const size_t length = make_context(sealed, context);

    get_otp(card, SDV_VAULT_OTP_ROOT, root, ROOT_BYTES);
    return derive(root, label_of(sealed[SDV_SEALED_PURPOSE]), context, length,
                  key, large ? KEY_MAX : KEY_MAX / 2);
}

/* ---- AES-SIV: the header with its salt is the associated data ---- */

/* A context that has seen the key and the header. */
static EVP_CIPHER_CTX *begin(const sdv_mcard *card, uint8_t *sealed, bool seal)
{
    const bool large = sealed[SDV_SEALED_SUITE] == SDV_VAULT_SUITE_256;
    EVP_CIPHER *cipher =
        EVP_CIPHER_fetch(NULL, large ? "AES-256-SIV" : "AES-128-SIV", NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    uint8_t key[KEY_MAX];
    int length;
    bool good = make_key(card, sealed, key) &&
                EVP_CipherInit_ex2(ctx, cipher, key, NULL, seal, NULL) == 1;

    if (good && !seal) {
        good = EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG,
                                   SDV_SEALED_TAG_BYTES,
                                   sealed + SDV_SEALED_TAG) == 1;
    }
    good = good &&
           EVP_CipherUpdate(ctx, NULL, &length, sealed, SDV_SEALED_TAG) == 1;
    EVP_CIPHER_free(cipher);
    if (!good) {
        EVP_CIPHER_CTX_free(ctx);
        ctx = NULL;
    }
    return ctx;
}

/* see vault_private.h */
bool sdv_mseal_open(sdv_mcard *card, const uint8_t *sealed, uint8_t *record)
{
    uint8_t copy[SDV_VAULT_SEALED_BYTES];
    EVP_CIPHER_CTX *ctx;
    int length;
    bool good;

    if (card->vault.breaks) {
        card->vault.fault = true;
        return false;
    }
    memcpy(copy, sealed, sizeof(copy));
    ctx = begin(card, copy, false);
    good = ctx != NULL &&
           EVP_CipherUpdate(ctx, record, &length, copy + SDV_SEALED_RECORD,
                            SDV_VAULT_RECORD_BYTES) == 1;
    EVP_CIPHER_CTX_free(ctx);
    return good;
}

static void make_header(const sdv_mcard *card, const sdv_mseal *seal,
                        uint8_t *sealed)
{
    memset(sealed, 0, SDV_SEALED_TAG);
    memcpy(sealed + SDV_SEALED_MAGIC, magic, sizeof(magic));
    sealed[SDV_SEALED_VERSION] = SDV_VAULT_VERSION;
    sealed[SDV_SEALED_SUITE] = (uint8_t)seal->suite;
    sealed[SDV_SEALED_PURPOSE] = (uint8_t)seal->purpose;
    sealed[SDV_SEALED_BINDING] = SDV_VAULT_BINDING_MEDIUM;
    if (seal->apparatus != NULL) {
        sealed[SDV_SEALED_BINDING] |= SDV_VAULT_BINDING_APPARATUS;
        memcpy(sealed + SDV_SEALED_APPARATUS, seal->apparatus, ID_BYTES);
    }
    sdv_mvault_medium(card, sealed + SDV_SEALED_MEDIUM);
    memcpy(sealed + SDV_SEALED_LICENSE, seal->id, SDV_SEALED_LICENSE_BYTES);
    sdv_put32(sealed + SDV_SEALED_GENERATION, seal->generation);
    memcpy(sealed + SDV_SEALED_SALT, seal->salt, SDV_SEALED_SALT_BYTES);
}

/* see vault_private.h */
void sdv_mseal_make(const sdv_mcard *card, const sdv_mseal *seal,
                    const uint8_t *record, uint8_t *sealed)
{
    EVP_CIPHER_CTX *ctx;
    int length;

    make_header(card, seal, sealed);
    ctx = begin(card, sealed, true);
    if (ctx == NULL ||
        EVP_CipherUpdate(ctx, sealed + SDV_SEALED_RECORD, &length, record,
                         SDV_VAULT_RECORD_BYTES) != 1 ||
        EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SDV_SEALED_TAG_BYTES,
                            sealed + SDV_SEALED_TAG) != 1) {
        memset(sealed, 0, SDV_VAULT_SEALED_BYTES); /* never plain text */
    }
    EVP_CIPHER_CTX_free(ctx);
}
