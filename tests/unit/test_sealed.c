/* SPDX-License-Identifier: Apache-2.0 */
/* The header of a sealed license and the record in it, without any key. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/sealed.h>

#include "bytes.h"

#define MEDIUM UINT64_C(0x0123456789ABCDEF)
#define APPARATUS UINT64_C(0xFEDCBA9876543210)

static sdv_sealed sample(void)
{
    sdv_sealed header = {.suite = SDV_VAULT_SUITE_256,
                         .purpose = SDV_VAULT_PURPOSE_BACKUP,
                         .binding = SDV_VAULT_BINDING_MEDIUM,
                         .medium_id = MEDIUM,
                         .generation = 7};

    memset(header.license_id, 0x11, sizeof(header.license_id));
    memset(header.salt, 0x22, sizeof(header.salt));
    return header;
}

static void compose(const sdv_sealed *header, uint8_t block[512])
{
    memset(block, 0xEE, 512);
    cr_assert(zero(int, sdv_sealed_compose(header, block)));
}

static sdv_err parse(const uint8_t block[512])
{
    sdv_sealed header;
    const sdv_err err =
        sdv_sealed_parse(block, SDV_PURPOSES_IMPORT, MEDIUM, &header);

    if (err != SDV_OK) {
        cr_assert(zero(u64, header.medium_id), "something was told");
    }
    return err;
}

Test(sealed, header_has_its_fields_where_the_table_says)
{
    const sdv_sealed header = sample();
    uint8_t block[512];

    compose(&header, block);
    cr_assert(zero(int, memcmp(block, "SDVL\x01\x02\x02\x01", 8)));
    cr_assert(eq(u64, sdv_get64(block + 8), MEDIUM));
    cr_assert(zero(u64, sdv_get64(block + 16)));
    cr_assert(eq(u8, block[24], 0x11));
    cr_assert(eq(u8, block[39], 0x11));
    cr_assert(eq(u32, sdv_get32(block + 40), 7));
    cr_assert(zero(u32, sdv_get32(block + 44)));
    cr_assert(eq(u8, block[48], 0x22));
    cr_assert(eq(u8, block[63], 0x22));
    cr_assert(eq(u8, block[64], 0xEE), "more than the header was written");
}

Test(sealed, header_is_read_back)
{
    sdv_sealed header = sample();
    sdv_sealed again;
    uint8_t block[512];
    uint8_t second[512];

    header.binding |= SDV_VAULT_BINDING_APPARATUS;
    header.apparatus_id = APPARATUS;
    compose(&header, block);
    cr_assert(zero(
        int, sdv_sealed_parse(block, SDV_PURPOSES_IMPORT, MEDIUM, &again)));
    cr_assert(eq(u64, again.apparatus_id, APPARATUS));
    cr_assert(eq(u32, again.generation, 7));
    compose(&again, second);
    cr_assert(zero(int, memcmp(block, second, 512)));
}

/* One byte of a good header is changed. */
static void expect(size_t at, uint8_t value, sdv_err reason)
{
    const sdv_sealed header = sample();
    uint8_t block[512];

    compose(&header, block);
    block[at] = value;
    cr_assert(eq(int, parse(block), reason), "byte %zu is %02X", at, value);
}

Test(sealed, every_rule_has_its_own_reason)
{
    expect(0, 'X', SDV_ERR_SEALED_MAGIC);
    expect(3, 0, SDV_ERR_SEALED_MAGIC);
    expect(4, 0, SDV_ERR_SEALED_VERSION);
    expect(4, 2, SDV_ERR_SEALED_VERSION);
    expect(5, 0, SDV_ERR_SEALED_SUITE);
    expect(5, 3, SDV_ERR_SEALED_SUITE);
    expect(6, 0, SDV_ERR_SEALED_PURPOSE);
    expect(6, 4, SDV_ERR_SEALED_PURPOSE);
    expect(6, 0xFF, SDV_ERR_SEALED_PURPOSE);
    expect(7, 0, SDV_ERR_SEALED_BINDING);
    expect(7, 2, SDV_ERR_SEALED_BINDING);
    expect(7, 5, SDV_ERR_SEALED_BINDING);
    expect(15, 0, SDV_ERR_SEALED_MEDIUM);
    expect(23, 1, SDV_ERR_SEALED_APPARATUS); /* an id, but not bound */
    expect(7, 3, SDV_ERR_SEALED_APPARATUS);  /* bound, but no id */
    expect(44, 1, SDV_ERR_SEALED_RESERVED);
    expect(47, 0x80, SDV_ERR_SEALED_RESERVED);
}

Test(sealed, first_broken_rule_is_the_one_that_is_told)
{
    const sdv_err reasons[] = {
        SDV_ERR_SEALED_RESERVED, SDV_ERR_SEALED_APPARATUS,
        SDV_ERR_SEALED_MEDIUM,   SDV_ERR_SEALED_BINDING,
        SDV_ERR_SEALED_PURPOSE,  SDV_ERR_SEALED_SUITE,
        SDV_ERR_SEALED_VERSION,  SDV_ERR_SEALED_MAGIC};
    const size_t places[] = {44, 16, 8, 7, 6, 5, 4, 0};
    const sdv_sealed header = sample();
    uint8_t block[512];

    compose(&header, block);
    for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
        block[places[i]] ^= 0xF0;
        cr_assert(eq(int, parse(block), reasons[i]), "step %zu", i);
    }
}

Test(sealed, store_body_is_never_importable)
{
    expect(6, SDV_VAULT_PURPOSE_STORE, SDV_ERR_SEALED_PURPOSE);
}

Test(sealed, numbers_that_are_no_ids_are_refused)
{
    sdv_sealed header = sample();
    uint8_t block[512];

    header.medium_id = 0;
    cr_assert(
        eq(int, sdv_sealed_compose(&header, block), SDV_ERR_SEALED_MEDIUM));
    header.medium_id = UINT64_MAX;
    cr_assert(
        eq(int, sdv_sealed_compose(&header, block), SDV_ERR_SEALED_MEDIUM));
    header = sample();
    header.binding = 3;
    header.apparatus_id = UINT64_MAX;
    cr_assert(
        eq(int, sdv_sealed_compose(&header, block), SDV_ERR_SEALED_APPARATUS));
    for (int i = 0; i < 64; i++) {
        cr_assert(zero(u8, block[i]), "a bad header was left");
    }
}

Test(sealed, any_medium_is_taken_when_none_is_named)
{
    const sdv_sealed header = sample();
    sdv_sealed again;
    uint8_t block[512];

    compose(&header, block);
    cr_assert(zero(int, sdv_sealed_parse(block, ~0u, 0, &again)));
    cr_assert(eq(int, sdv_sealed_parse(block, ~0u, MEDIUM + 1, &again),
                 SDV_ERR_SEALED_MEDIUM));
}

/* ---- records ---- */

static sdv_record sample_record(void)
{
    sdv_record record = {.not_before = 0x0102030405060708,
                         .not_after = 0x1112131415161718,
                         .uses = 0x21222324,
                         .spent = 0x31323334,
                         .flags = 5,
                         .exports = 0x41424344,
                         .made = 0x51525354,
                         .apparatus_id = APPARATUS,
                         .rights_size = 3};

    memset(record.content_id, 0xC1, sizeof(record.content_id));
    memset(record.content_key, 0xC2, sizeof(record.content_key));
    memset(record.issuer, 0xC3, sizeof(record.issuer));
    strcpy(record.title, "Gr\xC3\xBC\xC3\x9F"
                         "e");
    memcpy(record.rights, "<o>", 3);
    return record;
}

Test(sealed_record, has_its_fields_where_the_table_says)
{
    const sdv_record record = sample_record();
    uint8_t bytes[432];

    cr_assert(zero(int, sdv_record_pack(&record, bytes)));
    cr_assert(eq(u8, bytes[0], 0xC1));
    cr_assert(eq(u8, bytes[16], 0xC2));
    cr_assert(eq(u8, bytes[47], 0xC2));
    cr_assert(eq(u64, sdv_get64(bytes + 48), record.not_before));
    cr_assert(eq(u64, sdv_get64(bytes + 56), record.not_after));
    cr_assert(eq(u32, sdv_get32(bytes + 64), record.uses));
    cr_assert(eq(u32, sdv_get32(bytes + 68), record.spent));
    cr_assert(eq(u32, sdv_get32(bytes + 72), record.flags));
    cr_assert(eq(u32, sdv_get32(bytes + 76), record.exports));
    cr_assert(eq(u32, sdv_get32(bytes + 80), record.made));
    cr_assert(eq(u64, sdv_get64(bytes + 84), record.apparatus_id));
    cr_assert(eq(u8, bytes[92], 0xC3));
    cr_assert(zero(int, strcmp((const char *)bytes + 108, record.title)));
    cr_assert(zero(int, memcmp(bytes + 172, "\0\x03<o>\0", 6)));
}

Test(sealed_record, is_read_back)
{
    const sdv_record record = sample_record();
    sdv_record again;
    uint8_t bytes[432];
    uint8_t second[432];

    cr_assert(zero(int, sdv_record_pack(&record, bytes)));
    cr_assert(zero(int, sdv_record_unpack(bytes, &again)));
    cr_assert(eq(str, again.title, (char *)record.title));
    cr_assert(zero(int, sdv_record_pack(&again, second)));
    cr_assert(zero(int, memcmp(bytes, second, sizeof(bytes))));
}

Test(sealed_record, title_and_rights_may_fill_their_fields)
{
    sdv_record record = sample_record();
    sdv_record again;
    uint8_t bytes[432];

    memset(record.title, 'x', 64);
    record.title[64] = '\0';
    record.rights_size = SDV_RIGHTS_MAX;
    memset(record.rights, 'r', sizeof(record.rights));
    cr_assert(zero(int, sdv_record_pack(&record, bytes)));
    cr_assert(zero(int, sdv_record_unpack(bytes, &again)));
    cr_assert(eq(sz, strlen(again.title), 64));
    cr_assert(eq(u16, again.rights_size, 258));
    cr_assert(eq(u8, again.rights[257], 'r'));
}

static void expect_title(const char *title, sdv_err expected)
{
    sdv_record record = sample_record();
    uint8_t bytes[432];

    memset(record.title, 0, sizeof(record.title));
    memcpy(record.title, title, strlen(title)); /* 65 bytes have no zero */
    cr_assert(eq(int, sdv_record_pack(&record, bytes), expected), "%s", title);
}

Test(sealed_record, title_is_text)
{
    expect_title("\xF0\x9F\x8E\xB5", SDV_OK); /* four bytes */
    expect_title("\xE2\x82\xAC", SDV_OK);     /* three */
    expect_title("", SDV_ERR_RECORD);
    expect_title("a\nb", SDV_ERR_RECORD);
    expect_title("a\x7F", SDV_ERR_RECORD);
    expect_title("\xC2\x85", SDV_ERR_RECORD);         /* control character */
    expect_title("\xC0\xAF", SDV_ERR_RECORD);         /* too long a form */
    expect_title("\xE0\x80\xAF", SDV_ERR_RECORD);     /* the same */
    expect_title("\xED\xA0\x80", SDV_ERR_RECORD);     /* half a pair */
    expect_title("\xF4\x90\x80\x80", SDV_ERR_RECORD); /* past the end */
    expect_title("\xC3", SDV_ERR_RECORD);             /* cut short */
    expect_title("\x80", SDV_ERR_RECORD);
    expect_title("\xFF", SDV_ERR_RECORD);
    expect_title("0123456789012345678901234567890123456789"
                 "0123456789012345678901234", /* 65 bytes */
                 SDV_ERR_RECORD);
}

Test(sealed_record, unused_bytes_are_zero)
{
    const sdv_record record = sample_record();
    sdv_record again;
    uint8_t bytes[432];

    cr_assert(zero(int, sdv_record_pack(&record, bytes)));
    bytes[171] = 'x'; /* behind the end of the title */
    cr_assert(eq(int, sdv_record_unpack(bytes, &again), SDV_ERR_RECORD));
    cr_assert(zero(u32, again.uses));
    bytes[171] = 0;
    bytes[431] = 1; /* behind the rights object */
    cr_assert(eq(int, sdv_record_unpack(bytes, &again), SDV_ERR_RECORD));
    bytes[431] = 0;
    bytes[172] = 1; /* 259 bytes of rights */
    bytes[173] = 3;
    cr_assert(eq(int, sdv_record_unpack(bytes, &again), SDV_ERR_RECORD));
}

Test(sealed_record, any_bytes_are_read_back_or_refused)
{
    uint64_t seed = 1;
    unsigned fine = 0;

    for (unsigned round = 0; round < 20000; round++) {
        uint8_t bytes[432] = {0};
        uint8_t again[432];
        sdv_record record;

        for (int i = 0; i < 108; i++) {
            bytes[i] = (uint8_t)sdv_random(&seed);
        }
        for (int i = 0; i < 3; i++) { /* of the title */
            bytes[108 + i] = (uint8_t)sdv_random(&seed);
        }
        bytes[172] = (uint8_t)(sdv_random(&seed) % 2);
        bytes[173] = (uint8_t)sdv_random(&seed);
        if (sdv_record_unpack(bytes, &record) == SDV_OK) {
            cr_assert(zero(int, sdv_record_pack(&record, again)));
            cr_assert(zero(int, memcmp(bytes, again, sizeof(bytes))));
            fine++;
        }
    }
    cr_assert(gt(uint, fine, 100), "%u", fine);
}
