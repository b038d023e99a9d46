/* SPDX-License-Identifier: Apache-2.0 */
/* Recovery of the licenses of a dead card. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "authority.h"
#include "folder.h"

static sdv_authority *authority;
static uint8_t old_root[32];
static uint8_t new_root[32];
static uint64_t old;
static uint64_t new;
static uint64_t third;

static void start(void)
{
    folder_start();
    authority = authority_start();
    old = authority_medium(authority, 1, old_root);
    new = authority_medium(authority, 2, new_root);
    third = authority_medium(authority, 3, NULL);
}

static void finish(void)
{
    sdv_authority_close(&authority);
    folder_finish();
}

TestSuite(authority_recover, .init = start, .fini = finish);

static sdv_issued issue(uint32_t uses, uint32_t exports)
{
    sdv_issue request = authority_request(old);
    sdv_issued issued;

    request.record.uses = uses;
    request.record.exports = exports;
    cr_assert(zero(int, sdv_authority_issue(authority, &request, &issued)));
    cr_assert(zero(int, sdv_authority_delivered(authority, &issued)));
    return issued;
}

static sdv_recover request_of(const sdv_issued *issued, uint32_t spent,
                              uint32_t made)
{
    sdv_recover request = {.medium_id = old, .target_id = new};

    authority_backup(old_root, issued, spent, made, request.blob);
    return request;
}

static sdv_err try_recover(const sdv_recover *request)
{
    static const sdv_issued nothing;
    sdv_issued issued;
    const sdv_err err = sdv_authority_recover(authority, request, &issued);

    if (err != SDV_OK) {
        cr_assert(zero(int, memcmp(&issued, &nothing, sizeof(issued))));
    }
    return err;
}

static sdv_issued recover(const sdv_recover *request)
{
    sdv_issued issued;

    cr_assert(zero(int, sdv_authority_recover(authority, request, &issued)));
    return issued;
}

static void deliver(const sdv_issued *issued)
{
    cr_assert(zero(int, sdv_authority_delivered(authority, issued)));
}

static sdv_err try_issue(uint64_t medium)
{
    const sdv_issue request = authority_request(medium);
    sdv_issued issued;

    return sdv_authority_issue(authority, &request, &issued);
}

/* What the new card reads in the license. */
static sdv_record opened(const sdv_issued *issued, sdv_sealed *header)
{
    uint8_t bytes[432];
    sdv_record record;

    cr_assert(zero(int, sdv_open(new_root, issued->block,
                                 SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE), new,
                                 header, bytes)));
    cr_assert(zero(int, sdv_record_unpack(bytes, &record)));
    return record;
}

Test(authority_recover, new_card_can_open_the_license)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    const sdv_recover request = request_of(&issued, 0, 0);
    const sdv_issued recovered = recover(&request);
    sdv_sealed header;
    const sdv_record record = opened(&recovered, &header);

    cr_assert(zero(int, memcmp(header.license_id, issued.license_id, 16)));
    cr_assert(eq(u32, header.generation, issued.generation));
    cr_assert(zero(int, memcmp(&record, &issued.record, sizeof(record))));
}

Test(authority_recover, it_is_done_once)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 1, 0);
    sdv_issued recovered;

    request.accept_backup_count = true;
    recovered = recover(&request);
    deliver(&recovered);
    cr_assert(eq(int, try_recover(&request), SDV_ERR_RECOVERED));
    request.accept_backup_count = false;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_RECOVERED));
    request.target_id = third;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_RECOVERED));
}

Test(authority_recover, what_was_not_delivered_is_given_again)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 1, 0);
    sdv_issued a;
    sdv_issued b;

    request.has_spent = true;
    request.spent = 2;
    a = recover(&request);
    sdv_authority_close(&authority);
    authority = authority_open();
    b = recover(&request);
    cr_assert(b.again);
    cr_assert(zero(int, memcmp(a.block, b.block, 512)));
    request.spent = 3;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_RECOVERED),
              "not the same");
    request.spent = 2;
    request.target_id = third;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_RECOVERED),
              "not the same");
}

Test(authority_recover, dead_medium_gets_nothing_any_more)
{
    const sdv_issued a = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    const sdv_issued b = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&a, 0, 0);
    sdv_recover back = {.medium_id = new, .target_id = old};
    sdv_issued recovered;

    cr_assert(zero(int, try_issue(old)));
    recovered = recover(&request);
    cr_assert(eq(int, try_issue(old), SDV_ERR_MEDIUM_DEAD));
    authority_backup(new_root, &recovered, 0, 0, back.blob);
    cr_assert(eq(int, try_recover(&back), SDV_ERR_MEDIUM_DEAD));
    request = request_of(&b, 0, 0); /* its other licenses are not lost */
    cr_assert(zero(int, try_recover(&request)));
}

Test(authority_recover, refused_recovery_kills_no_medium)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 1, 0);

    cr_assert(eq(int, try_recover(&request), SDV_ERR_SPENT_MISSING));
    cr_assert(zero(int, try_issue(old)));
}

Test(authority_recover, counted_license_needs_a_count)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 2, 0);
    sdv_sealed header;
    sdv_issued recovered;

    cr_assert(eq(int, try_recover(&request), SDV_ERR_SPENT_MISSING));
    request.has_spent = true;
    request.spent = 1; /* the backup knows of two */
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SPENT_RANGE));
    request.spent = 6;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SPENT_RANGE));
    request.spent = 4;
    recovered = recover(&request);
    cr_assert(eq(u32, opened(&recovered, &header).spent, 4));
    cr_assert(eq(u32, opened(&recovered, &header).uses, 5));
}

Test(authority_recover, count_of_the_backup_can_be_accepted)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 2, 0);
    sdv_sealed header;
    sdv_issued recovered;

    request.accept_backup_count = true;
    recovered = recover(&request);
    cr_assert(eq(u32, opened(&recovered, &header).spent, 2));
}

Test(authority_recover, limited_exports_come_back_with_none_left)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, 3);
    const sdv_recover request = request_of(&issued, 0, 1);
    const sdv_issued recovered = recover(&request);
    sdv_sealed header;
    const sdv_record record = opened(&recovered, &header);

    cr_assert(eq(u32, record.exports, 3));
    cr_assert(eq(u32, record.made, 3));
}

Test(authority_recover, rights_are_the_newest_and_counts_the_larger)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_issue newer = authority_request(old);
    sdv_recover request = request_of(&issued, 2, 0); /* generation 0 */
    sdv_sealed header;
    sdv_issued recovered;

    newer.has_license_id = true;
    memcpy(newer.license_id, issued.license_id, 16);
    newer.generation = 1;
    newer.record.uses = 3; /* fewer than before */
    cr_assert(zero(int, sdv_authority_issue(authority, &newer, &recovered)));
    request.has_spent = true;
    request.spent = 4;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SPENT_RANGE));
    request.spent = 3;
    recovered = recover(&request);
    cr_assert(eq(u32, opened(&recovered, &header).uses, 3));
    cr_assert(eq(u32, opened(&recovered, &header).spent, 3));
    cr_assert(eq(u32, header.generation, 1));
}

Test(authority_recover, counts_of_the_backup_go_with_newer_rights)
{
    const sdv_issued issued = issue(5, SDV_VAULT_UNLIMITED);
    sdv_issue newer = authority_request(old);
    sdv_recover request = request_of(&issued, 2, 4);
    sdv_sealed header;
    sdv_issued recovered;

    newer.has_license_id = true;
    memcpy(newer.license_id, issued.license_id, 16);
    newer.generation = 1;
    newer.record.uses = 9;
    cr_assert(zero(int, sdv_authority_issue(authority, &newer, &recovered)));
    request.accept_backup_count = true;
    recovered = recover(&request);
    cr_assert(eq(u32, opened(&recovered, &header).uses, 9));
    cr_assert(eq(u32, opened(&recovered, &header).spent, 2));
    cr_assert(eq(u32, opened(&recovered, &header).made, 4));
}

Test(authority_recover, only_a_backup_of_that_medium_will_do)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 0, 0);

    request.blob[200] ^= 1;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SEALED_TAG));
    memcpy(request.blob, issued.block, 512);
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SEALED_PURPOSE));
    request = request_of(&issued, 0, 0);
    request.medium_id = third;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_SEALED_MEDIUM));
}

Test(authority_recover, bound_backup_is_recovered_too)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    sdv_recover request = {.medium_id = old, .target_id = new};
    sdv_sealed header;
    uint8_t bytes[432];

    cr_assert(zero(int, sdv_sealed_parse(issued.block, ~0u, old, &header)));
    header.purpose = SDV_VAULT_PURPOSE_BACKUP;
    header.binding = 3;
    header.apparatus_id = 0x1234;
    cr_assert(zero(int, sdv_record_pack(&issued.record, bytes)));
    cr_assert(zero(int, sdv_seal(old_root, &header, bytes, request.blob)));
    cr_assert(zero(int, try_recover(&request)));
}

Test(authority_recover, both_media_must_be_known_and_different)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    sdv_recover request = request_of(&issued, 0, 0);

    request.target_id = new ^ 0x100;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_MEDIUM_UNKNOWN));
    request.target_id = old;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_MEDIUM_DEAD));
    request.target_id = new;
    request.medium_id = old ^ 0x100;
    cr_assert(eq(int, try_recover(&request), SDV_ERR_MEDIUM_UNKNOWN));
}

Test(authority_recover, license_belongs_to_the_new_medium_now)
{
    const sdv_issued issued = issue(SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED);
    const sdv_recover request = request_of(&issued, 0, 0);
    sdv_issue more = authority_request(new);
    sdv_recover on = {.medium_id = new, .target_id = third};
    sdv_issued recovered = recover(&request);
    sdv_issued again;

    more.has_license_id = true;
    memcpy(more.license_id, issued.license_id, 16);
    more.generation = 1;
    cr_assert(zero(int, sdv_authority_issue(authority, &more, &again)));
    more.medium_id = third;
    more.generation = 2;
    cr_assert(eq(int, sdv_authority_issue(authority, &more, &again),
                 SDV_ERR_LICENSE_MEDIUM));
    authority_backup(new_root, &recovered, 0, 0, on.blob);
    cr_assert(zero(int, try_recover(&on)), "the new card may die, too");
}
