/* SPDX-License-Identifier: Apache-2.0 */
/* Bodies of licenses in the secure flash, which is off the die and may lie. */
#include <string.h>

#include "bytes.h"
#include "vault_private.h"

#define LINE_TAG_BYTES 8u
#define BANKS 2u

/* What the line remembers of the tag: an older body does not have it. */
static bool is_fresh(const sdv_mline *line, const uint8_t *sealed)
{
    return sdv_get32(sealed + SDV_SEALED_TAG) ==
               line->word[SDV_MLINE_BODY_TAG] &&
           sdv_get32(sealed + SDV_SEALED_TAG + 4) ==
               line->word[SDV_MLINE_BODY_TAG + 1];
}

/* see vault_private.h */
bool sdv_mbody_load(sdv_mcard *card, const sdv_mline *line, uint8_t *sealed,
                    uint8_t *record)
{
    const unsigned sector = BANKS * sdv_mline_slot(line) + sdv_mline_bank(line);
    uint8_t id[SDV_SEALED_LICENSE_BYTES];

    sdv_mline_get_id(line, id);
    return sdv_mcard_load_body(card, sector, sealed) &&
           sdv_mseal_is_store(card, sealed, id) && is_fresh(line, sealed) &&
           sdv_mseal_open(card, sealed, record);
}

static bool write_once(sdv_mcard *card, unsigned sector, const uint8_t *sealed)
{
    uint8_t back[SDV_VAULT_SEALED_BYTES];
    const bool programmed = sdv_mcard_program_body(card, sector, sealed);

    return sdv_mcard_load_body(card, sector, back) && programmed &&
           memcmp(back, sealed, sizeof(back)) == 0;
}

/* see vault_private.h */
bool sdv_mbody_save(sdv_mcard *card, unsigned sector, const uint8_t *sealed)
{
    return write_once(card, sector, sealed) || write_once(card, sector, sealed);
}
