/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file reference.h
 * @brief libcrypto's answers, which the crypto blocks are compared with.
 *
 * Keys have 16 or 32 bytes, those of SIV 32 or 64.  A libcrypto that refuses
 * fails the test.
 */
#ifndef SDV_TEST_REFERENCE_H
#define SDV_TEST_REFERENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void ref_aes(const uint8_t *key, size_t key_len, const uint8_t in[16],
             uint8_t out[16]);

/** Blocks one after the other, in ECB or CBC mode. */
typedef struct evp_cipher_ctx_st ref_chain;
ref_chain *ref_chain_new(void);
/** The key, and the IV of CBC, or NULL for ECB. */
void ref_chain_begin(ref_chain *chain, bool decrypt, const uint8_t *key,
                     size_t key_len, const uint8_t *iv);
void ref_chain_blocks(ref_chain *chain, const uint8_t *in, uint8_t *out,
                      size_t len);
void ref_chain_free(ref_chain **chain);

void ref_cmac(const uint8_t *key, size_t key_len, const uint8_t *message,
              size_t len, uint8_t mac[16]);
void ref_kdf(const uint8_t *key, size_t key_len, const uint8_t *fixed,
             size_t len, uint8_t *out, size_t out_len);

/** Strings of associated data. */
struct ref_ad {
    const uint8_t *bytes;
    size_t len;
};

/** Seals `len` bytes, at least one. */
void ref_siv_seal(const uint8_t *key, size_t key_len, const struct ref_ad *ads,
                  size_t count, const uint8_t *text, size_t len,
                  uint8_t *sealed, uint8_t tag[16]);

/** A CTR_DRBG with AES-256 and no derivation function. */
typedef struct ref_drbg ref_drbg;
ref_drbg *ref_drbg_new(const uint8_t entropy[48],
                       const uint8_t personalization[48]);
void ref_drbg_reseed(ref_drbg *drbg, const uint8_t entropy[48]);
void ref_drbg_draw(ref_drbg *drbg, uint8_t out[16]);
void ref_drbg_free(ref_drbg **drbg);

#endif /* SDV_TEST_REFERENCE_H */
