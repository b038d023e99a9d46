/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/seal.h
 * @brief The key tree, and sealing and opening licenses, by libcrypto.
 *
 * Every key is KDF(parent, label, context): SP 800-108 in counter mode with
 * CMAC and AES-256, over `[i]32 || label || 00 || context || [L]32`.
 * docs/vault_format.md has the tree.
 */
#ifndef SDV_SEAL_H
#define SDV_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include <sdvault/sealed.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SDV_KEY_BYTES 32

/**
 * Derive a key.
 *
 * @param key      uint8_t[32], the parent
 * @param label    ASCII; its zero is not part of it
 * @param context  uint8_t[size]
 * @param[out] out uint8_t[out_size], at most 512 MiB; zeroed on error
 *
 * @retval SDV_OK          done
 * @retval SDV_ERR_CRYPTO  libcrypto refused
 */
SDV_MUST_CHECK sdv_err sdv_kdf(const uint8_t key[SDV_KEY_BYTES],
                               const char *label, const uint8_t *context,
                               size_t size, uint8_t *out, size_t out_size);

/**
 * The root of a card: what its OTP holds and nobody reads.
 *
 * @param master     uint8_t[32], the authority's
 * @param[out] root  zeroed on error
 */
SDV_MUST_CHECK sdv_err sdv_card_root(const uint8_t master[SDV_KEY_BYTES],
                                     uint64_t medium_id,
                                     uint8_t root[SDV_KEY_BYTES]);

/**
 * Seal a license under the key that its header names: issue, backup or store
 * of header->medium_id.
 *
 * @param root   the root of that medium's card
 * @param header every field, the salt too; it should be random
 * @param record uint8_t[432]
 * @param[out] block  uint8_t[512]; zeroed on error
 *
 * @retval SDV_OK          block is a sealed license
 * @retval SDV_ERR_CRYPTO  libcrypto refused
 * @retval other           the header breaks a rule: as sdv_sealed_parse()
 */
SDV_MUST_CHECK sdv_err sdv_seal(const uint8_t root[SDV_KEY_BYTES],
                                const sdv_sealed *header,
                                const uint8_t record[SDV_VAULT_RECORD_BYTES],
                                uint8_t block[SDV_VAULT_SEALED_BYTES]);

/**
 * Open a sealed license.
 *
 * @param root       the root of the card of `medium_id`
 * @param block      uint8_t[512]
 * @param purposes, medium_id  as for sdv_sealed_parse()
 * @param[out] header, record  zeroed on error
 *
 * @retval SDV_OK              nobody has changed a bit
 * @retval SDV_ERR_SEALED_TAG  changed, or sealed under another key
 * @retval SDV_ERR_CRYPTO      libcrypto refused
 * @retval other               as sdv_sealed_parse()
 */
SDV_MUST_CHECK sdv_err sdv_open(const uint8_t root[SDV_KEY_BYTES],
                                const uint8_t block[SDV_VAULT_SEALED_BYTES],
                                unsigned purposes, uint64_t medium_id,
                                sdv_sealed *header,
                                uint8_t record[SDV_VAULT_RECORD_BYTES]);

#ifdef __cplusplus
}
#endif

#endif /* SDV_SEAL_H */
