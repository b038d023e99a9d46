/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/image.h
 * @brief The card image: one sparse file that is the die and its flash.
 *
 * A header of 4,096 bytes and four regions (docs/image.md): user flash and
 * secure flash in sectors of 512 bytes, EEPROM and OTP in 32-bit words, and a
 * program counter for each sector and word.  The file is mapped and
 * locked against a second opener.  SIGKILL is a power cut and nothing else.
 */
#ifndef SDV_IMAGE_H
#define SDV_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sdvault/error.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sdv_image sdv_image;

/** Regions of an image; the values of docs/spec/nvm.csv. */
typedef enum {
    SDV_REGION_USER = SDV_NVM_REGION_USER,
    SDV_REGION_SECURE = SDV_NVM_REGION_SECURE,
    SDV_REGION_EEPROM = SDV_NVM_REGION_EEPROM,
    SDV_REGION_OTP = SDV_NVM_REGION_OTP
} sdv_region;

/**
 * Manufacture a blank card as a new file.
 *
 * @param path           must not exist
 * @param blocks         user area in blocks of 512 bytes; SDSC: a size that
 *                       CSD version 1 can state, at most 1 GiB; SDHC: a
 *                       multiple of 1,024
 * @param high_capacity  SDHC or SDSC
 * @param serial         serial number of the die
 *
 * @retval SDV_OK          the file is complete and closed
 * @retval SDV_ERR_ARG     that size does not fit the type
 * @retval SDV_ERR_EXISTS  the file is left as it was
 * @retval SDV_ERR_IO      no file is left behind
 */
SDV_MUST_CHECK sdv_err sdv_image_create(const char *path, uint32_t blocks,
                                        bool high_capacity, uint32_t serial);

/**
 * Open and lock an image.
 *
 * @retval SDV_ERR_IO             cannot be opened
 * @retval SDV_ERR_IMAGE_FOREIGN  not an image, or of another version
 * @retval SDV_ERR_IMAGE_TORN     shorter than its header says, or the header's
 *                                checksum is wrong
 * @retval SDV_ERR_IMAGE_IN_USE   another slot has it
 */
SDV_MUST_CHECK sdv_err sdv_image_open(const char *path, sdv_image **image);

/** Unlock and free; sets *image to NULL.  All data is in the file. */
void sdv_image_close(sdv_image **image);

/** Bytes of a region; sectors are 512 bytes, words 4 (big-endian). */
size_t sdv_image_size(const sdv_image *image, sdv_region region);

/** The bytes of a region, writable, valid until close. */
uint8_t *sdv_image_data(sdv_image *image, sdv_region region);

/**
 * Program one sector or word, and count it.
 *
 * @param bytes  uint8_t[512] or uint8_t[4]
 *
 * @retval SDV_ERR_RANGE  past the region's end; nothing was changed
 * @retval SDV_ERR_IO     the disk is full; the unit may be torn
 */
SDV_MUST_CHECK sdv_err sdv_image_program(sdv_image *image, sdv_region region,
                                         size_t unit, const uint8_t *bytes);

/**
 * Make sectors or words read as zeros; their space on the disk is given back.
 *
 * @retval SDV_ERR_RANGE  past the region's end; nothing was changed
 * @retval SDV_ERR_IO     as it says
 */
SDV_MUST_CHECK sdv_err sdv_image_erase(sdv_image *image, sdv_region region,
                                       size_t first, size_t count);

/**
 * Count one program operation that did not go through sdv_image_program().
 * @param unit  sector of a flash region, word of EEPROM or OTP
 */
void sdv_image_count(sdv_image *image, sdv_region region, size_t unit);

/** Program operations of one sector or word since manufacture. */
uint32_t sdv_image_wear(const sdv_image *image, sdv_region region, size_t unit);

/**
 * Copy a region, or with `region` -1 the whole image, to a file.
 *
 * The file is replaced if it exists.  A copy of a whole image is an image.
 *
 * @retval SDV_ERR_ARG           no such region
 * @retval SDV_ERR_IO            nothing was replaced
 * @retval SDV_ERR_IMAGE_IN_USE  the file is the image itself
 * @retval SDV_ERR_EXISTS        the name is that of a device, a pipe, a folder
 */
SDV_MUST_CHECK sdv_err sdv_image_save(sdv_image *image, int region,
                                      const char *path);

/**
 * Put back what sdv_image_save() wrote.
 *
 * @retval SDV_ERR_IMAGE_FOREIGN  the file is no such copy, or of another size;
 *                                the image is unchanged
 * @retval SDV_ERR_IMAGE_IN_USE   the file is the image itself
 */
SDV_MUST_CHECK sdv_err sdv_image_restore(sdv_image *image, int region,
                                         const char *path);

/**
 * Overwrite sectors or words with seeded garbage.
 * @retval SDV_ERR_RANGE  past the region's end; nothing was changed
 */
SDV_MUST_CHECK sdv_err sdv_image_damage(sdv_image *image, sdv_region region,
                                        size_t first, size_t count,
                                        uint64_t seed);

/**
 * Leave sectors or words as a power cut does that comes while they are
 * programmed: each keeps its first bits, as many as the seed says (at least
 * one), and the others are garbage.
 * @retval SDV_ERR_RANGE  past the region's end; nothing was changed
 */
SDV_MUST_CHECK sdv_err sdv_image_tear(sdv_image *image, sdv_region region,
                                      size_t first, size_t count,
                                      uint64_t seed);

/**
 * Exchange the bytes of two sectors or words; program counters stay.
 * @retval SDV_ERR_RANGE  past the region's end; nothing was changed
 */
SDV_MUST_CHECK sdv_err sdv_image_swap(sdv_image *image, sdv_region region,
                                      size_t a, size_t b);

#ifdef __cplusplus
}
#endif

#endif /* SDV_IMAGE_H */
