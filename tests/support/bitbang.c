/* SPDX-License-Identifier: Apache-2.0 */
/* See bitbang.h. */
#include "bitbang.h"

enum { RESPONSE_LIMIT = 64, DATA_LIMIT = 5000, BUSY_LIMIT = 100000, GAP = 8 };

/* What the host launches in one CLK period. */
struct launch {
    bool cmd, cmd_oe;
    uint8_t dat, dat_oe;
};

static const struct launch released = {true, false, 0xF, 0};

static void apply(bitbang *bb, const struct launch *launch)
{
    bb->out.cmd = launch->cmd;
    bb->out.cmd_oe = launch->cmd_oe;
    bb->out.dat = launch->dat;
    bb->out.dat_oe = launch->dat_oe;
}

/* Half a period: one step of half a base clock at divisor 0. */
static void half(bitbang *bb)
{
    const unsigned steps = bb->divisor == 0 ? 1 : bb->divisor;
    bool before;
    bool after;
    uint8_t dat;

    sdv_pins_get(bb->pins, &before, &dat);
    sdv_pins_set(bb->pins, &bb->out);
    for (unsigned i = 0; i < steps; i++) {
        sdv_pins_step(bb->pins);
    }
    sdv_pins_get(bb->pins, &after, &dat);
    if (before != after && !bb->out.cmd_oe) {
        bb->moves[bb->out.clk]++;
    }
}

/* One period of CLK: sample, rise, fall, and launch at one of the edges. */
static void clock_once(bitbang *bb, const struct launch *launch)
{
    sdv_pins_get(bb->pins, &bb->cmd, &bb->dat);
    bb->out.clk = true;
    if (!bb->falling) {
        apply(bb, launch);
    }
    half(bb);
    bb->out.clk = false;
    if (bb->falling) {
        apply(bb, launch);
    }
    half(bb);
}

void bb_idle(bitbang *bb, unsigned clocks)
{
    while (clocks-- > 0) {
        clock_once(bb, &released);
    }
}

static unsigned crc7(unsigned crc, unsigned bit)
{
    const unsigned feedback = ((crc >> 6) ^ bit) & 1u;

    return ((crc << 1) & 0x7Fu) ^ (feedback != 0 ? 0x09u : 0u);
}

static unsigned crc16(unsigned crc, unsigned bit)
{
    const unsigned feedback = ((crc >> 15) ^ bit) & 1u;

    return ((crc << 1) & 0xFFFFu) ^ (feedback != 0 ? 0x1021u : 0u);
}

static void send_command(bitbang *bb, unsigned index, uint32_t argument)
{
    uint64_t frame = (uint64_t)(0x40u | index) << 32 | argument;
    unsigned crc = 0;

    for (int i = 39; i >= 0; i--) {
        crc = crc7(crc, (unsigned)(frame >> i) & 1u);
    }
    frame = frame << 8 | crc << 1 | 1u;
    for (int i = 47; i >= 0; i--) {
        const struct launch launch = {
            .cmd = (frame >> i) & 1u, .cmd_oe = true, .dat = 0xF};

        clock_once(bb, &launch);
    }
}

int bb_command(bitbang *bb, unsigned index, uint32_t argument, unsigned bits,
               uint32_t *response)
{
    uint64_t head = 0; /* the first 40 bits */
    int wait = -1;

    bb_idle(bb, GAP);
    send_command(bb, index, argument);
    clock_once(bb, &released); /* samples the end bit of the command */
    if (bits == BB_NONE) {
        return -1;
    }
    do {
        clock_once(bb, &released);
        wait++;
    } while (bb->cmd && wait <= RESPONSE_LIMIT);
    if (bb->cmd) {
        return -1;
    }
    for (unsigned i = 1; i < bits; i++) {
        clock_once(bb, &released);
        if (i < 40) {
            head = head << 1 | bb->cmd;
        }
    }
    if (response != NULL) {
        *response = (uint32_t)head;
    }
    return bb->cmd ? wait : -1; /* the end bit is 1 */
}

int bb_app_command(bitbang *bb, uint16_t rca, unsigned index, uint32_t argument,
                   unsigned bits, uint32_t *response)
{
    if (bb_command(bb, 55, (uint32_t)rca << 16, BB_SHORT, NULL) < 0) {
        return -1;
    }
    return bb_command(bb, index, argument, bits, response);
}

/* Sample bits of one line, or of four, into a byte of data. */
static uint8_t take_byte(bitbang *bb, unsigned crc[4])
{
    unsigned byte = 0;

    for (unsigned bit = 0; bit < 8; bit += bb->lines) {
        clock_once(bb, &released);
        byte = byte << bb->lines | (bb->lines == 4 ? bb->dat : bb->dat & 1u);
        for (unsigned line = 0; line < bb->lines; line++) {
            crc[line] = crc16(crc[line], (bb->dat >> line) & 1u);
        }
    }
    return (uint8_t)byte;
}

bool bb_read(bitbang *bb, uint8_t *data, size_t bytes)
{
    const uint8_t mask = bb->lines == 4 ? 0xF : 1;
    unsigned crc[4] = {0};
    unsigned wait = 0;

    do {
        clock_once(bb, &released);
    } while ((bb->dat & 1u) != 0 && wait++ < DATA_LIMIT);
    if ((bb->dat & mask) != 0) {
        return false;
    }
    for (size_t i = 0; i < bytes; i++) {
        data[i] = take_byte(bb, crc);
    }
    for (unsigned i = 0; i < 16; i++) { /* a CRC over itself leaves 0 */
        clock_once(bb, &released);
        for (unsigned line = 0; line < bb->lines; line++) {
            crc[line] = crc16(crc[line], (bb->dat >> line) & 1u);
        }
    }
    clock_once(bb, &released);
    return (bb->dat & mask) == mask && (crc[0] | crc[1] | crc[2] | crc[3]) == 0;
}

/* Launch one bit on each line in use. */
static void put(bitbang *bb, uint8_t dat)
{
    const uint8_t mask = bb->lines == 4 ? 0xF : 1;
    const struct launch launch = {.cmd = true, .dat = dat, .dat_oe = mask};

    clock_once(bb, &launch);
}

static void put_block(bitbang *bb, const uint8_t *data)
{
    const unsigned mask = bb->lines == 4 ? 0xFu : 1u;
    unsigned crc[4] = {0};

    put(bb, 0);
    for (unsigned at = 0; at < 512 * 8; at += bb->lines) {
        const unsigned shift = 8 - bb->lines - at % 8;
        const unsigned bits = ((unsigned)data[at / 8] >> shift) & mask;

        put(bb, (uint8_t)bits);
        for (unsigned line = 0; line < bb->lines; line++) {
            crc[line] = crc16(crc[line], (bits >> line) & 1u);
        }
    }
    for (int i = 15; i >= 0; i--) {
        put(bb, (uint8_t)((crc[0] >> i & 1u) | (crc[1] >> i & 1u) << 1 |
                          (crc[2] >> i & 1u) << 2 | (crc[3] >> i & 1u) << 3));
    }
    put(bb, 0xF);
}

int bb_write(bitbang *bb, const uint8_t *data)
{
    unsigned wait = 0;
    unsigned status = 0;

    bb_idle(bb, GAP);
    put_block(bb, data);
    clock_once(bb, &released); /* samples the end bit of the block */
    do {
        clock_once(bb, &released);
    } while ((bb->dat & 1u) != 0 && wait++ < RESPONSE_LIMIT);
    if ((bb->dat & 1u) != 0) {
        return -1;
    }
    for (unsigned i = 0; i < 3; i++) {
        clock_once(bb, &released);
        status = status << 1 | (bb->dat & 1u);
    }
    clock_once(bb, &released); /* end bit */
    return (bb->dat & 1u) != 0 ? (int)status : -1;
}

int bb_busy(bitbang *bb)
{
    int clocks = 0;

    clock_once(bb, &released);
    while ((bb->dat & 1u) == 0) {
        if (clocks++ == BUSY_LIMIT) {
            return -1;
        }
        clock_once(bb, &released);
    }
    return clocks;
}
