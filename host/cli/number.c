/* SPDX-License-Identifier: Apache-2.0 */
/* Numbers on the command line: all of the text counts, or none of it. */
#include <string.h>

#include "cli.h"

static int digit(char c, unsigned base)
{
    static const char digits[] = "0123456789abcdef";
    const char *found;

    if (c >= 'A' && c <= 'F') {
        c = (char)(c - 'A' + 'a');
    }
    found = c != '\0' ? strchr(digits, c) : NULL;
    return found != NULL && found < digits + base ? (int)(found - digits) : -1;
}

/* Digits up to something else, to which *text points afterwards. */
static bool take_number(const char **text, uint64_t *value)
{
    const bool hex =
        (*text)[0] == '0' && ((*text)[1] == 'x' || (*text)[1] == 'X');
    const unsigned base = hex ? 16 : 10;
    const char *at = *text + (hex ? 2 : 0);
    const char *first = at;

    for (*value = 0; digit(*at, base) >= 0; at++) {
        const unsigned next = (unsigned)digit(*at, base);

        if (*value > (UINT64_MAX - next) / base) {
            return false;
        }
        *value = *value * base + next;
    }
    *text = at;
    return at != first;
}

bool number_parse(const char *text, uint64_t *value)
{
    return take_number(&text, value) && *text == '\0';
}

bool number_parse_size(const char *text, uint64_t *value)
{
    static const char suffixes[] = "KMG";
    const char *suffix;
    unsigned shift;

    if (!take_number(&text, value)) {
        return false;
    }
    if (*text == '\0') {
        return true;
    }
    suffix = strchr(suffixes, *text);
    if (suffix == NULL || text[1] != '\0') {
        return false;
    }
    shift = 10u * (unsigned)(suffix - suffixes + 1);
    if (*value > UINT64_MAX >> shift) {
        return false;
    }
    *value <<= shift;
    return true;
}
