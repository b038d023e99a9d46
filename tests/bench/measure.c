/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <sdvault/card.h>
#include <sdvault/sdhci.h>

#include "bench.h"
#include "bytes.h"

#define CARD_BLOCKS 16384u /* 8 MiB */
#define BLOCKS 64u         /* of one transfer */
#define TRANSFERS 16u
#define IDLE_CLOCKS 2000000u
#define SLOTS (BENCH_BUILDS * 2) /* of each build one that skips, one not */
#define PATH 160

const char *const bench_build_names[BENCH_BUILDS] = {"fast", "assert"};
const char *const bench_phase_names[BENCH_PHASES] = {"write", "read", "idle"};

typedef struct slot {
    sdv_sim *sim;
    sdv_sdhci sdhci;
    sdv_card card;
    char image[PATH];
} slot;

typedef struct stopwatch {
    struct timespec wall, cpu;
    sdv_clocks clocks;
} stopwatch;

static uint8_t wrote[BLOCKS * SDV_TIMING_BLOCK_LEN];
static uint8_t got[sizeof(wrote)];

/* ---- time ---- */

static void start(stopwatch *watch, const slot *s)
{
    watch->clocks = sdv_sim_clocks(s->sim);
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &watch->cpu);
    (void)clock_gettime(CLOCK_MONOTONIC, &watch->wall);
}

static double since(clockid_t clock, const struct timespec *then)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)(now.tv_sec - then->tv_sec) +
           (double)(now.tv_nsec - then->tv_nsec) / 1e9;
}

static void stop(const stopwatch *watch, const slot *s, bench_timing *timing,
                 unsigned repeat)
{
    const sdv_clocks *before = &watch->clocks;
    sdv_clocks now;

    timing->wall_s[repeat] = since(CLOCK_MONOTONIC, &watch->wall);
    timing->cpu_s[repeat] = since(CLOCK_PROCESS_CPUTIME_ID, &watch->cpu);
    now = sdv_sim_clocks(s->sim);
    timing->clocks = (sdv_clocks){.base = now.base - before->base,
                                  .sd = now.sd - before->sd,
                                  .core = now.core - before->core,
                                  .evals = now.evals - before->evals};
}

/* ---- slots ---- */

static sdv_err open_slot(slot *s, const char *dir, unsigned number)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_err err;

    snprintf(s->image, sizeof(s->image), "%.128s/card-%u.img", dir, number);
    err = sdv_image_create(s->image, CARD_BLOCKS, true, number);
    if (err != SDV_OK) {
        return err;
    }
    config.image = s->image;
    config.build = number / 2 == 0 ? SDV_BUILD_FAST : SDV_BUILD_ASSERT;
    config.no_skip = number % 2 != 0;
    err = sdv_sim_open(&config, &s->sim);
    if (err == SDV_OK) {
        err = sdv_sdhci_init(&s->sdhci, sdv_sim_mmio(s->sim));
    }
    return err == SDV_OK ? sdv_card_open(&s->card, &s->sdhci.bus, NULL) : err;
}

static void close_slot(slot *s)
{
    sdv_sim_close(&s->sim);
    if (s->image[0] != '\0') {
        (void)unlink(s->image);
    }
}

/* ---- phases ---- */

static sdv_err write_all(slot *s, bench_timing *timing, unsigned repeat)
{
    stopwatch watch;
    sdv_err err = SDV_OK;

    start(&watch, s);
    for (unsigned i = 0; i < TRANSFERS && err == SDV_OK; i++) {
        err = sdv_card_write(&s->card, i * BLOCKS, BLOCKS, wrote);
    }
    stop(&watch, s, timing, repeat);
    timing->sectors = TRANSFERS * BLOCKS;
    return err;
}

static sdv_err read_all(slot *s, bench_timing *timing, unsigned repeat)
{
    stopwatch watch;
    sdv_err err = SDV_OK;

    start(&watch, s);
    for (unsigned i = 0; i < TRANSFERS && err == SDV_OK; i++) {
        err = sdv_card_read(&s->card, i * BLOCKS, BLOCKS, got);
    }
    stop(&watch, s, timing, repeat);
    timing->sectors = TRANSFERS * BLOCKS;
    if (err == SDV_OK && memcmp(wrote, got, sizeof(got)) != 0) {
        err = SDV_ERR_DATA_CRC; /* speed is worth nothing then */
    }
    return err;
}

static void idle(slot *s, bench_timing *timing, unsigned repeat)
{
    stopwatch watch;

    start(&watch, s);
    sdv_sim_run(s->sim, IDLE_CLOCKS);
    stop(&watch, s, timing, repeat);
}

/* Builds take turns, so that a disturbance meets all of them. */
static sdv_err run_all(bench_figures *figures, slot slots[SLOTS])
{
    sdv_err err = SDV_OK;

    for (unsigned repeat = 0; repeat < BENCH_REPEATS; repeat++) {
        for (unsigned b = 0; b < BENCH_BUILDS && err == SDV_OK; b++) {
            bench_timing *const timing = figures->timing[b];

            err = write_all(&slots[2 * b], &timing[BENCH_WRITE], repeat);
            if (err == SDV_OK) {
                err = read_all(&slots[2 * b], &timing[BENCH_READ], repeat);
            }
            idle(&slots[2 * b + 1], &timing[BENCH_IDLE], repeat);
        }
    }
    return err;
}

/* see bench.h */
sdv_err bench_measure(bench_figures *figures, const char *dir,
                      const char **what)
{
    slot slots[SLOTS];
    uint64_t random = 1;
    sdv_err err = SDV_OK;

    memset(figures, 0, sizeof(*figures));
    memset(slots, 0, sizeof(slots));
    for (size_t i = 0; i < sizeof(wrote); i++) {
        wrote[i] = (uint8_t)sdv_random(&random);
    }
    for (unsigned i = 0; i < SLOTS && err == SDV_OK; i++) {
        err = open_slot(&slots[i], dir, i);
        *what = bench_build_names[i / 2];
    }
    if (err == SDV_OK) {
        figures->identified = sdv_sim_clocks(slots[0].sim);
        err = run_all(figures, slots);
        *what = "a transfer";
    }
    for (unsigned i = 0; i < SLOTS; i++) {
        close_slot(&slots[i]);
    }
    return err;
}
