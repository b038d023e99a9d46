/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file assd_internal.h
 * @brief What the parts of the secure transport know of each other.
 *
 * assd.c chooses the door and keeps the token, assd_part_a1.c goes through
 * CMD34 to CMD37, assd_cmd56.c through CMD56.
 */
#ifndef SDV_ASSD_INTERNAL_H
#define SDV_ASSD_INTERNAL_H

#include <sdvault/assd.h>

#include "card_internal.h"

/** How often something that the wires have damaged is tried. */
#define SDV_ASSD_TRIES 3

/** Bytes that GET DATA answers. */
#define SDV_INFO_BYTES 32

/** One door. */
struct sdv_assd_door {
    /** Find it and make it idle.  @retval SDV_ERR_NO_SECURE not there */
    sdv_err (*open)(sdv_assd *assd);
    /** See sdv_assd_reset(). */
    sdv_err (*reset)(sdv_assd *assd);
    /** Send the first blocks of assd->token and fetch the answer into it. */
    sdv_err (*exchange)(sdv_assd *assd, uint16_t blocks);
};

extern const struct sdv_assd_door sdv_assd_part_a1;
extern const struct sdv_assd_door sdv_assd_cmd56;

/** Put an APDU into assd->token.  @return blocks of the token */
uint16_t sdv_assd_fill(sdv_assd *assd, const uint8_t *apdu, size_t size);

/** Length field of a token that begins at `block`. */
size_t sdv_assd_length(const uint8_t *block);

/** Is this a token of up to `blocks` blocks that holds a status word? */
bool sdv_assd_is_answer(const uint8_t *block, uint16_t blocks);

/** A command with blocks of 512 bytes. */
sdv_cmd sdv_assd_transfer(uint8_t opcode, uint32_t arg, sdv_dir dir,
                          uint8_t *data, uint16_t blocks);

/**
 * Did the wires fail, so that the same may work again?  If so the card is
 * brought back to tran: one whose response was lost may still send, or wait
 * for data.
 */
bool sdv_assd_may_repeat(sdv_assd *assd, sdv_err err);

/** Time that was spent with waiting for one answer. */
struct sdv_assd_wait {
    uint32_t limit_us;
    uint32_t spent_us;
};

/**
 * Wait before the card is asked again: short at first, later an eighth of
 * what was waited so far.
 * @retval SDV_ERR_DATA_TIMEOUT  the limit is reached
 */
SDV_MUST_CHECK sdv_err sdv_assd_pause(const sdv_assd *assd,
                                      struct sdv_assd_wait *wait);

#endif /* SDV_ASSD_INTERNAL_H */
