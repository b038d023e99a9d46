/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file members.h
 * @brief Tests that run once for each member of the AES family.
 *
 * A parameter is the number of a member, with TWO_LANES when the engines have
 * two of it.  Messages of a test begin with MEMBER, so that a failure names it.
 */
#ifndef SDV_TEST_MEMBERS_H
#define SDV_TEST_MEMBERS_H

#include <criterion/parameterized.h>
#include <stdbool.h>
#include <stddef.h>

#include "crypto_lab.h"

/** A line of docs/spec/aes_family.csv. */
struct aes_member {
    unsigned number;
    const char *name;
    bool decrypts;
    unsigned keys; /* bits: 128 or 256, 384 for both */
};

#define TWO_LANES 0x100u

/** The member of a parameter. */
const struct aes_member *member_of(unsigned param);
bool member_takes(const struct aes_member *member, size_t key_len);
/** Is it simulated quickly: an S-box as a table, a round or two a clock? */
bool member_is_fast(const struct aes_member *member);

/** Parameters: all members; some of them; all, and pairs of lanes. */
struct criterion_test_params members_each(void);
struct criterion_test_params members_that_decrypt(void);
struct criterion_test_params members_with_long_keys(void);
struct criterion_test_params members_on_lanes(void);

/** The blocks, with this member on the lanes. */
crypto_lab *member_open(unsigned param);

/** A test with a parameter `param` from one of the functions above. */
#define MEMBER_TEST(suite, name, which)                                        \
    ParameterizedTestParameters(suite, name)                                   \
    {                                                                          \
        return which();                                                        \
    }                                                                          \
    ParameterizedTest(unsigned *param, suite, name)

#endif /* SDV_TEST_MEMBERS_H */
