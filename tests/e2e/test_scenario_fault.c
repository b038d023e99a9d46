/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card that finds a fault in its crypto: what it refuses, what goes on, and
 * that no license is lost.
 */
#include <string.h>

#include "bytes.h"
#include "secure.h"

#define STORED (SDV_NVM_SECURE_SECTORS * 512u)
#define LINES (4u * SDV_NVM_EEPROM_WORDS)
#define LBA 33u
#define BLOCK 512u

/* Flash and EEPROM as they are now. */
static void take_snapshot(secure *v, uint8_t *copy)
{
    sdv_image *image = sdv_sim_image(v->s.sim);

    memcpy(copy, sdv_image_data(image, SDV_REGION_SECURE), STORED);
    memcpy(copy + STORED, sdv_image_data(image, SDV_REGION_EEPROM), LINES);
}

/* The same slot, whose crypto breaks, or does not. */
static void reopen(secure *v, unsigned sabotage)
{
    secure_off(v);
    v->s.options.sabotage = sabotage;
    secure_on(v);
}

/* A card with license 1, in a slot whose crypto breaks. */
static void prepare(secure *v, const slot_param *param)
{
    const blob b = blob_make(1);

    secure_open_active(v, param, 1);
    secure_expect(secure_import_blob(v, &b), SDV_SW_OK);
    reopen(v, SDV_SABOTAGE_CRYPTO);
}

static void expect_license(secure *v)
{
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    blob got;

    secure_expect(secure_export(v, b.id, sealed), SDV_SW_OK);
    cr_assert(blob_open(&got, &v->who, sealed));
    cr_assert(zero(int, memcmp(got.record, b.record, BLOB_RECORD)));
}

static void use_memory(secure *v)
{
    uint8_t data[BLOCK], got[BLOCK];
    const uint32_t address = slot_address(&v->s, LBA);

    slot_pattern(data, BLOCK, 5);
    cr_assert(eq(int,
                 slot_move(&v->s, 24, address, SDV_DIR_WRITE, SDV_STOP_NONE,
                           BLOCK, 1, data),
                 SDV_OK));
    cr_assert(eq(int,
                 slot_move(&v->s, 17, address, SDV_DIR_READ, SDV_STOP_NONE,
                           BLOCK, 1, got),
                 SDV_OK));
    slot_pattern(data, BLOCK, 5);
    cr_assert(zero(int, memcmp(data, got, BLOCK)));
}

SCENARIO(fault, an_import_is_refused_and_nothing_is_written)
{
    static uint8_t was[STORED + LINES], is[STORED + LINES];
    const blob b = blob_make(2);
    secure v;

    prepare(&v, param);
    take_snapshot(&v, was);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CRYPTO_FAULT);
    take_snapshot(&v, is);
    cr_assert(zero(int, memcmp(was, is, sizeof(was))));
    reopen(&v, 0);
    expect_license(&v);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(fault, an_export_gives_no_byte)
{
    const blob b = blob_make(1);
    secure v;

    prepare(&v, param);
    secure_expect(secure_command(&v, SDV_INS_LICENSE_EXPORT, 0, b.id, 16),
                  SDV_SW_CRYPTO_FAULT);
    cr_assert(eq(sz, v.length, 0));
    reopen(&v, 0);
    expect_license(&v);
    secure_close(&v);
}

SCENARIO(fault, every_command_is_refused_until_the_power_was_off)
{
    static const uint8_t instructions[] = {SDV_INS_GET_DATA, SDV_INS_STORE_DATA,
                                           SDV_INS_LICENSE_LIST,
                                           SDV_INS_LICENSE_USE, 0xEE};
    static const uint8_t zeros[SDV_ASSD_PSI_BYTES];
    const blob b = blob_make(1);
    uint8_t random[SDV_ASSD_PSI_BYTES], sr[SDV_ASSD_PSI_BYTES];
    secure v;

    prepare(&v, param);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CRYPTO_FAULT);
    secure_psi(&v.s, SDV_ASSD_PSI_SR, sr);
    cr_assert(eq(u8, sr[SDV_ASSD_SR_ERROR], 4));
    for (size_t i = 0; i < sizeof(instructions); i++) {
        secure_expect(secure_command(&v, instructions[i], 0, NULL, 0),
                      SDV_SW_CRYPTO_FAULT);
    }
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, random);
    cr_assert(zero(int, memcmp(random, zeros, sizeof(zeros))));
    reopen(&v, SDV_SABOTAGE_CRYPTO);
    cr_assert(eq(uint, secure_get_data(&v).free_slots, SDV_VAULT_SLOTS - 1));
    secure_close(&v);
}

SCENARIO(fault, the_user_area_goes_on)
{
    const blob b = blob_make(2);
    secure v;

    prepare(&v, param);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_CRYPTO_FAULT);
    use_memory(&v);
    secure_close(&v);
}
