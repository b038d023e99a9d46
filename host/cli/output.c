/* SPDX-License-Identifier: Apache-2.0 */
#include "output.h"

#include <errno.h>
#include <fcntl.h>
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

/* Both names stand for one ordinary file, or will. */
static bool same_file(const char *a, const char *b)
{
    struct stat x, y;

    if (stat(a, &x) != 0 || stat(b, &y) != 0) {
        return strcmp(a, b) == 0;
    }
    return S_ISREG(x.st_mode) && x.st_dev == y.st_dev && x.st_ino == y.st_ino;
}

/* Another word of the command line, and not this one again. */
static bool clashes(const char *path, const char *other)
{
    return other != NULL && other != path && !is_dash(other) &&
           same_file(path, other);
}

static bool names_file(const char *value)
{
    return value != NULL &&
           (strcmp(value, "FILE") == 0 || strcmp(value, "F") == 0 ||
            strcmp(value, "IMAGE2") == 0);
}

/* Replacing what the command reads, or a card, would destroy it. */
static bool is_used(const struct cli *cli, const char *path)
{
    for (int i = 0; i < CLI_MAX_OPERANDS; i++) {
        if (clashes(path, cli->operands[i])) {
            return true;
        }
    }
    for (int i = 0; i < OPT_END; i++) {
        if (names_file(cli_options[i].value) &&
            clashes(path, cli_value(cli, (enum cli_option)i))) {
            return true;
        }
    }
    return false;
}

/*
 * The file that is replaced at the end, links followed.  Standard output,
 * devices and pipes are not: they are written to.
 */
static char *find_target(const char *path)
{
    struct stat status;

    if (is_dash(path)) {
        return NULL;
    }
    if (stat(path, &status) != 0) {
        return strdup(path);
    }
    return S_ISREG(status.st_mode) ? realpath(path, NULL) : NULL;
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

static char *temporary_name(const char *target)
{
    const char *folder = getenv("TMPDIR");
    const size_t size = 4096;
    char *name = malloc(size);
    int length;

    if (name == NULL) {
        return NULL;
    }
    if (target == NULL) {
        length = snprintf(name, size, "%s/sdvault" SUFFIX,
                          folder != NULL ? folder : "/tmp");
    } else {
        length = snprintf(name, size, "%s" SUFFIX, target);
    }
    if (length < 0 || (size_t)length >= size) {
        free(name);
        errno = ENAMETOOLONG;
        return NULL;
    }
    return name;
}

static int open_output(struct output *output, const char *path)
{
    int fd;

    output->target = find_target(path);
    output->temporary = temporary_name(output->target);
    if (output->temporary == NULL) {
        return -1;
    }
    fd = open_temporary(output->temporary);
    output->file = fd >= 0 ? fdopen(fd, "w+b") : NULL;
    return output->file != NULL ? 0 : -1;
}

int output_open(const struct cli *cli, const char *path, struct output *output)
{
    struct stat status;

    memset(output, 0, sizeof(*output));
    if (!is_dash(path) && is_used(cli, path)) {
        return cli_usage(cli, "%s: the command line names that file twice",
                         path);
    }
    errno = 0;
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode)) {
        errno = EISDIR;
    } else if (open_output(output, path) == 0) {
        output->path = path;
        return CLI_DONE;
    }
    free(output->temporary);
    free(output->target);
    return cli_fail(cli, path, SDV_ERR_IO, NULL);
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

static sdv_err copy_to(const struct cli *cli, const struct output *output,
                       FILE *from)
{
    FILE *to = output->data ? stdout : cli_out(cli);
    sdv_err err;

    if (is_dash(output->path)) {
        return copy_file(from, to);
    }
    to = fopen(output->path, "wb");
    if (to == NULL) {
        return SDV_ERR_IO;
    }
    err = copy_file(from, to);
    return fclose(to) == 0 ? err : SDV_ERR_IO;
}

/* Somebody else may have written, so the file is read by its name. */
static sdv_err copy_out(const struct cli *cli, const struct output *output)
{
    FILE *from = fopen(output->temporary, "rb");
    sdv_err err;

    if (from == NULL) {
        return SDV_ERR_IO;
    }
    err = copy_to(cli, output, from);
    (void)fclose(from); /* only read */
    return err;
}

bool output_make_private(const struct output *output)
{
    return fchmod(fileno(output->file), S_IRUSR | S_IWUSR) == 0;
}

/* The folder of a file, so that the file's name is on the disk. */
static sdv_err sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder =
        slash != NULL ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    const int fd = folder != NULL ? open(folder, O_RDONLY | O_DIRECTORY) : -1;
    const bool done = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0) {
        (void)close(fd);
    }
    free(folder);
    return done ? SDV_OK : SDV_ERR_IO;
}

static sdv_err publish(const struct output *output)
{
    if (output->durable && fsync(fileno(output->file)) != 0) {
        return SDV_ERR_IO;
    }
    if (rename(output->temporary, output->target) != 0) {
        return SDV_ERR_IO;
    }
    return output->durable ? sync_folder(output->target) : SDV_OK;
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
    } else if (output->target == NULL) {
        err = copy_out(cli, output);
    } else {
        err = publish(output);
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
    free(output->target);
    memset(output, 0, sizeof(*output));
}
