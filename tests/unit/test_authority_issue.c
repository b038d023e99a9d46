/* SPDX-License-Identifier: Apache-2.0 */
/* Issuing, and what the ledger refuses. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/content.h>

#include "authority.h"
#include "folder.h"

static sdv_authority *authority;
static uint8_t root[32];
static uint64_t medium;
static uint64_t other;

static void start(void)
{
    folder_start();
    authority = authority_start();
    medium = authority_medium(authority, 1, root);
    other = authority_medium(authority, 2, NULL);
}

static void finish(void)
{
    sdv_authority_close(&authority);
    folder_finish();
}

TestSuite(authority_issue, .init = start, .fini = finish);

static sdv_err try_issue(const sdv_issue *request)
{
    static const sdv_issued nothing;
    sdv_issued issued;
    const sdv_err err = sdv_authority_issue(authority, request, &issued);

    if (err != SDV_OK) {
        cr_assert(zero(int, memcmp(&issued, &nothing, sizeof(issued))));
    }
    return err;
}

static sdv_issued issue(const sdv_issue *request)
{
    sdv_issued issued;

    cr_assert(zero(int, sdv_authority_issue(authority, request, &issued)));
    return issued;
}

static void deliver(const sdv_issued *issued)
{
    cr_assert(zero(int, sdv_authority_delivered(authority, issued)));
}

static void reopen(void)
{
    sdv_authority_close(&authority);
    authority = authority_open();
}

/* A request for the license of `issued`. */
static sdv_issue request_again(const sdv_issued *issued)
{
    sdv_issue request = authority_request(medium);

    request.has_license_id = true;
    memcpy(request.license_id, issued->license_id, 16);
    return request;
}

static bool same(const sdv_issued *a, const sdv_issued *b)
{
    return memcmp(a->block, b->block, sizeof(a->block)) == 0;
}

Test(authority_issue, card_can_open_what_was_issued)
{
    sdv_issue request = authority_request(medium);
    sdv_sealed header;
    sdv_record record;
    sdv_issued issued;
    uint8_t bytes[432];
    uint8_t id[16];

    request.generation = 5;
    request.record.uses = 7;
    request.record.spent = 3; /* not looked at */
    issued = issue(&request);
    cr_assert(zero(int, sdv_open(root, issued.block,
                                 SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_ISSUE),
                                 medium, &header, bytes)));
    cr_assert(zero(int, sdv_record_unpack(bytes, &record)));
    cr_assert(eq(u8, header.suite, SDV_VAULT_SUITE_256));
    cr_assert(eq(u8, header.binding, 1));
    cr_assert(eq(u32, header.generation, 5));
    cr_assert(zero(int, memcmp(header.license_id, issued.license_id, 16)));
    cr_assert(eq(u32, record.uses, 7));
    cr_assert(zero(u32, record.spent));
    cr_assert(eq(str, record.title, "Title"));
    cr_assert(zero(int, sdv_content_default_id(record.content_key, id)));
    cr_assert(zero(int, memcmp(record.content_id, id, 16)));
}

Test(authority_issue, suite_128_can_be_asked_for)
{
    sdv_issue request = authority_request(medium);
    sdv_issued issued;

    request.suite = SDV_VAULT_SUITE_128;
    issued = issue(&request);
    cr_assert(eq(u8, issued.block[5], 1));
    request.suite = 3;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_SEALED_SUITE));
}

Test(authority_issue, given_key_and_ids_are_taken)
{
    sdv_issue request = authority_request(medium);
    sdv_issued issued;

    request.has_license_id = true;
    memset(request.license_id, 1, 16);
    request.has_content_id = true;
    memset(request.record.content_id, 2, 16);
    request.has_content_key = true;
    memset(request.record.content_key, 3, 32);
    issued = issue(&request);
    cr_assert(zero(int, memcmp(issued.license_id, request.license_id, 16)));
    cr_assert(zero(
        int, memcmp(issued.record.content_id, request.record.content_id, 16)));
    cr_assert(zero(int, memcmp(issued.record.content_key,
                               request.record.content_key, 32)));
}

Test(authority_issue, same_id_gives_the_same_bytes_for_ever)
{
    const sdv_issue first = authority_request(medium);
    const sdv_issued a = issue(&first);
    const sdv_issue request = request_again(&a);
    sdv_issued b;

    cr_assert(not(a.again));
    deliver(&a);
    reopen();
    b = issue(&request);
    cr_assert(b.again);
    cr_assert(same(&a, &b));
    cr_assert(zero(int, memcmp(&a.record, &b.record, sizeof(a.record))));
}

Test(authority_issue, second_record_for_an_id_and_generation_is_refused)
{
    const sdv_issue first = authority_request(medium);
    const sdv_issued a = issue(&first);
    sdv_issue request = request_again(&a);

    request.record.uses = 1000;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_DIFFERENT));
    request = request_again(&a);
    strcpy(request.record.title, "title");
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_DIFFERENT));
    request = request_again(&a);
    request.has_content_key = true; /* another than the one that was chosen */
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_DIFFERENT));
    request = request_again(&a);
    request.suite = SDV_VAULT_SUITE_128;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_DIFFERENT));
    request.generation = 1; /* this is how rights are replaced */
    cr_assert(zero(int, try_issue(&request)));
}

Test(authority_issue, id_stays_with_its_medium)
{
    const sdv_issue first = authority_request(medium);
    const sdv_issued a = issue(&first);
    sdv_issue request = request_again(&a);

    request.medium_id = other;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_MEDIUM));
    request.generation = 9;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_LICENSE_MEDIUM));
}

Test(authority_issue, same_request_is_answered_again_until_it_was_delivered)
{
    const sdv_issue request = authority_request(medium);
    const sdv_issued a = issue(&request);
    sdv_issue different = request;
    sdv_issued b;

    different.record.uses = 4;
    b = issue(&different);
    cr_assert(not(same(&a, &b)));
    reopen();
    b = issue(&request);
    cr_assert(b.again);
    cr_assert(same(&a, &b));
    deliver(&b);
    b = issue(&request);
    cr_assert(not(b.again), "a second license of the same kind");
    cr_assert(ne(int, memcmp(a.license_id, b.license_id, 16), 0));
    cr_assert(
        ne(int, memcmp(a.record.content_key, b.record.content_key, 32), 0));
}

/* Is it in the ledger as it is? */
static bool in_ledger(const void *bytes, size_t size)
{
    static uint8_t ledger[1 << 20];
    FILE *file = fopen("auth/ledger.db", "rb");
    size_t length;

    cr_assert(ne(ptr, file, NULL));
    length = fread(ledger, 1, sizeof(ledger), file);
    cr_assert(feof(file));
    fclose(file);
    return memmem(ledger, length, bytes, size) != NULL;
}

Test(authority_issue, ledger_holds_no_secret_in_plain)
{
    const sdv_issue request = authority_request(medium);
    const sdv_issued issued = issue(&request);

    cr_assert(in_ledger(issued.block, sizeof(issued.block)));
    cr_assert(not(in_ledger(issued.record.content_key, 32)));
    cr_assert(not(in_ledger(issued.record.title, 5)));
    cr_assert(not(in_ledger(root, sizeof(root))));
}

Test(authority_issue, medium_must_be_known)
{
    const sdv_issue request = authority_request(medium ^ 0x10);

    cr_assert(eq(int, try_issue(&request), SDV_ERR_MEDIUM_UNKNOWN));
}

Test(authority_issue, record_must_make_sense)
{
    sdv_issue request = authority_request(medium);

    request.record.title[0] = '\0';
    cr_assert(eq(int, try_issue(&request), SDV_ERR_RECORD));
    request = authority_request(medium);
    request.record.rights_size = SDV_RIGHTS_MAX + 1;
    cr_assert(eq(int, try_issue(&request), SDV_ERR_RECORD));
}
