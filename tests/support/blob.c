/* SPDX-License-Identifier: Apache-2.0 */
#include "blob.h"

#include <string.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "reference.h"

#define INPUT_MAX 128u
#define SIV_KEYS_MAX 64u
#define CONTEXT_MAX 17u

/* ---- contents ---- */

static void noise(uint8_t *bytes, size_t length, uint64_t number)
{
    for (size_t i = 0; i < length; i++) {
        bytes[i] = (uint8_t)(sdv_random(&number) >> 56);
    }
}

/* see blob.h */
identity identity_make(unsigned number)
{
    identity who;

    noise(who.cid, sizeof(who.cid), 1000 + number);
    noise(who.medium, sizeof(who.medium), 2000 + number);
    noise(who.root, sizeof(who.root), 3000 + number);
    return who;
}

/* see blob.h */
blob blob_make(unsigned number)
{
    blob b = {.suite = SDV_VAULT_SUITE_256,
              .purpose = SDV_VAULT_PURPOSE_ISSUE,
              .binding = SDV_VAULT_BINDING_MEDIUM};

    noise(b.id, sizeof(b.id), 4000 + number);
    noise(b.salt, sizeof(b.salt), 5000 + number);
    noise(b.record, sizeof(b.record), 6000 + number);
    blob_set(&b, SDV_RECORD_USES, SDV_VAULT_UNLIMITED);
    blob_set(&b, SDV_RECORD_SPENT, 0);
    blob_set(&b, SDV_RECORD_FLAGS, SDV_VAULT_RECORD_MEDIUM_EXPORT);
    blob_set(&b, SDV_RECORD_EXPORTS, SDV_VAULT_UNLIMITED);
    blob_set(&b, SDV_RECORD_MADE, 0);
    memset(b.record + SDV_RECORD_APPARATUS, 0, SDV_RECORD_APPARATUS_BYTES);
    return b;
}

/* see blob.h */
void blob_set(blob *b, unsigned field, uint32_t value)
{
    sdv_put32(b->record + field, value);
}

/* see blob.h */
uint32_t blob_get(const blob *b, unsigned field)
{
    return sdv_get32(b->record + field);
}

/* ---- keys ---- */

/* see blob.h */
void blob_derive(const uint8_t root[32], const char *label,
                 const uint8_t *context, size_t context_length, uint8_t *key,
                 size_t length)
{
    const size_t at_context = strlen(label) + 1;
    const size_t at_length = at_context + context_length;
    uint8_t input[INPUT_MAX] = {0};

    memcpy(input, label, strlen(label));
    memcpy(input + at_context, context, context_length);
    sdv_put32(input + at_length, (uint32_t)length * 8);
    ref_kdf(root, 32, input, at_length + 4, key, length);
}

/* The two keys of a sealed license, as its header names them; their length. */
static size_t siv_keys(const identity *who, const uint8_t *sealed,
                       uint8_t keys[SIV_KEYS_MAX])
{
    static const char *const labels[] = {
        [SDV_VAULT_PURPOSE_ISSUE] = "sdvault/issue",
        [SDV_VAULT_PURPOSE_BACKUP] = "sdvault/backup",
        [SDV_VAULT_PURPOSE_STORE] = "sdvault/store",
    };
    const unsigned purpose = sealed[SDV_SEALED_PURPOSE];
    const size_t length =
        sealed[SDV_SEALED_SUITE] == SDV_VAULT_SUITE_256 ? 64 : 32;
    uint8_t context[CONTEXT_MAX];

    memcpy(context, sealed + SDV_SEALED_MEDIUM, 8);
    context[8] = sealed[SDV_SEALED_BINDING];
    memcpy(context + 9, sealed + SDV_SEALED_APPARATUS, 8);
    blob_derive(who->root, labels[purpose], context,
                purpose == SDV_VAULT_PURPOSE_ISSUE ? 8 : CONTEXT_MAX, keys,
                length);
    return length;
}

/* ---- sealing and opening ---- */

static void put_header(const blob *b, const identity *who, uint8_t *sealed)
{
    memset(sealed, 0, BLOB_BYTES);
    memcpy(sealed, "SDVL", 4);
    sealed[SDV_SEALED_VERSION] = 1;
    sealed[SDV_SEALED_SUITE] = b->suite;
    sealed[SDV_SEALED_PURPOSE] = b->purpose;
    sealed[SDV_SEALED_BINDING] = b->binding;
    memcpy(sealed + SDV_SEALED_MEDIUM, who->medium, 8);
    memcpy(sealed + SDV_SEALED_APPARATUS, b->apparatus, 8);
    memcpy(sealed + SDV_SEALED_LICENSE, b->id, 16);
    sdv_put32(sealed + SDV_SEALED_GENERATION, b->generation);
    memcpy(sealed + SDV_SEALED_SALT, b->salt, 16);
}

/* see blob.h */
void blob_seal(const blob *b, const identity *who, uint8_t sealed[BLOB_BYTES])
{
    const struct ref_ad header = {sealed, SDV_SEALED_TAG};
    uint8_t keys[SIV_KEYS_MAX];
    size_t length;

    put_header(b, who, sealed);
    length = siv_keys(who, sealed, keys);
    ref_siv_seal(keys, length, &header, 1, b->record, BLOB_RECORD,
                 sealed + SDV_SEALED_RECORD, sealed + SDV_SEALED_TAG);
}

static void get_header(blob *b, const uint8_t *sealed)
{
    b->suite = sealed[SDV_SEALED_SUITE];
    b->purpose = sealed[SDV_SEALED_PURPOSE];
    b->binding = sealed[SDV_SEALED_BINDING];
    memcpy(b->apparatus, sealed + SDV_SEALED_APPARATUS, 8);
    memcpy(b->id, sealed + SDV_SEALED_LICENSE, 16);
    b->generation = sdv_get32(sealed + SDV_SEALED_GENERATION);
    memcpy(b->salt, sealed + SDV_SEALED_SALT, 16);
}

/* see blob.h */
bool blob_open(blob *b, const identity *who, const uint8_t sealed[BLOB_BYTES])
{
    uint8_t keys[SIV_KEYS_MAX];
    const bool large = siv_keys(who, sealed, keys) == SIV_KEYS_MAX;
    uint8_t tag[SDV_SEALED_TAG_BYTES];
    EVP_CIPHER *cipher =
        EVP_CIPHER_fetch(NULL, large ? "AES-256-SIV" : "AES-128-SIV", NULL);
    EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
    int length;
    bool good;

    get_header(b, sealed);
    memcpy(tag, sealed + SDV_SEALED_TAG, sizeof(tag));
    good = EVP_DecryptInit_ex2(ctx, cipher, keys, NULL, NULL) == 1 &&
           EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, sizeof(tag), tag) ==
               1 &&
           EVP_DecryptUpdate(ctx, NULL, &length, sealed, SDV_SEALED_TAG) == 1 &&
           EVP_DecryptUpdate(ctx, b->record, &length,
                             sealed + SDV_SEALED_RECORD, BLOB_RECORD) == 1;
    EVP_CIPHER_CTX_free(ctx);
    EVP_CIPHER_free(cipher);
    return good;
}
