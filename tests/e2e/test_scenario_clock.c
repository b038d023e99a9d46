/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Time: SDCLK stopped at random moments, power-up and CMD0 at random clocks,
 * two runs that have to be equal on all pins.  Direct kernel only.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "meddler.h"

#define BLOCKS 6
#define GUARD 4000 /* a block that nobody writes after the start */
#define ROUNDS 1000

static uint8_t wrote[512 * BLOCKS];
static uint8_t guard[512];
static uint8_t got[512 * BLOCKS];

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(time, .init = direct_only);

/* Some of everything; results are the caller's business. */
static sdv_err mixed_run(slot *s)
{
    sdv_err err;

    slot_pattern(wrote, sizeof(wrote), slot_seed());
    err = sdv_card_write(&s->card, 50, BLOCKS, wrote);
    if (err == SDV_OK) {
        err = sdv_card_read(&s->card, 50, BLOCKS, got);
    }
    if (err == SDV_OK) {
        err = sdv_card_erase(&s->card, 60, 4);
    }
    if (err == SDV_OK) {
        err = sdv_card_write(&s->card, 70, 1, wrote);
    }
    if (err == SDV_OK) {
        err = sdv_card_read(&s->card, 70, 1, got);
    }
    return err;
}

static void write_guard(slot *s)
{
    slot_pattern(guard, sizeof(guard), 99);
    cr_assert(eq(int, sdv_card_write(&s->card, GUARD, 1, guard), SDV_OK));
}

static void expect_guard(slot *s, unsigned round)
{
    const sdv_err err = slot_move(s, 17, slot_address(s, GUARD), SDV_DIR_READ,
                                  SDV_STOP_NONE, 512, 1, got);

    cr_assert(eq(int, err, SDV_OK), "round %u: %s", round, sdv_err_name(err));
    cr_assert(eq(int, memcmp(guard, got, 512), 0), "round %u", round);
}

/* ---- SDCLK ---- */

Test(time, clock_is_stopped_at_random_moments)
{
    static const slot_param params[] = {{SDV_KERNEL_DIRECT, false, 4},
                                        {SDV_KERNEL_DIRECT, false, 1},
                                        {SDV_KERNEL_DIRECT, true, 4}};
    const slot_options slow = {.latency = {5000, 30000, 50000, 0}};
    meddler m;
    slot s;

    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        slot_open(&s, &params[i], i == 1 ? &slow : NULL);
        meddler_install(&m, &s, slot_seed() + i);
        m.stops = true;
        for (unsigned round = 0; round < 12; round++) {
            const sdv_err err = mixed_run(&s);

            cr_assert(eq(int, err, SDV_OK), "round %u: %s", round,
                      sdv_err_name(err));
            cr_assert(eq(int, memcmp(got, wrote, 512), 0), "round %u", round);
        }
        cr_assert(gt(u32, m.stopped, 500));
        slot_expect(&s, SDV_STATE_TRAN, 0);
        slot_close(&s);
    }
}

static bool dat0(slot *s)
{
    const sdv_mmio *mmio = sdv_sim_mmio(s->sim);

    return (mmio->read32(mmio->ctx, SDV_SDHCI_PRESENT_STATE) >>
                SDV_SDHCI_PRESENT_STATE_DAT_LEVEL_LSB &
            1u) != 0;
}

Test(time, busy_card_finishes_without_clock_and_needs_one_edge)
{
    const slot_options slow = {.latency = {.flash_erase = 1000000}};
    const sdv_mmio *mmio;
    uint32_t word;
    uint64_t edges;
    slot s;

    slot_open(&s, &slot_direct, &slow);
    mmio = sdv_sim_mmio(s.sim);
    cr_assert(eq(int, slot_send(&s, 32, 0, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 33, 9, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 38, 0, SDV_RESP_R1), SDV_OK));
    sdv_sim_run(s.sim, 200);
    cr_assert(not(dat0(&s)));
    cr_assert(eq(int, sdv_bus_set_clock(s.bus, 0, true), SDV_OK));
    sdv_sim_run(s.sim, 100000); /* 2 ms: the erase has ended */
    cr_assert(not(dat0(&s)));
    word = mmio->read32(mmio->ctx, SDV_SDHCI_CLOCK_CONTROL);
    edges = sdv_sim_clocks(s.sim).sd;
    mmio->write32(mmio->ctx, SDV_SDHCI_CLOCK_CONTROL,
                  (word & 0xFFFF0000u) | 0xFF01u); /* slow, not yet on */
    mmio->write32(mmio->ctx, SDV_SDHCI_CLOCK_CONTROL,
                  (word & 0xFFFF0000u) | 0xFF05u);
    while (sdv_sim_clocks(s.sim).sd == edges) {
        sdv_sim_run(s.sim, 1);
    }
    mmio->write32(mmio->ctx, SDV_SDHCI_CLOCK_CONTROL,
                  (word & 0xFFFF0000u) | 0xFF01u);
    sdv_sim_run(s.sim, 20);
    cr_assert(eq(u64, sdv_sim_clocks(s.sim).sd, edges + 1));
    cr_assert(dat0(&s));
    cr_assert(eq(int, sdv_bus_set_clock(s.bus, 50000000, true), SDV_OK));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

/* ---- power-up and CMD0 at random clocks ---- */

static uint64_t length_of_run(slot *s)
{
    const uint64_t start = sdv_sim_clocks(s->sim).base;

    cr_assert(eq(int, mixed_run(s), SDV_OK));
    return sdv_sim_clocks(s->sim).base - start;
}

Test(time, power_up_at_random_clocks)
{
    uint64_t random = slot_seed();
    uint64_t length;
    slot s;

    slot_open(&s, &slot_direct, NULL);
    write_guard(&s);
    length = length_of_run(&s);
    for (unsigned round = 0; round < ROUNDS; round++) {
        const uint64_t cut =
            sdv_sim_clocks(s.sim).base + 1 + sdv_random(&random) % length;
        sdv_err err;

        sdv_sim_cut_at(s.sim, cut);
        (void)mixed_run(&s);
        sdv_sim_cut_at(s.sim, 0);
        cr_assert(eq(int, sdv_bus_set_power(s.bus, false), SDV_OK));
        sdv_sim_power(s.sim, true);
        err = sdv_card_open(&s.card, s.bus, NULL);
        cr_assert(eq(int, err, SDV_OK), "round %u, cut at %llu: %s", round,
                  (unsigned long long)cut, sdv_err_name(err));
        expect_guard(&s, round);
    }
    slot_close(&s);
}

Test(time, cmd0_at_random_clocks)
{
    uint64_t random = slot_seed();
    uint64_t length;
    meddler m;
    slot s;

    slot_open(&s, &slot_direct, NULL);
    write_guard(&s);
    length = length_of_run(&s);
    meddler_install(&m, &s, slot_seed());
    for (unsigned round = 0; round < ROUNDS; round++) {
        const unsigned lines = round % 2 == 0 ? 4 : 1;

        meddler_silence(&m, sdv_random(&random) % length);
        (void)mixed_run(&s);
        meddler_resume(&m);
        cr_assert(eq(int, sdv_bus_set_width(s.bus, 1), SDV_OK));
        slot_identify(&s);
        expect_guard(&s, round);
        cr_assert(eq(int, slot_send_app(&s, 6, lines == 4 ? 2 : 0, SDV_RESP_R1),
                     SDV_OK));
        cr_assert(eq(int, sdv_bus_set_width(s.bus, lines), SDV_OK));
    }
    slot_close(&s);
}

/* ---- equal runs ---- */

/* From power-up on, with a reset of power on the way. */
static void play(uint64_t seed, bool no_skip, slot_log *log, sdv_clocks *clocks)
{
    const slot_options options = {
        .seed = seed, .no_skip = no_skip, .latency = {5000, 30000, 50000, 0}};
    slot s;

    slot_open(&s, &slot_direct, &options);
    cr_assert(eq(int, mixed_run(&s), SDV_OK));
    sdv_card_close(&s.card);
    cr_assert(eq(int, sdv_card_open(&s.card, s.bus, NULL), SDV_OK));
    cr_assert(eq(int, mixed_run(&s), SDV_OK));
    *clocks = sdv_sim_clocks(s.sim);
    slot_leave(&s);
    slot_read_log(&s, log);
    slot_resume(&s); /* so that there is something to close */
    slot_close(&s);
}

Test(time, pins_do_not_depend_on_power_up_values)
{
    sdv_clocks first_clocks, clocks;
    slot_log first, log;

    play(1, false, &first, &first_clocks);
    for (uint64_t seed = 2; seed < 6; seed++) {
        play(seed, false, &log, &clocks);
        cr_assert(eq(u64, log.pins, first.pins), "seed %d", (int)seed);
        cr_assert(eq(u64, clocks.base, first_clocks.base));
        cr_assert(eq(u64, clocks.core, first_clocks.core));
    }
    cr_assert(gt(u64, first.commands, 30));
}

Test(time, skipped_time_changes_nothing)
{
    sdv_clocks skipped, all;
    slot_log a, b;

    play(1, false, &a, &skipped);
    play(1, true, &b, &all);
    cr_assert(eq(u64, a.pins, b.pins));
    cr_assert(eq(u64, a.clock, b.clock));
    cr_assert(eq(u64, skipped.base, all.base));
    cr_assert(eq(u64, skipped.sd, all.sd));
    cr_assert(eq(u64, skipped.core, all.core));
    cr_assert(eq(u64, all.evals, all.base));
    cr_assert(lt(u64, skipped.evals, all.evals));
}
