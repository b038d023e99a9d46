/* SPDX-License-Identifier: Apache-2.0 */
/* Apparatus files on disk. */
#include <string.h>

#include <sdvault/apparatus.h>

#include "file.h"

sdv_err sdv_apparatus_load(const char *path, sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX + 1]; /* one more shows "too long" */
    size_t size;
    const sdv_err err = file_read(path, text, sizeof(text), &size);

    if (err != SDV_OK) {
        memset(apparatus, 0, sizeof(*apparatus));
        return err;
    }
    return sdv_apparatus_parse(text, size, apparatus);
}

sdv_err sdv_apparatus_create(const char *path, const sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX];
    const sdv_err err = sdv_apparatus_format(apparatus, text);

    return err == SDV_OK ? file_create(path, text, strlen(text)) : err;
}
