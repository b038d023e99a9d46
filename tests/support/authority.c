/* SPDX-License-Identifier: Apache-2.0 */
#include "authority.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "bytes.h"

enum { DATA_ROOT = 24 }; /* in the data of STORE DATA */

sdv_authority *authority_open(void)
{
    sdv_authority *authority;

    cr_assert(zero(int, sdv_authority_open("auth", NULL, &authority)));
    return authority;
}

sdv_authority *authority_start(void)
{
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    return authority_open();
}

void authority_blank_cid(uint32_t serial, uint8_t cid[SDV_CID_BYTES])
{
    static const uint8_t blank[SDV_CID_BYTES] = {0x53, 'D', 'V',  'S', 'D', 'V',
                                                 'B',  'L', 0x10, 0,   0,   0,
                                                 0,    1,   0xAB, 0x5B};

    memcpy(cid, blank, sizeof(blank));
    sdv_put32(cid + 9, serial);
}

uint64_t authority_medium(sdv_authority *authority, uint32_t serial,
                          uint8_t root[SDV_KEY_BYTES])
{
    uint8_t cid[SDV_CID_BYTES];
    sdv_personalization data;

    authority_blank_cid(serial, cid);
    cr_assert(zero(int, sdv_authority_personalize(authority, cid, 0, &data)));
    cr_assert(
        zero(int, sdv_authority_personalized(authority, data.medium_id, NULL)));
    if (root != NULL) {
        memcpy(root, data.data + DATA_ROOT, SDV_KEY_BYTES);
    }
    return data.medium_id;
}

sdv_issue authority_request(uint64_t medium_id)
{
    sdv_issue request = {.medium_id = medium_id};

    strcpy(request.record.title, "Title");
    request.record.uses = SDV_VAULT_UNLIMITED;
    request.record.exports = SDV_VAULT_UNLIMITED;
    request.record.flags =
        SDV_VAULT_RECORD_MEDIUM_EXPORT | SDV_VAULT_RECORD_APPARATUS_EXPORT;
    return request;
}

void authority_backup(const uint8_t root[SDV_KEY_BYTES],
                      const sdv_issued *issued, uint32_t spent, uint32_t made,
                      uint8_t blob[SDV_VAULT_SEALED_BYTES])
{
    sdv_sealed header;
    sdv_record record = issued->record;
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];

    cr_assert(zero(
        int, sdv_sealed_parse(issued->block, ~0u, issued->medium_id, &header)));
    header.purpose = SDV_VAULT_PURPOSE_BACKUP;
    record.spent = spent;
    record.made = made;
    cr_assert(zero(int, sdv_record_pack(&record, bytes)));
    cr_assert(zero(int, sdv_seal(root, &header, bytes, blob)));
}
