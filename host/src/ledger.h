/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger of an authority: an SQLite file.  All SQL is in ledger*.c. */
#ifndef SDV_LEDGER_H
#define SDV_LEDGER_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdint.h>

#include <sdvault/authority.h>

struct ledger {
    sqlite3 *db; /* NULL: not open */
    char detail[200];
};

#define LEDGER_ISSUER_BYTES SDV_RECORD_ISSUER_BYTES

/**
 * Make the tables in a new file, or in what a killed init has left.
 * @retval SDV_ERR_LEDGER  the file is something else
 */
SDV_MUST_CHECK sdv_err ledger_create(struct ledger *ledger, const char *path,
                                     const uint8_t *issuer);

/** @retval SDV_ERR_LEDGER  missing, damaged, or another authority's */
SDV_MUST_CHECK sdv_err ledger_open(struct ledger *ledger, const char *path,
                                   const uint8_t *issuer);
void ledger_close(struct ledger *ledger);

/** Begin a transaction; no other process writes until its end. */
SDV_MUST_CHECK sdv_err ledger_begin(struct ledger *ledger);

/** Commit when `err` is SDV_OK, else roll back.  @return the first error */
SDV_MUST_CHECK sdv_err ledger_end(struct ledger *ledger, sdv_err err);

/* ---- media ---- */

enum medium_state {
    MEDIUM_SENT,   /* its identity was given out */
    MEDIUM_ACTIVE, /* the card has taken it in */
    MEDIUM_DEAD    /* a license was recovered from it */
};

struct medium {
    uint64_t id;
    uint8_t cid[SDV_CID_BYTES];
    enum medium_state state;
};

SDV_MUST_CHECK sdv_err ledger_medium_add(struct ledger *ledger,
                                         const struct medium *medium);

/** @retval SDV_ERR_MEDIUM_UNKNOWN  there is none with this id */
SDV_MUST_CHECK sdv_err ledger_medium_find(struct ledger *ledger, uint64_t id,
                                          struct medium *medium);
SDV_MUST_CHECK sdv_err ledger_medium_set_state(struct ledger *ledger,
                                               uint64_t id,
                                               enum medium_state state);

/** Call `visit` for every medium in a state until it does not give SDV_OK. */
SDV_MUST_CHECK sdv_err
ledger_media(struct ledger *ledger, enum medium_state state,
             sdv_err (*visit)(void *context, const struct medium *medium),
             void *context);

/* ---- licenses ---- */

struct license {
    uint8_t id[SDV_LICENSE_ID_BYTES];
    uint64_t medium_id;
    uint32_t generation;
    uint8_t block[SDV_VAULT_SEALED_BYTES];
    bool recovered; /* else issued */
    bool delivered; /* else only made */
};

SDV_MUST_CHECK sdv_err ledger_license_add(struct ledger *ledger,
                                          const struct license *license);

/** Which one is wanted is in license->id, medium_id, generation. */
SDV_MUST_CHECK sdv_err ledger_license_find(struct ledger *ledger,
                                           struct license *license,
                                           bool *found);

/** The one with the highest generation; id and medium_id say of what. */
SDV_MUST_CHECK sdv_err ledger_license_newest(struct ledger *ledger,
                                             struct license *license,
                                             bool *found);

/** Does another medium hold a license of this id, and still lives with it? */
SDV_MUST_CHECK sdv_err ledger_license_elsewhere(struct ledger *ledger,
                                                const uint8_t *id,
                                                uint64_t medium_id,
                                                bool *elsewhere);
SDV_MUST_CHECK sdv_err ledger_license_delivered(struct ledger *ledger,
                                                const struct license *license);

/** Call `visit` for every license that was issued to a medium, not recovered,
 * and not delivered, until it does not give SDV_OK. */
SDV_MUST_CHECK sdv_err ledger_licenses_made(
    struct ledger *ledger, uint64_t medium_id, uint32_t generation,
    sdv_err (*visit)(void *context, const struct license *license),
    void *context);

/* ---- recoveries ---- */

struct recovery {
    uint8_t license_id[SDV_LICENSE_ID_BYTES];
    uint64_t medium_id; /* from */
    uint64_t target_id; /* to */
    uint32_t generation;
    uint32_t spent;
};

SDV_MUST_CHECK sdv_err ledger_recovery_add(struct ledger *ledger,
                                           const struct recovery *recovery);

/** Which one is wanted is in recovery->license_id and medium_id. */
SDV_MUST_CHECK sdv_err ledger_recovery_find(struct ledger *ledger,
                                            struct recovery *recovery,
                                            bool *found);

#endif /* SDV_LEDGER_H */
