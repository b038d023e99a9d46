/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/error.h
 * @brief Results of every sdvault function.
 *
 * 0 is success.  A negative value failed on the host's side: nothing is known
 * to be wrong with the card.  A positive value is the card's own refusal:
 * 256 + n is bit n of its card status, 0x6000 to 0x9FFF is the status word of
 * a secure command.  The names, values and texts are written once, in
 * docs/spec/errors.csv and docs/spec/sw.csv.
 */
#ifndef SDV_ERROR_H
#define SDV_ERROR_H

#include <stdint.h>

#include <sdvault/spec.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Marks a function whose result must be looked at. */
#define SDV_MUST_CHECK __attribute__((warn_unused_result))

/** Result of a function: SDV_OK, SDV_ERR_* (negative), SDV_CARD_* (positive).
 */
typedef int sdv_err;

/** The result that stands for a status word, as in SDV_CARD_SW(NOT_FOUND). */
#define SDV_CARD_SW(name) ((sdv_err)SDV_SW_##name)

/**
 * One line for a person: what happened and what to do about it.
 *
 * @param err  any result
 * @return a static string, never NULL; "unknown result" for other values
 */
const char *sdv_err_text(sdv_err err);

/**
 * The name of a result as the sources spell it, without the SDV_ prefix.
 *
 * @param err  any result
 * @return a static string, never NULL; "SW_UNKNOWN" for a status word without
 *         a name, "UNKNOWN" for other values
 */
const char *sdv_err_name(sdv_err err);

/**
 * The result that stands for a card status.
 *
 * @param status  32 bits of card status, as an R1 response carries them
 * @return SDV_OK when no error bit is set, else SDV_CARD_* of the highest
 *         error bit
 *
 * Source: docs/protocol.md, "Card status".
 */
sdv_err sdv_err_from_status(uint32_t status);

/**
 * The result that stands for the status word of a response APDU.
 *
 * @param sw  SW1 in the upper byte
 * @return SDV_OK for 9000, SDV_ERR_PROTOCOL for what is no status word (below
 *         6000, above 9FFF), else the word itself: SDV_CARD_SW(...)
 *
 * Source: docs/protocol_secure.md, "APDUs".
 */
sdv_err sdv_err_from_sw(uint16_t sw);

/** The status word that a result stands for; 0 when it does not. */
uint16_t sdv_err_sw(sdv_err err);

#ifdef __cplusplus
}
#endif

#endif /* SDV_ERROR_H */
