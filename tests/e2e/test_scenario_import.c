/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The table of imports, cell by cell: what was there, the blob's generation
 * against the line's, and both kinds of blobs.
 */
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "secure.h"

#define SECTOR 512u
#define LINE_GENERATION 5u
#define LINE_SPENT 4u
#define LINE_MADE 6u
#define USES 10u

/* What is there of the license before. */
typedef enum { NONE, LIVE, DAMAGED, DELETING, DELETED } before;

/* What has to become of it. */
typedef enum {
    REFUSED, /* 6985 and nothing changes */
    NEW,     /* a new line */
    COUNTED, /* the counters alone */
    RENEWED  /* a new body */
} after;

/* ---- making what was there ---- */

static blob license(uint8_t purpose, uint32_t generation)
{
    blob b = blob_make(7);

    b.purpose = purpose;
    b.generation = generation;
    blob_set(&b, SDV_RECORD_USES, USES);
    return b;
}

static uint8_t *body_of(sdv_image *image, const line *l)
{
    return sdv_image_data(image, SDV_REGION_SECURE) +
           (size_t)(2 * l->slot + l->bank) * SECTOR;
}

/* The line as it is after some uses and exports, and maybe a DELETE. */
static void craft(sdv_image *image, before was)
{
    line l = line_truth(image, 0);

    l.sequence++;
    l.spent = LINE_SPENT;
    l.made = LINE_MADE;
    l.transaction = 0x1122334455667788u;
    if (was == DAMAGED) {
        body_of(image, &l)[100] ^= 1;
    }
    if (was == DELETING) {
        l.state = SDV_VAULT_STATE_DELETING;
    }
    if (was == DELETED) {
        l.state = SDV_VAULT_STATE_DELETED;
        l.slot = 0;
        l.bank = 0;
    }
    line_write(image, 0, 1 - line_true_copy(image, 0), &l);
}

static void prepare(secure *v, before was)
{
    const blob b = license(SDV_VAULT_PURPOSE_ISSUE, LINE_GENERATION);

    if (was != NONE) {
        secure_expect(secure_import_blob(v, &b), SDV_SW_OK);
        craft(secure_off(v), was);
        secure_on(v);
    }
}

/* A card without the license again. */
static void clear(secure *v)
{
    const line gone = {.sequence = 1000};
    sdv_image *image = secure_off(v);
    line l = gone;

    l.sequence += line_truth(image, 0).sequence;
    line_write(image, 0, 1 - line_true_copy(image, 0), &l);
    memset(sdv_image_data(image, SDV_REGION_SECURE), 0, 4 * SECTOR);
    secure_on(v);
}

/* ---- looking at what became of it ---- */

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

static void expect_counted(const line *old, const line *now, const blob *b)
{
    const uint32_t spent = larger(old->spent, blob_get(b, SDV_RECORD_SPENT));
    const uint32_t made = larger(old->made, blob_get(b, SDV_RECORD_MADE));
    const bool changed = spent != old->spent || made != old->made;
    line want = *old;

    want.spent = spent;
    want.made = made;
    want.sequence += changed ? 1 : 0;
    cr_assert(zero(int, memcmp(&want, now, sizeof(want))));
}

static void expect_renewed(before was, const line *old, const line *now,
                           const blob *b)
{
    const bool rises = b->generation > old->generation;
    const bool moves = was == NONE || was == DELETED;

    cr_assert(eq(u32, now->sequence, old->sequence + 1));
    cr_assert(eq(uint, now->state, SDV_VAULT_STATE_LIVE));
    cr_assert(zero(uint, now->slot));
    cr_assert(eq(uint, now->bank, moves ? 0 : 1 - old->bank));
    cr_assert(eq(uint, now->flags, SDV_VAULT_FLAG_KEEP));
    cr_assert(zero(int, memcmp(now->id, b->id, 16)));
    cr_assert(eq(u32, now->generation, b->generation));
    cr_assert(
        eq(u32, now->spent, larger(old->spent, blob_get(b, SDV_RECORD_SPENT))));
    cr_assert(
        eq(u32, now->made, larger(old->made, blob_get(b, SDV_RECORD_MADE))));
    cr_assert(eq(u64, now->transaction, rises ? 0 : old->transaction));
}

/* The body that the line names is that of the blob. */
static void expect_body(secure *v, sdv_image *image, const line *now,
                        const blob *b)
{
    const uint8_t *sector = body_of(image, now);
    blob body, want = *b;

    cr_assert(eq(u64, sdv_get64(sector + SDV_SEALED_TAG), now->body_tag));
    cr_assert(blob_open(&body, &v->who, sector) ? 1 : 0);
    cr_assert(eq(uint, body.purpose, SDV_VAULT_PURPOSE_STORE));
    cr_assert(eq(uint, body.suite, b->suite));
    cr_assert(eq(u32, body.generation, b->generation));
    blob_set(&want, SDV_RECORD_SPENT, 0);
    blob_set(&want, SDV_RECORD_MADE, 0);
    cr_assert(zero(int, memcmp(body.record, want.record, BLOB_RECORD)));
}

static void check(secure *v, before was, const blob *b, after becomes)
{
    const unsigned sw = becomes == REFUSED ? SDV_SW_CONDITIONS : SDV_SW_OK;
    static uint8_t flash[2][SDV_NVM_SECURE_SECTORS * SECTOR];
    sdv_image *image = sdv_sim_image(v->s.sim);
    const line old = line_truth(image, 0);
    line now;

    memcpy(flash[0], sdv_image_data(image, SDV_REGION_SECURE),
           sizeof(flash[0]));
    secure_expect(secure_import_blob(v, b), sw);
    now = line_truth(image, 0);
    memcpy(flash[1], sdv_image_data(image, SDV_REGION_SECURE),
           sizeof(flash[1]));
    if (becomes == REFUSED) {
        cr_assert(zero(int, memcmp(&old, &now, sizeof(old))));
    } else if (becomes == COUNTED) {
        expect_counted(&old, &now, b);
    } else {
        expect_renewed(was, &old, &now, b);
        expect_body(v, image, &now, b);
        return;
    }
    cr_assert(zero(int, memcmp(flash[0], flash[1], sizeof(flash[0]))));
}

/* ---- the table ---- */

typedef struct cell {
    before was;
    int generation; /* of the blob, against the line's */
    after issue;
    after backup;
} cell;

static const cell table[] = {
    {NONE, 0, NEW, REFUSED},          {LIVE, -1, COUNTED, COUNTED},
    {LIVE, 0, COUNTED, COUNTED},      {LIVE, 1, RENEWED, REFUSED},
    {DAMAGED, -1, REFUSED, REFUSED},  {DAMAGED, 0, RENEWED, RENEWED},
    {DAMAGED, 1, RENEWED, REFUSED},   {DELETED, -1, REFUSED, REFUSED},
    {DELETED, 0, RENEWED, RENEWED},   {DELETED, 1, RENEWED, REFUSED},
    {DELETING, -1, REFUSED, REFUSED}, {DELETING, 0, REFUSED, REFUSED},
    {DELETING, 1, REFUSED, REFUSED},
};

/* Counters below, at, above those of the line, each by itself. */
static const uint32_t counters[][2] = {
    {0, 0},
    {LINE_SPENT, LINE_MADE},
    {LINE_SPENT + 1, LINE_MADE - 1},
    {LINE_SPENT - 1, LINE_MADE + 1},
};

SCENARIO(import, every_cell_of_the_table)
{
    secure v;

    secure_open_active(&v, param, 1);
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        const cell *c = &table[i];

        for (size_t j = 0; j < 2 * sizeof(counters) / sizeof(counters[0]);
             j++) {
            const bool backup = j % 2 == 1;
            blob b = license(backup ? SDV_VAULT_PURPOSE_BACKUP
                                    : SDV_VAULT_PURPOSE_ISSUE,
                             LINE_GENERATION + (uint32_t)c->generation);

            blob_set(&b, SDV_RECORD_SPENT, counters[j / 2][0]);
            blob_set(&b, SDV_RECORD_MADE, counters[j / 2][1]);
            b.record[0] = (uint8_t)j; /* a content id of its own */
            fprintf(stderr, "cell %zu, case %zu\n", i, j);
            prepare(&v, c->was);
            check(&v, c->was, &b, backup ? c->backup : c->issue);
            clear(&v);
        }
    }
    secure_close(&v);
}

/* ---- a backup of a license that is not there ---- */

SCENARIO(import, a_plain_backup_comes_back_to_a_card_without_it)
{
    blob b = blob_make(1);
    secure v;

    b.purpose = SDV_VAULT_PURPOSE_BACKUP;
    secure_open_active(&v, param, 1);
    b.generation = 1;
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CONDITIONS);
    b.generation = 0;
    blob_set(&b, SDV_RECORD_USES, SDV_VAULT_UNLIMITED - 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CONDITIONS);
    blob_set(&b, SDV_RECORD_USES, SDV_VAULT_UNLIMITED);
    blob_set(&b, SDV_RECORD_EXPORTS, 0);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CONDITIONS);
    blob_set(&b, SDV_RECORD_EXPORTS, SDV_VAULT_UNLIMITED);
    blob_set(&b, SDV_RECORD_SPENT, 2);
    blob_set(&b, SDV_RECORD_MADE, 3);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    cr_assert(eq(u32, line_truth(sdv_sim_image(v.s.sim), 0).spent, 2));
    cr_assert(eq(u32, line_truth(sdv_sim_image(v.s.sim), 0).made, 3));
    cr_assert(zero(uint, line_truth(sdv_sim_image(v.s.sim), 0).flags));
    secure_close(&v);
}

/* ---- a deleted license of which nothing is left ---- */

SCENARIO(import, a_deleted_license_that_is_used_up_stays_away)
{
    static const struct {
        uint32_t uses, spent;
        after becomes;
    } cases[] = {
        {USES, USES - 1, RENEWED},
        {USES, USES, REFUSED},
        {USES, USES + 1, REFUSED},
        {LINE_SPENT + 1, 0, RENEWED},
        {LINE_SPENT, 0, REFUSED}, /* the line knows better */
        {SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED, RENEWED},
    };
    secure v;

    secure_open_active(&v, param, 1);
    for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
        blob b = license((uint8_t)(1 + i % 2), LINE_GENERATION);

        blob_set(&b, SDV_RECORD_USES, cases[i / 2].uses);
        blob_set(&b, SDV_RECORD_SPENT, cases[i / 2].spent);
        prepare(&v, DELETED);
        check(&v, DELETED, &b, cases[i / 2].becomes);
        clear(&v);
    }
    secure_close(&v);
}

SCENARIO(import, a_damaged_license_that_is_used_up_comes_back)
{
    blob b = license(SDV_VAULT_PURPOSE_BACKUP, LINE_GENERATION);
    secure v;

    secure_open_active(&v, param, 1);
    blob_set(&b, SDV_RECORD_USES, LINE_SPENT);
    prepare(&v, DAMAGED);
    check(&v, DAMAGED, &b, RENEWED);
    secure_close(&v);
}

/* ---- lines, slots and flags ---- */

SCENARIO(import, a_deleted_license_needs_a_free_slot)
{
    const blob b = license(SDV_VAULT_PURPOSE_ISSUE, LINE_GENERATION);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    prepare(&v, DELETED);
    image = secure_off(&v);
    for (unsigned i = 0; i < SDV_VAULT_SLOTS; i++) {
        const line l = {.sequence = 1,
                        .state = SDV_VAULT_STATE_LIVE,
                        .slot = (uint8_t)i,
                        .id = {0xEE, (uint8_t)i}};

        line_write(image, i + 1, 0, &l);
    }
    secure_on(&v);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_NO_SPACE);
    image = secure_off(&v);
    line_write(image, 41, 1, &(line){.sequence = 2});
    secure_on(&v);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    cr_assert(eq(uint, line_truth(sdv_sim_image(v.s.sim), 0).slot, 40));
    secure_close(&v);
}

SCENARIO(import, a_line_that_was_kept_once_is_kept_for_ever)
{
    blob b = blob_make(7);
    secure v;

    b.generation = LINE_GENERATION + 1;
    secure_open_active(&v, param, 1);
    prepare(&v, LIVE);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    cr_assert(eq(uint, line_truth(sdv_sim_image(v.s.sim), 0).flags,
                 SDV_VAULT_FLAG_KEEP));
    secure_close(&v);
}

SCENARIO(import, generations_turn_the_banks)
{
    uint8_t sealed[BLOB_BYTES];
    secure v;
    blob got;

    secure_open_active(&v, param, 1);
    for (uint32_t generation = 0; generation < 5; generation++) {
        const blob b = license(SDV_VAULT_PURPOSE_ISSUE, generation);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
        cr_assert(eq(uint, line_truth(sdv_sim_image(v.s.sim), 0).bank,
                     generation % 2));
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
        cr_assert(blob_open(&got, &v.who, sealed) ? 1 : 0);
        cr_assert(eq(u32, got.generation, generation));
    }
    secure_close(&v);
}

/* ---- the counters alone ---- */

SCENARIO(import, counters_that_cannot_be_written_stay)
{
    blob b = license(SDV_VAULT_PURPOSE_ISSUE, LINE_GENERATION);
    secure v;

    secure_open_active(&v, param, 1);
    prepare(&v, LIVE);
    blob_set(&b, SDV_RECORD_SPENT, LINE_SPENT + 1);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_MEMORY_FAILURE);
    cr_assert(eq(u32, line_truth(sdv_sim_image(v.s.sim), 0).spent, LINE_SPENT));
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 1);
    check(&v, LIVE, &b, COUNTED);
    secure_close(&v);
}

/* Without a new body nothing of the blob but its counters comes in. */
SCENARIO(import, an_import_without_a_body_draws_nothing)
{
    blob b = license(SDV_VAULT_PURPOSE_ISSUE, LINE_GENERATION);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    prepare(&v, LIVE);
    image = sdv_sim_image(v.s.sim);
    blob_set(&b, SDV_RECORD_SPENT, USES);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    cr_assert(eq(u32, line_truth(image, SDV_VAULT_LINE_POWER_UPS).value, 1));
    b.generation++;
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    cr_assert(eq(u32, line_truth(image, SDV_VAULT_LINE_POWER_UPS).value, 2));
    secure_close(&v);
}
