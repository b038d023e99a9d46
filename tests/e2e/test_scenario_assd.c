/* SPDX-License-Identifier: Apache-2.0 */
/* The door of ASSD: CMD6 group 2, CMD34 to CMD37, states and registers. */
#include <string.h>

#include "secure.h"

#define BLOCK 512u
#define TRAN SDV_STATE_TRAN

/* GET DATA, run to its end. */
static void run_get_data(secure *v)
{
    cr_assert(eq(int, secure_write(&v->s, SDV_DOOR_ASSD, secure_question, 1),
                 SDV_OK));
    secure_wait(&v->s);
}

/* LICENSE LIST of 22 lines: a response of two blocks. */
static void run_long_list(secure *v)
{
    static const uint8_t list[BLOCK] = {0, 6, 0x80, SDV_INS_LICENSE_LIST};

    cr_assert(eq(int, secure_write(&v->s, SDV_DOOR_ASSD, list, 1), SDV_OK));
    secure_wait(&v->s);
}

/* An active card whose list of licenses takes two blocks. */
static void open_long(secure *v, const slot_param *param)
{
    sdv_image *image;

    secure_open_active(v, param, 1);
    image = secure_off(v);
    for (unsigned i = 0; i < 22; i++) {
        const line l = {.sequence = 1,
                        .state = SDV_VAULT_STATE_DELETED,
                        .flags = SDV_VAULT_FLAG_KEEP,
                        .id = {(uint8_t)(i + 1)}};

        line_write(image, i, 1, &l);
    }
    secure_on(v);
}

/* ---- CMD6 ---- */

static void expect_unknown(slot *s)
{
    static const uint8_t opcodes[] = {34, 35, 36, 37, 50, 57};

    for (size_t i = 0; i < sizeof(opcodes); i++) {
        secure_send(s, opcodes[i], 1, SDV_RESP_R1, SDV_ERR_NO_RESPONSE);
        slot_expect(s, TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    }
}

SCENARIO_EACH(assd, commands_are_known_while_group_2_says_so)
{
    slot s;

    slot_open(&s, param, NULL);
    expect_unknown(&s);
    secure_function(&s, SDV_ASSD_FUNCTION_ASSD);
    secure_expect_state(&s, SDV_ASSD_STATE_IDLE);
    secure_function(&s, 0);
    expect_unknown(&s);
    secure_function(&s, SDV_ASSD_FUNCTION_ECOM);
    secure_expect_state(&s, SDV_ASSD_STATE_IDLE);
    slot_close(&s);
}

static unsigned group_2(slot *s, uint32_t arg)
{
    uint8_t answer[64];

    cr_assert(eq(int,
                 slot_move(s, 6, arg, SDV_DIR_READ, SDV_STOP_NONE,
                           sizeof(answer), 1, answer),
                 SDV_OK));
    cr_assert(eq(u8, answer[10], 0x80));
    cr_assert(eq(u8, answer[11], 0x13));
    return answer[16] >> 4;
}

SCENARIO(assd, group_2_keeps_checks_and_refuses)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(uint, group_2(&s, 0x00FFFF4Fu), 4)); /* a check */
    cr_assert(eq(uint, group_2(&s, 0x00FFFFFFu), 0));
    cr_assert(eq(uint, group_2(&s, 0x80FFFF4Fu), 4));
    cr_assert(eq(uint, group_2(&s, 0x80FFFFFFu), 4));
    secure_expect_state(&s, SDV_ASSD_STATE_IDLE);
    for (unsigned function = 2; function < 15; function++) {
        if (function != SDV_ASSD_FUNCTION_ASSD) {
            cr_assert(eq(uint, group_2(&s, 0x80FFFF0Fu | function << 4), 0xF));
        }
    }
    cr_assert(eq(uint, group_2(&s, 0x80FFFFF2u), 4)); /* none of both */
    secure_expect_state(&s, SDV_ASSD_STATE_IDLE);
    cr_assert(eq(uint, group_2(&s, 0x80FFFF1Fu), 1));
    cr_assert(eq(uint, group_2(&s, 0x00FFFFFFu), 1));
    slot_close(&s);
}

SCENARIO(assd, cmd0_makes_the_commands_unknown)
{
    secure v;

    secure_open(&v, param, NULL);
    cr_assert(eq(int, sdv_bus_set_width(v.s.bus, 1), SDV_OK));
    slot_identify(&v.s);
    expect_unknown(&v.s);
    cr_assert(eq(uint, group_2(&v.s, 0x00FFFFFFu), 0));
    secure_close(&v);
}

SCENARIO(assd, streams_are_not_armed)
{
    secure v;

    secure_open(&v, param, NULL);
    secure_send(&v.s, 50, 1, SDV_RESP_R1, SDV_ERR_NO_RESPONSE);
    slot_expect(&v.s, TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    secure_send(&v.s, 57, 1, SDV_RESP_R1, SDV_ERR_NO_RESPONSE);
    slot_expect(&v.s, TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    secure_close(&v);
}

/* ---- SEND_PSI ---- */

SCENARIO(assd, properties_are_those_of_the_table)
{
    static const uint8_t want[SDV_ASSD_PSI_BYTES] = {
        1, 12, 2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 2, 0x53, 1};
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    secure v;

    secure_open(&v, param, NULL);
    secure_psi(&v.s, SDV_ASSD_PSI_PR, reg);
    cr_assert(zero(int, memcmp(reg, want, sizeof(want))));
    secure_close(&v);
}

static sdv_err psi(slot *s, unsigned id, uint16_t bytes, uint8_t *data)
{
    return slot_move(s, SDV_CMD_SEND_PSI, id, SDV_DIR_READ, SDV_STOP_NONE,
                     bytes, 1, data);
}

SCENARIO_EACH(assd, registers_are_as_long_as_cmd16_says_or_a_block)
{
    static const uint32_t lengths[] = {1, 31, 33, 511, 512};
    uint8_t data[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    secure_send(&v.s, 16, 32, SDV_RESP_R1, SDV_OK);
    cr_assert(eq(int, psi(&v.s, SDV_ASSD_PSI_PR, 32, data), SDV_OK));
    cr_assert(eq(u8, data[14], 0x53));
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        secure_send(&v.s, 16, lengths[i], SDV_RESP_R1, SDV_OK);
        cr_assert(eq(int, psi(&v.s, SDV_ASSD_PSI_PR, BLOCK, data), SDV_OK));
        cr_assert(eq(u8, data[14], 0x53));
        cr_assert(eq(u8, data[32], 0));
    }
    secure_close(&v);
}

SCENARIO(assd, other_registers_do_not_exist)
{
    static const uint32_t ids[] = {1, 2, 3, 5, 7, 8, 0x100, 0x80000000u};
    secure v;

    secure_open(&v, param, NULL);
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        secure_send(&v.s, SDV_CMD_SEND_PSI, ids[i], SDV_RESP_R1,
                    SDV_CARD_OUT_OF_RANGE);
        slot_expect(&v.s, TRAN, 0);
    }
    secure_close(&v);
}

SCENARIO(assd, random_numbers_are_not_the_same)
{
    uint8_t one[SDV_ASSD_PSI_BYTES], two[SDV_ASSD_PSI_BYTES];
    secure v;

    secure_open(&v, param, NULL);
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, one);
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, two);
    cr_assert(ne(int, memcmp(one, two, 32), 0));
    cr_assert(ne(int, memcmp(one, one + 16, 16), 0));
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    secure_close(&v);
}

/* ---- tokens ---- */

static void expect_sr(slot *s, unsigned state, unsigned error, unsigned blocks)
{
    uint8_t want[SDV_ASSD_PSI_BYTES] = {0};
    uint8_t sr[SDV_ASSD_PSI_BYTES];

    want[SDV_ASSD_SR_STATE] = (uint8_t)state;
    want[SDV_ASSD_SR_ERROR] = (uint8_t)error;
    want[SDV_ASSD_SR_ACTIVE] = SDV_ASSD_SYSTEM_ASSD;
    want[SDV_ASSD_SR_BLOCKS + 1] = (uint8_t)blocks;
    secure_psi(s, SDV_ASSD_PSI_SR, sr);
    cr_assert(zero(int, memcmp(sr, want, sizeof(sr))),
              "state %u error %u blocks %u", sr[0], sr[1], sr[9]);
}

SCENARIO_EACH(assd, a_command_leads_to_complete_and_its_answer_to_idle)
{
    uint8_t first[BLOCK], again[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    run_get_data(&v);
    slot_expect(&v.s, TRAN, 0);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, first, 1), SDV_OK));
    cr_assert(eq(u8, first[1], 36));
    cr_assert(eq(u8, first[34], 0x90));
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, again, 1), SDV_OK));
    cr_assert(zero(int, memcmp(first, again, BLOCK)));
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    secure_close(&v);
}

SCENARIO(assd, sr_tells_the_error_of_the_answer_as_long_as_it_is_there)
{
    static const struct {
        uint8_t token[8];
        unsigned error;
    } cases[] = {
        {{0, 6, 0x84, 0xCA}, 1},                   /* 6982 */
        {{0, 6, 0x80, 0x34}, 1},                   /* 6982 */
        {{0, 6, 0x80, SDV_INS_LICENSE_LIST}, 4},   /* 6985: blank */
        {{0, 6, 0x80, SDV_INS_GET_DATA, 1, 0}, 4}, /* 6A86 */
        {{0, 5}, 4},                               /* 6700 */
    };
    uint8_t token[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        memset(token, 0, sizeof(token));
        memcpy(token, cases[i].token, sizeof(cases[i].token));
        cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_ASSD, token, 1), SDV_OK));
        secure_wait(&v.s);
        expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, cases[i].error, 1);
        cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, token, 1), SDV_OK));
        expect_sr(&v.s, SDV_ASSD_STATE_IDLE, cases[i].error, 0);
    }
    secure_send(&v.s, 37, 0x101, SDV_RESP_R1B, SDV_OK);
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    secure_close(&v);
}

SCENARIO(assd, a_token_takes_one_block_or_two)
{
    static const uint32_t wrong[] = {0, 3, 4, 0xFFFF, 0x10000, 0xFFFF0003u};
    secure v;

    secure_open(&v, param, NULL);
    run_get_data(&v);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        secure_send(&v.s, 35, wrong[i], SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
        slot_expect(&v.s, TRAN, 0);
    }
    /* The refused ones have begun no token. */
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    secure_send(&v.s, 35, 0xABCD0001u, SDV_RESP_R1, SDV_OK);
    slot_expect(&v.s, SDV_STATE_RCV, 0);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    secure_close(&v);
}

SCENARIO(assd, the_length_of_a_token_fits_its_blocks)
{
    static const uint16_t wrong[][2] = {{0, 1},   {1, 1},    {5, 1},
                                        {513, 1}, {1025, 2}, {0xFFFF, 2}};
    uint8_t token[2 * BLOCK] = {0, 6, 0x80, SDV_INS_GET_DATA};
    secure v;

    secure_open(&v, param, NULL);
    token[1023] = 0xFF; /* nobody looks */
    secure_expect(secure_token(&v, token, 2), SDV_SW_OK);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        token[0] = (uint8_t)(wrong[i][0] >> 8);
        token[1] = (uint8_t)wrong[i][0];
        secure_expect(secure_token(&v, token, wrong[i][1]),
                      SDV_SW_WRONG_LENGTH);
    }
    secure_close(&v);
}

/* ---- a token that does not arrive ---- */

static void expect_aborted(secure *v)
{
    uint8_t data[BLOCK];

    expect_sr(&v->s, SDV_ASSD_STATE_ABORTED, 0, 0);
    cr_assert(
        eq(int, secure_read(&v->s, SDV_DOOR_ASSD, data, 1), SDV_CARD_ERROR));
    slot_expect(&v->s, TRAN, 0);
    cr_assert(eq(int, secure_read(&v->s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    cr_assert(eq(u8, data[1], 2));
    expect_sr(&v->s, SDV_ASSD_STATE_ABORTED, 0, 0);
}

SCENARIO(assd, cmd12_aborts_a_token)
{
    secure v;

    secure_open(&v, param, NULL);
    for (uint32_t blocks = 1; blocks <= 2; blocks++) {
        run_get_data(&v);
        secure_send(&v.s, 35, blocks, SDV_RESP_R1, SDV_OK);
        slot_expect(&v.s, SDV_STATE_RCV, 0);
        secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
        slot_expect(&v.s, TRAN, 0);
        expect_aborted(&v);
    }
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

/* The host has sent one block of two. */
static void send_half(slot *s)
{
    uint8_t copy[BLOCK];
    sdv_cmd seq[2] = {{.opcode = 35,
                       .arg = 2,
                       .resp = SDV_RESP_R1,
                       .dir = SDV_DIR_WRITE,
                       .block_size = BLOCK,
                       .blocks = 1,
                       .data = copy},
                      {.opcode = 13, .arg = slot_rca(s), .resp = SDV_RESP_R1}};

    memcpy(copy, secure_question, BLOCK);
    cr_assert(eq(int, sdv_bus_run(s->bus, seq, 2), SDV_OK));
    cr_assert(eq(uint, slot_state_of(seq[1].response[0]), SDV_STATE_RCV));
}

SCENARIO(assd, half_a_token_is_no_token)
{
    secure v;

    secure_open(&v, param, NULL);
    send_half(&v.s);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    expect_aborted(&v);
    secure_send(&v.s, 37, 1, SDV_RESP_R1B, SDV_OK);
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(assd, cmd0_forgets_half_a_token_and_an_answer)
{
    uint8_t data[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    for (unsigned round = 0; round < 2; round++) {
        if (round == 0) {
            send_half(&v.s);
        } else {
            run_get_data(&v);
        }
        cr_assert(eq(int, sdv_bus_set_width(v.s.bus, 1), SDV_OK));
        slot_identify(&v.s);
        secure_function(&v.s, SDV_ASSD_FUNCTION_ASSD);
        expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
        cr_assert(
            eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_CARD_ERROR));
    }
    secure_close(&v);
}

/* ---- CMD34 ---- */

SCENARIO(assd, an_answer_is_read_in_any_number_of_pieces)
{
    static uint8_t whole[2 * BLOCK], pieces[5 * BLOCK];
    secure v;

    open_long(&v, param);
    run_long_list(&v);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 2);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, whole, 2), SDV_OK));
    cr_assert(eq(uint, (unsigned)whole[0] << 8 | whole[1], 22 * 24 + 6));
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    run_long_list(&v);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, pieces, 1), SDV_OK));
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    cr_assert(
        eq(int, secure_read(&v.s, SDV_DOOR_ASSD, pieces + BLOCK, 1), SDV_OK));
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    cr_assert(zero(int, memcmp(whole, pieces, sizeof(whole))));
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, pieces, 5), SDV_OK));
    cr_assert(zero(int, memcmp(whole, pieces, sizeof(whole))));
    for (size_t i = 2 * BLOCK; i < sizeof(pieces); i++) {
        cr_assert(eq(u8, pieces[i], 0));
    }
    secure_close(&v);
}

SCENARIO(assd, zeros_count_as_sent_with_the_last_block)
{
    static uint8_t data[4 * BLOCK];
    secure v;

    open_long(&v, param);
    run_long_list(&v);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 3), SDV_OK));
    expect_sr(&v.s, SDV_ASSD_STATE_IDLE, 0, 0);
    cr_assert(eq(u8, data[BLOCK], 0));
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    cr_assert(eq(uint, (unsigned)data[0] << 8 | data[1], 22 * 24 + 6));
    secure_close(&v);
}

/* CMD34 for two blocks; the host takes `taken` and ends it by CMD12. */
static void cut_read(slot *s, unsigned taken)
{
    uint8_t data[BLOCK];
    sdv_cmd seq[2] = {{.opcode = 34,
                       .arg = 2,
                       .resp = SDV_RESP_R1,
                       .dir = taken == 0 ? SDV_DIR_NONE : SDV_DIR_READ,
                       .block_size = taken == 0 ? 0 : BLOCK,
                       .blocks = (uint16_t)taken,
                       .data = taken == 0 ? NULL : data},
                      {.opcode = 12, .resp = SDV_RESP_R1B}};

    cr_assert(eq(int, sdv_bus_run(s->bus, seq, 2), SDV_OK));
}

SCENARIO(assd, a_read_that_is_cut_moves_nothing)
{
    uint8_t data[BLOCK];
    secure v;

    open_long(&v, param);
    run_long_list(&v);
    cut_read(&v.s, 0);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 2);
    cut_read(&v.s, 1);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 2);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    cut_read(&v.s, 0);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_OK);
    secure_send(&v.s, 7, 0, SDV_RESP_NONE, SDV_OK);
    secure_send(&v.s, 7, slot_rca(&v.s), SDV_RESP_R1B, SDV_OK);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    secure_close(&v);
}

SCENARIO(assd, no_blocks_and_no_answer_are_refused)
{
    secure v;

    secure_open(&v, param, NULL);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    slot_expect(&v.s, TRAN, 0);
    secure_send(&v.s, 34, 0, SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
    slot_expect(&v.s, TRAN, 0);
    run_get_data(&v);
    secure_send(&v.s, 34, 0xFFFF0000u, SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
    slot_expect(&v.s, TRAN, 0);
    expect_sr(&v.s, SDV_ASSD_STATE_COMPLETE, 0, 1);
    secure_close(&v);
}
