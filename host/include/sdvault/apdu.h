/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/apdu.h
 * @brief Command and response APDUs (ISO 7816-4) as bytes and back.
 *
 * Short and extended lengths.  Nothing here allocates; data is never copied
 * but into the buffer of the caller.
 */
#ifndef SDV_APDU_H
#define SDV_APDU_H

#include <stddef.h>
#include <stdint.h>

#include <sdvault/error.h>

#ifdef __cplusplus
extern "C" {
#endif

#define SDV_APDU_MAX SDV_VAULT_APDU_MAX /* bytes of the longest one */

/** Most that `le` can ask for: everything. */
#define SDV_APDU_LE_MAX 65536u

/** A command. */
typedef struct sdv_apdu {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data; /* uint8_t[size]; NULL when there is none */
    size_t size;
    uint32_t le; /* bytes that the answer may have, 1..65536; 0: no field */
} sdv_apdu;

/**
 * Write a command.
 *
 * Lengths are short when both fit: data of at most 255 bytes and an `le` of at
 * most 256; else both are extended.
 *
 * @param apdu        the command
 * @param[out] bytes  uint8_t[room]
 * @param[out] used   bytes written; 0 on error
 *
 * @retval SDV_OK        bytes[0..used-1] is the APDU
 * @retval SDV_ERR_ARG   data longer than 65,535 bytes, or `le` above 65,536
 * @retval SDV_ERR_APDU  it does not fit into `room`
 *
 * Source: docs/protocol_secure.md, "APDUs".
 */
SDV_MUST_CHECK sdv_err sdv_apdu_build(const sdv_apdu *apdu, uint8_t *bytes,
                                      size_t room, size_t *used);

/**
 * Read a command.
 *
 * @param bytes      uint8_t[size]
 * @param[out] apdu  its data points into `bytes`; zeroed on error
 *
 * @retval SDV_OK        every byte has its place
 * @retval SDV_ERR_APDU  bytes are left over or missing; a card answers 6700
 */
SDV_MUST_CHECK sdv_err sdv_apdu_parse(const uint8_t *bytes, size_t size,
                                      sdv_apdu *apdu);

/**
 * Read a response: data, then the status word.
 *
 * @param bytes           uint8_t[size]
 * @param[out] data       points into `bytes`
 * @param[out] data_size  bytes of it, without the status word; 0 on error
 *
 * @retval SDV_OK            status word 9000
 * @retval SDV_CARD_SW(...)  another one
 * @retval SDV_ERR_PROTOCOL  too short, or no status word
 */
SDV_MUST_CHECK sdv_err sdv_apdu_response(const uint8_t *bytes, size_t size,
                                         const uint8_t **data,
                                         size_t *data_size);

/**
 * The name of an instruction as docs/protocol_secure.md spells it.
 * @return a static string, never NULL; "APDU" for other values
 */
const char *sdv_apdu_name(uint8_t ins);

#ifdef __cplusplus
}
#endif

#endif /* SDV_APDU_H */
