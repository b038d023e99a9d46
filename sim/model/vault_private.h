/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file vault_private.h
 * @brief Inside of the vault: lines, bodies, sealed licenses, commands.
 *
 * Functions that can fail return a status word; 0x9000 is good.
 */
#ifndef SDV_MODEL_VAULT_PRIVATE_H
#define SDV_MODEL_VAULT_PRIVATE_H

#include "card.h"

/* ---- vault_lines.c ---- */

/** What one line says: its truth. */
typedef struct sdv_mline {
    unsigned number;
    unsigned copy; /* that holds the truth */
    bool defect;   /* there is no truth */
    uint32_t word[SDV_VAULT_LINE_WORDS];
} sdv_mline;

/** Words of a line. */
enum {
    SDV_MLINE_SEQUENCE,
    SDV_MLINE_STATE,
    SDV_MLINE_ID,
    SDV_MLINE_VALUE = SDV_MLINE_ID, /* of a line of the system */
    SDV_MLINE_GENERATION = 6,
    SDV_MLINE_SPENT,
    SDV_MLINE_MADE,
    SDV_MLINE_TRANSACTION,
    SDV_MLINE_BODY_TAG = 11,
    SDV_MLINE_CRC = 13
};

/** No such line, no such slot. */
#define SDV_MNONE 0xFFFFu

void sdv_mline_read(const sdv_mcard *card, unsigned number, sdv_mline *line);

/** Write the line anew with these words; false: the old ones hold. */
bool sdv_mline_commit(sdv_mcard *card, sdv_mline *line);

/** Parts of word 1. */
unsigned sdv_mline_state(const sdv_mline *line);
unsigned sdv_mline_slot(const sdv_mline *line);
unsigned sdv_mline_bank(const sdv_mline *line);
unsigned sdv_mline_flags(const sdv_mline *line);
void sdv_mline_set_state(sdv_mline *line, unsigned state, unsigned slot,
                         unsigned bank, unsigned flags);

/** License id of a line: 16 bytes. */
void sdv_mline_get_id(const sdv_mline *line, uint8_t *id);
void sdv_mline_set_id(sdv_mline *line, const uint8_t *id);

/** A set of states for sdv_mline_find(). */
#define SDV_MLINE_IS(state) (1u << SDV_VAULT_STATE_##state)

/** The lowest line with this id whose state is in `states`. */
bool sdv_mline_find(const sdv_mcard *card, const uint8_t *id, unsigned states,
                    sdv_mline *line);

/** The lowest line that is free. */
bool sdv_mline_find_free(const sdv_mcard *card, sdv_mline *line);

/** The first line from `from` on that is not free; SDV_MNONE: there is none. */
unsigned sdv_mline_next(const sdv_mcard *card, unsigned from);

/** The lowest slot that no line names; SDV_MNONE: there is none. */
unsigned sdv_mline_free_slot(const sdv_mcard *card);

/** Numbers for GET DATA. */
typedef struct sdv_mcounts {
    unsigned free_lines;
    unsigned free_slots;
    unsigned defects; /* SDV_VAULT_DEFECT_* */
} sdv_mcounts;

void sdv_mline_count(const sdv_mcard *card, sdv_mcounts *counts);

/** The lifecycle, as defect lines leave it. */
unsigned sdv_mvault_lifecycle(const sdv_mcard *card);

/* ---- vault_seal.c ---- */

/** Medium id: 8 bytes. */
void sdv_mvault_medium(const sdv_mcard *card, uint8_t *medium);

/** The header of a license that is to be imported. */
unsigned sdv_mseal_check(const sdv_mcard *card, const uint8_t *sealed);

/** The header of a body at rest. */
bool sdv_mseal_is_store(const sdv_mcard *card, const uint8_t *sealed,
                        const uint8_t *id);

/** Open it under the key of its purpose; false: it was changed. */
bool sdv_mseal_open(sdv_mcard *card, const uint8_t *sealed, uint8_t *record);

/** What is chosen about a new sealed license. */
typedef struct sdv_mseal {
    unsigned suite;
    unsigned purpose;
    const uint8_t *apparatus; /* 8 bytes; NULL: bound to the medium only */
    const uint8_t *id;
    uint32_t generation;
    const uint8_t *salt;
} sdv_mseal;

/** Seal a record under the key of the purpose. */
void sdv_mseal_make(const sdv_mcard *card, const sdv_mseal *seal,
                    const uint8_t *record, uint8_t *sealed);

/* ---- vault_body.c ---- */

/** Read and open the body of a line; false: it is not good. */
bool sdv_mbody_load(sdv_mcard *card, const sdv_mline *line, uint8_t *sealed,
                    uint8_t *record);

/** Write a body and look whether it is there. */
bool sdv_mbody_save(sdv_mcard *card, unsigned sector, const uint8_t *sealed);

/* ---- vault_apdu.c and a file for each command ---- */

typedef struct sdv_mapdu {
    uint8_t cla, ins, p1, p2;
    const uint8_t *data;
    size_t length;
} sdv_mapdu;

/** Data of the answer. */
typedef struct sdv_manswer {
    uint8_t *data;
    size_t length;
} sdv_manswer;

/** Run a command whose P1, P2 and length are right. */
typedef unsigned sdv_mcommand(sdv_mcard *card, const sdv_mapdu *apdu,
                              sdv_manswer *answer);

sdv_mcommand sdv_mvault_get_data;
sdv_mcommand sdv_mvault_store_data;
sdv_mcommand sdv_mvault_list;
sdv_mcommand sdv_mvault_export;
sdv_mcommand sdv_mvault_import;

#endif /* SDV_MODEL_VAULT_PRIVATE_H */
