/* SPDX-License-Identifier: Apache-2.0 */
/* CRC7 and CRC16 of the RTL against published values. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "unit.h"

static unit *top;

static void make(void)
{
    top = unit_new(1);
}

static void drop(void)
{
    unit_free(&top);
}

TestSuite(crc, .init = make, .fini = drop);

static void clear(void)
{
    const struct unit_in in = {.crc_clear = true};
    unit_clock(top, true, false, &in);
}

static uint8_t crc7(const uint8_t *bytes, size_t len)
{
    struct unit_in in = {.crc7_step = true};
    clear();
    for (size_t bit = 0; bit < 8 * len; bit++) {
        in.crc7_bit = (bytes[bit / 8] >> (7 - bit % 8)) & 1;
        unit_clock(top, true, false, &in);
    }
    return unit_look(top, &in).crc7;
}

/* Send the same bytes on all lines, or on one and zeros on the others. */
static uint64_t crc16x4(const uint8_t *bytes, size_t len, uint8_t lines)
{
    struct unit_in in = {.crc16_step = true};
    clear();
    for (size_t bit = 0; bit < 8 * len; bit++) {
        const bool one = (bytes[bit / 8] >> (7 - bit % 8)) & 1;
        in.crc16_data = one ? lines : 0;
        unit_clock(top, true, false, &in);
    }
    return unit_look(top, &in).crc16;
}

/* The CRC16 of one line out of the interleaved register. */
static uint16_t of_line(uint64_t crc, unsigned line)
{
    uint16_t value = 0;
    for (unsigned bit = 0; bit < 16; bit++) {
        value |= (uint16_t)(((crc >> (4 * bit + line)) & 1) << bit);
    }
    return value;
}

Test(crc, crc7_of_tokens_is_the_published_one)
{
    static const struct {
        uint8_t token[5];
        uint8_t last; /* CRC7 and end bit */
    } cases[] = {
        {{0x40, 0, 0, 0, 0}, 0x95},       /* CMD0 */
        {{0x48, 0, 0, 0x01, 0xAA}, 0x87}, /* CMD8 */
        {{0x77, 0, 0, 0, 0}, 0x65},       /* CMD55 */
        {{0x69, 0x40, 0, 0, 0}, 0x77},    /* ACMD41, HCS */
        {{0x51, 0, 0, 0, 0}, 0x55},       /* CMD17 */
        {{0x7A, 0, 0, 0, 0}, 0xFD},       /* CMD58 */
        {{0x42, 0, 0, 0, 0}, 0x4D},       /* CMD2 */
        {{0x11, 0, 0, 0x09, 0}, 0x67},    /* R1 of CMD17 */
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const uint8_t crc = crc7(cases[i].token, 5);
        cr_assert(eq(u8, (uint8_t)(crc << 1 | 1), cases[i].last), "case %zu",
                  i);
    }
}

Test(crc, crc7_notices_every_flipped_bit)
{
    uint8_t token[5] = {0x51, 0x12, 0x34, 0x56, 0x78};
    const uint8_t good = crc7(token, 5);
    for (unsigned bit = 0; bit < 40; bit++) {
        token[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
        cr_assert(ne(u8, crc7(token, 5), good), "bit %u", bit);
        token[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
    }
}

static void expect16(const uint8_t *bytes, size_t len, uint16_t want)
{
    const uint64_t all = crc16x4(bytes, len, 0xF);
    for (unsigned line = 0; line < 4; line++) {
        cr_assert(eq(u16, of_line(all, line), want), "line %u", line);
    }
}

Test(crc, crc16_of_blocks_is_the_published_one)
{
    uint8_t block[512];
    memset(block, 0xFF, sizeof(block));
    expect16(block, sizeof(block), 0x7FA1);
    memset(block, 0, sizeof(block));
    expect16(block, sizeof(block), 0x0000);
    for (size_t i = 0; i < sizeof(block); i++) {
        block[i] = (uint8_t)i;
    }
    expect16(block, sizeof(block), 0x40DA);
    expect16((const uint8_t *)"123456789", 9, 0x31C3);
}

Test(crc, the_four_lines_do_not_touch_each_other)
{
    const uint8_t *text = (const uint8_t *)"123456789";
    for (unsigned line = 0; line < 4; line++) {
        const uint64_t crc = crc16x4(text, 9, (uint8_t)(1u << line));
        for (unsigned other = 0; other < 4; other++) {
            const uint16_t want = other == line ? 0x31C3 : 0;
            cr_assert(eq(u16, of_line(crc, other), want), "%u %u", line, other);
        }
    }
}
