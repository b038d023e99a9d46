/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger_query.h"

#include <stdio.h>
#include <string.h>

#include <sdvault/id.h>

static sdv_err result_of(int code)
{
    switch (code & 0xFF) { /* without the extension */
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return SDV_ERR_LEDGER_BUSY;
    case SQLITE_NOMEM:
        return SDV_ERR_NO_MEMORY;
    case SQLITE_FULL:
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
    case SQLITE_READONLY:
    case SQLITE_PERM:
        return SDV_ERR_IO;
    default:
        return SDV_ERR_LEDGER;
    }
}

void query_stop(struct query *query, sdv_err err)
{
    if (query->err == SDV_OK) {
        query->err = err;
    }
}

static void check(struct query *query, int code)
{
    struct ledger *ledger = query->ledger;

    if (code != SQLITE_OK && query->err == SDV_OK) {
        (void)snprintf(ledger->detail, sizeof(ledger->detail), "ledger.db: %s",
                       sqlite3_errmsg(ledger->db));
        query->err = result_of(code);
    }
}

static void unexpected(struct query *query)
{
    (void)snprintf(query->ledger->detail, sizeof(query->ledger->detail),
                   "ledger.db: a value that makes no sense");
    query_stop(query, SDV_ERR_LEDGER);
}

void query_begin(struct query *query, struct ledger *ledger, const char *sql)
{
    *query = (struct query){.ledger = ledger};
    check(query,
          sqlite3_prepare_v2(ledger->db, sql, -1, &query->statement, NULL));
}

void query_give_number(struct query *query, int64_t value)
{
    if (query->err == SDV_OK) {
        check(query,
              sqlite3_bind_int64(query->statement, ++query->given, value));
    }
}

void query_give_text(struct query *query, const char *text)
{
    if (query->err == SDV_OK) {
        check(query, sqlite3_bind_text(query->statement, ++query->given, text,
                                       -1, SQLITE_TRANSIENT));
    }
}

void query_give_bytes(struct query *query, const void *bytes, size_t size)
{
    if (query->err == SDV_OK) {
        check(query, sqlite3_bind_blob(query->statement, ++query->given, bytes,
                                       (int)size, SQLITE_TRANSIENT));
    }
}

void query_give_medium(struct query *query, uint64_t id)
{
    char text[SDV_ID_TEXT_SIZE];

    query_stop(query, sdv_id_format(id, text));
    query_give_text(query, text);
}

void query_give_hex(struct query *query, const uint8_t *bytes, size_t size)
{
    char text[QUERY_ID_TEXT];

    for (size_t i = 0; i < size; i++) {
        (void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
    }
    query_give_text(query, text);
}

bool query_next(struct query *query)
{
    int code;

    if (query->err != SDV_OK) {
        return false;
    }
    code = sqlite3_step(query->statement);
    if (code != SQLITE_ROW && code != SQLITE_DONE) {
        check(query, code);
    }
    return code == SQLITE_ROW;
}

int64_t query_number(struct query *query, int column)
{
    return sqlite3_column_int64(query->statement, column);
}

void query_bytes(struct query *query, int column, void *bytes, size_t size)
{
    const void *value = sqlite3_column_blob(query->statement, column);

    if (value == NULL ||
        sqlite3_column_bytes(query->statement, column) != (int)size) {
        memset(bytes, 0, size);
        unexpected(query);
        return;
    }
    memcpy(bytes, value, size);
}

/* Never NULL. */
static const char *text_of(struct query *query, int column)
{
    const unsigned char *text = sqlite3_column_text(query->statement, column);

    return text != NULL ? (const char *)text : "";
}

uint64_t query_medium(struct query *query, int column)
{
    uint64_t id;

    if (sdv_id_parse(text_of(query, column), &id) != SDV_OK) {
        unexpected(query);
    }
    return id;
}

void query_hex(struct query *query, int column, uint8_t *bytes, size_t size)
{
    const char *text = text_of(query, column);

    memset(bytes, 0, size);
    for (size_t i = 0; i < size; i++) {
        unsigned value;

        if (strlen(text) != 2 * size ||
            sscanf(text + 2 * i, "%2x", &value) != 1) {
            unexpected(query);
            return;
        }
        bytes[i] = (uint8_t)value;
    }
}

int query_word(struct query *query, int column, const char *const *words)
{
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text_of(query, column)) == 0) {
            return i;
        }
    }
    unexpected(query);
    return 0;
}

sdv_err query_end(struct query *query)
{
    (void)sqlite3_finalize(query->statement); /* its error was seen before */
    query->statement = NULL;
    return query->err;
}

sdv_err query_run(struct ledger *ledger, const char *sql)
{
    struct query query;

    query_begin(&query, ledger, sql);
    while (query_next(&query)) {
        continue;
    }
    return query_end(&query);
}

sdv_err query_one(struct ledger *ledger, const char *sql, int64_t *value)
{
    struct query query;

    query_begin(&query, ledger, sql);
    *value = query_next(&query) ? query_number(&query, 0) : 0;
    return query_end(&query);
}
