/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/authority.h
 * @brief The license authority: master key, ledger, cards, licenses, recovery.
 *
 * An authority is a folder with the master key and a ledger (SQLite).
 * Whatever leaves it was written to the ledger before; a process that is
 * killed leaves a ledger from which the same call goes on and gives the same
 * bytes again (docs/authority.md).  Several processes may use a folder at
 * once; one thread at a time an object.
 */
#ifndef SDV_AUTHORITY_H
#define SDV_AUTHORITY_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/license.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sdv_authority sdv_authority;

/**
 * Make an authority in a folder, which is made if it is not there.
 *
 * @param folder      path
 * @param passphrase  what protects the master key; NULL: nothing does
 *
 * @retval SDV_OK          the authority is there
 * @retval SDV_ERR_EXISTS  there is one; it is left as it was
 * @retval SDV_ERR_IO      errno says why
 * @retval SDV_ERR_LEDGER  the folder holds something else's ledger.db
 * @retval SDV_ERR_CRYPTO, SDV_ERR_NO_MEMORY
 */
SDV_MUST_CHECK sdv_err sdv_authority_init(const char *folder,
                                          const char *passphrase);

/**
 * Does opening take a passphrase?
 *
 * @retval SDV_ERR_IO              no master key can be read; errno says why
 * @retval SDV_ERR_MASTER_FOREIGN  not a master key, or another version
 * @retval SDV_ERR_MASTER_TORN     cut short or damaged
 */
SDV_MUST_CHECK sdv_err sdv_authority_is_protected(const char *folder,
                                                  bool *protected_);

/**
 * Open an authority.
 *
 * @param passphrase       NULL or not looked at when none is needed
 * @param[out] authority   NULL on error
 *
 * @retval SDV_OK              it is open
 * @retval SDV_ERR_PASSPHRASE  wrong, or missing
 * @retval SDV_ERR_LEDGER      ledger.db is missing, damaged, of another version
 *                             or of another authority
 * @retval SDV_ERR_LEDGER_BUSY another process has had it for too long
 * @retval other               as sdv_authority_is_protected()
 */
SDV_MUST_CHECK sdv_err sdv_authority_open(const char *folder,
                                          const char *passphrase,
                                          sdv_authority **authority);

/** Wipe the keys, close the ledger and free; sets *authority to NULL. */
void sdv_authority_close(sdv_authority **authority);

/** One line about the last failure; may be empty, never NULL. */
const char *sdv_authority_detail(const sdv_authority *authority);

/* ---- cards ---- */

#define SDV_CID_BYTES 16

/** What makes a blank card a medium. */
typedef struct sdv_personalization {
    uint64_t medium_id;
    /* Data of STORE DATA: CID 16, medium id 8, card root 32.  A secret. */
    uint8_t data[SDV_STORE_DATA_BYTES];
} sdv_personalization;

/**
 * Give a card an identity, or the one that it was given before and did not
 * take in whole: a card is known by the serial number in its CID, also when
 * its CID was written in part.
 *
 * @param cid     uint8_t[16], as the blank card reports it
 * @param wanted  the medium id to go on with, when the ledger cannot tell;
 *                else 0
 *
 * @retval SDV_OK                  the ledger knows the medium
 * @retval SDV_ERR_MEDIUM_UNKNOWN  the CID is none that this authority has
 *                                 given, or `wanted` does not fit it
 * @retval SDV_ERR_MEDIUM_UNCLEAR  it fits several; the detail names them
 */
SDV_MUST_CHECK sdv_err sdv_authority_personalize(
    sdv_authority *authority, const uint8_t cid[SDV_CID_BYTES], uint64_t wanted,
    sdv_personalization *personalization);

/**
 * Note that a card has taken its identity in.
 *
 * @param[out] already  it was noted before; may be NULL
 * @retval SDV_ERR_MEDIUM_UNKNOWN  no such medium in the ledger
 */
SDV_MUST_CHECK sdv_err sdv_authority_personalized(sdv_authority *authority,
                                                  uint64_t medium_id,
                                                  bool *already);

/* ---- licenses ---- */

/** What is asked of sdv_authority_issue(). */
typedef struct sdv_issue {
    uint64_t medium_id;
    uint32_t generation;
    uint8_t suite;       /* SDV_VAULT_SUITE_*; 0: the default */
    bool has_license_id; /* else a new one is chosen */
    uint8_t license_id[SDV_LICENSE_ID_BYTES];
    bool has_content_key; /* else a new one is chosen */
    bool has_content_id;  /* else the one that goes with the content key */
    /* Rights.  Spent, made and issuer are not looked at; content key and id
     * only as said above. */
    sdv_record record;
} sdv_issue;

/** A license on its way to a medium. */
typedef struct sdv_issued {
    uint64_t medium_id;
    uint8_t license_id[SDV_LICENSE_ID_BYTES];
    uint32_t generation;
    uint8_t block[SDV_VAULT_SEALED_BYTES]; /* sealed for that medium */
    sdv_record record; /* a secret: it has the content key */
    bool again;        /* it was in the ledger before */
} sdv_issued;

/**
 * Issue a license, or give the same one again.
 *
 * With a license id, the same request gives the same bytes for ever.  Without
 * one it does so until sdv_authority_delivered() was called; then it makes a
 * new license.
 *
 * @param[out] issued  zeroed on error
 *
 * @retval SDV_OK                     it is in the ledger
 * @retval SDV_ERR_RECORD             title or rights object make no sense
 * @retval SDV_ERR_SEALED_SUITE       no such suite
 * @retval SDV_ERR_MEDIUM_UNKNOWN     no such medium in the ledger
 * @retval SDV_ERR_MEDIUM_DEAD        a license was recovered from it
 * @retval SDV_ERR_LICENSE_MEDIUM     the id is of a license on another medium
 * @retval SDV_ERR_LICENSE_DIFFERENT  another record of this id and generation
 *                                    was issued
 */
SDV_MUST_CHECK sdv_err sdv_authority_issue(sdv_authority *authority,
                                           const sdv_issue *request,
                                           sdv_issued *issued);

/** What is asked of sdv_authority_recover(). */
typedef struct sdv_recover {
    uint64_t medium_id;                   /* the dead one */
    uint64_t target_id;                   /* the one that takes its place */
    uint8_t blob[SDV_VAULT_SEALED_BYTES]; /* a backup of the dead one */
    bool has_spent;
    uint32_t spent;           /* uses that are known to be spent */
    bool accept_backup_count; /* those of the backup will do */
} sdv_recover;

/**
 * Declare a medium dead and re-issue one of its licenses to another.
 *
 * Rights are the newest that the ledger knows of the license; a license with
 * limited exports comes back with none left.  The same request gives the same
 * bytes again until sdv_authority_delivered() was called.
 *
 * @param[out] issued  zeroed on error
 *
 * @retval SDV_OK                  it is in the ledger; the old medium is dead
 * @retval SDV_ERR_SEALED_*        not a backup of that medium
 * @retval SDV_ERR_MEDIUM_UNKNOWN  one of them is not in the ledger
 * @retval SDV_ERR_MEDIUM_DEAD     the target is, or both are the same
 * @retval SDV_ERR_RECOVERED       this license was recovered from it before
 * @retval SDV_ERR_SPENT_MISSING   uses are limited: say how many are spent
 * @retval SDV_ERR_SPENT_RANGE     fewer than the backup says, or more than
 *                                 were granted
 */
SDV_MUST_CHECK sdv_err sdv_authority_recover(sdv_authority *authority,
                                             const sdv_recover *request,
                                             sdv_issued *issued);

/** Note that an issued license was handed over. */
SDV_MUST_CHECK sdv_err sdv_authority_delivered(sdv_authority *authority,
                                               const sdv_issued *issued);

#ifdef __cplusplus
}
#endif

#endif /* SDV_AUTHORITY_H */
