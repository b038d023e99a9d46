/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the host controller tells its driver: each kind of damage by its own
 * name, time-outs when they are due, and no block lost to a slow host.
 * Direct kernel only.
 */
#include <string.h>

#include "meddler.h"

#define BLOCK 33
#define SHOTS 170  /* clocks of a CMD13 and its answer, and some more */
#define SETTLE 400 /* clocks after which nothing is on the lines */
#define CRC_BITS 7
#define INDEX_BIT                                                              \
    7              /* the last one of the index, counted from the start bit    \
                    */
#define CRC_BIT 40 /* the first one of the CRC */
#define END_BIT 47

static const slot_options noisy = {.disturbed = true};

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(errors, .init = direct_only);

/* ---- answers ---- */

static sdv_err ask(slot *s)
{
    const sdv_err err = slot_send(s, 13, slot_rca(s), SDV_RESP_R1);

    sdv_sim_run(s->sim, SETTLE);
    return err;
}

/*
 * The shot that hits the start bit of the answer of the next CMD13: the end
 * bit has an error of its own.
 */
static uint64_t find_answer(slot *s)
{
    for (uint64_t shot = 1; shot < SHOTS; shot++) {
        sdv_err err;

        sdv_sim_flip(s->sim, shot, true, 0);
        err = ask(s);
        (void)ask(s); /* takes COM_CRC_ERROR away */
        if (err == SDV_ERR_CMD_END_BIT) {
            return shot - END_BIT;
        }
    }
    cr_fatal("no shot hits the end bit");
}

Test(errors, damaged_answers_have_names)
{
    uint64_t start;
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    start = find_answer(&s);
    sdv_sim_flip(s.sim, start + 20, true, 0);
    cr_assert(eq(int, ask(&s), SDV_ERR_CMD_CRC));
    sdv_sim_flip(s.sim, start, true, 0);
    cr_assert(eq(int, ask(&s), SDV_ERR_CMD_CRC));
    sdv_sim_flip(s.sim, start + END_BIT, true, 0);
    cr_assert(eq(int, ask(&s), SDV_ERR_CMD_END_BIT));
    cr_assert(eq(int, ask(&s), SDV_OK));
    slot_close(&s);
}

/* What a CRC7 becomes when one bit is inverted `left` bits before its end. */
static unsigned crc7_change(unsigned left)
{
    unsigned crc = 0x09;

    for (unsigned i = 1; i < left; i++) {
        crc = (crc << 1 ^ ((crc & 0x40u) != 0 ? 0x09u : 0u)) & 0x7Fu;
    }
    return crc;
}

Test(errors, answer_to_another_command_has_a_name)
{
    const unsigned change = crc7_change(CRC_BIT - INDEX_BIT);
    uint64_t start;
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    start = find_answer(&s);
    sdv_sim_flip(s.sim, start + INDEX_BIT, true, 0);
    for (unsigned i = 0; i < CRC_BITS; i++) {
        if ((change >> (CRC_BITS - 1 - i) & 1u) != 0) {
            sdv_sim_flip(s.sim, start + CRC_BIT + i, true, 0);
        }
    }
    cr_assert(eq(int, ask(&s), SDV_ERR_CMD_INDEX));
    cr_assert(eq(int, ask(&s), SDV_OK));
    slot_close(&s);
}

/* ---- blocks ---- */

static sdv_err read_one(slot *s, sdv_stop stop, uint8_t data[512])
{
    const sdv_err err =
        slot_move(s, stop == SDV_STOP_NONE ? 17 : 18, slot_address(s, BLOCK),
                  SDV_DIR_READ, stop, 512, 1, data);

    sdv_sim_run(s->sim, SETTLE);
    return err;
}

/* Every clock of the end of a block on a line that starts nothing. */
Test(errors, end_bit_of_a_block_has_a_name)
{
    unsigned crc = 0, end = 0;
    uint8_t data[512];
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    for (uint64_t shot = 1100; shot < 1400; shot++) {
        sdv_err err;

        sdv_sim_flip(s.sim, shot, false, 2);
        err = read_one(&s, SDV_STOP_NONE, data);
        crc += err == SDV_ERR_DATA_CRC;
        end += err == SDV_ERR_DATA_END_BIT;
        cr_assert(err == SDV_OK || err == SDV_ERR_DATA_CRC ||
                      err == SDV_ERR_DATA_END_BIT,
                  "%s", sdv_err_name(err));
    }
    cr_assert(eq(u32, end, 1));
    cr_assert(gt(u32, crc, 16));
    slot_close(&s);
}

/* Every clock of the CMD12 that the controller sends, and of its answer. */
Test(errors, damaged_auto_cmd12_has_names)
{
    unsigned silent = 0, crc = 0, end = 0;
    uint8_t data[512];
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    for (uint64_t shot = 1150; shot < 1500; shot++) {
        sdv_err err;

        sdv_sim_flip(s.sim, shot, true, 0);
        err = read_one(&s, SDV_STOP_CMD12, data);
        silent += err == SDV_ERR_NO_RESPONSE;
        crc += err == SDV_ERR_CMD_CRC;
        end += err == SDV_ERR_CMD_END_BIT;
        cr_assert(le(int, err, 0), "%s", sdv_err_name(err));
        cr_assert(eq(u32, slot_state_of(slot_status(&s)), SDV_STATE_TRAN));
    }
    cr_assert(ge(u32, silent, 44));
    cr_assert(ge(u32, crc, 44));
    cr_assert(ge(u32, end, 1));
    slot_close(&s);
}

/* ---- time ---- */

Test(errors, data_timeout_comes_when_it_is_due)
{
    uint8_t data[1024];
    sdv_cmd cmd = {.opcode = 18,
                   .arg = SLOT_HC_BLOCKS - 1,
                   .resp = SDV_RESP_R1,
                   .dir = SDV_DIR_READ,
                   .stop = SDV_STOP_CMD12,
                   .block_size = 512,
                   .blocks = 2,
                   .data = data,
                   .data_timeout_ms = 1};
    uint64_t before, after;
    slot s;

    slot_open(&s, &slot_direct, NULL);
    before = sdv_sim_clocks(s.sim).base;
    cr_assert(eq(int, sdv_bus_run(s.bus, &cmd, 1), SDV_CARD_OUT_OF_RANGE));
    after = sdv_sim_clocks(s.sim).base;
    cr_assert(ge(u64, after - before, 50000)); /* 1 ms */
    cr_assert(le(u64, after - before, 200000));
    slot_close(&s);
}

Test(errors, slow_host_loses_no_block)
{
    static const slot_param params[] = {{SDV_KERNEL_DIRECT, false, 4},
                                        {SDV_KERNEL_DIRECT, false, 1}};
    static uint8_t wrote[512 * 12], got[512 * 12];
    meddler m;
    slot s;

    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        slot_open(&s, &params[i], NULL);
        meddler_install(&m, &s, slot_seed());
        m.late = 6000; /* longer than a block takes */
        slot_pattern(wrote, sizeof(wrote), i);
        cr_assert(eq(int, sdv_card_write(&s.card, BLOCK, 12, wrote), SDV_OK));
        cr_assert(eq(int, sdv_card_read(&s.card, BLOCK, 12, got), SDV_OK));
        cr_assert(eq(int, memcmp(wrote, got, sizeof(got)), 0));
        slot_close(&s);
    }
}
