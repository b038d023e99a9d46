/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file story.h
 * @brief Cards with an identity and licenses, for tests that tell a story.
 *
 * What goes over the wires is the host stack's; what is expected comes from
 * libcrypto, which makes and opens licenses with the root that the story gave
 * the card.
 */
#ifndef SDV_TEST_STORY_H
#define SDV_TEST_STORY_H

#include <sdvault/license.h>
#include <sdvault/seal.h>

#include "slot.h"

#define STORY_BLOCK SDV_VAULT_SEALED_BYTES

/** A card in its slot. */
typedef struct story_card {
    slot slot;
    sdv_assd assd;
    sdv_via door;
    uint64_t medium;
    uint8_t root[SDV_KEY_BYTES];
    uint8_t store_data[SDV_STORE_DATA_BYTES];
} story_card;

/** A license for one of them. */
typedef struct story_license {
    sdv_record record;
    uint8_t bytes[SDV_VAULT_RECORD_BYTES]; /* the record */
    sdv_sealed header;
    uint8_t issue[STORY_BLOCK]; /* sealed for the card */
} story_license;

/** Give a card an identity on paper; number 0, 1, ... decides all of it. */
void story_prepare(story_card *card, unsigned number);

/** Prepare, open a slot with a new card, personalize it. */
void story_open(story_card *card, unsigned number, sdv_via door,
                const slot_options *options);

/** Open a slot on the files of one that was left. */
void story_resume(story_card *card);

/** Close it and remove its files. */
void story_close(story_card *card);

/** An unlimited license that may be exported; `number` decides all of it. */
void story_license_for(story_license *license, const story_card *card,
                       unsigned number);

/** Seal it anew after its record or header was changed. */
void story_seal(story_license *license, const story_card *card);

/** LICENSE IMPORT is done. */
void story_import(story_card *card, const uint8_t block[STORY_BLOCK]);

/** LICENSE EXPORT is done. */
void story_export(story_card *card, const story_license *license,
                  uint8_t block[STORY_BLOCK]);

/** The result of LICENSE EXPORT. */
sdv_err story_try_export(story_card *card, const story_license *license,
                         uint8_t block[STORY_BLOCK]);

/** One block of the user area by SD commands. */
void story_write(story_card *card, uint32_t lba, const uint8_t *block);
void story_read(story_card *card, uint32_t lba, uint8_t *block);

/** This block is this license, sealed by this card for this purpose. */
void story_expect_sealed(const story_card *card, const story_license *license,
                         unsigned purpose, const uint8_t block[STORY_BLOCK]);

/** The card exports this license, and exactly this record. */
void story_expect_held(story_card *card, const story_license *license);

/** Overwrite both sectors of every slot behind the controller's back. */
void story_destroy(story_card *card);

/** Bytes of a region as they are in the image now. */
const uint8_t *story_region(const story_card *card, sdv_region region,
                            size_t *size);

/** Whether 16 or more bytes of a secret stand in some bytes. */
bool story_shows(const uint8_t *bytes, size_t size, const uint8_t *secret,
                 size_t secret_size);

#endif /* SDV_TEST_STORY_H */
