/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/error.h
 * @brief Results of every sdvault function.
 *
 * 0 is success.  A negative value failed on the host's side: nothing is known
 * to be wrong with the card.  A positive value is the card's own refusal:
 * 256 + n is bit n of its card status.  The names, values and texts are
 * written once, in docs/spec/errors.csv.
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
 * @return a static string, never NULL; "UNKNOWN" for other values
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

#ifdef __cplusplus
}
#endif

#endif /* SDV_ERROR_H */
