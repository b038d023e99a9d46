/* SPDX-License-Identifier: Apache-2.0 */
/* One SQL statement: begin, give values, step, take values, end. */
#ifndef SDV_LEDGER_QUERY_H
#define SDV_LEDGER_QUERY_H

#include <stddef.h>

#include "ledger.h"

#define QUERY_ID_TEXT 40 /* fits every id as text */

struct query {
    struct ledger *ledger;
    sqlite3_stmt *statement;
    sdv_err err; /* of the first call that failed; the others do nothing */
    int given;   /* values so far */
};

void query_begin(struct query *query, struct ledger *ledger, const char *sql);

/* Values for the question marks, in their order. */
void query_give_number(struct query *query, int64_t value);
void query_give_text(struct query *query, const char *text);
void query_give_bytes(struct query *query, const void *bytes, size_t size);
void query_give_medium(struct query *query, uint64_t id); /* as it is shown */
void query_give_hex(struct query *query, const uint8_t *bytes, size_t size);

/** Go to the next row.  @return false at the end, and after a failure */
bool query_next(struct query *query);

/* Values of the row by column; one that is not as expected is a failure. */
int64_t query_number(struct query *query, int column);
void query_bytes(struct query *query, int column, void *bytes, size_t size);
uint64_t query_medium(struct query *query, int column);
void query_hex(struct query *query, int column, uint8_t *bytes, size_t size);
/** Which of the words in a NULL-terminated list it is. */
int query_word(struct query *query, int column, const char *const *words);

/** Stop with this error. */
void query_stop(struct query *query, sdv_err err);

/** @return SDV_OK, or the first failure */
SDV_MUST_CHECK sdv_err query_end(struct query *query);

/** Run a statement without values to its end. */
SDV_MUST_CHECK sdv_err query_run(struct ledger *ledger, const char *sql);

/** The number that a statement answers; 0 when it has no row. */
SDV_MUST_CHECK sdv_err query_one(struct ledger *ledger, const char *sql,
                                 int64_t *value);

#endif /* SDV_LEDGER_QUERY_H */
