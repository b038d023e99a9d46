/* SPDX-License-Identifier: Apache-2.0 */
#include "vectors.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PUBLISHED "/usr/lib/python3/dist-packages/cryptography_vectors"
#define FIELDS 32
#define NAME_SIZE 32

struct field {
    char name[NAME_SIZE];
    char *value;
};

struct vectors {
    FILE *file;
    struct field fields[FIELDS]; /* those that hold on come first */
    unsigned held, count;
};

static vectors *open_file(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        cr_fatal("%s is missing (package python3-cryptography-vectors?)", path);
    }
    vectors *v = calloc(1, sizeof(*v));
    v->file = file;
    return v;
}

vectors *vectors_published(const char *path)
{
    const char *folder = getenv("SDV_TEST_VECTORS");
    return open_file(folder != NULL ? folder : PUBLISHED, path);
}

vectors *vectors_own(const char *name)
{
    return open_file("vectors", name);
}

static void forget(vectors *v)
{
    while (v->count > v->held) {
        free(v->fields[--v->count].value);
    }
}

void vectors_close(vectors **v)
{
    (*v)->held = 0;
    forget(*v);
    fclose((*v)->file);
    free(*v);
    *v = NULL;
}

static char *trim(char *text)
{
    text += strspn(text, " \t");
    text[strcspn(text, "\r\n")] = '\0';
    size_t len = strlen(text);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == ']')) {
        text[--len] = '\0';
    }
    return text;
}

/* The field for a name: one that holds on is written again. */
static struct field *place(vectors *v, const char *name, bool hold)
{
    for (unsigned i = 0; hold && i < v->held; i++) {
        if (strcmp(v->fields[i].name, name) == 0) {
            free(v->fields[i].value);
            return &v->fields[i];
        }
    }
    cr_assert(lt(uint, v->count, FIELDS));
    v->held += hold;
    return &v->fields[v->count++];
}

static void put(vectors *v, char *line)
{
    const bool hold = *line == '[' || *line == '#';
    char *value = strchr(line, '=');
    if (hold) {
        forget(v);
    }
    if (value == NULL && *line != '[') {
        return;
    }
    const char *name = "SECTION";
    if (value != NULL) {
        *value++ = '\0';
        name = trim(line + hold);
    } else {
        value = line + 1;
    }
    struct field *field = place(v, name, hold);
    snprintf(field->name, sizeof(field->name), "%.*s", NAME_SIZE - 1, name);
    field->value = strdup(trim(value));
}

bool vectors_next(vectors *v)
{
    char *line = NULL;
    size_t size = 0;
    forget(v);
    while (getline(&line, &size, v->file) > 0) {
        const bool empty = line[strspn(line, " \t\r\n")] == '\0';
        if (empty && v->count > v->held) {
            break;
        }
        if (!empty) {
            put(v, line);
        }
    }
    free(line);
    return v->count > v->held;
}

const char *vectors_nth(const vectors *v, const char *name, unsigned nth)
{
    for (unsigned i = 0; i < v->count; i++) {
        if (strcmp(v->fields[i].name, name) == 0 && nth-- == 0) {
            return v->fields[i].value;
        }
    }
    return NULL;
}

const char *vectors_text(const vectors *v, const char *name)
{
    const char *value = vectors_nth(v, name, 0);
    if (value == NULL) {
        cr_fatal("a record has no %s", name);
    }
    return value;
}

bool vectors_is(const vectors *v, const char *name, const char *text)
{
    const char *value = vectors_nth(v, name, 0);
    return value != NULL && strcmp(value, text) == 0;
}

size_t vectors_hex(const char *text, uint8_t *bytes, size_t size)
{
    const size_t len = strlen(text) / 2;
    cr_assert(le(sz, len, size));
    for (size_t i = 0; i < len; i++) {
        const char pair[3] = {text[2 * i], text[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(pair, NULL, 16);
    }
    return len;
}

size_t vectors_bytes(const vectors *v, const char *name, uint8_t *bytes,
                     size_t size)
{
    return vectors_hex(vectors_text(v, name), bytes, size);
}
