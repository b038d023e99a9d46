/* SPDX-License-Identifier: Apache-2.0 */
/* The text of an apparatus file. */
#include <stdbool.h>
#include <string.h>

#include <sdvault/apparatus.h>

#include "crc32.h"

#define MAGIC "sdvault apparatus\nversion: 1\n"
#define ID "id: "
#define LABEL "label: "
#define CHECKSUM "checksum: "
#define CRC_DIGITS 8

static void put_crc(uint32_t crc, char text[CRC_DIGITS + 1])
{
    for (int i = CRC_DIGITS - 1; i >= 0; i--) {
        text[i] = "0123456789abcdef"[crc & 15u];
        crc >>= 4;
    }
    text[CRC_DIGITS] = '\0';
}

static bool label_is_fine(const char label[SDV_LABEL_MAX + 1])
{
    if (label[0] == '\0' || memchr(label, '\0', SDV_LABEL_MAX + 1) == NULL) {
        return false;
    }
    for (; *label != '\0'; label++) {
        if ((uint8_t)*label < 0x20 || *label == 0x7F) {
            return false;
        }
    }
    return true;
}

sdv_err sdv_apparatus_format(const sdv_apparatus *apparatus,
                             char text[SDV_APPARATUS_TEXT_MAX])
{
    char id[SDV_ID_TEXT_SIZE];
    char crc[CRC_DIGITS + 1];

    text[0] = '\0';
    if (!label_is_fine(apparatus->label)) {
        return SDV_ERR_ARG;
    }
    if (sdv_id_format(apparatus->id, id) != SDV_OK) {
        return SDV_ERR_ID;
    }
    strcpy(text, MAGIC ID);
    strcat(text, id);
    strcat(text, "\n" LABEL);
    strcat(text, apparatus->label);
    strcat(text, "\n");
    put_crc(crc32_of(text, strlen(text)), crc);
    strcat(text, CHECKSUM);
    strcat(text, crc);
    strcat(text, "\n");
    return SDV_OK;
}

/* The unread part of a file. */
struct reader {
    const char *text;
    size_t left;
};

static bool take(struct reader *reader, const char *expected)
{
    const size_t length = strlen(expected);

    if (reader->left < length || memcmp(reader->text, expected, length) != 0) {
        return false;
    }
    reader->text += length;
    reader->left -= length;
    return true;
}

/* The rest of a line, without its end. */
static bool take_line(struct reader *reader, char *value, size_t size)
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

static bool take_all(const char *text, size_t size, sdv_apparatus *apparatus)
{
    struct reader reader = {text, size};
    char id[SDV_ID_TEXT_SIZE];
    char crc[CRC_DIGITS + 1];

    if (!take(&reader, MAGIC) || !take(&reader, ID) ||
        !take_line(&reader, id, sizeof(id)) || !take(&reader, LABEL) ||
        !take_line(&reader, apparatus->label, sizeof(apparatus->label))) {
        return false;
    }
    put_crc(crc32_of(text, size - reader.left), crc);
    return take(&reader, CHECKSUM) && take(&reader, crc) &&
           take(&reader, "\n") && reader.left == 0 &&
           label_is_fine(apparatus->label) &&
           sdv_id_parse(id, &apparatus->id) == SDV_OK;
}

sdv_err sdv_apparatus_parse(const char *text, size_t size,
                            sdv_apparatus *apparatus)
{
    memset(apparatus, 0, sizeof(*apparatus));
    if (!take_all(text, size, apparatus)) {
        memset(apparatus, 0, sizeof(*apparatus));
        return SDV_ERR_APPARATUS;
    }
    return SDV_OK;
}
