/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file blob.h
 * @brief Sealed licenses as tests make and open them, with libcrypto.
 *
 * Written from docs/protocol_secure.md and docs/vault_format.md; shares no
 * code with the card or the host, so that it can judge both.
 */
#ifndef SDV_TEST_BLOB_H
#define SDV_TEST_BLOB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sdvault/spec.h>

#define BLOB_BYTES SDV_VAULT_SEALED_BYTES
#define BLOB_RECORD SDV_VAULT_RECORD_BYTES

/** Who a card is: what STORE DATA takes, in its order. */
typedef struct identity {
    uint8_t cid[16];
    uint8_t medium[8];
    uint8_t root[32];
} identity;

/** An identity that only this number gives. */
identity identity_make(unsigned number);

/** What a sealed license says. */
typedef struct blob {
    uint8_t suite;
    uint8_t purpose;
    uint8_t binding;
    uint8_t apparatus[8];
    uint8_t id[16];
    uint32_t generation;
    uint8_t salt[16];
    uint8_t record[BLOB_RECORD];
} blob;

/**
 * A license that nothing limits: suite 2, purpose issue, bound to the medium,
 * generation 0, may be exported; content key, title and rights are noise.
 */
blob blob_make(unsigned number);

/** A number of the record: SDV_RECORD_USES and the like. */
void blob_set(blob *b, unsigned field, uint32_t value);
uint32_t blob_get(const blob *b, unsigned field);

/** Seal it for the card of that identity. */
void blob_seal(const blob *b, const identity *who, uint8_t sealed[BLOB_BYTES]);

/** Open a sealed license of that card; false: it was changed. */
bool blob_open(blob *b, const identity *who, const uint8_t sealed[BLOB_BYTES]);

/** A key of the card: SP 800-108 in counter mode with CMAC. */
void blob_derive(const uint8_t root[32], const char *label,
                 const uint8_t *context, size_t context_length, uint8_t *key,
                 size_t length);

#endif /* SDV_TEST_BLOB_H */
