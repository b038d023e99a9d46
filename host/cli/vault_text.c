/* SPDX-License-Identifier: Apache-2.0 */
#include "vault_text.h"

#include <string.h>

void license_id_format(const uint8_t id[SDV_LICENSE_ID_BYTES],
                       char text[LICENSE_ID_TEXT])
{
    for (size_t i = 0; i < SDV_LICENSE_ID_BYTES; i++) {
        (void)snprintf(text + 2 * i, LICENSE_ID_TEXT - 2 * i, "%02x", id[i]);
    }
}

bool license_id_parse(const char *text, uint8_t id[SDV_LICENSE_ID_BYTES])
{
    const bool prefix = strncmp(text, "0x", 2) == 0;
    const char *digits = prefix ? text + 2 : text;

    if (strlen(digits) != LICENSE_ID_TEXT - 1) {
        return false;
    }
    for (size_t i = 0; i < SDV_LICENSE_ID_BYTES; i++) {
        const char pair[] = {'0', 'x', digits[2 * i], digits[2 * i + 1], '\0'};
        uint64_t value;

        if (!number_parse(pair, &value)) {
            return false;
        }
        id[i] = (uint8_t)value;
    }
    return true;
}

struct word {
    uint8_t value;
    const char *text;
};

static const char *look_up(const struct word *words, uint8_t value)
{
    while (words->text != NULL && words->value != value) {
        words++;
    }
    return words->text != NULL ? words->text : "unknown";
}

const char *lifecycle_text(uint8_t lifecycle)
{
    static const struct word words[] = {
        {SDV_VAULT_LIFECYCLE_BLANK, "blank"},
        {SDV_VAULT_LIFECYCLE_ACTIVE, "active"},
        {SDV_VAULT_LIFECYCLE_LOCKED, "locked"},
        {SDV_VAULT_LIFECYCLE_TERMINATED, "terminated"},
        {0, NULL}};

    return look_up(words, lifecycle);
}

const char *license_state_text(uint8_t state)
{
    static const struct word words[] = {{SDV_VAULT_STATE_LIVE, "live"},
                                        {SDV_VAULT_STATE_DELETING, "deleting"},
                                        {SDV_VAULT_STATE_DELETED, "deleted"},
                                        {SDV_VAULT_STATE_DEFECT, "defect"},
                                        {0, NULL}};

    return look_up(words, state);
}
