/* SPDX-License-Identifier: Apache-2.0 */
/* Licenses: issued and recovered, made and delivered. */
#include <string.h>

#include "ledger_query.h"

#define COLUMNS "license, medium, generation, origin, state, sealed"

static const char *const origins[] = {"issue", "recovery", NULL};
static const char *const states[] = {"made", "delivered", NULL};

sdv_err ledger_license_add(struct ledger *ledger, const struct license *license)
{
    struct query query;

    query_begin(&query, ledger,
                "INSERT INTO licenses (" COLUMNS ") VALUES (?, ?, ?, ?, ?, ?)");
    query_give_hex(&query, license->id, sizeof(license->id));
    query_give_medium(&query, license->medium_id);
    query_give_number(&query, license->generation);
    query_give_text(&query, origins[license->recovered]);
    query_give_text(&query, states[license->delivered]);
    query_give_bytes(&query, license->block, sizeof(license->block));
    (void)query_next(&query);
    return query_end(&query);
}

static void take(struct query *query, struct license *license)
{
    query_hex(query, 0, license->id, sizeof(license->id));
    license->medium_id = query_medium(query, 1);
    license->generation = (uint32_t)query_number(query, 2);
    license->recovered = query_word(query, 3, origins) != 0;
    license->delivered = query_word(query, 4, states) != 0;
    query_bytes(query, 5, license->block, sizeof(license->block));
}

/* The first row, if there is one. */
static sdv_err take_first(struct query *query, struct license *license,
                          bool *found)
{
    *found = query_next(query);
    if (*found) {
        take(query, license);
    }
    return query_end(query);
}

sdv_err ledger_license_find(struct ledger *ledger, struct license *license,
                            bool *found)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT " COLUMNS " FROM licenses"
                " WHERE license = ? AND medium = ? AND generation = ?");
    query_give_hex(&query, license->id, sizeof(license->id));
    query_give_medium(&query, license->medium_id);
    query_give_number(&query, license->generation);
    return take_first(&query, license, found);
}

sdv_err ledger_license_newest(struct ledger *ledger, struct license *license,
                              bool *found)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT " COLUMNS " FROM licenses"
                " WHERE license = ? AND medium = ?"
                " ORDER BY generation DESC LIMIT 1");
    query_give_hex(&query, license->id, sizeof(license->id));
    query_give_medium(&query, license->medium_id);
    return take_first(&query, license, found);
}

sdv_err ledger_license_elsewhere(struct ledger *ledger, const uint8_t *id,
                                 uint64_t medium_id, bool *elsewhere)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT 1 FROM licenses AS held"
                " WHERE license = ? AND medium <> ? AND NOT EXISTS"
                " (SELECT 1 FROM recoveries"
                "  WHERE license = held.license AND medium = held.medium)");
    query_give_hex(&query, id, SDV_LICENSE_ID_BYTES);
    query_give_medium(&query, medium_id);
    *elsewhere = query_next(&query);
    return query_end(&query);
}

sdv_err ledger_license_delivered(struct ledger *ledger,
                                 const struct license *license)
{
    struct query query;

    query_begin(&query, ledger,
                "UPDATE licenses SET state = 'delivered'"
                " WHERE license = ? AND medium = ? AND generation = ?");
    query_give_hex(&query, license->id, sizeof(license->id));
    query_give_medium(&query, license->medium_id);
    query_give_number(&query, license->generation);
    (void)query_next(&query);
    return query_end(&query);
}

sdv_err ledger_licenses_made(struct ledger *ledger, uint64_t medium_id,
                             uint32_t generation,
                             sdv_err (*visit)(void *context,
                                              const struct license *license),
                             void *context)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT " COLUMNS " FROM licenses"
                " WHERE medium = ? AND generation = ?"
                " AND origin = 'issue' AND state = 'made' ORDER BY license");
    query_give_medium(&query, medium_id);
    query_give_number(&query, generation);
    while (query_next(&query)) {
        struct license license;

        take(&query, &license);
        query_stop(&query, visit(context, &license));
    }
    return query_end(&query);
}
