/* SPDX-License-Identifier: Apache-2.0 */
/* What the wires do to exchanges with the secure side. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "assd_bench.h"

TestSuite(host_assd_noise, .init = bench_start);

/* ---- damage on the wires: ASSD ---- */

static const sdv_err noise[] = {SDV_ERR_NO_RESPONSE,  SDV_ERR_CMD_CRC,
                                SDV_ERR_CMD_END_BIT,  SDV_ERR_CMD_INDEX,
                                SDV_ERR_DATA_TIMEOUT, SDV_ERR_DATA_CRC,
                                SDV_ERR_DATA_END_BIT};
#define NOISE (sizeof(noise) / sizeof(noise[0]))

Test(host_assd_noise, a_damaged_answer_is_read_again)
{
    x.wanted = 600;
    bench_open(SDV_VIA_ASSD);
    for (size_t i = 0; i < 2 * NOISE; i++) {
        mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_READ_SEC_CMD,
                                               .times = 2,
                                               .err = noise[i / 2],
                                               .acted = i % 2 != 0});
        bench_expect(20);
        memset(x.vault.faults, 0, sizeof(x.vault.faults));
    }
    cr_assert(eq(uint, x.vault.runs, 2 * NOISE), "each ran once");
}

Test(host_assd_noise, an_answer_that_is_damaged_for_ever_is_given_up)
{
    bench_open(SDV_VIA_ASSD);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_READ_SEC_CMD,
                                           .times = 3,
                                           .err = SDV_ERR_DATA_CRC});
    bench_expect_failure(SDV_ERR_DATA_CRC);
    cr_assert(eq(uint, x.vault.reset_with, 0x101));
}

Test(host_assd_noise, a_token_that_did_not_arrive_is_sent_again)
{
    bench_open(SDV_VIA_ASSD);
    for (size_t i = 0; i < NOISE; i++) {
        mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                               .times = 2,
                                               .err = noise[i]});
        bench_expect(600);
        cr_assert(eq(uint, x.vault.runs, (unsigned)i + 1));
        memset(x.vault.faults, 0, sizeof(x.vault.faults));
    }
}

Test(host_assd_noise, a_token_that_did_arrive_is_not_sent_twice)
{
    bench_open(SDV_VIA_ASSD);
    x.vault.busy_polls = 3;
    for (size_t i = 0; i < NOISE; i++) {
        mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                               .err = noise[i],
                                               .acted = true});
        bench_expect(20);
        cr_assert(eq(uint, x.vault.runs, (unsigned)i + 1));
        memset(x.vault.faults, 0, sizeof(x.vault.faults));
    }
}

Test(host_assd_noise, a_token_that_never_arrives_is_given_up)
{
    bench_open(SDV_VIA_ASSD);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                           .times = 3,
                                           .err = SDV_ERR_DATA_CRC});
    bench_expect_failure(SDV_ERR_DATA_CRC);
}

Test(host_assd_noise, without_a_status_the_first_failure_counts)
{
    bench_open(SDV_VIA_ASSD);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                           .err = SDV_ERR_DATA_CRC});
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                           .times = 3,
                                           .err = SDV_ERR_CMD_CRC});
    bench_expect_failure(SDV_ERR_DATA_CRC);
}

Test(host_assd_noise, a_damaged_status_is_read_again_three_times)
{
    bench_open(SDV_VIA_ASSD);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                           .times = 2,
                                           .err = SDV_ERR_DATA_CRC});
    bench_expect(20);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                           .times = 3,
                                           .err = SDV_ERR_DATA_CRC});
    bench_expect_failure(SDV_ERR_DATA_CRC);
}

Test(host_assd_noise, other_failures_are_not_repeated)
{
    static const uint8_t opcodes[] = {SDV_CMD_WRITE_SEC_CMD, SDV_CMD_SEND_PSI,
                                      SDV_CMD_READ_SEC_CMD};
    static const sdv_err errors[] = {SDV_ERR_NO_CARD, SDV_ERR_STATE,
                                     SDV_CARD_ERROR};

    bench_open(SDV_VIA_ASSD);
    for (size_t i = 0; i < 9; i++) {
        const uint8_t opcode = opcodes[i / 3];

        mock_vault_fail(&x.vault,
                        (mock_fault){.opcode = opcode, .err = errors[i % 3]});
        x.vault.seen[opcode] = x.vault.faults[0].nth;
        bench_expect_failure(errors[i % 3]);
        memset(x.vault.faults, 0, sizeof(x.vault.faults));
    }
}

Test(host_assd_noise, a_status_that_makes_no_sense_is_an_error)
{
    bench_open(SDV_VIA_ASSD);
    x.vault.false_blocks = 3;
    cr_assert(eq(int, bench_exchange(20), SDV_ERR_PROTOCOL));
    x.vault.false_blocks = 0x100;
    cr_assert(eq(int, bench_exchange(20), SDV_ERR_PROTOCOL));
    x.vault.false_blocks = 0;
    bench_expect(20);
}

Test(host_assd_noise, a_card_that_has_lost_its_function_gets_it_again)
{
    bench_open(SDV_VIA_ASSD);
    x.vault.function = 0; /* CMD0 of somebody */
    bench_expect_failure(SDV_ERR_NO_RESPONSE);
    cr_assert(eq(uint, x.vault.function, 4));
}

Test(host_assd_noise, a_reset_that_fails_leaves_the_next_exchange_undone)
{
    bench_open(SDV_VIA_ASSD);
    x.assd.lost = true;
    mock_vault_fail(&x.vault,
                    (mock_fault){.opcode = SDV_CMD_CONTROL_ASSD_SYSTEM,
                                 .times = 2,
                                 .err = SDV_ERR_DATA_TIMEOUT});
    bench_expect_failure(SDV_ERR_DATA_TIMEOUT);
    cr_assert(eq(uint, x.vault.runs, 1));
}

/* ---- damage on the wires: CMD56 ---- */

/* The nth read of an answer is damaged, counted by the card or not. */
static void damage_read(unsigned nth, unsigned times, bool acted)
{
    memset(x.vault.faults, 0, sizeof(x.vault.faults));
    /* the command goes first, in one block */
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                           .nth = 1 + nth,
                                           .times = times,
                                           .err = SDV_ERR_DATA_CRC,
                                           .acted = acted});
}

Test(host_assd_noise, damaged_blocks_of_cmd56_are_put_in_order)
{
    static const size_t answers[] = {10, 508, 509, 600, 1020};

    bench_open(SDV_VIA_CMD56);
    for (size_t a = 0; a < 5; a++) {
        x.wanted = answers[a];
        for (unsigned nth = 0; nth < 2; nth++) {
            for (unsigned times = 1; times <= 2; times++) {
                damage_read(nth, times, false);
                bench_expect(20);
                damage_read(nth, times, true);
                bench_expect(20);
            }
        }
    }
    cr_assert(eq(uint, x.vault.runs, 5 * 8), "each ran once");
}

Test(host_assd_noise, an_answer_of_cmd56_that_is_damaged_for_ever_is_given_up)
{
    bench_open(SDV_VIA_CMD56);
    damage_read(0, 3, true);
    bench_expect_failure(SDV_ERR_DATA_CRC);
}

Test(host_assd_noise, damage_while_polling_does_no_harm)
{
    x.wanted = 600;
    bench_open(SDV_VIA_CMD56);
    x.vault.busy_polls = 5;
    damage_read(2, 1, true);
    bench_expect(20);
}

/* Two blocks that could each be the first. */
static size_t respond_alike(void *ctx, const uint8_t *apdu, size_t size,
                            uint8_t *bytes)
{
    if (apdu[1] == SDV_INS_GET_DATA) {
        return bench_respond(ctx, apdu, size, bytes);
    }
    memset(bytes, 0, 1022);
    bytes[510] = 4; /* the second block says 1,024, too */
    bytes[1020] = 0x90;
    return 1022;
}

Test(host_assd_noise, blocks_that_could_stand_in_either_order_are_not_guessed)
{
    bench_open(SDV_VIA_CMD56);
    x.vault.answer = respond_alike;
    damage_read(0, 1, true);
    cr_assert(eq(int, bench_exchange(20), SDV_ERR_PROTOCOL));
}

Test(host_assd_noise, a_damaged_token_of_cmd56_is_not_sent_twice)
{
    bench_open(SDV_VIA_CMD56);
    for (unsigned block = 0; block < 2; block++) {
        for (int acted = 0; acted < 2; acted++) {
            memset(x.vault.faults, 0, sizeof(x.vault.faults));
            x.vault.runs = 0;
            mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                                   .nth = block,
                                                   .err = SDV_ERR_DATA_CRC,
                                                   .acted = acted != 0});
            cr_assert(eq(int, bench_exchange(600), SDV_ERR_DATA_CRC));
            cr_assert(le(uint, x.vault.runs, 1));
            bench_expect(600);
        }
    }
}

Test(host_assd_noise, a_busy_card_behind_cmd56_refuses)
{
    bench_open(SDV_VIA_CMD56);
    mock_vault_fail(&x.vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                           .err = SDV_CARD_ERROR});
    bench_expect_failure(SDV_CARD_ERROR);
}
