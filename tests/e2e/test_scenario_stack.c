/* SPDX-License-Identifier: Apache-2.0 */
/* The host stack on a secure card: both doors, and wires that are damaged at
 * any clock of an exchange. */
#include <stdlib.h>
#include <string.h>

#include <sdvault/license.h>

#include "bytes.h"
#include "secure.h"

#define ROUNDS 120

static const sdv_via doors[] = {SDV_VIA_ASSD, SDV_VIA_CMD56};

static secure v;
static sdv_assd assd;
static blob license;

/* An active card that holds one license. */
static void start(const slot_param *param, const slot_options *options,
                  sdv_via via)
{
    uint8_t sealed[BLOB_BYTES];

    secure_open(&v, param, options);
    v.who = identity_make(1);
    secure_expect(secure_personalize(&v, &v.who), SDV_SW_OK);
    license = blob_make(1);
    blob_seal(&license, &v.who, sealed);
    secure_expect(secure_import(&v, sealed), SDV_SW_OK);
    cr_assert(zero(int, sdv_assd_open(&assd, &v.s.card, via)));
}

/* What came out is the license of this card, to the bit. */
static void expect_license(const uint8_t block[BLOB_BYTES])
{
    blob got;

    cr_assert(blob_open(&got, &v.who, block));
    cr_assert(zero(int, memcmp(got.id, license.id, sizeof(got.id))));
    cr_assert(
        zero(int, memcmp(got.record, license.record, sizeof(got.record))));
}

static sdv_err count_one(void *ctx, const sdv_license_entry *entry)
{
    cr_assert(zero(int, memcmp(entry->id, license.id, sizeof(entry->id))));
    ++*(unsigned *)ctx;
    return SDV_OK;
}

static void expect_one_license(void)
{
    unsigned count = 0;

    cr_assert(zero(int, sdv_license_list(&assd, count_one, &count)));
    cr_assert(eq(uint, count, 1));
}

SCENARIO_EACH(scenario_stack, every_function_works_by_either_door)
{
    for (size_t d = 0; d < 2; d++) {
        uint8_t block[BLOB_BYTES];
        uint8_t bytes[512];
        sdv_vault_info info;

        start(param, NULL, doors[d]);
        cr_assert(zero(int, sdv_license_get_data(&assd, &info)));
        cr_assert(eq(u64, info.medium_id, sdv_get64(v.who.medium)));
        cr_assert(eq(u8, info.lifecycle, SDV_VAULT_LIFECYCLE_ACTIVE));
        cr_assert(eq(u16, info.free_slots, SDV_VAULT_SLOTS - 1));
        cr_assert(eq(u32, info.blocks, slot_blocks(&v.s)));
        expect_one_license();
        cr_assert(zero(int, sdv_license_export(&assd, license.id, block)));
        expect_license(block);
        slot_pattern(bytes, sizeof(bytes), d);
        cr_assert(zero(int, sdv_card_write(&v.s.card, 5, 1, bytes)),
                  "memory commands may come between");
        cr_assert(zero(int, sdv_license_import(&assd, block)));
        block[100] ^= 1;
        cr_assert(
            eq(int, sdv_license_import(&assd, block), SDV_CARD_SW(SEAL_TAG)));
        expect_one_license();
        secure_close(&v);
    }
}

SCENARIO(scenario_stack, a_door_that_was_shut_is_opened_again)
{
    start(param, NULL, SDV_VIA_ASSD);
    secure_function(&v.s, 0);
    cr_assert(zero(int, sdv_assd_reset(&assd)));
    expect_one_license();
    secure_close(&v);
}

SCENARIO(scenario_stack, what_others_left_is_no_hindrance)
{
    uint8_t token[SECURE_TOKEN] = {2, 0x58}; /* 600 bytes: half is missing */

    start(param, NULL, SDV_VIA_CMD56);
    for (size_t d = 0; d < 2; d++) {
        cr_assert(zero(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1)));
        cr_assert(zero(int, sdv_assd_open(&assd, &v.s.card, doors[d])));
        if (d == 0) { /* ASSD sees nothing of it: the first answer tells */
            sdv_vault_info info;
            const sdv_err err = sdv_license_get_data(&assd, &info);

            cr_assert(err == SDV_OK || err == SDV_CARD_SW(CONDITIONS));
        }
        expect_one_license();
    }
    secure_close(&v);
}

/* ---- damaged wires ---- */

/* SD clocks of one export. */
static uint64_t clocks_of_export(void)
{
    uint8_t block[BLOB_BYTES];
    const uint64_t before = sdv_sim_clocks(v.s.sim).sd;

    cr_assert(zero(int, sdv_license_export(&assd, license.id, block)));
    return sdv_sim_clocks(v.s.sim).sd - before;
}

/* Damage of lines at a clock of the next exchange. */
static void damage(uint64_t *random, uint64_t clocks)
{
    const unsigned lines = (unsigned)sdv_random(random) & 15u;

    sdv_sim_flip(v.s.sim, 1 + sdv_random(random) % clocks,
                 sdv_random(random) & 1u, lines);
}

/* An exchange on damaged wires; the next one, on good ones, works. */
static unsigned export_damaged(uint64_t *random, uint64_t clocks)
{
    uint8_t block[BLOB_BYTES];
    sdv_err err;

    damage(random, clocks);
    err = sdv_license_export(&assd, license.id, block);
    if (err == SDV_OK) {
        expect_license(block);
    } else {
        cr_assert(lt(int, err, 0), "%s: %s", sdv_err_name(err),
                  v.s.bus->detail);
    }
    sdv_sim_run(v.s.sim, 2 * clocks); /* damage that is still to come */
    return err == SDV_OK;
}

static unsigned import_damaged(uint64_t *random, uint64_t clocks,
                               const uint8_t *block)
{
    sdv_err err;

    damage(random, clocks);
    err = sdv_license_import(&assd, block);
    cr_assert(le(int, err, 0), "%s: %s", sdv_err_name(err), v.s.bus->detail);
    sdv_sim_run(v.s.sim, 2 * clocks);
    return err == SDV_OK;
}

static void run_damaged(sdv_via via, unsigned least)
{
    const slot_options options = {.disturbed = true};
    uint64_t random = slot_seed();
    uint8_t block[BLOB_BYTES];
    uint64_t clocks;
    unsigned good = 0;

    if (!slot_wants_direct()) {
        return; /* the model has no wires */
    }
    start(&slot_direct, &options, via);
    clocks = clocks_of_export();
    cr_assert(zero(int, sdv_license_export(&assd, license.id, block)));
    for (unsigned i = 0; i < ROUNDS; i++) {
        good += export_damaged(&random, clocks);
        good += import_damaged(&random, clocks, block);
        expect_one_license();
    }
    cr_assert(ge(uint, good, least), "%u of %u went through", good, 2 * ROUNDS);
    secure_close(&v);
}

SCENARIO_DIRECT(scenario_stack, assd_survives_damage_at_any_clock)
{
    run_damaged(SDV_VIA_ASSD, 2 * ROUNDS * 9 / 10);
}

SCENARIO_DIRECT(scenario_stack, cmd56_survives_damage_at_any_clock)
{
    run_damaged(SDV_VIA_CMD56, 2 * ROUNDS / 2);
}
