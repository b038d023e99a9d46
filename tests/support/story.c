/* SPDX-License-Identifier: Apache-2.0 */
#include "story.h"

#include <stdio.h>
#include <string.h>

#include "bytes.h"

#define CHECK(call)                                                            \
    do {                                                                       \
        const sdv_err err_ = (call);                                           \
        cr_assert(eq(int, err_, SDV_OK), "%s: %s", #call, sdv_err_text(err_)); \
    } while (0)

enum { RUN = 16, CID = 16, MEDIUM = 8 };

/* see story.h */
void story_prepare(story_card *card, unsigned number)
{
    uint8_t *const data = card->store_data;

    memset(card, 0, sizeof(*card));
    slot_pattern(data, SDV_STORE_DATA_BYTES, 1000 + number);
    card->medium = sdv_get64(data + CID);
    memcpy(card->root, data + CID + MEDIUM, sizeof(card->root));
}

static void open_assd(story_card *card)
{
    CHECK(sdv_assd_open(&card->assd, &card->slot.card, card->door));
}

/* see story.h */
void story_open(story_card *card, unsigned number, sdv_via door,
                const slot_options *options)
{
    story_prepare(card, number);
    card->door = door;
    slot_open(&card->slot, &slot_direct, options);
    open_assd(card);
    CHECK(sdv_license_personalize(&card->assd, card->store_data));
}

/* see story.h */
void story_resume(story_card *card)
{
    slot_resume(&card->slot);
    open_assd(card);
}

/* see story.h */
void story_close(story_card *card)
{
    slot_close(&card->slot);
}

/* see story.h */
void story_license_for(story_license *license, const story_card *card,
                       unsigned number)
{
    sdv_record *const record = &license->record;

    memset(license, 0, sizeof(*license));
    slot_pattern(record->content_id, sizeof(record->content_id), 2000 + number);
    slot_pattern(record->content_key, sizeof(record->content_key),
                 3000 + number);
    slot_pattern(record->issuer, sizeof(record->issuer), 4000 + number);
    record->uses = SDV_VAULT_UNLIMITED;
    record->exports = SDV_VAULT_UNLIMITED;
    record->flags = SDV_VAULT_RECORD_MEDIUM_EXPORT;
    snprintf(record->title, sizeof(record->title),
             "A title that nobody may read in the flash, number %u", number);
    license->header.suite = SDV_VAULT_SUITE_256;
    license->header.purpose = SDV_VAULT_PURPOSE_ISSUE;
    license->header.binding = SDV_VAULT_BINDING_MEDIUM;
    license->header.medium_id = card->medium;
    slot_pattern(license->header.license_id, SDV_LICENSE_ID_BYTES,
                 5000 + number);
    slot_pattern(license->header.salt, sizeof(license->header.salt),
                 6000 + number);
    story_seal(license, card);
}

/* see story.h */
void story_seal(story_license *license, const story_card *card)
{
    CHECK(sdv_record_pack(&license->record, license->bytes));
    CHECK(
        sdv_seal(card->root, &license->header, license->bytes, license->issue));
}

/* see story.h */
void story_import(story_card *card, const uint8_t block[STORY_BLOCK])
{
    CHECK(sdv_license_import(&card->assd, block));
}

/* see story.h */
sdv_err story_try_export(story_card *card, const story_license *license,
                         uint8_t block[STORY_BLOCK])
{
    return sdv_license_export(&card->assd, license->header.license_id, block);
}

/* see story.h */
void story_export(story_card *card, const story_license *license,
                  uint8_t block[STORY_BLOCK])
{
    CHECK(story_try_export(card, license, block));
}

/* see story.h */
void story_write(story_card *card, uint32_t lba, const uint8_t *block)
{
    CHECK(sdv_card_write(&card->slot.card, lba, 1, block));
}

/* see story.h */
void story_read(story_card *card, uint32_t lba, uint8_t *block)
{
    CHECK(sdv_card_read(&card->slot.card, lba, 1, block));
}

/* see story.h */
void story_expect_sealed(const story_card *card, const story_license *license,
                         unsigned purpose, const uint8_t block[STORY_BLOCK])
{
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];
    sdv_sealed header;

    CHECK(sdv_open(card->root, block, SDV_PURPOSE_BIT(purpose), card->medium,
                   &header, bytes));
    cr_assert(eq(int,
                 memcmp(header.license_id, license->header.license_id,
                        sizeof(header.license_id)),
                 0));
    cr_assert(eq(u32, header.generation, license->header.generation));
    cr_assert(eq(int, memcmp(bytes, license->bytes, sizeof(bytes)), 0));
}

/* see story.h */
void story_expect_held(story_card *card, const story_license *license)
{
    uint8_t block[STORY_BLOCK];

    story_export(card, license, block);
    story_expect_sealed(card, license, SDV_VAULT_PURPOSE_BACKUP, block);
}

/* see story.h */
void story_destroy(story_card *card)
{
    CHECK(sdv_image_damage(sdv_sim_image(card->slot.sim), SDV_REGION_SECURE, 0,
                           SDV_NVM_SECURE_SECTORS, slot_seed()));
}

/* see story.h */
const uint8_t *story_region(const story_card *card, sdv_region region,
                            size_t *size)
{
    sdv_image *const image = sdv_sim_image(card->slot.sim);

    *size = sdv_image_size(image, region);
    return sdv_image_data(image, region);
}

/* see story.h */
bool story_shows(const uint8_t *bytes, size_t size, const uint8_t *secret,
                 size_t secret_size)
{
    for (size_t i = 0; i + RUN <= secret_size; i++) {
        if (memmem(bytes, size, secret + i, RUN) != NULL) {
            return true;
        }
    }
    return false;
}
