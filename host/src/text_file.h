/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are a few lines of text with a checksum of them at the end. */
#ifndef SDV_TEXT_FILE_H
#define SDV_TEXT_FILE_H

#include <stdbool.h>
#include <stddef.h>

/** The last line: "checksum: " and 8 hex digits of the CRC-32 before it. */
#define TEXT_CHECKSUM_SIZE 20 /* with its end and a zero */

/** Append that line to a string. */
void text_add_checksum(char *text);

/** A file that is read from its start. */
struct text_reader {
    const char *start;
    const char *text; /* the unread part */
    size_t left;
};

/** Read exactly this. */
bool text_take(struct text_reader *reader, const char *expected);

/** The rest of a line, without its end, as a string of at most size - 1. */
bool text_take_line(struct text_reader *reader, char *value, size_t size);

/** The last line, right, and nothing behind it. */
bool text_take_checksum(struct text_reader *reader);

#endif /* SDV_TEXT_FILE_H */
