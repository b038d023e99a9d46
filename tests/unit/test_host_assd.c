/* SPDX-License-Identifier: Apache-2.0 */
/* The way to the secure side: doors, exchanges, and what the wires do to
 * them. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include <sdvault/assd.h>

#include "mock_vault.h"

static mock_vault vault;
static sdv_card card;
static sdv_assd assd;
static const uint8_t *answer;
static size_t answer_size;

/* The answer that the card gives: so many bytes, and 9000. */
static size_t wanted_size;

static uint8_t pattern(size_t i)
{
    return (uint8_t)(i * 11 + 3);
}

static size_t respond(void *ctx, const uint8_t *apdu, size_t size,
                      uint8_t *bytes)
{
    /* GET DATA, which opens CMD56 */
    const size_t data =
        size >= 2 && apdu[1] == SDV_INS_GET_DATA ? 32 : wanted_size;

    (void)ctx;
    for (size_t i = 0; i < data; i++) {
        bytes[i] = pattern(i);
    }
    bytes[data] = 0x90;
    bytes[data + 1] = 0;
    return data + 2;
}

static void start(void)
{
    mock_vault_init(&vault);
    vault.answer = respond;
    wanted_size = 10;
    cr_assert(zero(int, sdv_card_open(&card, &vault.mock.bus, NULL)));
}

TestSuite(host_assd, .init = start);

static void open_by(sdv_via via)
{
    cr_assert(zero(int, sdv_assd_open(&assd, &card, via)));
    memset(vault.seen, 0, sizeof(vault.seen));
    vault.runs = 0;
}

/* An exchange of `size` bytes; the answer is the pattern. */
static sdv_err exchange(size_t size)
{
    uint8_t command[SDV_APDU_MAX + 1];

    memset(command, 0x55, sizeof(command));
    return sdv_assd_exchange(&assd, command, size, &answer, &answer_size);
}

static void expect_answer(void)
{
    cr_assert(eq(sz, answer_size, wanted_size + 2));
    for (size_t i = 0; i < wanted_size; i++) {
        cr_assert(eq(u8, answer[i], pattern(i)), "byte %zu", i);
    }
    cr_assert(eq(u8, answer[wanted_size], 0x90));
}

static void expect_good(size_t size)
{
    cr_assert(zero(int, exchange(size)));
    expect_answer();
}

/* It fails so, and the next one works. */
static void expect_bad(sdv_err err)
{
    cr_assert(eq(int, exchange(20), err));
    cr_assert(eq(ptr, (void *)answer, NULL));
    cr_assert(zero(sz, answer_size));
    cr_assert(assd.lost);
    expect_good(20);
    cr_assert(not(assd.lost));
}

static unsigned sent(uint8_t opcode)
{
    return vault.seen[opcode];
}

/* ---- opening ---- */

Test(host_assd, function_4_of_group_2_opens_assd)
{
    cr_assert(zero(int, sdv_assd_open(&assd, &card, SDV_VIA_ANY)));
    cr_assert(eq(int, (int)assd.door, (int)SDV_VIA_ASSD));
    cr_assert(eq(u8, assd.function, 4));
    cr_assert(eq(uint, vault.function, 4));
    cr_assert(zero(uint, sent(SDV_CMD_GEN_CMD)));
    cr_assert(eq(u32, assd.properties.command_ms, 3000));
    cr_assert(eq(u32, assd.properties.read_ms, 250));
    cr_assert(eq(u8, assd.properties.version, 2));
    cr_assert(eq(u16, assd.properties.systems, 2));
    cr_assert(eq(u8, assd.properties.vendor, 0x53));
}

Test(host_assd, the_card_is_asked_before_it_is_switched)
{
    const sdv_cmd *ask;
    const sdv_cmd *set;

    open_by(SDV_VIA_ASSD);
    ask = mock_bus_find(&vault.mock, SDV_CMD_SWITCH_FUNC, false, 2);
    set = mock_bus_find(&vault.mock, SDV_CMD_SWITCH_FUNC, false, 3);
    cr_assert(ask != NULL && set != NULL);
    cr_assert(eq(u32, ask->arg, 0x00FFFF4F));
    cr_assert(eq(u32, set->arg, 0x80FFFF4F));
}

Test(host_assd, function_1_will_do)
{
    vault.functions = 0x8003;
    open_by(SDV_VIA_ANY);
    cr_assert(eq(int, (int)assd.door, (int)SDV_VIA_ASSD));
    cr_assert(eq(uint, vault.function, 1));
    expect_good(20);
}

Test(host_assd, without_a_function_it_is_cmd56)
{
    vault.functions = 0x8001;
    cr_assert(
        eq(int, sdv_assd_open(&assd, &card, SDV_VIA_ASSD), SDV_ERR_NO_SECURE));
    open_by(SDV_VIA_ANY);
    cr_assert(eq(int, (int)assd.door, (int)SDV_VIA_CMD56));
    expect_good(20);
}

Test(host_assd, a_card_without_command_class_10_is_not_asked)
{
    card.csd.ccc &= (uint16_t) ~(1u << 10);
    open_by(SDV_VIA_ANY);
    cr_assert(eq(int, (int)assd.door, (int)SDV_VIA_CMD56));
    cr_assert(zero(uint, vault.function));
}

Test(host_assd, a_host_that_cannot_send_cmd36_takes_cmd56)
{
    static const sdv_err errors[] = {SDV_ERR_UNSUPPORTED, SDV_ERR_NO_RESPONSE};

    for (size_t i = 0; i < 2; i++) {
        mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                             .times = 1000,
                                             .err = errors[i]});
        cr_assert(zero(int, sdv_assd_open(&assd, &card, SDV_VIA_ANY)));
        cr_assert(eq(int, (int)assd.door, (int)SDV_VIA_CMD56));
    }
}

Test(host_assd, foreign_properties_are_no_assd)
{
    static const size_t bytes[] = {2, 13}; /* version, systems */

    for (size_t i = 0; i < 2; i++) {
        const uint8_t before = vault.pr[bytes[i]];

        vault.pr[bytes[i]] = 0;
        cr_assert(eq(int, sdv_assd_open(&assd, &card, SDV_VIA_ASSD),
                     SDV_ERR_NO_SECURE));
        vault.pr[bytes[i]] = before;
    }
}

Test(host_assd, a_memory_card_has_no_door)
{
    vault.functions = 0x8001;
    vault.no_cmd56 = true;
    cr_assert(
        eq(int, sdv_assd_open(&assd, &card, SDV_VIA_ANY), SDV_ERR_NO_SECURE));
    cr_assert(
        eq(int, sdv_assd_open(&assd, &card, SDV_VIA_CMD56), SDV_ERR_NO_SECURE));
}

Test(host_assd, a_missing_card_is_not_taken_for_one_without_doors)
{
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_SWITCH_FUNC,
                                         .err = SDV_ERR_NO_CARD});
    cr_assert(
        eq(int, sdv_assd_open(&assd, &card, SDV_VIA_ANY), SDV_ERR_NO_CARD));
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                         .err = SDV_ERR_NO_CARD});
    cr_assert(
        eq(int, sdv_assd_open(&assd, &card, SDV_VIA_CMD56), SDV_ERR_NO_CARD));
}

Test(host_assd, what_an_earlier_user_left_is_reset)
{
    vault.state = SDV_ASSD_STATE_COMPLETE;
    open_by(SDV_VIA_ASSD);
    cr_assert(eq(uint, vault.reset_with, 0x101));
    cr_assert(eq(uint, vault.state, SDV_ASSD_STATE_IDLE));
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

    cr_assert(zero(int, sdv_bus_run(&vault.mock.bus, &cmd, 1)));
    cr_assert(eq(uint, vault.halves, 1));
    open_by(SDV_VIA_CMD56);
    expect_good(20);
}

Test(host_assd, leaving_switches_back_what_the_bus_does_not_own)
{
    open_by(SDV_VIA_ASSD);
    sdv_assd_close(&assd);
    cr_assert(eq(uint, vault.function, 4), "this one is switched off soon");
    card.caps.owns_card = false;
    sdv_assd_close(&assd);
    cr_assert(zero(uint, vault.function));
}

/* ---- exchanges ---- */

static const sdv_via doors[] = {SDV_VIA_ASSD, SDV_VIA_CMD56};

Test(host_assd, commands_and_answers_of_every_size_pass_both_doors)
{
    static const size_t sizes[] = {1, 4, 509, 510, 511, 1021, 1022};
    static const size_t answers[] = {0, 1, 507, 508, 509, 1019, 1020};

    for (size_t d = 0; d < 2; d++) {
        open_by(doors[d]);
        for (size_t i = 0; i < 7; i++) {
            wanted_size = answers[i];
            expect_good(sizes[i]);
            cr_assert(eq(uint, (unsigned)vault.token[0] << 8 | vault.token[1],
                         (unsigned)sizes[i] + 2));
        }
        cr_assert(eq(uint, vault.runs, 7));
    }
}

Test(host_assd, wrong_sizes_are_refused_before_anything_is_sent)
{
    open_by(SDV_VIA_ASSD);
    cr_assert(eq(int, exchange(0), SDV_ERR_ARG));
    cr_assert(eq(int, exchange(1023), SDV_ERR_ARG));
    cr_assert(zero(uint, sent(SDV_CMD_WRITE_SEC_CMD)));
}

Test(host_assd, the_card_is_polled_while_it_is_busy)
{
    for (size_t d = 0; d < 2; d++) {
        open_by(doors[d]);
        vault.busy_polls = 40;
        vault.mock.waited_us = 0;
        expect_good(20);
        cr_assert(gt(u64, vault.mock.waited_us, 400));
        cr_assert(lt(u64, vault.mock.waited_us, 40 * 5000));
    }
}

Test(host_assd, the_wait_ends_with_the_time_that_the_card_states)
{
    for (size_t d = 0; d < 2; d++) {
        vault.busy_polls = 0;
        open_by(doors[d]);
        vault.busy_polls = 1000000;
        vault.mock.waited_us = 0;
        cr_assert(eq(int, exchange(20), SDV_ERR_DATA_TIMEOUT));
        cr_assert(ge(u64, vault.mock.waited_us, 3000000));
        cr_assert(le(u64, vault.mock.waited_us, 3005000));
        cr_assert(assd.lost);
        vault.state = SDV_ASSD_STATE_IDLE;
    }
}

Test(host_assd, no_command_gets_an_automatic_end)
{
    wanted_size = 600;
    for (size_t d = 0; d < 2; d++) {
        open_by(doors[d]);
        expect_good(600);
    }
    for (unsigned i = 0; i < vault.mock.count; i++) {
        const sdv_cmd *cmd = &vault.mock.log[i];

        cr_assert(cmd->opcode < 34 || cmd->opcode > 37 ||
                  cmd->stop == SDV_STOP_NONE);
        cr_assert(cmd->opcode != 56 || cmd->stop == SDV_STOP_NONE);
        cr_assert(ne(u8, cmd->opcode, 12));
    }
}

/* ---- damage on the wires: ASSD ---- */

static const sdv_err noise[] = {SDV_ERR_NO_RESPONSE,  SDV_ERR_CMD_CRC,
                                SDV_ERR_CMD_END_BIT,  SDV_ERR_CMD_INDEX,
                                SDV_ERR_DATA_TIMEOUT, SDV_ERR_DATA_CRC,
                                SDV_ERR_DATA_END_BIT};
#define NOISE (sizeof(noise) / sizeof(noise[0]))

Test(host_assd, a_damaged_answer_is_read_again)
{
    wanted_size = 600;
    open_by(SDV_VIA_ASSD);
    for (size_t i = 0; i < 2 * NOISE; i++) {
        mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_READ_SEC_CMD,
                                             .times = 2,
                                             .err = noise[i / 2],
                                             .acted = i % 2 != 0});
        expect_good(20);
        memset(vault.faults, 0, sizeof(vault.faults));
    }
    cr_assert(eq(uint, vault.runs, 2 * NOISE), "each ran once");
}

Test(host_assd, an_answer_that_is_damaged_for_ever_is_given_up)
{
    open_by(SDV_VIA_ASSD);
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_READ_SEC_CMD,
                                         .times = 3,
                                         .err = SDV_ERR_DATA_CRC});
    expect_bad(SDV_ERR_DATA_CRC);
    cr_assert(eq(uint, vault.reset_with, 0x101));
}

Test(host_assd, a_token_that_did_not_arrive_is_sent_again)
{
    open_by(SDV_VIA_ASSD);
    for (size_t i = 0; i < NOISE; i++) {
        mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                             .times = 2,
                                             .err = noise[i]});
        expect_good(600);
        cr_assert(eq(uint, vault.runs, (unsigned)i + 1));
        memset(vault.faults, 0, sizeof(vault.faults));
    }
}

Test(host_assd, a_token_that_did_arrive_is_not_sent_twice)
{
    open_by(SDV_VIA_ASSD);
    vault.busy_polls = 3;
    for (size_t i = 0; i < NOISE; i++) {
        mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                             .err = noise[i],
                                             .acted = true});
        expect_good(20);
        cr_assert(eq(uint, vault.runs, (unsigned)i + 1));
        memset(vault.faults, 0, sizeof(vault.faults));
    }
}

Test(host_assd, a_token_that_never_arrives_is_given_up)
{
    open_by(SDV_VIA_ASSD);
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                         .times = 3,
                                         .err = SDV_ERR_DATA_CRC});
    expect_bad(SDV_ERR_DATA_CRC);
}

Test(host_assd, without_a_status_the_first_failure_counts)
{
    open_by(SDV_VIA_ASSD);
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_WRITE_SEC_CMD,
                                         .err = SDV_ERR_DATA_CRC});
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                         .times = 3,
                                         .err = SDV_ERR_CMD_CRC});
    expect_bad(SDV_ERR_DATA_CRC);
}

Test(host_assd, a_damaged_status_is_read_again_three_times)
{
    open_by(SDV_VIA_ASSD);
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                         .times = 2,
                                         .err = SDV_ERR_DATA_CRC});
    expect_good(20);
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_SEND_PSI,
                                         .times = 3,
                                         .err = SDV_ERR_DATA_CRC});
    expect_bad(SDV_ERR_DATA_CRC);
}

Test(host_assd, other_failures_are_not_repeated)
{
    static const uint8_t opcodes[] = {SDV_CMD_WRITE_SEC_CMD, SDV_CMD_SEND_PSI,
                                      SDV_CMD_READ_SEC_CMD};
    static const sdv_err errors[] = {SDV_ERR_NO_CARD, SDV_ERR_STATE,
                                     SDV_CARD_ERROR};

    open_by(SDV_VIA_ASSD);
    for (size_t i = 0; i < 9; i++) {
        const uint8_t opcode = opcodes[i / 3];

        mock_vault_fail(&vault,
                        (mock_fault){.opcode = opcode, .err = errors[i % 3]});
        vault.seen[opcode] = vault.faults[0].nth;
        expect_bad(errors[i % 3]);
        memset(vault.faults, 0, sizeof(vault.faults));
    }
}

Test(host_assd, a_status_that_makes_no_sense_is_an_error)
{
    open_by(SDV_VIA_ASSD);
    vault.false_blocks = 3;
    cr_assert(eq(int, exchange(20), SDV_ERR_PROTOCOL));
    vault.false_blocks = 0x100;
    cr_assert(eq(int, exchange(20), SDV_ERR_PROTOCOL));
    vault.false_blocks = 0;
    expect_good(20);
}

Test(host_assd, a_length_that_makes_no_sense_is_an_error)
{
    for (size_t d = 0; d < 2; d++) {
        vault.false_length = false;
        open_by(doors[d]);
        vault.false_length = true;
        cr_assert(eq(int, exchange(20), SDV_ERR_PROTOCOL));
        vault.false_length = false;
        expect_good(20);
    }
}

Test(host_assd, a_card_that_has_lost_its_function_gets_it_again)
{
    open_by(SDV_VIA_ASSD);
    vault.function = 0; /* CMD0 of somebody */
    expect_bad(SDV_ERR_NO_RESPONSE);
    cr_assert(eq(uint, vault.function, 4));
}

Test(host_assd, a_reset_that_fails_leaves_the_next_exchange_undone)
{
    open_by(SDV_VIA_ASSD);
    assd.lost = true;
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_CONTROL_ASSD_SYSTEM,
                                         .times = 2,
                                         .err = SDV_ERR_DATA_TIMEOUT});
    expect_bad(SDV_ERR_DATA_TIMEOUT);
    cr_assert(eq(uint, vault.runs, 1));
}

Test(host_assd, registers_are_for_assd_only)
{
    sdv_assd_status status;
    uint8_t bytes[32];

    open_by(SDV_VIA_ASSD);
    cr_assert(zero(int, sdv_assd_read_status(&assd, &status)));
    cr_assert(eq(u8, status.state, SDV_ASSD_STATE_IDLE));
    cr_assert(eq(u8, status.system, SDV_ASSD_SYSTEM_ASSD));
    cr_assert(zero(int, sdv_assd_read_random(&assd, bytes)));
    cr_assert(eq(u8, bytes[31], 0xA5));
    open_by(SDV_VIA_CMD56);
    cr_assert(
        eq(int, sdv_assd_read_status(&assd, &status), SDV_ERR_UNSUPPORTED));
    cr_assert(eq(int, sdv_assd_read_random(&assd, bytes), SDV_ERR_UNSUPPORTED));
    cr_assert(zero(u8, bytes[31]));
}

/* ---- damage on the wires: CMD56 ---- */

/* The nth read of an answer is damaged, counted by the card or not. */
static void damage_read(unsigned nth, unsigned times, bool acted)
{
    memset(vault.faults, 0, sizeof(vault.faults));
    /* the command goes first, in one block */
    mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                         .nth = 1 + nth,
                                         .times = times,
                                         .err = SDV_ERR_DATA_CRC,
                                         .acted = acted});
}

Test(host_assd, damaged_blocks_of_cmd56_are_put_in_order)
{
    static const size_t answers[] = {10, 508, 509, 600, 1020};

    open_by(SDV_VIA_CMD56);
    for (size_t a = 0; a < 5; a++) {
        wanted_size = answers[a];
        for (unsigned nth = 0; nth < 2; nth++) {
            for (unsigned times = 1; times <= 2; times++) {
                damage_read(nth, times, false);
                expect_good(20);
                damage_read(nth, times, true);
                expect_good(20);
            }
        }
    }
    cr_assert(eq(uint, vault.runs, 5 * 8), "each ran once");
}

Test(host_assd, an_answer_of_cmd56_that_is_damaged_for_ever_is_given_up)
{
    open_by(SDV_VIA_CMD56);
    damage_read(0, 3, true);
    expect_bad(SDV_ERR_DATA_CRC);
}

Test(host_assd, damage_while_polling_does_no_harm)
{
    wanted_size = 600;
    open_by(SDV_VIA_CMD56);
    vault.busy_polls = 5;
    damage_read(2, 1, true);
    expect_good(20);
}

/* Two blocks that could each be the first. */
static size_t respond_alike(void *ctx, const uint8_t *apdu, size_t size,
                            uint8_t *bytes)
{
    if (apdu[1] == SDV_INS_GET_DATA) {
        return respond(ctx, apdu, size, bytes);
    }
    memset(bytes, 0, 1022);
    bytes[510] = 4; /* the second block says 1,024, too */
    bytes[1020] = 0x90;
    return 1022;
}

Test(host_assd, blocks_that_could_stand_in_either_order_are_not_guessed)
{
    open_by(SDV_VIA_CMD56);
    vault.answer = respond_alike;
    damage_read(0, 1, true);
    cr_assert(eq(int, exchange(20), SDV_ERR_PROTOCOL));
}

Test(host_assd, a_damaged_token_of_cmd56_is_not_sent_twice)
{
    open_by(SDV_VIA_CMD56);
    for (unsigned block = 0; block < 2; block++) {
        for (int acted = 0; acted < 2; acted++) {
            memset(vault.faults, 0, sizeof(vault.faults));
            vault.runs = 0;
            mock_vault_fail(&vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD,
                                                 .nth = block,
                                                 .err = SDV_ERR_DATA_CRC,
                                                 .acted = acted != 0});
            cr_assert(eq(int, exchange(600), SDV_ERR_DATA_CRC));
            cr_assert(le(uint, vault.runs, 1));
            expect_good(600);
        }
    }
}

Test(host_assd, a_busy_card_behind_cmd56_refuses)
{
    open_by(SDV_VIA_CMD56);
    mock_vault_fail(
        &vault, (mock_fault){.opcode = SDV_CMD_GEN_CMD, .err = SDV_CARD_ERROR});
    expect_bad(SDV_CARD_ERROR);
}
