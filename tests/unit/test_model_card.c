/* SPDX-License-Identifier: Apache-2.0 */
/* The functional card by itself: what no bus can make it do. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "card.h"

#define TRAN_READY 0x900u
#define OCR 0x00FF8000u
#define HCS_OCR 0x40FF8000u
#define READY_HC 0xC0FF8000u
#define RCA 0x00010000u

static char path[] = "/tmp/sdv-model-XXXXXX";
static sdv_image *image;
static sdv_mcard card;
static sdv_mreply reply;

static void make(bool high_capacity)
{
    cr_assert(eq(int, sdv_image_create(path, 2048, high_capacity, 7), SDV_OK));
    cr_assert(eq(int, sdv_image_open(path, &image), SDV_OK));
    memset(&card, 0, sizeof(card));
    card.image = image;
    sdv_mcard_power(&card, true);
}

static void start(void)
{
    cr_assert(ne(ptr, mkdtemp(path), NULL));
    rmdir(path);
    make(true);
}

static void finish(void)
{
    sdv_image_close(&image);
    unlink(path);
}

TestSuite(model_card, .init = start, .fini = finish);

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

static void identify(void)
{
    (void)send(0, 0);
    (void)send(8, 0x1AA);
    while ((send_app(41, HCS_OCR) & 0x80000000u) == 0) {
    }
    (void)send(2, 0);
    (void)send(3, 0);
    (void)send(7, (uint32_t)card.rca << 16);
}

Test(model_card, is_silent_without_power)
{
    sdv_mcard_power(&card, false);
    (void)send(8, 0x1AA);
    cr_assert(eq(int, reply.type, SDV_RESP_NONE));
    sdv_mcard_power(&card, true);
    cr_assert(eq(u32, send(8, 0x1AA), 0x1AA));
}

Test(model_card, rca_leaves_out_0)
{
    identify();
    card.last_rca = 0xFFFE;
    (void)send(7, 0);
    cr_assert(eq(u32, send(3, 0) >> 16, 0xFFFF));
    cr_assert(eq(u32, send(3, 0) >> 16, 1));
}

Test(model_card, unmanufactured_card_is_never_ready)
{
    sdv_image_data(image, SDV_REGION_OTP)[0] = 0;
    (void)send(8, 0x1AA);
    for (unsigned i = 0; i < 5; i++) {
        cr_assert(eq(u32, send_app(41, HCS_OCR), OCR));
    }
}

Test(model_card, is_not_ready_while_it_still_programs)
{
    card.latency.flash_program = 1000;
    identify();
    (void)send(24, 0);
    cr_assert(eq(int, sdv_mcard_write(&card, (uint8_t[512]){0}, true),
                 SDV_MWRITE_TAKEN));
    cr_assert(sdv_mcard_busy(&card));
    (void)send(0, 0);
    cr_assert(not(sdv_mcard_busy(&card))); /* DAT0 is released */
    (void)send(8, 0x1AA);
    (void)send_app(41, HCS_OCR);
    cr_assert(eq(u32, send_app(41, HCS_OCR), OCR));
    sdv_mcard_pass(&card, 1000);
    cr_assert(eq(u32, send_app(41, HCS_OCR), READY_HC));
}

Test(model_card, damaged_block_is_refused)
{
    const uint8_t ones[512] = {1, 1, 1};

    identify();
    (void)send(24, 3);
    cr_assert(eq(int, sdv_mcard_write(&card, ones, false), SDV_MWRITE_CRC));
    cr_assert(eq(u32, send(13, RCA), TRAN_READY));
    cr_assert(eq(u8, sdv_image_data(image, SDV_REGION_USER)[3 * 512], 0));
    cr_assert(eq(u32, card.written, 0));
}

Test(model_card, damaged_block_ends_a_multiple_write)
{
    const uint8_t ones[512] = {1, 1, 1};

    identify();
    (void)send(25, 3);
    cr_assert(eq(int, sdv_mcard_write(&card, ones, true), SDV_MWRITE_TAKEN));
    cr_assert(eq(int, sdv_mcard_write(&card, ones, false), SDV_MWRITE_CRC));
    cr_assert(eq(int, sdv_mcard_write(&card, ones, true), SDV_MWRITE_IGNORED));
    cr_assert(eq(u32, send(12, 0), 0xD00)); /* rcv */
    cr_assert(eq(u32, card.written, 1));
    cr_assert(eq(u32, send(13, RCA), TRAN_READY));
}

Test(model_card, deselect_in_dis_is_not_addressed)
{
    card.latency.flash_erase = 1000000;
    identify();
    (void)send(32, 0);
    (void)send(33, 0);
    (void)send(38, 0);
    (void)send(7, 0);
    (void)send(7, 0);
    cr_assert(eq(u32, send(13, RCA), 0x1000));
    sdv_mcard_pass(&card, 1000000);
    cr_assert(eq(u32, send(13, RCA), 0x700));
}

Test(model_card, own_rca_is_illegal_in_prg)
{
    card.latency.flash_erase = 1000000;
    identify();
    (void)send(32, 0);
    (void)send(33, 0);
    (void)send(38, 0);
    (void)send(7, RCA);
    cr_assert(eq(int, reply.type, SDV_RESP_NONE));
    cr_assert(eq(u32, send(13, RCA), 0xE00 | SDV_STATUS_ILLEGAL_COMMAND));
}

Test(model_card, storage_past_a_wrong_otp_fails_and_nothing_else)
{
    sdv_image_data(image, SDV_REGION_OTP)[4] = 0x7F; /* far too many blocks */
    identify();
    (void)send(17, 0x10000000);
    cr_assert(eq(u32, sdv_mcard_sending(&card), 0));
    cr_assert(eq(u32, send(13, RCA), 0xB00 | SDV_STATUS_CARD_ECC_FAILED));
    (void)send(12, 0);
    (void)send(24, 0x10000000);
    (void)sdv_mcard_write(&card, (uint8_t[512]){0}, true);
    cr_assert(eq(u32, send(13, RCA), TRAN_READY | SDV_STATUS_ERROR));
}

Test(model_card, written_sectors_wear)
{
    identify();
    (void)send(24, 5);
    (void)sdv_mcard_write(&card, (uint8_t[512]){1}, true);
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 5), 1));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 6), 0));
}

Test(model_card, failures_are_counted_down)
{
    identify();
    card.fail[SDV_NVM_OP_READ] = 1;
    (void)send(17, 0);
    cr_assert(eq(u32, sdv_mcard_sending(&card), 0));
    (void)send(12, 0);
    (void)send(17, 0);
    cr_assert(eq(u32, sdv_mcard_sending(&card), 512));
}
