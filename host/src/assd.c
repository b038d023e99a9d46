/* SPDX-License-Identifier: Apache-2.0 */
/* Doors to the secure side, and the tokens that go through them. */
#include <string.h>

#include "assd_internal.h"
#include "big_endian.h"

#define LENGTH_BYTES 2
#define LEAST_ANSWER (LENGTH_BYTES + 2) /* length and status word */
#define LEAST_PAUSE_US 10u
#define MOST_PAUSE_US 5000u
#define PAUSE_PART 8u /* of what was waited so far */

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

bool sdv_assd_is_noise(sdv_err err)
{
    return err <= SDV_ERR_NO_RESPONSE && err >= SDV_ERR_DATA_END_BIT;
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
