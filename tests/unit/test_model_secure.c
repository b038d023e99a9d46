/* SPDX-License-Identifier: Apache-2.0 */
/* The doors of the functional card: damaged blocks, and time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "card.h"

#define BLOCK 512u
#define HCS_OCR 0x40FF8000u

static char path[] = "/tmp/sdv-secure-XXXXXX";
static sdv_image *image;
static sdv_mcard card;
static sdv_mreply reply;

static uint32_t send(unsigned index, uint32_t argument)
{
    sdv_mcard_command(&card, (uint8_t)index, argument, &reply);
    return reply.content;
}

static uint32_t send_app(unsigned index, uint32_t argument)
{
    (void)send(55, (uint32_t)card.rca << 16);
    return send(index, argument);
}

/* A card in tran whose doors are open. */
static void start(void)
{
    uint8_t data[BLOCK];

    cr_assert(ne(ptr, mkdtemp(path), NULL));
    rmdir(path);
    cr_assert(eq(int, sdv_image_create(path, 2048, true, 7), SDV_OK));
    cr_assert(eq(int, sdv_image_open(path, &image), SDV_OK));
    memset(&card, 0, sizeof(card));
    card.image = image;
    sdv_mcard_power(&card, true);
    (void)send(0, 0);
    (void)send(8, 0x1AA);
    while ((send_app(41, HCS_OCR) & 0x80000000u) == 0) {
    }
    (void)send(2, 0);
    (void)send(3, 0);
    (void)send(7, (uint32_t)card.rca << 16);
    (void)send(6, 0x80FFFF4Fu);
    sdv_mcard_read(&card, data);
}

static void finish(void)
{
    sdv_mcard_power(&card, false);
    sdv_image_close(&image);
    unlink(path);
}

TestSuite(model_secure, .init = start, .fini = finish);

static const uint8_t get_data[BLOCK] = {0, 6, 0x80, SDV_INS_GET_DATA};
static const uint8_t half[BLOCK] = {2, 9, 0x80, SDV_INS_LICENSE_IMPORT};

static unsigned state(void)
{
    return card.doors.state;
}

Test(model_secure, damage_ends_a_token_of_one_block)
{
    (void)send(35, 1);
    cr_assert(eq(int, sdv_mcard_write(&card, get_data, false), SDV_MWRITE_CRC));
    cr_assert(eq(int, card.state, SDV_STATE_TRAN));
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_ABORTED));
}

Test(model_secure, damage_stalls_a_token_of_two_blocks)
{
    for (unsigned good = 0; good < 2; good++) {
        (void)send(35, 2);
        if (good == 1) {
            cr_assert(
                eq(int, sdv_mcard_write(&card, half, true), SDV_MWRITE_TAKEN));
            cr_assert(eq(uint, state(), SDV_ASSD_STATE_IDLE));
        }
        cr_assert(eq(int, sdv_mcard_write(&card, half, false), SDV_MWRITE_CRC));
        cr_assert(eq(int, card.state, SDV_STATE_RCV));
        cr_assert(eq(uint, state(), SDV_ASSD_STATE_ABORTED));
        cr_assert(
            eq(int, sdv_mcard_write(&card, half, true), SDV_MWRITE_IGNORED));
        (void)send(12, 0);
        cr_assert(eq(int, card.state, SDV_STATE_TRAN));
        cr_assert(eq(uint, state(), SDV_ASSD_STATE_ABORTED));
    }
}

Test(model_secure, by_cmd56_the_same_block_is_expected_again)
{
    (void)send(56, 0);
    cr_assert(eq(int, sdv_mcard_write(&card, half, false), SDV_MWRITE_CRC));
    cr_assert(eq(int, card.state, SDV_STATE_TRAN));
    cr_assert(eq(uint, card.doors.half, SDV_DOOR_NONE));
    (void)send(56, 0);
    cr_assert(eq(int, sdv_mcard_write(&card, half, true), SDV_MWRITE_TAKEN));
    cr_assert(eq(uint, card.doors.half, SDV_DOOR_CMD56));
    (void)send(56, 0);
    cr_assert(eq(int, sdv_mcard_write(&card, half, false), SDV_MWRITE_CRC));
    cr_assert(eq(uint, card.doors.half, SDV_DOOR_CMD56));
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_IDLE));
    (void)send(56, 0);
    cr_assert(eq(int, sdv_mcard_write(&card, half, true), SDV_MWRITE_TAKEN));
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_COMPLETE));
}

/* STORE DATA programs 14 words and a line: 15 times 3 ms. */
Test(model_secure, a_command_is_in_progress_as_long_as_the_storage_works)
{
    uint8_t token[BLOCK] = {0, 63, 0x80, SDV_INS_STORE_DATA, 0, 0, 56};

    memset(token + 7, 0xA5, 56);
    card.latency.eeprom_line = 3000000;
    (void)send(35, 1);
    cr_assert(eq(int, sdv_mcard_write(&card, token, true), SDV_MWRITE_TAKEN));
    cr_assert(eq(int, card.state, SDV_STATE_TRAN));
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_BUSY));
    sdv_mcard_pass(&card, 15 * 3000000 - 1);
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_BUSY));
    sdv_mcard_pass(&card, 1);
    cr_assert(eq(uint, state(), SDV_ASSD_STATE_COMPLETE));
}

Test(model_secure, without_power_all_but_the_image_is_forgotten)
{
    (void)send(56, 0);
    (void)sdv_mcard_write(&card, half, true);
    sdv_mcard_power(&card, false);
    sdv_mcard_power(&card, true);
    cr_assert(eq(uint, card.doors.half, SDV_DOOR_NONE));
    cr_assert(zero(uint, card.functions[1]));
    cr_assert(eq(ptr, card.vault.drbg, NULL));
}
