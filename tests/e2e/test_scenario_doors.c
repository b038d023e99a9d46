/* SPDX-License-Identifier: Apache-2.0 */
/*
 * CMD56, what the two doors have in common, a command in progress, CMD37 and
 * CMD12.
 */
#include <string.h>

#include "secure.h"

#define BLOCK 512u
#define TRAN SDV_STATE_TRAN
#define LONG 519u /* bytes of the APDU of an IMPORT */

/* A token of two blocks: IMPORT of something. */
static void long_token(uint8_t token[2 * BLOCK])
{
    static const uint8_t head[] = {(LONG + 2) >> 8,
                                   (LONG + 2) & 0xFF,
                                   0x80,
                                   SDV_INS_LICENSE_IMPORT,
                                   0,
                                   0,
                                   0,
                                   2};

    memset(token, 0, (size_t)2 * BLOCK);
    memcpy(token, head, sizeof(head));
}

static void expect_word(const uint8_t *token, unsigned sw)
{
    static const uint8_t zeros[BLOCK];

    cr_assert(eq(uint, (unsigned)token[0] << 8 | token[1], 4));
    cr_assert(eq(uint, (unsigned)token[2] << 8 | token[3], sw));
    cr_assert(zero(int, memcmp(token + 4, zeros, BLOCK - 4)));
}

static void expect_no_answer(slot *s)
{
    static const uint8_t zeros[BLOCK];
    uint8_t token[BLOCK];

    cr_assert(eq(int, secure_read(s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    cr_assert(eq(uint, (unsigned)token[0] << 8 | token[1], 2));
    cr_assert(zero(int, memcmp(token + 2, zeros, BLOCK - 2)));
}

/* ---- CMD56 ---- */

SCENARIO_EACH(doors, cmd56_needs_no_cmd6)
{
    secure v;

    memset(&v, 0, sizeof(v));
    slot_open(&v.s, param, NULL);
    v.door = SDV_DOOR_CMD56;
    expect_no_answer(&v.s);
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    cr_assert(eq(sz, v.length, 32));
    slot_expect(&v.s, TRAN, 0);
    secure_close(&v);
}

SCENARIO(doors, cmd56_looks_at_bit_0_only)
{
    uint8_t copy[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    memcpy(copy, secure_question, BLOCK);
    cr_assert(eq(int,
                 slot_move(&v.s, 56, 0xFFFFFFFEu, SDV_DIR_WRITE, SDV_STOP_NONE,
                           BLOCK, 1, copy),
                 SDV_OK));
    secure_wait(&v.s);
    cr_assert(eq(int,
                 slot_move(&v.s, 56, 0xFFFFFFFFu, SDV_DIR_READ, SDV_STOP_NONE,
                           BLOCK, 1, copy),
                 SDV_OK));
    cr_assert(eq(u8, copy[1], 36));
    secure_close(&v);
}

SCENARIO(doors, cmd56_takes_the_blocks_that_the_length_says)
{
    uint8_t token[2 * BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    v.door = SDV_DOOR_CMD56;
    long_token(token);
    secure_expect(secure_token(&v, token, 2), SDV_SW_SEAL_MAGIC);
    token[0] = 2; /* 512 bytes: one block, and bytes are missing */
    token[1] = 0;
    secure_expect(secure_token(&v, token, 1), SDV_SW_WRONG_LENGTH);
    token[1] = 1; /* 513 */
    secure_expect(secure_token(&v, token, 2), SDV_SW_WRONG_LENGTH);
    token[0] = 4; /* 1,024 */
    token[1] = 0;
    secure_expect(secure_token(&v, token, 2), SDV_SW_WRONG_LENGTH);
    token[1] = 1; /* more than two blocks: not waited for */
    secure_expect(secure_token(&v, token, 1), SDV_SW_WRONG_LENGTH);
    token[0] = 0;
    token[1] = 5;
    secure_expect(secure_token(&v, token, 1), SDV_SW_WRONG_LENGTH);
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(doors, cmd56_reads_round_and_round)
{
    uint8_t first[BLOCK], data[BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    v.door = SDV_DOOR_CMD56;
    for (unsigned i = 0; i < 22; i++) {
        const blob b = blob_make(i);

        secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    }
    secure_expect(secure_command(&v, SDV_INS_LICENSE_LIST, 0, NULL, 0),
                  SDV_SW_OK);
    cr_assert(eq(sz, v.length, 22 * 24 + 2));
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, first, 1), SDV_OK));
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    cr_assert(ne(int, memcmp(first, data, BLOCK), 0));
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    cr_assert(zero(int, memcmp(first, data, BLOCK)));
    secure_close(&v);
}

SCENARIO(doors, half_a_token_waits_for_its_other_half)
{
    uint8_t token[2 * BLOCK];
    uint8_t data[BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    long_token(token);
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    expect_no_answer(&v.s);
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    /* The other half is cut, and comes again. */
    secure_send(&v.s, 56, 0, SDV_RESP_R1, SDV_OK);
    slot_expect(&v.s, SDV_STATE_RCV, 0);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    slot_expect(&v.s, TRAN, 0);
    expect_no_answer(&v.s);
    cr_assert(
        eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token + BLOCK, 1), SDV_OK));
    secure_wait(&v.s);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    expect_word(data, SDV_SW_SEAL_MAGIC);
    secure_close(&v);
}

SCENARIO(doors, a_first_block_that_is_cut_comes_again)
{
    secure v;

    secure_open(&v, param, NULL);
    v.door = SDV_DOOR_CMD56;
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_send(&v.s, 56, 0, SDV_RESP_R1, SDV_OK);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    expect_no_answer(&v.s); /* the answer is forgotten all the same */
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

/* ---- one door and the other ---- */

SCENARIO(doors, an_answer_is_for_the_door_of_its_command)
{
    uint8_t data[2 * BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, secure_question, 1),
                 SDV_OK));
    secure_wait(&v.s);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 2), SDV_OK));
    expect_word(data, SDV_SW_CONDITIONS);
    for (size_t i = BLOCK; i < sizeof(data); i++) {
        cr_assert(eq(u8, data[i], 0));
    }
    secure_expect_state(&v.s, SDV_ASSD_STATE_COMPLETE);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    cr_assert(eq(u8, data[1], 36));
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    cr_assert(
        eq(int, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, 1), SDV_OK));
    secure_wait(&v.s);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
    expect_word(data, SDV_SW_CONDITIONS);
    secure_expect_state(&v.s, SDV_ASSD_STATE_COMPLETE);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    cr_assert(eq(u8, data[1], 36));
    secure_close(&v);
}

SCENARIO(doors, a_token_that_changes_the_door_is_not_run)
{
    static const uint8_t no_length[BLOCK] = {0, 3};
    uint8_t token[2 * BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    long_token(token);
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_CONDITIONS);
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    secure_expect(secure_token(&v, no_length, 1), SDV_SW_WRONG_LENGTH);
    /* The half token is gone: what comes by CMD56 is a first block. */
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    secure_send(&v.s, 35, 1, SDV_RESP_R1, SDV_OK);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    secure_expect_state(&v.s, SDV_ASSD_STATE_ABORTED);
    v.door = SDV_DOOR_CMD56;
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(doors, half_a_token_is_forgotten_by_reset)
{
    uint8_t token[2 * BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    long_token(token);
    cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_CMD56, token, 1), SDV_OK));
    secure_send(&v.s, 37, 1, SDV_RESP_R1B, SDV_OK);
    secure_expect(secure_token(&v, secure_question, 1), SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(doors, other_commands_leave_an_answer_alone)
{
    static uint8_t data[2 * BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    cr_assert(
        eq(int, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, 1), SDV_OK));
    secure_wait(&v.s);
    cr_assert(eq(int,
                 slot_move(&v.s, 25, slot_address(&v.s, 5), SDV_DIR_WRITE,
                           SDV_STOP_CMD12, BLOCK, 2, data),
                 SDV_OK));
    cr_assert(eq(int,
                 slot_move(&v.s, 17, slot_address(&v.s, 5), SDV_DIR_READ,
                           SDV_STOP_NONE, BLOCK, 1, data),
                 SDV_OK));
    secure_send(&v.s, 7, 0, SDV_RESP_NONE, SDV_OK);
    secure_send(&v.s, 7, slot_rca(&v.s), SDV_RESP_R1B, SDV_OK);
    secure_function(&v.s, 0);
    secure_function(&v.s, SDV_ASSD_FUNCTION_ECOM);
    secure_expect_state(&v.s, SDV_ASSD_STATE_COMPLETE);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    cr_assert(eq(u8, data[1], 36));
    secure_close(&v);
}

/* ---- a command in progress ---- */

/* Long enough to look around meanwhile, on either kernel. */
static const sdv_latency slow = {.eeprom_line = 40000000};

/* An IMPORT that takes two line times is on its way. */
static void start_import(secure *v, const slot_param *param, unsigned door,
                         blob *b)
{
    uint8_t token[2 * BLOCK];

    secure_open_active(v, param, 1);
    *b = blob_make(1);
    long_token(token);
    blob_seal(b, &v->who, token + 9);
    sdv_sim_set_latency(v->s.sim, &slow);
    cr_assert(eq(int, secure_write(&v->s, door, token, 2), SDV_OK));
    secure_expect_state(&v->s, SDV_ASSD_STATE_BUSY);
}

static void expect_license(secure *v, const blob *b)
{
    sdv_image *image = secure_off(v);

    cr_assert(zero(uint, line_of(image, b->id)));
    secure_on(v);
}

SCENARIO(doors, while_a_command_runs_no_other_is_taken)
{
    uint8_t data[BLOCK];
    secure v;
    blob b;

    start_import(&v, param, SDV_DOOR_ASSD, &b);
    slot_expect(&v.s, TRAN, 0);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    secure_send(&v.s, 34, 0, SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
    secure_send(&v.s, 35, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    secure_send(&v.s, 35, 3, SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
    secure_send(&v.s, 56, 0, SDV_RESP_R1, SDV_CARD_ERROR);
    slot_expect(&v.s, TRAN, 0);
    expect_no_answer(&v.s);
    cr_assert(eq(int,
                 slot_move(&v.s, 17, slot_address(&v.s, 5), SDV_DIR_READ,
                           SDV_STOP_NONE, BLOCK, 1, data),
                 SDV_OK));
    cr_assert(eq(int,
                 slot_move(&v.s, 24, slot_address(&v.s, 5), SDV_DIR_WRITE,
                           SDV_STOP_NONE, BLOCK, 1, data),
                 SDV_OK));
    secure_expect_state(&v.s, SDV_ASSD_STATE_BUSY);
    secure_wait(&v.s);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    expect_word(data, SDV_SW_OK);
    expect_license(&v, &b);
    secure_close(&v);
}

SCENARIO(doors, cmd56_is_polled_until_the_answer_is_there)
{
    uint8_t data[BLOCK];
    unsigned polls = 0;
    secure v;
    blob b;

    start_import(&v, param, SDV_DOOR_CMD56, &b);
    do {
        sdv_bus_delay_us(v.s.bus, 5000);
        cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_CMD56, data, 1), SDV_OK));
        polls++;
    } while (data[1] == 2);
    cr_assert(gt(uint, polls, 10));
    expect_word(data, SDV_SW_OK);
    secure_close(&v);
}

SCENARIO(doors, cmd0_drops_the_answer_of_a_command_that_runs)
{
    secure v;
    blob b;

    start_import(&v, param, SDV_DOOR_ASSD, &b);
    cr_assert(eq(int, sdv_bus_set_width(v.s.bus, 1), SDV_OK));
    slot_identify(&v.s);
    secure_function(&v.s, SDV_ASSD_FUNCTION_ASSD);
    secure_expect_state(&v.s, SDV_ASSD_STATE_BUSY);
    secure_wait(&v.s);
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    expect_license(&v, &b);
    secure_close(&v);
}

SCENARIO(doors, reset_waits_for_a_command_that_runs)
{
    secure v;
    blob b;

    start_import(&v, param, SDV_DOOR_ASSD, &b);
    secure_send(&v.s, 37, 0x101, SDV_RESP_R1B, SDV_OK);
    slot_expect(&v.s, TRAN, 0);
    secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
    secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    expect_license(&v, &b);
    secure_close(&v);
}

SCENARIO(doors, random_numbers_wait_for_a_command_that_runs)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    uint8_t zeros[SDV_ASSD_PSI_BYTES] = {0};
    secure v;
    blob b;

    start_import(&v, param, SDV_DOOR_ASSD, &b);
    secure_psi(&v.s, SDV_ASSD_PSI_RNR, reg);
    cr_assert(ne(int, memcmp(reg, zeros, sizeof(reg)), 0));
    secure_expect_state(&v.s, SDV_ASSD_STATE_COMPLETE);
    secure_close(&v);
}

/* ---- CMD37 ---- */

SCENARIO(doors, reset_forgets_and_other_operations_do_not)
{
    static const uint32_t others[] = {0, 2, 0x81, 0x201, 0xF01, 0x100};
    secure v;

    secure_open(&v, param, NULL);
    for (uint32_t system = 0; system <= 1; system++) {
        cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, 1),
                     SDV_OK));
        secure_wait(&v.s);
        for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
            secure_send(&v.s, 37, others[i], SDV_RESP_R1B,
                        SDV_CARD_OUT_OF_RANGE);
            slot_expect(&v.s, TRAN, 0);
        }
        secure_expect_state(&v.s, SDV_ASSD_STATE_COMPLETE);
        secure_send(&v.s, 37, 0xFFFFF000u | system << 8 | 1, SDV_RESP_R1B,
                    SDV_OK);
        secure_expect_state(&v.s, SDV_ASSD_STATE_IDLE);
        secure_send(&v.s, 34, 1, SDV_RESP_R1, SDV_CARD_ERROR);
    }
    secure_close(&v);
}

/* ---- CMD12 in tran ---- */

static void stop_is_legal(slot *s)
{
    secure_send(s, 12, 0, SDV_RESP_R1B, SDV_OK);
    cr_assert(eq(uint, slot_state_of(s->response[0]), TRAN));
    slot_expect(s, TRAN, 0);
}

static void stop_is_illegal(slot *s)
{
    secure_send(s, 12, 0, SDV_RESP_R1B, SDV_ERR_NO_RESPONSE);
    slot_expect(s, TRAN, SDV_STATUS_ILLEGAL_COMMAND);
}

SCENARIO(doors, cmd12_may_follow_secure_transfers)
{
    uint8_t data[BLOCK];
    secure v;

    secure_open(&v, param, NULL);
    stop_is_illegal(&v.s);
    cr_assert(
        eq(int, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, 1), SDV_OK));
    stop_is_legal(&v.s);
    stop_is_legal(&v.s);
    (void)slot_status(&v.s);
    stop_is_legal(&v.s);
    secure_wait(&v.s); /* CMD36 */
    stop_is_legal(&v.s);
    cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, data, 1), SDV_OK));
    stop_is_legal(&v.s);
    secure_send(&v.s, 2, 0, SDV_RESP_R2, SDV_ERR_NO_RESPONSE); /* illegal */
    stop_is_legal(&v.s);
    secure_send(&v.s, 16, 512, SDV_RESP_R1, SDV_OK);
    stop_is_illegal(&v.s);
    secure_send(&v.s, 34, 0, SDV_RESP_R1, SDV_CARD_OUT_OF_RANGE);
    stop_is_legal(&v.s);
    secure_send(&v.s, 37, 1, SDV_RESP_R1B, SDV_OK);
    stop_is_illegal(&v.s);
    secure_close(&v);
}

SCENARIO(doors, cmd12_that_ends_a_transfer_is_followed_by_none)
{
    secure v;

    secure_open(&v, param, NULL);
    secure_send(&v.s, 35, 1, SDV_RESP_R1, SDV_OK);
    secure_send(&v.s, 12, 0, SDV_RESP_R1B, SDV_OK);
    stop_is_illegal(&v.s);
    expect_no_answer(&v.s); /* CMD56 */
    stop_is_illegal(&v.s);
    secure_close(&v);
}
