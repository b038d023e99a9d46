/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks that are left out: a run in which every base clock is evaluated and
 * one in which dead time is skipped are equal in every counter at every step,
 * in all data, and on the wires.  So are the builds.  Direct kernel only.
 */
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "meddler.h"
#include "record.h"

#define ACTIONS 50
#define FLIP_SPAN 1500 /* SD clocks of a read at four lines, and more */

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(skip, .init = direct_only, .timeout = 300);

/* With and without: equal, and with fewer clocks evaluated. */
static void compare_skipping(play *what, const variant *v, uint64_t seed)
{
    static record with, without;
    const moment *end;

    record_play(&with, what, v, false, seed);
    record_play(&without, what, v, true, seed);
    record_expect_equal(&with, &without, v->name);
    cr_assert(gt(sz, with.good * 2, with.count), "%s", v->name);
    for (size_t i = 0; i < without.count; i++) {
        end = &without.moments[i];
        cr_assert(eq(u64, end->clocks.evals, end->clocks.base));
    }
    end = record_end(&with);
    cr_assert(lt(u64, end->clocks.evals, end->clocks.base), "%s", v->name);
    record_drop(&with);
    record_drop(&without);
}

/* ---- a scenario with some of everything ---- */

static void write_some(slot *s, record *r, uint32_t lba, uint32_t blocks)
{
    record_mark(s, r, "write", sdv_card_write(&s->card, lba, blocks, r->wrote));
}

static void read_some(slot *s, record *r, uint32_t lba, uint32_t blocks)
{
    record_mark(s, r, "read", sdv_card_read(&s->card, lba, blocks, r->got));
}

static void wait(slot *s, record *r, uint64_t base_clocks)
{
    sdv_sim_run(s->sim, base_clocks);
    record_mark(s, r, "wait", SDV_OK);
}

static void identify(slot *s, record *r)
{
    const sdv_card_options options = {
        .lines = s->param.lines, .default_speed = s->options.default_speed};

    record_mark(s, r, "identify", sdv_card_open(&s->card, s->bus, &options));
}

static void set_clock(slot *s, record *r, uint32_t hz)
{
    record_mark(s, r, "clock",
                sdv_bus_set_clock(s->bus, hz, !s->options.default_speed));
}

/* One block by a host that does not wait long. */
static void hasty(slot *s, record *r, const char *what, bool write)
{
    sdv_cmd cmd = {.opcode =
                       write ? SDV_CMD_WRITE_BLOCK : SDV_CMD_READ_SINGLE_BLOCK,
                   .arg = slot_address(s, 3),
                   .resp = SDV_RESP_R1,
                   .dir = write ? SDV_DIR_WRITE : SDV_DIR_READ,
                   .block_size = 512,
                   .blocks = 1,
                   .data = write ? r->wrote : r->got,
                   .data_timeout_ms = 1};

    record_mark(s, r, what, sdv_bus_run(s->bus, &cmd, 1));
}

/* The storage takes longer than the host waits. */
static void time_out(slot *s, record *r)
{
    const sdv_latency never = {.flash_read = 5000000};

    sdv_sim_set_latency(s->sim, &never);
    hasty(s, r, "time-out", false);
    sdv_sim_set_latency(s->sim, &s->options.latency);
    wait(s, r, 300000); /* the read ends, unheard */
}

/* The supply goes while the card programs; then everything from the start. */
static void cut(slot *s, record *r, uint64_t clocks)
{
    sdv_sim_cut_at(s->sim, sdv_sim_clocks(s->sim).base + clocks);
    hasty(s, r, "cut", true);
    sdv_sim_cut_at(s->sim, 0);
    record_mark(s, r, "power off", sdv_bus_set_power(s->bus, false));
    sdv_sim_power(s->sim, true);
    identify(s, r);
}

static void stop_clock_while_busy(slot *s, record *r)
{
    const sdv_err first = slot_send(s, 32, slot_address(s, 40), SDV_RESP_R1);
    const sdv_err last = slot_send(s, 33, slot_address(s, 49), SDV_RESP_R1);

    record_mark(s, r, "erase range", first != SDV_OK ? first : last);
    record_mark(s, r, "erase", slot_send(s, 38, 0, SDV_RESP_R1));
    set_clock(s, r, 0);
    wait(s, r, 23457);
    set_clock(s, r, s->card.max_hz);
    wait(s, r, 1001);
    record_mark(s, r, "status", slot_send(s, 13, slot_rca(s), SDV_RESP_R1));
}

static void play_everything(slot *s, record *r, uint64_t seed)
{
    const sdv_latency none = {0};

    (void)seed;
    record_mark(s, r, "power on", sdv_bus_set_power(s->bus, true));
    identify(s, r);
    wait(s, r, 12345);
    write_some(s, r, 50, 1);
    write_some(s, r, 60, RECORD_BLOCKS);
    wait(s, r, 777);
    read_some(s, r, 60, RECORD_BLOCKS);
    read_some(s, r, 50, 1);
    record_mark(s, r, "erase", sdv_card_erase(&s->card, 61, 3));
    read_some(s, r, 60, RECORD_BLOCKS);
    stop_clock_while_busy(s, r);
    time_out(s, r);
    sdv_sim_set_latency(s->sim, &none);
    write_some(s, r, 70, RECORD_BLOCKS);
    read_some(s, r, 70, RECORD_BLOCKS);
    sdv_bus_delay_us(s->bus, 333);
    record_mark(s, r, "delay", SDV_OK);
    record_mark(s, r, "illegal", slot_send(s, 3, 0, SDV_RESP_R6));
    sdv_sim_set_latency(s->sim, &s->options.latency);
    cut(s, r, 9999);
    sdv_sim_insert(s->sim, false);
    wait(s, r, 54321);
    record_mark(s, r, "empty", slot_send(s, 13, slot_rca(s), SDV_RESP_R1));
    sdv_sim_insert(s->sim, true);
    record_mark(s, r, "power off", sdv_bus_set_power(s->bus, false));
    identify(s, r);
    read_some(s, r, 60, RECORD_BLOCKS);
    sdv_card_close(&s->card);
    record_mark(s, r, "close", SDV_OK);
    wait(s, r, 100000);
}

#define REAL                                                                   \
    {                                                                          \
        50000, 300000, 2000000, 3000000                                        \
    }

static const variant variants[] = {
    {"no latency", {SDV_KERNEL_DIRECT, false, 4}, false, 0, {0, 0, 0, 0}},
    {"real latency", {SDV_KERNEL_DIRECT, false, 4}, false, 0, REAL},
    {"one line", {SDV_KERNEL_DIRECT, false, 1}, false, 0, {20, 40, 60, 80}},
    {"default speed", {SDV_KERNEL_DIRECT, true, 4}, true, 0, REAL},
    {"slow core",
     {SDV_KERNEL_DIRECT, false, 4},
     false,
     7654321,
     {1111, 22222, 33333, 4444}},
};

ParameterizedTestParameters(skip, changes_nothing)
{
    return cr_make_param_array(const variant, (void *)(uintptr_t)variants,
                               sizeof(variants) / sizeof(variants[0]));
}

ParameterizedTest(const variant *v, skip, changes_nothing)
{
    compare_skipping(play_everything, v, 0);
}

/*
 * Most of the time of an identification is between ticks of SDCLK.  It is
 * measured after CMD0: at power-up the card works with its core clock.
 */
static void play_identification(slot *s, record *r, uint64_t seed)
{
    (void)seed;
    record_mark(s, r, "power on", sdv_bus_set_power(s->bus, true));
    identify(s, r);
    set_clock(s, r, 400000);
    slot_identify(s);
    record_mark(s, r, "again", SDV_OK);
}

Test(skip, leaves_out_nine_tenths_of_identification)
{
    static record r;
    const moment *start, *end;

    record_play(&r, play_identification, &variants[1], false, 0);
    end = record_end(&r);
    start = end - 1;
    cr_assert(lt(u64, (end->clocks.evals - start->clocks.evals) * 10,
                 end->clocks.base - start->clocks.base));
    record_drop(&r);
}

/* ---- random scenarios ---- */

static uint64_t pick(uint64_t *random, uint64_t below)
{
    return sdv_random(random) % below;
}

/* Mostly round, sometimes none, so that ends fall on every phase. */
static void random_latency(slot *s, record *r, uint64_t *random)
{
    const sdv_latency latency = {
        .flash_read = (uint32_t)pick(random, 2) * (uint32_t)pick(random, 40000),
        .flash_program =
            (uint32_t)pick(random, 2) * (uint32_t)pick(random, 200000),
        .flash_erase =
            (uint32_t)pick(random, 2) * (uint32_t)pick(random, 400000)};

    sdv_sim_set_latency(s->sim, &latency);
    record_mark(s, r, "latency", SDV_OK);
}

static void random_clock(slot *s, record *r, uint64_t *random)
{
    static const uint32_t hz[] = {50000000, 25000000, 10000000, 3000000};

    set_clock(s, r, hz[pick(random, sizeof(hz) / sizeof(hz[0]))]);
}

/* Over before the next action, however slow SDCLK is. */
static void random_flip(slot *s, record *r, uint64_t *random)
{
    const uint64_t end = sdv_sim_clocks(s->sim).sd + FLIP_SPAN;

    sdv_sim_flip(s->sim, 1 + pick(random, FLIP_SPAN), pick(random, 2) != 0,
                 (unsigned)pick(random, 16));
    hasty(s, r, "flip", pick(random, 2) != 0);
    while (sdv_sim_clocks(s->sim).sd <= end) {
        wait(s, r, 1 + pick(random, 100000));
    }
}

/* Software that looks again and again instead of waiting. */
static void random_polls(slot *s, record *r, uint64_t *random)
{
    const sdv_mmio *mmio = sdv_sim_mmio(s->sim);

    for (unsigned i = 0; i < 20; i++) {
        sdv_sim_run(s->sim, pick(random, 100));
        (void)mmio->read32(mmio->ctx, SDV_SDHCI_PRESENT_STATE);
    }
    record_mark(s, r, "polls", SDV_OK);
}

static void random_action(slot *s, record *r, uint64_t *random)
{
    const uint32_t lba = (uint32_t)pick(random, 30);
    const uint32_t blocks = 1 + (uint32_t)pick(random, 3);

    switch (pick(random, 12)) {
    case 0:
    case 1:
        write_some(s, r, lba, blocks);
        break;
    case 2:
    case 3:
        read_some(s, r, lba, blocks);
        break;
    case 4:
        record_mark(s, r, "erase", sdv_card_erase(&s->card, lba, blocks));
        break;
    case 5:
        wait(s, r, pick(random, 20000));
        break;
    case 6:
        random_clock(s, r, random);
        break;
    case 7:
        random_latency(s, r, random);
        break;
    case 8:
        random_flip(s, r, random);
        break;
    case 9:
        random_polls(s, r, random);
        break;
    case 10:
        record_mark(s, r, "core",
                    sdv_sim_set_core_hz(
                        s->sim, 5000000 + (uint32_t)pick(random, 45000001)));
        break;
    default:
        stop_clock_while_busy(s, r);
        break;
    }
}

static void play_random(slot *s, record *r, uint64_t seed)
{
    uint64_t random = seed;
    meddler m;

    identify(s, r);
    meddler_install(&m, s, seed);
    for (unsigned i = 0; i < ACTIONS; i++) {
        m.stops = pick(&random, 4) == 0;
        random_action(s, r, &random);
    }
    m.stops = false;
    cut(s, r, 1 + pick(&random, 5000));
    read_some(s, r, 10, RECORD_BLOCKS);
}

Test(skip, changes_nothing_in_random_runs)
{
    for (uint64_t i = 0; i < 8; i++) {
        compare_skipping(play_random, &variants[0], slot_seed() * 1000 + i);
    }
}

/* ---- builds ---- */

/* The trace build evaluates both levels of a clock, the others only one. */
Test(skip, all_builds_count_the_same_clocks)
{
    static const char *const builds[] = {"fast", "trace"};
    static record here, there;

    for (size_t v = 0; v < 2; v++) {
        const char *chosen = getenv("SDV_TEST_BUILD");
        char *saved = strdup(chosen != NULL ? chosen : "");

        record_play(&here, play_everything, &variants[v], false, 0);
        for (size_t i = 0; i < sizeof(builds) / sizeof(builds[0]); i++) {
            cr_assert(zero(int, setenv("SDV_TEST_BUILD", builds[i], 1)));
            record_play(&there, play_everything, &variants[v], false, 0);
            record_expect_equal(&here, &there, builds[i]);
            cr_assert(eq(u64, record_end(&here)->clocks.evals,
                         record_end(&there)->clocks.evals));
            record_drop(&there);
        }
        cr_assert(zero(int, setenv("SDV_TEST_BUILD", saved, 1)));
        free(saved);
        record_drop(&here);
    }
}
