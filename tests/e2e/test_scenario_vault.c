/* SPDX-License-Identifier: Apache-2.0 */
/* The form of commands, GET DATA, STORE DATA, LIST, random numbers. */
#include <string.h>

#include "bytes.h"
#include "secure.h"

/* ---- GET DATA ---- */

SCENARIO_EACH(vault, a_new_card_is_blank)
{
    const uint8_t want[32] = {[8] = SDV_VAULT_LIFECYCLE_BLANK,
                              [11] = 64,
                              [13] = 64,
                              [14] = 1,
                              [16] = 1,
                              [18] = 1,
                              [19] = 6,
                              [20] = 1,
                              [21] = 1};
    uint8_t expected[32];
    secure v;

    secure_open(&v, param, NULL);
    memcpy(expected, want, sizeof(want));
    sdv_put32(expected + 24, slot_blocks(&v.s));
    for (unsigned door = SDV_DOOR_ASSD; door <= SDV_DOOR_CMD56; door++) {
        v.door = door;
        secure_expect(secure_command(&v, SDV_INS_GET_DATA, 0, NULL, 0),
                      SDV_SW_OK);
        cr_assert(eq(sz, v.length, sizeof(expected)));
        cr_assert(zero(int, memcmp(v.data, expected, sizeof(expected))));
    }
    secure_close(&v);
}

SCENARIO(vault, get_data_counts_slots_and_lines)
{
    const line deleted = {.sequence = 1, .state = SDV_VAULT_STATE_DELETED};
    const line deleting = {
        .sequence = 1, .state = SDV_VAULT_STATE_DELETING, .slot = 9};
    secure_info info;
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    for (unsigned i = 0; i < 3; i++) {
        const blob b = blob_make(i);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    }
    info = secure_get_data(&v);
    cr_assert(eq(u64, info.medium, sdv_get64(v.who.medium)));
    cr_assert(eq(uint, info.lifecycle, SDV_VAULT_LIFECYCLE_ACTIVE));
    cr_assert(eq(uint, info.free_slots, 61));
    cr_assert(eq(uint, info.free_lines, 253));
    image = secure_off(&v);
    line_write(image, 100, 0, &deleted);
    line_write(image, 101, 0, &deleting);
    secure_on(&v);
    info = secure_get_data(&v);
    cr_assert(eq(uint, info.free_slots, 60));
    cr_assert(eq(uint, info.free_lines, 251));
    secure_close(&v);
}

/* ---- the form of an APDU ---- */

typedef struct form {
    uint8_t length;
    uint8_t apdu[12];
    unsigned sw;
} form;

static void check_forms(secure *v, const form *forms, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const unsigned sw = secure_apdu(v, forms[i].apdu, forms[i].length);

        cr_assert(eq(uint, sw, forms[i].sw), "case %zu: %04X", i, sw);
    }
}

#define FORMS(forms) forms, sizeof(forms) / sizeof(forms[0])

SCENARIO(vault, le_is_not_looked_at)
{
    static const form forms[] = {
        {4, {0x80, 0xCA}, 0x9000},
        {5, {0x80, 0xCA, 0, 0, 0}, 0x9000},
        {5, {0x80, 0xCA, 0, 0, 1}, 0x9000},
        {7, {0x80, 0xCA, 0, 0, 0, 0, 0}, 0x9000},
        {7, {0x80, 0xCA, 0, 0, 0, 1, 2}, 0x9000},
    };
    secure v;

    secure_open(&v, param, NULL);
    check_forms(&v, FORMS(forms));
    secure_close(&v);
}

SCENARIO(vault, bytes_left_over_or_missing_are_refused)
{
    static const form forms[] = {
        {6, {0x80, 0xCA, 0, 0, 0, 0}, 0x6700},          /* half an Le */
        {6, {0x80, 0xCA, 0, 0, 2, 1}, 0x6700},          /* missing */
        {8, {0x80, 0xCA, 0, 0, 1, 1, 0, 0}, 0x6700},    /* left over */
        {8, {0x80, 0xCA, 0, 0, 0, 0, 0, 0}, 0x6700},    /* Lc of 0 */
        {8, {0x80, 0xCA, 0, 0, 0, 0, 2, 1}, 0x6700},    /* missing */
        {9, {0x80, 0xCA, 0, 0, 0, 0, 1, 1, 0}, 0x6700}, /* half an Le */
        {11, {0x80, 0xCA, 0, 0, 0, 0, 1, 1, 0, 0, 0}, 0x6700},
        /* Good forms, of a wrong length for the command. */
        {6, {0x80, 0xCA, 0, 0, 1, 1}, 0x6700},
        {7, {0x80, 0xCA, 0, 0, 1, 1, 0}, 0x6700},
        {8, {0x80, 0xCA, 0, 0, 0, 0, 1, 1}, 0x6700},
        {10, {0x80, 0xCA, 0, 0, 0, 0, 1, 1, 0, 0}, 0x6700},
    };
    secure v;

    secure_open(&v, param, NULL);
    check_forms(&v, FORMS(forms));
    secure_close(&v);
}

SCENARIO(vault, the_checks_come_in_their_order)
{
    static const form blank[] = {
        {6, {0x84, 0x99, 0, 0, 0, 0}, 0x6700}, /* lengths before class */
        {4, {0x84, 0x99, 9, 9}, 0x6982},       /* class before all */
        {4, {0x84, 0xCA}, 0x6982},
        {4, {0x00, 0x22}, 0x6E00},
        {4, {0x81, 0xCA}, 0x6E00},
        {4, {0xFF, 0x99}, 0x6E00},
        {4, {0x80, 0x22}, 0x6D00}, /* known, but not by this class */
        {4, {0x80, 0x50}, 0x6D00},
        {4, {0x80, 0x82}, 0x6D00},
        {4, {0x80, 0x00}, 0x6D00},
        {4, {0x80, 0x34}, 0x6982}, /* instruction before lifecycle */
        {4, {0x80, 0x36}, 0x6982},
        {4, {0x80, 0x3C}, 0x6982},
        {4, {0x80, 0xF0}, 0x6982},
        {4, {0x80, 0x32, 9, 9}, 0x6985}, /* lifecycle before P1 P2 */
        {4, {0x80, 0x38, 9, 9}, 0x6985},
        {4, {0x80, 0x3A, 9, 9}, 0x6985},
        {5, {0x80, 0xCA, 1, 0, 0}, 0x6A86},
        {4, {0x80, 0xCA, 0, 1}, 0x6A86},
        {6, {0x80, 0xCA, 0, 1, 1, 1}, 0x6A86}, /* P1 P2 before length */
        {4, {0x80, 0xE2, 0, 1}, 0x6A86},
        {4, {0x80, 0xE2}, 0x6700},
        {6, {0x80, 0xE2, 0, 0, 1, 1}, 0x6700},
    };
    static const form active[] = {
        {4, {0x80, 0xE2, 9, 9}, 0x6985},
        {4, {0x80, 0x32, 1, 0}, 0x6A86},
        {6, {0x80, 0x32, 0, 0, 1, 1}, 0x6700},
        {4, {0x80, 0x38, 3, 0}, 0x6A86},
        {4, {0x80, 0x38, 1, 1}, 0x6A86},
        {4, {0x80, 0x38, 0, 0x80}, 0x6A86},
        {4, {0x80, 0x38, 1, 0}, 0x6982}, /* before the length */
        {4, {0x80, 0x38, 2, 0}, 0x6982},
        {4, {0x80, 0x38}, 0x6700},
        {4, {0x80, 0x3A, 1, 0}, 0x6A86},
        {4, {0x80, 0x3A, 0, 1}, 0x6A86},
        {4, {0x80, 0x3A}, 0x6700},
    };
    const identity who = identity_make(1);
    secure v;

    secure_open(&v, param, NULL);
    check_forms(&v, FORMS(blank));
    secure_expect(secure_personalize(&v, &who), SDV_SW_OK);
    check_forms(&v, FORMS(active));
    secure_close(&v);
}

/* ---- STORE DATA ---- */

static void expect_otp(sdv_image *image, const identity *who)
{
    const uint8_t *otp = sdv_image_data(image, SDV_REGION_OTP);

    cr_assert(zero(int, memcmp(otp + 4 * SDV_NVM_OTP_CID, who->cid, 16)));
    cr_assert(
        zero(int, memcmp(otp + 4 * SDV_VAULT_OTP_MEDIUM, who->medium, 8)));
    cr_assert(zero(int, memcmp(otp + 4 * SDV_VAULT_OTP_ROOT, who->root, 32)));
}

static const identity nobody; /* what the OTP of a blank card holds */

SCENARIO(vault, store_data_makes_a_card_active)
{
    const identity who = identity_make(1);
    const identity other = identity_make(2);
    sdv_image *image;
    secure v;

    secure_open(&v, param, NULL);
    secure_expect(secure_personalize(&v, &who), SDV_SW_OK);
    cr_assert(zero(sz, v.length));
    cr_assert(eq(u64, secure_get_data(&v).medium, sdv_get64(who.medium)));
    secure_expect(secure_personalize(&v, &who), SDV_SW_CONDITIONS);
    secure_expect(secure_personalize(&v, &other), SDV_SW_CONDITIONS);
    image = secure_off(&v);
    expect_otp(image, &who);
    cr_assert(eq(u32, line_truth(image, SDV_VAULT_LINE_LIFECYCLE).value,
                 SDV_VAULT_LIFECYCLE_ACTIVE));
    cr_assert(eq(u32, line_truth(image, SDV_VAULT_LINE_LIFECYCLE).sequence, 1));
    cr_assert(eq(u32, line_truth(image, SDV_VAULT_LINE_POWER_UPS).sequence, 0));
    secure_on(&v);
    cr_assert(eq(u64, secure_get_data(&v).medium, sdv_get64(who.medium)));
    secure_close(&v);
}

/* Bits 127:8 of the CID as CMD10 tells it. */
static bool shows_cid(slot *s, const uint8_t cid[16])
{
    uint8_t shown[16];

    cr_assert(eq(int, slot_send(s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(s, 10, slot_rca(s), SDV_RESP_R2), SDV_OK));
    for (size_t i = 0; i < 4; i++) {
        sdv_put32(shown + 4 * i, s->response[3 - i]);
    }
    cr_assert(eq(int, slot_send(s, 7, slot_rca(s), SDV_RESP_R1B), SDV_OK));
    return memcmp(shown, cid, 15) == 0;
}

SCENARIO(vault, the_cid_is_shown_after_the_next_power_up)
{
    secure v;

    secure_open_active(&v, param, 1);
    cr_assert(shows_cid(&v.s, v.who.cid) ? 0 : 1);
    (void)secure_off(&v);
    secure_on(&v);
    cr_assert(shows_cid(&v.s, v.who.cid) ? 1 : 0);
    secure_close(&v);
}

SCENARIO(vault, ids_and_roots_that_are_none_are_refused)
{
    const identity good = identity_make(1);
    identity bad[5] = {good, good, good, good, good};
    sdv_image *image;
    secure v;

    memset(bad[0].cid, 0, 16);
    memset(bad[1].medium, 0, 8);
    memset(bad[2].medium, 0xFF, 8);
    memset(bad[3].root, 0, 32);
    memset(bad[4].root, 0xFF, 32);
    secure_open(&v, param, NULL);
    for (size_t i = 0; i < 5; i++) {
        secure_expect(secure_personalize(&v, &bad[i]), SDV_SW_WRONG_DATA);
    }
    cr_assert(zero(u64, secure_get_data(&v).medium));
    image = secure_off(&v);
    expect_otp(image, &nobody);
    secure_on(&v);
    secure_expect(secure_personalize(&v, &good), SDV_SW_OK);
    secure_close(&v);
}

/* What a cut of STORE DATA leaves: some bits of the words. */
static void leave_half(secure *v, const identity *who)
{
    sdv_image *image = secure_off(v);
    uint8_t *otp = sdv_image_data(image, SDV_REGION_OTP);

    memcpy(otp + 4 * SDV_NVM_OTP_CID, who->cid, 16);
    memcpy(otp + 4 * SDV_VAULT_OTP_MEDIUM, who->medium, 8);
    memcpy(otp + 4 * SDV_VAULT_OTP_ROOT, who->root, 7);
    otp[4 * SDV_VAULT_OTP_ROOT + 6] &= 0x5A;
    secure_on(v);
}

SCENARIO(vault, a_half_written_card_takes_the_same_data_only)
{
    const identity who = identity_make(1);
    identity other = identity_make(1);
    uint8_t before[256];
    sdv_image *image;
    secure v;

    secure_open(&v, param, NULL);
    leave_half(&v, &who);
    cr_assert(eq(uint, secure_get_data(&v).lifecycle, 1));
    cr_assert(zero(u64, secure_get_data(&v).medium));
    other.root[0] ^= 0xFF;
    image = secure_off(&v);
    memcpy(before, sdv_image_data(image, SDV_REGION_OTP), sizeof(before));
    secure_on(&v);
    secure_expect(secure_personalize(&v, &other), SDV_SW_WRONG_DATA);
    image = secure_off(&v);
    cr_assert(zero(int, memcmp(before, sdv_image_data(image, SDV_REGION_OTP),
                               sizeof(before))));
    secure_on(&v);
    secure_expect(secure_personalize(&v, &who), SDV_SW_OK);
    image = secure_off(&v);
    expect_otp(image, &who);
    secure_on(&v);
    secure_close(&v);
}

SCENARIO(vault, store_data_fails_when_a_word_is_not_there)
{
    const identity who = identity_make(1);
    secure v;

    secure_open(&v, param, NULL);
    for (unsigned round = 0; round < 2; round++) {
        sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 1);
        secure_expect(secure_personalize(&v, &who), SDV_SW_MEMORY_FAILURE);
        cr_assert(eq(uint, secure_get_data(&v).lifecycle, 1));
        cr_assert(zero(u64, secure_get_data(&v).medium));
    }
    secure_expect(secure_personalize(&v, &who), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(vault, store_data_fails_when_the_lifecycle_does)
{
    const identity who = identity_make(1);
    sdv_image *image;
    secure v;

    secure_open(&v, param, NULL);
    leave_half(&v, &who);
    image = secure_off(&v);
    memcpy(sdv_image_data(image, SDV_REGION_OTP) + 4 * SDV_VAULT_OTP_ROOT,
           who.root, 32);
    secure_on(&v);
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 2);
    secure_expect(secure_personalize(&v, &who), SDV_SW_MEMORY_FAILURE);
    cr_assert(eq(uint, secure_get_data(&v).lifecycle, 1));
    sdv_sim_fail_nvm(v.s.sim, SDV_NVM_OP_PROGRAM, 1); /* it tries twice */
    secure_expect(secure_personalize(&v, &who), SDV_SW_OK);
    cr_assert(eq(uint, secure_get_data(&v).lifecycle, 2));
    secure_close(&v);
}

/* ---- LICENSE LIST ---- */

static void expect_entry(const uint8_t *entry, const line *l)
{
    uint8_t want[SDV_VAULT_LIST_ENTRY] = {0};

    memcpy(want, l->id, 16);
    want[16] = l->state;
    want[17] = l->flags;
    sdv_put32(want + 18, l->generation);
    cr_assert(zero(int, memcmp(entry, want, sizeof(want))));
}

static unsigned next_of(const secure *v)
{
    return (unsigned)v->data[v->length - 2] << 8 | v->data[v->length - 1];
}

static line some_line(unsigned number)
{
    line l = {.sequence = 1,
              .state = (uint8_t)(1 + number % 3),
              .slot = (uint8_t)(number % 64),
              .flags = number % 2,
              .generation = number << 20};

    slot_pattern(l.id, sizeof(l.id), number);
    return l;
}

/* Lines 0, 3, 6 … 253 and 255 are in use: 86 in all. */
static bool is_used(unsigned number)
{
    return number % 3 == 0 || number == 255;
}

SCENARIO(vault, list_tells_of_all_lines_in_use)
{
    unsigned from = 0, seen = 0, pages = 0;
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 0, NULL, 0), 0x9000);
    cr_assert(eq(sz, v.length, 2));
    cr_assert(zero(uint, next_of(&v)));
    image = secure_off(&v);
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        const line l = some_line(i);

        if (is_used(i)) {
            line_write(image, i, i % 2, &l);
        }
    }
    secure_on(&v);
    do {
        secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, from, NULL, 0),
                      0x9000);
        for (size_t at = 0; at + 2 < v.length; at += SDV_VAULT_LIST_ENTRY) {
            const line l = some_line(3 * seen);

            cr_assert(seen < 86);
            expect_entry(v.data + at, &l);
            seen++;
        }
        from = next_of(&v);
        pages++;
    } while (from != 0);
    cr_assert(eq(uint, seen, 86));
    cr_assert(eq(uint, pages, 3));
    secure_close(&v);
}

SCENARIO(vault, list_begins_where_it_is_told)
{
    const line last = some_line(255);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    image = secure_off(&v);
    line_write(image, 255, 0, &last);
    line_break(image, 7, 0);
    line_break(image, 7, 1);
    secure_on(&v);
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 7, NULL, 0), 0x9000);
    cr_assert(eq(sz, v.length, 2 * 24 + 2));
    expect_entry(v.data, &(line){.state = SDV_VAULT_STATE_DEFECT});
    expect_entry(v.data + 24, &last);
    cr_assert(zero(uint, next_of(&v)));
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 8, NULL, 0), 0x9000);
    cr_assert(eq(sz, v.length, 24 + 2));
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 256, NULL, 0),
                  SDV_SW_WRONG_P1P2);
    secure_close(&v);
}
