/* SPDX-License-Identifier: Apache-2.0 */
/* Blocks in and out: widths, kinds of card, who ends a transfer, limits. */
#include <string.h>

#include "slot.h"

#define MANY 20

static uint8_t wrote[512 * MANY];
static uint8_t got[512 * MANY];

static void expect_data(size_t bytes)
{
    cr_assert(eq(int, memcmp(wrote, got, bytes), 0));
    memset(got, 0xA5, sizeof(got));
}

static void write_blocks(slot *s, unsigned opcode, uint32_t block,
                         uint16_t blocks, sdv_stop stop)
{
    const sdv_err err = slot_move(s, opcode, slot_address(s, block),
                                  SDV_DIR_WRITE, stop, 512, blocks, wrote);

    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
}

static void read_blocks(slot *s, unsigned opcode, uint32_t block,
                        uint16_t blocks, sdv_stop stop)
{
    const sdv_err err = slot_move(s, opcode, slot_address(s, block),
                                  SDV_DIR_READ, stop, 512, blocks, got);

    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
    expect_data((size_t)blocks * 512);
}

SCENARIO_EACH(transfer, all_ways_to_write_and_read_agree)
{
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 11);
    write_blocks(&s, 24, 5, 1, SDV_STOP_NONE);
    read_blocks(&s, 17, 5, 1, SDV_STOP_NONE);
    write_blocks(&s, 25, 40, MANY, SDV_STOP_CMD12);
    read_blocks(&s, 18, 40, MANY, SDV_STOP_CMD23);
    slot_pattern(wrote, sizeof(wrote), 12);
    write_blocks(&s, 25, 40, MANY, SDV_STOP_CMD23);
    read_blocks(&s, 18, 40, MANY, SDV_STOP_CMD12);
    write_blocks(&s, 25, 9, 1, SDV_STOP_CMD12);
    read_blocks(&s, 18, 9, 1, SDV_STOP_CMD12);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO_EACH(transfer, card_layer_keeps_a_megabyte)
{
    enum { BLOCKS = 2048 };
    static uint8_t big[512 * BLOCKS], back[512 * BLOCKS];
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(big, sizeof(big), 3);
    cr_assert(eq(int, sdv_card_write(&s.card, 77, BLOCKS, big), SDV_OK));
    cr_assert(eq(int, sdv_card_read(&s.card, 77, BLOCKS, back), SDV_OK));
    cr_assert(eq(int, memcmp(big, back, sizeof(big)), 0));
    slot_close(&s);
}

SCENARIO(transfer, slow_storage_makes_the_card_busy_and_nothing_else)
{
    const slot_options real = {.latency = {50000, 300000, 2000000, 3000000}};
    slot s;

    slot_open(&s, param, &real);
    slot_pattern(wrote, sizeof(wrote), 4);
    write_blocks(&s, 25, 40, MANY, SDV_STOP_CMD12);
    read_blocks(&s, 18, 40, MANY, SDV_STOP_CMD12);
    cr_assert(eq(int, sdv_card_erase(&s.card, 40, MANY), SDV_OK));
    memset(wrote, 0, sizeof(wrote));
    read_blocks(&s, 18, 40, MANY, SDV_STOP_CMD23);
    slot_close(&s);
}

SCENARIO_EACH(transfer, other_width_and_speed_in_mid_session)
{
    const unsigned other = param->lines == 4 ? 1 : 4;
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 5);
    write_blocks(&s, 25, 40, 3, SDV_STOP_CMD12);
    cr_assert(
        eq(int, slot_send_app(&s, 6, other == 4 ? 2 : 0, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_width(s.bus, other), SDV_OK));
    read_blocks(&s, 18, 40, 3, SDV_STOP_CMD12);
    cr_assert(
        eq(int, slot_send_app(&s, 6, 1, SDV_RESP_R1), SDV_CARD_OUT_OF_RANGE));
    cr_assert(eq(int, sdv_bus_set_clock(s.bus, 5000000, true), SDV_OK));
    read_blocks(&s, 18, 40, 3, SDV_STOP_CMD23);
    write_blocks(&s, 24, 3, 1, SDV_STOP_NONE);
    slot_close(&s);
}

/* ---- limits ---- */

SCENARIO_EACH(transfer, addresses_past_the_end_are_refused)
{
    static const uint8_t opcodes[] = {17, 18, 24, 25};
    slot s;

    slot_open(&s, param, NULL);
    for (size_t i = 0; i < sizeof(opcodes); i++) {
        const sdv_dir dir = opcodes[i] < 20 ? SDV_DIR_READ : SDV_DIR_WRITE;

        cr_assert(
            eq(int,
               slot_move(&s, opcodes[i], slot_address(&s, slot_blocks(&s)), dir,
                         SDV_STOP_NONE, 512, 1, wrote),
               SDV_CARD_OUT_OF_RANGE));
        slot_expect(&s, SDV_STATE_TRAN, 0);
    }
    if (!param->sdsc) {
        cr_assert(eq(int,
                     slot_move(&s, 17, 0xFFFFFFFFu, SDV_DIR_READ, SDV_STOP_NONE,
                               512, 1, got),
                     SDV_CARD_OUT_OF_RANGE));
    }
    cr_assert(eq(int, sdv_card_read(&s.card, slot_blocks(&s) - 1, 2, got),
                 SDV_ERR_RANGE));
    slot_close(&s);
}

SCENARIO_EACH(transfer, last_block_of_the_card)
{
    slot s;
    uint32_t last;

    slot_open(&s, param, NULL);
    last = slot_blocks(&s) - 3;
    slot_pattern(wrote, sizeof(wrote), 6);
    write_blocks(&s, 25, last, 3, SDV_STOP_CMD12);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    read_blocks(&s, 18, last, 3, SDV_STOP_CMD12);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    read_blocks(&s, 18, last, 3, SDV_STOP_CMD23);
    write_blocks(&s, 25, last, 3, SDV_STOP_CMD23);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO_EACH(transfer, reading_on_past_the_end)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int,
                 slot_move(&s, 18, slot_address(&s, slot_blocks(&s) - 2),
                           SDV_DIR_READ, SDV_STOP_CMD12, 512, 5, got),
                 SDV_CARD_OUT_OF_RANGE));
    slot_expect(&s, SDV_STATE_TRAN, 0); /* the bus has cleaned up */
    slot_close(&s);
}

SCENARIO_EACH(transfer, writing_on_past_the_end)
{
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 8);
    cr_assert(eq(int,
                 slot_move(&s, 25, slot_address(&s, slot_blocks(&s) - 2),
                           SDV_DIR_WRITE, SDV_STOP_CMD12, 512, 5, wrote),
                 SDV_CARD_OUT_OF_RANGE));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    read_blocks(&s, 18, slot_blocks(&s) - 2, 2, SDV_STOP_CMD23);
    slot_close(&s);
}

SCENARIO_EACH(transfer, block_lengths)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(
        eq(int, slot_send(&s, 16, 0, SDV_RESP_R1), SDV_CARD_BLOCK_LEN_ERROR));
    cr_assert(
        eq(int, slot_send(&s, 16, 513, SDV_RESP_R1), SDV_CARD_BLOCK_LEN_ERROR));
    cr_assert(eq(int, slot_send(&s, 16, 0x10000200, SDV_RESP_R1),
                 SDV_CARD_BLOCK_LEN_ERROR));
    slot_pattern(wrote, sizeof(wrote), 9);
    write_blocks(&s, 24, 5, 1, SDV_STOP_NONE); /* still 512 */
    cr_assert(eq(int, slot_send(&s, 16, 16, SDV_RESP_R1), SDV_OK));
    if (param->sdsc) {
        cr_assert(eq(
            int,
            slot_move(&s, 24, 0, SDV_DIR_WRITE, SDV_STOP_NONE, 512, 1, wrote),
            SDV_CARD_BLOCK_LEN_ERROR));
    } else {
        read_blocks(&s, 17, 5, 1, SDV_STOP_NONE);
    }
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

/* ---- partial blocks of an SDSC card ---- */

static const slot_param *sdsc_of(const slot_param *param, slot_param *copy)
{
    *copy = *param;
    copy->sdsc = true;
    return copy;
}

SCENARIO(transfer, partial_blocks_are_read_from_byte_addresses)
{
    static const uint16_t sizes[] = {2, 3, 4, 100, 511};
    slot_param sdsc;
    slot s;

    slot_open(&s, sdsc_of(param, &sdsc), NULL);
    slot_pattern(wrote, sizeof(wrote), 10);
    write_blocks(&s, 24, 2, 1, SDV_STOP_NONE);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const uint16_t size = sizes[i];
        const uint32_t at = 512u - size;

        cr_assert(eq(int, slot_send(&s, 16, size, SDV_RESP_R1), SDV_OK));
        cr_assert(eq(int,
                     slot_move(&s, 17, 1024 + at, SDV_DIR_READ, SDV_STOP_NONE,
                               size, 1, got),
                     SDV_OK));
        cr_assert(eq(int, memcmp(wrote + at, got, size), 0), "%u bytes", size);
        cr_assert(eq(int,
                     slot_move(&s, 17, 1025 + at, SDV_DIR_READ, SDV_STOP_NONE,
                               size, 1, got),
                     SDV_CARD_ADDRESS_ERROR));
    }
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO(transfer, partial_blocks_follow_each_other)
{
    slot_param sdsc;
    slot s;

    slot_open(&s, sdsc_of(param, &sdsc), NULL);
    slot_pattern(wrote, sizeof(wrote), 13);
    write_blocks(&s, 25, 0, 2, SDV_STOP_CMD12);
    cr_assert(eq(int, slot_send(&s, 16, 64, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(
        int, slot_move(&s, 18, 128, SDV_DIR_READ, SDV_STOP_CMD23, 64, 12, got),
        SDV_OK));
    cr_assert(eq(int, memcmp(wrote + 128, got, 64 * 12), 0));
    cr_assert(eq(int, slot_send(&s, 16, 200, SDV_RESP_R1), SDV_OK));
    cr_assert(
        eq(int, slot_move(&s, 18, 0, SDV_DIR_READ, SDV_STOP_CMD23, 200, 5, got),
           SDV_CARD_ADDRESS_ERROR)); /* the third crosses a block */
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO(transfer, misaligned_writes_are_refused)
{
    slot_param sdsc;
    slot s;

    slot_open(&s, sdsc_of(param, &sdsc), NULL);
    cr_assert(eq(
        int, slot_move(&s, 24, 1, SDV_DIR_WRITE, SDV_STOP_NONE, 512, 1, wrote),
        SDV_CARD_ADDRESS_ERROR));
    cr_assert(
        eq(int,
           slot_move(&s, 25, 256, SDV_DIR_WRITE, SDV_STOP_CMD12, 512, 2, wrote),
           SDV_CARD_ADDRESS_ERROR));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

/* ---- storage that fails ---- */

SCENARIO(transfer, failed_read_is_reported_and_the_card_goes_on)
{
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 14);
    write_blocks(&s, 24, 2, 1, SDV_STOP_NONE);
    sdv_sim_fail_nvm(s.sim, SDV_NVM_OP_READ, 1);
    cr_assert(eq(int,
                 slot_move(&s, 17, 2, SDV_DIR_READ, SDV_STOP_NONE, 512, 1, got),
                 SDV_CARD_ECC_FAILED));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    read_blocks(&s, 17, 2, 1, SDV_STOP_NONE);
    slot_close(&s);
}

/*
 * The card fetches ahead.  The host takes one block and stops the card while
 * the fetch that fails is going on; the next read comes before that has ended.
 */
static void cut_failing_fetch(slot *s, uint64_t wait)
{
    sdv_err err = slot_move(s, 18, slot_address(s, 40), SDV_DIR_READ,
                            SDV_STOP_NONE, 512, 1, got);

    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
    expect_data(512);
    sdv_sim_fail_nvm(s->sim, SDV_NVM_OP_READ, 1);
    sdv_sim_run(s->sim, wait);
    err = slot_send(s, 12, 0, SDV_RESP_R1B);
    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
    /* A card that does not fetch ahead still has the failure before it. */
    sdv_sim_fail_nvm(s->sim, SDV_NVM_OP_READ, 0);
    read_blocks(s, 17, 40, 1, SDV_STOP_NONE);
    slot_expect(s, SDV_STATE_TRAN, 0);
}

SCENARIO(transfer, failed_fetch_of_a_cut_read_is_forgotten)
{
    const slot_options slow = {.latency = sdv_latency_real()};
    slot s;

    slot_open(&s, param, &slow);
    slot_pattern(wrote, sizeof(wrote), 16);
    write_blocks(&s, 25, 40, 4, SDV_STOP_CMD12);
    /* From the fetch of the second block into that of the third. */
    for (uint64_t wait = 0; wait < 3500; wait += 250) {
        cut_failing_fetch(&s, wait);
    }
    slot_close(&s);
}

SCENARIO(transfer, failed_program_is_reported_and_counted)
{
    uint8_t count[4];
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 15);
    write_blocks(&s, 25, 20, 3, SDV_STOP_CMD23);
    cr_assert(eq(int, slot_read_app(&s, 22, 4, count), SDV_OK));
    cr_assert(eq(u8, count[3], 3));
    sdv_sim_fail_nvm(s.sim, SDV_NVM_OP_PROGRAM, 1);
    write_blocks(&s, 24, 2, 1, SDV_STOP_NONE);
    slot_expect(&s, SDV_STATE_TRAN, SDV_STATUS_ERROR);
    cr_assert(eq(int, slot_read_app(&s, 22, 4, count), SDV_OK));
    cr_assert(eq(u8, count[3], 0));
    slot_close(&s);
}
