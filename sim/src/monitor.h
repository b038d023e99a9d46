/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file monitor.h
 * @brief A monitor of the SD bus, on the wires only.
 *
 * It sees what a logic analyser sees: CMD and DAT at each rising edge of CLK.
 * It decodes commands, responses and data, checks them against the rules of
 * the bus, and writes a transcript in words (docs/monitor.md).
 */
#ifndef SDV_MONITOR_H
#define SDV_MONITOR_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/error.h>

typedef struct sdv_monitor sdv_monitor;

/** The levels of the bus as a receiver samples them at a rising edge. */
typedef struct sdv_monitor_pins {
    uint64_t clock; /* number of this SD clock; grows from call to call */
    bool cmd;
    uint8_t dat; /* one bit a line */
} sdv_monitor_pins;

/** What a monitor has counted; all from the open. */
typedef struct sdv_monitor_counts {
    uint64_t commands; /* with a right CRC */
    uint64_t responses;
    uint64_t blocks;     /* of data, either way */
    uint64_t bad_crc;    /* commands and blocks of the host with a wrong CRC */
    uint64_t violations; /* broken rules */
    uint64_t pin_hash;   /* of every change of a line and its clock number */
} sdv_monitor_counts;

/**
 * Make a monitor; the bus is idle and the card has just got power.
 *
 * @param path  transcript to write; NULL: check only
 * @param[out] monitor  the new monitor; NULL on error
 *
 * @retval SDV_ERR_IO         the transcript cannot be written
 * @retval SDV_ERR_NO_MEMORY  as it says
 */
SDV_MUST_CHECK sdv_err sdv_monitor_open(const char *path,
                                        sdv_monitor **monitor);

/** Write the summary, close the transcript and free; sets *monitor to NULL. */
void sdv_monitor_close(sdv_monitor **monitor);

/**
 * One rising edge of the SD clock.
 *
 * Clock numbers that are left out between two calls are clocks with the
 * levels of the call before: a kernel that skips dead time need not make them
 * up.
 */
void sdv_monitor_clock(sdv_monitor *monitor, const sdv_monitor_pins *pins);

/** The card has lost its power in this SD clock: forget what it was doing. */
void sdv_monitor_reset(sdv_monitor *monitor, uint64_t clock);

/** What it has seen so far. */
sdv_monitor_counts sdv_monitor_counted(const sdv_monitor *monitor);

/** The first broken rule in words, with its clock; "" when there is none. */
const char *sdv_monitor_first_violation(const sdv_monitor *monitor);

#endif /* SDV_MONITOR_H */
