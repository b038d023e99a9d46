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
static const uint8_t *sector(const sdv_mcard *card, uint64_t address)
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
    card->busy_ns += card->latency.flash_program;
    return !fails(card, SDV_NVM_OP_PROGRAM) &&
           sdv_image_program(card->image, SDV_REGION_USER,
                             (size_t)(address / SDV_MCARD_BLOCK),
                             data) == SDV_OK;
}

/* see card.h */
bool sdv_mcard_wipe(sdv_mcard *card, uint64_t first, uint64_t last)
{
    const uint64_t sector = first / SDV_MCARD_BLOCK;
    const uint64_t count = last / SDV_MCARD_BLOCK - sector + 1;

    card->busy_ns += card->latency.flash_erase;
    return !fails(card, SDV_NVM_OP_ERASE) &&
           sdv_image_erase(card->image, SDV_REGION_USER, (size_t)sector,
                           (size_t)count) == SDV_OK;
}

/* see card.h */
uint32_t sdv_mcard_otp(const sdv_mcard *card, unsigned word)
{
    const uint8_t *p =
        sdv_image_data(card->image, SDV_REGION_OTP) + (size_t)word * 4;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}
