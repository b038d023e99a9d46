/* SPDX-License-Identifier: Apache-2.0 */
/* The license record in bytes. */
#include <stdbool.h>
#include <string.h>

#include <sdvault/sealed.h>

#include "big_endian.h"

#define LENGTH_BYTES 2 /* of the rights object, before it */

/* Bytes of the UTF-8 character at `text`, of which `left` are there; 0 when it
 * is none, or a control character. */
static size_t character(const uint8_t *text, size_t left)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    const uint8_t first = text[0];
    const size_t size = first < 0x80             ? 1
                        : (first & 0xE0) == 0xC0 ? 2
                        : (first & 0xF0) == 0xE0 ? 3
                        : (first & 0xF8) == 0xF0 ? 4
                                                 : 0;
    uint32_t code = size == 1 ? first : first & (0x7Fu >> size);

    if (size == 0 || size > left) {
        return 0;
    }
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80) {
            return 0;
        }
        code = code << 6 | (text[i] & 0x3Fu);
    }
    if (code < least[size] || code > 0x10FFFF ||
        (code >= 0xD800 && code < 0xE000) || code < 0x20 ||
        (code >= 0x7F && code < 0xA0)) {
        return 0;
    }
    return size;
}

static bool is_zero(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] != 0) {
            return false;
        }
    }
    return true;
}

/* A title is characters, then zeros. */
static bool title_is_fine(const uint8_t title[SDV_TITLE_MAX])
{
    size_t at = 0;

    while (at < SDV_TITLE_MAX && title[at] != 0) {
        const size_t size = character(title + at, SDV_TITLE_MAX - at);

        if (size == 0) {
            return false;
        }
        at += size;
    }
    return at > 0 && is_zero(title + at, SDV_TITLE_MAX - at);
}

static bool rights_are_fine(const uint8_t *bytes)
{
    const size_t size = be_get(bytes, LENGTH_BYTES);

    return size <= SDV_RIGHTS_MAX &&
           is_zero(bytes + LENGTH_BYTES + size, SDV_RIGHTS_MAX - size);
}

static bool is_fine(const uint8_t bytes[SDV_VAULT_RECORD_BYTES])
{
    return title_is_fine(bytes + SDV_RECORD_TITLE) &&
           rights_are_fine(bytes + SDV_RECORD_RIGHTS);
}

/* Length of a title that may fill its array without a zero. */
static size_t title_size(const char title[SDV_TITLE_MAX + 1])
{
    size_t size = 0;

    while (size < SDV_TITLE_MAX && title[size] != '\0') {
        size++;
    }
    return size;
}

#define PUT(bytes, FIELD, value)                                               \
    be_put((bytes) + SDV_RECORD_##FIELD, SDV_RECORD_##FIELD##_BYTES, value)
#define COPY_OUT(bytes, FIELD, from)                                           \
    memcpy((bytes) + SDV_RECORD_##FIELD, from, SDV_RECORD_##FIELD##_BYTES)

sdv_err sdv_record_pack(const sdv_record *record,
                        uint8_t bytes[SDV_VAULT_RECORD_BYTES])
{
    memset(bytes, 0, SDV_VAULT_RECORD_BYTES);
    if (record->rights_size > SDV_RIGHTS_MAX ||
        record->title[title_size(record->title)] != '\0') {
        return SDV_ERR_RECORD;
    }
    COPY_OUT(bytes, CONTENT, record->content_id);
    COPY_OUT(bytes, KEY, record->content_key);
    PUT(bytes, NOT_BEFORE, record->not_before);
    PUT(bytes, NOT_AFTER, record->not_after);
    PUT(bytes, USES, record->uses);
    PUT(bytes, SPENT, record->spent);
    PUT(bytes, FLAGS, record->flags);
    PUT(bytes, EXPORTS, record->exports);
    PUT(bytes, MADE, record->made);
    PUT(bytes, APPARATUS, record->apparatus_id);
    COPY_OUT(bytes, ISSUER, record->issuer);
    memcpy(bytes + SDV_RECORD_TITLE, record->title, title_size(record->title));
    be_put(bytes + SDV_RECORD_RIGHTS, LENGTH_BYTES, record->rights_size);
    memcpy(bytes + SDV_RECORD_RIGHTS + LENGTH_BYTES, record->rights,
           record->rights_size);
    if (!is_fine(bytes)) {
        memset(bytes, 0, SDV_VAULT_RECORD_BYTES);
        return SDV_ERR_RECORD;
    }
    return SDV_OK;
}

#define GET(bytes, FIELD)                                                      \
    be_get((bytes) + SDV_RECORD_##FIELD, SDV_RECORD_##FIELD##_BYTES)
#define COPY_IN(to, bytes, FIELD)                                              \
    memcpy(to, (bytes) + SDV_RECORD_##FIELD, SDV_RECORD_##FIELD##_BYTES)

sdv_err sdv_record_unpack(const uint8_t bytes[SDV_VAULT_RECORD_BYTES],
                          sdv_record *record)
{
    memset(record, 0, sizeof(*record));
    if (!is_fine(bytes)) {
        return SDV_ERR_RECORD;
    }
    COPY_IN(record->content_id, bytes, CONTENT);
    COPY_IN(record->content_key, bytes, KEY);
    record->not_before = GET(bytes, NOT_BEFORE);
    record->not_after = GET(bytes, NOT_AFTER);
    record->uses = (uint32_t)GET(bytes, USES);
    record->spent = (uint32_t)GET(bytes, SPENT);
    record->flags = (uint32_t)GET(bytes, FLAGS);
    record->exports = (uint32_t)GET(bytes, EXPORTS);
    record->made = (uint32_t)GET(bytes, MADE);
    record->apparatus_id = GET(bytes, APPARATUS);
    COPY_IN(record->issuer, bytes, ISSUER);
    COPY_IN(record->title, bytes, TITLE);
    record->rights_size =
        (uint16_t)be_get(bytes + SDV_RECORD_RIGHTS, LENGTH_BYTES);
    memcpy(record->rights, bytes + SDV_RECORD_RIGHTS + LENGTH_BYTES,
           record->rights_size);
    return SDV_OK;
}
