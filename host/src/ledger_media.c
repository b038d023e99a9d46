/* SPDX-License-Identifier: Apache-2.0 */
/* Media and recoveries. */
#include "ledger_query.h"

static const char *const states[] = {[MEDIUM_SENT] = "sent",
                                     [MEDIUM_ACTIVE] = "active",
                                     [MEDIUM_DEAD] = "dead",
                                     NULL};

sdv_err ledger_medium_add(struct ledger *ledger, const struct medium *medium)
{
    struct query query;

    query_begin(&query, ledger,
                "INSERT INTO media (medium, cid, state) VALUES (?, ?, ?)");
    query_give_medium(&query, medium->id);
    query_give_hex(&query, medium->cid, sizeof(medium->cid));
    query_give_text(&query, states[medium->state]);
    (void)query_next(&query);
    return query_end(&query);
}

static void take_medium(struct query *query, struct medium *medium)
{
    medium->id = query_medium(query, 0);
    query_hex(query, 1, medium->cid, sizeof(medium->cid));
    medium->state = (enum medium_state)query_word(query, 2, states);
}

sdv_err ledger_medium_find(struct ledger *ledger, uint64_t id,
                           struct medium *medium)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT medium, cid, state FROM media WHERE medium = ?");
    query_give_medium(&query, id);
    if (query_next(&query)) {
        take_medium(&query, medium);
    } else {
        query_stop(&query, SDV_ERR_MEDIUM_UNKNOWN);
    }
    return query_end(&query);
}

sdv_err ledger_medium_set_state(struct ledger *ledger, uint64_t id,
                                enum medium_state state)
{
    struct query query;

    query_begin(&query, ledger, "UPDATE media SET state = ? WHERE medium = ?");
    query_give_text(&query, states[state]);
    query_give_medium(&query, id);
    (void)query_next(&query);
    return query_end(&query);
}

sdv_err ledger_media(struct ledger *ledger, enum medium_state state,
                     sdv_err (*visit)(void *context,
                                      const struct medium *medium),
                     void *context)
{
    struct query query;

    query_begin(
        &query, ledger,
        "SELECT medium, cid, state FROM media WHERE state = ? ORDER BY medium");
    query_give_text(&query, states[state]);
    while (query_next(&query)) {
        struct medium medium;

        take_medium(&query, &medium);
        query_stop(&query, visit(context, &medium));
    }
    return query_end(&query);
}

/* ---- recoveries ---- */

sdv_err ledger_recovery_add(struct ledger *ledger,
                            const struct recovery *recovery)
{
    struct query query;

    query_begin(&query, ledger,
                "INSERT INTO recoveries"
                " (license, medium, target, generation, spent)"
                " VALUES (?, ?, ?, ?, ?)");
    query_give_hex(&query, recovery->license_id, sizeof(recovery->license_id));
    query_give_medium(&query, recovery->medium_id);
    query_give_medium(&query, recovery->target_id);
    query_give_number(&query, recovery->generation);
    query_give_number(&query, recovery->spent);
    (void)query_next(&query);
    return query_end(&query);
}

sdv_err ledger_recovery_find(struct ledger *ledger, struct recovery *recovery,
                             bool *found)
{
    struct query query;

    query_begin(&query, ledger,
                "SELECT target, generation, spent FROM recoveries"
                " WHERE license = ? AND medium = ?");
    query_give_hex(&query, recovery->license_id, sizeof(recovery->license_id));
    query_give_medium(&query, recovery->medium_id);
    *found = query_next(&query);
    if (*found) {
        recovery->target_id = query_medium(&query, 0);
        recovery->generation = (uint32_t)query_number(&query, 1);
        recovery->spent = (uint32_t)query_number(&query, 2);
    }
    return query_end(&query);
}
