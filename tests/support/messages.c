/* SPDX-License-Identifier: Apache-2.0 */
#include "messages.h"

/* A member with tables does most: it is simulated faster. */
static const struct {
    unsigned fast, slow;
} amounts[] = {
    [CASES_BLOCK] = {200000, 32000}, [CASES_CMAC] = {4000, 1600},
    [CASES_KDF] = {2000, 900},       [CASES_SIV] = {2000, 900},
    [CASES_TAMPER] = {1000, 300},    [CASES_DRBG] = {2000, 500},
};

unsigned cases_of(enum cases kind, unsigned param)
{
    return member_is_fast(member_of(param)) ? amounts[kind].fast
                                            : amounts[kind].slow;
}

size_t length_of_class(crypto_lab *lab, enum length_class class, size_t most)
{
    const size_t blocks = 1 + lab_random(lab) % (most / 16 - 1);
    const size_t part = 1 + lab_random(lab) % 15;
    switch (class) {
    case LENGTH_EMPTY:
        return 0;
    case LENGTH_PARTIAL:
        return part;
    case LENGTH_FULL:
        return 16;
    case LENGTH_BLOCKS:
        return 16 * (blocks + 1);
    default:
        return 16 * blocks + part;
    }
}

size_t random_key(crypto_lab *lab, const struct aes_member *member,
                  unsigned parts, uint8_t *key)
{
    size_t len = 16 + 16 * (size_t)(lab_random(lab) % 2);
    if (!member_takes(member, len)) {
        len = 48 - len;
    }
    lab_random_bytes(lab, key, parts * len);
    return parts * len;
}
