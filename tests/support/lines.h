/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file lines.h
 * @brief Lines of the EEPROM as tests read and craft them in the image.
 *
 * Craft them only while the card has no power: what it has read it believes.
 */
#ifndef SDV_TEST_LINES_H
#define SDV_TEST_LINES_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/image.h>
#include <sdvault/spec.h>

/** A license line; of a line of the system only `sequence` and `value`. */
typedef struct line {
    uint32_t sequence;
    uint8_t state, slot, bank, flags;
    uint8_t id[16];
    uint32_t value;
    uint32_t generation;
    uint32_t spent;
    uint32_t made;
    uint64_t transaction;
    uint64_t body_tag;
} line;

/** Read one copy; false: its CRC is wrong. */
bool line_copy(sdv_image *image, unsigned number, unsigned copy, line *l);

/** Read the truth; a defect line fails the test. */
line line_truth(sdv_image *image, unsigned number);

/** The copy that is the truth; 2: none. */
unsigned line_true_copy(sdv_image *image, unsigned number);

/** Write one copy with a right CRC. */
void line_write(sdv_image *image, unsigned number, unsigned copy,
                const line *l);

/** Make the CRC of a copy wrong. */
void line_break(sdv_image *image, unsigned number, unsigned copy);

/** The number of the lowest line with this id; 256: none. */
unsigned line_of(sdv_image *image, const uint8_t id[16]);

#endif /* SDV_TEST_LINES_H */
