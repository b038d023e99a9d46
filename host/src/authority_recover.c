/* SPDX-License-Identifier: Apache-2.0 */
/* Recovery: a license of a dead medium goes to another one, once. */
#include <string.h>

#include <openssl/crypto.h>

#include "authority_internal.h"

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* The backup says what was used; the ledger may know of newer rights. */
static sdv_err newest_rights(sdv_authority *authority, sdv_issued *issued,
                             uint64_t medium_id)
{
    struct license newest = {.medium_id = medium_id};
    sdv_sealed header;
    sdv_record record;
    bool found;
    sdv_err err;

    memcpy(newest.id, issued->license_id, sizeof(newest.id));
    err = ledger_license_newest(&authority->ledger, &newest, &found);
    if (err != SDV_OK || !found || newest.generation <= issued->generation) {
        return err;
    }
    err = license_open(authority, newest.block,
                       SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE), medium_id,
                       &header, &record);
    if (err == SDV_OK) {
        record.spent = larger(record.spent, issued->record.spent);
        record.made = larger(record.made, issued->record.made);
        issued->record = record;
        issued->generation = newest.generation;
    }
    OPENSSL_cleanse(&record, sizeof(record));
    return err;
}

static sdv_err count_uses(const sdv_recover *request, sdv_record *record)
{
    if (record->uses == SDV_VAULT_UNLIMITED) {
        return SDV_OK;
    }
    if (request->has_spent) {
        if (request->spent < record->spent || request->spent > record->uses) {
            return SDV_ERR_SPENT_RANGE;
        }
        record->spent = request->spent;
        return SDV_OK;
    }
    return request->accept_backup_count ? SDV_OK : SDV_ERR_SPENT_MISSING;
}

static sdv_err open_backup(sdv_authority *authority, const sdv_recover *request,
                           uint8_t *suite, sdv_issued *issued)
{
    sdv_sealed header;
    const sdv_err err = license_open(
        authority, request->blob, SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_BACKUP),
        request->medium_id, &header, &issued->record);

    *suite = header.suite;
    issued->generation = header.generation;
    memcpy(issued->license_id, header.license_id, sizeof(header.license_id));
    return err;
}

/* From what the backup says to what the new medium gets. */
static sdv_err grant(sdv_authority *authority, const sdv_recover *request,
                     sdv_issued *issued)
{
    sdv_err err = newest_rights(authority, issued, request->medium_id);

    if (err == SDV_OK) {
        err = count_uses(request, &issued->record);
    }
    if (err == SDV_OK && issued->record.exports != SDV_VAULT_UNLIMITED) {
        issued->record.made = issued->record.exports;
    }
    return err;
}

/* It is done once: only what was never delivered, to the same target, is given
 * again.  *before says that there is such a license. */
static sdv_err look_before(sdv_authority *authority,
                           const struct recovery *wanted,
                           struct license *license, bool *before)
{
    struct recovery recovery = *wanted;
    bool found = false;
    sdv_err err = ledger_recovery_find(&authority->ledger, &recovery, before);

    if (err != SDV_OK || !*before) {
        return err;
    }
    if (recovery.target_id != wanted->target_id) {
        return SDV_ERR_RECOVERED;
    }
    memcpy(license->id, recovery.license_id, sizeof(license->id));
    license->medium_id = recovery.target_id;
    license->generation = recovery.generation;
    err = ledger_license_find(&authority->ledger, license, &found);
    return err == SDV_OK && (!found || license->delivered) ? SDV_ERR_RECOVERED
                                                           : err;
}

/* The same, if the same was asked. */
static sdv_err give_again(sdv_authority *authority,
                          const struct license *license, sdv_issued *issued)
{
    sdv_sealed header;
    sdv_record record;
    sdv_err err = license_open(authority, license->block,
                               SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE),
                               license->medium_id, &header, &record);

    if (err == SDV_OK && (license->generation != issued->generation ||
                          !license_same(&record, &issued->record))) {
        err = SDV_ERR_RECOVERED;
    }
    memcpy(issued->block, license->block, sizeof(license->block));
    issued->again = true;
    OPENSSL_cleanse(&record, sizeof(record));
    return err;
}

static sdv_err make(sdv_authority *authority, struct recovery *recovery,
                    uint8_t suite, sdv_issued *issued)
{
    struct license license = {.medium_id = issued->medium_id,
                              .generation = issued->generation,
                              .recovered = true};
    sdv_sealed header;
    sdv_err err = license_header(issued, suite, &header);

    if (err == SDV_OK) {
        err = license_seal(authority, &header, issued);
    }
    if (err == SDV_OK) {
        err = ledger_medium_set_state(&authority->ledger, recovery->medium_id,
                                      MEDIUM_DEAD);
    }
    recovery->generation = issued->generation;
    recovery->spent = issued->record.spent;
    if (err == SDV_OK) {
        err = ledger_recovery_add(&authority->ledger, recovery);
    }
    memcpy(license.id, issued->license_id, sizeof(license.id));
    memcpy(license.block, issued->block, sizeof(license.block));
    return err == SDV_OK ? ledger_license_add(&authority->ledger, &license)
                         : err;
}

static sdv_err check_media(sdv_authority *authority, const sdv_recover *request)
{
    struct medium old;
    sdv_err err =
        ledger_medium_find(&authority->ledger, request->medium_id, &old);

    if (err == SDV_OK && request->target_id == request->medium_id) {
        err = SDV_ERR_MEDIUM_DEAD;
    }
    return err == SDV_OK ? license_check_target(authority, request->target_id)
                         : err;
}

static sdv_err recover(sdv_authority *authority, const sdv_recover *request,
                       sdv_issued *issued)
{
    struct recovery recovery = {.medium_id = request->medium_id,
                                .target_id = request->target_id};
    struct license license;
    uint8_t suite = 0;
    bool before = false;
    sdv_err err = check_media(authority, request);

    if (err == SDV_OK) {
        err = open_backup(authority, request, &suite, issued);
    }
    memcpy(recovery.license_id, issued->license_id,
           sizeof(recovery.license_id));
    if (err == SDV_OK) {
        err = look_before(authority, &recovery, &license, &before);
    }
    if (err == SDV_OK) {
        err = grant(authority, request, issued);
    }
    if (err != SDV_OK) {
        return err;
    }
    return before ? give_again(authority, &license, issued)
                  : make(authority, &recovery, suite, issued);
}

sdv_err sdv_authority_recover(sdv_authority *authority,
                              const sdv_recover *request, sdv_issued *issued)
{
    sdv_err err = ledger_begin(&authority->ledger);

    *issued = (sdv_issued){.medium_id = request->target_id};
    if (err == SDV_OK) {
        err =
            ledger_end(&authority->ledger, recover(authority, request, issued));
    }
    if (err != SDV_OK) {
        OPENSSL_cleanse(issued, sizeof(*issued));
    }
    return err;
}
