/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file authority.h
 * @brief An authority in the folder "auth", and cards for it without a slot.
 */
#ifndef SDV_TEST_AUTHORITY_H
#define SDV_TEST_AUTHORITY_H

#include <sdvault/authority.h>
#include <sdvault/seal.h>

/** Make an authority without a passphrase and open it. */
sdv_authority *authority_start(void);

/** Open it once more. */
sdv_authority *authority_open(void);

/** CID of a blank card with this serial number. */
void authority_blank_cid(uint32_t serial, uint8_t cid[SDV_CID_BYTES]);

/** A medium that is active, and the root of its card (NULL: not wanted). */
uint64_t authority_medium(sdv_authority *authority, uint32_t serial,
                          uint8_t root[SDV_KEY_BYTES]);

/** A request with unlimited uses and exports and every export allowed. */
sdv_issue authority_request(uint64_t medium_id);

/** What a card would answer to EXPORT: the license of `issued` as a backup. */
void authority_backup(const uint8_t root[SDV_KEY_BYTES],
                      const sdv_issued *issued, uint32_t spent, uint32_t made,
                      uint8_t blob[SDV_VAULT_SEALED_BYTES]);

#endif /* SDV_TEST_AUTHORITY_H */
