/* SPDX-License-Identifier: Apache-2.0 */
/* Crockford's base 32 with its check symbol.  37 is a prime above the number
 * of digits, so the remainder changes with every digit and every swap. */
#include <stddef.h>
#include <string.h>

#include <sdvault/id.h>

#define DIGITS 13
#define SYMBOLS (DIGITS + 1) /* with the check symbol */
#define HEX_DIGITS 16
#define MODULUS 37
#define FIRST_MAX 15 /* the first digit holds bits 63:60 */

/* The first 32 are the digits; all 37 are check symbols. */
static const char alphabet[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/* Hyphens stand before these symbols. */
static bool starts_group(int symbol)
{
    return symbol == 4 || symbol == 8 || symbol == DIGITS;
}

bool sdv_id_valid(uint64_t id)
{
    return id != 0 && id != UINT64_MAX;
}

sdv_err sdv_id_format(uint64_t id, char text[SDV_ID_TEXT_SIZE])
{
    size_t used = 0;

    text[0] = '\0';
    if (!sdv_id_valid(id)) {
        return SDV_ERR_ID;
    }
    for (int i = 0; i < SYMBOLS; i++) {
        if (starts_group(i)) {
            text[used++] = '-';
        }
        text[used++] = i < DIGITS ? alphabet[id >> 5 * (DIGITS - 1 - i) & 31u]
                                  : alphabet[id % MODULUS];
    }
    text[used] = '\0';
    return SDV_OK;
}

/* The value of a symbol, or -1; people mix up O with 0, and I and L with 1. */
static int value_of(char symbol)
{
    const char *found;

    if (symbol >= 'a' && symbol <= 'z') {
        symbol = (char)(symbol - 'a' + 'A');
    }
    if (symbol == 'O') {
        symbol = '0';
    } else if (symbol == 'I' || symbol == 'L') {
        symbol = '1';
    }
    found = symbol != '\0' ? strchr(alphabet, symbol) : NULL;
    return found != NULL ? (int)(found - alphabet) : -1;
}

/* The values of exactly `SYMBOLS` symbols, hyphens left out. */
static bool read_symbols(const char *text, int values[SYMBOLS])
{
    int count = 0;

    for (; *text != '\0'; text++) {
        if (*text == '-') {
            continue;
        }
        if (count == SYMBOLS) {
            return false;
        }
        values[count] = value_of(*text);
        if (values[count] < 0 || (count < DIGITS && values[count] > 31)) {
            return false;
        }
        count++;
    }
    return count == SYMBOLS && values[0] <= FIRST_MAX;
}

static bool read_typed(const char *text, uint64_t *id)
{
    int values[SYMBOLS];

    if (!read_symbols(text, values)) {
        return false;
    }
    *id = 0;
    for (int i = 0; i < DIGITS; i++) {
        *id = *id << 5 | (unsigned)values[i];
    }
    return *id % MODULUS == (unsigned)values[DIGITS];
}

static bool read_hex(const char *digits, uint64_t *id)
{
    *id = 0;
    if (strlen(digits) != HEX_DIGITS) {
        return false;
    }
    for (; *digits != '\0'; digits++) {
        const bool plain = (*digits >= '0' && *digits <= '9') ||
                           (*digits >= 'a' && *digits <= 'f') ||
                           (*digits >= 'A' && *digits <= 'F');

        if (!plain) {
            return false;
        }
        *id = *id << 4 | (unsigned)value_of(*digits);
    }
    return true;
}

/* A displayed id may start with 0X too; its hyphens tell them apart. */
static bool is_hex(const char *text)
{
    return text[0] == '0' && (text[1] == 'x' || text[1] == 'X') &&
           strchr(text, '-') == NULL;
}

sdv_err sdv_id_parse(const char *text, uint64_t *id)
{
    const bool read =
        is_hex(text) ? read_hex(text + 2, id) : read_typed(text, id);

    if (!read || !sdv_id_valid(*id)) {
        *id = 0;
        return SDV_ERR_ID;
    }
    return SDV_OK;
}
