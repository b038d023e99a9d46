/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Content key, title and card root never stand in the image outside the OTP,
 * whenever the image changes, whatever the card is doing.
 */
#include <string.h>

#include "story.h"

#define LICENSES 3

static story_card card;
static story_license license[LICENSES];
static unsigned looks;

static void expect_hidden(const uint8_t *bytes, size_t size, const char *where)
{
    for (size_t i = 0; i < LICENSES; i++) {
        const sdv_record *r = &license[i].record;

        cr_assert(not(story_shows(bytes, size, r->content_key,
                                  sizeof(r->content_key))),
                  "content key %zu in %s", i, where);
        cr_assert(not(story_shows(bytes, size, (const uint8_t *)r->title,
                                  strlen(r->title))),
                  "title %zu in %s", i, where);
    }
    cr_assert(not(story_shows(bytes, size, card.root, sizeof(card.root))),
              "root in %s", where);
}

/* What is in flight, and what the image holds. */
static void look(void *context, const sdv_change *change)
{
    const size_t unit =
        change->region == SDV_REGION_USER || change->region == SDV_REGION_SECURE
            ? 512
            : 4;
    size_t size;
    const uint8_t *bytes;

    (void)context;
    if (change->region != SDV_REGION_OTP && change->bytes != NULL) {
        expect_hidden(change->bytes, unit * change->units, "a change");
    }
    bytes = story_region(&card, SDV_REGION_SECURE, &size);
    expect_hidden(bytes, size, "the secure flash");
    bytes = story_region(&card, SDV_REGION_EEPROM, &size);
    expect_hidden(bytes, size, "the EEPROM");
    bytes = story_region(&card, SDV_REGION_USER, &size);
    expect_hidden(bytes, size, "the user area");
    looks++;
}

static void personalize(sdv_via door)
{
    const slot_options small = {.blocks = 1024};

    story_prepare(&card, 0);
    card.door = door;
    for (unsigned i = 0; i < LICENSES; i++) {
        story_license_for(&license[i], &card, i);
    }
    slot_open(&card.slot, &slot_direct, &small);
    cr_assert(eq(int, sdv_sim_watch(card.slot.sim, look, NULL), SDV_OK));
    cr_assert(
        eq(int, sdv_assd_open(&card.assd, &card.slot.card, door), SDV_OK));
    cr_assert(
        eq(int, sdv_license_personalize(&card.assd, card.store_data), SDV_OK));
}

/* Import, renew, export, store; a blob that was changed and one too many. */
static void live(void)
{
    uint8_t block[STORY_BLOCK];

    for (unsigned i = 0; i < LICENSES; i++) {
        story_import(&card, license[i].issue);
        license[i].header.generation++;
        story_seal(&license[i], &card);
        story_import(&card, license[i].issue);
        story_export(&card, &license[i], block);
        story_write(&card, i, block);
        block[100] ^= 1;
        cr_assert(eq(int, sdv_license_import(&card.assd, block),
                     SDV_CARD_SW(SEAL_TAG)));
        story_read(&card, i, block);
        story_import(&card, block);
    }
}

static void nothing_shows(sdv_via door)
{
    personalize(door);
    live();
    cr_assert(gt(u32, looks, 60));
    story_close(&card);
}

Test(secrets, nothing_shows_in_the_image_by_assd)
{
    nothing_shows(SDV_VIA_ASSD);
}

Test(secrets, nothing_shows_in_the_image_by_cmd56)
{
    nothing_shows(SDV_VIA_CMD56);
}

/* The bytes that pass the pins: answers of the card hold no plain text. */
Test(secrets, a_refused_license_leaves_nothing_in_the_answer)
{
    uint8_t block[STORY_BLOCK];

    personalize(SDV_VIA_CMD56);
    memcpy(block, license[0].issue, sizeof(block));
    block[STORY_BLOCK - 1] ^= 0x80;
    cr_assert(
        eq(int, sdv_license_import(&card.assd, block), SDV_CARD_SW(SEAL_TAG)));
    for (unsigned i = 0; i < 4; i++) {
        story_read(&card, i, block);
        expect_hidden(block, sizeof(block), "a block");
        cr_assert(eq(int,
                     slot_move(&card.slot, 56, 1, SDV_DIR_READ, SDV_STOP_NONE,
                               512, 1, block),
                     SDV_OK));
        expect_hidden(block, sizeof(block), "an answer");
    }
    story_close(&card);
}
