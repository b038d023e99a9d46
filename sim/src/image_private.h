/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file image_private.h
 * @brief Inside of the card image; layout and reasons in docs/image.md.
 */
#ifndef SDV_IMAGE_PRIVATE_H
#define SDV_IMAGE_PRIVATE_H

#include <sys/types.h>

#include <sdvault/image.h>

enum {
    IMAGE_REGIONS = 4,
    IMAGE_HEADER = 4096, /* bytes, and what regions are aligned to */
    IMAGE_SECTOR = 512,
    IMAGE_WORD = 4
};

/** Where one region and its program counters lie in the file. */
struct image_region {
    uint32_t units; /* sectors or words */
    uint32_t unit;  /* bytes each */
    uint64_t data;  /* offset of the bytes */
    uint64_t wear;  /* offset of the counters, 4 bytes a unit */
};

struct image_layout {
    struct image_region region[IMAGE_REGIONS]; /* index: sdv_region */
    uint64_t size;                             /* bytes of the file */
};

struct sdv_image {
    int fd;
    uint8_t *map; /* the whole file */
    struct image_layout layout;
};

/** The layout of a card with so many user sectors. */
struct image_layout sdv_image_layout(uint32_t user_sectors);

/** Do `count` units from `first` lie inside the region? */
bool sdv_image_inside(const sdv_image *image, sdv_region region, size_t first,
                      size_t count);

/** Write the header of an image: IMAGE_HEADER bytes. */
void sdv_image_header_pack(const struct image_layout *layout,
                           uint8_t header[IMAGE_HEADER]);

/**
 * Read a header of which only `length` bytes may be there.
 *
 * @retval SDV_OK                 *layout is what it says
 * @retval SDV_ERR_IMAGE_FOREIGN  something else, or another version
 * @retval SDV_ERR_IMAGE_TORN     cut short, or damaged
 */
sdv_err sdv_image_header_parse(const uint8_t header[IMAGE_HEADER],
                               size_t length, struct image_layout *layout);

/** CRC-32 (IEEE 802.3) of some bytes. */
uint32_t sdv_crc32(const uint8_t *data, size_t length);

/** Write all bytes at an offset.  @retval SDV_ERR_IO the disk is full */
sdv_err sdv_file_write(int fd, const uint8_t *data, size_t length,
                       uint64_t offset);

/** Make a range of a file read as zeros, and give its space back. */
sdv_err sdv_file_zero(int fd, uint64_t offset, uint64_t length);

/** Copy a range from file to file; holes are left out. */
sdv_err sdv_file_copy(int from, uint64_t from_offset, int to,
                      uint64_t to_offset, uint64_t length);

/** A new file beside `path`, under a name that is put into temporary[]. */
enum { TEMPORARY_NAME = 4096 };
sdv_err sdv_file_temporary(const char *path, char temporary[TEMPORARY_NAME],
                           int *fd);

#endif /* SDV_IMAGE_PRIVATE_H */
