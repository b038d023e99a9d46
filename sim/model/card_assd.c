/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two doors of the secure commands, ASSD and CMD56: tokens in, responses
 * out, registers.  docs/protocol_secure.md, "Two doors".
 */
#include <string.h>

#include "card.h"

#define TOKEN_LEAST 6u
#define RNR_DRAWS 2u
#define COUNT_MASK 0xFFFFu
#define OPERATION(argument) ((argument)&0xFFu)
#define SYSTEM(argument) ((argument) >> 8 & 0xFu)
#define SYSTEM_DEFECT 0x80u

/* ---- state ---- */

/* see card.h */
bool sdv_mcard_door_is_open(const sdv_mcard *card, const sdv_mrule *rule)
{
    if (rule->door != SDV_DOOR_ASSD) {
        return true;
    }
    return card->functions[1] != 0 &&
           rule->index != SDV_CMD_DIRECT_SECURE_READ &&
           rule->index != SDV_CMD_DIRECT_SECURE_WRITE;
}

static bool is_busy(const sdv_mcard *card)
{
    return card->doors.state == SDV_ASSD_STATE_BUSY;
}

/* No response, no half token; a command that runs goes on unheard. */
static void forget(sdv_mdoors *doors)
{
    doors->responded = false;
    doors->position = 0;
    doors->half = SDV_DOOR_NONE;
    if (doors->state == SDV_ASSD_STATE_BUSY) {
        doors->dropped = true;
    } else {
        doors->state = SDV_ASSD_STATE_IDLE;
    }
}

/* see card.h */
void sdv_mcard_close_doors(sdv_mcard *card)
{
    forget(&card->doors);
    card->doors.stop_legal = false;
}

/* The command in progress has ended. */
static void complete(sdv_mdoors *doors)
{
    doors->state =
        doors->dropped ? SDV_ASSD_STATE_IDLE : SDV_ASSD_STATE_COMPLETE;
    doors->responded = !doors->dropped;
    doors->dropped = false;
    doors->position = 0;
}

/* see card.h */
void sdv_mcard_pass_secure(sdv_mcard *card, uint64_t ns)
{
    sdv_mdoors *doors = &card->doors;

    doors->left_ns -= ns < doors->left_ns ? ns : doors->left_ns;
    if (is_busy(card) && doors->left_ns == 0) {
        complete(doors);
    }
}

/* Blocks that the response takes. */
static unsigned response_blocks(const sdv_mdoors *doors)
{
    return (sdv_mtoken_length(&doors->response) + SDV_MCARD_BLOCK - 1) /
           SDV_MCARD_BLOCK;
}

/* ---- tokens ---- */

/* A token of so many blocks begins to arrive. */
static void begin_token(sdv_mdoors *doors, uint8_t door, unsigned blocks)
{
    doors->crossed = doors->half != SDV_DOOR_NONE && doors->half != door;
    forget(doors);
    doors->door = door;
    doors->blocks = blocks;
    doors->stored = 0;
    memset(&doors->token, 0, sizeof(doors->token));
}

/* The whole token is there.  The model runs it at once: its time is left. */
static void run_token(sdv_mcard *card)
{
    sdv_mdoors *doors = &card->doors;
    const unsigned length = sdv_mtoken_length(&doors->token);

    card->vault.ns = 0;
    if (length < TOKEN_LEAST || length > doors->blocks * SDV_MCARD_BLOCK) {
        sdv_mtoken_set_sw(&doors->response, SDV_SW_WRONG_LENGTH);
    } else if (doors->crossed) {
        sdv_mtoken_set_sw(&doors->response, SDV_SW_CONDITIONS);
    } else {
        sdv_mvault_run(card, &doors->token, &doors->response);
    }
    doors->state = SDV_ASSD_STATE_BUSY;
    doors->left_ns = card->vault.ns;
}

/* How many blocks a token takes that came by CMD56: its block 1 tells. */
static unsigned announced(const sdv_mdoors *doors)
{
    const unsigned length = sdv_mtoken_length(&doors->token);

    return length > SDV_MCARD_BLOCK && length <= SDV_MTOKEN_BYTES ? 2 : 1;
}

/* Block by block: after each the card is in tran for CMD56. */
static void store(sdv_mcard *card, const uint8_t *data)
{
    sdv_mdoors *doors = &card->doors;

    memcpy(doors->token.bytes + (size_t)doors->stored * SDV_MCARD_BLOCK, data,
           SDV_MCARD_BLOCK);
    doors->stored++;
    if (doors->door == SDV_DOOR_CMD56 && doors->stored < announced(doors)) {
        doors->half = SDV_DOOR_CMD56;
        card->state = SDV_STATE_PRG;
        return;
    }
    if (doors->door == SDV_DOOR_ASSD && doors->stored < doors->blocks) {
        return;
    }
    doors->half = SDV_DOOR_NONE;
    card->state = SDV_STATE_PRG;
    run_token(card);
}

/* ASSD knows an aborted token; by CMD56 the block may come again. */
static void damaged(sdv_mcard *card)
{
    sdv_mdoors *doors = &card->doors;

    if (doors->door == SDV_DOOR_ASSD) {
        doors->state = SDV_ASSD_STATE_ABORTED;
    }
    if (card->transfer.multi) {
        card->transfer.stalled = true;
    } else {
        card->state = SDV_STATE_TRAN;
    }
}

/* see card.h */
sdv_mwrite sdv_mcard_take_secure(sdv_mcard *card, const uint8_t *data,
                                 bool intact)
{
    if (intact) {
        store(card, data);
    } else {
        damaged(card);
    }
    sdv_mcard_pass(card, 0);
    return intact ? SDV_MWRITE_TAKEN : SDV_MWRITE_CRC;
}

/* see card.h */
void sdv_mcard_cut_secure(sdv_mcard *card)
{
    if (card->state == SDV_STATE_RCV && card->doors.door == SDV_DOOR_ASSD) {
        card->doors.state = SDV_ASSD_STATE_ABORTED;
    }
}

/* ---- responses ---- */

/* A read by the door that the response did not come by. */
static bool is_foreign(const sdv_mdoors *doors, uint8_t door)
{
    return doors->responded && doors->door != door;
}

static void start_reading(sdv_mcard *card, uint8_t door, uint32_t blocks)
{
    sdv_mdoors *doors = &card->doors;

    doors->foreign = is_foreign(doors, door);
    doors->reading = doors->position;
    sdv_mcard_start_secure(card, blocks);
}

/* A token that says one thing only. */
static void fetch_foreign(sdv_mcard *card)
{
    sdv_mtoken token;

    sdv_mtoken_set_sw(&token, SDV_SW_CONDITIONS);
    if (card->doors.reading == card->doors.position) {
        memcpy(card->transfer.data, token.bytes, SDV_MCARD_BLOCK);
    }
}

/* see card.h */
void sdv_mcard_fetch_secure(sdv_mcard *card)
{
    const sdv_mdoors *doors = &card->doors;
    sdv_mtransfer *transfer = &card->transfer;

    memset(transfer->data, 0, SDV_MCARD_BLOCK);
    if (doors->foreign) {
        fetch_foreign(card);
    } else if (doors->reading < response_blocks(doors)) {
        memcpy(transfer->data,
               doors->response.bytes + (size_t)doors->reading * SDV_MCARD_BLOCK,
               SDV_MCARD_BLOCK);
    }
    transfer->full = true;
}

/* see card.h */
void sdv_mcard_sent_secure(sdv_mcard *card)
{
    sdv_mdoors *doors = &card->doors;

    doors->reading++;
    if (doors->foreign) {
        return;
    }
    if (doors->reading == response_blocks(doors)) {
        doors->position = 0;
        doors->state = SDV_ASSD_STATE_IDLE;
    } else if (card->transfer.left == 1 &&
               doors->reading < response_blocks(doors)) {
        doors->position = doors->reading;
    }
}

/* ---- registers ---- */

static uint8_t sr_error(const sdv_mdoors *doors)
{
    const unsigned sw =
        doors->responded ? sdv_mtoken_sw(&doors->response) : SDV_SW_OK;

    switch (sw) {
#define SR_ERROR(name, value, error, text)                                     \
    case value:                                                                \
        return error;
        SDV_SW_TABLE(SR_ERROR)
#undef SR_ERROR
    default:
        return 0;
    }
}

static void make_sr(const sdv_mcard *card, uint8_t *reg)
{
    const sdv_mdoors *doors = &card->doors;
    const bool waiting = doors->state == SDV_ASSD_STATE_COMPLETE;

    reg[SDV_ASSD_SR_STATE] = doors->state;
    reg[SDV_ASSD_SR_ERROR] = sr_error(doors);
    reg[SDV_ASSD_SR_SYSTEM] = sdv_mvault_defect(card) ? SYSTEM_DEFECT : 0;
    reg[SDV_ASSD_SR_ACTIVE] = SDV_ASSD_SYSTEM_ASSD;
    reg[SDV_ASSD_SR_BLOCKS + 1] =
        waiting ? (uint8_t)(response_blocks(doors) - doors->position) : 0;
}

static void make_pr(uint8_t *reg)
{
    static const uint8_t properties[SDV_ASSD_PSI_BYTES] = SDV_ASSD_PR;

    memcpy(reg, properties, sizeof(properties));
}

/* It waits for a command in progress: to the host that is a slow read. */
static void make_rnr(sdv_mcard *card, uint8_t *reg)
{
    card->vault.ns = 0;
    for (unsigned i = 0; i < RNR_DRAWS; i++) {
        (void)sdv_mvault_random(card, reg + (size_t)i * SDV_MRANDOM_BYTES);
    }
    sdv_mcard_pass(card, card->doors.left_ns);
}

static bool make_register(sdv_mcard *card, uint32_t id, uint8_t *reg)
{
    switch (id) {
    case SDV_ASSD_PSI_SR:
        make_sr(card, reg);
        return true;
    case SDV_ASSD_PSI_PR:
        make_pr(reg);
        return true;
    case SDV_ASSD_PSI_RNR:
        make_rnr(card, reg);
        return true;
    default:
        return false;
    }
}

/* ---- commands ---- */

static int refuse(sdv_mcard *card, uint32_t bit)
{
    card->status |= bit;
    return SDV_STATE_TRAN;
}

/* see card.h */
int sdv_mcard_run_READ_SEC_CMD(sdv_mcard *card, int next, uint32_t argument,
                               sdv_mreply *reply)
{
    const uint32_t blocks = argument & COUNT_MASK;

    (void)reply;
    if (blocks == 0) {
        return refuse(card, SDV_STATUS_OUT_OF_RANGE);
    }
    if (!card->doors.responded) {
        return refuse(card, SDV_STATUS_ERROR);
    }
    start_reading(card, SDV_DOOR_ASSD, blocks);
    return next;
}

/* see card.h */
int sdv_mcard_run_WRITE_SEC_CMD(sdv_mcard *card, int next, uint32_t argument,
                                sdv_mreply *reply)
{
    const uint32_t blocks = argument & COUNT_MASK;

    (void)reply;
    if (blocks == 0 || blocks > SDV_MTOKEN_BLOCKS) {
        return refuse(card, SDV_STATUS_OUT_OF_RANGE);
    }
    if (is_busy(card)) {
        return refuse(card, SDV_STATUS_ERROR);
    }
    begin_token(&card->doors, SDV_DOOR_ASSD, blocks);
    sdv_mcard_start_secure(card, blocks);
    return next;
}

/* see card.h */
int sdv_mcard_run_SEND_PSI(sdv_mcard *card, int next, uint32_t argument,
                           sdv_mreply *reply)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES] = {0};

    (void)reply;
    if (!make_register(card, argument, reg)) {
        return refuse(card, SDV_STATUS_OUT_OF_RANGE);
    }
    memset(card->transfer.data, 0, SDV_MCARD_BLOCK);
    memcpy(card->transfer.data, reg, sizeof(reg));
    sdv_mcard_start_register(card, card->block_len == SDV_ASSD_PSI_BYTES
                                       ? SDV_ASSD_PSI_BYTES
                                       : SDV_MCARD_BLOCK);
    return next;
}

/* see card.h */
int sdv_mcard_run_CONTROL_ASSD_SYSTEM(sdv_mcard *card, int next,
                                      uint32_t argument, sdv_mreply *reply)
{
    (void)reply;
    if (OPERATION(argument) != SDV_ASSD_CONTROL_RESET ||
        SYSTEM(argument) > SDV_ASSD_SYSTEM_ASSD) {
        return refuse(card, SDV_STATUS_OUT_OF_RANGE);
    }
    forget(&card->doors);
    card->busy_ns += card->doors.left_ns;
    return next;
}

/* No command of this version arms a stream: door_is_open() refuses both. */

/* see card.h */
int sdv_mcard_run_DIRECT_SECURE_READ(sdv_mcard *card, int next,
                                     uint32_t argument, sdv_mreply *reply)
{
    (void)next;
    (void)argument;
    (void)reply;
    return refuse(card, SDV_STATUS_ERROR);
}

/* see card.h */
int sdv_mcard_run_DIRECT_SECURE_WRITE(sdv_mcard *card, int next,
                                      uint32_t argument, sdv_mreply *reply)
{
    return sdv_mcard_run_DIRECT_SECURE_READ(card, next, argument, reply);
}

/* "Busy", "nothing there" and "half a token" look the same to a poller. */
static int read_generic(sdv_mcard *card, int next)
{
    if (card->doors.responded) {
        start_reading(card, SDV_DOOR_CMD56, 1);
        return next;
    }
    memset(card->transfer.data, 0, SDV_MCARD_BLOCK);
    card->transfer.data[1] = 2;
    sdv_mcard_start_register(card, SDV_MCARD_BLOCK);
    return next;
}

static int write_generic(sdv_mcard *card)
{
    if (is_busy(card)) {
        return refuse(card, SDV_STATUS_ERROR);
    }
    if (card->doors.half != SDV_DOOR_CMD56) {
        begin_token(&card->doors, SDV_DOOR_CMD56, SDV_MTOKEN_BLOCKS);
    }
    sdv_mcard_start_secure(card, 1);
    return SDV_STATE_RCV;
}

/* see card.h */
int sdv_mcard_run_GEN_CMD(sdv_mcard *card, int next, uint32_t argument,
                          sdv_mreply *reply)
{
    (void)reply;
    return (argument & 1u) != 0 ? read_generic(card, next)
                                : write_generic(card);
}
