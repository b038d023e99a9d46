/* SPDX-License-Identifier: Apache-2.0 */
/* From power-up to tran, and the registers on the way. */
#include <string.h>

#include "slot.h"

#define R3_READY 0x80000000u
#define R3_CCS 0x40000000u
#define OCR 0x00FF8000u
#define HCS 0x40000000u

static const slot_options cold = {.cold = true};

/* Power and clock for a card that has not heard a command yet. */
static void power_up(slot *s)
{
    cr_assert(eq(int, sdv_bus_set_power(s->bus, true), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_clock(s->bus, 50000000, false), SDV_OK));
}

static uint32_t op_cond(slot *s, uint32_t argument)
{
    cr_assert(eq(int, slot_send_app(s, 41, argument, SDV_RESP_R3), SDV_OK));
    return s->response[0];
}

SCENARIO_EACH(identify, card_is_found_with_its_kind_and_size)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, s.card.high_capacity, !param->sdsc));
    cr_assert(eq(u32, sdv_card_blocks(&s.card), slot_blocks(&s)));
    cr_assert(eq(u32, s.card.lines, param->lines));
    cr_assert(s.card.high_speed);
    cr_assert(eq(u32, s.card.csd.version, param->sdsc ? 1 : 2));
    cr_assert(eq(u32, s.card.cid.psn, 0x12345678u));
    cr_assert(eq(str, s.card.cid.pnm, "SDVBL"));
    cr_assert(s.card.scr.width4);
    cr_assert(s.card.scr.cmd23);
    slot_expect(&s, SDV_STATE_TRAN, 0);
    slot_close(&s);
}

SCENARIO(identify, power_up_is_seen_at_the_second_acmd41)
{
    slot s;

    slot_open(&s, param, &cold);
    power_up(&s);
    cr_assert(eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_OK));
    cr_assert(eq(u32, op_cond(&s, 0), OCR)); /* an enquiry does not count */
    cr_assert(eq(u32, op_cond(&s, HCS | OCR), OCR));
    cr_assert(eq(u32, op_cond(&s, HCS | OCR), OCR | R3_READY | R3_CCS));
    slot_close(&s);
}

SCENARIO(identify, high_capacity_waits_for_hcs_and_cmd8)
{
    slot s;

    slot_open(&s, param, &cold);
    power_up(&s);
    cr_assert(eq(u32, op_cond(&s, HCS | OCR), OCR));
    cr_assert(eq(u32, op_cond(&s, HCS | OCR), OCR)); /* no CMD8 yet */
    cr_assert(eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_OK));
    cr_assert(eq(u32, op_cond(&s, OCR), OCR)); /* no HCS */
    cr_assert(eq(u32, op_cond(&s, HCS | OCR), OCR | R3_READY | R3_CCS));
    slot_close(&s);
}

SCENARIO(identify, interface_condition_is_for_one_voltage)
{
    slot s;

    slot_open(&s, param, &cold);
    power_up(&s);
    cr_assert(eq(int, slot_send(&s, 8, 0x1A5, SDV_RESP_R7), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0x1A5));
    cr_assert(
        eq(int, slot_send(&s, 8, 0x2AA, SDV_RESP_R7), SDV_ERR_NO_RESPONSE));
    cr_assert(
        eq(int, slot_send(&s, 8, 0x3AA, SDV_RESP_R7), SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, slot_send(&s, 55, 0, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0x120)); /* and no error */
    slot_close(&s);
}

SCENARIO(identify, foreign_voltage_makes_the_card_inactive)
{
    slot s;

    slot_open(&s, param, &cold);
    power_up(&s);
    cr_assert(eq(int, slot_send_app(&s, 41, HCS | 0x80, SDV_RESP_R3),
                 SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, slot_send(&s, 0, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(
        eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, sdv_bus_set_power(s.bus, false), SDV_OK));
    power_up(&s);
    cr_assert(eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_OK));
    slot_close(&s);
}

SCENARIO(identify, cmd15_lasts_until_power_off)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, slot_send(&s, 15, slot_rca(&s), SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 13, slot_rca(&s), SDV_RESP_R1),
                 SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, slot_send(&s, 0, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(
        eq(int, slot_send(&s, 8, 0x1AA, SDV_RESP_R7), SDV_ERR_NO_RESPONSE));
    slot_close(&s);
}

SCENARIO(identify, every_cmd3_gives_another_rca)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(u32, s.card.rca, 1));
    slot_identify(&s);
    cr_assert(eq(u32, s.card.rca, 2));
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 3, 0, SDV_RESP_R6), SDV_OK));
    cr_assert(eq(u32, s.response[0], 0x00030700u)); /* stby, ready */
    slot_close(&s);
}

SCENARIO(identify, card_answers_to_its_own_rca_only)
{
    static const uint8_t commands[] = {9, 10, 13, 55};
    slot s;

    slot_open(&s, param, NULL);
    for (size_t i = 0; i < sizeof(commands); i++) {
        cr_assert(eq(int,
                     slot_send(&s, commands[i], slot_rca(&s) * 2, SDV_RESP_R1),
                     SDV_ERR_NO_RESPONSE));
    }
    cr_assert(
        eq(int, slot_send(&s, 15, slot_rca(&s) * 2, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_TRAN, 0); /* as if never heard */
    slot_close(&s);
}

SCENARIO(identify, deselected_and_selected_again)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_STBY, 0);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    slot_expect(&s, SDV_STATE_STBY, 0);
    cr_assert(eq(int, slot_send(&s, 7, slot_rca(&s), SDV_RESP_R1B), SDV_OK));
    slot_expect(&s, SDV_STATE_TRAN, 0);
    cr_assert(eq(int, slot_send(&s, 7, slot_rca(&s), SDV_RESP_R1B),
                 SDV_ERR_NO_RESPONSE));
    slot_expect(&s, SDV_STATE_TRAN, SDV_STATUS_ILLEGAL_COMMAND);
    slot_close(&s);
}

SCENARIO(identify, cmd0_forgets_all_but_the_card)
{
    uint8_t data[512];
    slot s;

    slot_open(&s, param, NULL);
    slot_identify(&s); /* one line and default speed now */
    cr_assert(eq(int, sdv_bus_set_width(s.bus, 1), SDV_OK));
    cr_assert(eq(int, slot_read_app(&s, 13, 64, data), SDV_OK));
    cr_assert(eq(u8, data[0], 0));
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 9, slot_rca(&s), SDV_RESP_R2), SDV_OK));
    cr_assert(eq(u32, s.response[3] & 0xFFu, 0x32));
    slot_close(&s);
}

SCENARIO(identify, power_cut_forgets_the_session_and_keeps_the_data)
{
    uint8_t wrote[512], read[512];
    slot s;

    slot_open(&s, param, NULL);
    slot_pattern(wrote, sizeof(wrote), 7);
    cr_assert(eq(int, sdv_card_write(&s.card, 100, 1, wrote), SDV_OK));
    sdv_sim_power(s.sim, false);
    cr_assert(eq(int, slot_send(&s, 13, slot_rca(&s), SDV_RESP_R1),
                 SDV_ERR_NO_RESPONSE));
    sdv_sim_power(s.sim, true);
    cr_assert(eq(int, slot_send(&s, 13, slot_rca(&s), SDV_RESP_R1),
                 SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, sdv_bus_set_width(s.bus, 1), SDV_OK));
    slot_identify(&s);
    cr_assert(eq(u32, s.card.rca, 1));
    cr_assert(eq(
        int, slot_move(&s, 17, 100, SDV_DIR_READ, SDV_STOP_NONE, 512, 1, read),
        SDV_OK));
    cr_assert(eq(int, memcmp(wrote, read, 512), 0));
    slot_close(&s);
}

SCENARIO(identify, empty_slot_is_an_error)
{
    slot s;

    slot_open(&s, param, &cold);
    sdv_sim_insert(s.sim, false);
    cr_assert(eq(int, sdv_card_open(&s.card, s.bus, NULL), SDV_ERR_NO_CARD));
    sdv_sim_insert(s.sim, true);
    cr_assert(eq(int, sdv_card_open(&s.card, s.bus, NULL), SDV_OK));
    sdv_sim_insert(s.sim, false);
    cr_assert(
        eq(int, slot_send(&s, 13, slot_rca(&s), SDV_RESP_R1), SDV_ERR_NO_CARD));
    slot_close(&s);
}

SCENARIO(identify, apparatus_id_stands_in_the_registers)
{
    const slot_options options = {.apparatus_id = 0x0123456789ABCDEFu};
    uint64_t id;
    slot s;

    slot_open(&s, param, &options);
    cr_assert(eq(int, sdv_bus_apparatus_id(s.bus, &id), SDV_OK));
    cr_assert(eq(u64, id, 0x0123456789ABCDEFu));
    slot_close(&s);
}
