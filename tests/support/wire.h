/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file wire.h
 * @brief Hand-made bit streams for the bus monitor.
 *
 * Every function plays some clocks; lines that it does not name are high.
 */
#ifndef SDV_TEST_WIRE_H
#define SDV_TEST_WIRE_H

#include <stddef.h>

#include "monitor.h"

typedef struct wire {
    sdv_monitor *monitor;
    uint64_t clock;
    bool sparse;    /* leave out clocks on which no line changes */
    unsigned lines; /* that blocks use */
    uint8_t held;   /* DAT lines that are low while frames go */
    bool last_cmd;
    uint8_t last_dat;
} wire;

/** What is wrong with a frame or a block. */
typedef enum {
    WIRE_GOOD,
    WIRE_BAD_CRC,
    WIRE_NO_END_BIT,
    WIRE_CUT /* a block: it ends after half of its payload */
} wire_fault;

/** A monitor of its own; the transcript goes to `path`, NULL for none. */
void wire_open(wire *w, const char *path);
void wire_close(wire *w);

uint64_t wire_violations(const wire *w);
const char *wire_first(const wire *w);

/** Both lines at given levels. */
void wire_clock(wire *w, bool cmd, uint8_t dat);
void wire_idle(wire *w, unsigned clocks);
void wire_low(wire *w, unsigned clocks, uint8_t lines);

/** Frames, without the gap before them. */
void wire_command(wire *w, unsigned index, uint32_t argument, wire_fault fault);
void wire_response(wire *w, unsigned index, uint32_t content, wire_fault fault);
void wire_r2(wire *w, const uint8_t reg[16], wire_fault fault);
void wire_r3(wire *w, uint32_t content);

/** A command and its answer with the usual gaps: 8 and 5 clocks. */
void wire_exchange(wire *w, unsigned index, uint32_t argument,
                   uint32_t content);

/** A block of `len` bytes on the lines in use. */
void wire_block(wire *w, size_t len, wire_fault fault);

/** CRC status of three bits. */
void wire_token(wire *w, unsigned bits);

/** Bring a card of the given kind to tran: RCA 1. */
void wire_identify(wire *w, bool high_capacity);

#endif /* SDV_TEST_WIRE_H */
