/* SPDX-License-Identifier: Apache-2.0 */
/* Erase sequence of the functional card: CMD32, CMD33, CMD38. */
#include "card.h"

/* What is wrong with an address, as a status bit; 0: nothing. */
static uint32_t address_error(const sdv_mcard *card, uint32_t argument,
                              uint64_t *address)
{
    const bool blocks = sdv_mcard_high_capacity(card);

    *address = blocks ? (uint64_t)argument * SDV_MCARD_BLOCK : argument;
    if (*address % SDV_MCARD_BLOCK != 0) {
        return SDV_STATUS_ADDRESS_ERROR;
    }
    if (*address >= sdv_mcard_bytes(card)) {
        return SDV_STATUS_OUT_OF_RANGE;
    }
    return 0;
}

/* see card.h */
void sdv_mcard_erase_address(sdv_mcard *card, bool end, uint32_t argument)
{
    const sdv_merase before = end ? SDV_MERASE_START : SDV_MERASE_NONE;
    uint64_t address;
    uint32_t error = address_error(card, argument, &address);

    if (card->erase != before) {
        error = SDV_STATUS_ERASE_SEQ_ERROR;
    }
    if (error != 0) {
        card->status |= error;
        card->erase = SDV_MERASE_NONE;
    } else if (end) {
        card->erase_last = address;
        card->erase = SDV_MERASE_RANGE;
    } else {
        card->erase_first = address;
        card->erase = SDV_MERASE_START;
    }
}

/* see card.h */
bool sdv_mcard_erase(sdv_mcard *card)
{
    const sdv_merase before = card->erase;

    card->erase = SDV_MERASE_NONE;
    if (before != SDV_MERASE_RANGE) {
        card->status |= SDV_STATUS_ERASE_SEQ_ERROR;
        return false;
    }
    if (card->erase_last < card->erase_first) {
        card->status |= SDV_STATUS_ERASE_PARAM;
        return false;
    }
    card->erasing = true;
    return true;
}
