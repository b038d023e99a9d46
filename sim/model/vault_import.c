/* SPDX-License-Identifier: Apache-2.0 */
/* LICENSE IMPORT: a sealed license comes in, by the table of imports. */
#include <string.h>

#include "bytes.h"
#include "vault_private.h"

/* What the card knows of the license before. */
typedef enum { WAS_NONE, WAS_GOOD, WAS_DAMAGED, WAS_DELETED } before;

/* An import on its way. */
typedef struct sdv_mimport {
    const uint8_t *sealed; /* the blob */
    bool backup;
    uint32_t generation;
    uint8_t record[SDV_VAULT_RECORD_BYTES];
    uint32_t uses, exports; /* granted */
    uint32_t spent, made;   /* the larger of blob and line */
    before was;
    sdv_mline line;
} sdv_mimport;

static uint32_t field(const sdv_mimport *import, unsigned offset)
{
    return sdv_get32(import->record + offset);
}

static uint32_t larger(uint32_t a, uint32_t b)
{
    return a > b ? a : b;
}

/* ---- what is there, and what may be done ---- */

static bool is_good(sdv_mcard *card, const sdv_mline *line)
{
    uint8_t sealed[SDV_VAULT_SEALED_BYTES];
    uint8_t record[SDV_VAULT_RECORD_BYTES];

    return sdv_mbody_load(card, line, sealed, record);
}

static unsigned look_up(sdv_mcard *card, sdv_mimport *import)
{
    const unsigned states =
        SDV_MLINE_IS(LIVE) | SDV_MLINE_IS(DELETING) | SDV_MLINE_IS(DELETED);
    sdv_mline *line = &import->line;

    if (!sdv_mline_find(card, import->sealed + SDV_SEALED_LICENSE, states,
                        line)) {
        import->was = WAS_NONE;
        return SDV_SW_OK;
    }
    switch (sdv_mline_state(line)) {
    case SDV_VAULT_STATE_DELETING:
        return SDV_SW_CONDITIONS;
    case SDV_VAULT_STATE_DELETED:
        import->was = WAS_DELETED;
        break;
    default:
        import->was = is_good(card, line) ? WAS_GOOD : WAS_DAMAGED;
        break;
    }
    import->spent = larger(import->spent, line->word[SDV_MLINE_SPENT]);
    import->made = larger(import->made, line->word[SDV_MLINE_MADE]);
    return SDV_SW_OK;
}

/* A license that nothing counts, in its first edition. */
static bool is_plain(const sdv_mimport *import)
{
    return import->uses == SDV_VAULT_UNLIMITED &&
           import->exports == SDV_VAULT_UNLIMITED && import->generation == 0;
}

static bool is_used_up(const sdv_mimport *import)
{
    return import->uses != SDV_VAULT_UNLIMITED && import->spent >= import->uses;
}

/* The table of imports: whether the blob may come in. */
static bool is_allowed(const sdv_mimport *import)
{
    const uint32_t known = import->line.word[SDV_MLINE_GENERATION];

    if (import->was == WAS_NONE) {
        return !import->backup || is_plain(import);
    }
    if (import->generation > known) {
        return !import->backup;
    }
    if (import->was == WAS_GOOD) {
        return true;
    }
    return import->generation == known &&
           (import->was == WAS_DAMAGED || !is_used_up(import));
}

/* ---- the counters alone ---- */

static unsigned raise_counters(sdv_mcard *card, sdv_mimport *import)
{
    sdv_mline *line = &import->line;

    if (line->word[SDV_MLINE_SPENT] == import->spent &&
        line->word[SDV_MLINE_MADE] == import->made) {
        return SDV_SW_OK;
    }
    line->word[SDV_MLINE_SPENT] = import->spent;
    line->word[SDV_MLINE_MADE] = import->made;
    return sdv_mline_commit(card, line) ? SDV_SW_OK : SDV_SW_MEMORY_FAILURE;
}

/* ---- a new body ---- */

/* Line, slot and bank; word 1 of the line says which. */
static bool find_place(const sdv_mcard *card, sdv_mimport *import)
{
    sdv_mline *line = &import->line;
    const bool moves = import->was == WAS_NONE || import->was == WAS_DELETED;
    unsigned slot, flags;

    if (import->was == WAS_NONE && !sdv_mline_find_free(card, line)) {
        return false;
    }
    slot = moves ? sdv_mline_free_slot(card) : sdv_mline_slot(line);
    if (slot == SDV_MNONE) {
        return false;
    }
    flags = import->was == WAS_NONE ? 0 : sdv_mline_flags(line);
    if (!is_plain(import)) {
        flags |= SDV_VAULT_FLAG_KEEP;
    }
    sdv_mline_set_state(line, SDV_VAULT_STATE_LIVE, slot,
                        moves ? 0 : 1 - sdv_mline_bank(line), flags);
    return true;
}

static unsigned save_body(sdv_mcard *card, sdv_mimport *import, uint8_t *sealed)
{
    static const uint8_t any[SDV_RECORD_APPARATUS_BYTES];
    const uint8_t *apparatus = import->record + SDV_RECORD_APPARATUS;
    const bool bound = memcmp(apparatus, any, sizeof(any)) != 0;
    uint8_t salt[SDV_MRANDOM_BYTES];
    const sdv_mseal how = {.suite = import->sealed[SDV_SEALED_SUITE],
                           .purpose = SDV_VAULT_PURPOSE_STORE,
                           .apparatus = bound ? apparatus : NULL,
                           .id = import->sealed + SDV_SEALED_LICENSE,
                           .generation = import->generation,
                           .salt = salt};
    const sdv_mline *line = &import->line;

    if (!sdv_mvault_random(card, salt)) {
        return SDV_SW_MEMORY_FAILURE;
    }
    sdv_put32(import->record + SDV_RECORD_SPENT, 0);
    sdv_put32(import->record + SDV_RECORD_MADE, 0);
    sdv_mseal_make(card, &how, import->record, sealed);
    return sdv_mbody_save(card, 2 * sdv_mline_slot(line) + sdv_mline_bank(line),
                          sealed)
               ? SDV_SW_OK
               : SDV_SW_MEMORY_FAILURE;
}

static unsigned commit_body(sdv_mcard *card, sdv_mimport *import,
                            const uint8_t *sealed)
{
    sdv_mline *line = &import->line;
    uint32_t *word = line->word;

    if (import->was == WAS_NONE ||
        import->generation > word[SDV_MLINE_GENERATION]) {
        word[SDV_MLINE_TRANSACTION] = 0;
        word[SDV_MLINE_TRANSACTION + 1] = 0;
    }
    sdv_mline_set_id(line, import->sealed + SDV_SEALED_LICENSE);
    word[SDV_MLINE_GENERATION] = import->generation;
    word[SDV_MLINE_SPENT] = import->spent;
    word[SDV_MLINE_MADE] = import->made;
    word[SDV_MLINE_BODY_TAG] = sdv_get32(sealed + SDV_SEALED_TAG);
    word[SDV_MLINE_BODY_TAG + 1] = sdv_get32(sealed + SDV_SEALED_TAG + 4);
    return sdv_mline_commit(card, line) ? SDV_SW_OK : SDV_SW_MEMORY_FAILURE;
}

static unsigned renew_body(sdv_mcard *card, sdv_mimport *import)
{
    uint8_t sealed[SDV_VAULT_SEALED_BYTES];
    unsigned sw;

    if (!find_place(card, import)) {
        return SDV_SW_NO_SPACE;
    }
    sw = save_body(card, import, sealed);
    return sw == SDV_SW_OK ? commit_body(card, import, sealed) : sw;
}

/* ---- the command ---- */

static unsigned open_blob(sdv_mcard *card, sdv_mimport *import)
{
    const unsigned sw = sdv_mseal_check(card, import->sealed);

    if (sw != SDV_SW_OK) {
        return sw;
    }
    if (import->sealed[SDV_SEALED_BINDING] != SDV_VAULT_BINDING_MEDIUM) {
        return SDV_SW_SECURITY_STATUS;
    }
    if (!sdv_mseal_open(card, import->sealed, import->record)) {
        return SDV_SW_SEAL_TAG;
    }
    import->backup =
        import->sealed[SDV_SEALED_PURPOSE] == SDV_VAULT_PURPOSE_BACKUP;
    import->generation = sdv_get32(import->sealed + SDV_SEALED_GENERATION);
    import->uses = field(import, SDV_RECORD_USES);
    import->exports = field(import, SDV_RECORD_EXPORTS);
    import->spent = field(import, SDV_RECORD_SPENT);
    import->made = field(import, SDV_RECORD_MADE);
    return SDV_SW_OK;
}

/* see vault_private.h */
unsigned sdv_mvault_import(sdv_mcard *card, const sdv_mapdu *apdu,
                           sdv_manswer *answer)
{
    sdv_mimport import = {.sealed = apdu->data};
    unsigned sw = open_blob(card, &import);

    (void)answer;
    if (sw == SDV_SW_OK) {
        sw = look_up(card, &import);
    }
    if (sw != SDV_SW_OK) {
        return sw;
    }
    if (!is_allowed(&import)) {
        return SDV_SW_CONDITIONS;
    }
    if (import.was == WAS_GOOD &&
        import.generation <= import.line.word[SDV_MLINE_GENERATION]) {
        return raise_counters(card, &import);
    }
    return renew_body(card, &import);
}
