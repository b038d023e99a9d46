/* SPDX-License-Identifier: Apache-2.0 */
/* Making, opening and closing an authority. */
#define _GNU_SOURCE /* flock() */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "authority_internal.h"

#define FOLDER_MODE 0700

/* Paths of the two files. */
struct paths {
    char *master;
    char *ledger;
};

static void free_paths(struct paths *paths)
{
    free(paths->master);
    free(paths->ledger);
}

static char *join(const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char *path = malloc(size);

    if (path != NULL) {
        (void)snprintf(path, size, "%s/%s", folder, name);
    }
    return path;
}

static sdv_err make_paths(const char *folder, struct paths *paths)
{
    paths->master = join(folder, "master.key");
    paths->ledger = join(folder, "ledger.db");
    if (paths->master == NULL || paths->ledger == NULL) {
        free_paths(paths);
        return SDV_ERR_NO_MEMORY;
    }
    return SDV_OK;
}

/* The authority's name in records and in its ledger. */
static sdv_err derive_issuer(sdv_authority *authority)
{
    static const uint8_t nothing[1];

    return sdv_kdf(authority->master, "sdvault/issuer", nothing, 0,
                   authority->issuer, sizeof(authority->issuer));
}

/* ---- making ---- */

/* The ledger comes first: an authority is there from the moment in which its
 * master key is, and a killed init is simply run again. */
static sdv_err make_files(sdv_authority *authority, const struct paths *paths,
                          const char *passphrase)
{
    sdv_err err;

    if (access(paths->master, F_OK) == 0) {
        return SDV_ERR_EXISTS;
    }
    if (RAND_priv_bytes(authority->master, SDV_KEY_BYTES) != 1) {
        return SDV_ERR_CRYPTO;
    }
    err = derive_issuer(authority);
    if (err == SDV_OK) {
        err =
            ledger_create(&authority->ledger, paths->ledger, authority->issuer);
    }
    return err == SDV_OK
               ? master_create(paths->master, passphrase, authority->master)
               : err;
}

/* Two at once would mix their files: the folder is locked. */
static sdv_err lock_folder(const char *folder, int *lock)
{
    if (mkdir(folder, FOLDER_MODE) != 0 && errno != EEXIST) {
        return SDV_ERR_IO;
    }
    *lock = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *lock >= 0 && flock(*lock, LOCK_EX) == 0 ? SDV_OK : SDV_ERR_IO;
}

sdv_err sdv_authority_init(const char *folder, const char *passphrase)
{
    sdv_authority authority = {0};
    struct paths paths;
    int lock = -1;
    int reason;
    sdv_err err = make_paths(folder, &paths);

    if (err != SDV_OK) {
        return err;
    }
    err = lock_folder(folder, &lock);
    if (err == SDV_OK) {
        err = make_files(&authority, &paths, passphrase);
    }
    if (err == SDV_OK && fsync(lock) != 0) {
        err = SDV_ERR_IO;
    }
    reason = errno;
    ledger_close(&authority.ledger);
    OPENSSL_cleanse(&authority, sizeof(authority));
    free_paths(&paths);
    if (lock >= 0) {
        (void)close(lock);
    }
    errno = reason;
    return err;
}

/* ---- opening ---- */

sdv_err sdv_authority_is_protected(const char *folder, bool *protected_)
{
    struct paths paths;
    sdv_err err = make_paths(folder, &paths);

    *protected_ = false;
    if (err == SDV_OK) {
        err = master_is_protected(paths.master, protected_);
        free_paths(&paths);
    }
    return err;
}

static sdv_err open_files(sdv_authority *authority, const struct paths *paths,
                          const char *passphrase)
{
    sdv_err err = master_load(paths->master, passphrase, authority->master);

    if (err == SDV_OK) {
        err = derive_issuer(authority);
    }
    return err == SDV_OK ? ledger_open(&authority->ledger, paths->ledger,
                                       authority->issuer)
                         : err;
}

sdv_err sdv_authority_open(const char *folder, const char *passphrase,
                           sdv_authority **authority)
{
    struct paths paths;
    sdv_err err = make_paths(folder, &paths);

    *authority = NULL;
    if (err != SDV_OK) {
        return err;
    }
    *authority = calloc(1, sizeof(**authority));
    err = *authority != NULL ? open_files(*authority, &paths, passphrase)
                             : SDV_ERR_NO_MEMORY;
    if (err != SDV_OK) {
        sdv_authority_close(authority);
    }
    free_paths(&paths);
    return err;
}

void sdv_authority_close(sdv_authority **authority)
{
    if (*authority != NULL) {
        ledger_close(&(*authority)->ledger);
        OPENSSL_cleanse(*authority, sizeof(**authority));
        free(*authority);
        *authority = NULL;
    }
}

const char *sdv_authority_detail(const sdv_authority *authority)
{
    return authority->ledger.detail;
}
