/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every command in every state that forbids it, from the generated table:
 * silence, ILLEGAL_COMMAND, and the card is where it was.
 */
#include "slot.h"

#define HCS_AND_OCR 0x40FF8000u
#define POWERED_UP 0x80000000u

typedef struct rule {
    const char *name;
    uint8_t index;
    bool acmd;
    int8_t next[SDV_STATE_INA];
    uint8_t door;
} rule;

#define RULE(name, index, acmd, resp, dir, idle, ready, ident, stby, tran,     \
             data, rcv, prg, dis, door)                                        \
    {#name,                                                                    \
     index,                                                                    \
     acmd,                                                                     \
     {idle, ready, ident, stby, tran, data, rcv, prg, dis},                    \
     door},

static const rule rules[] = {SDV_COMMAND_TABLE(RULE)};
#define RULES (sizeof(rules) / sizeof(rules[0]))

/* Long enough for all commands of a state while the card is busy. */
static const slot_options slow_erase = {.latency = {.flash_erase = 100000000}};

/* ---- getting there ---- */

static void send(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp)
{
    const sdv_err err = slot_send(s, opcode, arg, resp);

    cr_assert(eq(int, err, SDV_OK), "CMD%u: %s", opcode, sdv_err_name(err));
}

static void to_ready(slot *s)
{
    s->card.rca = 0;
    send(s, 8, 0x1AA, SDV_RESP_R7);
    do {
        cr_assert(
            eq(int, slot_send_app(s, 41, HCS_AND_OCR, SDV_RESP_R3), SDV_OK));
    } while ((s->response[0] & POWERED_UP) == 0);
}

static void to_tran(slot *s)
{
    to_ready(s);
    send(s, 2, 0, SDV_RESP_R2);
    send(s, 3, 0, SDV_RESP_R6);
    s->card.rca = (uint16_t)(s->response[0] >> 16);
    send(s, 7, slot_rca(s), SDV_RESP_R1B);
}

/* The host asks for no data and does not wait for busy. */
static void beyond_tran(slot *s, int state)
{
    to_tran(s);
    if (state == SDV_STATE_DATA) {
        send(s, 18, 0, SDV_RESP_R1);
    } else if (state == SDV_STATE_RCV) {
        send(s, 25, 0, SDV_RESP_R1);
    } else if (state >= SDV_STATE_PRG) {
        send(s, 32, 0, SDV_RESP_R1);
        send(s, 33, 0, SDV_RESP_R1);
        send(s, 38, 0, SDV_RESP_R1);
    }
    if (state == SDV_STATE_DIS) {
        send(s, 7, 0, SDV_RESP_NONE);
    }
}

static void enter(slot *s, int state)
{
    cr_assert(eq(int, sdv_bus_set_width(s->bus, 1), SDV_OK));
    send(s, 0, 0, SDV_RESP_NONE);
    s->card.rca = 0;
    if (state == SDV_STATE_READY || state == SDV_STATE_IDENT) {
        to_ready(s);
    }
    if (state == SDV_STATE_IDENT) {
        send(s, 2, 0, SDV_RESP_R2);
    }
    if (state >= SDV_STATE_STBY) {
        beyond_tran(s, state);
    }
    if (state == SDV_STATE_STBY) {
        send(s, 7, 0, SDV_RESP_NONE);
    }
}

/* ---- looking ---- */

/* In ready and ident no command shows the status; see leave(). */
static void check(slot *s, int state, const char *name)
{
    uint32_t status;

    if (state == SDV_STATE_READY || state == SDV_STATE_IDENT) {
        return;
    }
    if (state == SDV_STATE_IDLE) {
        send(s, 55, 0, SDV_RESP_R1);
        status = s->response[0];
        send(s, 8, 0x1AA, SDV_RESP_R7); /* so that CMD55 is not pending */
    } else {
        status = slot_status(s);
    }
    cr_expect(ne(u32, status & SDV_STATUS_ILLEGAL_COMMAND, 0),
              "%s in state %d: status %08X", name, state, status);
    cr_expect(eq(u32, slot_state_of(status), (uint32_t)state),
              "%s in state %d: status %08X", name, state, status);
}

/* The card still is where it was, and CMD3 tells of the illegal command. */
static void leave(slot *s, int state)
{
    if (state == SDV_STATE_READY) {
        send(s, 2, 0, SDV_RESP_R2);
    }
    if (state == SDV_STATE_READY || state == SDV_STATE_IDENT) {
        send(s, 3, 0, SDV_RESP_R6);
    }
    if (state == SDV_STATE_IDENT) {
        cr_expect(eq(u32, s->response[0] & 0xFFFFu, 0x4500u));
    }
}

static bool has_rca(const rule *r)
{
    return !r->acmd &&
           (r->index == SDV_CMD_SELECT_CARD || r->index == SDV_CMD_SEND_CSD ||
            r->index == SDV_CMD_SEND_CID || r->index == SDV_CMD_SEND_STATUS ||
            r->index == SDV_CMD_GO_INACTIVE_STATE ||
            r->index == SDV_CMD_APP_CMD);
}

static void try_rule(slot *s, int state, const rule *r)
{
    const uint32_t arg = has_rca(r) ? slot_rca(s) : 0;
    const sdv_err err = r->acmd ? slot_send_app(s, r->index, arg, SDV_RESP_R1)
                                : slot_send(s, r->index, arg, SDV_RESP_R1);

    cr_expect(eq(int, err, SDV_ERR_NO_RESPONSE), "%s in state %d: %s", r->name,
              state, sdv_err_name(err));
    check(s, state, r->name);
}

/* Nobody has opened the door of ASSD here: CMD6 group 2 is 0. */
static bool is_forbidden(const rule *r, int state)
{
    return r->next[state] == SDV_STATE_NONE || r->door == SDV_DOOR_ASSD;
}

static bool exists(unsigned index)
{
    for (size_t i = 0; i < RULES; i++) {
        if (!rules[i].acmd && rules[i].index == index) {
            return true;
        }
    }
    return false;
}

SCENARIO(illegal, table_commands_where_they_are_forbidden)
{
    slot s;

    slot_open(&s, param, &slow_erase);
    for (int state = SDV_STATE_IDLE; state < SDV_STATE_INA; state++) {
        enter(&s, state);
        for (size_t i = 0; i < RULES; i++) {
            if (is_forbidden(&rules[i], state)) {
                try_rule(&s, state, &rules[i]);
            }
        }
        leave(&s, state);
    }
    slot_close(&s);
}

SCENARIO(illegal, commands_that_do_not_exist)
{
    slot s;

    slot_open(&s, param, &slow_erase);
    for (int state = SDV_STATE_IDLE; state < SDV_STATE_INA; state++) {
        enter(&s, state);
        for (unsigned index = 0; index < 64; index++) {
            const rule unknown = {
                "unknown", (uint8_t)index, false, {0}, SDV_DOOR_NONE};

            if (!exists(index)) {
                try_rule(&s, state, &unknown);
            }
        }
        leave(&s, state);
    }
    slot_close(&s);
}
