/* SPDX-License-Identifier: Apache-2.0 */
/* LICENSE IMPORT of a new license, LICENSE EXPORT, what each writes. */
#include <string.h>

#include "bytes.h"
#include "secure.h"

#define SECTOR 512u

/* What the card has stored of a license, opened. */
static blob stored(secure *v, sdv_image *image, unsigned number)
{
    const line l = line_truth(image, number);
    const uint8_t *sector = sdv_image_data(image, SDV_REGION_SECURE) +
                            (size_t)(2 * l.slot + l.bank) * SECTOR;
    blob b;

    cr_assert(eq(u64, sdv_get64(sector + SDV_SEALED_TAG), l.body_tag));
    cr_assert(blob_open(&b, &v->who, sector) ? 1 : 0);
    return b;
}

/* Records are equal but for what was spent and made. */
static void expect_rights(const blob *got, const blob *want)
{
    blob copy = *want;

    blob_set(&copy, SDV_RECORD_SPENT, blob_get(got, SDV_RECORD_SPENT));
    blob_set(&copy, SDV_RECORD_MADE, blob_get(got, SDV_RECORD_MADE));
    cr_assert(zero(int, memcmp(got->record, copy.record, BLOB_RECORD)));
}

/* ---- import of a license that is not there ---- */

static void expect_new_line(const line *l, const blob *b, unsigned slot,
                            unsigned flags)
{
    cr_assert(eq(uint, l->state, SDV_VAULT_STATE_LIVE));
    cr_assert(eq(uint, l->slot, slot));
    cr_assert(zero(uint, l->bank));
    cr_assert(eq(uint, l->flags, flags));
    cr_assert(zero(int, memcmp(l->id, b->id, 16)));
    cr_assert(eq(u32, l->generation, b->generation));
    cr_assert(eq(u32, l->spent, blob_get(b, SDV_RECORD_SPENT)));
    cr_assert(eq(u32, l->made, blob_get(b, SDV_RECORD_MADE)));
    cr_assert(zero(u64, l->transaction));
    cr_assert(eq(u32, l->sequence, 1));
}

static void expect_new_body(const blob *got, const blob *b)
{
    cr_assert(eq(uint, got->purpose, SDV_VAULT_PURPOSE_STORE));
    cr_assert(eq(uint, got->suite, b->suite));
    cr_assert(eq(u32, got->generation, b->generation));
    cr_assert(zero(int, memcmp(got->id, b->id, 16)));
    cr_assert(ne(int, memcmp(got->salt, b->salt, 16), 0));
    cr_assert(zero(u32, blob_get(got, SDV_RECORD_SPENT)));
    cr_assert(zero(u32, blob_get(got, SDV_RECORD_MADE)));
    expect_rights(got, b);
}

/* Licenses of all kinds that an issue blob can bring. */
static blob kind(unsigned number)
{
    blob b = blob_make(number);

    switch (number) {
    case 1:
        b.suite = SDV_VAULT_SUITE_128;
        break;
    case 2:
        b.generation = 1;
        break;
    case 3:
        blob_set(&b, SDV_RECORD_USES, 10);
        blob_set(&b, SDV_RECORD_SPENT, 3);
        break;
    case 4:
        blob_set(&b, SDV_RECORD_EXPORTS, 5);
        blob_set(&b, SDV_RECORD_MADE, 6); /* nobody compares them here */
        break;
    case 5:
        memset(b.record + SDV_RECORD_APPARATUS, 0xA5, 8);
        break;
    default:
        break;
    }
    return b;
}

enum { KINDS = 6 };

SCENARIO(license, a_new_license_takes_the_lowest_line_and_slot)
{
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    for (unsigned i = 0; i < KINDS; i++) {
        const blob b = kind(i);

        v.door = i % 2 == 0 ? SDV_DOOR_ASSD : SDV_DOOR_CMD56;
        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    }
    image = secure_off(&v);
    for (unsigned i = 0; i < KINDS; i++) {
        const blob b = kind(i);
        const line l = line_truth(image, i);
        const blob body = stored(&v, image, i);

        expect_new_line(&l, &b, i, i >= 2 && i <= 4 ? SDV_VAULT_FLAG_KEEP : 0);
        expect_new_body(&body, &b);
        cr_assert(eq(uint, body.binding, i == 5 ? 3 : 1));
        cr_assert(zero(
            int, memcmp(body.apparatus, b.record + SDV_RECORD_APPARATUS, 8)));
    }
    secure_on(&v);
    secure_close(&v);
}

/* Take slot 0 for one license and slot 2 for another one in deleting. */
SCENARIO(license, lines_and_slots_in_between_are_found)
{
    const line deleted = {.sequence = 1, .state = SDV_VAULT_STATE_DELETED};
    const line deleting = {
        .sequence = 1, .state = SDV_VAULT_STATE_DELETING, .slot = 2};
    const line live = {.sequence = 1, .state = SDV_VAULT_STATE_LIVE};
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    image = secure_off(&v);
    line_write(image, 0, 0, &live);
    line_write(image, 1, 1, &deleted);
    line_write(image, 3, 0, &deleting);
    line_break(image, 4, 0);
    line_break(image, 4, 1);
    secure_on(&v);
    for (unsigned i = 0; i < 3; i++) {
        const blob b = blob_make(i);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    }
    image = secure_off(&v);
    cr_assert(eq(uint, line_of(image, blob_make(0).id), 2));
    cr_assert(eq(uint, line_of(image, blob_make(1).id), 5));
    cr_assert(eq(uint, line_of(image, blob_make(2).id), 6));
    cr_assert(eq(uint, line_truth(image, 2).slot, 1));
    cr_assert(eq(uint, line_truth(image, 5).slot, 3));
    cr_assert(eq(uint, line_truth(image, 6).slot, 4));
    secure_on(&v);
    secure_close(&v);
}

SCENARIO(license, a_full_vault_takes_no_more)
{
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    for (unsigned i = 0; i < SDV_VAULT_SLOTS; i++) {
        const blob b = blob_make(i);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    }
    cr_assert(zero(uint, secure_get_data(&v).free_slots));
    for (unsigned i = 0; i < 2; i++) {
        const blob b = blob_make(SDV_VAULT_SLOTS);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_NO_SPACE);
    }
    /* The ones that are there can still be renewed. */
    for (unsigned i = 0; i < SDV_VAULT_SLOTS; i += 21) {
        blob b = blob_make(i);

        b.generation = 1;
        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    }
    secure_close(&v);
}

SCENARIO(license, a_card_without_a_free_line_takes_no_more)
{
    const blob b = blob_make(1);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    image = secure_off(&v);
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        const line l = {.sequence = 1,
                        .state = SDV_VAULT_STATE_DELETED,
                        .id = {1, (uint8_t)i}};

        line_write(image, i, 0, &l);
    }
    secure_on(&v);
    cr_assert(zero(uint, secure_get_data(&v).free_lines));
    cr_assert(eq(uint, secure_get_data(&v).free_slots, SDV_VAULT_SLOTS));
    secure_expect(secure_import_blob(&v, &b), SDV_SW_NO_SPACE);
    secure_close(&v);
}

/* ---- export ---- */

SCENARIO(license, an_export_is_the_license_sealed_for_this_card)
{
    uint8_t sealed[BLOB_BYTES], again[BLOB_BYTES];
    secure v;
    blob got;

    secure_open_active(&v, param, 1);
    for (unsigned i = 0; i < 4; i++) { /* those that may leave */
        const blob b = kind(i);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
        v.door = i % 2 == 0 ? SDV_DOOR_CMD56 : SDV_DOOR_ASSD;
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
        secure_expect(secure_export(&v, b.id, again), SDV_SW_OK);
        cr_assert(ne(
            int, memcmp(sealed + SDV_SEALED_SALT, again + SDV_SEALED_SALT, 16),
            0));
        cr_assert(zero(int, memcmp(sealed, again, SDV_SEALED_SALT)));
        cr_assert(zero(int, memcmp(sealed, "SDVL\1", 5)));
        cr_assert(
            zero(int, memcmp(sealed + SDV_SEALED_MEDIUM, v.who.medium, 8)));
        cr_assert(zero(u32, sdv_get32(sealed + SDV_SEALED_RESERVED)));
        cr_assert(blob_open(&got, &v.who, sealed) ? 1 : 0);
        cr_assert(eq(uint, got.purpose, SDV_VAULT_PURPOSE_BACKUP));
        cr_assert(eq(uint, got.binding, SDV_VAULT_BINDING_MEDIUM));
        cr_assert(eq(uint, got.suite, b.suite));
        cr_assert(zero(u64, sdv_get64(got.apparatus)));
        cr_assert(eq(u32, got.generation, b.generation));
        cr_assert(zero(int, memcmp(got.id, b.id, 16)));
        cr_assert(zero(int, memcmp(got.record, b.record, BLOB_RECORD)));
    }
    secure_close(&v);
}

SCENARIO(license, an_export_tells_the_counts_of_the_line)
{
    uint8_t sealed[BLOB_BYTES];
    blob b = blob_make(1), got;
    sdv_image *image;
    secure v;
    line l;

    secure_open_active(&v, param, 1);
    blob_set(&b, SDV_RECORD_USES, 10);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    image = secure_off(&v);
    l = line_truth(image, 0);
    l.sequence++;
    l.spent = 7;
    l.made = 0x12345678;
    line_write(image, 0, 1 - line_true_copy(image, 0), &l);
    secure_on(&v);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    cr_assert(blob_open(&got, &v.who, sealed) ? 1 : 0);
    cr_assert(eq(u32, blob_get(&got, SDV_RECORD_SPENT), 7));
    cr_assert(eq(u32, blob_get(&got, SDV_RECORD_MADE), 0x12345678));
    expect_rights(&got, &b);
    secure_close(&v);
}

SCENARIO(license, an_export_writes_nothing)
{
    static uint8_t before[2][SDV_NVM_EEPROM_WORDS * 4 + 65536];
    uint8_t sealed[BLOB_BYTES];
    const blob b = blob_make(1);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    for (unsigned i = 0; i < 2; i++) {
        sdv_image *image = sdv_sim_image(v.s.sim);
        const size_t eeprom = sdv_image_size(image, SDV_REGION_EEPROM);

        memcpy(before[i], sdv_image_data(image, SDV_REGION_EEPROM), eeprom);
        memcpy(before[i] + eeprom, sdv_image_data(image, SDV_REGION_SECURE),
               65536);
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    }
    cr_assert(zero(int, memcmp(before[0], before[1], sizeof(before[0]))));
    secure_close(&v);
}

static void expect_export(secure *v, const blob *b, unsigned sw)
{
    uint8_t sealed[BLOB_BYTES];

    secure_expect(secure_import_blob(v, b), SDV_SW_OK);
    secure_expect(secure_export(v, b->id, sealed), sw);
}

SCENARIO(license, rights_decide_about_an_export)
{
    blob b[7];
    secure v;

    for (unsigned i = 0; i < 7; i++) {
        b[i] = blob_make(i);
    }
    blob_set(&b[0], SDV_RECORD_FLAGS, 0);
    blob_set(&b[1], SDV_RECORD_FLAGS, SDV_VAULT_RECORD_APPARATUS_EXPORT);
    blob_set(&b[2], SDV_RECORD_FLAGS, 5); /* needs a session */
    blob_set(&b[3], SDV_RECORD_FLAGS, 4); /* that comes first */
    blob_set(&b[4], SDV_RECORD_EXPORTS, 0);
    blob_set(&b[5], SDV_RECORD_EXPORTS, SDV_VAULT_UNLIMITED - 1);
    memset(b[6].record + SDV_RECORD_APPARATUS, 1, 8);
    secure_open_active(&v, param, 1);
    expect_export(&v, &b[0], SDV_SW_CONDITIONS);
    expect_export(&v, &b[1], SDV_SW_CONDITIONS);
    for (unsigned i = 2; i < 7; i++) {
        expect_export(&v, &b[i], SDV_SW_SECURITY_STATUS);
    }
    secure_close(&v);
}

SCENARIO(license, an_unknown_license_is_not_found)
{
    const blob b = blob_make(1), other = blob_make(2);
    uint8_t sealed[BLOB_BYTES], id[16];
    sdv_image *image;
    secure v;
    line l;

    secure_open_active(&v, param, 1);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_NOT_FOUND);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    secure_expect(secure_export(&v, other.id, sealed), SDV_SW_NOT_FOUND);
    for (unsigned i = 0; i < 16; i += 5) { /* one byte of the id differs */
        memcpy(id, b.id, 16);
        id[i] ^= 1;
        secure_expect(secure_export(&v, id, sealed), SDV_SW_NOT_FOUND);
    }
    image = secure_off(&v);
    l = line_truth(image, 0);
    for (unsigned state = SDV_VAULT_STATE_DELETING;
         state <= SDV_VAULT_STATE_DELETED; state++) {
        l.sequence++;
        l.state = (uint8_t)state;
        line_write(image, 0, 0, &l);
        secure_on(&v);
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_NOT_FOUND);
        image = secure_off(&v);
    }
    secure_on(&v);
    secure_close(&v);
}

/* ---- cards that are not active ---- */

static void set_lifecycle(secure *v, uint32_t value)
{
    sdv_image *image = secure_off(v);
    line l = line_truth(image, SDV_VAULT_LINE_LIFECYCLE);

    l.sequence++;
    l.value = value;
    line_write(image, SDV_VAULT_LINE_LIFECYCLE, 0, &l);
    secure_on(v);
}

SCENARIO(license, only_an_active_card_moves_licenses)
{
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    for (unsigned i = 1; i <= 4; i++) {
        const unsigned sw =
            i == SDV_VAULT_LIFECYCLE_ACTIVE ? SDV_SW_OK : SDV_SW_CONDITIONS;
        const unsigned list = i == SDV_VAULT_LIFECYCLE_LOCKED ? SDV_SW_OK : sw;

        set_lifecycle(&v, i);
        cr_assert(eq(uint, secure_get_data(&v).lifecycle, i));
        secure_expect(secure_import_blob(&v, &b), sw);
        secure_expect(secure_export(&v, b.id, sealed), sw);
        secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 0, NULL, 0),
                      list);
    }
    secure_close(&v);
}

/* ---- memory that fails ---- */

/* A command before has seeded the generator. */
static void open_seeded(secure *v, const slot_param *param)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES];

    secure_open_active(v, param, 1);
    secure_psi(&v->s, SDV_ASSD_PSI_RNR, reg);
}

SCENARIO(license, a_body_that_cannot_be_written_leaves_all_as_it_was)
{
    blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    open_seeded(&v, param);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_MEMORY_FAILURE);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_NOT_FOUND);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 1); /* it tries twice */
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    b.generation = 1;
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_MEMORY_FAILURE);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    cr_assert(zero(u32, sdv_get32(sealed + SDV_SEALED_GENERATION)));
    secure_close(&v);
}

SCENARIO(license, a_body_that_cannot_be_read_is_not_usable)
{
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    open_seeded(&v, param);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_READ, 1);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_NOT_USABLE);
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(license, a_body_is_read_back)
{
    const blob b = blob_make(1);
    secure v;

    open_seeded(&v, param);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_READ, 2);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_MEMORY_FAILURE);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_READ, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    secure_close(&v);
}
