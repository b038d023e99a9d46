/* SPDX-License-Identifier: Apache-2.0 */
/* Encrypted content, by libcrypto. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/params.h>

#include <sdvault/content.h>

#include "big_endian.h"
#include "labels.h"

#define FORMAT_VERSION 1
#define MAC_BYTES SDV_CONTENT_MAC_BYTES
#define USED_BYTES (SDV_CONTENT_MAC + SDV_CONTENT_MAC_BYTES)

static const uint8_t magic[SDV_CONTENT_MAGIC_BYTES] = {'S', 'D', 'V', 'C'};

struct sdv_content {
    sdv_content_header header;
    uint64_t authenticated; /* bytes of ciphertext */
    EVP_CIPHER_CTX *cipher;
    EVP_MAC_CTX *mac;
};

static int is_zero(const uint8_t *bytes, size_t size)
{
    uint8_t any = 0;

    for (size_t i = 0; i < size; i++) {
        any |= bytes[i];
    }
    return any == 0;
}

sdv_err sdv_content_parse(const uint8_t block[SDV_CONTENT_HEADER_BYTES],
                          sdv_content_header *header)
{
    memset(header, 0, sizeof(*header));
    if (memcmp(block, magic, sizeof(magic)) != 0 ||
        be_get(block + SDV_CONTENT_VERSION, SDV_CONTENT_VERSION_BYTES) !=
            FORMAT_VERSION ||
        !is_zero(block + USED_BYTES, SDV_CONTENT_HEADER_BYTES - USED_BYTES)) {
        return SDV_ERR_CONTENT_FOREIGN;
    }
    memcpy(header->id, block + SDV_CONTENT_ID, sizeof(header->id));
    header->length =
        be_get(block + SDV_CONTENT_LENGTH, SDV_CONTENT_LENGTH_BYTES);
    memcpy(header->nonce, block + SDV_CONTENT_NONCE, sizeof(header->nonce));
    memcpy(header->mac, block + SDV_CONTENT_MAC, sizeof(header->mac));
    return SDV_OK;
}

static void compose(const sdv_content_header *header,
                    uint8_t block[SDV_CONTENT_HEADER_BYTES])
{
    memset(block, 0, SDV_CONTENT_HEADER_BYTES);
    memcpy(block, magic, sizeof(magic));
    be_put(block + SDV_CONTENT_VERSION, SDV_CONTENT_VERSION_BYTES,
           FORMAT_VERSION);
    memcpy(block + SDV_CONTENT_ID, header->id, sizeof(header->id));
    be_put(block + SDV_CONTENT_LENGTH, SDV_CONTENT_LENGTH_BYTES,
           header->length);
    memcpy(block + SDV_CONTENT_NONCE, header->nonce, sizeof(header->nonce));
    memcpy(block + SDV_CONTENT_MAC, header->mac, sizeof(header->mac));
}

sdv_err sdv_content_default_id(const uint8_t key[SDV_KEY_BYTES],
                               uint8_t id[SDV_CONTENT_ID_BYTES])
{
    /* libcrypto takes no context without an address */
    static const uint8_t nothing[1];

    return sdv_kdf(key, "sdvault/content-id", nothing, 0, id,
                   SDV_CONTENT_ID_BYTES);
}

/* ---- one piece of content ---- */

static int begin_mac(struct sdv_content *content, const uint8_t *key)
{
    EVP_MAC *mac = EVP_MAC_fetch(NULL, "CMAC", NULL);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("cipher", (char *)"AES-256-CBC", 0),
        OSSL_PARAM_construct_end()};
    uint8_t block[SDV_CONTENT_HEADER_BYTES];
    sdv_content_header bare = content->header;

    memset(bare.mac, 0, sizeof(bare.mac));
    compose(&bare, block);
    content->mac = mac != NULL ? EVP_MAC_CTX_new(mac) : NULL;
    EVP_MAC_free(mac);
    return content->mac != NULL &&
           EVP_MAC_init(content->mac, key, SDV_KEY_BYTES, params) == 1 &&
           EVP_MAC_update(content->mac, block, sizeof(block)) == 1;
}

static sdv_err begin(struct sdv_content *content, const uint8_t *key)
{
    uint8_t keys[2 * SDV_KEY_BYTES]; /* of CTR, of CMAC */
    sdv_err err =
        sdv_kdf(key, label_text(SDV_LABEL_CONTENT), content->header.id,
                sizeof(content->header.id), keys, sizeof(keys));

    content->cipher = EVP_CIPHER_CTX_new();
    if (err == SDV_OK &&
        (content->cipher == NULL ||
         EVP_EncryptInit_ex2(content->cipher, EVP_aes_256_ctr(), keys,
                             content->header.nonce, NULL) != 1 ||
         !begin_mac(content, keys + SDV_KEY_BYTES))) {
        err = SDV_ERR_CRYPTO;
    }
    OPENSSL_cleanse(keys, sizeof(keys));
    return err;
}

sdv_err sdv_content_new(const uint8_t key[SDV_KEY_BYTES],
                        const sdv_content_header *header, sdv_content **content)
{
    sdv_err err;

    *content = calloc(1, sizeof(**content));
    if (*content == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    (*content)->header = *header;
    err = begin(*content, key);
    if (err != SDV_OK) {
        sdv_content_free(content);
    }
    return err;
}

void sdv_content_free(sdv_content **content)
{
    if (*content != NULL) {
        EVP_CIPHER_CTX_free((*content)->cipher);
        EVP_MAC_CTX_free((*content)->mac);
        free(*content);
        *content = NULL;
    }
}

sdv_err sdv_content_crypt(sdv_content *content, const uint8_t *in, size_t size,
                          uint8_t *out)
{
    while (size > 0) {
        const int part = size < INT_MAX ? (int)size : INT_MAX;
        int done;

        if (EVP_EncryptUpdate(content->cipher, out, &done, in, part) != 1) {
            return SDV_ERR_CRYPTO;
        }
        in += done;
        out += done;
        size -= (size_t)done;
    }
    return SDV_OK;
}

sdv_err sdv_content_authenticate(sdv_content *content,
                                 const uint8_t *ciphertext, size_t size)
{
    content->authenticated += size;
    return EVP_MAC_update(content->mac, ciphertext, size) == 1 ? SDV_OK
                                                               : SDV_ERR_CRYPTO;
}

static sdv_err finish(sdv_content *content, uint8_t mac[MAC_BYTES])
{
    size_t size;

    if (content->authenticated != content->header.length) {
        return SDV_ERR_ARG;
    }
    return EVP_MAC_final(content->mac, mac, &size, MAC_BYTES) == 1
               ? SDV_OK
               : SDV_ERR_CRYPTO;
}

sdv_err sdv_content_seal(sdv_content *content,
                         uint8_t block[SDV_CONTENT_HEADER_BYTES])
{
    const sdv_err err = finish(content, content->header.mac);

    memset(block, 0, SDV_CONTENT_HEADER_BYTES);
    if (err == SDV_OK) {
        compose(&content->header, block);
    }
    return err;
}

sdv_err sdv_content_verify(sdv_content *content)
{
    uint8_t mac[MAC_BYTES];
    const sdv_err err = finish(content, mac);

    if (err == SDV_OK &&
        CRYPTO_memcmp(mac, content->header.mac, MAC_BYTES) != 0) {
        return SDV_ERR_CONTENT_KEY;
    }
    return err;
}
