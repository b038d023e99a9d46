/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each command of the functional card does; those of the secure doors
 * are in card_assd.c.
 */
#include <string.h>

#include "card.h"

#define VHS_LSB 8
#define VHS_33 1u
#define OCR_HCS (1u << 30)
#define WINDOW_MASK 0xFFFFFFu
#define READY_POLLS 1u /* ACMD41 answered not ready after a reset */

#define RULE(name, index, acmd, resp, dir, idle, ready, ident, stby, tran,     \
             data, rcv, prg, dis, door)                                        \
    {index, acmd,                                                              \
     resp,  {idle, ready, ident, stby, tran, data, rcv, prg, dis},             \
     door,  sdv_mcard_run_##name},

static const sdv_mrule rules[] = {SDV_COMMAND_TABLE(RULE)};

/* see card.h */
const sdv_mrule *sdv_mcard_rule(uint8_t index, bool acmd)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].index == index && rules[i].acmd == acmd) {
            return &rules[i];
        }
    }
    return NULL;
}

/* see card.h */
void sdv_mcard_reset(sdv_mcard *card)
{
    sdv_mcard_stop(card);
    card->state = SDV_STATE_IDLE;
    card->status = 0;
    card->rca = 0;
    card->app = false;
    card->cmd8 = false;
    card->polls = 0;
    card->block_len = SDV_MCARD_BLOCK;
    card->count_set = false;
    card->erase = SDV_MERASE_NONE;
    card->lines = 1;
    memset(card->functions, 0, sizeof(card->functions));
    sdv_mcard_close_doors(card);
}

/* ---- identification ---- */

/* see card.h */
int sdv_mcard_run_GO_IDLE_STATE(sdv_mcard *card, int next, uint32_t argument,
                                sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    sdv_mcard_reset(card);
    return next;
}

/* see card.h */
int sdv_mcard_run_ALL_SEND_CID(sdv_mcard *card, int next, uint32_t argument,
                               sdv_mreply *reply)
{
    (void)argument;
    reply->index = 63;
    sdv_mcard_cid(card, reply->reg);
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_RELATIVE_ADDR(sdv_mcard *card, int next,
                                     uint32_t argument, sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    card->last_rca++;
    if (card->last_rca == 0) {
        card->last_rca = 1;
    }
    card->rca = card->last_rca;
    return next;
}

/* see card.h */
int sdv_mcard_run_SELECT_CARD(sdv_mcard *card, int next, uint32_t argument,
                              sdv_mreply *reply)
{
    if (argument >> 16 == card->rca) {
        return next;
    }
    reply->type = SDV_RESP_NONE;
    sdv_mcard_stop(card);
    return card->state == SDV_STATE_PRG ? next : SDV_STATE_STBY;
}

/* see card.h */
int sdv_mcard_run_SEND_IF_COND(sdv_mcard *card, int next, uint32_t argument,
                               sdv_mreply *reply)
{
    if ((argument >> VHS_LSB & 0xFu) == VHS_33) {
        reply->content = argument & 0xFFFu;
        card->cmd8 = true;
    } else {
        reply->type = SDV_RESP_NONE;
    }
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_CSD(sdv_mcard *card, int next, uint32_t argument,
                           sdv_mreply *reply)
{
    (void)argument;
    reply->index = 63;
    sdv_mcard_csd(card, reply->reg);
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_CID(sdv_mcard *card, int next, uint32_t argument,
                           sdv_mreply *reply)
{
    return sdv_mcard_run_ALL_SEND_CID(card, next, argument, reply);
}

/* Whether an ACMD41 that asks for our voltage ends the power-up. */
static bool powers_up(sdv_mcard *card, uint32_t argument)
{
    const bool wanted = !sdv_mcard_high_capacity(card) ||
                        ((argument & OCR_HCS) != 0 && card->cmd8);

    if (card->polls < READY_POLLS) {
        card->polls++;
        return false;
    }
    return wanted && card->busy_ns == 0 && sdv_mcard_manufactured(card);
}

/* see card.h */
int sdv_mcard_run_SD_SEND_OP_COND(sdv_mcard *card, int next, uint32_t argument,
                                  sdv_mreply *reply)
{
    const uint32_t window = argument & WINDOW_MASK;
    bool ready = false;

    reply->index = 63;
    if (window != 0) {
        if ((window & sdv_mcard_ocr(card, false)) == 0) {
            reply->type = SDV_RESP_NONE;
            return SDV_STATE_INA;
        }
        ready = powers_up(card, argument);
    }
    reply->content = sdv_mcard_ocr(card, ready);
    return ready ? next : SDV_STATE_IDLE;
}

/* see card.h */
int sdv_mcard_run_GO_INACTIVE_STATE(sdv_mcard *card, int next,
                                    uint32_t argument, sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    sdv_mcard_stop(card);
    return next;
}

/* see card.h */
int sdv_mcard_run_APP_CMD(sdv_mcard *card, int next, uint32_t argument,
                          sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    card->app = true;
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_STATUS(sdv_mcard *card, int next, uint32_t argument,
                              sdv_mreply *reply)
{
    (void)card;
    (void)argument;
    (void)reply;
    return next;
}

/* ---- reads, writes, erase ---- */

/* see card.h */
int sdv_mcard_run_STOP_TRANSMISSION(sdv_mcard *card, int next,
                                    uint32_t argument, sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    sdv_mcard_stop(card);
    return next;
}

/* see card.h */
int sdv_mcard_run_SET_BLOCKLEN(sdv_mcard *card, int next, uint32_t argument,
                               sdv_mreply *reply)
{
    (void)reply;
    if (argument == 0 || argument > SDV_MCARD_BLOCK) {
        card->status |= SDV_STATUS_BLOCK_LEN_ERROR;
    } else {
        card->block_len = argument;
    }
    return next;
}

/* see card.h */
int sdv_mcard_run_SET_BLOCK_COUNT(sdv_mcard *card, int next, uint32_t argument,
                                  sdv_mreply *reply)
{
    (void)reply;
    card->count_set = true;
    card->count = argument;
    return next;
}

static int start(sdv_mcard *card, int next, uint32_t argument, bool write,
                 bool multi)
{
    const sdv_mstart how = {.write = write, .multi = multi};

    return sdv_mcard_start_user(card, how, argument) ? next : card->state;
}

/* see card.h */
int sdv_mcard_run_READ_SINGLE_BLOCK(sdv_mcard *card, int next,
                                    uint32_t argument, sdv_mreply *reply)
{
    (void)reply;
    return start(card, next, argument, false, false);
}

/* see card.h */
int sdv_mcard_run_READ_MULTIPLE_BLOCK(sdv_mcard *card, int next,
                                      uint32_t argument, sdv_mreply *reply)
{
    (void)reply;
    return start(card, next, argument, false, true);
}

/* see card.h */
int sdv_mcard_run_WRITE_BLOCK(sdv_mcard *card, int next, uint32_t argument,
                              sdv_mreply *reply)
{
    (void)reply;
    return start(card, next, argument, true, false);
}

/* see card.h */
int sdv_mcard_run_WRITE_MULTIPLE_BLOCK(sdv_mcard *card, int next,
                                       uint32_t argument, sdv_mreply *reply)
{
    (void)reply;
    return start(card, next, argument, true, true);
}

/* see card.h */
int sdv_mcard_run_ERASE_WR_BLK_START(sdv_mcard *card, int next,
                                     uint32_t argument, sdv_mreply *reply)
{
    (void)reply;
    sdv_mcard_erase_address(card, false, argument);
    return next;
}

/* see card.h */
int sdv_mcard_run_ERASE_WR_BLK_END(sdv_mcard *card, int next, uint32_t argument,
                                   sdv_mreply *reply)
{
    (void)reply;
    sdv_mcard_erase_address(card, true, argument);
    return next;
}

/* see card.h */
int sdv_mcard_run_ERASE(sdv_mcard *card, int next, uint32_t argument,
                        sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    return sdv_mcard_erase(card) ? next : card->state;
}

/* ---- registers and functions ---- */

/* see card.h */
int sdv_mcard_run_SWITCH_FUNC(sdv_mcard *card, int next, uint32_t argument,
                              sdv_mreply *reply)
{
    (void)reply;
    sdv_mcard_start_switch(card, argument);
    return next;
}

/* see card.h */
int sdv_mcard_run_SET_BUS_WIDTH(sdv_mcard *card, int next, uint32_t argument,
                                sdv_mreply *reply)
{
    const uint32_t width = argument & 3u;

    (void)reply;
    if (width == 0 || width == 2) {
        card->lines = width == 2 ? 4 : 1;
    } else {
        card->status |= SDV_STATUS_OUT_OF_RANGE;
    }
    return next;
}

/* see card.h */
int sdv_mcard_run_SD_STATUS(sdv_mcard *card, int next, uint32_t argument,
                            sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    sdv_mcard_ssr(card, card->transfer.data);
    sdv_mcard_start_register(card, 64);
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_NUM_WR_BLOCKS(sdv_mcard *card, int next,
                                     uint32_t argument, sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    for (unsigned i = 0; i < 4; i++) {
        card->transfer.data[i] = (uint8_t)(card->written >> (24 - 8 * i));
    }
    sdv_mcard_start_register(card, 4);
    return next;
}

/* see card.h */
int sdv_mcard_run_SET_WR_BLK_ERASE_COUNT(sdv_mcard *card, int next,
                                         uint32_t argument, sdv_mreply *reply)
{
    return sdv_mcard_run_SEND_STATUS(card, next, argument, reply);
}

/* see card.h */
int sdv_mcard_run_SET_CLR_CARD_DETECT(sdv_mcard *card, int next,
                                      uint32_t argument, sdv_mreply *reply)
{
    return sdv_mcard_run_SEND_STATUS(card, next, argument, reply);
}

/* see card.h */
int sdv_mcard_run_SEND_SCR(sdv_mcard *card, int next, uint32_t argument,
                           sdv_mreply *reply)
{
    (void)argument;
    (void)reply;
    sdv_mcard_scr(card, card->transfer.data);
    sdv_mcard_start_register(card, 8);
    return next;
}
