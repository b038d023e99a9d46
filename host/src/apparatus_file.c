/* SPDX-License-Identifier: Apache-2.0 */
/* Apparatus files on disk. */
#define _POSIX_C_SOURCE 200809L
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <sdvault/apparatus.h>

#define SUFFIX ".XXXXXX" /* of the temporary file: mkstemp() fills it in */

sdv_err sdv_apparatus_load(const char *path, sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX + 1]; /* one more shows "too long" */
    FILE *file = fopen(path, "rb");
    size_t size;
    int failed;

    memset(apparatus, 0, sizeof(*apparatus));
    if (file == NULL) {
        return SDV_ERR_IO;
    }
    size = fread(text, 1, sizeof(text), file);
    failed = ferror(file);
    (void)fclose(file); /* only read */
    if (failed) {
        return SDV_ERR_IO;
    }
    return sdv_apparatus_parse(text, size, apparatus);
}

static sdv_err write_all(int fd, const char *text)
{
    size_t left = strlen(text);

    while (left > 0) {
        const ssize_t done = write(fd, text, left);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return SDV_ERR_IO;
        }
        text += done;
        left -= (size_t)done;
    }
    return fsync(fd) == 0 ? SDV_OK : SDV_ERR_IO;
}

/* Write under a temporary name; mkstemp() makes it mode 0600.  A link, not a
 * rename, gives it its name: that never replaces a file. */
static sdv_err publish(char *temporary, const char *path, const char *text)
{
    const int fd = mkstemp(temporary);
    int reason;
    sdv_err err;

    if (fd < 0) {
        return SDV_ERR_IO;
    }
    err = write_all(fd, text);
    if (close(fd) != 0) {
        err = SDV_ERR_IO;
    }
    if (err == SDV_OK && link(temporary, path) != 0) {
        err = errno == EEXIST ? SDV_ERR_EXISTS : SDV_ERR_IO;
    }
    reason = errno;
    (void)unlink(temporary);
    errno = reason;
    return err;
}

sdv_err sdv_apparatus_create(const char *path, const sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX];
    const size_t size = strlen(path) + sizeof(SUFFIX);
    sdv_err err = sdv_apparatus_format(apparatus, text);
    char *temporary;

    if (err != SDV_OK) {
        return err;
    }
    temporary = malloc(size);
    if (temporary == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    (void)snprintf(temporary, size, "%s" SUFFIX, path);
    err = publish(temporary, path, text);
    free(temporary);
    return err;
}
