/* SPDX-License-Identifier: Apache-2.0 */
/* Doors to the secure side, and the tokens that go through them. */
#include <string.h>

#include "assd_internal.h"
#include "big_endian.h"
#include "bus_internal.h"

#define LENGTH_BYTES 2
#define LEAST_ANSWER (LENGTH_BYTES + 2) /* length and status word */
#define LEAST_PAUSE_US 10u
#define MOST_PAUSE_US 5000u
#define PAUSE_PART 8u /* of what was waited so far */
#define SETTLE_LOOKS 4
#define SETTLE_US 100u

/* ---- shared by the doors ---- */

uint16_t sdv_assd_fill(sdv_assd *assd, const uint8_t *apdu, size_t size)
{
    const size_t length = LENGTH_BYTES + size;

    memset(assd->token, 0, sizeof(assd->token));
    be_put(assd->token, LENGTH_BYTES, length);
    memcpy(assd->token + LENGTH_BYTES, apdu, size);
    return length <= SDV_BLOCK_LEN ? 1 : 2;
}

size_t sdv_assd_length(const uint8_t *block)
{
    return (size_t)be_get(block, LENGTH_BYTES);
}

bool sdv_assd_is_answer(const uint8_t *block, uint16_t blocks)
{
    const size_t length = sdv_assd_length(block);

    return length >= LEAST_ANSWER && length <= (size_t)blocks * SDV_BLOCK_LEN;
}

sdv_cmd sdv_assd_transfer(uint8_t opcode, uint32_t arg, sdv_dir dir,
                          uint8_t *data, uint16_t blocks)
{
    return (sdv_cmd){.opcode = opcode,
                     .arg = arg,
                     .resp = SDV_RESP_R1,
                     .dir = dir,
                     .block_size = SDV_BLOCK_LEN,
                     .blocks = blocks,
                     .data = data};
}

/* Did the wires fail, so that the same may work again? */
static bool is_noise(sdv_err err)
{
    return err <= SDV_ERR_NO_RESPONSE && err >= SDV_ERR_DATA_END_BIT;
}

/* One look at the card, and a way out of where it is. */
static bool settled(sdv_card *card)
{
    uint32_t status;
    uint32_t state;

    if (sdv_card_status(card, &status) != SDV_OK) {
        return false;
    }
    state = sdv_status_state(status);
    if ((state == SDV_STATE_DATA || state == SDV_STATE_RCV) &&
        sdv_card_command(card, SDV_CMD_STOP_TRANSMISSION, 0, SDV_RESP_R1B) !=
            SDV_OK) {
        return false;
    }
    return state == SDV_STATE_TRAN;
}

bool sdv_assd_may_repeat(sdv_assd *assd, sdv_err err)
{
    if (!is_noise(err)) {
        return false;
    }
    for (int i = 0; i < SETTLE_LOOKS && !settled(assd->card); i++) {
        sdv_bus_delay_us(assd->card->bus, SETTLE_US);
    }
    return true;
}

sdv_err sdv_assd_pause(const sdv_assd *assd, struct sdv_assd_wait *wait)
{
    uint32_t us = LEAST_PAUSE_US + wait->spent_us / PAUSE_PART;

    if (wait->spent_us >= wait->limit_us) {
        return SDV_ERR_DATA_TIMEOUT;
    }
    us = us < MOST_PAUSE_US ? us : MOST_PAUSE_US;
    sdv_bus_delay_us(assd->card->bus, us);
    wait->spent_us += us;
    return SDV_OK;
}

/* ---- the public face ---- */

static const struct sdv_assd_door *door_of(const sdv_assd *assd)
{
    return assd->door == SDV_VIA_ASSD ? &sdv_assd_part_a1 : &sdv_assd_cmd56;
}

static sdv_err open_door(sdv_assd *assd, sdv_card *card, sdv_via door)
{
    memset(assd, 0, sizeof(*assd));
    assd->card = card;
    assd->door = door;
    return door_of(assd)->open(assd);
}

sdv_err sdv_assd_open(sdv_assd *assd, sdv_card *card, sdv_via door)
{
    sdv_err err = SDV_ERR_NO_SECURE;

    if (door != SDV_VIA_CMD56) {
        err = open_door(assd, card, SDV_VIA_ASSD);
    }
    if (err == SDV_ERR_NO_SECURE && door != SDV_VIA_ASSD) {
        err = open_door(assd, card, SDV_VIA_CMD56);
    }
    return err;
}

sdv_err sdv_assd_reset(sdv_assd *assd)
{
    const sdv_err err = door_of(assd)->reset(assd);

    assd->lost = err != SDV_OK;
    return err;
}

/* The answer is in assd->token. */
static sdv_err exchange(sdv_assd *assd, const uint8_t *command, size_t size)
{
    sdv_err err = assd->lost ? sdv_assd_reset(assd) : SDV_OK;

    if (err != SDV_OK) {
        return err;
    }
    err = door_of(assd)->exchange(assd, sdv_assd_fill(assd, command, size));
    if (err == SDV_OK && !sdv_assd_is_answer(assd->token, 2)) {
        err = SDV_ERR_PROTOCOL;
    }
    assd->lost = err != SDV_OK;
    if (assd->lost) {
        (void)sdv_assd_may_repeat(assd, err); /* back to tran */
    }
    return err;
}

sdv_err sdv_assd_exchange(sdv_assd *assd, const uint8_t *command, size_t size,
                          const uint8_t **response, size_t *response_size)
{
    sdv_err err = SDV_ERR_ARG;

    *response = NULL;
    *response_size = 0;
    if (size != 0 && size <= SDV_APDU_MAX) {
        err = exchange(assd, command, size);
    }
    if (err == SDV_OK) {
        *response = assd->token + LENGTH_BYTES;
        *response_size = sdv_assd_length(assd->token) - LENGTH_BYTES;
    }
    return err;
}
