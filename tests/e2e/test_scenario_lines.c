/* SPDX-License-Identifier: Apache-2.0 */
/* Lines: truth, commit, defects; and random numbers, which write a line. */
#include <string.h>

#include "bytes.h"
#include "reference.h"
#include "secure.h"

static uint32_t lifecycle_of(secure *v)
{
    return secure_get_data(v).lifecycle;
}

/* Give the lifecycle line two copies and ask what the card makes of it. */
static unsigned lifecycle_with(secure *v, const line *first, const line *second,
                               unsigned broken)
{
    sdv_image *image = secure_off(v);

    line_write(image, SDV_VAULT_LINE_LIFECYCLE, 0, first);
    line_write(image, SDV_VAULT_LINE_LIFECYCLE, 1, second);
    for (unsigned copy = 0; copy < 2; copy++) {
        if ((broken >> copy & 1u) != 0) {
            line_break(image, SDV_VAULT_LINE_LIFECYCLE, copy);
        }
    }
    secure_on(v);
    return lifecycle_of(v);
}

SCENARIO(lines, the_right_copy_with_the_higher_sequence_holds)
{
    const line old = {.sequence = 7, .value = SDV_VAULT_LIFECYCLE_ACTIVE};
    const line new = {.sequence = 8, .value = SDV_VAULT_LIFECYCLE_LOCKED};
    const line high = {.sequence = 0x80000000u,
                       .value = SDV_VAULT_LIFECYCLE_LOCKED};
    const line equal = {.sequence = 7, .value = SDV_VAULT_LIFECYCLE_LOCKED};
    secure v;

    secure_open_active(&v, param, 1);
    cr_assert(eq(uint, lifecycle_with(&v, &old, &new, 0), 3));
    cr_assert(eq(uint, lifecycle_with(&v, &new, &old, 0), 3));
    cr_assert(eq(uint, lifecycle_with(&v, &old, &high, 0), 3));
    cr_assert(eq(uint, lifecycle_with(&v, &old, &equal, 0), 2));
    cr_assert(eq(uint, lifecycle_with(&v, &equal, &old, 0), 3));
    cr_assert(eq(uint, lifecycle_with(&v, &old, &new, 2), 2));
    cr_assert(eq(uint, lifecycle_with(&v, &new, &old, 1), 2));
    cr_assert(eq(uint, lifecycle_with(&v, &new, &old, 2), 3));
    cr_assert(zero(uint, secure_get_data(&v).defects));
    secure_close(&v);
}

/* Every word of a copy is under its CRC. */
SCENARIO(lines, a_copy_with_any_wrong_word_does_not_hold)
{
    const unsigned first = SDV_VAULT_LINE_LIFECYCLE * 2 * SDV_VAULT_LINE_WORDS;
    secure v;

    secure_open_active(&v, param, 1); /* ACTIVE stands in copy 1 */
    for (unsigned word = 0; word < SDV_VAULT_LINE_WORDS; word++) {
        sdv_image *image = secure_off(&v);
        uint8_t *const p = sdv_image_data(image, SDV_REGION_EEPROM) +
                           4 * (first + SDV_VAULT_LINE_WORDS + word);

        p[word % 4] ^= 0x10;
        secure_on(&v);
        cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_BLANK));
        image = secure_off(&v);
        sdv_image_data(
            image,
            SDV_REGION_EEPROM)[4 * (first + SDV_VAULT_LINE_WORDS + word) +
                               word % 4] ^= 0x10;
        secure_on(&v);
        cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_ACTIVE));
    }
    secure_close(&v);
}

/* ---- commit ---- */

static void import_generation(secure *v, uint32_t generation)
{
    blob b = blob_make(1);

    b.generation = generation;
    secure_expect(secure_import_blob(v, &b), SDV_SW_OK);
}

SCENARIO(lines, a_commit_writes_the_copy_that_does_not_hold)
{
    line before[2], after[2];
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    image = sdv_sim_image(v.s.sim);
    for (uint32_t i = 0; i < 4; i++) {
        const unsigned old = line_true_copy(image, 0);

        for (unsigned copy = 0; copy < 2; copy++) {
            cr_assert(line_copy(image, 0, copy, &before[copy]) ? 1 : 0);
        }
        import_generation(&v, i);
        for (unsigned copy = 0; copy < 2; copy++) {
            cr_assert(line_copy(image, 0, copy, &after[copy]) ? 1 : 0);
        }
        cr_assert(zero(int, memcmp(&before[old], &after[old], sizeof(line))));
        cr_assert(eq(uint, line_true_copy(image, 0), 1 - old));
        cr_assert(eq(u32, after[1 - old].sequence, i + 1));
    }
    secure_close(&v);
}

SCENARIO(lines, a_torn_copy_is_the_next_to_be_written)
{
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    import_generation(&v, 0); /* copy 1 */
    image = secure_off(&v);
    line_break(image, 0, 0);
    secure_on(&v);
    import_generation(&v, 1);
    image = sdv_sim_image(v.s.sim);
    cr_assert(zero(uint, line_true_copy(image, 0)));
    cr_assert(eq(u32, line_truth(image, 0).sequence, 2));
    image = secure_off(&v);
    line_break(image, 0, 0); /* the commit was cut: the old one holds */
    secure_on(&v);
    import_generation(&v, 1);
    image = sdv_sim_image(v.s.sim);
    cr_assert(zero(uint, line_true_copy(image, 0)));
    cr_assert(eq(u32, line_truth(image, 0).sequence, 2));
    secure_close(&v);
}

/* ---- defects ---- */

static void break_line(secure *v, unsigned number)
{
    sdv_image *image = secure_off(v);

    line_break(image, number, 0);
    line_break(image, number, 1);
    secure_on(v);
}

static unsigned system_byte(secure *v)
{
    uint8_t sr[SDV_ASSD_PSI_BYTES];

    secure_psi(&v->s, SDV_ASSD_PSI_SR, sr);
    return sr[SDV_ASSD_SR_SYSTEM];
}

SCENARIO(lines, a_defect_license_line_is_never_free)
{
    const blob b = blob_make(1), other = blob_make(2);
    uint8_t sealed[BLOB_BYTES], broken[2 * 56];
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    break_line(&v, 0);
    image = sdv_sim_image(v.s.sim);
    memcpy(broken, sdv_image_data(image, SDV_REGION_EEPROM), sizeof(broken));
    cr_assert(eq(uint, secure_get_data(&v).defects, SDV_VAULT_DEFECT_LICENSE));
    cr_assert(eq(uint, secure_get_data(&v).lifecycle, 2));
    cr_assert(eq(uint, secure_get_data(&v).free_lines, 255));
    cr_assert(eq(uint, secure_get_data(&v).free_slots, 64));
    cr_assert(zero(uint, system_byte(&v)));
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_NOT_FOUND);
    secure_expect(secure_import_blob(&v, &other), SDV_SW_OK);
    cr_assert(eq(uint, line_of(image, other.id), 1));
    cr_assert(zero(uint, line_truth(image, 1).slot));
    cr_assert(zero(int, memcmp(broken, sdv_image_data(image, SDV_REGION_EEPROM),
                               sizeof(broken))));
    secure_close(&v);
}

SCENARIO(lines, a_defect_line_of_the_system_locks_the_card)
{
    uint8_t sealed[BLOB_BYTES];
    const blob b = blob_make(1);
    secure v;

    for (unsigned i = SDV_VAULT_LINE_EPOCH; i < SDV_VAULT_LINES_ALL; i++) {
        secure_open_active(&v, param, 1);
        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
        break_line(&v, i);
        cr_assert(
            eq(uint, secure_get_data(&v).defects, SDV_VAULT_DEFECT_SYSTEM));
        cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_LOCKED));
        cr_assert(eq(uint, system_byte(&v), 0x80));
        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_CONDITIONS);
        secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 0, NULL, 0),
                      SDV_SW_OK);
        secure_close(&v);
    }
}

SCENARIO(lines, a_defect_lifecycle_ends_the_card)
{
    secure v;

    secure_open_active(&v, param, 1);
    break_line(&v, SDV_VAULT_LINE_LIFECYCLE);
    cr_assert(
        eq(uint, secure_get_data(&v).defects, SDV_VAULT_DEFECT_LIFECYCLE));
    cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_TERMINATED));
    cr_assert(eq(uint, system_byte(&v), 0x80));
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 0, NULL, 0),
                  SDV_SW_CONDITIONS);
    break_line(&v, SDV_VAULT_LINE_EPOCH); /* and so it stays */
    cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_TERMINATED));
    cr_assert(eq(uint, secure_get_data(&v).defects, 3));
    secure_close(&v);
}

SCENARIO(lines, a_defect_line_locks_a_blank_card)
{
    const identity who = identity_make(1);
    secure v;

    secure_open(&v, param, NULL);
    break_line(&v, SDV_VAULT_LINE_FAILURES);
    cr_assert(eq(uint, lifecycle_of(&v), SDV_VAULT_LIFECYCLE_LOCKED));
    secure_expect(secure_personalize(&v, &who), SDV_SW_CONDITIONS);
    secure_close(&v);
}

/* ---- random numbers ---- */

static uint32_t power_ups(secure *v)
{
    return line_truth(sdv_sim_image(v->s.sim), SDV_VAULT_LINE_POWER_UPS).value;
}

SCENARIO(lines, the_first_request_after_power_up_is_counted)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    secure v;

    secure_open(&v, param, NULL);
    for (uint32_t round = 1; round <= 3; round++) {
        (void)secure_get_data(&v);
        cr_assert(eq(u32, power_ups(&v), round - 1));
        secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
        cr_assert(eq(u32, power_ups(&v), round));
        secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
        cr_assert(eq(u32, power_ups(&v), round));
        (void)secure_off(&v);
        secure_on(&v);
    }
    secure_close(&v);
}

/* The generator as the card has to seed it. */
static ref_drbg *seeded(uint64_t *entropy, uint32_t count)
{
    uint8_t seed[48], string[48] = {0};

    for (size_t i = 0; i < sizeof(seed); i += 4) {
        sdv_put32(seed + i, sdv_entropy_next(entropy));
    }
    sdv_put32(string, count);
    return ref_drbg_new(seed, string);
}

static void expect_draw(ref_drbg *drbg, const uint8_t *got)
{
    uint8_t want[16];

    ref_drbg_draw(drbg, want);
    cr_assert(zero(int, memcmp(got, want, sizeof(want))));
}

/* The salt of the body that line 0 names. */
static const uint8_t *stored_salt(secure *v)
{
    sdv_image *image = sdv_sim_image(v->s.sim);
    const line l = line_truth(image, 0);

    return sdv_image_data(image, SDV_REGION_SECURE) +
           (size_t)(2 * l.slot + l.bank) * 512 + SDV_SEALED_SALT;
}

SCENARIO(lines, draws_are_those_of_the_drbg_and_no_others)
{
    uint64_t entropy = sdv_entropy_start(slot_seed());
    uint8_t reg[SDV_ASSD_PSI_BYTES], sealed[BLOB_BYTES];
    const blob b = blob_make(1);
    ref_drbg *drbg;
    secure v;

    secure_open_active(&v, param, 1);
    drbg = seeded(&entropy, 1);
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
    expect_draw(drbg, reg);
    expect_draw(drbg, reg + 16);
    import_generation(&v, 0);
    expect_draw(drbg, stored_salt(&v));
    import_generation(&v, 0); /* no body, no draw */
    secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    expect_draw(drbg, sealed + SDV_SEALED_SALT);
    secure_expect(secure_command(&v, SDV_INS_LICENSE_EXPORT, 0, b.record, 16),
                  SDV_SW_NOT_FOUND);
    import_generation(&v, 1);
    expect_draw(drbg, stored_salt(&v));
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
    expect_draw(drbg, reg);
    expect_draw(drbg, reg + 16);
    ref_drbg_free(&drbg);
    secure_close(&v);
}

SCENARIO(lines, entropy_goes_on_with_the_power)
{
    uint64_t entropy = sdv_entropy_start(slot_seed());
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    secure v;

    secure_open(&v, param, NULL);
    for (uint32_t round = 1; round <= 3; round++) {
        ref_drbg *drbg = seeded(&entropy, round);

        secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
        expect_draw(drbg, reg);
        expect_draw(drbg, reg + 16);
        ref_drbg_free(&drbg);
        sdv_sim_power(v.s.sim, false);
        sdv_sim_power(v.s.sim, true);
        cr_assert(eq(int, sdv_bus_set_width(v.s.bus, 1), SDV_OK));
        slot_identify(&v.s);
        secure_function(&v.s, SDV_ASSD_FUNCTION_ASSD);
    }
    secure_close(&v);
}

/* A power-up that cannot be counted gives no random numbers. */
SCENARIO(lines, without_a_count_there_are_no_random_numbers)
{
    static const uint8_t zeros[16];
    uint64_t entropy = sdv_entropy_start(slot_seed());
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    const blob b = blob_make(1);
    ref_drbg *drbg;
    secure v;

    secure_open_active(&v, param, 1);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_MEMORY_FAILURE);
    cr_assert(zero(u32, power_ups(&v)));
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2); /* the first draw only */
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
    cr_assert(zero(int, memcmp(reg, zeros, 16)));
    drbg = seeded(&entropy, 1);
    expect_draw(drbg, reg + 16);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    expect_draw(drbg, stored_salt(&v));
    ref_drbg_free(&drbg);
    secure_close(&v);
}

SCENARIO(lines, a_defect_count_gives_no_random_numbers)
{
    static const uint8_t zeros[SDV_ASSD_PSI_BYTES];
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    secure v;

    secure_open(&v, param, NULL);
    break_line(&v, SDV_VAULT_LINE_POWER_UPS);
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
    cr_assert(zero(int, memcmp(reg, zeros, sizeof(reg))));
    secure_close(&v);
}
