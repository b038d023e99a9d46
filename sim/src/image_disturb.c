/* SPDX-License-Identifier: Apache-2.0 */
/* What may happen to storage behind the controller's back. */
#include <string.h>

#include "bytes.h"
#include "image_private.h"

static uint64_t place_of(const struct image_region *r, size_t unit)
{
    return r->data + (uint64_t)unit * r->unit;
}

static void fill_garbage(uint8_t garbage[IMAGE_SECTOR], uint64_t *seed)
{
    for (size_t i = 0; i < IMAGE_SECTOR; i++) {
        garbage[i] = (uint8_t)(sdv_random(seed) >> 56);
    }
}

/* The first `kept` bits of `old` before the garbage. */
static void keep_bits(uint8_t *garbage, const uint8_t *old, size_t kept)
{
    const uint8_t mask = (uint8_t)(0xFFu << (8 - kept % 8));

    memcpy(garbage, old, kept / 8);
    garbage[kept / 8] =
        (uint8_t)((garbage[kept / 8] & ~mask) | (old[kept / 8] & mask));
}

/* Garbage over all of each unit, or over the end of it. */
static sdv_err disturb(sdv_image *image, sdv_region region, size_t first,
                       size_t count, uint64_t seed, bool torn)
{
    const struct image_region *r = &image->layout.region[region];
    sdv_err err = SDV_OK;

    if (!sdv_image_inside(image, region, first, count)) {
        return SDV_ERR_RANGE;
    }
    for (size_t i = first; i < first + count && err == SDV_OK; i++) {
        const uint64_t at = place_of(r, i);
        uint8_t garbage[IMAGE_SECTOR];

        fill_garbage(garbage, &seed);
        if (torn) {
            keep_bits(garbage, image->map + at,
                      1 + sdv_random(&seed) % (8 * r->unit - 1));
        }
        err = sdv_file_write(image->fd, garbage, r->unit, at);
    }
    return err;
}

/* see sdvault/image.h */
sdv_err sdv_image_damage(sdv_image *image, sdv_region region, size_t first,
                         size_t count, uint64_t seed)
{
    return disturb(image, region, first, count, seed, false);
}

/* see sdvault/image.h */
sdv_err sdv_image_tear(sdv_image *image, sdv_region region, size_t first,
                       size_t count, uint64_t seed)
{
    return disturb(image, region, first, count, seed, true);
}

/* see sdvault/image.h */
sdv_err sdv_image_swap(sdv_image *image, sdv_region region, size_t a, size_t b)
{
    const struct image_region *r = &image->layout.region[region];
    uint8_t first[IMAGE_SECTOR];
    uint8_t second[IMAGE_SECTOR];
    sdv_err err;

    if (!sdv_image_inside(image, region, a, 1) ||
        !sdv_image_inside(image, region, b, 1)) {
        return SDV_ERR_RANGE;
    }
    memcpy(first, image->map + place_of(r, a), r->unit);
    memcpy(second, image->map + place_of(r, b), r->unit);
    err = sdv_file_write(image->fd, second, r->unit, place_of(r, a));
    return err == SDV_OK
               ? sdv_file_write(image->fd, first, r->unit, place_of(r, b))
               : err;
}
