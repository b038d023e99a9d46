/* SPDX-License-Identifier: Apache-2.0 */
/* What IMPORT refuses before it looks at the license: headers, tags, keys. */
#include <string.h>

#include "bytes.h"
#include "secure.h"

#define BITS (8 * BLOB_BYTES)
#define STORED (SDV_NVM_SECURE_SECTORS * 512u)

/* A change of a header that was right. */
typedef struct change {
    unsigned offset;
    uint8_t value;
    unsigned sw;
} change;

/* Flash and EEPROM as the card left them. */
static void take_snapshot(secure *v, uint8_t *copy)
{
    sdv_image *image = sdv_sim_image(v->s.sim);

    memcpy(copy, sdv_image_data(image, SDV_REGION_SECURE), STORED);
    memcpy(copy + STORED, sdv_image_data(image, SDV_REGION_EEPROM),
           4u * SDV_NVM_EEPROM_WORDS);
}

static void expect_snapshot(secure *v, const uint8_t *copy)
{
    sdv_image *image = sdv_sim_image(v->s.sim);

    cr_assert(zero(
        int, memcmp(copy, sdv_image_data(image, SDV_REGION_SECURE), STORED)));
    cr_assert(zero(int, memcmp(copy + STORED,
                               sdv_image_data(image, SDV_REGION_EEPROM),
                               4u * SDV_NVM_EEPROM_WORDS)));
}

SCENARIO(seal, every_rule_of_the_header_has_its_own_reason)
{
    static const change changes[] = {
        {SDV_SEALED_MAGIC, 'T', SDV_SW_SEAL_MAGIC},
        {SDV_SEALED_MAGIC + 3, 'C', SDV_SW_SEAL_MAGIC},
        {SDV_SEALED_VERSION, 0, SDV_SW_SEAL_VERSION},
        {SDV_SEALED_VERSION, 2, SDV_SW_SEAL_VERSION},
        {SDV_SEALED_SUITE, 0, SDV_SW_SEAL_SUITE},
        {SDV_SEALED_SUITE, 3, SDV_SW_SEAL_SUITE},
        {SDV_SEALED_SUITE, 0xFF, SDV_SW_SEAL_SUITE},
        {SDV_SEALED_PURPOSE, 0, SDV_SW_SEAL_PURPOSE},
        {SDV_SEALED_PURPOSE, SDV_VAULT_PURPOSE_STORE, SDV_SW_SEAL_PURPOSE},
        {SDV_SEALED_PURPOSE, 4, SDV_SW_SEAL_PURPOSE},
        {SDV_SEALED_BINDING, 0, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_BINDING, 2, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_BINDING, 5, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_BINDING, 0x81, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_APPARATUS, 1, SDV_SW_SEAL_APPARATUS},
        {SDV_SEALED_APPARATUS + 7, 0x80, SDV_SW_SEAL_APPARATUS},
        {SDV_SEALED_BINDING, 3, SDV_SW_SEAL_APPARATUS},
        {SDV_SEALED_RESERVED, 1, SDV_SW_SEAL_RESERVED},
        {SDV_SEALED_RESERVED + 3, 0x80, SDV_SW_SEAL_RESERVED},
        /* Right headers that were not sealed like this. */
        {SDV_SEALED_SUITE, SDV_VAULT_SUITE_128, SDV_SW_SEAL_TAG},
        {SDV_SEALED_PURPOSE, SDV_VAULT_PURPOSE_BACKUP, SDV_SW_SEAL_TAG},
        {SDV_SEALED_GENERATION + 3, 1, SDV_SW_SEAL_TAG},
    };
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        unsigned sw;

        blob_seal(&b, &v.who, sealed);
        sealed[changes[i].offset] = changes[i].value;
        sw = secure_import(&v, sealed);
        cr_assert(eq(uint, sw, changes[i].sw), "case %zu: %04X", i, sw);
    }
    secure_close(&v);
}

/* Make the header wrong in all ways, then mend it from the front. */
SCENARIO(seal, the_first_wrong_field_is_the_reason)
{
    static const change mends[] = {
        {SDV_SEALED_MAGIC, 'S', SDV_SW_SEAL_MAGIC},
        {SDV_SEALED_VERSION, 1, SDV_SW_SEAL_VERSION},
        {SDV_SEALED_SUITE, 2, SDV_SW_SEAL_SUITE},
        {SDV_SEALED_PURPOSE, 1, SDV_SW_SEAL_PURPOSE},
        {SDV_SEALED_BINDING, 3, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_MEDIUM, 0, SDV_SW_SEAL_MEDIUM}, /* the right byte */
        {SDV_SEALED_APPARATUS, 1, SDV_SW_SEAL_APPARATUS},
        {SDV_SEALED_RESERVED, 0, SDV_SW_SEAL_RESERVED},
    };
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    blob_seal(&b, &v.who, sealed);
    for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++) {
        sealed[mends[i].offset] = 0xF0;
    }
    memset(sealed + SDV_SEALED_APPARATUS, 0, 8);
    sealed[SDV_SEALED_MEDIUM] = (uint8_t)~v.who.medium[0];
    for (size_t i = 0; i < sizeof(mends) / sizeof(mends[0]); i++) {
        secure_expect(secure_import(&v, sealed), mends[i].sw);
        sealed[mends[i].offset] = mends[i].offset == SDV_SEALED_MEDIUM
                                      ? v.who.medium[0]
                                      : mends[i].value;
    }
    /* Bound to an apparatus: not before there is a channel, whoever sealed. */
    secure_expect(secure_import(&v, sealed), SDV_SW_SECURITY_STATUS);
    memset(sealed + SDV_SEALED_APPARATUS, 0xFF, 8);
    secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_APPARATUS);
    sealed[SDV_SEALED_BINDING] = 1;
    secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_APPARATUS);
    secure_close(&v);
}

/* What a flipped bit of a good issue blob is refused for. */
static unsigned reason(const uint8_t *sealed, unsigned byte)
{
    static const struct {
        unsigned end;
        unsigned sw;
    } fields[] = {
        {SDV_SEALED_VERSION, SDV_SW_SEAL_MAGIC},
        {SDV_SEALED_SUITE, SDV_SW_SEAL_VERSION},
        {SDV_SEALED_PURPOSE, SDV_SW_SEAL_SUITE},
        {SDV_SEALED_BINDING, SDV_SW_SEAL_PURPOSE},
        {SDV_SEALED_MEDIUM, SDV_SW_SEAL_BINDING},
        {SDV_SEALED_APPARATUS, SDV_SW_SEAL_MEDIUM},
        {SDV_SEALED_LICENSE, SDV_SW_SEAL_APPARATUS},
        {SDV_SEALED_RESERVED, SDV_SW_SEAL_TAG}, /* id and generation */
        {SDV_SEALED_SALT, SDV_SW_SEAL_RESERVED},
    };

    if (byte == SDV_SEALED_BINDING && sealed[byte] == 3) {
        return SDV_SW_SEAL_APPARATUS; /* bound to none */
    }
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (byte < fields[i].end) {
            return fields[i].sw;
        }
    }
    return SDV_SW_SEAL_TAG;
}

SCENARIO(seal, no_bit_can_be_flipped)
{
    static uint8_t before[STORED + 4u * SDV_NVM_EEPROM_WORDS];
    const blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    take_snapshot(&v, before);
    blob_seal(&b, &v.who, sealed);
    for (unsigned bit = 0; bit < BITS; bit++) {
        unsigned sw;

        sealed[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
        v.door = bit % 2 == 0 ? SDV_DOOR_ASSD : SDV_DOOR_CMD56;
        sw = secure_import(&v, sealed);
        cr_assert(eq(uint, sw, reason(sealed, bit / 8)), "bit %u: %04X", bit,
                  sw);
        sealed[bit / 8] ^= (uint8_t)(0x80u >> bit % 8);
    }
    expect_snapshot(&v, before);
    secure_expect(secure_import(&v, sealed), SDV_SW_OK);
    secure_close(&v);
}

/* ---- other cards ---- */

SCENARIO(seal, a_license_for_another_card_is_refused)
{
    const identity other = identity_make(2);
    blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    for (unsigned i = 0; i < 2; i++) {
        b.purpose = (uint8_t)(1 + i);
        blob_seal(&b, &other, sealed);
        secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_MEDIUM);
        /* The header says this card now. */
        memcpy(sealed + SDV_SEALED_MEDIUM, v.who.medium, 8);
        secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_TAG);
    }
    secure_close(&v);
}

SCENARIO(seal, another_authority_cannot_take_an_id)
{
    identity other = identity_make(2);
    blob b = blob_make(1);
    uint8_t sealed[BLOB_BYTES];
    secure v;

    secure_open_active(&v, param, 1);
    memcpy(other.medium, v.who.medium, 8);
    for (unsigned i = 0; i < 2; i++) {
        b.purpose = (uint8_t)(1 + i);
        blob_seal(&b, &other, sealed);
        secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_TAG);
    }
    secure_close(&v);
}

SCENARIO(seal, what_is_sealed_at_rest_never_comes_in)
{
    uint8_t sealed[BLOB_BYTES];
    const blob b = blob_make(1);
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    memcpy(sealed, sdv_image_data(sdv_sim_image(v.s.sim), SDV_REGION_SECURE),
           BLOB_BYTES);
    cr_assert(eq(u8, sealed[SDV_SEALED_PURPOSE], SDV_VAULT_PURPOSE_STORE));
    secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_PURPOSE);
    for (uint8_t purpose = 1; purpose <= 2; purpose++) {
        sealed[SDV_SEALED_PURPOSE] = purpose;
        secure_expect(secure_import(&v, sealed), SDV_SW_SEAL_TAG);
    }
    secure_close(&v);
}

/* The keys of the three purposes differ, and those of two suites do, too. */
SCENARIO(seal, a_purpose_opens_under_its_own_key_only)
{
    uint8_t issue[BLOB_BYTES], backup[BLOB_BYTES];
    blob b = blob_make(1);
    secure v;

    secure_open_active(&v, param, 1);
    blob_seal(&b, &v.who, issue);
    b.purpose = SDV_VAULT_PURPOSE_BACKUP;
    blob_seal(&b, &v.who, backup);
    issue[SDV_SEALED_PURPOSE] = SDV_VAULT_PURPOSE_BACKUP;
    backup[SDV_SEALED_PURPOSE] = SDV_VAULT_PURPOSE_ISSUE;
    secure_expect(secure_import(&v, issue), SDV_SW_SEAL_TAG);
    secure_expect(secure_import(&v, backup), SDV_SW_SEAL_TAG);
    backup[SDV_SEALED_PURPOSE] = SDV_VAULT_PURPOSE_BACKUP;
    secure_expect(secure_import(&v, backup), SDV_SW_OK);
    secure_close(&v);
}

/* A license in clear text nowhere in the flash: no 16 bytes of its record. */
SCENARIO(seal, nothing_of_a_license_is_readable_in_the_flash)
{
    const blob b = blob_make(1);
    sdv_image *image;
    secure v;

    secure_open_active(&v, param, 1);
    secure_expect(secure_import_blob(&v, &b), SDV_SW_OK);
    image = sdv_sim_image(v.s.sim);
    for (size_t at = 0; at + 16 <= BLOB_RECORD; at += 16) {
        const uint8_t *const flash = sdv_image_data(image, SDV_REGION_SECURE);
        const uint8_t *const eeprom = sdv_image_data(image, SDV_REGION_EEPROM);

        cr_assert(eq(ptr, memmem(flash, STORED, b.record + at, 16), NULL));
        cr_assert(eq(
            ptr, memmem(eeprom, 4u * SDV_NVM_EEPROM_WORDS, b.record + at, 16),
            NULL));
    }
    secure_close(&v);
}
