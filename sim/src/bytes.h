/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bytes.h
 * @brief Big-endian numbers in bytes, and seeded random numbers.
 */
#ifndef SDV_BYTES_H
#define SDV_BYTES_H

#include <stdint.h>

static inline uint16_t sdv_get16(const uint8_t *p)
{
    return (uint16_t)((unsigned)p[0] << 8 | p[1]);
}

static inline void sdv_put16(uint8_t *p, uint16_t value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

static inline uint32_t sdv_get32(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

static inline void sdv_put32(uint8_t *p, uint32_t value)
{
    p[0] = (uint8_t)(value >> 24);
    p[1] = (uint8_t)(value >> 16);
    p[2] = (uint8_t)(value >> 8);
    p[3] = (uint8_t)value;
}

static inline uint64_t sdv_get64(const uint8_t *p)
{
    return (uint64_t)sdv_get32(p) << 32 | sdv_get32(p + 4);
}

static inline void sdv_put64(uint8_t *p, uint64_t value)
{
    sdv_put32(p, (uint32_t)(value >> 32));
    sdv_put32(p + 4, (uint32_t)value);
}

/** Next number of the sequence that `state` was seeded for (splitmix64). */
static inline uint64_t sdv_random(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15u;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

/** Where the entropy source of a slot with this seed begins. */
static inline uint64_t sdv_entropy_start(uint64_t seed)
{
    return seed ^ 0x656E74726F707921u; /* not where the garbage begins */
}

/** Its next word. */
static inline uint32_t sdv_entropy_next(uint64_t *state)
{
    return (uint32_t)(sdv_random(state) >> 32);
}

#endif /* SDV_BYTES_H */
