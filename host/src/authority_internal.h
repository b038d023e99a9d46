/* SPDX-License-Identifier: Apache-2.0 */
/* What the parts of the authority know of each other. */
#ifndef SDV_AUTHORITY_INTERNAL_H
#define SDV_AUTHORITY_INTERNAL_H

#include <sdvault/authority.h>
#include <sdvault/seal.h>

#include "ledger.h"

#define ISSUER_BYTES SDV_RECORD_ISSUER_BYTES

struct sdv_authority {
    uint8_t master[SDV_KEY_BYTES];
    uint8_t issuer[ISSUER_BYTES]; /* made from the master key; public */
    struct ledger ledger;
};

/* ---- the master key file (authority_key.c) ---- */

/** Make the file.  @retval as file_create(), SDV_ERR_CRYPTO */
SDV_MUST_CHECK sdv_err master_create(const char *path, const char *passphrase,
                                     const uint8_t master[SDV_KEY_BYTES]);

/** Read the file.  @param passphrase NULL when there is none */
SDV_MUST_CHECK sdv_err master_load(const char *path, const char *passphrase,
                                   uint8_t master[SDV_KEY_BYTES]);

/** Is the key in the file under a passphrase? */
SDV_MUST_CHECK sdv_err master_is_protected(const char *path, bool *protected_);

/* ---- licenses on their way (authority_license.c) ---- */

/** A header of an issue with a fresh salt; suite 0 is the default one. */
SDV_MUST_CHECK sdv_err license_header(const sdv_issued *issued, uint8_t suite,
                                      sdv_sealed *header);

/** Seal issued->record; fills issued->block. */
SDV_MUST_CHECK sdv_err license_seal(sdv_authority *authority,
                                    const sdv_sealed *header,
                                    sdv_issued *issued);

/** Open a block that an authority with this master key or a card has sealed. */
SDV_MUST_CHECK sdv_err license_open(sdv_authority *authority,
                                    const uint8_t *block, unsigned purposes,
                                    uint64_t medium_id, sdv_sealed *header,
                                    sdv_record *record);

/** Do two records say the same? */
bool license_same(const sdv_record *a, const sdv_record *b);

/** SDV_OK when licenses may go to this medium. */
SDV_MUST_CHECK sdv_err license_check_target(sdv_authority *authority,
                                            uint64_t medium_id);

#endif /* SDV_AUTHORITY_INTERNAL_H */
