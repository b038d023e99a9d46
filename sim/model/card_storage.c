/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Storage of the functional card: sectors and OTP words of the image, with
 * failures on demand and the time that operations take.
 */
#include <string.h>

#include "card.h"

/* Count down the failures that were asked for. */
static bool fails(sdv_mcard *card, unsigned op)
{
    if (card->fail[op] == 0) {
        return false;
    }
    card->fail[op]--;
    return true;
}

/* The user area may be smaller than a damaged OTP says. */
static uint8_t *sector(const sdv_mcard *card, uint64_t address)
{
    const uint64_t start = address - address % SDV_MCARD_BLOCK;

    if (start >= sdv_image_size(card->image, SDV_REGION_USER)) {
        return NULL;
    }
    return sdv_image_data(card->image, SDV_REGION_USER) + start;
}

/* see card.h */
bool sdv_mcard_load(sdv_mcard *card, uint64_t address,
                    uint8_t data[SDV_MCARD_BLOCK])
{
    const uint8_t *from = sector(card, address);

    if (fails(card, SDV_NVM_OP_READ) || from == NULL) {
        return false;
    }
    memcpy(data, from, SDV_MCARD_BLOCK);
    return true;
}

/* see card.h */
bool sdv_mcard_program(sdv_mcard *card, uint64_t address,
                       const uint8_t data[SDV_MCARD_BLOCK])
{
    uint8_t *to = sector(card, address);

    card->busy_ns += card->latency.flash_program;
    if (fails(card, SDV_NVM_OP_PROGRAM) || to == NULL) {
        return false;
    }
    memcpy(to, data, SDV_MCARD_BLOCK);
    sdv_image_count(card->image, SDV_REGION_USER, address / SDV_MCARD_BLOCK);
    return true;
}

/* see card.h */
bool sdv_mcard_wipe(sdv_mcard *card, uint64_t first, uint64_t last)
{
    uint8_t *from = sector(card, first);

    card->busy_ns += card->latency.flash_erase;
    if (fails(card, SDV_NVM_OP_ERASE) || from == NULL ||
        sector(card, last) == NULL) {
        return false;
    }
    memset(from, 0,
           (size_t)(last / SDV_MCARD_BLOCK - first / SDV_MCARD_BLOCK + 1) *
               SDV_MCARD_BLOCK);
    return true;
}

/* see card.h */
uint32_t sdv_mcard_otp(const sdv_mcard *card, unsigned word)
{
    const uint8_t *p =
        sdv_image_data(card->image, SDV_REGION_OTP) + (size_t)word * 4;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}
