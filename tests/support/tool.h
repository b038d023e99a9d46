/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file tool.h
 * @brief Run the command line tool in a folder of its own.
 *
 * The tool is $SDVAULT, or build/sdvault.
 */
#ifndef SDV_TEST_TOOL_H
#define SDV_TEST_TOOL_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/** Make the folder and go there. */
void tool_start(void);

/** Remove it. */
void tool_finish(void);

/**
 * Run a line of shell in which $S is the tool; what it prints is kept in the
 * files `out` and `err`.
 * @return its exit status
 */
int tool_run(const char *format, ...) __attribute__((format(printf, 1, 2)));

/** Start the tool without waiting; the line is as for tool_run(). */
pid_t tool_start_line(const char *line);

/** A text file of the folder; at most 64 KiB, in one static buffer each. */
const char *tool_out(void);
const char *tool_err(void);

/** Is there such text in what the last run printed? */
bool tool_printed(const char *text);
bool tool_complained(const char *text);

/** Are two files of the folder equal? */
bool tool_same(const char *a, const char *b);

/** Files in the folder that are not `out` and `err`. */
unsigned tool_files(void);

/** A file of `size` repeatable bytes. */
void tool_make_file(const char *name, size_t size, unsigned seed);

#endif /* SDV_TEST_TOOL_H */
