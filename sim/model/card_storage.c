/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Storage of the functional card: sectors and words of the image, with
 * failures on demand and the time that operations take.
 */
#include <string.h>

#include "bytes.h"
#include "card.h"

#define WORD 4u

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
    return sdv_get32(sdv_image_data(card->image, SDV_REGION_OTP) +
                     (size_t)word * WORD);
}

/* see card.h */
uint32_t sdv_mcard_eeprom(const sdv_mcard *card, unsigned word)
{
    return sdv_get32(sdv_image_data(card->image, SDV_REGION_EEPROM) +
                     (size_t)word * WORD);
}

/* see card.h */
bool sdv_mcard_burn(sdv_mcard *card, unsigned word, uint32_t value)
{
    uint8_t bytes[WORD];

    sdv_put32(bytes, sdv_mcard_otp(card, word) | value);
    card->vault.ns += card->latency.eeprom_line;
    return !fails(card, SDV_NVM_OP_PROGRAM) &&
           sdv_image_program(card->image, SDV_REGION_OTP, word, bytes) ==
               SDV_OK;
}

/* see card.h */
bool sdv_mcard_program_line(sdv_mcard *card, unsigned first_word,
                            const uint32_t word[SDV_VAULT_LINE_WORDS])
{
    bool done;

    card->vault.ns += card->latency.eeprom_line;
    done = !fails(card, SDV_NVM_OP_PROGRAM);
    for (unsigned i = 0; i < SDV_VAULT_LINE_WORDS && done; i++) {
        uint8_t bytes[WORD];

        sdv_put32(bytes, word[i]);
        done = sdv_image_program(card->image, SDV_REGION_EEPROM,
                                 (size_t)first_word + i, bytes) == SDV_OK;
    }
    return done;
}

/* see card.h */
bool sdv_mcard_load_body(sdv_mcard *card, unsigned sector,
                         uint8_t data[SDV_MCARD_BLOCK])
{
    card->vault.ns += card->latency.flash_read;
    if (fails(card, SDV_NVM_OP_READ) || sector >= SDV_NVM_SECURE_SECTORS) {
        return false;
    }
    memcpy(data,
           sdv_image_data(card->image, SDV_REGION_SECURE) +
               (size_t)sector * SDV_MCARD_BLOCK,
           SDV_MCARD_BLOCK);
    return true;
}

/* see card.h */
bool sdv_mcard_program_body(sdv_mcard *card, unsigned sector,
                            const uint8_t data[SDV_MCARD_BLOCK])
{
    card->vault.ns += card->latency.flash_program;
    return !fails(card, SDV_NVM_OP_PROGRAM) &&
           sdv_image_program(card->image, SDV_REGION_SECURE, sector, data) ==
               SDV_OK;
}
