/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file json.h
 * @brief A writer of one JSON object on one line.
 *
 * Calls on a writer that was not begun do nothing, so that a command need not
 * ask whether --json was given.
 */
#ifndef SDV_CLI_JSON_H
#define SDV_CLI_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json {
    FILE *file;  /* NULL: not begun */
    bool follow; /* a comma is due */
};

/** Begin the outermost object. */
void json_begin(struct json *json, FILE *file);
/** End it, with the end of the line. */
void json_end(struct json *json);

/* Members of the object; in an array `name` is NULL. */
void json_open(struct json *json, const char *name, char bracket);
void json_close(struct json *json, char bracket);
void json_text(struct json *json, const char *name, const char *value);
void json_number(struct json *json, const char *name, uint64_t value);
void json_bool(struct json *json, const char *name, bool value);
void json_null(struct json *json, const char *name);

#endif /* SDV_CLI_JSON_H */
