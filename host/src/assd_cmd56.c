/* SPDX-License-Identifier: Apache-2.0 */
/* CMD56: one block at a time, and no register that says what the card does.
 * A token of length 2 means "not yet". */
#include <string.h>

#include "assd_internal.h"

#define READ 1u /* argument bit 0 */
#define WRITE 0u
#define NOT_YET 2u
#define BLOCK_MS 250u
#define COMMAND_US 3000000u /* what a card of this kind states in PR */
#define CLA_PLAIN 0x80u

static sdv_err move(sdv_assd *assd, sdv_dir dir, uint8_t *block)
{
    sdv_cmd cmd = sdv_assd_transfer(
        SDV_CMD_GEN_CMD, dir == SDV_DIR_READ ? READ : WRITE, dir, block, 1);

    cmd.data_timeout_ms = BLOCK_MS;
    return sdv_card_run(assd->card, &cmd, 1);
}

/* ---- reading ---- */

/* Could `second` be the end of the answer that begins with `first`? */
static bool continues(const uint8_t *first, const uint8_t *second)
{
    const size_t length = sdv_assd_length(first);

    if (length <= SDV_BLOCK_LEN || length > SDV_TOKEN_MAX) {
        return false;
    }
    for (size_t i = length - SDV_BLOCK_LEN; i < SDV_BLOCK_LEN; i++) {
        if (second[i] != 0) {
            return false;
        }
    }
    return true;
}

static void swap(uint8_t *first, uint8_t *second)
{
    for (size_t i = 0; i < SDV_BLOCK_LEN; i++) {
        const uint8_t byte = first[i];

        first[i] = second[i];
        second[i] = byte;
    }
}

/* A block that was damaged on its way may count as read or not, so what comes
 * next is the first or the second block.  Two whole ones tell. */
static sdv_err put_in_order(uint8_t *first, uint8_t *second)
{
    const bool right = continues(first, second);
    const bool wrong = continues(second, first);

    if (memcmp(first, second, SDV_BLOCK_LEN) == 0) {
        return SDV_OK; /* an answer of one block comes again and again */
    }
    if (right == wrong) {
        return SDV_ERR_PROTOCOL;
    }
    if (wrong) {
        swap(first, second);
    }
    return SDV_OK;
}

/* The next block that is not "not yet". */
static sdv_err poll(sdv_assd *assd, struct sdv_assd_wait *wait, uint8_t *block)
{
    sdv_err err = move(assd, SDV_DIR_READ, block);

    while (err == SDV_OK && sdv_assd_length(block) == NOT_YET) {
        err = sdv_assd_pause(assd, wait);
        if (err == SDV_OK) {
            err = move(assd, SDV_DIR_READ, block);
        }
    }
    return err;
}

/* The whole answer, if nothing is damaged on its way. */
static sdv_err fetch(sdv_assd *assd, struct sdv_assd_wait *wait, bool unsure)
{
    uint8_t *second = assd->token + SDV_BLOCK_LEN;
    sdv_err err = poll(assd, wait, assd->token);

    if (err != SDV_OK ||
        (!unsure && sdv_assd_length(assd->token) <= SDV_BLOCK_LEN)) {
        return err;
    }
    err = move(assd, SDV_DIR_READ, second);
    return err == SDV_OK && unsure ? put_in_order(assd->token, second) : err;
}

static sdv_err exchange(sdv_assd *assd, uint16_t blocks)
{
    struct sdv_assd_wait wait = {.limit_us = COMMAND_US};
    sdv_err err = SDV_OK;

    for (uint16_t i = 0; i < blocks && err == SDV_OK; i++) {
        err =
            move(assd, SDV_DIR_WRITE, assd->token + (size_t)i * SDV_BLOCK_LEN);
    }
    if (err != SDV_OK) {
        return err;
    }
    err = fetch(assd, &wait, false);
    for (int i = 1; i < SDV_ASSD_TRIES && wait.spent_us < wait.limit_us &&
                    sdv_assd_may_repeat(assd, err);
         i++) {
        err = fetch(assd, &wait, true);
    }
    return err;
}

/* ---- finding the door ---- */

/* A block that the card takes for the end of an older token, or that meets an
 * older half at the other door, is answered, but not like this. */
static bool is_info(const sdv_assd *assd)
{
    const uint8_t *data;
    size_t size;

    return sdv_assd_is_answer(assd->token, 1) &&
           sdv_apdu_response(assd->token + 2, sdv_assd_length(assd->token) - 2,
                             &data, &size) == SDV_OK &&
           size == SDV_INFO_BYTES;
}

static sdv_err reset(sdv_assd *assd)
{
    static const uint8_t get_data[] = {CLA_PLAIN, SDV_INS_GET_DATA, 0, 0, 0};
    sdv_err err = SDV_ERR_NO_RESPONSE;

    for (int i = 0; i < SDV_ASSD_TRIES; i++) {
        err = exchange(assd, sdv_assd_fill(assd, get_data, sizeof(get_data)));
        if (err == SDV_OK && is_info(assd)) {
            return SDV_OK;
        }
        if (err != SDV_OK && !sdv_assd_may_repeat(assd, err) &&
            err != SDV_ERR_PROTOCOL) {
            return err == SDV_ERR_UNSUPPORTED ? SDV_ERR_NO_SECURE : err;
        }
    }
    return SDV_ERR_NO_SECURE;
}

const struct sdv_assd_door sdv_assd_cmd56 = {
    .open = reset, .reset = reset, .exchange = exchange};
