/* SPDX-License-Identifier: Apache-2.0 */
#include "card_fields.h"

#include <string.h>

#define FIELD(reg_, name_, lsb_, bits_, v1_, v2_) {#reg_, #name_, lsb_, bits_},
const struct card_field card_fields[] = {
    SDV_CARD_FIELD_TABLE(FIELD){NULL, NULL, 0, 0}};

/* Fields of one version of the CSD only; their places overlap. */
static const struct {
    const char *name;
    unsigned version;
} csd_only[] = {
    {"C_SIZE", 1},         {"C_SIZE_MULT", 1},    {"VDD_R_CURR_MIN", 1},
    {"VDD_R_CURR_MAX", 1}, {"VDD_W_CURR_MIN", 1}, {"VDD_W_CURR_MAX", 1},
    {"C_SIZE_V2", 2},
};

static bool is(const struct card_field *field, const char *reg)
{
    return strcmp(field->reg, reg) == 0;
}

bool card_field_present(const struct card_field *field, const sdv_card *card)
{
    if (strcmp(field->name, "CRC") == 0) {
        return false; /* the controller keeps it */
    }
    for (size_t i = 0; i < sizeof(csd_only) / sizeof(csd_only[0]); i++) {
        if (is(field, "CSD") && strcmp(field->name, csd_only[i].name) == 0) {
            return card->csd.version == csd_only[i].version;
        }
    }
    return true;
}

/* Bit `bit` of the register that the field is in. */
static unsigned bit_of(const struct card_field *field, const sdv_card *card,
                       unsigned bit)
{
    const uint32_t *words = is(field, "CID") ? card->raw_cid : card->raw_csd;

    if (is(field, "OCR")) {
        return card->ocr >> bit & 1u;
    }
    if (is(field, "SCR")) {
        return card->raw_scr[7 - bit / 8] >> bit % 8 & 1u;
    }
    if (is(field, "SSR")) {
        return card->raw_ssr[63 - bit / 8] >> bit % 8 & 1u;
    }
    return words[bit / 32] >> bit % 32 & 1u;
}

uint64_t card_field_value(const struct card_field *field, const sdv_card *card)
{
    uint64_t value = 0;

    for (unsigned bit = field->lsb + field->bits; bit-- > field->lsb;) {
        value = value << 1 | bit_of(field, card, bit);
    }
    return value;
}
