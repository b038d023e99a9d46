/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Flash that lies: older sectors, those of other slots, those of a commit that
 * was cut, none at all.  No license is there twice, no counter goes back.
 */
#include <string.h>

#include "bytes.h"
#include "secure.h"

#define SECTOR 512u
#define FLASH (SDV_NVM_SECURE_SECTORS * SECTOR)

static blob license(uint32_t generation)
{
    blob b = blob_make(7);

    b.generation = generation;
    blob_set(&b, SDV_RECORD_USES, 10);
    return b;
}

static uint8_t *sector(sdv_image *image, unsigned number)
{
    return sdv_image_data(image, SDV_REGION_SECURE) + (size_t)number * SECTOR;
}

static void copy_flash(secure *v, uint8_t *to)
{
    memcpy(to, sector(sdv_sim_image(v->s.sim), 0), FLASH);
}

/* Put these bytes in place of a sector while the power is off. */
static void put_sector(secure *v, unsigned number, const uint8_t *bytes)
{
    memcpy(sector(secure_off(v), number), bytes, SECTOR);
    secure_on(v);
}

/* At most one line of each id is in use, and no slot is named twice. */
static void expect_order(sdv_image *image)
{
    uint64_t slots = 0;

    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        const line l = line_truth(image, i);

        if (l.state == SDV_VAULT_STATE_FREE) {
            continue;
        }
        cr_assert(eq(uint, line_of(image, l.id), i), "twice");
        if (l.state == SDV_VAULT_STATE_LIVE) {
            cr_assert(zero(u64, slots >> l.slot & 1u), "a slot twice");
            slots |= UINT64_C(1) << l.slot;
        }
    }
}

static void expect_damaged(secure *v, const uint8_t id[16])
{
    uint8_t sealed[BLOB_BYTES];

    secure_expect(secure_export(v, id, sealed), SDV_SW_NOT_USABLE);
    expect_order(sdv_sim_image(v->s.sim));
}

/* The license is there, of that generation and with those counts. */
static void expect_good(secure *v, const blob *b, uint32_t spent)
{
    uint8_t sealed[BLOB_BYTES];
    blob got;

    secure_expect(secure_export(v, b->id, sealed), SDV_SW_OK);
    cr_assert(blob_open(&got, &v->who, sealed) ? 1 : 0);
    cr_assert(eq(u32, got.generation, b->generation));
    cr_assert(eq(u32, blob_get(&got, SDV_RECORD_SPENT), spent));
    expect_order(sdv_sim_image(v->s.sim));
}

/* Let `spent` uses be counted: that is what a session will do. */
static void spend(secure *v, uint32_t spent)
{
    sdv_image *image = secure_off(v);
    line l = line_truth(image, 0);

    l.sequence++;
    l.spent = spent;
    line_write(image, 0, 1 - line_true_copy(image, 0), &l);
    secure_on(v);
}

SCENARIO(flash, an_older_body_is_refused)
{
    static uint8_t older[FLASH];
    const blob first = license(0), second = license(1), third = license(2);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &first), SDV_SW_OK);
    copy_flash(&v, older);
    secure_expect(secure_import_blob(&v, &second), SDV_SW_OK);
    expect_good(&v, &second, 0);
    put_sector(&v, 1, older); /* the first in place of the second */
    expect_damaged(&v, first.id);
    secure_expect(secure_import_blob(&v, &third), SDV_SW_OK); /* bank 0 */
    put_sector(&v, 0, older);
    expect_damaged(&v, first.id);
    secure_close(&v);
}

SCENARIO(flash, the_whole_flash_of_yesterday_is_refused)
{
    static uint8_t older[FLASH];
    const blob first = license(0), second = license(1);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &first), SDV_SW_OK);
    copy_flash(&v, older);
    secure_expect(secure_import_blob(&v, &second), SDV_SW_OK);
    memcpy(sector(secure_off(&v), 0), older, FLASH);
    secure_on(&v);
    expect_damaged(&v, first.id);
    secure_expect(secure_import_blob(&v, &first), SDV_SW_CONDITIONS);
    secure_expect(secure_import_blob(&v, &second), SDV_SW_OK);
    expect_good(&v, &second, 0);
    secure_close(&v);
}

/* The same license sealed anew is another body. */
SCENARIO(flash, an_equal_body_of_another_time_is_refused)
{
    static uint8_t older[FLASH];
    const blob b = license(0);
    uint8_t zeros[SECTOR] = {0};
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    copy_flash(&v, older);
    put_sector(&v, 0, zeros);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK); /* to bank 1 */
    expect_good(&v, &b, 0);
    put_sector(&v, 1, older);
    expect_damaged(&v, b.id);
    secure_close(&v);
}

SCENARIO(flash, bodies_of_two_slots_cannot_be_swapped)
{
    static uint8_t was[FLASH];
    const blob one = blob_make(1), two = blob_make(2);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &one), SDV_SW_OK);
    secure_expect(secure_import_blob(&v, &two), SDV_SW_OK);
    copy_flash(&v, was);
    image = secure_off(&v);
    memcpy(sector(image, 0), was + 2 * SECTOR, SECTOR);
    memcpy(sector(image, 2), was, SECTOR);
    secure_on(&v);
    expect_damaged(&v, one.id);
    expect_damaged(&v, two.id);
    memcpy(sector(secure_off(&v), 0), was, FLASH);
    secure_on(&v);
    expect_good(&v, &one, 0);
    expect_good(&v, &two, 0);
    secure_close(&v);
}

/* The body of the next generation is written, its line is not. */
SCENARIO(flash, the_body_of_a_cut_commit_does_not_count)
{
    static uint8_t next[FLASH];
    static uint8_t lines[4 * SDV_NVM_EEPROM_WORDS];
    const blob first = license(0), second = license(1);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &first), SDV_SW_OK);
    image = sdv_sim_image(v.s.sim);
    memcpy(lines, sdv_image_data(image, SDV_REGION_EEPROM), sizeof(lines));
    secure_expect(secure_import_blob(&v, &second), SDV_SW_OK);
    copy_flash(&v, next);
    image = secure_off(&v);
    memcpy(sdv_image_data(image, SDV_REGION_EEPROM), lines, sizeof(lines));
    secure_on(&v);
    expect_good(&v, &first, 0);
    put_sector(&v, 0, next + SECTOR); /* in place of the one that counts */
    expect_damaged(&v, first.id);
    secure_expect(secure_import_blob(&v, &second), SDV_SW_OK);
    expect_good(&v, &second, 0);
    secure_close(&v);
}

static void destroy(secure *v)
{
    memset(sector(secure_off(v), 0), 0xA5, 2 * SECTOR);
    secure_on(v);
}

SCENARIO(flash, an_early_backup_brings_no_uses_back)
{
    uint8_t early[BLOB_BYTES];
    const blob b = license(0);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    secure_expect(secure_export(&v, b.id, early), SDV_SW_OK);
    spend(&v, 6);
    for (unsigned round = 0; round < 3; round++) {
        destroy(&v);
        expect_damaged(&v, b.id);
        secure_expect(secure_import(&v, early), SDV_SW_OK);
        expect_good(&v, &b, 6);
    }
    secure_expect(secure_import(&v, early), SDV_SW_OK); /* nothing to do */
    expect_good(&v, &b, 6);
    secure_close(&v);
}

SCENARIO(flash, the_issue_blob_brings_no_uses_back)
{
    const blob b = license(3), older = license(2);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &older), SDV_SW_OK);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    spend(&v, 9);
    destroy(&v);
    secure_expect(secure_import_blob(&v, &older), SDV_SW_CONDITIONS);
    expect_damaged(&v, b.id);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    expect_good(&v, &b, 9);
    secure_close(&v);
}

/* A backup from a time when less was spent than a later one. */
SCENARIO(flash, the_later_of_two_backups_counts)
{
    uint8_t early[BLOB_BYTES], late[BLOB_BYTES];
    const blob b = license(0);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    secure_expect(secure_export(&v, b.id, early), SDV_SW_OK);
    spend(&v, 2);
    secure_expect(secure_export(&v, b.id, late), SDV_SW_OK);
    destroy(&v);
    secure_expect(secure_import(&v, late), SDV_SW_OK);
    secure_expect(secure_import(&v, early), SDV_SW_OK);
    expect_good(&v, &b, 2);
    secure_close(&v);
}

/* Every byte of a body that counts is looked at. */
SCENARIO(flash, no_byte_of_a_body_can_be_changed)
{
    const blob b = blob_make(1);
    uint8_t *body;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    body = sector(sdv_sim_image(v.s.sim), 0);
    for (unsigned i = 0; i < SECTOR; i++) {
        body[i] ^= 0x04;
        expect_damaged(&v, b.id);
        body[i] ^= 0x04;
    }
    expect_good(&v, &b, 0);
    secure_close(&v);
}
