/* SPDX-License-Identifier: Apache-2.0 */
/* What issuing and recovering have in common. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "authority_internal.h"

sdv_err license_header(const sdv_issued *issued, uint8_t suite,
                       sdv_sealed *header)
{
    *header = (sdv_sealed){.suite = suite != 0 ? suite : SDV_VAULT_SUITE_256,
                           .purpose = SDV_VAULT_PURPOSE_ISSUE,
                           .binding = SDV_VAULT_BINDING_MEDIUM,
                           .medium_id = issued->medium_id,
                           .generation = issued->generation};
    memcpy(header->license_id, issued->license_id, sizeof(header->license_id));
    return RAND_bytes(header->salt, sizeof(header->salt)) == 1 ? SDV_OK
                                                               : SDV_ERR_CRYPTO;
}

sdv_err license_seal(sdv_authority *authority, const sdv_sealed *header,
                     sdv_issued *issued)
{
    uint8_t root[SDV_KEY_BYTES];
    uint8_t record[SDV_VAULT_RECORD_BYTES];
    sdv_err err = sdv_record_pack(&issued->record, record);

    if (err == SDV_OK) {
        err = sdv_card_root(authority->master, header->medium_id, root);
    }
    if (err == SDV_OK) {
        err = sdv_seal(root, header, record, issued->block);
    }
    OPENSSL_cleanse(root, sizeof(root));
    OPENSSL_cleanse(record, sizeof(record));
    return err;
}

sdv_err license_open(sdv_authority *authority, const uint8_t *block,
                     unsigned purposes, uint64_t medium_id, sdv_sealed *header,
                     sdv_record *record)
{
    uint8_t root[SDV_KEY_BYTES];
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];
    sdv_err err = sdv_card_root(authority->master, medium_id, root);

    memset(record, 0, sizeof(*record));
    if (err == SDV_OK) {
        err = sdv_open(root, block, purposes, medium_id, header, bytes);
    }
    if (err == SDV_OK) {
        err = sdv_record_unpack(bytes, record);
    }
    OPENSSL_cleanse(root, sizeof(root));
    OPENSSL_cleanse(bytes, sizeof(bytes));
    return err;
}

bool license_same(const sdv_record *a, const sdv_record *b)
{
    uint8_t bytes[2][SDV_VAULT_RECORD_BYTES];
    const bool same = sdv_record_pack(a, bytes[0]) == SDV_OK &&
                      sdv_record_pack(b, bytes[1]) == SDV_OK &&
                      memcmp(bytes[0], bytes[1], sizeof(bytes[0])) == 0;

    OPENSSL_cleanse(bytes, sizeof(bytes));
    return same;
}

sdv_err license_check_target(sdv_authority *authority, uint64_t medium_id)
{
    struct medium medium;
    const sdv_err err =
        ledger_medium_find(&authority->ledger, medium_id, &medium);

    if (err != SDV_OK) {
        return err;
    }
    return medium.state == MEDIUM_DEAD ? SDV_ERR_MEDIUM_DEAD : SDV_OK;
}

sdv_err sdv_authority_delivered(sdv_authority *authority,
                                const sdv_issued *issued)
{
    struct license license = {.medium_id = issued->medium_id,
                              .generation = issued->generation};
    sdv_err err = ledger_begin(&authority->ledger);

    memcpy(license.id, issued->license_id, sizeof(license.id));
    return err == SDV_OK ? ledger_end(&authority->ledger,
                                      ledger_license_delivered(
                                          &authority->ledger, &license))
                         : err;
}
