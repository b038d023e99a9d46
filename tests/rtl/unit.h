/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file unit.h
 * @brief The unit top from C: pins as a struct, two clocks to pulse.
 */
#ifndef SDV_TEST_UNIT_H
#define SDV_TEST_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct unit unit;

/** Pins of sdv_unit_top; the names without their endings. */
struct unit_in {
    bool crc_clear, crc7_step, crc7_bit, crc16_step;
    uint8_t crc16_data;
    bool level, send;
    uint32_t message;
    bool we, commit, release;
    uint8_t wr_idx, rd_idx;
    uint32_t wr_data;
};

struct unit_out {
    uint8_t crc7;
    uint64_t crc16;
    bool level, valid, free, avail;
    uint32_t message, rd_data;
};

/** A unit top after reset. */
unit *unit_new(uint64_t seed);
void unit_free(unit **unit);

/** One rising edge of clock a, of clock b, or of both at once. */
void unit_clock(unit *unit, bool a, bool b, const struct unit_in *in);

/** Levels of the outputs for these inputs. */
struct unit_out unit_look(unit *unit, const struct unit_in *in);

#ifdef __cplusplus
}
#endif

#endif /* SDV_TEST_UNIT_H */
