/* SPDX-License-Identifier: Apache-2.0 */
/* A selected card: SCR and SSR, bus width, speed. */
#include <string.h>

#include "card_internal.h"

#define HIGH_SPEED_HZ 50000000u
#define HIGH_SPEED_TRAN_SPEED 0x5Au /* TRAN_SPEED of 50 MHz */
#define CLASS_SWITCH 10u
#define SPEC_1_10 1u /* CMD6 is there from this SD_SPEC on */

/* CMD6: a group for each digit of the argument, F leaves it as it is. */
#define SWITCH_KEEP 0x00FFFFFFu
#define SWITCH_SET 0x80000000u
#define SWITCH_LEN 64
#define SWITCH_SUPPORT 12 /* two bytes: functions 15:0 of group 1 */
#define SWITCH_RESULT 16  /* byte: groups 2 and 1 */
#define GROUP_SPEED 1u
#define HIGH_SPEED 1u

static sdv_err read_scr(sdv_card *card)
{
    sdv_cmd cmd = sdv_card_register(card, SDV_ACMD_SEND_SCR, true,
                                    card->raw_scr, sizeof(card->raw_scr));
    const sdv_err err = sdv_card_run(card, &cmd, 1);

    return err == SDV_OK ? sdv_scr_parse(card->raw_scr, &card->scr) : err;
}

static sdv_err read_ssr(sdv_card *card)
{
    sdv_cmd cmd = sdv_card_register(card, SDV_ACMD_SD_STATUS, true,
                                    card->raw_ssr, sizeof(card->raw_ssr));

    return sdv_card_run(card, &cmd, 1);
}

static sdv_err set_clock(sdv_card *card, uint32_t card_hz,
                         const sdv_card_options *options)
{
    const bool limited = options->max_hz != 0 && options->max_hz < card_hz;

    card->max_hz = limited ? options->max_hz : card_hz;
    return sdv_bus_set_clock(card->bus, card->max_hz, card->high_speed);
}

/* The pull-up on DAT3 is for card detection; with data on the line it must
 * go. */
static sdv_err set_width4(sdv_card *card)
{
    sdv_cmd seq[] = {
        {.opcode = SDV_ACMD_SET_CLR_CARD_DETECT,
         .is_acmd = true,
         .rca = card->rca,
         .resp = SDV_RESP_R1},
        {.opcode = SDV_ACMD_SET_BUS_WIDTH,
         .is_acmd = true,
         .rca = card->rca,
         .arg = 2,
         .resp = SDV_RESP_R1},
    };
    sdv_err err = sdv_card_run(card, seq, sizeof(seq) / sizeof(seq[0]));

    if (err == SDV_OK) {
        err = sdv_bus_set_width(card->bus, 4);
    }
    card->lines = err == SDV_OK ? 4 : 1;
    return err;
}

static sdv_err choose_width(sdv_card *card, const sdv_card_options *options)
{
    const bool possible = card->scr.width4 && card->caps.width4;

    if (options->lines == 4 && !possible) {
        return SDV_ERR_UNSUPPORTED;
    }
    if (options->lines == 1 || !possible) {
        return SDV_OK;
    }
    return set_width4(card);
}

static bool wants_high_speed(const sdv_card *card,
                             const sdv_card_options *options)
{
    return !options->default_speed && card->caps.high_speed &&
           card->scr.sd_spec >= SPEC_1_10 &&
           (card->csd.ccc >> CLASS_SWITCH & 1u) &&
           (options->max_hz == 0 || options->max_hz > card->csd.max_hz);
}

/* What a status of 64 bytes says of a group: is this function there, and is it
 * the one that is, or would be, on? */
static bool says(const uint8_t status[SWITCH_LEN], unsigned group,
                 unsigned function)
{
    const uint8_t *support = status + SWITCH_SUPPORT - 2 * (group - 1);
    const uint8_t pair = status[SWITCH_RESULT - (group - 1) / 2];
    const unsigned result = group % 2 == 0 ? pair >> 4u : pair & 15u;

    return ((unsigned)(support[0] << 8 | support[1]) >> function & 1u) &&
           result == function;
}

/* CMD13 gives the card the 8 clocks in which the new function comes into
 * effect. */
sdv_err sdv_card_switch(sdv_card *card, unsigned group, unsigned function,
                        bool set, bool *selected)
{
    const unsigned at = 4 * (group - 1);
    uint8_t status[SWITCH_LEN];
    sdv_cmd seq[] = {
        sdv_card_register(card, SDV_CMD_SWITCH_FUNC, false, status,
                          sizeof(status)),
        sdv_card_query(card),
    };
    sdv_err err;

    seq[0].arg =
        (set ? SWITCH_SET : 0) | (SWITCH_KEEP & ~(15u << at)) | function << at;
    memset(status, 0, sizeof(status));
    err = sdv_card_run(card, seq, sizeof(seq) / sizeof(seq[0]));
    *selected = err == SDV_OK && says(status, group, function);
    return err;
}

static sdv_err choose_speed(sdv_card *card, const sdv_card_options *options)
{
    bool selected = wants_high_speed(card, options);
    sdv_err err = SDV_OK;

    if (selected) {
        err = sdv_card_switch(card, GROUP_SPEED, HIGH_SPEED, false, &selected);
    }
    if (selected && err == SDV_OK) {
        err = sdv_card_switch(card, GROUP_SPEED, HIGH_SPEED, true, &selected);
    }
    if (!selected || err != SDV_OK) {
        return err;
    }
    card->high_speed = true;
    return set_clock(card, HIGH_SPEED_HZ, options);
}

sdv_err sdv_card_setup(sdv_card *card, const sdv_card_options *options)
{
    sdv_err err = set_clock(card, card->csd.max_hz, options);

    if (err == SDV_OK && !card->high_capacity) {
        err = sdv_card_command(card, SDV_CMD_SET_BLOCKLEN, SDV_BLOCK_LEN,
                               SDV_RESP_R1);
    }
    if (err == SDV_OK) {
        err = read_scr(card);
    }
    if (err == SDV_OK) {
        err = choose_width(card, options);
    }
    if (err == SDV_OK) {
        err = choose_speed(card, options);
    }
    return err == SDV_OK ? read_ssr(card) : err;
}

sdv_err sdv_card_look(sdv_card *card)
{
    sdv_err err = read_scr(card);
    uint32_t width;

    if (err == SDV_OK) {
        err = read_ssr(card);
    }
    width = sdv_card_byte_bits(card->raw_ssr, sizeof(card->raw_ssr),
                               SDV_SSR_DAT_BUS_WIDTH_LSB,
                               SDV_SSR_DAT_BUS_WIDTH_BITS);
    card->lines = width == 2 ? 4 : 1;
    card->high_speed =
        sdv_card_bits(card->raw_csd, SDV_CSD_TRAN_SPEED_LSB,
                      SDV_CSD_TRAN_SPEED_BITS) == HIGH_SPEED_TRAN_SPEED;
    return err;
}
