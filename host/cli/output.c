/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define SUFFIX ".XXXXXX" /* mkstemp() fills it in */
#define FILE_MODE 0666   /* less the umask */

bool is_dash(const char *path)
{
    return strcmp(path, "-") == 0;
}

/* mkstemp() makes files that only their owner reads; these are ordinary. */
static int open_temporary(char *name)
{
    const int fd = mkstemp(name);
    mode_t mask;

    if (fd < 0) {
        return -1;
    }
    mask = umask(0);
    (void)umask(mask);
    if (fchmod(fd, FILE_MODE & ~mask) != 0) {
        (void)close(fd);
        (void)unlink(name);
        return -1;
    }
    return fd;
}

static char *temporary_name(const char *path)
{
    const char *folder = getenv("TMPDIR");
    const size_t size = 4096;
    char *name = malloc(size);
    int length;

    if (name == NULL) {
        return NULL;
    }
    if (is_dash(path)) {
        length = snprintf(name, size, "%s/sdvault" SUFFIX,
                          folder != NULL ? folder : "/tmp");
    } else {
        length = snprintf(name, size, "%s" SUFFIX, path);
    }
    if (length < 0 || (size_t)length >= size) {
        free(name);
        errno = ENAMETOOLONG;
        return NULL;
    }
    return name;
}

int output_open(const struct cli *cli, const char *path, struct output *output)
{
    int fd;

    memset(output, 0, sizeof(*output));
    output->temporary = temporary_name(path);
    if (output->temporary == NULL) {
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    fd = open_temporary(output->temporary);
    output->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    if (output->file == NULL) {
        free(output->temporary);
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    output->path = path;
    return CLI_DONE;
}

sdv_err copy_file(FILE *from, FILE *to)
{
    char bytes[16384];
    size_t count;

    while ((count = fread(bytes, 1, sizeof(bytes), from)) > 0) {
        if (fwrite(bytes, 1, count, to) != count) {
            return SDV_ERR_IO;
        }
    }
    return ferror(from) || fflush(to) != 0 ? SDV_ERR_IO : SDV_OK;
}

/* Somebody else may have written, so the file is read by its name. */
static sdv_err copy_out(const struct cli *cli, const struct output *output)
{
    FILE *from = fopen(output->temporary, "rb");
    sdv_err err;

    if (from == NULL) {
        return SDV_ERR_IO;
    }
    err = copy_file(from, output->data ? stdout : cli_out(cli));
    (void)fclose(from); /* only read */
    return err;
}

int output_commit(const struct cli *cli, struct output *output)
{
    const char *path = output->path;
    sdv_err err = SDV_OK;
    int status;

    if (path == NULL) {
        return CLI_DONE;
    }
    if (fflush(output->file) != 0) {
        err = SDV_ERR_IO;
    } else if (is_dash(path)) {
        err = copy_out(cli, output);
    } else if (rename(output->temporary, path) != 0) {
        err = SDV_ERR_IO;
    }
    status = err == SDV_OK ? CLI_DONE : cli_fail(cli, path, err, NULL);
    output_drop(output);
    return status;
}

/* After a rename the temporary name is gone and unlink() finds nothing. */
void output_drop(struct output *output)
{
    if (output->path == NULL) {
        return;
    }
    (void)fclose(output->file);
    (void)unlink(output->temporary);
    free(output->temporary);
    memset(output, 0, sizeof(*output));
}
