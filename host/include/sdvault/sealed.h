/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/sealed.h
 * @brief A sealed license, one block of 512 bytes, and the record inside.
 *
 * The header of a sealed license can be read without a key; the record can
 * not (sdvault/seal.h).  Offsets are written once, in
 * docs/spec/license_fields.csv; docs/vault_format.md explains them.  Nothing
 * here allocates, and nothing here needs a crypto library.
 */
#ifndef SDV_SEALED_H
#define SDV_SEALED_H

#include <stdint.h>

#include <sdvault/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SDV_LICENSE_ID_BYTES SDV_SEALED_LICENSE_BYTES
#define SDV_TITLE_MAX SDV_RECORD_TITLE_BYTES /* bytes, without a zero */
#define SDV_RIGHTS_MAX (SDV_RECORD_RIGHTS_BYTES - 2)

/** The header: bytes 0 to 63 of the block. */
typedef struct sdv_sealed {
    uint8_t suite;         /* SDV_VAULT_SUITE_* */
    uint8_t purpose;       /* SDV_VAULT_PURPOSE_* */
    uint8_t binding;       /* SDV_VAULT_BINDING_* bits */
    uint64_t medium_id;    /* whose keys seal it */
    uint64_t apparatus_id; /* 0 unless bound to an apparatus too */
    uint8_t license_id[SDV_LICENSE_ID_BYTES];
    uint32_t generation; /* a higher one replaces the rights */
    uint8_t salt[SDV_SEALED_SALT_BYTES];
} sdv_sealed;

/** The license record: what the sealed part says. */
typedef struct sdv_record {
    uint8_t content_id[SDV_RECORD_CONTENT_BYTES];
    uint8_t content_key[SDV_RECORD_KEY_BYTES];
    uint64_t not_before;   /* Unix seconds; 0: any time */
    uint64_t not_after;    /* Unix seconds; 0: any time */
    uint32_t uses;         /* granted, or SDV_VAULT_UNLIMITED */
    uint32_t spent;        /* when the record left the card */
    uint32_t flags;        /* SDV_VAULT_RECORD_* bits */
    uint32_t exports;      /* granted, or SDV_VAULT_UNLIMITED */
    uint32_t made;         /* exports, when the record left the card */
    uint64_t apparatus_id; /* the only one that may use it; 0: any */
    uint8_t issuer[SDV_RECORD_ISSUER_BYTES];
    char title[SDV_TITLE_MAX + 1]; /* UTF-8 */
    uint16_t rights_size;          /* bytes of rights[] */
    uint8_t rights[SDV_RIGHTS_MAX];
} sdv_record;

/** Bits for sdv_sealed_parse(). */
#define SDV_PURPOSE_BIT(purpose) (1u << (purpose))
#define SDV_PURPOSES_IMPORT                                                    \
    (SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE) |                                \
     SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_BACKUP))

/**
 * Read the header and check every rule that needs no key, in the order in
 * which a card checks them.
 *
 * @param block      uint8_t[512]
 * @param purposes   SDV_PURPOSE_BIT() of those that are acceptable
 * @param medium_id  it must be for this medium; 0: for any
 * @param[out] header  zeroed on error
 *
 * @retval SDV_OK                    every rule holds
 * @retval SDV_ERR_SEALED_MAGIC      does not begin with SDVL
 * @retval SDV_ERR_SEALED_VERSION    another version of the format
 * @retval SDV_ERR_SEALED_SUITE      unknown suite
 * @retval SDV_ERR_SEALED_PURPOSE    not one of the purposes
 * @retval SDV_ERR_SEALED_BINDING    not bound to the medium, or unknown bits
 * @retval SDV_ERR_SEALED_MEDIUM     another medium's, or a number that is no id
 * @retval SDV_ERR_SEALED_APPARATUS  an apparatus id without the binding, or
 *                                   the binding without an id
 * @retval SDV_ERR_SEALED_RESERVED   reserved bytes are not zero
 */
SDV_MUST_CHECK sdv_err
sdv_sealed_parse(const uint8_t block[SDV_VAULT_SEALED_BYTES], unsigned purposes,
                 uint64_t medium_id, sdv_sealed *header);

/**
 * Write bytes 0 to 63 of a block; the others stay.
 *
 * @retval SDV_OK  done
 * @retval other   as sdv_sealed_parse() would answer; then they are zeroed
 */
SDV_MUST_CHECK sdv_err sdv_sealed_compose(
    const sdv_sealed *header, uint8_t block[SDV_VAULT_SEALED_BYTES]);

/**
 * Write the bytes of a record.
 *
 * @param[out] bytes  uint8_t[432]; zeroed on error
 *
 * @retval SDV_OK          done
 * @retval SDV_ERR_RECORD  the title is empty, not UTF-8 or has control
 *                         characters, or the rights object is too long
 */
SDV_MUST_CHECK sdv_err sdv_record_pack(const sdv_record *record,
                                       uint8_t bytes[SDV_VAULT_RECORD_BYTES]);

/**
 * Read the bytes of a record.
 *
 * @param[out] record  zeroed on error
 *
 * @retval SDV_OK          record is what they say
 * @retval SDV_ERR_RECORD  as sdv_record_pack(); also when unused bytes of title
 *                         or rights object are not zero
 */
SDV_MUST_CHECK sdv_err sdv_record_unpack(
    const uint8_t bytes[SDV_VAULT_RECORD_BYTES], sdv_record *record);

#ifdef __cplusplus
}
#endif

#endif /* SDV_SEALED_H */
