/* SPDX-License-Identifier: Apache-2.0 */
#include "json.h"

#include <inttypes.h>

static void put_string(FILE *file, const char *text)
{
    fputc('"', file);
    for (; *text != '\0'; text++) {
        if (*text == '"' || *text == '\\') {
            fputc('\\', file);
            fputc(*text, file);
        } else if ((unsigned char)*text < 0x20) {
            fprintf(file, "\\u%04X", (unsigned)*text);
        } else {
            fputc(*text, file);
        }
    }
    fputc('"', file);
}

/* Comma and name; false when there is nowhere to write. */
static bool start(struct json *json, const char *name)
{
    if (json->file == NULL) {
        return false;
    }
    if (json->follow) {
        fputc(',', json->file);
    }
    json->follow = true;
    if (name != NULL) {
        put_string(json->file, name);
        fputc(':', json->file);
    }
    return true;
}

void json_begin(struct json *json, FILE *file)
{
    json->file = file;
    json->follow = false;
    json_open(json, NULL, '{');
}

void json_end(struct json *json)
{
    json_close(json, '}');
    if (json->file != NULL) {
        fputc('\n', json->file);
    }
}

void json_open(struct json *json, const char *name, char bracket)
{
    if (start(json, name)) {
        fputc(bracket, json->file);
        json->follow = false;
    }
}

void json_close(struct json *json, char bracket)
{
    if (json->file != NULL) {
        fputc(bracket, json->file);
        json->follow = true;
    }
}

void json_text(struct json *json, const char *name, const char *value)
{
    if (start(json, name)) {
        put_string(json->file, value);
    }
}

void json_number(struct json *json, const char *name, uint64_t value)
{
    if (start(json, name)) {
        fprintf(json->file, "%" PRIu64, value);
    }
}

void json_bool(struct json *json, const char *name, bool value)
{
    if (start(json, name)) {
        fputs(value ? "true" : "false", json->file);
    }
}

void json_null(struct json *json, const char *name)
{
    if (start(json, name)) {
        fputs("null", json->file);
    }
}
