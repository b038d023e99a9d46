/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define R1(state) ((uint32_t)(state) << 9 | SDV_STATUS_READY_FOR_DATA)
#define OCR_READY 0x80FF8000u
#define OCR_CCS 0x40000000u

/* see wire.h */
void wire_open(wire *w, const char *path)
{
    memset(w, 0, sizeof(*w));
    w->lines = 1;
    w->last_cmd = true;
    w->last_dat = 0xF;
    cr_assert(eq(int, sdv_monitor_open(path, &w->monitor), SDV_OK));
    wire_idle(w, 80);
}

/* see wire.h */
void wire_close(wire *w)
{
    sdv_monitor_close(&w->monitor);
}

/* see wire.h */
uint64_t wire_violations(const wire *w)
{
    return sdv_monitor_counted(w->monitor).violations;
}

/* see wire.h */
const char *wire_first(const wire *w)
{
    return sdv_monitor_first_violation(w->monitor);
}

/* see wire.h */
void wire_clock(wire *w, bool cmd, uint8_t dat)
{
    const sdv_monitor_pins pins = {++w->clock, cmd, dat};

    if (!w->sparse || cmd != w->last_cmd || dat != w->last_dat) {
        sdv_monitor_clock(w->monitor, &pins);
    }
    w->last_cmd = cmd;
    w->last_dat = dat;
}

/* see wire.h */
void wire_idle(wire *w, unsigned clocks)
{
    wire_low(w, clocks, 0);
}

/* see wire.h */
void wire_low(wire *w, unsigned clocks, uint8_t lines)
{
    for (unsigned i = 0; i < clocks; i++) {
        wire_clock(w, true, (uint8_t)(0xF & ~lines));
    }
}

/* ---- CMD ---- */

static unsigned bit_of(const uint8_t *bytes, unsigned bit)
{
    return (unsigned)(bytes[bit / 8] >> (7 - bit % 8)) & 1u;
}

/* Polynomial division by x^7 + x^3 + 1, a bit at a time. */
static unsigned crc7(const uint8_t *bytes, unsigned bits)
{
    unsigned rest = 0;

    for (unsigned i = 0; i < bits + 7; i++) {
        rest = rest << 1 | (i < bits ? bit_of(bytes, i) : 0);
        if ((rest & 0x80u) != 0) {
            rest ^= 0x89u;
        }
    }
    return rest;
}

static void send_bits(wire *w, const uint8_t *bytes, unsigned bits)
{
    for (unsigned i = 0; i < bits; i++) {
        wire_clock(w, bit_of(bytes, i) != 0, (uint8_t)(0xF & ~w->held));
    }
}

static void send_frame(wire *w, unsigned head, uint32_t content,
                       wire_fault fault)
{
    uint8_t frame[6] = {(uint8_t)head, (uint8_t)(content >> 24),
                        (uint8_t)(content >> 16), (uint8_t)(content >> 8),
                        (uint8_t)content};

    frame[5] = (uint8_t)(crc7(frame, 40) << 1 | 1u);
    frame[5] ^= fault == WIRE_BAD_CRC ? 0x10u : 0u;
    frame[5] ^= fault == WIRE_NO_END_BIT ? 1u : 0u;
    send_bits(w, frame, 48);
}

/* see wire.h */
void wire_command(wire *w, unsigned index, uint32_t argument, wire_fault fault)
{
    send_frame(w, 0x40u | index, argument, fault);
}

/* see wire.h */
void wire_response(wire *w, unsigned index, uint32_t content, wire_fault fault)
{
    send_frame(w, index, content, fault);
}

/* see wire.h */
void wire_r2(wire *w, const uint8_t reg[16], wire_fault fault)
{
    uint8_t frame[17] = {0x3F};

    memcpy(frame + 1, reg, 15);
    frame[16] = (uint8_t)(crc7(frame + 1, 120) << 1 | 1u);
    frame[16] ^= fault == WIRE_BAD_CRC ? 0x10u : 0u;
    send_bits(w, frame, 136);
}

/* see wire.h */
void wire_r3(wire *w, uint32_t content)
{
    const uint8_t frame[6] = {0x3F,
                              (uint8_t)(content >> 24),
                              (uint8_t)(content >> 16),
                              (uint8_t)(content >> 8),
                              (uint8_t)content,
                              0xFF};

    send_bits(w, frame, 48);
}

/* see wire.h */
void wire_exchange(wire *w, unsigned index, uint32_t argument, uint32_t content)
{
    wire_idle(w, 8);
    wire_command(w, index, argument, WIRE_GOOD);
    wire_idle(w, 5);
    wire_response(w, index, content, WIRE_GOOD);
}

/* ---- DAT ---- */

/* A CRC16 by division, of one line: every `step`-th bit from `first` on. */
static unsigned crc16(const uint8_t *bytes, size_t bits, unsigned first,
                      unsigned step)
{
    unsigned rest = 0;

    for (size_t i = first; i < bits + 16 * (size_t)step; i += step) {
        rest = rest << 1 | (i < bits ? bit_of(bytes, (unsigned)i) : 0);
        if ((rest & 0x10000u) != 0) {
            rest ^= 0x11021u;
        }
    }
    return rest;
}

/* One clock of a block: bit `i` of each line in use. */
static uint8_t levels(const wire *w, const uint8_t *bytes, size_t i)
{
    if (w->lines == 1) {
        return (uint8_t)(0xE | bit_of(bytes, (unsigned)i));
    }
    return (uint8_t)(i % 2 == 0 ? bytes[i / 2] >> 4 : bytes[i / 2] & 0xF);
}

static uint8_t crc_levels(const wire *w, const unsigned crc[4], unsigned bit)
{
    uint8_t dat = 0xF;

    for (unsigned line = 0; line < w->lines; line++) {
        if ((crc[line] >> (15 - bit) & 1u) == 0) {
            dat &= (uint8_t) ~(1u << line);
        }
    }
    return dat;
}

/* see wire.h */
void wire_block(wire *w, size_t len, wire_fault fault)
{
    const size_t bits = len * 8;
    const size_t clocks = bits / w->lines;
    const uint8_t idle = w->lines == 1 ? 0xE : 0;
    uint8_t bytes[512];
    unsigned crc[4] = {0};

    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(i * 7 + 3);
    }
    for (unsigned line = 0; line < w->lines; line++) {
        crc[line] = crc16(bytes, bits, w->lines - 1 - line, w->lines);
    }
    crc[0] ^= fault == WIRE_BAD_CRC ? 1u : 0u;
    wire_clock(w, true, idle);
    for (size_t i = 0; i < clocks; i++) {
        if (fault == WIRE_CUT && i > clocks / 2) {
            return;
        }
        wire_clock(w, true, levels(w, bytes, i));
    }
    for (unsigned i = 0; i < 16; i++) {
        wire_clock(w, true, crc_levels(w, crc, i));
    }
    wire_clock(w, true, fault == WIRE_NO_END_BIT ? idle : 0xF);
}

/* see wire.h */
void wire_token(wire *w, unsigned bits)
{
    wire_clock(w, true, 0xE);
    for (int i = 2; i >= 0; i--) {
        wire_clock(w, true, (uint8_t)(0xE | (bits >> i & 1u)));
    }
    wire_clock(w, true, 0xF);
}

/* see wire.h */
void wire_identify(wire *w, bool high_capacity)
{
    const uint8_t cid[16] = "SDVDVBL";

    wire_idle(w, 8);
    wire_command(w, 0, 0, WIRE_GOOD);
    wire_exchange(w, 8, 0x1AA, 0x1AA);
    wire_exchange(w, 55, 0, R1(SDV_STATE_IDLE) | SDV_STATUS_APP_CMD);
    wire_idle(w, 8);
    wire_command(w, 41, 0x40FF8000, WIRE_GOOD);
    wire_idle(w, 5);
    wire_r3(w, OCR_READY | (high_capacity ? OCR_CCS : 0));
    wire_idle(w, 8);
    wire_command(w, 2, 0, WIRE_GOOD);
    wire_idle(w, 5);
    wire_r2(w, cid, WIRE_GOOD);
    wire_exchange(w, 3, 0, 0x00010000u | R1(SDV_STATE_IDENT));
    wire_exchange(w, 7, 0x00010000, R1(SDV_STATE_STBY));
}
