/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing: each id and generation stands for one record, for ever. */
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <sdvault/content.h>

#include "authority_internal.h"

/* What the record of this request is, with a content key for the case that the
 * request has none. */
static sdv_err wanted_record(const sdv_authority *authority,
                             const sdv_issue *request, const uint8_t *key,
                             sdv_record *record)
{
    *record = request->record;
    record->spent = 0;
    record->made = 0;
    memcpy(record->issuer, authority->issuer, sizeof(record->issuer));
    if (!request->has_content_key) {
        memcpy(record->content_key, key, sizeof(record->content_key));
    }
    return request->has_content_id ? SDV_OK
                                   : sdv_content_default_id(record->content_key,
                                                            record->content_id);
}

/* Is a license of the ledger the answer to this request? */
static sdv_err matches(sdv_authority *authority, const sdv_issue *request,
                       const struct license *license, sdv_issued *issued,
                       bool *same)
{
    sdv_sealed header;
    sdv_record wanted;
    sdv_record *found = &issued->record;
    sdv_err err = license_open(authority, license->block,
                               SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE),
                               license->medium_id, &header, found);

    if (err == SDV_OK) {
        err = wanted_record(authority, request, found->content_key, &wanted);
    }
    *same = err == SDV_OK && license_same(found, &wanted) &&
            (request->suite == 0 || request->suite == header.suite);
    if (*same) {
        memcpy(issued->license_id, license->id, sizeof(license->id));
        memcpy(issued->block, license->block, sizeof(license->block));
        issued->again = true;
    }
    OPENSSL_cleanse(&wanted, sizeof(wanted));
    return err;
}

/* ---- a license id was given ---- */

static sdv_err find_by_id(sdv_authority *authority, const sdv_issue *request,
                          sdv_issued *issued)
{
    struct license license = {.medium_id = request->medium_id,
                              .generation = request->generation};
    bool found = false;
    bool elsewhere = false;
    sdv_err err =
        ledger_license_elsewhere(&authority->ledger, request->license_id,
                                 request->medium_id, &elsewhere);

    memcpy(license.id, request->license_id, sizeof(license.id));
    if (err == SDV_OK && elsewhere) {
        err = SDV_ERR_LICENSE_MEDIUM;
    }
    if (err == SDV_OK) {
        err = ledger_license_find(&authority->ledger, &license, &found);
    }
    if (err == SDV_OK && found) {
        err = matches(authority, request, &license, issued, &issued->again);
        if (err == SDV_OK && !issued->again) {
            err = SDV_ERR_LICENSE_DIFFERENT;
        }
    }
    return err;
}

/* ---- none was given: is there one that was made and never delivered? ---- */

struct search {
    sdv_authority *authority;
    const sdv_issue *request;
    sdv_issued *issued;
};

static sdv_err look_at(void *context, const struct license *license)
{
    const struct search *search = context;
    bool same;

    return search->issued->again ? SDV_OK
                                 : matches(search->authority, search->request,
                                           license, search->issued, &same);
}

static sdv_err find_made(sdv_authority *authority, const sdv_issue *request,
                         sdv_issued *issued)
{
    struct search search = {authority, request, issued};

    return ledger_licenses_made(&authority->ledger, request->medium_id,
                                request->generation, look_at, &search);
}

/* ---- a new license ---- */

static sdv_err make(sdv_authority *authority, const sdv_issue *request,
                    sdv_issued *issued)
{
    struct license license = {.medium_id = request->medium_id,
                              .generation = request->generation};
    uint8_t key[SDV_KEY_BYTES];
    sdv_sealed header;
    sdv_err err = SDV_OK;

    memcpy(issued->license_id, request->license_id, SDV_LICENSE_ID_BYTES);
    if (RAND_priv_bytes(key, sizeof(key)) != 1 ||
        (!request->has_license_id &&
         RAND_bytes(issued->license_id, SDV_LICENSE_ID_BYTES) != 1)) {
        err = SDV_ERR_CRYPTO;
    }
    if (err == SDV_OK) {
        err = wanted_record(authority, request, key, &issued->record);
    }
    if (err == SDV_OK) {
        err = license_header(issued, request->suite, &header);
    }
    if (err == SDV_OK) {
        err = license_seal(authority, &header, issued);
    }
    memcpy(license.id, issued->license_id, sizeof(license.id));
    memcpy(license.block, issued->block, sizeof(license.block));
    OPENSSL_cleanse(key, sizeof(key));
    return err == SDV_OK ? ledger_license_add(&authority->ledger, &license)
                         : err;
}

static sdv_err issue(sdv_authority *authority, const sdv_issue *request,
                     sdv_issued *issued)
{
    sdv_err err = license_check_target(authority, request->medium_id);

    if (err == SDV_OK) {
        err = request->has_license_id ? find_by_id(authority, request, issued)
                                      : find_made(authority, request, issued);
    }
    return err == SDV_OK && !issued->again ? make(authority, request, issued)
                                           : err;
}

sdv_err sdv_authority_issue(sdv_authority *authority, const sdv_issue *request,
                            sdv_issued *issued)
{
    sdv_err err = ledger_begin(&authority->ledger);

    *issued = (sdv_issued){.medium_id = request->medium_id,
                           .generation = request->generation};
    if (err == SDV_OK) {
        err = ledger_end(&authority->ledger, issue(authority, request, issued));
    }
    if (err != SDV_OK) {
        OPENSSL_cleanse(issued, sizeof(*issued));
    }
    return err;
}
