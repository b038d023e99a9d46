/* SPDX-License-Identifier: Apache-2.0 */
#include "text_file.h"

#include <string.h>

#include "crc32.h"

#define CHECKSUM "checksum: "

static void put_checksum(const char *start, size_t size,
                         char line[TEXT_CHECKSUM_SIZE])
{
    uint32_t crc = crc32_of(start, size);
    char *end = line + TEXT_CHECKSUM_SIZE - 1;

    strcpy(line, CHECKSUM);
    *end-- = '\0';
    *end = '\n';
    for (int i = 0; i < 8; i++) {
        *--end = "0123456789abcdef"[crc & 15u];
        crc >>= 4;
    }
}

void text_add_checksum(char *text)
{
    const size_t size = strlen(text);

    put_checksum(text, size, text + size);
}

bool text_take(struct text_reader *reader, const char *expected)
{
    const size_t length = strlen(expected);

    if (reader->left < length || memcmp(reader->text, expected, length) != 0) {
        return false;
    }
    reader->text += length;
    reader->left -= length;
    return true;
}

bool text_take_line(struct text_reader *reader, char *value, size_t size)
{
    const char *end = memchr(reader->text, '\n', reader->left);
    const size_t length = end != NULL ? (size_t)(end - reader->text) : 0;

    if (end == NULL || length >= size) {
        return false;
    }
    memcpy(value, reader->text, length);
    value[length] = '\0';
    reader->text += length + 1;
    reader->left -= length + 1;
    return true;
}

bool text_take_checksum(struct text_reader *reader)
{
    char line[TEXT_CHECKSUM_SIZE];

    put_checksum(reader->start, (size_t)(reader->text - reader->start), line);
    return text_take(reader, line) && reader->left == 0;
}
