/* SPDX-License-Identifier: Apache-2.0 */
/* The text of a file that holds one content key. */
#include <string.h>

#include <openssl/crypto.h>

#include <sdvault/content.h>

#include "text_file.h"

#define MAGIC "sdvault content key\nversion: 1\n"
#define KEY "key: "
#define DIGITS (2 * SDV_KEY_BYTES)

static const char digits[] = "0123456789abcdef";

void sdv_content_key_format(const uint8_t key[SDV_KEY_BYTES],
                            char text[SDV_KEY_TEXT_MAX])
{
    size_t used = strlen(MAGIC KEY);

    memcpy(text, MAGIC KEY, used);
    for (size_t i = 0; i < SDV_KEY_BYTES; i++) {
        text[used++] = digits[key[i] >> 4];
        text[used++] = digits[key[i] & 15];
    }
    text[used++] = '\n';
    text[used] = '\0';
    text_add_checksum(text);
}

/* The value of a digit, or -1. */
static int value_of(char digit)
{
    const char *found = digit != '\0' ? strchr(digits, digit) : NULL;

    return found != NULL ? (int)(found - digits) : -1;
}

static bool take_key(const char *line, uint8_t key[SDV_KEY_BYTES])
{
    if (strlen(line) != DIGITS) {
        return false;
    }
    for (size_t i = 0; i < SDV_KEY_BYTES; i++) {
        const int high = value_of(line[2 * i]);
        const int low = value_of(line[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        key[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

sdv_err sdv_content_key_parse(const char *text, size_t size,
                              uint8_t key[SDV_KEY_BYTES])
{
    struct text_reader reader = {text, text, size};
    char line[DIGITS + 1];
    sdv_err err = SDV_OK;

    if (!text_take(&reader, MAGIC) || !text_take(&reader, KEY) ||
        !text_take_line(&reader, line, sizeof(line)) ||
        !text_take_checksum(&reader) || !take_key(line, key)) {
        OPENSSL_cleanse(key, SDV_KEY_BYTES);
        err = SDV_ERR_KEY_FILE;
    }
    OPENSSL_cleanse(line, sizeof(line));
    return err;
}
