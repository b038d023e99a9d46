/* SPDX-License-Identifier: Apache-2.0 */
/* Which commands count, what clears a status bit, erase in its order. */
#include <string.h>

#include "slot.h"

static void ok(slot *s, unsigned opcode, uint32_t arg)
{
    const sdv_err err = slot_send(s, opcode, arg, SDV_RESP_R1);

    cr_assert(eq(int, err, SDV_OK), "CMD%u: %s", opcode, sdv_err_name(err));
}

static void silent(slot *s, unsigned opcode, uint32_t arg)
{
    cr_assert(
        eq(int, slot_send(s, opcode, arg, SDV_RESP_R1), SDV_ERR_NO_RESPONSE),
        "CMD%u", opcode);
}

/* ---- status ---- */

SCENARIO(rules, illegal_command_is_told_once)
{
    slot s;

    slot_open(&s, param, NULL);
    silent(&s, 2, 0);
    slot_expect(&s, SDV_STATE_TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    silent(&s, 2, 0);
    ok(&s, 16, 512); /* any answer tells it */
    cr_assert(ne(u32, s.response[0] & SDV_STATUS_ILLEGAL_COMMAND, 0));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    silent(&s, 2, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_STBY, 0); /* the silent deselect cleared it */
    slot_close(&s);
}

SCENARIO(rules, refusal_is_told_once_by_its_own_answer)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(
        eq(int, slot_send(&s, 16, 0, SDV_RESP_R1), SDV_CARD_BLOCK_LEN_ERROR));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO(rules, register_answer_clears_no_error)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 32, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 9, slot_rca(&s), SDV_RESP_R2), SDV_OK));
    slot_expect(&s, SDV_STATE_STBY, SDV_STATUS_ERASE_RESET);
    slot_close(&s);
}

SCENARIO(rules, cmd0_clears_the_status)
{
    slot s;

    slot_open(&s, param, NULL);
    silent(&s, 2, 0);
    cr_assert(eq(int, slot_send(&s, 0, 0, SDV_RESP_NONE), SDV_OK));
    ok(&s, 55, 0);
    cr_assert(eq(u32, s.response[0], 0x120));
    slot_close(&s);
}

/* ---- CMD55 ---- */

SCENARIO(rules, cmd55_counts_for_one_command)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 55, slot_rca(&s));
    cr_assert(eq(u32, s.response[0], 0x920));
    ok(&s, 55, slot_rca(&s)); /* CMD55 after CMD55 is CMD55 */
    ok(&s, 42, 0);
    cr_assert(eq(u32, s.response[0], 0x920));
    silent(&s, 42, 0); /* there is no CMD42 */
    ok(&s, 55, slot_rca(&s));
    ok(&s, 16, 512); /* there is no ACMD16 */
    cr_assert(eq(u32, s.response[0], 0x900));
    slot_close(&s);
}

SCENARIO(rules, illegal_command_forgets_cmd55)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 55, slot_rca(&s));
    silent(&s, 41, 0); /* ACMD41 is illegal in tran */
    ok(&s, 55, slot_rca(&s));
    silent(&s, 2, 0);
    silent(&s, 42, 0);
    slot_expect(&s, SDV_STATE_TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    slot_close(&s);
}

SCENARIO(rules, command_for_another_card_leaves_cmd55)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 55, slot_rca(&s));
    silent(&s, 55, slot_rca(&s) * 2);
    silent(&s, 9, slot_rca(&s) * 2);
    ok(&s, 23, 5); /* so this is ACMD23 */
    cr_assert(eq(u32, s.response[0], 0x920));
    slot_close(&s);
}

SCENARIO(rules, app_status_needs_no_rca)
{
    uint8_t data[64];
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, slot_read_app(&s, 13, 64, data), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0x920));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

/* ---- CMD23 ---- */

/* Whether a CMD18 of two blocks ends by itself. */
static bool counts(slot *s)
{
    uint8_t data[1024];

    cr_assert(eq(int,
                 slot_move(s, 18, 0, SDV_DIR_READ, SDV_STOP_NONE, 512, 2, data),
                 SDV_OK));
    if (slot_state_of(slot_status(s)) == SDV_STATE_TRAN) {
        return true;
    }
    cr_assert(eq(int, slot_send(s, 12, 0, SDV_RESP_R1B), SDV_OK));
    return false;
}

SCENARIO(rules, cmd23_counts_for_the_next_command_only)
{
    uint8_t data[512];
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 23, 2);
    cr_assert(counts(&s));
    cr_assert(not(counts(&s)));
    ok(&s, 23, 2);
    slot_expect(&s, SDV_STATE_TRAN, 0); /* CMD13 cancels it */
    cr_assert(not(counts(&s)));
    ok(&s, 23, 2);
    silent(&s, 2, 0); /* an illegal command does not */
    silent(&s, 13, slot_rca(&s) * 2);
    cr_assert(counts(&s));
    ok(&s, 23, 0); /* counts as none */
    cr_assert(not(counts(&s)));
    ok(&s, 23, 2);
    cr_assert(
        eq(int, slot_move(&s, 17, 0, SDV_DIR_READ, SDV_STOP_NONE, 512, 1, data),
           SDV_OK));
    cr_assert(not(counts(&s)));
    ok(&s, 23, 2);
    cr_assert(eq(
        int, slot_send(&s, 18, slot_address(&s, slot_blocks(&s)), SDV_RESP_R1),
        SDV_CARD_OUT_OF_RANGE));
    cr_assert(not(counts(&s))); /* the refused one used it up */
    slot_close(&s);
}

/* ---- stopping ---- */

SCENARIO(rules, a_read_is_ended_by_cmd12_cmd7_and_cmd0)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 18, 0);
    slot_expect(&s, SDV_STATE_DATA, 0);
    cr_assert(eq(int, slot_send(&s, 12, 0, SDV_RESP_R1B), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0xB00)); /* state when it came */
    slot_expect(&s, SDV_STATE_TRAN, 0);
    ok(&s, 18, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_STBY, 0);
    cr_assert(eq(int, slot_send(&s, 7, slot_rca(&s), SDV_RESP_R1B), SDV_OK));
    ok(&s, 18, 0);
    cr_assert(eq(int, slot_send(&s, 0, 0, SDV_RESP_NONE), SDV_OK));
    ok(&s, 55, 0);
    slot_close(&s);
}

SCENARIO(rules, a_write_without_data_programs_nothing)
{
    uint8_t wrote[512], data[512], count[4];
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, 512, 1);
    cr_assert(eq(int, sdv_card_write(&s.card, 8, 1, wrote), SDV_OK));
    ok(&s, 25, slot_address(&s, 8));
    slot_expect(&s, SDV_STATE_RCV, 0);
    cr_assert(eq(int, slot_send(&s, 12, 0, SDV_RESP_R1B), SDV_OK));
    cr_assert(eq(u32, slot_state_of(s.response[0]), SDV_STATE_RCV));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    cr_assert(eq(int, slot_read_app(&s, 22, 4, count), SDV_OK));
    cr_assert(eq(u8, count[3], 0));
    cr_assert(eq(int, sdv_card_read(&s.card, 8, 1, data), SDV_OK));
    cr_assert(eq(int, memcmp(wrote, data, 512), 0));
    slot_close(&s);
}

/* ---- erase ---- */

SCENARIO_EACH(rules, erased_blocks_read_as_zeros_and_others_stay)
{
    static uint8_t wrote[512 * 8], data[512 * 8], zeros[512 * 3];
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 2);
    cr_assert(eq(int, sdv_card_write(&s.card, 30, 8, wrote), SDV_OK));
    cr_assert(eq(int, sdv_card_erase(&s.card, 32, 3), SDV_OK));
    cr_assert(eq(int, sdv_card_read(&s.card, 30, 8, data), SDV_OK));
    cr_assert(eq(int, memcmp(data, wrote, 1024), 0));
    cr_assert(eq(int, memcmp(data + 1024, zeros, sizeof(zeros)), 0));
    cr_assert(eq(int, memcmp(data + 2560, wrote + 2560, 1536), 0));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

static void erase_error(slot *s, unsigned opcode, uint32_t arg, sdv_err want)
{
    const sdv_err err =
        slot_send(s, opcode, arg, opcode == 38 ? SDV_RESP_R1B : SDV_RESP_R1);

    cr_assert(eq(int, err, want), "CMD%u: %s", opcode, sdv_err_name(err));
    slot_expect(s, SDV_STATE_TRAN, 0);
}

SCENARIO_EACH(rules, erase_commands_in_another_order)
{
    slot s;

    slot_open(&s, param, NULL);
    erase_error(&s, 33, 0, SDV_CARD_ERASE_SEQ_ERROR);
    erase_error(&s, 38, 0, SDV_CARD_ERASE_SEQ_ERROR);
    ok(&s, 32, 0);
    erase_error(&s, 38, 0, SDV_CARD_ERASE_SEQ_ERROR);
    ok(&s, 32, 0);
    erase_error(&s, 32, 0, SDV_CARD_ERASE_SEQ_ERROR);
    erase_error(&s, 33, 0, SDV_CARD_ERASE_SEQ_ERROR); /* it was dropped */
    ok(&s, 32, 0);
    ok(&s, 33, 0);
    erase_error(&s, 33, 0, SDV_CARD_ERASE_SEQ_ERROR);
    erase_error(&s, 38, 0, SDV_CARD_ERASE_SEQ_ERROR);
    slot_close(&s);
}

SCENARIO_EACH(rules, erase_range_is_checked)
{
    slot s;
    uint32_t end;

    slot_open(&s, param, NULL);
    end = slot_address(&s, slot_blocks(&s));
    erase_error(&s, 32, end, SDV_CARD_OUT_OF_RANGE);
    erase_error(&s, 33, 0, SDV_CARD_ERASE_SEQ_ERROR);
    ok(&s, 32, 0);
    erase_error(&s, 33, end, SDV_CARD_OUT_OF_RANGE);
    erase_error(&s, 38, 0, SDV_CARD_ERASE_SEQ_ERROR);
    ok(&s, 32, slot_address(&s, 5));
    ok(&s, 33, slot_address(&s, 4));
    erase_error(&s, 38, 0, SDV_CARD_ERASE_PARAM);
    if (param->sdsc) {
        erase_error(&s, 32, 256, SDV_CARD_ADDRESS_ERROR);
    }
    ok(&s, 32, slot_address(&s, slot_blocks(&s) - 1));
    ok(&s, 33, slot_address(&s, slot_blocks(&s) - 1));
    erase_error(&s, 38, 0, SDV_OK);
    slot_close(&s);
}

SCENARIO(rules, other_command_drops_an_erase_sequence)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 32, 0);
    slot_expect(&s, SDV_STATE_TRAN, 0); /* CMD13 does not */
    silent(&s, 2, 0);                   /* nor does an illegal command */
    ok(&s, 33, 3);
    ok(&s, 16, 512);
    cr_assert(ne(u32, s.response[0] & SDV_STATUS_ERASE_RESET, 0));
    erase_error(&s, 38, 0, SDV_CARD_ERASE_SEQ_ERROR);
    ok(&s, 32, 0);
    ok(&s, 55, slot_rca(&s));
    cr_assert(ne(u32, s.response[0] & SDV_STATUS_ERASE_RESET, 0));
    slot_close(&s);
}

SCENARIO(rules, failed_erase_is_reported)
{
    slot s;

    slot_open(&s, param, NULL);
    ok(&s, 32, 0);
    ok(&s, 33, 3);
    sdv_sim_fail_nvm(s.sim, SDV_NVM_OP_ERASE, 1);
    cr_assert(eq(int, slot_send(&s, 38, 0, SDV_RESP_R1B), SDV_OK));
    slot_expect(&s, SDV_STATE_TRAN, SDV_STATUS_ERROR);
    slot_close(&s);
}

/* ---- dis ---- */

SCENARIO(rules, deselected_card_goes_on_programming)
{
    const slot_options slow = {.latency = {.flash_erase = 1000000}};
    slot s;

    slot_open(&s, param, &slow);
    ok(&s, 32, 0);
    ok(&s, 33, 3);
    ok(&s, 38, 0); /* the host does not wait */
    slot_expect(&s, SDV_STATE_PRG, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_DIS, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_DIS, 0);
    cr_assert(eq(int, slot_send(&s, 7, slot_rca(&s), SDV_RESP_R1), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0x1000)); /* dis, not ready for data */
    slot_expect(&s, SDV_STATE_PRG, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    sdv_bus_delay_us(s.bus, 2000);
    slot_expect(&s, SDV_STATE_STBY, 0);
    slot_close(&s);
}

SCENARIO(rules, cmd0_lets_an_erase_finish)
{
    const slot_options slow = {.latency = {.flash_erase = 1000000}};
    uint8_t wrote[512], data[512], zeros[512] = {0};
    slot s;

    slot_open(&s, param, &slow);
    slot_pattern(wrote, 512, 1);
    cr_assert(eq(int, sdv_card_write(&s.card, 2, 1, wrote), SDV_OK));
    ok(&s, 32, 0);
    ok(&s, 33, 3);
    ok(&s, 38, 0);
    cr_assert(eq(int, sdv_bus_set_width(s.bus, 1), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 0, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_OK));
    s.card.rca = 0;
    for (unsigned i = 0; i < 2; i++) { /* the first is never ready */
        cr_assert(
            eq(int, slot_send_app(&s, 41, 0x40FF8000u, SDV_RESP_R3), SDV_OK));
        cr_assert(eq(u32, s.response[0], 0x00FF8000u));
    }
    sdv_bus_delay_us(s.bus, 2000);
    slot_identify(&s);
    cr_assert(
        eq(int, slot_move(&s, 17, 2, SDV_DIR_READ, SDV_STOP_NONE, 512, 1, data),
           SDV_OK));
    cr_assert(eq(int, memcmp(data, zeros, 512), 0));
    slot_close(&s);
}
