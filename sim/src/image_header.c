/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The header of a card image: what it says, packed and parsed.
 */
#include <string.h>

#include "bytes.h"
#include "image_private.h"

/* A byte with bit 7 set, both line ends and an end-of-file character: a copy
 * in text mode no longer starts like this. */
static const uint8_t magic[8] = {0x89, 'S', 'D', 'V', '\r', '\n', 0x1A, '\n'};

enum {
    VERSION = 1,
    AT_VERSION = 8,
    AT_HEADER = 12,
    AT_UNITS = 16, /* four numbers of 4 bytes */
    AT_DATA = 32,  /* four of 8 */
    AT_WEAR = 64,  /* four of 8 */
    AT_SIZE = 96,
    AT_CRC = IMAGE_HEADER - 4,
    USER_AT = 131072 /* the same in every image, so that tools find it */
};

/* see image_private.h */
uint32_t sdv_crc32(const uint8_t *data, size_t length)
{
    uint32_t crc = 0xFFFFFFFFu;

    for (size_t i = 0; i < length; i++) {
        crc ^= data[i];
        for (unsigned bit = 0; bit < 8; bit++) {
            crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1u)));
        }
    }
    return ~crc;
}

static uint64_t align(uint64_t offset)
{
    return (offset + IMAGE_HEADER - 1) / IMAGE_HEADER * IMAGE_HEADER;
}

/* see image_private.h */
struct image_layout sdv_image_layout(uint32_t user_sectors)
{
    struct image_layout layout = {
        .region = {
            [SDV_REGION_USER] = {.units = user_sectors, .unit = IMAGE_SECTOR},
            [SDV_REGION_SECURE] = {.units = SDV_NVM_SECURE_SECTORS,
                                   .unit = IMAGE_SECTOR},
            [SDV_REGION_EEPROM] = {.units = SDV_NVM_EEPROM_WORDS,
                                   .unit = IMAGE_WORD},
            [SDV_REGION_OTP] = {.units = SDV_NVM_OTP_WORDS,
                                .unit = IMAGE_WORD}}};
    static const sdv_region order[IMAGE_REGIONS] = {
        SDV_REGION_OTP, SDV_REGION_EEPROM, SDV_REGION_SECURE, SDV_REGION_USER};
    uint64_t at = IMAGE_HEADER;

    for (unsigned i = 0; i < IMAGE_REGIONS; i++) {
        struct image_region *r = &layout.region[order[i]];

        r->data = order[i] == SDV_REGION_USER ? USER_AT : at;
        at = align(r->data + (uint64_t)r->units * r->unit);
    }
    for (unsigned i = 0; i < IMAGE_REGIONS; i++) {
        struct image_region *r = &layout.region[order[i]];

        r->wear = at;
        at = align(at + (uint64_t)r->units * 4);
    }
    layout.size = at;
    return layout;
}

/* see image_private.h */
void sdv_image_header_pack(const struct image_layout *layout,
                           uint8_t header[IMAGE_HEADER])
{
    memset(header, 0, IMAGE_HEADER);
    memcpy(header, magic, sizeof(magic));
    sdv_put32(header + AT_VERSION, VERSION);
    sdv_put32(header + AT_HEADER, IMAGE_HEADER);
    for (size_t i = 0; i < IMAGE_REGIONS; i++) {
        const struct image_region *r = &layout->region[i];

        sdv_put32(header + AT_UNITS + 4 * i, r->units);
        sdv_put64(header + AT_DATA + 8 * i, r->data);
        sdv_put64(header + AT_WEAR + 8 * i, r->wear);
    }
    sdv_put64(header + AT_SIZE, layout->size);
    sdv_put32(header + AT_CRC, sdv_crc32(header, AT_CRC));
}

/* see image_private.h */
sdv_err sdv_image_header_parse(const uint8_t header[IMAGE_HEADER],
                               size_t length, struct image_layout *layout)
{
    uint8_t expected[IMAGE_HEADER];

    if (length < AT_HEADER || memcmp(header, magic, sizeof(magic)) != 0 ||
        sdv_get32(header + AT_VERSION) != VERSION) {
        return SDV_ERR_IMAGE_FOREIGN;
    }
    if (length < IMAGE_HEADER ||
        sdv_get32(header + AT_CRC) != sdv_crc32(header, AT_CRC)) {
        return SDV_ERR_IMAGE_TORN;
    }
    /* Version 1 has one layout for each size: anything else is not ours. */
    *layout = sdv_image_layout(sdv_get32(header + AT_UNITS));
    sdv_image_header_pack(layout, expected);
    if (memcmp(header, expected, IMAGE_HEADER) != 0) {
        return SDV_ERR_IMAGE_FOREIGN;
    }
    return SDV_OK;
}
