/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/assd.h
 * @brief Secure commands: APDUs to the card and answers back.
 *
 * Two doors lead to the secure side of a card.  ASSD (CMD34 to CMD37) is the
 * standard one; CMD56 is for hosts that cannot send those commands.  Both carry
 * tokens: two bytes of length, the APDU, zeros to the end of a block.
 *
 * The object is the caller's; nothing is allocated.  One thread at a time, and
 * one object a card.  Other calls of the card layer may come between two
 * exchanges.
 */
#ifndef SDV_ASSD_H
#define SDV_ASSD_H

#include <sdvault/apdu.h>
#include <sdvault/card.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Bytes of the largest token: two blocks. */
#define SDV_TOKEN_MAX (2 * SDV_TIMING_BLOCK_LEN)

/** Ways to the secure side of a card. */
typedef enum {
    SDV_VIA_ANY,  /* ASSD, or CMD56 if that does not work */
    SDV_VIA_ASSD, /* CMD34 to CMD37 */
    SDV_VIA_CMD56
} sdv_via;

/** What the card says of its secure side (register PR); zero behind CMD56. */
typedef struct sdv_assd_properties {
    uint32_t read_ms;    /* longest wait for the data of a response */
    uint32_t command_ms; /* longest command */
    uint32_t write_ms;   /* longest busy time after a token */
    uint32_t control_ms; /* longest busy time after a reset */
    uint8_t version;     /* of ASSD: 2 */
    uint16_t systems;    /* bit n: security system n */
    uint8_t vendor;      /* of the security system */
} sdv_assd_properties;

/** The status register SR. */
typedef struct sdv_assd_status {
    uint8_t state;   /* SDV_ASSD_STATE_* */
    uint8_t error;   /* of the last response; docs/spec/sw.csv */
    bool defect;     /* a line of the system is defect */
    uint8_t system;  /* the active one: SDV_ASSD_SYSTEM_ASSD */
    uint16_t blocks; /* of the response that are to be read */
} sdv_assd_status;

/** The secure side of a card.  Fields are for reading. */
typedef struct sdv_assd {
    sdv_card *card;
    sdv_via door;     /* the one that is used: ASSD or CMD56 */
    uint8_t function; /* of CMD6 group 2 that was switched on; 0: CMD56 */
    sdv_assd_properties properties;
    bool lost;                    /* reset before the next exchange */
    uint8_t token[SDV_TOKEN_MAX]; /* command, then response */
} sdv_assd;

/**
 * Find the secure side of a card.
 *
 * ASSD: CMD6 asks for function 4 of group 2, else function 1, and switches it
 * on; the registers PR and SR are read; what an earlier user left is reset.
 * CMD56: GET DATA is sent and its answer looked at.
 *
 * @param assd  object to fill
 * @param card  in tran; must outlive the object
 * @param door  one of them, or SDV_VIA_ANY
 *
 * @retval SDV_OK             exchanges may begin
 * @retval SDV_ERR_NO_SECURE  that door does not exist, or none does; the card
 *                            is in tran and works as a memory card
 * @retval other              as sdv_bus_run(); nothing secure was changed
 *
 * Source: docs/protocol_secure.md, "Two doors".
 */
SDV_MUST_CHECK sdv_err sdv_assd_open(sdv_assd *assd, sdv_card *card,
                                     sdv_via door);

/**
 * Leave the secure side: function 0 again, if ASSD is on and the bus does not
 * own the card (else it is switched off soon).
 */
void sdv_assd_close(sdv_assd *assd);

/**
 * Send an APDU, wait until the card has run it, and fetch the answer.
 *
 * Damage on the wires is repaired where that is safe: a token that the card
 * has not taken is sent again, an answer is read again (at most three times
 * each).  The wait is bounded by what the card's PR states, 3 s behind CMD56.
 *
 * @param command        uint8_t[size], at most SDV_APDU_MAX
 * @param[out] response  data and status word, in the object, valid until its
 *                       next use; NULL on error
 * @param[out] response_size  bytes of it, at least 2; 0 on error
 *
 * @retval SDV_OK               the card has run the command; its status word
 *                              may be a refusal (sdv_apdu_response())
 * @retval SDV_ERR_ARG          no bytes, or too many; nothing was sent
 * @retval SDV_ERR_DATA_TIMEOUT the card did not answer in time; the command
 *                              runs to its end by itself
 * @retval SDV_ERR_PROTOCOL     the answer makes no sense, or the card was reset
 * @retval SDV_CARD_ERROR       a command of somebody else is in progress
 * @retval other                as sdv_bus_run()
 *
 * After any error the card may have run the command or not, and the next
 * exchange begins with a reset of the secure side.
 */
SDV_MUST_CHECK sdv_err sdv_assd_exchange(sdv_assd *assd, const uint8_t *command,
                                         size_t size, const uint8_t **response,
                                         size_t *response_size);

/**
 * Forget half a token and an unread answer.
 *
 * ASSD: CMD37, and CMD6 before it when the card has lost its function.  CMD56:
 * GET DATA, until it is answered as such.
 *
 * @retval SDV_OK             the secure side is idle
 * @retval SDV_ERR_NO_SECURE  it is not there any more
 * @retval other              as sdv_bus_run()
 */
SDV_MUST_CHECK sdv_err sdv_assd_reset(sdv_assd *assd);

/**
 * Read the status register with CMD36; ASSD only.
 *
 * @param[out] status  zeroed on error
 * @retval SDV_ERR_UNSUPPORTED  the door is CMD56
 * @retval other                as sdv_bus_run()
 */
SDV_MUST_CHECK sdv_err sdv_assd_read_status(sdv_assd *assd,
                                            sdv_assd_status *status);

/**
 * Read 32 random bytes of the card with CMD36; ASSD only.
 *
 * @param[out] bytes  zeroed on error; also zeros when the card has none
 * @retval SDV_ERR_UNSUPPORTED  the door is CMD56
 * @retval other                as sdv_bus_run()
 */
SDV_MUST_CHECK sdv_err sdv_assd_read_random(sdv_assd *assd,
                                            uint8_t bytes[SDV_ASSD_PSI_BYTES]);

#ifdef __cplusplus
}
#endif

#endif /* SDV_ASSD_H */
