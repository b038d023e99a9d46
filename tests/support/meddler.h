/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file meddler.h
 * @brief A register window between driver and slot that meddles with time.
 *
 * Direct kernel only: it stops SDCLK at random moments while the driver waits,
 * or lets the host fall silent at a chosen base clock.
 */
#ifndef SDV_TEST_MEDDLER_H
#define SDV_TEST_MEDDLER_H

#include "slot.h"

typedef struct meddler {
    sdv_mmio mmio;
    const sdv_mmio *real;
    sdv_sim *sim;
    uint64_t random;
    bool stops;         /* stop SDCLK now and then */
    unsigned stopped;   /* how often it was */
    uint32_t late;      /* base clocks that the host takes after each event */
    uint64_t silent_at; /* base clock; 0: never */
    bool silent;        /* nothing reaches the slot any more */
} meddler;

/** Put it between the driver of the slot and its registers. */
void meddler_install(meddler *m, slot *s, uint64_t seed);

/** Let the host fall silent after so many base clocks. */
void meddler_silence(meddler *m, uint64_t clocks);

/** Give the host its voice back; its lines are reset, the card's are not. */
void meddler_resume(meddler *m);

#endif /* SDV_TEST_MEDDLER_H */
