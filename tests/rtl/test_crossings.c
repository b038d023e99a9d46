/* SPDX-License-Identifier: Apache-2.0 */
/* The crossing cells between two clocks in random order. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>

#include "unit.h"

#define STEPS 200000 /* clock edges of a run */

static unit *top;
static uint64_t state; /* of the random numbers */

static void make(void)
{
    const char *seed = getenv("SDV_TEST_SEED");
    state = seed != NULL ? strtoull(seed, NULL, 0) : 1;
    cr_log_info("seed %llu", (unsigned long long)state);
    top = unit_new(state);
}

static void drop(void)
{
    unit_free(&top);
}

TestSuite(crossings, .init = make, .fini = drop);

/* xorshift64*, so that a seed means the same everywhere */
static uint32_t random32(void)
{
    state ^= state >> 12;
    state ^= state << 25;
    state ^= state >> 27;
    return (uint32_t)((state * 0x2545F4914F6CDD1Du) >> 32);
}

/* Which clocks rise next: a, b or both, in a ratio that drifts. */
static void pick(unsigned step, bool *a, bool *b)
{
    const uint32_t bias = 1 + (step >> 12) % 7;
    do {
        *a = random32() % 8 < bias;
        *b = random32() % 8 < 8 - bias;
    } while (!*a && !*b);
}

Test(crossings, a_level_arrives_after_two_edges)
{
    struct unit_in in = {.level = true};
    unit_clock(top, true, false, &in);
    cr_assert(not(unit_look(top, &in).level));
    unit_clock(top, false, true, &in);
    cr_assert(not(unit_look(top, &in).level));
    unit_clock(top, false, true, &in);
    cr_assert(unit_look(top, &in).level);
}

Test(crossings, every_message_arrives_once_and_whole)
{
    struct unit_in in = {0};
    unsigned sent = 0, got = 0;
    for (unsigned step = 0; step < STEPS; step++) {
        bool a, b;
        pick(step, &a, &b);
        in.send = a && sent == got && random32() % 2 == 0;
        if (in.send) {
            in.message = 0x9E3779B9u * ++sent;
        }
        if (b && unit_look(top, &in).valid) {
            got++;
            cr_assert(eq(u32, unit_look(top, &in).message, 0x9E3779B9u * got));
        }
        unit_clock(top, a, b, &in);
        in.send = false;
    }
    cr_assert(gt(uint, got, 1000));
    cr_assert(le(uint, sent - got, 1));
}

static uint32_t word_of(uint32_t block, uint32_t idx)
{
    return block * 0x01000193u ^ idx * 0x85EBCA6Bu;
}

/* What one side of the block buffer is at. */
struct side {
    uint32_t block, idx;
};

static void write_side(struct unit_in *in, struct side *at)
{
    const bool may = unit_look(top, in).free && random32() % 4 != 0;
    in->we = may;
    in->wr_idx = (uint8_t)at->idx;
    in->wr_data = word_of(at->block, at->idx);
    in->commit = may && at->idx == 127;
    at->idx += may;
    if (in->commit) {
        at->block++;
        at->idx = 0;
    }
}

static void read_side(struct unit_in *in, struct side *at)
{
    in->rd_idx = (uint8_t)at->idx;
    const struct unit_out out = unit_look(top, in);
    if (!out.avail || random32() % 4 == 0) {
        return;
    }
    cr_assert(eq(u32, out.rd_data, word_of(at->block, at->idx)), "%u %u",
              at->block, at->idx);
    in->release = at->idx == 127;
    at->idx++;
    if (in->release) {
        at->block++;
        at->idx = 0;
    }
}

Test(crossings, every_block_arrives_once_and_whole)
{
    struct unit_in in = {0};
    struct side writer = {0}, reader = {0};
    for (unsigned step = 0; step < 4 * STEPS; step++) {
        bool a, b;
        pick(step, &a, &b);
        in.we = in.commit = in.release = false;
        if (a) {
            write_side(&in, &writer);
        }
        if (b) {
            read_side(&in, &reader);
        }
        unit_clock(top, a, b, &in);
    }
    cr_assert(gt(uint, reader.block, 1000));
    cr_assert(le(uint, writer.block - reader.block, 2));
}
