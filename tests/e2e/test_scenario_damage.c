/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines that are inverted for one clock: no damage goes unseen, and the card
 * goes on.  Direct kernel only: the model has no lines.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "slot.h"

#define BLOCK 33
#define COMMAND_SPAN 160  /* clocks of a CMD13 and its answer, and some more */
#define BLOCK_SPAN_4 1300 /* ... of a block on four lines */
#define BLOCK_SPAN_1 4400
#define SHOTS 150

static const slot_options noisy = {.disturbed = true};
static uint8_t before[512], after[512], got[512];

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(damage, .init = direct_only);

/* The card is in tran and answers; a wait lets a lost frame end. */
static void expect_alive(slot *s, const char *what, uint64_t shot)
{
    sdv_err err = SDV_ERR_NO_RESPONSE;

    for (unsigned i = 0; i < 3 && err == SDV_ERR_NO_RESPONSE; i++) {
        sdv_sim_run(s->sim, 100);
        err = slot_send(s, 16, 512, SDV_RESP_R1);
    }
    cr_assert(eq(int, err, SDV_OK), "%s, shot %llu: %s", what,
              (unsigned long long)shot, sdv_err_name(err));
}

Test(damage, every_clock_of_a_command)
{
    unsigned silent = 0, told = 0, answer = 0;
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    for (uint64_t shot = 1; shot <= COMMAND_SPAN; shot++) {
        sdv_err err;

        sdv_sim_flip(s.sim, shot, true, 0);
        err = slot_send(&s, 13, slot_rca(&s), SDV_RESP_R1);
        if (err == SDV_ERR_NO_RESPONSE) {
            silent++;
            sdv_sim_run(s.sim, 100);
            told += (slot_status(&s) & SDV_STATUS_COM_CRC_ERROR) != 0;
        } else if (err != SDV_OK) {
            cr_assert(err == SDV_ERR_CMD_CRC || err == SDV_ERR_CMD_END_BIT ||
                          err == SDV_ERR_CMD_INDEX,
                      "shot %llu: %s", (unsigned long long)shot,
                      sdv_err_name(err));
            answer++;
        }
        sdv_sim_run(s.sim, 2 * COMMAND_SPAN); /* a shot may come late */
        expect_alive(&s, "command", shot);
    }
    /* All bits of the command, and starts of what is none before it. */
    cr_assert(ge(u32, silent, 48));
    cr_assert(le(u32, silent, 110));
    cr_assert(ge(u32, told, 44)); /* start, direction, end: not a command */
    cr_assert(ge(u32, answer, 45));
    slot_close(&s);
}

/* One block with one shot at the lines; its result. */
static sdv_err shoot(slot *s, uint64_t shot, unsigned lines, bool write)
{
    const sdv_dir dir = write ? SDV_DIR_WRITE : SDV_DIR_READ;
    sdv_err err;

    memset(got, 0, sizeof(got));
    sdv_sim_flip(s->sim, shot, false, lines);
    err = slot_move(s, write ? 24 : 17, slot_address(s, BLOCK), dir,
                    SDV_STOP_NONE, 512, 1, write ? after : got);
    sdv_sim_run(s->sim, BLOCK_SPAN_1);
    return err;
}

static uint64_t span(const slot *s)
{
    return s->param.lines == 4 ? BLOCK_SPAN_4 : BLOCK_SPAN_1;
}

static void read_with_shots(const slot_param *param)
{
    uint64_t random = slot_seed();
    unsigned hits = 0;
    slot s;

    slot_open(&s, param, &noisy);
    slot_pattern(before, 512, 21);
    cr_assert(eq(int, sdv_card_write(&s.card, BLOCK, 1, before), SDV_OK));
    for (unsigned i = 0; i < SHOTS; i++) {
        const uint64_t shot = 1 + sdv_random(&random) % span(&s);
        const unsigned line =
            param->lines == 4 ? 1u << sdv_random(&random) % 4 : 1u;
        const sdv_err err = shoot(&s, shot, line, false);

        cr_assert(err != SDV_OK || memcmp(before, got, 512) == 0,
                  "shot %llu was not seen", (unsigned long long)shot);
        cr_assert(le(int, err, 0), "%s", sdv_err_name(err));
        hits += err != SDV_OK;
        expect_alive(&s, "read", shot);
    }
    cr_assert(gt(u32, hits, SHOTS / 2));
    cr_assert(eq(int, sdv_card_read(&s.card, BLOCK, 1, got), SDV_OK));
    cr_assert(eq(int, memcmp(before, got, 512), 0));
    slot_close(&s);
}

Test(damage, read_on_four_lines)
{
    read_with_shots(&slot_direct);
}

Test(damage, read_on_one_line)
{
    static const slot_param one = {SDV_KERNEL_DIRECT, false, 1};

    read_with_shots(&one);
}

/* What ACMD22 says is what is in the card. */
static void expect_honest_count(slot *s, uint64_t shot)
{
    uint8_t count[4];
    const uint8_t *wanted;

    cr_assert(eq(int, slot_read_app(s, 22, 4, count), SDV_OK));
    wanted = count[3] == 1 ? after : before;
    cr_assert(eq(int, sdv_card_read(&s->card, BLOCK, 1, got), SDV_OK));
    cr_assert(eq(int, memcmp(wanted, got, 512), 0), "shot %llu, count %u",
              (unsigned long long)shot, count[3]);
}

static void write_with_shots(const slot_param *param)
{
    uint64_t random = slot_seed();
    unsigned hits = 0;
    slot s;

    slot_open(&s, param, &noisy);
    for (unsigned i = 0; i < SHOTS; i++) {
        const uint64_t shot = 1 + sdv_random(&random) % span(&s);
        const unsigned line =
            param->lines == 4 ? 1u << sdv_random(&random) % 4 : 1u;
        sdv_err err;

        slot_pattern(before, 512, 2 * i);
        slot_pattern(after, 512, 2 * i + 1);
        cr_assert(eq(int, sdv_card_write(&s.card, BLOCK, 1, before), SDV_OK));
        err = shoot(&s, shot, line, true);
        hits += err != SDV_OK;
        expect_alive(&s, "write", shot);
        expect_honest_count(&s, shot);
        if (err == SDV_OK) {
            cr_assert(eq(int, memcmp(after, got, 512), 0));
        }
    }
    cr_assert(gt(u32, hits, SHOTS / 2));
    slot_close(&s);
}

Test(damage, write_on_four_lines)
{
    write_with_shots(&slot_direct);
}

Test(damage, write_on_one_line)
{
    static const slot_param one = {SDV_KERNEL_DIRECT, true, 1};

    write_with_shots(&one);
}

/* The end of the payload: the CRC, the end bit and the CRC status. */
Test(damage, block_with_wrong_crc_is_not_programmed)
{
    unsigned refused = 0;
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    for (uint64_t shot = 1100; shot < 1260; shot++) {
        sdv_err err;

        slot_pattern(before, 512, 2 * shot);
        slot_pattern(after, 512, 2 * shot + 1);
        cr_assert(eq(int, sdv_card_write(&s.card, BLOCK, 1, before), SDV_OK));
        err = shoot(&s, shot, 2, true); /* a line that carries no status */
        if (err == SDV_ERR_DATA_CRC) {
            refused++;
            expect_honest_count(&s, shot);
            cr_assert(eq(int, memcmp(before, got, 512), 0));
        } else {
            cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
        }
    }
    cr_assert(gt(u32, refused, 30));
    slot_close(&s);
}

/* A transfer of many blocks: what was taken before the damage is kept. */
Test(damage, multiple_blocks)
{
    enum { MANY = 8 };
    static uint8_t wrote[512 * MANY], back[512 * MANY];
    uint64_t random = slot_seed();
    slot s;

    slot_open(&s, &slot_direct, &noisy);
    for (unsigned i = 0; i < 60; i++) {
        const sdv_stop stop = i % 2 == 0 ? SDV_STOP_CMD12 : SDV_STOP_CMD23;
        const uint64_t shot = 200 + sdv_random(&random) % (1050 * MANY);
        uint8_t count[4];
        sdv_err err;

        slot_pattern(wrote, sizeof(wrote), i);
        sdv_sim_flip(s.sim, shot, false, 1u << sdv_random(&random) % 4);
        err = slot_move(&s, 25, BLOCK, SDV_DIR_WRITE, stop, 512, MANY, wrote);
        sdv_sim_run(s.sim, 1050 * MANY);
        expect_alive(&s, "write", shot);
        cr_assert(eq(int, slot_read_app(&s, 22, 4, count), SDV_OK));
        cr_assert(eq(int, sdv_card_read(&s.card, BLOCK, MANY, back), SDV_OK));
        cr_assert(eq(int, memcmp(wrote, back, 512u * count[3]), 0));
        cr_assert(err != SDV_OK || count[3] == MANY, "%u blocks", count[3]);
    }
    slot_close(&s);
}
