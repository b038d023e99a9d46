/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Manufacture of a card: a new image file, blank but for its OTP words and
 * the lines of its EEPROM.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "image_private.h"

enum {
    SDHC_UNIT = 1024,    /* blocks in one C_SIZE of CSD version 2 */
    SDSC_C_SIZES = 4096, /* values of C_SIZE in CSD version 1 */
    SDSC_MULT_SHIFT = 2, /* blocks = (C_SIZE + 1) << (C_SIZE_MULT + 2) */
    SDSC_MULT_MAX = 7,
    LINE_BYTES = SDV_VAULT_LINE_WORDS * IMAGE_WORD,
    LINE_COPIES = 2,
    LINE_VALUE = 2 * IMAGE_WORD /* of a line of the system */
};

/* Can CSD version 1 state this size exactly? */
static bool fits_sdsc(uint32_t blocks)
{
    for (unsigned mult = 0; mult <= SDSC_MULT_MAX; mult++) {
        const uint32_t unit = 1u << (mult + SDSC_MULT_SHIFT);

        if (blocks / unit <= SDSC_C_SIZES && blocks % unit == 0) {
            return blocks > 0;
        }
    }
    return false;
}

static bool fits_sdhc(uint32_t blocks)
{
    return blocks > 0 && blocks % SDHC_UNIT == 0;
}

/* The OTP words that a card leaves the factory with. */
static sdv_err write_otp(int fd, const struct image_layout *layout,
                         bool high_capacity, uint32_t serial)
{
    uint8_t otp[SDV_NVM_OTP_WORDS * IMAGE_WORD] = {0};

    sdv_put32(otp + SDV_NVM_OTP_CONFIG * IMAGE_WORD,
              SDV_NVM_OTP_CONFIG_MAGIC << 16 | (high_capacity ? 1u : 0u));
    sdv_put32(otp + SDV_NVM_OTP_BLOCKS * IMAGE_WORD,
              layout->region[SDV_REGION_USER].units);
    sdv_put32(otp + SDV_NVM_OTP_SERIAL * IMAGE_WORD, serial);
    return sdv_file_write(fd, otp, sizeof(otp),
                          layout->region[SDV_REGION_OTP].data);
}

/* Both copies of a line, with sequence 0. */
static void pack_line(uint8_t *line, uint32_t value)
{
    uint8_t *const crc = line + LINE_BYTES - IMAGE_WORD;

    sdv_put32(line + LINE_VALUE, value);
    sdv_put32(crc, sdv_crc32(line, LINE_BYTES - IMAGE_WORD));
    memcpy(line + LINE_BYTES, line, LINE_BYTES);
}

/* No line is ever without a right copy, from the factory on. */
static sdv_err write_lines(int fd, const struct image_layout *layout)
{
    uint8_t lines[SDV_VAULT_LINES_ALL * LINE_COPIES * LINE_BYTES] = {0};

    for (size_t i = 0; i < SDV_VAULT_LINES_ALL; i++) {
        pack_line(lines + i * LINE_COPIES * LINE_BYTES,
                  i == SDV_VAULT_LINE_LIFECYCLE ? SDV_VAULT_LIFECYCLE_BLANK
                                                : 0);
    }
    return sdv_file_write(fd, lines, sizeof(lines),
                          layout->region[SDV_REGION_EEPROM].data);
}

static sdv_err fill(int fd, uint32_t blocks, bool high_capacity,
                    uint32_t serial)
{
    const struct image_layout layout = sdv_image_layout(blocks);
    uint8_t header[IMAGE_HEADER];

    if (ftruncate(fd, (off_t)layout.size) != 0 ||
        write_otp(fd, &layout, high_capacity, serial) != SDV_OK ||
        write_lines(fd, &layout) != SDV_OK) {
        return SDV_ERR_IO;
    }
    sdv_image_header_pack(&layout, header);
    return sdv_file_write(fd, header, sizeof(header), 0);
}

/* Give the file its name unless somebody has taken it meanwhile. */
static sdv_err publish(const char *temporary, const char *path)
{
    if (renameat2(AT_FDCWD, temporary, AT_FDCWD, path, RENAME_NOREPLACE) == 0) {
        return SDV_OK;
    }
    if (errno == EINVAL && link(temporary, path) == 0) {
        (void)unlink(temporary); /* a file system without that flag */
        return SDV_OK;
    }
    return errno == EEXIST ? SDV_ERR_EXISTS : SDV_ERR_IO;
}

/* see sdvault/image.h */
sdv_err sdv_image_create(const char *path, uint32_t blocks, bool high_capacity,
                         uint32_t serial)
{
    char temporary[TEMPORARY_NAME];
    sdv_err err;
    int fd;

    if (!(high_capacity ? fits_sdhc(blocks) : fits_sdsc(blocks))) {
        return SDV_ERR_ARG;
    }
    if (access(path, F_OK) == 0) {
        return SDV_ERR_EXISTS;
    }
    err = sdv_file_temporary(path, temporary, &fd);
    if (err != SDV_OK) {
        return err;
    }
    err = fill(fd, blocks, high_capacity, serial);
    if (close(fd) != 0) {
        err = SDV_ERR_IO;
    }
    if (err == SDV_OK) {
        err = publish(temporary, path);
    }
    if (err != SDV_OK) {
        (void)unlink(temporary);
    }
    return err;
}
