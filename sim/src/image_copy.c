/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Save and restore: a region, or the whole image, to a file and back.
 *
 * A whole image is saved as an image.  A region is saved behind a short head
 * that says what it is a copy of.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "image_private.h"

enum {
    COPY_HEAD = 64,
    COPY_VERSION = 1,
    AT_VERSION = 8,
    AT_REGION = 12,
    AT_SIZE = 16,
    AT_CRC = COPY_HEAD - 4
};

static const uint8_t copy_magic[8] = {0x89, 'S',  'D',  'R',
                                      '\r', '\n', 0x1A, '\n'};

/* What a saved file looks like and which part of the image it holds. */
struct copy {
    uint8_t head[IMAGE_HEADER]; /* its first bytes */
    size_t head_length;
    uint64_t image_offset; /* what follows the head */
    uint64_t length;
};

static void describe_region(const struct image_layout *layout, int region,
                            struct copy *copy)
{
    const struct image_region *r = &layout->region[region];

    copy->head_length = COPY_HEAD;
    copy->image_offset = r->data;
    copy->length = (uint64_t)r->units * r->unit;
    memcpy(copy->head, copy_magic, sizeof(copy_magic));
    sdv_put32(copy->head + AT_VERSION, COPY_VERSION);
    sdv_put32(copy->head + AT_REGION, (uint32_t)region);
    sdv_put64(copy->head + AT_SIZE, copy->length);
    sdv_put32(copy->head + AT_CRC, sdv_crc32(copy->head, AT_CRC));
}

static sdv_err describe(const sdv_image *image, int region, struct copy *copy)
{
    memset(copy, 0, sizeof(*copy));
    if (region >= 0 && region < IMAGE_REGIONS) {
        describe_region(&image->layout, region, copy);
        return SDV_OK;
    }
    if (region != -1) {
        return SDV_ERR_ARG;
    }
    copy->head_length = IMAGE_HEADER;
    copy->image_offset = IMAGE_HEADER;
    copy->length = image->layout.size - IMAGE_HEADER;
    sdv_image_header_pack(&image->layout, copy->head);
    return SDV_OK;
}

static sdv_err write_copy(const sdv_image *image, const struct copy *copy,
                          int fd)
{
    if (ftruncate(fd, (off_t)(copy->head_length + copy->length)) != 0) {
        return SDV_ERR_IO;
    }
    if (sdv_file_write(fd, copy->head, copy->head_length, 0) != SDV_OK) {
        return SDV_ERR_IO;
    }
    return sdv_file_copy(image->fd, copy->image_offset, fd, copy->head_length,
                         copy->length);
}

static bool is_same(const sdv_image *image, const struct stat *file)
{
    struct stat own;

    return fstat(image->fd, &own) == 0 && own.st_dev == file->st_dev &&
           own.st_ino == file->st_ino;
}

/* What a rename must not replace: the image, and what is no file. */
static sdv_err check_target(const sdv_image *image, const char *path)
{
    struct stat file;

    if (stat(path, &file) != 0) {
        return SDV_OK;
    }
    if (is_same(image, &file)) {
        return SDV_ERR_IMAGE_IN_USE;
    }
    return S_ISREG(file.st_mode) ? SDV_OK : SDV_ERR_EXISTS;
}

/* see sdvault/image.h */
sdv_err sdv_image_save(sdv_image *image, int region, const char *path)
{
    char temporary[TEMPORARY_NAME];
    struct copy copy;
    sdv_err err = describe(image, region, &copy);
    int fd;

    if (err == SDV_OK) {
        err = check_target(image, path);
    }
    if (err == SDV_OK) {
        err = sdv_file_temporary(path, temporary, &fd);
    }
    if (err != SDV_OK) {
        return err;
    }
    err = write_copy(image, &copy, fd);
    if (close(fd) != 0) {
        err = SDV_ERR_IO;
    }
    if (err == SDV_OK && rename(temporary, path) != 0) {
        err = SDV_ERR_IO;
    }
    if (err != SDV_OK) {
        (void)unlink(temporary);
    }
    return err;
}

/* Is the file a copy of just this part of such an image? */
static sdv_err check_copy(const sdv_image *image, int fd,
                          const struct copy *copy)
{
    uint8_t head[IMAGE_HEADER];
    const ssize_t n = pread(fd, head, copy->head_length, 0);
    struct stat status;

    if (n < 0 || fstat(fd, &status) != 0) {
        return SDV_ERR_IO;
    }
    if (is_same(image, &status)) {
        return SDV_ERR_IMAGE_IN_USE; /* it would be erased first */
    }
    if ((size_t)n != copy->head_length ||
        memcmp(head, copy->head, copy->head_length) != 0 ||
        (uint64_t)status.st_size != copy->head_length + copy->length) {
        return SDV_ERR_IMAGE_FOREIGN;
    }
    return SDV_OK;
}

/* see sdvault/image.h */
sdv_err sdv_image_restore(sdv_image *image, int region, const char *path)
{
    struct copy copy;
    sdv_err err = describe(image, region, &copy);
    int fd;

    if (err != SDV_OK) {
        return err;
    }
    fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        return SDV_ERR_IO;
    }
    err = check_copy(image, fd, &copy);
    if (err == SDV_OK) {
        err = sdv_file_zero(image->fd, copy.image_offset, copy.length);
    }
    if (err == SDV_OK) {
        err = sdv_file_copy(fd, copy.head_length, image->fd, copy.image_offset,
                            copy.length);
    }
    (void)close(fd);
    return err;
}
