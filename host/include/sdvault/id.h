/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/id.h
 * @brief Medium and apparatus ids as a person reads and types them.
 *
 * An id is a number of 64 bits, never 0 and never all ones.  It is shown as 13
 * digits of Crockford's base 32 and a check symbol (the id modulo 37), in
 * groups: XXXX-XXXX-XXXXX-C.  The first digit holds 4 bits, so it is at most
 * F.  The check symbol finds every single wrong digit and every swap of two
 * neighbours.
 */
#ifndef SDV_ID_H
#define SDV_ID_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Size of a displayed id: 17 characters and a zero. */
#define SDV_ID_TEXT_SIZE 18

/** Is this number an id: neither 0 nor all ones? */
bool sdv_id_valid(uint64_t id);

/**
 * Write an id in its displayed form.
 *
 * @param id         a valid id
 * @param[out] text  17 characters and a zero; empty on error
 *
 * @retval SDV_OK      text is the displayed form
 * @retval SDV_ERR_ID  0 or all ones
 */
SDV_MUST_CHECK sdv_err sdv_id_format(uint64_t id, char text[SDV_ID_TEXT_SIZE]);

/**
 * Read an id that a person has typed.
 *
 * The displayed form; letters in either case, O for 0, I or L for 1, hyphens
 * anywhere or nowhere (somewhere, if the id starts with 0X).  Or 0x and
 * exactly 16 hexadecimal digits.
 *
 * @param text     a string
 * @param[out] id  the id; 0 on error
 *
 * @retval SDV_OK      id is valid
 * @retval SDV_ERR_ID  not in one of these forms, a wrong check symbol, or a
 *                     number that is no id
 */
SDV_MUST_CHECK sdv_err sdv_id_parse(const char *text, uint64_t *id);

#ifdef __cplusplus
}
#endif

#endif /* SDV_ID_H */
