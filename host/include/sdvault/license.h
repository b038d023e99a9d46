/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/license.h
 * @brief What a secure card does with licenses: one function a command.
 *
 * A refusal of the card is SDV_CARD_SW(...): its status word.  Whatever is
 * refused has changed nothing.  After an error of the host's side (negative)
 * the card has run the command whole or not at all; each function says how to
 * go on.  Nothing here needs a crypto library, and nothing allocates: sealed
 * licenses pass through as they are.
 */
#ifndef SDV_LICENSE_H
#define SDV_LICENSE_H

#include <sdvault/assd.h>
#include <sdvault/sealed.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The answer to GET DATA. */
typedef struct sdv_vault_info {
    uint64_t medium_id; /* 0 before the card is personalized */
    uint8_t lifecycle;  /* SDV_VAULT_LIFECYCLE_* */
    uint8_t defects;    /* SDV_VAULT_DEFECT_* bits */
    uint16_t slots;     /* bodies that fit */
    uint16_t free_slots;
    uint16_t lines; /* licenses that can be remembered */
    uint16_t free_lines;
    uint8_t version; /* of the sealed format */
    uint8_t suites;  /* bit n: suite n */
    uint8_t lanes;   /* build parameters of the crypto */
    uint8_t rounds;
    uint8_t sbox;
    uint32_t blocks; /* of the user area */
} sdv_vault_info;

/** One entry of LICENSE LIST. */
typedef struct sdv_license_entry {
    uint8_t id[SDV_LICENSE_ID_BYTES];
    uint8_t state; /* SDV_VAULT_STATE_* */
    uint8_t flags; /* SDV_VAULT_FLAG_* bits */
    uint32_t generation;
} sdv_license_entry;

/** Bytes that personalize a card: CID 16, medium id 8, card root 32. */
#define SDV_STORE_DATA_BYTES 56

/**
 * Ask a card for its id, its lifecycle and its room (GET DATA).
 *
 * Works in every lifecycle and changes nothing; after any error it may simply
 * be repeated.
 *
 * @param[out] info  zeroed on error
 *
 * @retval SDV_OK            info is what the card says
 * @retval SDV_ERR_PROTOCOL  the answer has another length
 * @retval other             as sdv_assd_exchange()
 *
 * Source: docs/protocol_secure.md, "GET DATA".
 */
SDV_MUST_CHECK sdv_err sdv_license_get_data(sdv_assd *assd,
                                            sdv_vault_info *info);

/**
 * Give a blank card its identity (STORE DATA).
 *
 * @param data  uint8_t[56]; the last 32 bytes are a secret, and are wiped from
 *              the object afterwards
 *
 * @retval SDV_OK                   the card is active, and has its medium id;
 *                                  its CID shows after the next power-up
 * @retval SDV_CARD_SW(CONDITIONS)  it is not blank: nothing was changed
 * @retval SDV_CARD_SW(WRONG_DATA)  an id or root that is none, or a bit that
 *                                  stands in the OTP contradicts: it is as it
 *                                  was
 * @retval SDV_CARD_SW(MEMORY_FAILURE)  bits were written, the card is blank
 * @retval other                    as sdv_assd_exchange(); the card is blank,
 *                                  maybe with some of the bits, or active
 *
 * A card that is still blank takes the same data again, and no other.
 *
 * Source: docs/protocol_secure.md, "STORE DATA".
 */
SDV_MUST_CHECK sdv_err sdv_license_personalize(
    sdv_assd *assd, const uint8_t data[SDV_STORE_DATA_BYTES]);

/**
 * Called for each license; must not use the card.
 * @return SDV_OK to go on; anything else ends the list
 */
typedef sdv_err (*sdv_license_visit)(void *ctx, const sdv_license_entry *entry);

/**
 * Go through all licenses that the card holds or remembers (LICENSE LIST), as
 * many commands as it takes.
 *
 * Changes nothing.  A line that the card cannot read is an entry in state
 * SDV_VAULT_STATE_DEFECT with zeros.
 *
 * @param visit  called in the order of the card's lines
 * @param ctx    its first argument
 *
 * @retval SDV_OK                   every entry was visited
 * @retval SDV_CARD_SW(CONDITIONS)  the card is blank or terminated
 * @retval SDV_ERR_PROTOCOL         the answer makes no sense or never ends
 * @retval other                    what `visit` returned, or as
 *                                  sdv_assd_exchange()
 *
 * Source: docs/protocol_secure.md, "LICENSE LIST".
 */
SDV_MUST_CHECK sdv_err sdv_license_list(sdv_assd *assd, sdv_license_visit visit,
                                        void *ctx);

/**
 * Take a license out, sealed for this medium (LICENSE EXPORT).
 *
 * Changes nothing on the card; the license stays.  After any error it may
 * simply be repeated; two exports differ in their salt.
 *
 * @param id          license id
 * @param[out] block  uint8_t[512], purpose backup; zeroed on error
 *
 * @retval SDV_OK                        block is a sealed license
 * @retval SDV_CARD_SW(NOT_FOUND)        no live license of this id
 * @retval SDV_CARD_SW(NOT_USABLE)       its body is damaged: import a copy
 * @retval SDV_CARD_SW(SECURITY_STATUS)  it is bound to an apparatus, or its
 *                                       exports are counted: that takes a
 *                                       secure channel
 * @retval SDV_CARD_SW(CONDITIONS)       its rights forbid it, or the card is
 *                                       not active
 * @retval SDV_CARD_SW(MEMORY_FAILURE)   no random numbers: the card could not
 *                                       write its power-up counter
 * @retval SDV_ERR_PROTOCOL              the answer has another length
 * @retval other                         as sdv_assd_exchange()
 *
 * Source: docs/protocol_secure.md, "LICENSE EXPORT".
 */
SDV_MUST_CHECK sdv_err
sdv_license_export(sdv_assd *assd, const uint8_t id[SDV_LICENSE_ID_BYTES],
                   uint8_t block[SDV_VAULT_SEALED_BYTES]);

/**
 * Bring a sealed license in: one from the authority, or a backup of this card
 * (LICENSE IMPORT).
 *
 * After an error of the host's side the license is exactly as before or
 * exactly as after; the same import may be repeated and changes nothing the
 * second time.
 *
 * @param block  uint8_t[512]
 *
 * @retval SDV_OK                       the card holds the license
 * @retval SDV_CARD_SW(SEAL_...)        why it is not for this card; nothing
 *                                      was changed by this and the following
 * @retval SDV_CARD_SW(SECURITY_STATUS) it is bound to an apparatus: that takes
 *                                      a secure channel
 * @retval SDV_CARD_SW(CONDITIONS)      older than what the card holds or
 *                                      remembers, a backup of what it does
 *                                      not, or the card is not active
 * @retval SDV_CARD_SW(NO_SPACE)        no free slot or line
 * @retval SDV_CARD_SW(MEMORY_FAILURE)  flash or EEPROM failed: the license is
 *                                      as it was before
 * @retval other                        as sdv_assd_exchange()
 *
 * Source: docs/protocol_secure.md, "LICENSE IMPORT".
 */
SDV_MUST_CHECK sdv_err
sdv_license_import(sdv_assd *assd, const uint8_t block[SDV_VAULT_SEALED_BYTES]);

#ifdef __cplusplus
}
#endif

#endif /* SDV_LICENSE_H */
