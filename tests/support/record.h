/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file record.h
 * @brief Runs of a slot that are written down step by step, and compared.
 *
 * Two runs of the same steps are equal when all counters, results and data
 * are, after every step, and the transcript of the bus and the image at the
 * end.  What costs no simulated time (the evaluations) is not compared.
 */
#ifndef SDV_TEST_RECORD_H
#define SDV_TEST_RECORD_H

#include "slot.h"

#define RECORD_BLOCKS 6    /* blocks of the longest transfer */
#define RECORD_MOMENTS 400 /* steps of the longest run */

/** What can be seen of a slot after a step. */
typedef struct moment {
    const char *what;
    sdv_clocks clocks;
    sdv_err result;
    uint64_t data; /* hash of what was read */
} moment;

/** A whole run. */
typedef struct record {
    moment moments[RECORD_MOMENTS];
    size_t count;
    size_t good; /* steps that worked */
    uint64_t image;
    char *log;
    size_t log_size;
    uint8_t wrote[512 * RECORD_BLOCKS]; /* what writes write */
    uint8_t got[512 * RECORD_BLOCKS];   /* where reads read to */
} record;

/** How a run is set up. */
typedef struct variant {
    char name[16]; /* a test gets a copy: no pointer */
    slot_param param;
    bool default_speed;
    uint32_t core_hz;
    sdv_latency latency;
} variant;

/** The steps of a run, marked one by one; `seed` may choose them. */
typedef void play(slot *s, record *r, uint64_t seed);

/** Write down how the slot is after a step. */
void record_mark(slot *s, record *r, const char *what, sdv_err result);

/** Run it from power-up to power-off; record_drop() frees what it holds. */
void record_play(record *r, play *what, const variant *v, bool no_skip,
                 uint64_t seed);

/** The last step. */
const moment *record_end(const record *r);

/** The test fails, with this name, unless both are equal. */
void record_expect_equal(const record *a, const record *b, const char *about);

/** Free what a record holds. */
void record_drop(record *r);

#endif /* SDV_TEST_RECORD_H */
