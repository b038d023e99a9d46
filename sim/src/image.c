/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An open card image: the mapped file and what happens to its cells.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "image_private.h"

/* An open file description can hold one flock(): it keeps out a second
 * opener of the same process too. */
static sdv_err lock(int fd)
{
    if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
        return SDV_OK;
    }
    return errno == EWOULDBLOCK ? SDV_ERR_IMAGE_IN_USE : SDV_ERR_IO;
}

static sdv_err read_layout(int fd, struct image_layout *layout)
{
    uint8_t header[IMAGE_HEADER] = {0};
    const ssize_t length = pread(fd, header, sizeof(header), 0);
    struct stat status;
    sdv_err err;

    if (length < 0 || fstat(fd, &status) != 0) {
        return SDV_ERR_IO;
    }
    err = sdv_image_header_parse(header, (size_t)length, layout);
    if (err == SDV_OK && (uint64_t)status.st_size < layout->size) {
        err = SDV_ERR_IMAGE_TORN;
    }
    return err;
}

static sdv_err load(struct sdv_image *image, const char *path)
{
    void *map;
    sdv_err err;

    image->fd = open(path, O_RDWR | O_CLOEXEC);
    if (image->fd < 0) {
        return SDV_ERR_IO;
    }
    err = lock(image->fd);
    if (err == SDV_OK) {
        err = read_layout(image->fd, &image->layout);
    }
    if (err != SDV_OK) {
        return err;
    }
    map = mmap(NULL, image->layout.size, PROT_READ | PROT_WRITE, MAP_SHARED,
               image->fd, 0);
    if (map == MAP_FAILED) {
        return SDV_ERR_NO_MEMORY;
    }
    image->map = map;
    return SDV_OK;
}

/* see sdvault/image.h */
sdv_err sdv_image_open(const char *path, sdv_image **image)
{
    struct sdv_image *made = calloc(1, sizeof(*made));
    sdv_err err;

    *image = NULL;
    if (made == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    err = load(made, path);
    if (err != SDV_OK) {
        sdv_image_close(&made);
    }
    *image = made;
    return err;
}

/* see sdvault/image.h */
void sdv_image_close(sdv_image **image)
{
    struct sdv_image *gone = *image;

    if (gone == NULL) {
        return;
    }
    if (gone->map != NULL) {
        (void)munmap(gone->map, gone->layout.size);
    }
    if (gone->fd >= 0) {
        (void)close(gone->fd); /* unlocks */
    }
    free(gone);
    *image = NULL;
}

/* see sdvault/image.h */
size_t sdv_image_size(const sdv_image *image, sdv_region region)
{
    const struct image_region *r = &image->layout.region[region];

    return (size_t)r->units * r->unit;
}

/* see sdvault/image.h */
uint8_t *sdv_image_data(sdv_image *image, sdv_region region)
{
    return image->map + image->layout.region[region].data;
}

static uint64_t wear_at(const sdv_image *image, sdv_region region, size_t unit)
{
    return image->layout.region[region].wear + 4 * (uint64_t)unit;
}

/* see sdvault/image.h */
void sdv_image_count(sdv_image *image, sdv_region region, size_t unit)
{
    const uint64_t at = wear_at(image, region, unit);
    uint8_t count[4];

    if (unit < image->layout.region[region].units) {
        sdv_put32(count, sdv_get32(image->map + at) + 1);
        /* A full disk loses a count, not the process: a store to the mapping
         * would raise SIGBUS. */
        (void)sdv_file_write(image->fd, count, sizeof(count), at);
    }
}

/* see sdvault/image.h */
uint32_t sdv_image_wear(const sdv_image *image, sdv_region region, size_t unit)
{
    if (unit >= image->layout.region[region].units) {
        return 0;
    }
    return sdv_get32(image->map + wear_at(image, region, unit));
}

/* see image_private.h */
bool sdv_image_inside(const sdv_image *image, sdv_region region, size_t first,
                      size_t count)
{
    const size_t units = image->layout.region[region].units;

    return first <= units && count <= units - first;
}

/* see sdvault/image.h */
sdv_err sdv_image_program(sdv_image *image, sdv_region region, size_t unit,
                          const uint8_t *bytes)
{
    const struct image_region *r = &image->layout.region[region];

    if (!sdv_image_inside(image, region, unit, 1)) {
        return SDV_ERR_RANGE;
    }
    sdv_image_count(image, region, unit);
    return sdv_file_write(image->fd, bytes, r->unit,
                          r->data + (uint64_t)unit * r->unit);
}

/* see sdvault/image.h */
sdv_err sdv_image_erase(sdv_image *image, sdv_region region, size_t first,
                        size_t count)
{
    const struct image_region *r = &image->layout.region[region];

    if (!sdv_image_inside(image, region, first, count)) {
        return SDV_ERR_RANGE;
    }
    return sdv_file_zero(image->fd, r->data + (uint64_t)first * r->unit,
                         (uint64_t)count * r->unit);
}
