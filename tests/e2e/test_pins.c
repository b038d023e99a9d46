/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card on bare pins: the same transfers with hosts that launch on either
 * edge of CLK, at several divisors.  The bus monitor watches the wires.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bitbang.h"

enum { BLOCKS = 1024, N_CR = SDV_TIMING_N_CR };

struct bench {
    char folder[64];
    bitbang bb;
    uint16_t rca;
};

static void bench_open(struct bench *b, unsigned divisor, bool falling)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;

    memset(b, 0, sizeof(*b));
    strcpy(b->folder, "/tmp/sdv-pins-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(b->folder), NULL));
    cr_assert(zero(int, chdir(b->folder)));
    cr_assert(zero(int, sdv_image_create("card", BLOCKS, true, 99)));
    config.image = "card";
    config.log = "log";
    config.seed = 5;
    cr_assert(zero(int, sdv_pins_open(&config, &b->bb.pins)));
    b->bb.divisor = divisor;
    b->bb.falling = falling;
    b->bb.lines = 1;
}

/* Close; the pins' hash and the broken rules are in the log's last line. */
static unsigned long long bench_close(struct bench *b)
{
    char line[512];
    unsigned long long violations = 1;
    unsigned long long hash = 0;
    FILE *log;

    cr_assert(eq(str, (char *)sdv_pins_detail(b->bb.pins), ""));
    sdv_pins_close(&b->bb.pins);
    cr_assert(eq(ptr, b->bb.pins, NULL));
    log = fopen("log", "r");
    cr_assert(ne(ptr, log, NULL));
    while (fgets(line, sizeof(line), log) != NULL) {
        (void)sscanf(line,
                     "end: clock %*u, %*u commands, %*u responses, %*u blocks, "
                     "%*u bad crc, %llu violations, pins %llx",
                     &violations, &hash);
    }
    fclose(log);
    cr_assert(zero(u64, violations));
    cr_assert(zero(int, unlink("log")));
    cr_assert(zero(int, unlink("card")));
    cr_assert(zero(int, rmdir(b->folder)));
    return hash;
}

/* From power-on to tran, with every response exactly where it has to be. */
static void identify(struct bench *b)
{
    bitbang *bb = &b->bb;
    uint32_t r;

    bb_idle(bb, 80);
    (void)bb_command(bb, 0, 0, BB_NONE, NULL);
    cr_assert(eq(int, bb_command(bb, 8, 0x1AA, BB_SHORT, &r), N_CR));
    cr_assert(eq(u32, r, 0x1AA));
    for (unsigned polls = 0;; polls++) {
        cr_assert(lt(uint, polls, 10));
        cr_assert(
            eq(int, bb_app_command(bb, 0, 41, 0x40FF8000, BB_SHORT, &r), N_CR));
        if ((r & 0x80000000u) != 0) {
            break;
        }
    }
    cr_assert(eq(u32, r, 0xC0FF8000));
    cr_assert(eq(int, bb_command(bb, 2, 0, BB_LONG, &r), N_CR));
    cr_assert(eq(int, bb_command(bb, 3, 0, BB_SHORT, &r), N_CR));
    b->rca = (uint16_t)(r >> 16);
    cr_assert(eq(int, bb_command(bb, 7, (uint32_t)b->rca << 16, BB_SHORT, NULL),
                 N_CR));
    cr_assert(ge(int, bb_busy(bb), 0));
}

static void four_lines(struct bench *b)
{
    cr_assert(
        eq(int, bb_app_command(&b->bb, b->rca, 6, 2, BB_SHORT, NULL), N_CR));
    b->bb.lines = 4;
}

static void high_speed(struct bench *b)
{
    uint8_t answer[64];

    cr_assert(eq(int, bb_command(&b->bb, 6, 0x80FFFFF1, BB_SHORT, NULL), N_CR));
    cr_assert(bb_read(&b->bb, answer, sizeof(answer)) ? 1 : 0);
    cr_assert(eq(u8, answer[16] & 0xF, 1));
    bb_idle(&b->bb, 8);
}

static void pattern(uint8_t data[512], unsigned block)
{
    for (unsigned i = 0; i < 512; i++) {
        data[i] = (uint8_t)(i * 7 + block * 31 + (i >> 8));
    }
}

/* Write a block and read it back. */
static void write_and_read(struct bench *b, unsigned block)
{
    bitbang *bb = &b->bb;
    uint8_t data[512];
    uint8_t back[512] = {0};

    pattern(data, block);
    cr_assert(eq(int, bb_command(bb, 24, block, BB_SHORT, NULL), N_CR));
    cr_assert(eq(int, bb_write(bb, data), 2));
    cr_assert(ge(int, bb_busy(bb), 0));
    cr_assert(eq(int, bb_command(bb, 17, block, BB_SHORT, NULL), N_CR));
    cr_assert(bb_read(bb, back, sizeof(back)) ? 1 : 0);
    cr_assert(zero(int, memcmp(data, back, sizeof(data))));
}

static unsigned long long all_transfers(unsigned divisor, bool falling)
{
    struct bench b;

    bench_open(&b, divisor, falling);
    identify(&b);
    write_and_read(&b, 1);
    four_lines(&b);
    write_and_read(&b, 2);
    high_speed(&b);
    write_and_read(&b, 3);
    bb_idle(&b.bb, 20);
    return bench_close(&b);
}

/* What is on the wires at the rising edges does not depend on the edge at
 * which the host launches. */
static void both_edges_are_equal(unsigned divisor)
{
    const unsigned long long rising = all_transfers(divisor, false);
    const unsigned long long falling = all_transfers(divisor, true);

    cr_assert(ne(u64, rising, 0));
    cr_assert(eq(u64, rising, falling));
}

Test(pins, transfers_with_clk_equal_to_the_base_clock)
{
    both_edges_are_equal(0);
}

Test(pins, transfers_at_half_the_base_clock)
{
    both_edges_are_equal(2);
}

Test(pins, transfers_at_a_quarter_of_the_base_clock)
{
    both_edges_are_equal(4);
}

Test(pins, transfers_at_a_256th_of_the_base_clock)
{
    both_edges_are_equal(256);
}

Test(pins, the_card_launches_at_the_edge_of_its_speed)
{
    struct bench b;
    bitbang *bb = &b.bb;

    bench_open(&b, 4, false);
    identify(&b);
    memset(bb->moves, 0, sizeof(bb->moves));
    cr_assert(eq(int, bb_command(bb, 13, (uint32_t)b.rca << 16, BB_SHORT, NULL),
                 N_CR));
    cr_assert(zero(uint, bb->moves[1]));
    cr_assert(ge(uint, bb->moves[0], 4));
    high_speed(&b);
    memset(bb->moves, 0, sizeof(bb->moves));
    cr_assert(eq(int, bb_command(bb, 13, (uint32_t)b.rca << 16, BB_SHORT, NULL),
                 N_CR));
    cr_assert(zero(uint, bb->moves[0]));
    cr_assert(ge(uint, bb->moves[1], 4));
    (void)bench_close(&b);
}

Test(pins, a_card_without_power_does_not_answer_and_starts_anew)
{
    struct bench b;

    bench_open(&b, 2, true);
    identify(&b);
    write_and_read(&b, 7);
    sdv_pins_power(b.bb.pins, false);
    cr_assert(eq(
        int, bb_command(&b.bb, 13, (uint32_t)b.rca << 16, BB_SHORT, NULL), -1));
    sdv_pins_power(b.bb.pins, true);
    identify(&b);
    cr_assert(eq(u16, b.rca, 1));
    (void)bench_close(&b);
}

Test(pins, an_empty_slot_is_pulled_up)
{
    const sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    bitbang bb = {.lines = 4};

    cr_assert(zero(int, sdv_pins_open(&config, &bb.pins)));
    cr_assert(eq(int, bb_command(&bb, 8, 0x1AA, BB_SHORT, NULL), -1));
    cr_assert(eq(u8, bb.dat, 0xF));
    cr_assert(
        eq(u64, sdv_pins_clocks(bb.pins).sd, sdv_pins_clocks(bb.pins).base));
    sdv_pins_close(&bb.pins);
}

Test(pins, the_model_has_none)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_pins *pins;

    config.kernel = SDV_KERNEL_MODEL;
    cr_assert(eq(int, sdv_pins_open(&config, &pins), SDV_ERR_ARG));
    cr_assert(eq(ptr, pins, NULL));
}
