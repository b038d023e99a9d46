/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Command handling of the functional card: which commands count, the card
 * status with its clear rules, responses.  docs/protocol.md.
 */
#include <string.h>

#include "card.h"

#define CLEAR_B (SDV_STATUS_COM_CRC_ERROR | SDV_STATUS_ILLEGAL_COMMAND)
#define STATE_LSB 9

/* After CMD55 an index means the application command if there is one. */
static const sdv_mrule *meant(const sdv_mcard *card, uint8_t index)
{
    const sdv_mrule *rule = card->app ? sdv_mcard_rule(index, true) : NULL;

    return rule != NULL ? rule : sdv_mcard_rule(index, false);
}

static bool is_plain(const sdv_mrule *rule, unsigned index)
{
    return !rule->acmd && rule->index == index;
}

/* Commands that are meant for one card carry its RCA. */
static bool addressed(const sdv_mcard *card, const sdv_mrule *rule,
                      uint32_t argument)
{
    const bool has_rca =
        is_plain(rule, SDV_CMD_SEND_CSD) || is_plain(rule, SDV_CMD_SEND_CID) ||
        is_plain(rule, SDV_CMD_SEND_STATUS) ||
        is_plain(rule, SDV_CMD_GO_INACTIVE_STATE) ||
        is_plain(rule, SDV_CMD_APP_CMD) ||
        (is_plain(rule, SDV_CMD_SELECT_CARD) && card->state == SDV_STATE_DIS);

    return !has_rca || argument >> 16 == card->rca;
}

/* CMD7 is two commands: with the card's RCA it selects, else it deselects. */
static bool select_fits(const sdv_mcard *card, uint32_t argument)
{
    return argument >> 16 != card->rca || card->state == SDV_STATE_STBY ||
           card->state == SDV_STATE_DIS;
}

/* The state after the command, or SDV_STATE_NONE where it is illegal. */
static int next_state(const sdv_mcard *card, const sdv_mrule *rule,
                      uint32_t argument)
{
    if (rule == NULL || !sdv_mcard_door_is_open(card, rule) ||
        (is_plain(rule, SDV_CMD_SELECT_CARD) && !select_fits(card, argument))) {
        return SDV_STATE_NONE;
    }
    if (is_plain(rule, SDV_CMD_STOP_TRANSMISSION) &&
        card->state == SDV_STATE_TRAN && card->doors.stop_legal) {
        return SDV_STATE_TRAN;
    }
    return rule->next[card->state];
}

/* Some hosts send CMD12 after every secure transfer. */
static bool stop_may_follow(const sdv_mcard *card, const sdv_mrule *rule)
{
    return is_plain(rule, SDV_CMD_READ_SEC_CMD) ||
           is_plain(rule, SDV_CMD_WRITE_SEC_CMD) ||
           is_plain(rule, SDV_CMD_SEND_PSI) ||
           (is_plain(rule, SDV_CMD_STOP_TRANSMISSION) &&
            card->state == SDV_STATE_TRAN);
}

/* What every valid command does to what came before it. */
static void forget(sdv_mcard *card, const sdv_mrule *rule)
{
    card->app = false;
    if (!is_plain(rule, SDV_CMD_SEND_STATUS)) {
        card->doors.stop_legal = stop_may_follow(card, rule);
    }
    if (!is_plain(rule, SDV_CMD_READ_MULTIPLE_BLOCK) &&
        !is_plain(rule, SDV_CMD_WRITE_MULTIPLE_BLOCK)) {
        card->count_set = false;
    }
    if (card->erase != SDV_MERASE_NONE &&
        !is_plain(rule, SDV_CMD_SEND_STATUS) &&
        !is_plain(rule, SDV_CMD_ERASE_WR_BLK_START) &&
        !is_plain(rule, SDV_CMD_ERASE_WR_BLK_END) &&
        !is_plain(rule, SDV_CMD_ERASE)) {
        card->erase = SDV_MERASE_NONE;
        card->status |= SDV_STATUS_ERASE_RESET;
    }
}

/* The card status as a command that came in `state` reads it. */
static uint32_t status_word(const sdv_mcard *card, const sdv_mrule *rule,
                            int state)
{
    uint32_t word = card->status | (uint32_t)state << STATE_LSB;

    if (state != SDV_STATE_PRG && state != SDV_STATE_DIS) {
        word |= SDV_STATUS_READY_FOR_DATA;
    }
    if (rule->acmd || rule->index == SDV_CMD_APP_CMD) {
        word |= SDV_STATUS_APP_CMD;
    }
    return word;
}

/* R6 has room for 16 bits of the status only. */
static uint32_t r6(const sdv_mcard *card, uint32_t word)
{
    return (uint32_t)card->rca << 16 | (word >> 8 & 0xC000u) |
           (word >> 6 & 0x2000u) | (word & 0x1FFFu);
}

/* Fill in the status and clear what the answer has told. */
static void respond(sdv_mcard *card, const sdv_mrule *rule, int state,
                    sdv_mreply *reply)
{
    const uint32_t word = status_word(card, rule, state);

    if (reply->type == SDV_RESP_R6) {
        reply->content = r6(card, word);
    }
    card->status &= ~CLEAR_B;
    if (reply->type == SDV_RESP_R1 || reply->type == SDV_RESP_R1B) {
        reply->content = word;
        card->status = 0;
    }
}

/* When nothing is left to program the state follows. */
static void settle(sdv_mcard *card)
{
    if (card->busy_ns != 0) {
        return;
    }
    if (card->state == SDV_STATE_PRG) {
        card->state = SDV_STATE_TRAN;
    } else if (card->state == SDV_STATE_DIS) {
        card->state = SDV_STATE_STBY;
    }
}

/* Work that begins when the answer is out: its errors are in later answers. */
static void execute(sdv_mcard *card)
{
    sdv_mcard_fetch(card);
    if (card->erasing) {
        card->erasing = false;
        if (!sdv_mcard_wipe(card, card->erase_first, card->erase_last)) {
            card->status |= SDV_STATUS_ERROR;
        }
    }
    settle(card);
}

/* see card.h */
void sdv_mcard_command(sdv_mcard *card, uint8_t index, uint32_t argument,
                       sdv_mreply *reply)
{
    const int state = card->state;
    const sdv_mrule *rule;
    int next;

    memset(reply, 0, sizeof(*reply));
    if (!card->powered || state == SDV_STATE_INA) {
        return;
    }
    rule = meant(card, index);
    if (rule != NULL && !addressed(card, rule, argument)) {
        return;
    }
    next = next_state(card, rule, argument);
    if (next == SDV_STATE_NONE) {
        card->app = false;
        card->status |= SDV_STATUS_ILLEGAL_COMMAND;
        return;
    }
    forget(card, rule);
    reply->type = rule->resp;
    reply->index = index;
    card->state = rule->run(card, next, argument, reply);
    respond(card, rule, state, reply);
    execute(card);
}

/* see card.h */
void sdv_mcard_power(sdv_mcard *card, bool on)
{
    if (on && !card->powered) {
        sdv_mcard_reset(card);
        card->last_rca = 0;
        card->written = 0;
        card->busy_ns = 0;
        for (unsigned i = 0; i < 4; i++) {
            card->cid[i] = sdv_mcard_otp(card, SDV_NVM_OTP_CID + i);
        }
    }
    if (!on) {
        sdv_mvault_forget(&card->vault);
        memset(&card->doors, 0, sizeof(card->doors));
    }
    card->powered = on;
}

/* see card.h */
void sdv_mcard_pass(sdv_mcard *card, uint64_t ns)
{
    card->busy_ns -= ns < card->busy_ns ? ns : card->busy_ns;
    sdv_mcard_pass_secure(card, ns);
    settle(card);
}

/* see card.h */
bool sdv_mcard_busy(const sdv_mcard *card)
{
    return card->powered && card->busy_ns != 0 &&
           (card->state == SDV_STATE_PRG || card->state == SDV_STATE_RCV);
}

/* see card.h */
uint64_t sdv_mcard_wait(sdv_mcard *card)
{
    const uint64_t ns = card->busy_ns;

    sdv_mcard_pass(card, ns);
    return ns;
}
