/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bitbang.h
 * @brief An SD host that moves the pins of a bare card bit by bit.
 *
 * Stands for other people's hosts: it launches on either edge of CLK, divides
 * the base clock as it likes, and samples at the rising edge.
 */
#ifndef SDV_TEST_BITBANG_H
#define SDV_TEST_BITBANG_H

#include <stddef.h>

#include <sdvault/sim.h>

typedef struct bitbang {
    sdv_pins *pins;
    unsigned divisor; /* base clocks of a CLK period, even; 0: CLK is base */
    bool falling;     /* launch at the falling edge of CLK */
    unsigned lines;   /* 1 or 4 */
    sdv_pins_host out;
    bool cmd; /* as sampled at the last rising edge */
    uint8_t dat;
    unsigned moves[2]; /* changes of CMD while CLK was low, high, and the host
                          did not drive it */
} bitbang;

/** Lengths of responses, in bits. */
enum { BB_NONE = 0, BB_SHORT = 48, BB_LONG = 136 };

/** One period of CLK with all lines released. */
void bb_idle(bitbang *bb, unsigned clocks);

/**
 * Send a command and take its response.
 *
 * @param[out] response  its bits 39:8; of a long one bits 127:96; may be NULL
 *
 * @return clocks between the end of the command and the start of the
 *         response, -1 when none comes within 64
 */
int bb_command(bitbang *bb, unsigned index, uint32_t argument, unsigned bits,
               uint32_t *response);

/** CMD55 and the command. */
int bb_app_command(bitbang *bb, uint16_t rca, unsigned index, uint32_t argument,
                   unsigned bits, uint32_t *response);

/** Take a data block.  @return is it there, with right CRCs and end bits? */
bool bb_read(bitbang *bb, uint8_t *data, size_t bytes);

/** Send a block of 512 bytes.  @return CRC status, 2 = taken, -1 = none */
int bb_write(bitbang *bb, const uint8_t *data);

/** Wait while DAT0 is low.  @return clocks, -1 when it stays low for 100,000 */
int bb_busy(bitbang *bb);

#endif /* SDV_TEST_BITBANG_H */
