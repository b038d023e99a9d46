/* SPDX-License-Identifier: Apache-2.0 */
/* CRC-32 of IEEE 802.3, for files. */
#ifndef SDV_CRC32_H
#define SDV_CRC32_H

#include <stddef.h>
#include <stdint.h>

static inline uint32_t crc32_of(const void *bytes, size_t size)
{
    const uint8_t *at = bytes;
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < size; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++) {
            /* the polynomial with its bits reversed */
            crc = crc >> 1 ^ (crc & 1u ? 0xEDB88320u : 0);
        }
    }
    return ~crc;
}

#endif /* SDV_CRC32_H */
