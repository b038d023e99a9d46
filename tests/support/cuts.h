/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cuts.h
 * @brief Every state in which a power cut can leave the bytes of a card.
 *
 * What survives a cut is the secure flash, the EEPROM and the OTP.  They
 * change only while a storage operation runs; so the states are those between
 * two operations, and, for each operation, what each word in flight may have
 * become: what it was, what it was to be, or garbage.  A recording of one run
 * gives them all, without running it once for each clock.
 */
#ifndef SDV_TEST_CUTS_H
#define SDV_TEST_CUTS_H

#include "story.h"

/** A recording of what a card's storage went through. */
typedef struct cuts cuts;

/** What a story's card must be like after a cut, and what must work then. */
typedef void cuts_check(void *context, story_card *card);

/** Numbers for the report. */
typedef struct cuts_count {
    uint64_t clocks; /* at which the power can go */
    uint64_t cuts;   /* clocks, times the variants at that clock */
    uint64_t states; /* distinct ones among them; each was booted */
    uint64_t changes;
} cuts_count;

/** Begin to record; the card is in the state before. */
cuts *cuts_record(story_card *card);

/** The recorded command is done. */
void cuts_stop(cuts *record);

/**
 * Boot every distinct state once, on the files of the card, whose slot has
 * been left, and let `check` look at it.  Frees the recording.
 */
cuts_count cuts_check_all(cuts *record, story_card *card, cuts_check *check,
                          void *context);

#endif /* SDV_TEST_CUTS_H */
