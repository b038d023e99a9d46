/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The card is pulled out at any clock of a command that changes the secure
 * area: it is exactly as before or exactly as after, and goes on working.
 */
#include <string.h>

#include "bytes.h"
#include "cuts.h"

#define SAMPLE 24 /* cuts that are made by cutting */

static const slot_options slow = {
    .latency = {.flash_read = SDV_TIMING_FLASH_READ_NS,
                .flash_program = SDV_TIMING_FLASH_PROGRAM_NS,
                .flash_erase = SDV_TIMING_FLASH_ERASE_NS,
                .eeprom_line = SDV_TIMING_EEPROM_LINE_NS},
    .blocks = 1024};
/* Booting takes no time to speak of without the waits. */
static const slot_options quick = {.blocks = 1024};

static story_card card;
static story_license before, after;

/* Which of the two states was found, and how often. */
static unsigned old_states, new_states;

static void report(const char *what, const cuts_count *count)
{
    cr_log_info("%s: %llu changes in %llu clocks, %llu cuts, %llu distinct "
                "states booted: %u old, %u new\n",
                what, (unsigned long long)count->changes,
                (unsigned long long)count->clocks,
                (unsigned long long)count->cuts,
                (unsigned long long)count->states, old_states, new_states);
    cr_assert(gt(u32, old_states, 0));
    cr_assert(gt(u32, new_states, 0));
}

static cuts_count check_all(cuts *record, cuts_check *check)
{
    cuts_count count;

    cuts_stop(record);
    slot_leave(&card.slot);
    card.slot.options = quick;
    count = cuts_check_all(record, &card, check, NULL);
    story_resume(&card);
    story_close(&card);
    return count;
}

/* The license that the card holds is one of two, whole. */
static bool holds_new(void)
{
    uint8_t block[STORY_BLOCK], bytes[SDV_VAULT_RECORD_BYTES];
    sdv_sealed header;

    story_export(&card, &before, block);
    cr_assert(
        eq(int,
           sdv_open(card.root, block, SDV_PURPOSE_BIT(SDV_VAULT_PURPOSE_BACKUP),
                    card.medium, &header, bytes),
           SDV_OK));
    if (header.generation == after.header.generation) {
        cr_assert(eq(int, memcmp(bytes, after.bytes, sizeof(bytes)), 0));
        return true;
    }
    cr_assert(eq(u32, header.generation, before.header.generation));
    cr_assert(eq(int, memcmp(bytes, before.bytes, sizeof(bytes)), 0));
    return false;
}

static sdv_err count_entry(void *context, const sdv_license_entry *entry)
{
    (void)entry;
    ++*(unsigned *)context;
    return SDV_OK;
}

static unsigned entries(void)
{
    unsigned count = 0;

    cr_assert(
        eq(int, sdv_license_list(&card.assd, count_entry, &count), SDV_OK));
    return count;
}

/* One license, old or new; and the import works now. */
static void replaced(void *context, story_card *unused)
{
    (void)context, (void)unused;
    cr_assert(eq(u32, entries(), 1));
    if (holds_new()) {
        new_states++;
    } else {
        old_states++;
    }
    story_import(&card, after.issue);
    cr_assert(holds_new());
    cr_assert(eq(u32, entries(), 1));
}

/* No license or this one; and the import works now. */
static void arrived(void *context, story_card *unused)
{
    (void)context, (void)unused;
    if (entries() == 0) {
        old_states++;
    } else {
        story_expect_held(&card, &before);
        new_states++;
    }
    story_import(&card, before.issue);
    story_expect_held(&card, &before);
    cr_assert(eq(u32, entries(), 1));
}

/* The license is there, whatever becomes of an export. */
static void kept(void *context, story_card *unused)
{
    (void)context, (void)unused;
    cr_assert(eq(u32, entries(), 1));
    story_expect_held(&card, &before);
    old_states++, new_states++; /* they are the same */
}

/* Blank, or active with its id; and personalizing it works now. */
static void personalized(void *context, story_card *unused)
{
    sdv_vault_info info;

    (void)context, (void)unused;
    cr_assert(eq(int, sdv_license_get_data(&card.assd, &info), SDV_OK));
    cr_assert(eq(u32, info.defects, 0));
    if (info.lifecycle == SDV_VAULT_LIFECYCLE_BLANK) {
        cr_assert(eq(int, sdv_license_personalize(&card.assd, card.store_data),
                     SDV_OK));
        old_states++;
    } else {
        new_states++;
    }
    cr_assert(eq(int, sdv_license_get_data(&card.assd, &info), SDV_OK));
    cr_assert(eq(u32, info.lifecycle, SDV_VAULT_LIFECYCLE_ACTIVE));
    cr_assert(eq(u64, info.medium_id, card.medium));
    story_import(&card, before.issue);
    story_expect_held(&card, &before);
}

static void open_slow(void)
{
    story_open(&card, 0, SDV_VIA_ASSD, &slow);
    story_license_for(&before, &card, 0);
    after = before;
    after.header.generation = 1;
    slot_pattern(after.record.content_key, sizeof(after.record.content_key), 9);
    story_seal(&after, &card);
}

Test(power_cut, import_of_the_first_license, .timeout = 600)
{
    cuts_count count;
    cuts *record;

    open_slow();
    record = cuts_record(&card);
    story_import(&card, before.issue);
    count = check_all(record, arrived);
    report("first import", &count);
}

Test(power_cut, import_of_a_higher_generation, .timeout = 600)
{
    cuts_count count;
    cuts *record;

    open_slow();
    story_import(&card, before.issue);
    record = cuts_record(&card);
    story_import(&card, after.issue);
    count = check_all(record, replaced);
    report("import", &count);
}

Test(power_cut, export, .timeout = 600)
{
    uint8_t block[STORY_BLOCK];
    cuts_count count;
    cuts *record;

    open_slow();
    story_import(&card, before.issue);
    slot_leave(&card.slot); /* so that the export has to seed */
    story_resume(&card);
    record = cuts_record(&card);
    story_export(&card, &before, block);
    count = check_all(record, kept);
    report("export", &count);
}

Test(power_cut, personalize, .timeout = 600)
{
    cuts_count count;
    cuts *record;

    story_prepare(&card, 0);
    story_license_for(&before, &card, 0);
    card.door = SDV_VIA_ASSD;
    slot_open(&card.slot, &slot_direct, &slow);
    cr_assert(
        eq(int, sdv_assd_open(&card.assd, &card.slot.card, card.door), SDV_OK));
    record = cuts_record(&card);
    cr_assert(
        eq(int, sdv_license_personalize(&card.assd, card.store_data), SDV_OK));
    count = check_all(record, personalized);
    report("personalize", &count);
}

/* Cut an import at a clock, power the card again, and see. */
static void cut_import_at(uint64_t after_start)
{
    const uint64_t start = sdv_sim_clocks(card.slot.sim).base;

    sdv_sim_cut_at(card.slot.sim, start + after_start);
    (void)(sdv_license_import(&card.assd, after.issue) == SDV_OK);
    sdv_sim_cut_at(card.slot.sim, 0);
    slot_leave(&card.slot);
    story_resume(&card);
}

Test(power_cut, a_sample_the_long_way, .timeout = 600)
{
    uint64_t random = slot_seed();
    uint64_t start, clocks;

    open_slow();
    card.slot.options.disturbed = true; /* a cut breaks rules of the bus */
    story_import(&card, before.issue);
    start = sdv_sim_clocks(card.slot.sim).base;
    story_import(&card, after.issue);
    clocks = sdv_sim_clocks(card.slot.sim).base - start;
    for (unsigned i = 0; i < SAMPLE; i++) {
        bool renewed;

        before = after;
        after.header.generation++;
        story_seal(&after, &card);
        cut_import_at(1 + sdv_random(&random) % clocks);
        renewed = holds_new();
        if (renewed) {
            new_states++;
        } else {
            old_states++;
        }
        story_import(&card, after.issue);
        cr_assert(holds_new());
    }
    cr_log_info("%u cuts: %u old, %u new\n", SAMPLE, old_states, new_states);
    story_close(&card);
}
