/* SPDX-License-Identifier: Apache-2.0 */
/* From power-on, or from a card that is ready, to a selected card. */
#include <string.h>

#include "card_internal.h"

#define IF_COND 0x1AAu /* 2.7 V to 3.6 V, and a pattern to echo */
#define IF_COND_MASK 0xFFFu
#define HOST_WINDOW 0x300000u /* 3.2 V to 3.4 V of the OCR */
#define HCS (1u << 30)        /* the host knows high capacity */
#define POLL_US 1000u
#define MAX_POLLS 1000 /* so at least a second */
#define MAX_RCA_TRIES 3

static uint32_t rca_arg(const sdv_card *card)
{
    return (uint32_t)card->rca << 16;
}

/* CMD8 tells cards of version 2 from older ones, which do not answer. */
static sdv_err ask_interface(sdv_card *card, bool *version2)
{
    sdv_cmd cmd = {
        .opcode = SDV_CMD_SEND_IF_COND, .arg = IF_COND, .resp = SDV_RESP_R7};
    const sdv_err err = sdv_card_run(card, &cmd, 1);

    *version2 = err == SDV_OK;
    if (err == SDV_ERR_NO_RESPONSE) {
        return sdv_card_command(card, SDV_CMD_GO_IDLE_STATE, 0, SDV_RESP_NONE);
    }
    if (err == SDV_OK && (cmd.response[0] & IF_COND_MASK) != IF_COND) {
        return SDV_ERR_PROTOCOL;
    }
    return err;
}

/* ACMD41 until the card has powered up. */
static sdv_err wait_powered_up(sdv_card *card, bool version2)
{
    for (int i = 0; i < MAX_POLLS; i++) {
        sdv_cmd cmd = {.opcode = SDV_ACMD_SD_SEND_OP_COND,
                       .is_acmd = true,
                       .arg = HOST_WINDOW | (version2 ? HCS : 0),
                       .resp = SDV_RESP_R3};
        const sdv_err err = sdv_card_run(card, &cmd, 1);

        if (err != SDV_OK) {
            return err;
        }
        card->ocr = cmd.response[0];
        if (card->ocr >> SDV_OCR_POWERED_UP_LSB & 1u) {
            card->high_capacity = card->ocr >> SDV_OCR_CCS_LSB & 1u;
            return SDV_OK;
        }
        sdv_bus_delay_us(card->bus, POLL_US);
    }
    return SDV_ERR_DATA_TIMEOUT;
}

static sdv_err publish_address(sdv_card *card)
{
    for (int i = 0; i < MAX_RCA_TRIES; i++) {
        sdv_cmd cmd = {.opcode = SDV_CMD_SEND_RELATIVE_ADDR,
                       .resp = SDV_RESP_R6};
        const sdv_err err = sdv_card_run(card, &cmd, 1);

        if (err != SDV_OK) {
            return err;
        }
        card->rca = (uint16_t)(cmd.response[0] >> 16);
        if (card->rca != 0) { /* 0 deselects all cards */
            return SDV_OK;
        }
    }
    return SDV_ERR_PROTOCOL;
}

static sdv_err identify(sdv_card *card)
{
    bool version2 = false;
    sdv_err err = sdv_bus_set_power(card->bus, false);

    if (err == SDV_OK) {
        err = sdv_bus_set_power(card->bus, true);
    }
    if (err == SDV_OK) {
        err = sdv_card_command(card, SDV_CMD_GO_IDLE_STATE, 0, SDV_RESP_NONE);
    }
    if (err == SDV_OK) {
        err = ask_interface(card, &version2);
    }
    if (err == SDV_OK) {
        err = wait_powered_up(card, version2);
    }
    if (err == SDV_OK) {
        err = sdv_card_command(card, SDV_CMD_ALL_SEND_CID, 0, SDV_RESP_R2);
    }
    return err == SDV_OK ? publish_address(card) : err;
}

/* CSD and CID are read in stby; CMD7 then selects the card.  The sequence is
 * the same for a card that was found selected, after one more CMD7. */
static sdv_err read_and_select(sdv_card *card, bool selected)
{
    sdv_cmd seq[] = {
        {.opcode = SDV_CMD_SELECT_CARD, .resp = SDV_RESP_NONE},
        {.opcode = SDV_CMD_SEND_CSD, .arg = rca_arg(card), .resp = SDV_RESP_R2},
        {.opcode = SDV_CMD_SEND_CID, .arg = rca_arg(card), .resp = SDV_RESP_R2},
        {.opcode = SDV_CMD_SELECT_CARD,
         .arg = rca_arg(card),
         .resp = SDV_RESP_R1B},
    };
    const size_t first = selected ? 0 : 1;
    sdv_err err =
        sdv_card_run(card, seq + first, sizeof(seq) / sizeof(seq[0]) - first);

    if (err != SDV_OK) {
        return err;
    }
    memcpy(card->raw_csd, seq[1].response, sizeof(card->raw_csd));
    memcpy(card->raw_cid, seq[2].response, sizeof(card->raw_cid));
    err = sdv_cid_parse(card->raw_cid, &card->cid);
    return err == SDV_OK ? sdv_csd_parse(card->raw_csd, &card->csd) : err;
}

static sdv_err open_ours(sdv_card *card, const sdv_card_options *options)
{
    sdv_err err = identify(card);

    if (err == SDV_OK) {
        err = read_and_select(card, false);
    }
    if (err == SDV_OK && card->high_capacity != (card->csd.version == 2)) {
        err = SDV_ERR_PROTOCOL;
    }
    return err == SDV_OK ? sdv_card_setup(card, options) : err;
}

static sdv_err open_ready(sdv_card *card)
{
    sdv_err err;

    card->rca = card->caps.rca;
    err = read_and_select(card, true);
    card->high_capacity = card->csd.version == 2;
    return err == SDV_OK ? sdv_card_look(card) : err;
}

sdv_err sdv_card_open(sdv_card *card, sdv_bus *bus,
                      const sdv_card_options *options)
{
    static const sdv_card_options defaults = {0};
    sdv_err err;

    memset(card, 0, sizeof(*card));
    card->bus = bus;
    card->lines = 1;
    options = options != NULL ? options : &defaults;
    if (options->lines > 1 && options->lines != 4) {
        return SDV_ERR_ARG;
    }
    err = sdv_bus_get_caps(bus, &card->caps);
    if (err != SDV_OK) {
        return err;
    }
    return card->caps.owns_card ? open_ours(card, options) : open_ready(card);
}

void sdv_card_close(sdv_card *card)
{
    if (!card->caps.owns_card) {
        return;
    }
    /* Whether the card hears the first does not matter to the second. */
    if (sdv_card_command(card, SDV_CMD_SELECT_CARD, 0, SDV_RESP_NONE) !=
        SDV_OK) {
        card->status = 0;
    }
    if (sdv_bus_set_power(card->bus, false) == SDV_OK) {
        card->rca = 0;
    }
}
