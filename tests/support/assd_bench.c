/* SPDX-License-Identifier: Apache-2.0 */
#include "assd_bench.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

struct assd_bench x;

static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 11 + 3);
}

size_t bench_respond(void *ctx, const uint8_t *apdu, size_t size,
                     uint8_t *bytes)
{
    /* GET DATA opens CMD56 */
    const bool info = size >= 2 && apdu[1] == SDV_INS_GET_DATA;
    const size_t data = info ? 32 : x.wanted;

    (void)ctx;
    for (size_t i = 0; i < data; i++) {
        bytes[i] = pattern(i);
    }
    bytes[data] = 0x90;
    bytes[data + 1] = 0;
    return data + 2;
}

void bench_start(void)
{
    mock_vault_init(&x.vault);
    x.vault.answer = bench_respond;
    x.wanted = 10;
    cr_assert(zero(int, sdv_card_open(&x.card, &x.vault.mock.bus, NULL)));
}

void bench_open(sdv_via via)
{
    cr_assert(zero(int, sdv_assd_open(&x.assd, &x.card, via)));
    memset(x.vault.seen, 0, sizeof(x.vault.seen));
    x.vault.runs = 0;
}

sdv_err bench_exchange(size_t size)
{
    uint8_t command[SDV_APDU_MAX + 1];

    memset(command, 0x55, sizeof(command));
    return sdv_assd_exchange(&x.assd, command, size, &x.answer, &x.answer_size);
}

static void expect_answer(void)
{
    cr_assert(eq(sz, x.answer_size, x.wanted + 2));
    for (size_t i = 0; i < x.wanted; i++) {
        cr_assert(eq(u8, x.answer[i], pattern(i)), "byte %zu", i);
    }
    cr_assert(eq(u8, x.answer[x.wanted], 0x90));
}

void bench_expect(size_t size)
{
    cr_assert(zero(int, bench_exchange(size)));
    expect_answer();
}

void bench_expect_failure(sdv_err err)
{
    cr_assert(eq(int, bench_exchange(20), err));
    cr_assert(eq(ptr, (void *)x.answer, NULL));
    cr_assert(zero(sz, x.answer_size));
    cr_assert(x.assd.lost);
    bench_expect(20);
    cr_assert(not(x.assd.lost));
}

unsigned bench_sent(uint8_t opcode)
{
    return x.vault.seen[opcode];
}
