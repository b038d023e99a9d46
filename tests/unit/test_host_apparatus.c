/* SPDX-License-Identifier: Apache-2.0 */
/* The apparatus file. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/apparatus.h>

static const sdv_apparatus sample = {UINT64_C(0x0123456789ABCDEF),
                                     "Player in the living room"};

static char folder[64];
static char path[128];

static void start(void)
{
    snprintf(folder, sizeof(folder), "/tmp/sdv-apparatus-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    snprintf(path, sizeof(path), "%s/a.app", folder);
}

static void finish(void)
{
    (void)unlink(path);
    cr_assert(zero(int, rmdir(folder)), "something was left behind");
}

TestSuite(host_apparatus, .init = start, .fini = finish);

static void format(char text[SDV_APPARATUS_TEXT_MAX])
{
    cr_assert(eq(int, sdv_apparatus_format(&sample, text), SDV_OK));
}

static sdv_err parse(const char *text, size_t size)
{
    sdv_apparatus apparatus;
    const sdv_err err = sdv_apparatus_parse(text, size, &apparatus);

    if (err != SDV_OK) {
        cr_assert(zero(u64, apparatus.id));
    }
    return err;
}

Test(host_apparatus, text_has_magic_version_id_label_and_checksum)
{
    char text[SDV_APPARATUS_TEXT_MAX];

    format(text);
    /* the CRC-32 is that of zlib */
    cr_assert(eq(str, text,
                 "sdvault apparatus\n"
                 "version: 1\n"
                 "id: 028T-5CY4-TQKFF-A\n"
                 "label: Player in the living room\n"
                 "checksum: 77251358\n"));
}

Test(host_apparatus, text_is_read_back)
{
    char text[SDV_APPARATUS_TEXT_MAX];
    sdv_apparatus apparatus;

    format(text);
    cr_assert(
        eq(int, sdv_apparatus_parse(text, strlen(text), &apparatus), SDV_OK));
    cr_assert(eq(u64, apparatus.id, sample.id));
    cr_assert(eq(str, apparatus.label, (char *)sample.label));
}

Test(host_apparatus, every_wrong_byte_is_found)
{
    char text[SDV_APPARATUS_TEXT_MAX];
    size_t size;

    format(text);
    size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        for (int bit = 0; bit < 8; bit++) {
            text[i] = (char)(text[i] ^ 1 << bit);
            cr_assert(eq(int, parse(text, size), SDV_ERR_APPARATUS),
                      "byte %zu bit %d", i, bit);
            text[i] = (char)(text[i] ^ 1 << bit);
        }
    }
}

Test(host_apparatus, every_other_length_is_found)
{
    char text[SDV_APPARATUS_TEXT_MAX + 1];
    size_t size;

    format(text);
    size = strlen(text);
    for (size_t i = 0; i < size; i++) {
        cr_assert(eq(int, parse(text, i), SDV_ERR_APPARATUS), "size %zu", i);
    }
    cr_assert(eq(int, parse(text, size + 1), SDV_ERR_APPARATUS));
}

Test(host_apparatus, labels_that_would_spoil_the_file_are_refused)
{
    static const char *const labels[] = {"", "two\nlines", "tab\t", "\x7F"};
    char text[SDV_APPARATUS_TEXT_MAX];
    sdv_apparatus apparatus = {.id = 1};

    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
        strcpy(apparatus.label, labels[i]);
        cr_assert(eq(int, sdv_apparatus_format(&apparatus, text), SDV_ERR_ARG));
        cr_assert(eq(str, text, ""));
    }
    memset(apparatus.label, 'x', sizeof(apparatus.label));
    cr_assert(eq(int, sdv_apparatus_format(&apparatus, text), SDV_ERR_ARG));
    apparatus.label[SDV_LABEL_MAX] = '\0';
    cr_assert(eq(int, sdv_apparatus_format(&apparatus, text), SDV_OK));
    cr_assert(eq(int, parse(text, strlen(text)), SDV_OK));
    apparatus.id = 0;
    cr_assert(eq(int, sdv_apparatus_format(&apparatus, text), SDV_ERR_ID));
}

Test(host_apparatus, file_is_for_its_owner_only)
{
    sdv_apparatus apparatus;
    struct stat status;

    cr_assert(eq(int, sdv_apparatus_create(path, &sample), SDV_OK));
    cr_assert(zero(int, stat(path, &status)));
    cr_assert(eq(uint, status.st_mode & 0777, 0600));
    cr_assert(eq(int, sdv_apparatus_load(path, &apparatus), SDV_OK));
    cr_assert(eq(u64, apparatus.id, sample.id));
}

Test(host_apparatus, an_existing_file_is_left_alone)
{
    const sdv_apparatus other = {7, "other"};
    sdv_apparatus apparatus;

    cr_assert(eq(int, sdv_apparatus_create(path, &sample), SDV_OK));
    cr_assert(eq(int, sdv_apparatus_create(path, &other), SDV_ERR_EXISTS));
    cr_assert(eq(int, sdv_apparatus_load(path, &apparatus), SDV_OK));
    cr_assert(eq(u64, apparatus.id, sample.id));
}

Test(host_apparatus, errors_of_the_file_system_are_told)
{
    sdv_apparatus apparatus;
    FILE *file;

    cr_assert(eq(int, sdv_apparatus_load(path, &apparatus), SDV_ERR_IO));
    cr_assert(eq(int, errno, ENOENT));
    cr_assert(
        eq(int, sdv_apparatus_create("/nowhere/a.app", &sample), SDV_ERR_IO));
    cr_assert(eq(int, errno, ENOENT));
    file = fopen(path, "wb");
    for (int i = 0; i < 1000; i++) {
        fputs("sdvault apparatus\n", file);
    }
    fclose(file);
    cr_assert(eq(int, sdv_apparatus_load(path, &apparatus), SDV_ERR_APPARATUS));
}
