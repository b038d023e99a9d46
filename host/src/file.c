/* SPDX-License-Identifier: Apache-2.0 */
#define _POSIX_C_SOURCE 200809L
#include "file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX ".XXXXXX" /* of the temporary file: mkstemp() fills it in */

static sdv_err write_all(int fd, const char *bytes, size_t left)
{
    while (left > 0) {
        const ssize_t done = write(fd, bytes, left);

        if (done < 0 && errno == EINTR) {
            continue;
        }
        if (done < 0) {
            return SDV_ERR_IO;
        }
        bytes += done;
        left -= (size_t)done;
    }
    return fsync(fd) == 0 ? SDV_OK : SDV_ERR_IO;
}

/* Write under a temporary name; mkstemp() makes it mode 0600.  A link, not a
 * rename, gives it its name: that never replaces a file. */
static sdv_err publish(char *temporary, const char *path, const void *bytes,
                       size_t size)
{
    const int fd = mkstemp(temporary);
    int reason;
    sdv_err err;

    if (fd < 0) {
        return SDV_ERR_IO;
    }
    err = write_all(fd, bytes, size);
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

sdv_err file_create(const char *path, const void *bytes, size_t size)
{
    const size_t length = strlen(path) + sizeof(SUFFIX);
    char *temporary = malloc(length);
    sdv_err err;

    if (temporary == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    (void)snprintf(temporary, length, "%s" SUFFIX, path);
    err = publish(temporary, path, bytes, size);
    free(temporary);
    return err;
}

sdv_err file_read(const char *path, void *bytes, size_t max, size_t *size)
{
    FILE *file = fopen(path, "rb");
    int failed;

    *size = 0;
    if (file == NULL) {
        return SDV_ERR_IO;
    }
    *size = fread(bytes, 1, max, file);
    failed = ferror(file);
    (void)fclose(file); /* only read */
    return failed ? SDV_ERR_IO : SDV_OK;
}
