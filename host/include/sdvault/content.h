/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/content.h
 * @brief Encrypted content: a header block, then the data under AES-256-CTR.
 *
 * KDF(content key, "sdvault/content", content id) with L = 512 gives two keys:
 * the first half is the CTR key, the second half the CMAC key.  The CMAC is
 * over the header, with zeros in its place, and the ciphertext
 * (docs/vault_format.md).
 *
 * To encrypt: sdv_content_new(), then sdv_content_crypt() and
 * sdv_content_authenticate() for each piece, then sdv_content_seal().  To
 * decrypt: authenticate everything, sdv_content_verify(), and only then crypt.
 */
#ifndef SDV_CONTENT_H
#define SDV_CONTENT_H

#include <stddef.h>
#include <stdint.h>

#include <sdvault/seal.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SDV_CONTENT_HEADER_BYTES 512

/** The header. */
typedef struct sdv_content_header {
    uint8_t id[SDV_CONTENT_ID_BYTES];
    uint64_t length; /* bytes of the content */
    uint8_t nonce[SDV_CONTENT_NONCE_BYTES];
    uint8_t mac[SDV_CONTENT_MAC_BYTES];
} sdv_content_header;

typedef struct sdv_content sdv_content;

/**
 * Read a header.
 *
 * @param block        uint8_t[512]
 * @param[out] header  zeroed on error
 *
 * @retval SDV_OK                   header is what it says; nothing is verified
 * @retval SDV_ERR_CONTENT_FOREIGN  not encrypted content, or another version
 */
SDV_MUST_CHECK sdv_err sdv_content_parse(
    const uint8_t block[SDV_CONTENT_HEADER_BYTES], sdv_content_header *header);

/**
 * The content id that goes with a content key when nobody has chosen one:
 * KDF(content key, "sdvault/content-id", nothing) with L = 128.
 */
SDV_MUST_CHECK sdv_err sdv_content_default_id(const uint8_t key[SDV_KEY_BYTES],
                                              uint8_t id[SDV_CONTENT_ID_BYTES]);

/**
 * Begin with one piece of content.
 *
 * @param key     the content key
 * @param header  id, length and nonce; a nonce is random and used once
 *
 * @retval SDV_OK             *content is to be freed
 * @retval SDV_ERR_NO_MEMORY, SDV_ERR_CRYPTO  *content is NULL
 */
SDV_MUST_CHECK sdv_err sdv_content_new(const uint8_t key[SDV_KEY_BYTES],
                                       const sdv_content_header *header,
                                       sdv_content **content);

/** Wipe the keys and free; sets *content to NULL. */
void sdv_content_free(sdv_content **content);

/**
 * Encrypt or decrypt the next bytes; any split gives the same.
 *
 * @param in        uint8_t[size]
 * @param[out] out  uint8_t[size]; may be `in`
 */
SDV_MUST_CHECK sdv_err sdv_content_crypt(sdv_content *content,
                                         const uint8_t *in, size_t size,
                                         uint8_t *out);

/** Take the next bytes of ciphertext into the CMAC. */
SDV_MUST_CHECK sdv_err sdv_content_authenticate(sdv_content *content,
                                                const uint8_t *ciphertext,
                                                size_t size);

/**
 * Write the header with its CMAC, once all ciphertext was authenticated.
 *
 * @param[out] block  uint8_t[512]; zeroed on error
 *
 * @retval SDV_OK       complete
 * @retval SDV_ERR_ARG  more or less than header->length bytes came
 */
SDV_MUST_CHECK sdv_err
sdv_content_seal(sdv_content *content, uint8_t block[SDV_CONTENT_HEADER_BYTES]);

/**
 * Compare the CMAC, once all ciphertext was authenticated.
 *
 * @retval SDV_OK               key, header and ciphertext belong together
 * @retval SDV_ERR_CONTENT_KEY  another key, or something was changed
 * @retval SDV_ERR_ARG          more or less than header->length bytes came
 */
SDV_MUST_CHECK sdv_err sdv_content_verify(sdv_content *content);

/* ---- key files: the text of a file that holds one content key ---- */

/** No key file is longer. */
#define SDV_KEY_TEXT_MAX 160

/**
 * Write the text of a key file; it is a secret.
 * @param[out] text  a string
 */
void sdv_content_key_format(const uint8_t key[SDV_KEY_BYTES],
                            char text[SDV_KEY_TEXT_MAX]);

/**
 * Read the text of a key file.
 *
 * @param text      the whole file, char[size]
 * @param[out] key  zeroed on error
 *
 * @retval SDV_OK            key is what the file says
 * @retval SDV_ERR_KEY_FILE  not such a file, another version, or damaged
 */
SDV_MUST_CHECK sdv_err sdv_content_key_parse(const char *text, size_t size,
                                             uint8_t key[SDV_KEY_BYTES]);

#ifdef __cplusplus
}
#endif

#endif /* SDV_CONTENT_H */
