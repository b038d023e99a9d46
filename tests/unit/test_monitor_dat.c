/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of the DAT lines: each test breaks one and sees it reported. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "wire.h"

#define R1(state) ((uint32_t)(state) << 9 | SDV_STATUS_READY_FOR_DATA)
#define TRAN R1(SDV_STATE_TRAN)
#define RCA 0x00010000u
#define TAKEN 2u
#define WRONG 5u

static wire w;

static void start(void)
{
    wire_open(&w, NULL);
    wire_identify(&w, true);
}

static void finish(void)
{
    wire_close(&w);
}

static void expect(const char *words)
{
    wire_idle(&w, 100);
    cr_assert(eq(u64, wire_violations(&w), 1), "%s", wire_first(&w));
    cr_assert(ne(ptr, strstr(wire_first(&w), words), NULL), "%s instead of %s",
              wire_first(&w), words);
}

static void expect_none(void)
{
    wire_idle(&w, 100);
    cr_assert(eq(u64, wire_violations(&w), 0), "%s", wire_first(&w));
}

static uint64_t blocks(void)
{
    return sdv_monitor_counted(w.monitor).blocks;
}

TestSuite(monitor_dat, .init = start, .fini = finish);

static void app(unsigned index, uint32_t argument)
{
    wire_exchange(&w, 55, RCA, TRAN | SDV_STATUS_APP_CMD);
    wire_exchange(&w, index, argument, TRAN | SDV_STATUS_APP_CMD);
}

static void four_lines(void)
{
    app(6, 2);
    w.lines = 4;
}

/* A block of the card, two clocks after what was before. */
static void read_block(size_t len)
{
    wire_idle(&w, 2);
    wire_block(&w, len, WIRE_GOOD);
}

/* A block of the host that the card takes. */
static void write_block(unsigned busy)
{
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 2);
    wire_token(&w, TAKEN);
    wire_low(&w, busy, 1);
}

Test(monitor_dat, reads_break_no_rule)
{
    wire_exchange(&w, 17, 0, TRAN);
    read_block(512);
    wire_exchange(&w, 23, 2, TRAN);
    wire_exchange(&w, 18, 0, TRAN);
    read_block(512);
    read_block(512);
    expect_none();
    cr_assert(eq(u64, blocks(), 3));
}

Test(monitor_dat, four_lines_break_no_rule)
{
    four_lines();
    wire_exchange(&w, 17, 0, TRAN);
    read_block(512);
    wire_exchange(&w, 24, 0, TRAN);
    write_block(30);
    expect_none();
    cr_assert(eq(u64, blocks(), 2));
}

Test(monitor_dat, register_blocks_have_their_lengths)
{
    wire_exchange(&w, 6, 0x00FFFFF1, TRAN);
    read_block(64);
    app(13, 0);
    read_block(64);
    app(22, 0);
    read_block(4);
    app(51, 0);
    read_block(8);
    expect_none();
    cr_assert(eq(u64, blocks(), 4));
}

Test(monitor_dat, partial_blocks_of_a_standard_capacity_card)
{
    wire_identify(&w, false);
    wire_exchange(&w, 16, 20, TRAN);
    wire_exchange(&w, 17, 0, TRAN);
    read_block(20);
    expect_none();
    cr_assert(eq(u64, blocks(), 1));
}

Test(monitor_dat, block_length_means_nothing_to_high_capacity)
{
    wire_exchange(&w, 16, 20, TRAN);
    wire_exchange(&w, 17, 0, TRAN);
    read_block(512);
    expect_none();
}

Test(monitor_dat, block_without_a_command)
{
    wire_idle(&w, 20);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 100);
    cr_assert(ge(u64, wire_violations(&w), 1));
    cr_assert(
        ne(ptr, strstr(wire_first(&w), "no block and no busy is due"), NULL));
}

Test(monitor_dat, block_after_a_refusal)
{
    wire_exchange(&w, 17, 0xFFFFFFFF, TRAN | SDV_STATUS_OUT_OF_RANGE);
    wire_idle(&w, 2);
    wire_low(&w, 1, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, block_more_than_cmd23_said)
{
    wire_exchange(&w, 23, 1, TRAN);
    wire_exchange(&w, 18, 0, TRAN);
    read_block(512);
    wire_idle(&w, 2);
    wire_low(&w, 1, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, count_is_cancelled_by_another_command)
{
    wire_exchange(&w, 23, 1, TRAN);
    wire_exchange(&w, 13, RCA, TRAN);
    wire_exchange(&w, 18, 0, TRAN);
    read_block(512);
    read_block(512);
    expect_none();
}

Test(monitor_dat, read_with_wrong_crc)
{
    wire_exchange(&w, 17, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_BAD_CRC);
    expect("a block of the card with a wrong CRC");
}

Test(monitor_dat, read_without_end_bit)
{
    wire_exchange(&w, 17, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_NO_END_BIT);
    expect("a block of the card with a wrong CRC");
}

Test(monitor_dat, blocks_1_clock_apart)
{
    wire_exchange(&w, 18, 0, TRAN);
    read_block(512);
    wire_idle(&w, 1);
    wire_block(&w, 512, WIRE_GOOD);
    expect("N_AC is 1 clocks");
}

Test(monitor_dat, start_bit_on_some_lines)
{
    four_lines();
    wire_exchange(&w, 17, 0, TRAN);
    wire_idle(&w, 2);
    wire_low(&w, 1, 7);
    expect("DAT lines 7 low: not a start bit");
}

Test(monitor_dat, line_that_is_not_in_use)
{
    wire_exchange(&w, 17, 0, TRAN);
    wire_idle(&w, 2);
    wire_clock(&w, true, 0xE);
    wire_clock(&w, true, 0x7);
    expect("DAT lines 8 low: not in use");
}

/* CMD12 while a block goes out: `late` clocks of it follow the end bit. */
static void stop_while_reading(unsigned late)
{
    wire_exchange(&w, 18, 0, TRAN);
    wire_idle(&w, 8);
    wire_clock(&w, true, 0xE);
    wire_command(&w, 12, 0, WIRE_GOOD); /* DAT is high: payload of ones */
    wire_low(&w, late, 1);
    wire_idle(&w, 5 - late);
    wire_response(&w, 12, R1(SDV_STATE_DATA), WIRE_GOOD);
}

Test(monitor_dat, data_ends_with_cmd12)
{
    stop_while_reading(1);
    expect_none();
}

Test(monitor_dat, data_goes_on_after_cmd12)
{
    stop_while_reading(2);
    expect("the transfer has been stopped");
}

Test(monitor_dat, no_busy_after_a_read_was_stopped)
{
    stop_while_reading(0);
    wire_low(&w, 3, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, data_goes_on_after_cmd0)
{
    wire_exchange(&w, 18, 0, TRAN);
    wire_idle(&w, 8);
    wire_clock(&w, true, 0xE);
    wire_command(&w, 0, 0, WIRE_GOOD);
    wire_low(&w, 20, 1);
    expect("the transfer has been stopped");
}

Test(monitor_dat, writes_break_no_rule)
{
    wire_exchange(&w, 25, 0, TRAN);
    write_block(40);
    write_block(0);
    wire_exchange(&w, 12, 0, R1(SDV_STATE_RCV));
    wire_low(&w, 100, 1);
    expect_none();
    cr_assert(eq(u64, blocks(), 2));
}

Test(monitor_dat, write_data_too_early)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 1);
    wire_block(&w, 512, WIRE_GOOD);
    expect("N_WR is 1 clocks");
}

Test(monitor_dat, write_data_too_early_after_busy)
{
    wire_exchange(&w, 25, 0, TRAN);
    write_block(40);
    wire_idle(&w, 1);
    wire_block(&w, 512, WIRE_GOOD);
    expect("N_WR is 1 clocks");
}

Test(monitor_dat, crc_status_after_1_clock)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 1);
    wire_token(&w, TAKEN);
    expect("N_CRC is 1 clocks");
}

Test(monitor_dat, crc_status_after_3_clocks)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 3);
    wire_low(&w, 1, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, damaged_block_was_taken)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_BAD_CRC);
    wire_idle(&w, 2);
    wire_token(&w, TAKEN);
    expect("a block with a wrong CRC was taken");
}

Test(monitor_dat, damaged_block_was_refused)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_BAD_CRC);
    wire_idle(&w, 2);
    wire_token(&w, WRONG);
    expect_none();
    cr_assert(eq(u64, sdv_monitor_counted(w.monitor).bad_crc, 1));
}

Test(monitor_dat, good_block_was_refused)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 2);
    wire_token(&w, WRONG);
    expect("a good block was refused");
}

Test(monitor_dat, crc_status_that_does_not_exist)
{
    wire_exchange(&w, 24, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    wire_idle(&w, 2);
    wire_token(&w, 6);
    expect("CRC status 110");
}

Test(monitor_dat, deaf_card_breaks_no_rule)
{
    wire_exchange(&w, 25, 0, TRAN);
    wire_idle(&w, 2);
    wire_block(&w, 512, WIRE_GOOD);
    expect_none();
}

Test(monitor_dat, busy_that_begins_late)
{
    wire_exchange(&w, 24, 0, TRAN);
    write_block(0);
    wire_idle(&w, 2);
    wire_low(&w, 10, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, busy_after_an_answer_without)
{
    wire_exchange(&w, 13, RCA, TRAN);
    wire_low(&w, 10, 1);
    expect("no block and no busy is due");
}

Test(monitor_dat, busy_after_an_erase)
{
    wire_exchange(&w, 32, 0, TRAN);
    wire_exchange(&w, 33, 0, TRAN);
    wire_exchange(&w, 38, 0, TRAN);
    wire_low(&w, 5000, 1);
    expect_none();
}

Test(monitor_dat, busy_is_released_by_a_deselect)
{
    wire_exchange(&w, 38, 0, TRAN);
    wire_low(&w, 30, 1);
    w.held = 1;
    wire_command(&w, 7, 0, WIRE_GOOD);
    wire_low(&w, 4, 1);
    expect_none();
}

Test(monitor_dat, busy_goes_on_after_a_deselect)
{
    wire_exchange(&w, 38, 0, TRAN);
    wire_low(&w, 30, 1);
    w.held = 1;
    wire_command(&w, 7, 0, WIRE_GOOD);
    wire_low(&w, 20, 1);
    expect("the transfer has been stopped");
}

/* ---- time ---- */

static sdv_monitor_counts play(bool sparse)
{
    sdv_monitor_counts counts;
    wire v;

    wire_open(&v, NULL);
    v.sparse = sparse;
    wire_identify(&v, true);
    wire_exchange(&v, 24, 0, TRAN);
    wire_idle(&v, 2);
    wire_block(&v, 512, WIRE_GOOD);
    wire_idle(&v, 2);
    wire_token(&v, TAKEN);
    wire_low(&v, 3000, 1);
    wire_exchange(&v, 17, 0, TRAN);
    wire_idle(&v, 900);
    wire_block(&v, 512, WIRE_GOOD);
    wire_exchange(&v, 13, RCA, TRAN);
    v.sparse = false; /* a last sample, whatever changed */
    wire_idle(&v, 1);
    counts = sdv_monitor_counted(v.monitor);
    cr_expect(eq(u64, counts.violations, 0), "%s", wire_first(&v));
    wire_close(&v);
    return counts;
}

Test(monitor_time, skipped_clocks_make_no_difference)
{
    const sdv_monitor_counts all = play(false);
    const sdv_monitor_counts few = play(true);

    cr_assert(eq(u64, all.blocks, 2));
    cr_assert(eq(u64, all.blocks, few.blocks));
    cr_assert(eq(u64, all.responses, few.responses));
    cr_assert(eq(u64, all.pin_hash, few.pin_hash));
}

Test(monitor_time, pin_hash_sees_one_clock)
{
    wire a, b;

    wire_open(&a, NULL);
    wire_open(&b, NULL);
    wire_idle(&b, 1);
    wire_low(&a, 1, 4);
    wire_low(&b, 1, 4);
    cr_assert(ne(u64, sdv_monitor_counted(a.monitor).pin_hash,
                 sdv_monitor_counted(b.monitor).pin_hash));
    wire_close(&a);
    wire_close(&b);
}
