/* SPDX-License-Identifier: Apache-2.0 */
/* LICENSE EXPORT: a sealed copy of a license, for this card to take back. */
#include "bytes.h"
#include "vault_private.h"

/* What needs the channel, which nobody can open yet. */
static bool needs_session(const uint8_t *sealed, const uint8_t *record)
{
    return sealed[SDV_SEALED_BINDING] != SDV_VAULT_BINDING_MEDIUM ||
           (sdv_get32(record + SDV_RECORD_FLAGS) &
            SDV_VAULT_RECORD_SESSION_EXPORT) != 0 ||
           sdv_get32(record + SDV_RECORD_EXPORTS) != SDV_VAULT_UNLIMITED;
}

static bool may_leave(const uint8_t *record)
{
    return (sdv_get32(record + SDV_RECORD_FLAGS) &
            SDV_VAULT_RECORD_MEDIUM_EXPORT) != 0;
}

static unsigned seal(sdv_mcard *card, const sdv_mline *line, unsigned suite,
                     uint8_t *record, sdv_manswer *answer)
{
    uint8_t id[SDV_SEALED_LICENSE_BYTES];
    uint8_t salt[SDV_MRANDOM_BYTES];
    const sdv_mseal how = {.suite = suite,
                           .purpose = SDV_VAULT_PURPOSE_BACKUP,
                           .id = id,
                           .generation = line->word[SDV_MLINE_GENERATION],
                           .salt = salt};

    if (!sdv_mvault_random(card, salt)) {
        return SDV_SW_MEMORY_FAILURE;
    }
    sdv_mline_get_id(line, id);
    sdv_put32(record + SDV_RECORD_SPENT, line->word[SDV_MLINE_SPENT]);
    sdv_put32(record + SDV_RECORD_MADE, line->word[SDV_MLINE_MADE]);
    sdv_mseal_make(card, &how, record, answer->data);
    answer->length = SDV_VAULT_SEALED_BYTES;
    return SDV_SW_OK;
}

/* see vault_private.h */
unsigned sdv_mvault_export(sdv_mcard *card, const sdv_mapdu *apdu,
                           sdv_manswer *answer)
{
    uint8_t sealed[SDV_VAULT_SEALED_BYTES];
    uint8_t record[SDV_VAULT_RECORD_BYTES];
    sdv_mline line;

    if (!sdv_mline_find(card, apdu->data, SDV_MLINE_IS(LIVE), &line)) {
        return SDV_SW_NOT_FOUND;
    }
    if (!sdv_mbody_load(card, &line, sealed, record)) {
        return SDV_SW_NOT_USABLE;
    }
    if (needs_session(sealed, record)) {
        return SDV_SW_SECURITY_STATUS;
    }
    if (!may_leave(record)) {
        return SDV_SW_CONDITIONS;
    }
    return seal(card, &line, sealed[SDV_SEALED_SUITE], record, answer);
}
