/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file output.h
 * @brief Files that are complete or not there.
 *
 * Everything is written under a temporary name beside the file and renamed at
 * the end.  For "-" the temporary file is copied to standard output, and for
 * a device or a pipe to that.  No file is replaced that the command line names
 * for another purpose, such as the card.
 */
#ifndef SDV_CLI_OUTPUT_H
#define SDV_CLI_OUTPUT_H

#include "cli.h"

struct output {
    const char *path; /* NULL: not open */
    char *target;     /* what is replaced; NULL: it is copied */
    char *temporary;
    FILE *file;   /* the temporary file, open for writing */
    bool data;    /* for "-": standard output, even when words go elsewhere */
    bool durable; /* on the disk before it has its name, and its name too */
};

/** @return CLI_DONE, or another status after a line on stderr */
int output_open(const struct cli *cli, const char *path, struct output *output);

/** Let only its owner read it.  @return false after a failure, with errno */
bool output_make_private(const struct output *output);

/** Complete the file.  @return as output_open() */
int output_commit(const struct cli *cli, struct output *output);

/** Forget it; an older file of that name stays. */
void output_drop(struct output *output);

/** Is this the name of standard input or output? */
bool is_dash(const char *path);

/** Copy the rest of a file.  @return SDV_OK or SDV_ERR_IO */
sdv_err copy_file(FILE *from, FILE *to);

#endif /* SDV_CLI_OUTPUT_H */
