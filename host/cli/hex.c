/* SPDX-License-Identifier: Apache-2.0 */
#include "hex.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"

bool hex_parse(const char *text, uint8_t *bytes, size_t size)
{
    const char *digits = strncmp(text, "0x", 2) == 0 ? text + 2 : text;

    if (strlen(digits) != 2 * size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        const char pair[] = {'0', 'x', digits[2 * i], digits[2 * i + 1], '\0'};
        uint64_t value;

        if (!number_parse(pair, &value)) {
            return false;
        }
        bytes[i] = (uint8_t)value;
    }
    return true;
}

void hex_format(const uint8_t *bytes, size_t size, char *text)
{
    text[0] = '\0';
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
}
