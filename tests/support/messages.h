/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file messages.h
 * @brief How many random cases each member of the AES family gets, and of which
 * lengths.
 */
#ifndef SDV_TEST_MESSAGES_H
#define SDV_TEST_MESSAGES_H

#include "members.h"

/** Kinds of random cases. */
enum cases {
    CASES_BLOCK,  /* one block through the core */
    CASES_CMAC,   /* a message */
    CASES_KDF,    /* a derivation */
    CASES_SIV,    /* a message, sealed and opened */
    CASES_TAMPER, /* a message that has to be refused */
    CASES_DRBG,   /* a random number */
};

/** Cases of one kind for a parameter of members.h. */
unsigned cases_of(enum cases kind, unsigned param);

/** Classes of lengths. */
enum length_class {
    LENGTH_EMPTY,
    LENGTH_PARTIAL,
    LENGTH_FULL,
    LENGTH_BLOCKS,
    LENGTH_BLOCKS_AND_PARTIAL,
    LENGTH_CLASSES,
};

/** A random length of a class, at most `most` bytes. */
size_t length_of_class(crypto_lab *lab, enum length_class class, size_t most);

/** A random key of a size that the member takes, `parts` times over. */
size_t random_key(crypto_lab *lab, const struct aes_member *member,
                  unsigned parts, uint8_t *key);

#endif /* SDV_TEST_MESSAGES_H */
