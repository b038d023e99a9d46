/* SPDX-License-Identifier: Apache-2.0 */
/* The card image: manufacture, opening, regions, copies, damage. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <sdvault/image.h>

#include "bytes.h"

enum {
    BLOCKS = 2048,
    SERIAL = 0x12345678,
    LINE_BYTES = 4 * SDV_VAULT_LINE_WORDS,
    LINES_END = SDV_VAULT_LINES_ALL * 2 * LINE_BYTES
};

/* Each test runs in a process and a folder of its own. */
static char folder[] = "image-test-XXXXXX";

static void enter_folder(void)
{
    const char *base = getenv("TMPDIR");

    cr_assert(zero(int, chdir(base != NULL ? base : "/tmp")));
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
    cr_assert(zero(int, sdv_image_create("card", BLOCKS, true, SERIAL)));
}

static void leave_folder(void)
{
    cr_assert(zero(int, system("rm -rf ./*")));
    cr_assert(zero(int, chdir("..")));
    cr_assert(zero(int, rmdir(folder)));
}

TestSuite(image, .init = enter_folder, .fini = leave_folder);

static sdv_image *open_card(const char *path)
{
    sdv_image *image;

    cr_assert(zero(int, sdv_image_open(path, &image)), "%s", path);
    return image;
}

static sdv_err open_error(const char *path)
{
    sdv_image *image;
    const sdv_err err = sdv_image_open(path, &image);

    cr_assert(eq(ptr, image, NULL));
    return err;
}

static uint32_t word(sdv_image *image, sdv_region region, size_t index)
{
    const uint8_t *p = sdv_image_data(image, region) + 4 * index;

    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           p[3];
}

/* Overwrite bytes of a file; at -1: append. */
static void patch(const char *path, off_t at, const void *bytes, size_t count)
{
    const int fd = open(path, O_WRONLY | O_CREAT, 0666);

    cr_assert(ge(int, fd, 0));
    if (at < 0) {
        at = lseek(fd, 0, SEEK_END);
    }
    cr_assert(eq(sz, (size_t)pwrite(fd, bytes, count, at), count));
    close(fd);
}

static off_t file_size(const char *path)
{
    struct stat status;

    cr_assert(zero(int, stat(path, &status)));
    return status.st_size;
}

/* Sequence 0 and zeros but for the value and the CRC, two times. */
static void expect_line(sdv_image *image, size_t line, uint32_t value)
{
    const uint8_t *p =
        sdv_image_data(image, SDV_REGION_EEPROM) + line * 2 * LINE_BYTES;

    for (size_t i = 0; i < LINE_BYTES / 4 - 1; i++) {
        cr_assert(eq(u32, sdv_get32(p + 4 * i), i == 2 ? value : 0));
    }
    cr_assert(eq(u32, sdv_get32(p + LINE_BYTES - 4),
                 (uint32_t)crc32(0, p, LINE_BYTES - 4)));
    cr_assert(zero(int, memcmp(p, p + LINE_BYTES, LINE_BYTES)));
}

Test(image, a_new_card_has_a_right_copy_of_every_line)
{
    sdv_image *image = open_card("card");

    for (size_t i = 0; i < SDV_VAULT_LINES_ALL; i++) {
        expect_line(image, i,
                    i == SDV_VAULT_LINE_LIFECYCLE ? SDV_VAULT_LIFECYCLE_BLANK
                                                  : 0);
    }
    cr_assert(zero(u32, sdv_image_wear(image, SDV_REGION_EEPROM, 0)));
    sdv_image_close(&image);
}

Test(image, a_new_card_is_blank_but_for_its_otp_words)
{
    static const uint8_t zeros[4096];
    sdv_image *image = open_card("card");

    cr_assert(eq(sz, sdv_image_size(image, SDV_REGION_USER), 512u * BLOCKS));
    cr_assert(eq(sz, sdv_image_size(image, SDV_REGION_SECURE), 512u * 128));
    cr_assert(eq(sz, sdv_image_size(image, SDV_REGION_EEPROM), 4u * 8192));
    cr_assert(eq(sz, sdv_image_size(image, SDV_REGION_OTP), 4u * 64));
    cr_assert(eq(u32, word(image, SDV_REGION_OTP, 0), 0x53440001));
    cr_assert(eq(u32, word(image, SDV_REGION_OTP, 1), BLOCKS));
    cr_assert(eq(u32, word(image, SDV_REGION_OTP, 2), SERIAL));
    cr_assert(zero(int, memcmp(sdv_image_data(image, SDV_REGION_OTP) + 12,
                               zeros, 4 * 64 - 12)));
    for (int region = 0; region < 3; region++) {
        const uint8_t *p = sdv_image_data(image, (sdv_region)region);
        const size_t size = sdv_image_size(image, (sdv_region)region);
        const size_t start = region == SDV_REGION_EEPROM ? LINES_END : 0;

        for (size_t i = start; i < size; i++) {
            cr_assert(zero(u8, p[i]));
        }
    }
    sdv_image_close(&image);
    cr_assert(eq(ptr, image, NULL));
}

Test(image, a_card_of_standard_capacity_says_so)
{
    sdv_image *image;

    cr_assert(zero(int, sdv_image_create("sdsc", 4096, false, 1)));
    image = open_card("sdsc");
    cr_assert(eq(u32, word(image, SDV_REGION_OTP, 0), 0x53440000));
    sdv_image_close(&image);
}

Test(image, only_sizes_that_the_csd_states_are_made)
{
    static const struct {
        uint32_t blocks;
        bool high_capacity;
        sdv_err err;
    } cases[] = {
        {0, false, SDV_ERR_ARG},     {1, false, SDV_ERR_ARG},
        {4, false, SDV_OK},          {6, false, SDV_ERR_ARG},
        {16384, false, SDV_OK},      {16388, false, SDV_ERR_ARG},
        {16392, false, SDV_OK},      {4096u << 9, false, SDV_OK},
        {4095u << 9, false, SDV_OK}, {(4095u << 9) + 256, false, -1},
        {4097u << 9, false, -1},     {4096u << 10, false, SDV_ERR_ARG},
        {0, true, SDV_ERR_ARG},      {1023, true, SDV_ERR_ARG},
        {1024, true, SDV_OK},        {1025, true, SDV_ERR_ARG},
        {0xFFFFFC00, true, SDV_OK},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert(eq(int,
                     sdv_image_create("sized", cases[i].blocks,
                                      cases[i].high_capacity, 1),
                     cases[i].err),
                  "%u blocks", cases[i].blocks);
        (void)unlink("sized");
    }
}

Test(image, the_file_is_sparse)
{
    struct stat status;

    cr_assert(zero(int, sdv_image_create("big", 1u << 21, true, 1)));
    cr_assert(zero(int, stat("big", &status)));
    cr_assert(gt(i64, status.st_size, INT64_C(1) << 30));
    cr_assert(lt(i64, status.st_blocks, 256));
}

Test(image, an_existing_file_is_left_as_it_was)
{
    patch("mine", 0, "precious", 8);
    cr_assert(eq(int, sdv_image_create("mine", 1024, true, 1), SDV_ERR_EXISTS));
    cr_assert(eq(i64, file_size("mine"), 8));
}

Test(image, nothing_is_left_of_a_failed_manufacture)
{
    cr_assert(
        eq(int, sdv_image_create("none/card", 1024, true, 1), SDV_ERR_IO));
    cr_assert(eq(int, sdv_image_create("card", 1024, true, 1), SDV_ERR_EXISTS));
    cr_assert(zero(int, system("test \"$(ls)\" = card")));
}

Test(image, what_is_programmed_is_there_tomorrow)
{
    uint8_t sector[512];
    static const uint8_t value[4] = {1, 2, 3, 4};
    sdv_image *image = open_card("card");

    memset(sector, 0xA5, sizeof(sector));
    cr_assert(zero(
        int, sdv_image_program(image, SDV_REGION_USER, BLOCKS - 1, sector)));
    cr_assert(zero(int, sdv_image_program(image, SDV_REGION_EEPROM, 7, value)));
    sdv_image_close(&image);
    image = open_card("card");
    cr_assert(zero(int, memcmp(sdv_image_data(image, SDV_REGION_USER) +
                                   512u * (BLOCKS - 1),
                               sector, sizeof(sector))));
    cr_assert(eq(u32, word(image, SDV_REGION_EEPROM, 7), 0x01020304));
    sdv_image_close(&image);
}

Test(image, programs_are_counted_by_unit)
{
    const uint8_t sector[512] = {1};
    sdv_image *image = open_card("card");

    for (unsigned i = 0; i < 300; i++) {
        cr_assert(
            zero(int, sdv_image_program(image, SDV_REGION_USER, 5, sector)));
    }
    sdv_image_count(image, SDV_REGION_EEPROM, 8191);
    sdv_image_close(&image);
    image = open_card("card");
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 5), 300));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 4), 0));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 6), 0));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_EEPROM, 8191), 1));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_EEPROM, 8192), 0));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_OTP, 0), 0));
    sdv_image_close(&image);
}

Test(image, erase_makes_zeros_of_just_its_sectors)
{
    uint8_t sector[512];
    sdv_image *image = open_card("card");
    const uint8_t *user = sdv_image_data(image, SDV_REGION_USER);

    memset(sector, 0xFF, sizeof(sector));
    for (unsigned i = 0; i < 64; i++) {
        cr_assert(
            zero(int, sdv_image_program(image, SDV_REGION_USER, i, sector)));
    }
    cr_assert(zero(int, sdv_image_erase(image, SDV_REGION_USER, 3, 50)));
    for (unsigned i = 0; i < 64 * 512; i++) {
        const bool erased = i / 512 >= 3 && i / 512 < 53;

        cr_assert(eq(u8, user[i], erased ? 0 : 0xFF), "byte %u", i);
    }
    sdv_image_close(&image);
}

Test(image, nothing_reaches_past_the_end_of_a_region)
{
    const uint8_t sector[512] = {0};
    sdv_image *image = open_card("card");

    cr_assert(eq(int, sdv_image_program(image, SDV_REGION_USER, BLOCKS, sector),
                 SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_image_erase(image, SDV_REGION_USER, 1, BLOCKS),
                 SDV_ERR_RANGE));
    cr_assert(eq(int,
                 sdv_image_erase(image, SDV_REGION_USER, SIZE_MAX, SIZE_MAX),
                 SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_image_damage(image, SDV_REGION_OTP, 60, 5, 1),
                 SDV_ERR_RANGE));
    sdv_image_close(&image);
}

Test(image, a_shortened_file_is_torn)
{
    const off_t size = file_size("card");

    for (off_t length = size - 1; length > 12; length = length * 3 / 4) {
        cr_assert(zero(int, truncate("card", length)));
        cr_assert(eq(int, open_error("card"), SDV_ERR_IMAGE_TORN), "%ld bytes",
                  (long)length);
    }
}

Test(image, a_longer_file_is_accepted)
{
    sdv_image *image;

    patch("card", -1, "tail", 4);
    image = open_card("card");
    sdv_image_close(&image);
}

Test(image, a_changed_header_is_torn)
{
    for (off_t at = 12; at < 4096; at += at < 128 ? 1 : 97) {
        uint8_t good;
        uint8_t bad;
        const int fd = open("card", O_RDONLY);

        cr_assert(eq(int, (int)pread(fd, &good, 1, at), 1));
        close(fd);
        bad = good ^ 0x10;
        patch("card", at, &bad, 1);
        cr_assert(eq(int, open_error("card"), SDV_ERR_IMAGE_TORN), "byte %ld",
                  (long)at);
        patch("card", at, &good, 1);
    }
    sdv_image *image = open_card("card");
    sdv_image_close(&image);
}

Test(image, other_files_are_foreign)
{
    patch("empty", 0, "", 0);
    patch("text", 0, "not an image, but long enough for its magic", 43);
    patch("card", 8, "\0\0\0\2", 4); /* another version */
    cr_assert(eq(int, open_error("empty"), SDV_ERR_IMAGE_FOREIGN));
    cr_assert(eq(int, open_error("text"), SDV_ERR_IMAGE_FOREIGN));
    cr_assert(eq(int, open_error("card"), SDV_ERR_IMAGE_FOREIGN));
    cr_assert(eq(int, open_error("/dev/zero"), SDV_ERR_IMAGE_FOREIGN));
    cr_assert(eq(int, open_error("missing"), SDV_ERR_IO));
    cr_assert(eq(int, open_error("."), SDV_ERR_IO));
}

Test(image, a_second_open_is_refused_in_the_same_process)
{
    sdv_image *image = open_card("card");

    cr_assert(eq(int, open_error("card"), SDV_ERR_IMAGE_IN_USE));
    sdv_image_close(&image);
    image = open_card("card");
    sdv_image_close(&image);
}

Test(image, a_second_open_is_refused_in_another_process)
{
    sdv_image *image = open_card("card");
    int status;
    const pid_t child = fork();

    if (child == 0) {
        _exit(open_error("card") == SDV_ERR_IMAGE_IN_USE ? 0 : 1);
    }
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(zero(int, status));
    sdv_image_close(&image);
}

Test(image, every_region_is_saved_and_restored_alone)
{
    for (int region = 0; region < 4; region++) {
        sdv_image *image = open_card("card");
        const size_t size = sdv_image_size(image, (sdv_region)region);
        uint8_t *data = sdv_image_data(image, (sdv_region)region);
        uint8_t *before = malloc(size);

        cr_assert(
            zero(int, sdv_image_damage(image, (sdv_region)region, 3, 9, 1)));
        cr_assert(ne(ptr, before, NULL));
        memcpy(before, data, size);
        cr_assert(zero(int, sdv_image_save(image, region, "copy")));
        cr_assert(
            zero(int, sdv_image_damage(image, (sdv_region)region, 0, 40, 2)));
        cr_assert(ne(int, memcmp(before, data, size), 0));
        cr_assert(eq(int, sdv_image_restore(image, (region + 1) % 4, "copy"),
                     SDV_ERR_IMAGE_FOREIGN));
        cr_assert(eq(int, sdv_image_restore(image, -1, "copy"),
                     SDV_ERR_IMAGE_FOREIGN));
        cr_assert(zero(int, sdv_image_restore(image, region, "copy")));
        cr_assert(zero(int, memcmp(before, data, size)), "region %d", region);
        free(before);
        sdv_image_close(&image);
    }
}

Test(image, a_saved_whole_is_an_image)
{
    sdv_image *image = open_card("card");
    sdv_image *other;

    cr_assert(zero(int, sdv_image_damage(image, SDV_REGION_USER, 9, 1, 5)));
    sdv_image_count(image, SDV_REGION_USER, 9);
    cr_assert(zero(int, sdv_image_save(image, -1, "copy")));
    sdv_image_count(image, SDV_REGION_USER, 9);
    other = open_card("copy");
    cr_assert(eq(u32, sdv_image_wear(other, SDV_REGION_USER, 9), 1));
    cr_assert(zero(int, memcmp(sdv_image_data(other, SDV_REGION_USER),
                               sdv_image_data(image, SDV_REGION_USER),
                               512u * BLOCKS)));
    sdv_image_close(&other);
    cr_assert(zero(int, sdv_image_restore(image, -1, "copy")));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 9), 1));
    sdv_image_close(&image);
}

Test(image, a_copy_of_another_size_is_refused)
{
    sdv_image *image;

    cr_assert(zero(int, sdv_image_create("small", 1024, true, 1)));
    image = open_card("small");
    cr_assert(zero(int, sdv_image_save(image, SDV_REGION_USER, "user")));
    cr_assert(zero(int, sdv_image_save(image, -1, "whole")));
    sdv_image_close(&image);
    image = open_card("card");
    cr_assert(eq(int, sdv_image_restore(image, SDV_REGION_USER, "user"),
                 SDV_ERR_IMAGE_FOREIGN));
    cr_assert(
        eq(int, sdv_image_restore(image, -1, "whole"), SDV_ERR_IMAGE_FOREIGN));
    cr_assert(eq(int, sdv_image_restore(image, 0, "none"), SDV_ERR_IO));
    cr_assert(eq(int, sdv_image_save(image, 4, "none"), SDV_ERR_ARG));
    cr_assert(eq(int, sdv_image_save(image, 0, "none/copy"), SDV_ERR_IO));
    sdv_image_close(&image);
}

Test(image, an_image_is_no_copy_of_itself)
{
    sdv_image *image = open_card("card");

    cr_assert(zero(int, link("card", "name")));
    for (int region = -1; region < 4; region++) {
        cr_assert(eq(int, sdv_image_save(image, region, "name"),
                     SDV_ERR_IMAGE_IN_USE));
        cr_assert(eq(int, sdv_image_restore(image, region, "name"),
                     SDV_ERR_IMAGE_IN_USE));
    }
    sdv_image_close(&image);
    image = open_card("name");
    sdv_image_close(&image);
}

Test(image, a_copy_replaces_only_files)
{
    sdv_image *image = open_card("card");

    cr_assert(zero(int, mkfifo("pipe", 0600)));
    cr_assert(eq(int, sdv_image_save(image, 0, "pipe"), SDV_ERR_EXISTS));
    cr_assert(eq(int, sdv_image_save(image, 0, "."), SDV_ERR_EXISTS));
    cr_assert(eq(int, sdv_image_save(image, 0, "/dev/null"), SDV_ERR_EXISTS));
    sdv_image_close(&image);
}

Test(image, a_shortened_copy_changes_nothing)
{
    sdv_image *image = open_card("card");

    cr_assert(zero(int, sdv_image_save(image, SDV_REGION_SECURE, "copy")));
    cr_assert(zero(int, truncate("copy", file_size("copy") - 1)));
    cr_assert(zero(int, sdv_image_damage(image, SDV_REGION_SECURE, 0, 1, 3)));
    cr_assert(eq(int, sdv_image_restore(image, SDV_REGION_SECURE, "copy"),
                 SDV_ERR_IMAGE_FOREIGN));
    cr_assert(ne(u32, word(image, SDV_REGION_SECURE, 0), 0));
    sdv_image_close(&image);
}

Test(image, damage_follows_its_seed)
{
    sdv_image *image = open_card("card");
    uint8_t *data = sdv_image_data(image, SDV_REGION_USER);
    uint8_t first[1024];

    cr_assert(zero(int, sdv_image_damage(image, SDV_REGION_USER, 1, 2, 42)));
    memcpy(first, data + 512, sizeof(first));
    cr_assert(zero(u8, data[511]));
    cr_assert(zero(u8, data[512 * 3]));
    cr_assert(zero(int, sdv_image_damage(image, SDV_REGION_USER, 1, 2, 43)));
    cr_assert(ne(int, memcmp(first, data + 512, sizeof(first)), 0));
    cr_assert(zero(int, sdv_image_damage(image, SDV_REGION_USER, 1, 2, 42)));
    cr_assert(zero(int, memcmp(first, data + 512, sizeof(first))));
    sdv_image_close(&image);
}
