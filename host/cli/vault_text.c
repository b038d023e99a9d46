/* SPDX-License-Identifier: Apache-2.0 */
#include "vault_text.h"

#include "hex.h"

void license_id_format(const uint8_t id[SDV_LICENSE_ID_BYTES],
                       char text[LICENSE_ID_TEXT])
{
    hex_format(id, SDV_LICENSE_ID_BYTES, text);
}

bool license_id_parse(const char *text, uint8_t id[SDV_LICENSE_ID_BYTES])
{
    return hex_parse(text, id, SDV_LICENSE_ID_BYTES);
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
