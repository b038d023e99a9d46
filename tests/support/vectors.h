/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file vectors.h
 * @brief Files of known answers: records of lines "NAME = value".
 *
 * A record ends with an empty line.  "[NAME = value]" and "# NAME = value" hold
 * until they are given again; "[value]" is a field SECTION.
 */
#ifndef SDV_TEST_VECTORS_H
#define SDV_TEST_VECTORS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct vectors vectors;

/**
 * Of python3-cryptography-vectors, or the folder $SDV_TEST_VECTORS; a file that
 * is missing fails the test.
 */
vectors *vectors_published(const char *path);
/** Of the folder vectors of the source tree. */
vectors *vectors_own(const char *name);
void vectors_close(vectors **v);

/** The next record; false at the end of the file. */
bool vectors_next(vectors *v);

/** Field number `nth` of that name, or NULL. */
const char *vectors_nth(const vectors *v, const char *name, unsigned nth);
/** The first one; it fails the test if there is none. */
const char *vectors_text(const vectors *v, const char *name);
/** Whether the first one is `text`. */
bool vectors_is(const vectors *v, const char *name, const char *text);
/** A hex field; gives its length in bytes. */
size_t vectors_bytes(const vectors *v, const char *name, uint8_t *bytes,
                     size_t size);

/** Bytes of hex digits. */
size_t vectors_hex(const char *text, uint8_t *bytes, size_t size);

#endif /* SDV_TEST_VECTORS_H */
