/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bench.h
 * @brief What `make bench` measures.  Page: docs/performance.md.
 */
#ifndef SDV_BENCH_H
#define SDV_BENCH_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include <sdvault/sim.h>

enum {
    BENCH_REPEATS = 7, /* of everything that takes time */
    BENCH_STARTS = 15, /* of the command line tool */
    BENCH_BUILDS = 2
};

/** What a slot is doing while it is timed. */
typedef enum {
    BENCH_WRITE,
    BENCH_READ,
    BENCH_IDLE, /* SDCLK runs, nothing moves, no clock is skipped */
    BENCH_PHASES
} bench_phase;

/** One phase of one build; the counts are the same in every repeat. */
typedef struct bench_timing {
    double wall_s[BENCH_REPEATS];
    double cpu_s[BENCH_REPEATS];
    uint64_t sectors;
    sdv_clocks clocks;
} bench_timing;

/** What a clock of a secure command is spent on. */
typedef enum {
    BENCH_IN,     /* the token on the wires */
    BENCH_APDU,   /* checks, decisions, copies */
    BENCH_EEPROM, /* lines */
    BENCH_FLASH,  /* bodies */
    BENCH_KDF,
    BENCH_SIV, /* its CMAC and its CTR */
    BENCH_DRBG,
    BENCH_OUT, /* the answer on the wires */
    BENCH_PARTS
} bench_part;

/** The secure commands that are measured. */
enum { BENCH_IMPORT, BENCH_EXPORT, BENCH_SECURES };

/** Base clocks of one of them. */
typedef struct bench_secure {
    uint64_t clocks[BENCH_PARTS];
} bench_secure;

/** All figures. */
typedef struct bench_figures {
    bench_timing timing[BENCH_BUILDS][BENCH_PHASES]; /* fast, assert */
    sdv_clocks identified; /* counters of a slot when its card is ready */
    double start_ms[BENCH_STARTS];
    bench_secure secure[2][BENCH_SECURES]; /* latency 0 and real */
} bench_figures;

extern const char *const bench_build_names[BENCH_BUILDS];
extern const char *const bench_phase_names[BENCH_PHASES];
extern const char *const bench_part_names[BENCH_PARTS];

/**
 * Measure everything but the start of the tool.
 *
 * @param dir  for the images, which are removed again
 * @param[out] what  what failed, when something did
 */
sdv_err bench_measure(bench_figures *figures, const char *dir,
                      const char **what);

/** Measure the secure commands, as bench_measure(). */
sdv_err bench_measure_secure(bench_figures *figures, const char *dir,
                             const char **what);

/**
 * Run `TOOL card info IMAGE` as often as it takes.
 * @return false when it cannot be run or fails
 */
bool bench_measure_start(bench_figures *figures, const char *dir, char *tool);

/** Show the figures to a person. */
void bench_show(const bench_figures *figures, FILE *to);

/** The part of it that is about secure commands. */
void bench_show_secure(const bench_figures *figures, FILE *to);

/** A member of the JSON object, with its comma. */
void bench_write_secure(const bench_figures *figures, FILE *to);

/** The same as JSON. */
void bench_write_json(const bench_figures *figures, FILE *to);

/** Whether the limits in clocks are kept; seconds depend on the machine. */
bool bench_clocks_met(const bench_figures *figures);

#endif /* SDV_BENCH_H */
