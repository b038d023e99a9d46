/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file card_internal.h
 * @brief What the parts of the card layer know of each other.
 *
 * card_open.c finds a card, card_setup.c reads its registers and chooses
 * width and speed, card_parse.c decodes registers, card_transfer.c moves
 * blocks, card_erase.c erases.
 */
#ifndef SDV_CARD_INTERNAL_H
#define SDV_CARD_INTERNAL_H

#include <sdvault/card.h>

#define SDV_BLOCK_LEN SDV_TIMING_BLOCK_LEN

/** Run a sequence and keep the status of its last R1. */
SDV_MUST_CHECK sdv_err sdv_card_run(sdv_card *card, sdv_cmd *seq, size_t count);

/** Run one command without data. */
SDV_MUST_CHECK sdv_err sdv_card_command(sdv_card *card, uint8_t opcode,
                                        uint32_t arg, sdv_resp resp);

/** A command whose answer is one block of `size` bytes. */
sdv_cmd sdv_card_register(const sdv_card *card, uint8_t opcode, bool is_acmd,
                          uint8_t *data, uint16_t size);

/** CMD13 of this card, to stand at the end of a sequence. */
sdv_cmd sdv_card_query(const sdv_card *card);

/**
 * Ask with CMD6 for a function, or switch it on; the other groups stay.
 *
 * @param group          1 to 6
 * @param function       0 to 14
 * @param set            switch, do not only ask
 * @param[out] selected  the card has it and takes it
 */
SDV_MUST_CHECK sdv_err sdv_card_switch(sdv_card *card, unsigned group,
                                       unsigned function, bool set,
                                       bool *selected);

/** Read SCR and SSR, then set width and speed; the card is in tran. */
SDV_MUST_CHECK sdv_err sdv_card_setup(sdv_card *card,
                                      const sdv_card_options *options);

/** Read SCR and SSR of a card that somebody else has set up. */
SDV_MUST_CHECK sdv_err sdv_card_look(sdv_card *card);

/** The argument that addresses a block. */
uint32_t sdv_card_address(const sdv_card *card, uint32_t lba);

/** Is this a range inside the card, and not empty? */
SDV_MUST_CHECK sdv_err sdv_card_check_range(const sdv_card *card, uint32_t lba,
                                            uint32_t blocks);

/** `bits` bits from `lsb` on of a register of 128 bits; 1 to 32 of them. */
uint32_t sdv_card_bits(const uint32_t raw[4], unsigned lsb, unsigned bits);

/** The same of a register that came as `size` bytes, highest first. */
uint32_t sdv_card_byte_bits(const uint8_t *raw, size_t size, unsigned lsb,
                            unsigned bits);

#endif /* SDV_CARD_INTERNAL_H */
