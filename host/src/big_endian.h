/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers in bytes, most significant byte first. */
#ifndef SDV_BIG_ENDIAN_H
#define SDV_BIG_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t be_get(const uint8_t *bytes, size_t size)
{
    uint64_t value = 0;

    for (size_t i = 0; i < size; i++) {
        value = value << 8 | bytes[i];
    }
    return value;
}

static inline void be_put(uint8_t *bytes, size_t size, uint64_t value)
{
    while (size-- > 0) {
        bytes[size] = (uint8_t)value;
        value >>= 8;
    }
}

static inline uint32_t be_get32(const uint8_t *bytes)
{
    return (uint32_t)be_get(bytes, 4);
}

#endif /* SDV_BIG_ENDIAN_H */
