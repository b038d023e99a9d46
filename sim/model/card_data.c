/* SPDX-License-Identifier: Apache-2.0 */
/* Transfers of the functional card: user area, registers, CMD6. */
#include <string.h>

#include "card.h"

#define SWITCH_BYTES 64
#define SWITCH_SET (1u << 31)
#define GROUPS 6
#define KEEP 0xFu
#define CURRENT_MA 100u
#define ONLY_DEFAULT 0x8001u
#define DEFAULT_AND_HIGH_SPEED 0x8003u
#define DEFAULT_AND_SECURE                                                     \
    (ONLY_DEFAULT | 1u << SDV_ASSD_FUNCTION_ECOM | 1u << SDV_ASSD_FUNCTION_ASSD)
#define SWITCHED_GROUPS 2u

/* What is wrong with a block, as a status bit; 0: nothing. */
static uint32_t block_error(const sdv_mcard *card, uint64_t address,
                            uint32_t len)
{
    if (address % SDV_MCARD_BLOCK + len > SDV_MCARD_BLOCK) {
        return SDV_STATUS_ADDRESS_ERROR;
    }
    if (address >= sdv_mcard_bytes(card)) {
        return SDV_STATUS_OUT_OF_RANGE;
    }
    return 0;
}

/* Begin a transfer; everything about the one before is forgotten. */
static sdv_mtransfer *begin(sdv_mcard *card, uint32_t len)
{
    sdv_mtransfer *transfer = &card->transfer;

    transfer->source = SDV_MSOURCE_REGISTER;
    transfer->multi = false;
    transfer->counted = true;
    transfer->left = 1;
    transfer->len = len;
    transfer->stalled = false;
    transfer->full = false;
    transfer->switches = false;
    return transfer;
}

/* see card.h */
bool sdv_mcard_start_user(sdv_mcard *card, sdv_mstart start, uint32_t argument)
{
    const bool blocks = sdv_mcard_high_capacity(card);
    const uint32_t len = blocks ? SDV_MCARD_BLOCK : card->block_len;
    sdv_mtransfer *transfer = begin(card, len);
    uint32_t error;

    transfer->source = SDV_MSOURCE_USER;
    transfer->multi = start.multi;
    transfer->address =
        blocks ? (uint64_t)argument * SDV_MCARD_BLOCK : argument;
    if (start.multi) {
        transfer->counted = card->count_set && card->count != 0;
        transfer->left = card->count;
        card->count_set = false;
    }
    error = block_error(card, transfer->address, len);
    if (start.write) {
        card->written = 0;
        error = len != SDV_MCARD_BLOCK ? SDV_STATUS_BLOCK_LEN_ERROR : error;
    }
    card->status |= error;
    return error == 0;
}

/* see card.h */
void sdv_mcard_start_register(sdv_mcard *card, uint32_t len)
{
    begin(card, len)->full = true;
}

/* see card.h */
sdv_mtransfer *sdv_mcard_start_secure(sdv_mcard *card, uint32_t left)
{
    sdv_mtransfer *transfer = begin(card, SDV_MCARD_BLOCK);

    transfer->source = SDV_MSOURCE_SECURE;
    transfer->multi = left > 1;
    transfer->left = left;
    return transfer;
}

/* Support bits of a function group. */
static unsigned support(unsigned group)
{
    switch (group) {
    case 0:
        return DEFAULT_AND_HIGH_SPEED;
    case 1:
        return DEFAULT_AND_SECURE;
    default:
        return ONLY_DEFAULT;
    }
}

/* The function that a nibble of the argument leads to; KEEP: none such. */
static unsigned asked(const sdv_mcard *card, unsigned group, uint32_t argument)
{
    const unsigned function = argument >> (4 * group) & 0xFu;

    if (function == KEEP) {
        return group < SWITCHED_GROUPS ? card->functions[group] : 0;
    }
    return (support(group) >> function & 1u) != 0 ? function : KEEP;
}

/* see card.h */
void sdv_mcard_start_switch(sdv_mcard *card, uint32_t argument)
{
    sdv_mtransfer *transfer = begin(card, SWITCH_BYTES);
    uint8_t *data = transfer->data;
    bool all = true;

    memset(data, 0, SWITCH_BYTES);
    for (unsigned group = 0; group < GROUPS; group++) {
        const unsigned result = asked(card, group, argument);

        all = all && result != KEEP;
        data[12 - 2 * group] = (uint8_t)(support(group) >> 8);
        data[13 - 2 * group] = (uint8_t)support(group);
        data[16 - group / 2] |= (uint8_t)(result << (group % 2 * 4));
    }
    data[1] = all ? CURRENT_MA : 0;
    data[17] = 1;
    transfer->switches = all && (argument & SWITCH_SET) != 0;
    for (unsigned group = 0; group < SWITCHED_GROUPS; group++) {
        transfer->functions[group] = asked(card, group, argument);
    }
    transfer->full = true;
}

/* see card.h */
void sdv_mcard_fetch(sdv_mcard *card)
{
    sdv_mtransfer *transfer = &card->transfer;
    uint8_t data[SDV_MCARD_BLOCK];

    if (card->state != SDV_STATE_DATA || transfer->full || transfer->stalled) {
        return;
    }
    if (transfer->source == SDV_MSOURCE_SECURE) {
        sdv_mcard_fetch_secure(card);
        return;
    }
    if (!sdv_mcard_load(card, transfer->address, data)) {
        card->status |= SDV_STATUS_CARD_ECC_FAILED;
        transfer->stalled = true;
        return;
    }
    memcpy(transfer->data, data + transfer->address % SDV_MCARD_BLOCK,
           transfer->len);
    transfer->full = true;
}

/* On to the next block: true while there is one to come. */
static bool advance(sdv_mcard *card)
{
    sdv_mtransfer *transfer = &card->transfer;
    uint32_t error;

    if (transfer->counted) {
        transfer->left--;
        if (transfer->left == 0) {
            return false;
        }
    }
    if (transfer->source == SDV_MSOURCE_SECURE) {
        return true;
    }
    transfer->address += transfer->len;
    error = block_error(card, transfer->address, transfer->len);
    if (error != 0) {
        card->status |= error;
        transfer->stalled = true;
    }
    return true;
}

/* see card.h */
uint32_t sdv_mcard_sending(const sdv_mcard *card)
{
    const bool sends =
        card->powered && card->state == SDV_STATE_DATA && card->transfer.full;

    return sends ? card->transfer.len : 0;
}

/* see card.h */
void sdv_mcard_read(sdv_mcard *card, uint8_t *data)
{
    sdv_mtransfer *transfer = &card->transfer;

    memcpy(data, transfer->data, transfer->len);
    transfer->full = false;
    if (transfer->switches) {
        memcpy(card->functions, transfer->functions, sizeof(card->functions));
    }
    if (transfer->source == SDV_MSOURCE_SECURE) {
        sdv_mcard_sent_secure(card);
    }
    if (advance(card)) {
        sdv_mcard_fetch(card);
    } else {
        card->state = SDV_STATE_TRAN;
    }
}

/* A block that arrived in one piece. */
static void take(sdv_mcard *card, const uint8_t data[SDV_MCARD_BLOCK])
{
    sdv_mtransfer *transfer = &card->transfer;
    const bool stored = sdv_mcard_program(card, transfer->address, data);

    if (stored) {
        card->written++;
    } else {
        card->status |= SDV_STATUS_ERROR;
    }
    if (!advance(card)) {
        card->state = SDV_STATE_PRG;
    } else if (!stored) {
        transfer->stalled = true;
    }
    sdv_mcard_pass(card, 0);
}

/* see card.h */
sdv_mwrite sdv_mcard_write(sdv_mcard *card, const uint8_t data[SDV_MCARD_BLOCK],
                           bool intact)
{
    sdv_mtransfer *transfer = &card->transfer;

    if (!card->powered || card->state != SDV_STATE_RCV || transfer->stalled) {
        return SDV_MWRITE_IGNORED;
    }
    if (transfer->source == SDV_MSOURCE_SECURE) {
        return sdv_mcard_take_secure(card, data, intact);
    }
    if (intact) {
        take(card, data);
        return SDV_MWRITE_TAKEN;
    }
    if (transfer->multi) {
        transfer->stalled = true;
    } else {
        card->state = SDV_STATE_TRAN;
    }
    return SDV_MWRITE_CRC;
}

/* see card.h */
void sdv_mcard_stop(sdv_mcard *card)
{
    if (card->transfer.source == SDV_MSOURCE_SECURE) {
        sdv_mcard_cut_secure(card);
    }
    begin(card, SDV_MCARD_BLOCK);
}
