/* SPDX-License-Identifier: Apache-2.0 */
/* The key tree, and AES-SIV over a license, by libcrypto. */
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <sdvault/seal.h>

#include "big_endian.h"
#include "labels.h"

#define ID_BYTES 8
#define SEAL_CONTEXT_MAX (ID_BYTES + 1 + ID_BYTES)
#define SIV_KEY_MAX 64
#define HEADER_BYTES SDV_SEALED_TAG /* the associated data */
#define TAG_BYTES SDV_SEALED_TAG_BYTES

sdv_err sdv_kdf(const uint8_t key[SDV_KEY_BYTES], const char *label,
                const uint8_t *context, size_t size, uint8_t *out,
                size_t out_size)
{
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "KBKDF", NULL);
    EVP_KDF_CTX *run = kdf != NULL ? EVP_KDF_CTX_new(kdf) : NULL;
    /* libcrypto calls the label salt and the context info, and only reads */
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("mode", (char *)"counter", 0),
        OSSL_PARAM_construct_utf8_string("mac", (char *)"CMAC", 0),
        OSSL_PARAM_construct_utf8_string("cipher", (char *)"AES-256-CBC", 0),
        OSSL_PARAM_construct_octet_string("key", (void *)key, SDV_KEY_BYTES),
        OSSL_PARAM_construct_octet_string("salt", (void *)label, strlen(label)),
        OSSL_PARAM_construct_octet_string("info", (void *)context, size),
        OSSL_PARAM_construct_end()};
    sdv_err err = SDV_OK;

    if (run == NULL || EVP_KDF_derive(run, out, out_size, params) != 1) {
        memset(out, 0, out_size);
        err = SDV_ERR_CRYPTO;
    }
    EVP_KDF_CTX_free(run);
    EVP_KDF_free(kdf);
    return err;
}

sdv_err sdv_card_root(const uint8_t master[SDV_KEY_BYTES], uint64_t medium_id,
                      uint8_t root[SDV_KEY_BYTES])
{
    uint8_t context[ID_BYTES];

    be_put(context, ID_BYTES, medium_id);
    return sdv_kdf(master, label_text(SDV_LABEL_CARD), context, sizeof(context),
                   root, SDV_KEY_BYTES);
}

/* ---- sealing ---- */

/* Two keys of AES-SIV, of the size that the suite wants. */
struct siv_key {
    uint8_t bytes[SIV_KEY_MAX];
    size_t size;
};

static sdv_err derive_siv_key(const uint8_t *root, const sdv_sealed *header,
                              struct siv_key *key)
{
    static const unsigned labels[] = {
        [SDV_VAULT_PURPOSE_ISSUE] = SDV_LABEL_ISSUE,
        [SDV_VAULT_PURPOSE_BACKUP] = SDV_LABEL_BACKUP,
        [SDV_VAULT_PURPOSE_STORE] = SDV_LABEL_STORE};
    uint8_t context[SEAL_CONTEXT_MAX];
    /* the issue key belongs to the medium alone */
    const size_t size = header->purpose == SDV_VAULT_PURPOSE_ISSUE
                            ? ID_BYTES
                            : SEAL_CONTEXT_MAX;

    be_put(context, ID_BYTES, header->medium_id);
    context[ID_BYTES] = header->binding;
    be_put(context + ID_BYTES + 1, ID_BYTES, header->apparatus_id);
    key->size = header->suite == SDV_VAULT_SUITE_256 ? 64 : 32;
    return sdv_kdf(root, label_text(labels[header->purpose]), context, size,
                   key->bytes, key->size);
}

/* One run of AES-SIV, with the header as its only associated data. */
struct siv {
    EVP_CIPHER *cipher;
    EVP_CIPHER_CTX *run;
};

static void siv_end(struct siv *siv)
{
    EVP_CIPHER_CTX_free(siv->run);
    EVP_CIPHER_free(siv->cipher);
}

static sdv_err siv_begin(struct siv *siv, const uint8_t *root,
                         const sdv_sealed *header, int encrypt)
{
    struct siv_key key;
    sdv_err err = derive_siv_key(root, header, &key);

    siv->cipher = EVP_CIPHER_fetch(
        NULL, key.size == 64 ? "AES-256-SIV" : "AES-128-SIV", NULL);
    siv->run = EVP_CIPHER_CTX_new();
    if (err == SDV_OK && (siv->cipher == NULL || siv->run == NULL ||
                          EVP_CipherInit_ex2(siv->run, siv->cipher, key.bytes,
                                             NULL, encrypt, NULL) != 1)) {
        err = SDV_ERR_CRYPTO;
    }
    OPENSSL_cleanse(&key, sizeof(key));
    return err;
}

static int siv_crypt(struct siv *siv, const uint8_t *block, const uint8_t *in,
                     uint8_t *out)
{
    int size;

    return EVP_CipherUpdate(siv->run, NULL, &size, block, HEADER_BYTES) == 1 &&
           EVP_CipherUpdate(siv->run, out, &size, in, SDV_VAULT_RECORD_BYTES) ==
               1;
}

sdv_err sdv_seal(const uint8_t root[SDV_KEY_BYTES], const sdv_sealed *header,
                 const uint8_t record[SDV_VAULT_RECORD_BYTES],
                 uint8_t block[SDV_VAULT_SEALED_BYTES])
{
    struct siv siv = {0};
    sdv_err err = sdv_sealed_compose(header, block);

    if (err == SDV_OK) {
        err = siv_begin(&siv, root, header, 1);
    }
    if (err == SDV_OK &&
        (!siv_crypt(&siv, block, record, block + SDV_SEALED_RECORD) ||
         EVP_CIPHER_CTX_ctrl(siv.run, EVP_CTRL_AEAD_GET_TAG, TAG_BYTES,
                             block + SDV_SEALED_TAG) != 1)) {
        err = SDV_ERR_CRYPTO;
    }
    if (err != SDV_OK) {
        memset(block, 0, SDV_VAULT_SEALED_BYTES);
    }
    siv_end(&siv);
    return err;
}

sdv_err sdv_open(const uint8_t root[SDV_KEY_BYTES],
                 const uint8_t block[SDV_VAULT_SEALED_BYTES], unsigned purposes,
                 uint64_t medium_id, sdv_sealed *header,
                 uint8_t record[SDV_VAULT_RECORD_BYTES])
{
    uint8_t tag[TAG_BYTES]; /* libcrypto wants to be able to write it */
    struct siv siv = {0};
    sdv_err err = sdv_sealed_parse(block, purposes, medium_id, header);

    memset(record, 0, SDV_VAULT_RECORD_BYTES);
    memcpy(tag, block + SDV_SEALED_TAG, sizeof(tag));
    if (err == SDV_OK) {
        err = siv_begin(&siv, root, header, 0);
    }
    if (err == SDV_OK && EVP_CIPHER_CTX_ctrl(siv.run, EVP_CTRL_AEAD_SET_TAG,
                                             TAG_BYTES, tag) != 1) {
        err = SDV_ERR_CRYPTO;
    }
    if (err == SDV_OK &&
        !siv_crypt(&siv, block, block + SDV_SEALED_RECORD, record)) {
        err = SDV_ERR_SEALED_TAG;
    }
    if (err != SDV_OK) {
        OPENSSL_cleanse(record, SDV_VAULT_RECORD_BYTES);
        memset(header, 0, sizeof(*header));
    }
    siv_end(&siv);
    return err;
}
