/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tokens and answers on lines that are inverted for one clock.  Direct kernel
 * only: the model has no lines; tests/unit/test_model_secure.c has its half.
 */
#include <string.h>

#include "secure.h"

#define BLOCK 512u
#define BLOCK_CLOCKS 1100u
#define STEP 60u
#define NO_STATUS 2u /* a line that carries no CRC status */

static const slot_options noisy = {.disturbed = true};

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(noise, .init = direct_only);

/* What is left of a token is told, and the next one is run. */
static void after_damage(secure *v, sdv_err err, unsigned *refused)
{
    unsigned state;

    slot_expect(&v->s, SDV_STATE_TRAN, 0);
    secure_wait(&v->s);
    state = secure_state(&v->s);
    if (err == SDV_ERR_DATA_CRC) {
        (*refused)++;
        cr_assert(eq(uint, state, SDV_ASSD_STATE_ABORTED));
    } else {
        cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
        cr_assert(eq(uint, state, SDV_ASSD_STATE_COMPLETE));
    }
    secure_expect(secure_token(v, secure_question, 1), SDV_SW_OK);
}

Test(noise, a_damaged_block_aborts_a_token)
{
    secure v;

    secure_open(&v, &slot_direct, &noisy);
    for (unsigned blocks = 1; blocks <= 2; blocks++) {
        unsigned refused = 0;

        for (uint64_t shot = 150; shot < BLOCK_CLOCKS * blocks; shot += STEP) {
            sdv_sim_flip(v.s.sim, shot, false, NO_STATUS);
            after_damage(
                &v, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, blocks),
                &refused);
        }
        cr_assert(gt(uint, refused, 10 * blocks));
    }
    secure_close(&v);
}

/* A token of two blocks, each sent until it is taken. */
Test(noise, by_cmd56_a_damaged_block_comes_again)
{
    static const uint8_t head[] = {2, 9, 0x80, SDV_INS_LICENSE_IMPORT,
                                   0, 0, 0,    2};
    static uint8_t token[2 * BLOCK];
    unsigned again = 0;
    secure v;

    memcpy(token, head, sizeof(head));
    secure_open(&v, &slot_direct, &noisy);
    for (uint64_t shot = 150; shot < BLOCK_CLOCKS; shot += STEP) {
        uint8_t answer[BLOCK];

        for (unsigned i = 0; i < 2; i++) {
            sdv_err err;

            sdv_sim_flip(v.s.sim, shot, false, NO_STATUS);
            while ((err = secure_write(&v.s, SDV_DOOR_CMD56, token + i * BLOCK,
                                       1)) == SDV_ERR_DATA_CRC) {
                again++;
            }
            cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
        }
        secure_wait(&v.s);
        cr_assert(
            eq(int, secure_read(&v.s, SDV_DOOR_CMD56, answer, 1), SDV_OK));
        cr_assert(eq(u8, answer[2], 0x69)); /* 6985: it is blank */
    }
    cr_assert(gt(uint, again, 10));
    secure_close(&v);
}

/* The host has a wrong block; the card has sent it, and sends it again. */
Test(noise, a_damaged_answer_is_read_again)
{
    unsigned damaged = 0;
    secure v;

    secure_open(&v, &slot_direct, &noisy);
    for (uint64_t shot = 150; shot < BLOCK_CLOCKS; shot += STEP) {
        uint8_t answer[BLOCK];
        sdv_err err;

        cr_assert(eq(int, secure_write(&v.s, SDV_DOOR_ASSD, secure_question, 1),
                     SDV_OK));
        secure_wait(&v.s);
        sdv_sim_flip(v.s.sim, shot, false, NO_STATUS);
        err = secure_read(&v.s, SDV_DOOR_ASSD, answer, 1);
        damaged += err == SDV_ERR_DATA_CRC;
        cr_assert(eq(uint, secure_state(&v.s), SDV_ASSD_STATE_IDLE));
        cr_assert(eq(int, secure_read(&v.s, SDV_DOOR_ASSD, answer, 1), SDV_OK));
        cr_assert(eq(u8, answer[1], 36));
    }
    cr_assert(gt(uint, damaged, 10));
    secure_close(&v);
}
