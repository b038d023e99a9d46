/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the secure side: doors, exchanges, registers. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "assd_bench.h"

TestSuite(host_assd, .init = bench_start);

/* ---- opening ---- */

Test(host_assd, function_4_of_group_2_opens_assd)
{
    cr_assert(zero(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ANY)));
    cr_assert(eq(int, (int)x.assd.door, (int)SDV_VIA_ASSD));
    cr_assert(eq(u8, x.assd.function, 4));
    cr_assert(eq(uint, x.vault.function, 4));
    cr_assert(zero(uint, bench_sent(SDV_CMD_GEN_CMD)));
    cr_assert(eq(u32, x.assd.properties.command_ms, 3000));
    cr_assert(eq(u32, x.assd.properties.read_ms, 250));
    cr_assert(eq(u8, x.assd.properties.version, 2));
    cr_assert(eq(u16, x.assd.properties.systems, 2));
    cr_assert(eq(u8, x.assd.properties.vendor, 0x53));
}

Test(host_assd, the_card_is_asked_before_it_is_switched)
{
    const sdv_cmd *ask;
    const sdv_cmd *set;

    bench_open(SDV_VIA_ASSD);
    ask = mock_bus_find(&x.vault.mock, SDV_CMD_SWITCH_FUNC, false, 2);
    set = mock_bus_find(&x.vault.mock, SDV_CMD_SWITCH_FUNC, false, 3);
    cr_assert(ask != NULL && set != NULL);
    cr_assert(eq(u32, ask->arg, 0x00FFFF4F));
    cr_assert(eq(u32, set->arg, 0x80FFFF4F));
}

Test(host_assd, function_1_will_do)
{
    x.vault.functions = 0x8003;
    bench_open(SDV_VIA_ANY);
    cr_assert(eq(int, (int)x.assd.door, (int)SDV_VIA_ASSD));
    cr_assert(eq(uint, x.vault.function, 1));
    bench_expect(20);
}

Test(host_assd, without_a_function_it_is_cmd56)
{
    x.vault.functions = 0x8001;
    cr_assert(eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ASSD),
                 SDV_ERR_NO_SECURE));
    bench_open(SDV_VIA_ANY);
    cr_assert(eq(int, (int)x.assd.door, (int)SDV_VIA_CMD56));
    bench_expect(20);
}

Test(host_assd, a_card_without_command_class_10_is_not_asked)
{
    x.card.csd.ccc &= (uint16_t) ~(1u << 10);
    bench_open(SDV_VIA_ANY);
    cr_assert(eq(int, (int)x.assd.door, (int)SDV_VIA_CMD56));
    cr_assert(zero(uint, x.vault.function));
}

Test(host_assd, a_host_that_cannot_send_cmd36_takes_cmd56)
{
    static const sdv_err errors[] = {SDV_ERR_UNSUPPORTED, SDV_ERR_NO_RESPONSE};

    for (size_t i = 0; i < 2; i++) {
        mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                               .times = 1000,
                                               .err = errors[i]});
        cr_assert(zero(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ANY)));
        cr_assert(eq(int, (int)x.assd.door, (int)SDV_VIA_CMD56));
    }
}

Test(host_assd, foreign_properties_are_no_assd)
{
    static const size_t bytes[] = {2, 13}; /* version, systems */

    for (size_t i = 0; i < 2; i++) {
        const uint8_t before = x.vault.pr[bytes[i]];

        x.vault.pr[bytes[i]] = 0;
        cr_assert(eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ASSD),
                     SDV_ERR_NO_SECURE));
        x.vault.pr[bytes[i]] = before;
    }
}

Test(host_assd, a_memory_card_has_no_door)
{
    x.vault.functions = 0x8001;
    x.vault.no_cmd56 = true;
    cr_assert(eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ANY),
                 SDV_ERR_NO_SECURE));
    cr_assert(eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_CMD56),
                 SDV_ERR_NO_SECURE));
}

Test(host_assd, a_missing_card_is_not_taken_for_one_without_doors)
{
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_SWITCH_FUNC,
                                           .err = SDV_ERR_NO_CARD});
    cr_assert(
        eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_ANY), SDV_ERR_NO_CARD));
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                           .err = SDV_ERR_NO_CARD});
    cr_assert(eq(int, sdv_assd_open(&x.assd, &x.card, SDV_VIA_CMD56),
                 SDV_ERR_NO_CARD));
}

Test(host_assd, what_an_earlier_user_left_is_reset)
{
    x.vault.state = SDV_ASSD_STATE_COMPLETE;
    bench_open(SDV_VIA_ASSD);
    cr_assert(eq(uint, x.vault.reset_with, 0x101));
    cr_assert(eq(uint, x.vault.state, SDV_ASSD_STATE_IDLE));
}

Test(host_assd, half_a_token_of_an_earlier_user_does_no_harm_behind_cmd56)
{
    uint8_t half[512] = {4, 0}; /* 1,024 bytes: a second block follows */
    sdv_cmd cmd = {.opcode = SDV_CMD_GEN_CMD,
                   .resp = SDV_RESP_R1,
                   .dir = SDV_DIR_WRITE,
                   .block_size = 512,
                   .blocks = 1,
                   .data = half};

    cr_assert(zero(int, sdv_bus_run(&x.vault.mock.bus, &cmd, 1)));
    cr_assert(eq(uint, x.vault.halves, 1));
    bench_open(SDV_VIA_CMD56);
    bench_expect(20);
}

Test(host_assd, leaving_switches_back_what_the_bus_does_not_own)
{
    bench_open(SDV_VIA_ASSD);
    sdv_assd_close(&x.assd);
    cr_assert(eq(uint, x.vault.function, 4), "this one is switched off soon");
    x.card.caps.owns_card = false;
    sdv_assd_close(&x.assd);
    cr_assert(zero(uint, x.vault.function));
}

/* ---- exchanges ---- */

static const sdv_via doors[] = {SDV_VIA_ASSD, SDV_VIA_CMD56};

Test(host_assd, commands_and_answers_of_every_size_pass_both_doors)
{
    static const size_t sizes[] = {1, 4, 509, 510, 511, 1021, 1022};
    static const size_t answers[] = {0, 1, 507, 508, 509, 1019, 1020};

    for (size_t d = 0; d < 2; d++) {
        bench_open(doors[d]);
        for (size_t i = 0; i < 7; i++) {
            x.wanted = answers[i];
            bench_expect(sizes[i]);
            cr_assert(eq(uint,
                         (unsigned)x.vault.token[0] << 8 | x.vault.token[1],
                         (unsigned)sizes[i] + 2));
        }
        cr_assert(eq(uint, x.vault.runs, 7));
    }
}

Test(host_assd, wrong_sizes_are_refused_before_anything_is_sent)
{
    bench_open(SDV_VIA_ASSD);
    cr_assert(eq(int, bench_exchange(0), SDV_ERR_ARG));
    cr_assert(eq(int, bench_exchange(1023), SDV_ERR_ARG));
    cr_assert(zero(uint, bench_sent(SDV_CMD_WRITE_SEC_CMD)));
}

Test(host_assd, the_card_is_polled_while_it_is_busy)
{
    for (size_t d = 0; d < 2; d++) {
        bench_open(doors[d]);
        x.vault.busy_polls = 40;
        x.vault.mock.waited_us = 0;
        bench_expect(20);
        cr_assert(gt(u64, x.vault.mock.waited_us, 400));
        cr_assert(lt(u64, x.vault.mock.waited_us, 40 * 5000));
    }
}

Test(host_assd, the_wait_ends_with_the_time_that_the_card_states)
{
    for (size_t d = 0; d < 2; d++) {
        x.vault.busy_polls = 0;
        bench_open(doors[d]);
        x.vault.busy_polls = 1000000;
        x.vault.mock.waited_us = 0;
        cr_assert(eq(int, bench_exchange(20), SDV_ERR_DATA_TIMEOUT));
        cr_assert(ge(u64, x.vault.mock.waited_us, 3000000));
        cr_assert(le(u64, x.vault.mock.waited_us, 3005000));
        cr_assert(x.assd.lost);
        x.vault.state = SDV_ASSD_STATE_IDLE;
    }
}

Test(host_assd, no_command_gets_an_automatic_end)
{
    x.wanted = 600;
    for (size_t d = 0; d < 2; d++) {
        bench_open(doors[d]);
        bench_expect(600);
    }
    for (unsigned i = 0; i < x.vault.mock.count; i++) {
        const sdv_cmd *cmd = &x.vault.mock.log[i];

        cr_assert(cmd->opcode < 34 || cmd->opcode > 37 ||
                  cmd->stop == SDV_STOP_NONE);
        cr_assert(cmd->opcode != 56 || cmd->stop == SDV_STOP_NONE);
        cr_assert(ne(u8, cmd->opcode, 12));
    }
}

Test(host_assd, registers_are_for_assd_only)
{
    sdv_assd_status status;
    uint8_t bytes[32];

    bench_open(SDV_VIA_ASSD);
    cr_assert(zero(int, sdv_assd_read_status(&x.assd, &status)));
    cr_assert(eq(u8, status.state, SDV_ASSD_STATE_IDLE));
    cr_assert(eq(u8, status.system, SDV_ASSD_SYSTEM_ASSD));
    cr_assert(zero(int, sdv_assd_read_random(&x.assd, bytes)));
    cr_assert(eq(u8, bytes[31], 0xA5));
    bench_open(SDV_VIA_CMD56);
    cr_assert(
        eq(int, sdv_assd_read_status(&x.assd, &status), SDV_ERR_UNSUPPORTED));
    cr_assert(
        eq(int, sdv_assd_read_random(&x.assd, bytes), SDV_ERR_UNSUPPORTED));
    cr_assert(zero(u8, bytes[31]));
}

Test(host_assd, a_length_that_makes_no_sense_is_an_error)
{
    for (size_t d = 0; d < 2; d++) {
        x.vault.false_length = false;
        bench_open(doors[d]);
        x.vault.false_length = true;
        cr_assert(eq(int, bench_exchange(20), SDV_ERR_PROTOCOL));
        x.vault.false_length = false;
        bench_expect(20);
    }
}
