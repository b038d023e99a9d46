/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the vault: what they send, and what they make of answers. */
#include <stdio.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/license.h>

#include "mock_vault.h"

static mock_vault vault;
static sdv_card card;
static sdv_assd assd;

/* The last command, and what it is answered. */
static uint8_t command[SDV_APDU_MAX];
static size_t command_size;
static uint8_t data[SDV_APDU_MAX];
static size_t data_size;
static unsigned sw;

static size_t respond(void *ctx, const uint8_t *apdu, size_t size,
                      uint8_t *answer)
{
    (void)ctx;
    memcpy(command, apdu, size);
    command_size = size;
    memcpy(answer, data, data_size);
    answer[data_size] = (uint8_t)(sw >> 8);
    answer[data_size + 1] = (uint8_t)sw;
    return data_size + 2;
}

static void start(void)
{
    mock_vault_init(&vault);
    cr_assert(zero(int, sdv_card_open(&card, &vault.mock.bus, NULL)));
    cr_assert(zero(int, sdv_assd_open(&assd, &card, SDV_VIA_ASSD)));
    vault.answer = respond;
    data_size = 0;
    sw = SDV_SW_OK;
}

TestSuite(host_license, .init = start);

static sdv_apdu sent(void)
{
    sdv_apdu apdu;

    cr_assert(zero(int, sdv_apdu_parse(command, command_size, &apdu)));
    cr_assert(eq(u8, apdu.cla, 0x80));
    return apdu;
}

/* ---- GET DATA ---- */

Test(host_license, get_data_reads_every_field)
{
    static const uint8_t answer[32] = {
        1, 2, 3,  4, 5,  6, 7, 8, SDV_VAULT_LIFECYCLE_ACTIVE,
        5, 0, 64, 0, 63, 1, 0, 0, 255,
        1, 6, 1,  2, 1,  0, 0, 2, 0,
        0};
    sdv_vault_info info;

    memcpy(data, answer, data_size = sizeof(answer));
    cr_assert(zero(int, sdv_license_get_data(&assd, &info)));
    cr_assert(eq(u8, sent().ins, 0xCA));
    cr_assert(zero(sz, sent().size));
    cr_assert(eq(u64, info.medium_id, 0x0102030405060708));
    cr_assert(eq(u8, info.lifecycle, SDV_VAULT_LIFECYCLE_ACTIVE));
    cr_assert(eq(u8, info.defects, 5));
    cr_assert(eq(u16, info.slots, 64));
    cr_assert(eq(u16, info.free_slots, 63));
    cr_assert(eq(u16, info.lines, 256));
    cr_assert(eq(u16, info.free_lines, 255));
    cr_assert(eq(u8, info.version, 1));
    cr_assert(eq(u8, info.suites, 6));
    cr_assert(eq(u8, info.lanes, 1));
    cr_assert(eq(u8, info.rounds, 2));
    cr_assert(eq(u8, info.sbox, 1));
    cr_assert(eq(u32, info.blocks, 0x20000));
}

Test(host_license, get_data_of_another_length_is_no_answer)
{
    sdv_vault_info info = {.medium_id = 1};

    data_size = 31;
    cr_assert(eq(int, sdv_license_get_data(&assd, &info), SDV_ERR_PROTOCOL));
    cr_assert(zero(u64, info.medium_id));
}

/* ---- STORE DATA ---- */

Test(host_license, personalize_sends_56_bytes_and_forgets_them)
{
    uint8_t secret[SDV_STORE_DATA_BYTES];

    memset(secret, 0xC3, sizeof(secret));
    cr_assert(zero(int, sdv_license_personalize(&assd, secret)));
    cr_assert(eq(u8, sent().ins, 0xE2));
    cr_assert(eq(sz, sent().size, 56));
    cr_assert(zero(int, memcmp(sent().data, secret, sizeof(secret))));
    for (size_t i = 0; i < sizeof(assd.token); i++) {
        cr_assert(ne(u8, assd.token[i], 0xC3));
    }
}

/* ---- LICENSE LIST ---- */

struct seen {
    unsigned count;
    sdv_license_entry last;
    unsigned stop_at; /* 0: never */
};

static sdv_err visit(void *ctx, const sdv_license_entry *entry)
{
    struct seen *seen = (struct seen *)ctx;

    seen->last = *entry;
    return ++seen->count == seen->stop_at ? SDV_ERR_IO : SDV_OK;
}

/* A card with entries on every line from 0 to `lines` - 1. */
static unsigned lines;

static size_t respond_list(void *ctx, const uint8_t *apdu, size_t size,
                           uint8_t *answer)
{
    unsigned line = (unsigned)apdu[2] << 8 | apdu[3];
    size_t used = 0;

    (void)ctx;
    memcpy(command, apdu, size);
    command_size = size;
    for (; line < lines && used < 32 * 24; line++, used += 24) {
        memset(answer + used, 0, 24);
        answer[used + 15] = (uint8_t)line;
        answer[used + 16] = SDV_VAULT_STATE_LIVE;
        answer[used + 17] = SDV_VAULT_FLAG_KEEP;
        answer[used + 21] = 7;
    }
    answer[used] = 0;
    answer[used + 1] = (uint8_t)(line < lines ? line : 0);
    answer[used + 2] = 0x90;
    answer[used + 3] = 0;
    return used + 4;
}

Test(host_license, the_list_goes_on_until_its_end)
{
    static const unsigned counts[] = {0, 1, 31, 32, 33, 64, 65, 255};

    vault.answer = respond_list;
    for (size_t i = 0; i < 8; i++) {
        struct seen seen = {0};

        lines = counts[i];
        vault.runs = 0;
        cr_assert(zero(int, sdv_license_list(&assd, visit, &seen)));
        cr_assert(eq(uint, seen.count, lines));
        cr_assert(eq(uint, vault.runs, lines == 0 ? 1 : (lines + 31) / 32));
        if (lines != 0) {
            cr_assert(eq(u8, seen.last.id[15], (uint8_t)(lines - 1)));
            cr_assert(eq(u8, seen.last.state, SDV_VAULT_STATE_LIVE));
            cr_assert(eq(u8, seen.last.flags, SDV_VAULT_FLAG_KEEP));
            cr_assert(eq(u32, seen.last.generation, 7));
        }
    }
    cr_assert(eq(u8, sent().ins, 0x32));
}

Test(host_license, whoever_visits_may_end_the_list)
{
    struct seen seen = {.stop_at = 3};

    vault.answer = respond_list;
    lines = 40;
    cr_assert(eq(int, sdv_license_list(&assd, visit, &seen), SDV_ERR_IO));
    cr_assert(eq(uint, seen.count, 3));
}

Test(host_license, a_list_that_makes_no_sense_or_no_end_is_refused)
{
    struct seen seen = {0};

    data_size = 0;
    cr_assert(eq(int, sdv_license_list(&assd, visit, &seen), SDV_ERR_PROTOCOL));
    data_size = 25;
    cr_assert(eq(int, sdv_license_list(&assd, visit, &seen), SDV_ERR_PROTOCOL));
    memset(data, 0, sizeof(data));
    data_size = 2;
    data[1] = 5; /* every answer says: go on at line 5 */
    cr_assert(eq(int, sdv_license_list(&assd, visit, &seen), SDV_ERR_PROTOCOL));
    cr_assert(eq(uint, vault.runs, 4));
}

/* ---- EXPORT, IMPORT ---- */

Test(host_license, export_gives_the_block_that_came)
{
    uint8_t id[16];
    uint8_t block[512];

    memset(id, 0x5A, sizeof(id));
    data_size = 512;
    for (size_t i = 0; i < data_size; i++) {
        data[i] = (uint8_t)(i * 3);
    }
    cr_assert(zero(int, sdv_license_export(&assd, id, block)));
    cr_assert(eq(u8, sent().ins, 0x38));
    cr_assert(eq(sz, sent().size, 16));
    cr_assert(zero(int, memcmp(sent().data, id, 16)));
    cr_assert(zero(int, memcmp(block, data, 512)));
    data_size = 511;
    cr_assert(eq(int, sdv_license_export(&assd, id, block), SDV_ERR_PROTOCOL));
    cr_assert(zero(u8, block[1]));
}

Test(host_license, import_sends_the_block_as_it_is)
{
    uint8_t block[512];

    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] = (uint8_t)(i * 5);
    }
    cr_assert(zero(int, sdv_license_import(&assd, block)));
    cr_assert(eq(u8, sent().ins, 0x3A));
    cr_assert(eq(sz, sent().size, 512));
    cr_assert(zero(int, memcmp(sent().data, block, 512)));
    data_size = 1;
    cr_assert(eq(int, sdv_license_import(&assd, block), SDV_ERR_PROTOCOL));
}

Test(host_license, every_refusal_comes_back_with_its_name)
{
    uint8_t block[512] = {0};
    char detail[96];

#define CHECK(name_, value_, sr_, text_)                                       \
    sw = (value_);                                                             \
    if (sw != SDV_SW_OK) {                                                     \
        cr_assert(                                                             \
            eq(int, sdv_license_import(&assd, block), SDV_CARD_SW(name_)));    \
        snprintf(detail, sizeof(detail),                                       \
                 "LICENSE_IMPORT: status word %04X " #name_, sw);              \
        cr_assert(eq(str, card.bus->detail, detail));                          \
        cr_assert(not(assd.lost), "a refusal is an answer");                   \
    }
    SDV_SW_TABLE(CHECK)
    sw = 0x6F12;
    cr_assert(eq(int, sdv_license_import(&assd, block), 0x6F12));
    cr_assert(
        eq(str, card.bus->detail, "LICENSE_IMPORT: status word 6F12 UNKNOWN"));
}

Test(host_license, failures_of_the_bus_pass_through)
{
    uint8_t block[512] = {0};
    uint8_t id[16] = {0};
    sdv_vault_info info;
    struct seen seen = {0};

    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                         .times = 1000,
                                         .err = SDV_ERR_NO_CARD});
    cr_assert(eq(int, sdv_license_get_data(&assd, &info), SDV_ERR_NO_CARD));
    cr_assert(eq(int, sdv_license_list(&assd, visit, &seen), SDV_ERR_NO_CARD));
    cr_assert(eq(int, sdv_license_export(&assd, id, block), SDV_ERR_NO_CARD));
    cr_assert(eq(int, sdv_license_import(&assd, block), SDV_ERR_NO_CARD));
    cr_assert(ne(ptr, strstr(card.bus->detail, "CMD35"), NULL));
}
