/* SPDX-License-Identifier: Apache-2.0 */
/* The folder of an authority: its master key and its ledger. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <zlib.h>

#include "authority.h"
#include "bytes.h"
#include "folder.h"

#define KEY_FILE "auth/master.key"
#define LEDGER "auth/ledger.db"
#define KEY_FILE_BYTES 100

TestSuite(authority_files, .init = folder_start, .fini = folder_finish);

static sdv_err open_with(const char *passphrase)
{
    sdv_authority *authority;
    const sdv_err err = sdv_authority_open("auth", passphrase, &authority);

    if (err != SDV_OK) {
        cr_assert(eq(ptr, authority, NULL));
    }
    sdv_authority_close(&authority);
    return err;
}

static void read_key(uint8_t bytes[KEY_FILE_BYTES])
{
    FILE *file = fopen(KEY_FILE, "rb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fread(bytes, 1, KEY_FILE_BYTES, file), KEY_FILE_BYTES));
    cr_assert(eq(int, fgetc(file), EOF), "the file is longer");
    fclose(file);
}

static void write_key(const uint8_t *bytes, size_t size)
{
    FILE *file = fopen(KEY_FILE, "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(bytes, 1, size, file), size));
    fclose(file);
}

static mode_t mode_of(const char *path)
{
    struct stat stat_;

    cr_assert(zero(int, stat(path, &stat_)));
    return stat_.st_mode & 0777;
}

Test(authority_files, only_the_owner_reads_them)
{
    (void)umask(0);
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(eq(int, (int)mode_of("auth"), 0700));
    cr_assert(eq(int, (int)mode_of(KEY_FILE), 0600));
    cr_assert(eq(int, (int)mode_of(LEDGER), 0600));
}

Test(authority_files, plain_key_opens_without_a_passphrase)
{
    bool needed = true;

    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(zero(int, sdv_authority_is_protected("auth", &needed)));
    cr_assert(not(needed));
    cr_assert(zero(int, open_with(NULL)));
    cr_assert(zero(int, open_with("not needed")));
}

Test(authority_files, passphrase_is_needed_and_must_be_right)
{
    bool needed = false;

    cr_assert(zero(int, sdv_authority_init("auth", "open sesame")));
    cr_assert(zero(int, sdv_authority_is_protected("auth", &needed)));
    cr_assert(needed);
    cr_assert(zero(int, open_with("open sesame")));
    cr_assert(eq(int, open_with("Open sesame"), SDV_ERR_PASSPHRASE));
    cr_assert(eq(int, open_with(""), SDV_ERR_PASSPHRASE));
    cr_assert(eq(int, open_with(NULL), SDV_ERR_PASSPHRASE));
}

Test(authority_files, there_is_one_authority_in_a_folder)
{
    uint8_t before[KEY_FILE_BYTES];
    uint8_t after[KEY_FILE_BYTES];

    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    read_key(before);
    cr_assert(eq(int, sdv_authority_init("auth", NULL), SDV_ERR_EXISTS));
    read_key(after);
    cr_assert(zero(int, memcmp(before, after, sizeof(before))));
    cr_assert(zero(int, open_with(NULL)));
}

Test(authority_files, every_wrong_byte_of_the_key_is_found)
{
    uint8_t bytes[KEY_FILE_BYTES];

    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    read_key(bytes);
    for (size_t at = 0; at < sizeof(bytes); at++) {
        bytes[at] ^= 0x10;
        write_key(bytes, sizeof(bytes));
        cr_assert(eq(int, open_with(NULL),
                     at < 4 ? SDV_ERR_MASTER_FOREIGN : SDV_ERR_MASTER_TORN),
                  "byte %zu", at);
        bytes[at] ^= 0x10;
    }
}

Test(authority_files, torn_key_is_found)
{
    uint8_t bytes[KEY_FILE_BYTES + 1] = {0};

    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    read_key(bytes);
    for (size_t size = 0; size < KEY_FILE_BYTES; size++) {
        write_key(bytes, size);
        cr_assert(eq(int, open_with(NULL),
                     size < 4 ? SDV_ERR_MASTER_FOREIGN : SDV_ERR_MASTER_TORN),
                  "%zu bytes", size);
    }
    write_key(bytes, KEY_FILE_BYTES + 1);
    cr_assert(eq(int, open_with(NULL), SDV_ERR_MASTER_TORN));
    write_key(bytes, KEY_FILE_BYTES);
    cr_assert(zero(int, open_with(NULL)));
}

/* A key file that somebody has changed and given a right checksum. */
static void forge_key(size_t at, uint8_t value)
{
    uint8_t bytes[KEY_FILE_BYTES];

    read_key(bytes);
    bytes[at] = value;
    sdv_put32(bytes + KEY_FILE_BYTES - 4,
              (uint32_t)crc32(0, bytes, KEY_FILE_BYTES - 4));
    write_key(bytes, sizeof(bytes));
}

Test(authority_files, everything_before_the_key_is_authenticated)
{
    cr_assert(zero(int, sdv_authority_init("auth", "open sesame")));
    forge_key(9, 1); /* a byte that means nothing */
    cr_assert(eq(int, open_with("open sesame"), SDV_ERR_PASSPHRASE));
}

Test(authority_files, key_that_asks_for_too_much_is_refused)
{
    cr_assert(zero(int, sdv_authority_init("auth", "open sesame")));
    forge_key(6, 40); /* scrypt would want a petabyte */
    cr_assert(eq(int, open_with("open sesame"), SDV_ERR_MASTER_FOREIGN));
    forge_key(6, 15);
    forge_key(5, 2); /* unknown kind */
    cr_assert(eq(int, open_with("open sesame"), SDV_ERR_MASTER_FOREIGN));
    forge_key(5, 1);
    cr_assert(zero(int, open_with("open sesame")));
    forge_key(4, 2); /* another version */
    cr_assert(eq(int, open_with("open sesame"), SDV_ERR_MASTER_FOREIGN));
}

Test(authority_files, no_folder_is_no_authority)
{
    bool needed;

    errno = 0;
    cr_assert(eq(int, open_with(NULL), SDV_ERR_IO));
    cr_assert(eq(int, errno, ENOENT));
    cr_assert(eq(int, sdv_authority_is_protected("auth", &needed), SDV_ERR_IO));
    cr_assert(eq(int, sdv_authority_init("no/where", NULL), SDV_ERR_IO));
}

Test(authority_files, ledger_that_is_gone_is_not_made_anew)
{
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(zero(int, unlink(LEDGER)));
    cr_assert(eq(int, open_with(NULL), SDV_ERR_LEDGER));
    cr_assert(ne(int, access(LEDGER, F_OK), 0));
}

Test(authority_files, ledger_of_another_authority_is_refused)
{
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(zero(int, sdv_authority_init("other", NULL)));
    cr_assert(zero(int, rename("other/ledger.db", LEDGER)));
    cr_assert(eq(int, open_with(NULL), SDV_ERR_LEDGER));
}

Test(authority_files, garbage_is_no_ledger)
{
    FILE *file;

    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    file = fopen(LEDGER, "wb");
    cr_assert(ne(ptr, file, NULL));
    for (int i = 0; i < 5000; i++) {
        fputc(i * 7, file);
    }
    fclose(file);
    cr_assert(eq(int, open_with(NULL), SDV_ERR_LEDGER));
}

Test(authority_files, ledger_with_media_is_no_place_for_a_new_master_key)
{
    sdv_authority *authority = authority_start();

    (void)authority_medium(authority, 1, NULL);
    sdv_authority_close(&authority);
    cr_assert(zero(int, unlink(KEY_FILE)));
    cr_assert(eq(int, sdv_authority_init("auth", NULL), SDV_ERR_LEDGER));
    cr_assert(ne(int, access(KEY_FILE, F_OK), 0));
}

Test(authority_files, init_goes_on_from_a_ledger_without_a_key)
{
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(zero(int, unlink(KEY_FILE))); /* as if killed before it */
    cr_assert(zero(int, sdv_authority_init("auth", NULL)));
    cr_assert(zero(int, open_with(NULL)));
}

Test(authority_files, of_several_inits_at_once_one_wins)
{
    unsigned done = 0;

    for (int i = 0; i < 8; i++) {
        const pid_t child = fork();

        cr_assert(ge(int, child, 0));
        if (child == 0) {
            _exit(sdv_authority_init("auth", NULL) == SDV_OK ? 0 : 1);
        }
    }
    for (int i = 0; i < 8; i++) {
        int status;

        cr_assert(gt(int, wait(&status), 0));
        done += WEXITSTATUS(status) == 0;
    }
    cr_assert(eq(uint, done, 1));
    cr_assert(zero(int, open_with(NULL)));
}
