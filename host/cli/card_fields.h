/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file card_fields.h
 * @brief Every field of the card's registers, by name.
 */
#ifndef SDV_CLI_CARD_FIELDS_H
#define SDV_CLI_CARD_FIELDS_H

#include <sdvault/card.h>

struct card_field {
    const char *reg;
    const char *name;
    unsigned lsb;
    unsigned bits;
};

/** Ends with a field without a name. */
extern const struct card_field card_fields[];

/** Does this card's version of the register have it? */
bool card_field_present(const struct card_field *field, const sdv_card *card);

uint64_t card_field_value(const struct card_field *field, const sdv_card *card);

#endif /* SDV_CLI_CARD_FIELDS_H */
