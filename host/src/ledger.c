/* SPDX-License-Identifier: Apache-2.0 */
/* The file: its tables, opening it, transactions. */
#define _POSIX_C_SOURCE 200809L
#include "ledger.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "ledger_query.h"

#define BUSY_MS 10000
#define APPLICATION 1396987468 /* "SDVL", in the header of the file */
#define VERSION 1
#define TEXT_OF(number) #number
#define TEXT(number) TEXT_OF(number)

/* Ids are stored as they are shown, so that people can read the file too. */
static const char *const tables[] = {
    "CREATE TABLE IF NOT EXISTS authority ("
    " one INTEGER PRIMARY KEY CHECK (one = 1), issuer TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS media ("
    " medium TEXT PRIMARY KEY, cid TEXT NOT NULL,"
    " state TEXT NOT NULL CHECK (state IN ('sent', 'active', 'dead')),"
    " pair_epoch INTEGER NOT NULL DEFAULT 0,"
    " at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP)",
    "CREATE TABLE IF NOT EXISTS licenses ("
    " license TEXT NOT NULL,"
    " medium TEXT NOT NULL REFERENCES media (medium),"
    " generation INTEGER NOT NULL,"
    " origin TEXT NOT NULL CHECK (origin IN ('issue', 'recovery')),"
    " state TEXT NOT NULL CHECK (state IN ('made', 'delivered')),"
    " sealed BLOB NOT NULL CHECK (length(sealed) = 512),"
    " at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
    " PRIMARY KEY (license, medium, generation))",
    "CREATE TABLE IF NOT EXISTS pairings ("
    " medium TEXT NOT NULL REFERENCES media (medium),"
    " apparatus TEXT NOT NULL, pair_epoch INTEGER NOT NULL,"
    " at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
    " PRIMARY KEY (medium, apparatus, pair_epoch))",
    "CREATE TABLE IF NOT EXISTS recoveries ("
    " license TEXT NOT NULL,"
    " medium TEXT NOT NULL REFERENCES media (medium),"
    " target TEXT NOT NULL REFERENCES media (medium),"
    " generation INTEGER NOT NULL, spent INTEGER NOT NULL,"
    " at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,"
    " PRIMARY KEY (license, medium))",
    "PRAGMA application_id = " TEXT(APPLICATION),
    "PRAGMA user_version = " TEXT(VERSION),
};

sdv_err ledger_begin(struct ledger *ledger)
{
    return query_run(ledger, "BEGIN IMMEDIATE");
}

sdv_err ledger_end(struct ledger *ledger, sdv_err err)
{
    sdv_err rolled_back;

    if (err == SDV_OK) {
        err = query_run(ledger, "COMMIT");
    }
    if (err != SDV_OK && sqlite3_get_autocommit(ledger->db) == 0) {
        char detail[sizeof(ledger->detail)];

        memcpy(detail, ledger->detail, sizeof(detail));
        rolled_back = query_run(ledger, "ROLLBACK");
        (void)rolled_back; /* the end of the process does the same */
        memcpy(ledger->detail, detail, sizeof(detail));
    }
    return err;
}

static sdv_err connect_to(struct ledger *ledger, const char *path)
{
    const int code =
        sqlite3_open_v2(path, &ledger->db, SQLITE_OPEN_READWRITE, NULL);
    sdv_err err;

    if (code != SQLITE_OK) {
        (void)snprintf(ledger->detail, sizeof(ledger->detail), "ledger.db: %s",
                       ledger->db != NULL ? sqlite3_errmsg(ledger->db)
                                          : "out of memory");
        return SDV_ERR_LEDGER;
    }
    (void)sqlite3_busy_timeout(ledger->db, BUSY_MS);
    /* what was committed is on the disk, its name in the folder too */
    err = query_run(ledger, "PRAGMA synchronous = EXTRA");
    return err == SDV_OK ? query_run(ledger, "PRAGMA foreign_keys = ON") : err;
}

static sdv_err is_ours(struct ledger *ledger)
{
    int64_t application = 0;
    int64_t version = 0;
    sdv_err err = query_one(ledger, "PRAGMA application_id", &application);

    if (err == SDV_OK) {
        err = query_one(ledger, "PRAGMA user_version", &version);
    }
    if (err == SDV_OK && (application != APPLICATION || version != VERSION)) {
        (void)snprintf(ledger->detail, sizeof(ledger->detail),
                       "ledger.db is not a ledger of this version");
        err = SDV_ERR_LEDGER;
    }
    return err;
}

static sdv_err check_issuer(struct ledger *ledger, const uint8_t *issuer)
{
    uint8_t found[LEDGER_ISSUER_BYTES] = {0};
    struct query query;
    sdv_err err;

    query_begin(&query, ledger, "SELECT issuer FROM authority");
    if (query_next(&query)) {
        query_hex(&query, 0, found, sizeof(found));
    }
    err = query_end(&query);
    if (err == SDV_OK && memcmp(found, issuer, sizeof(found)) != 0) {
        (void)snprintf(ledger->detail, sizeof(ledger->detail),
                       "ledger.db belongs to another master key");
        err = SDV_ERR_LEDGER;
    }
    return err;
}

sdv_err ledger_open(struct ledger *ledger, const char *path,
                    const uint8_t *issuer)
{
    sdv_err err = connect_to(ledger, path);

    if (err == SDV_OK) {
        err = is_ours(ledger);
    }
    return err == SDV_OK ? check_issuer(ledger, issuer) : err;
}

/* A file without tables is new; a ledger without media was never used. */
static sdv_err is_unused(struct ledger *ledger)
{
    int64_t count = 0;
    sdv_err err =
        query_one(ledger, "SELECT count(*) FROM sqlite_master", &count);

    if (err != SDV_OK || count == 0) {
        return err;
    }
    err = is_ours(ledger);
    if (err == SDV_OK) {
        err = query_one(ledger, "SELECT count(*) FROM media", &count);
    }
    if (err == SDV_OK && count != 0) {
        (void)snprintf(ledger->detail, sizeof(ledger->detail),
                       "ledger.db has media, but their master key is gone");
        err = SDV_ERR_LEDGER;
    }
    return err;
}

static sdv_err make_tables(struct ledger *ledger, const uint8_t *issuer)
{
    struct query query;
    sdv_err err = is_unused(ledger);

    for (size_t i = 0; err == SDV_OK && i < sizeof(tables) / sizeof(tables[0]);
         i++) {
        err = query_run(ledger, tables[i]);
    }
    if (err != SDV_OK) {
        return err;
    }
    query_begin(&query, ledger,
                "INSERT OR REPLACE INTO authority (one, issuer) VALUES (1, ?)");
    query_give_hex(&query, issuer, LEDGER_ISSUER_BYTES);
    (void)query_next(&query);
    return query_end(&query);
}

sdv_err ledger_create(struct ledger *ledger, const char *path,
                      const uint8_t *issuer)
{
    /* SQLite would make it readable by others */
    const int fd = open(path, O_RDWR | O_CREAT, 0600);
    sdv_err err;

    if (fd < 0) {
        return SDV_ERR_IO;
    }
    (void)close(fd);
    err = connect_to(ledger, path);
    if (err == SDV_OK) {
        err = ledger_begin(ledger);
    }
    return err == SDV_OK ? ledger_end(ledger, make_tables(ledger, issuer))
                         : err;
}

void ledger_close(struct ledger *ledger)
{
    (void)sqlite3_close(ledger->db);
    ledger->db = NULL;
}
