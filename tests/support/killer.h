/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file killer.h
 * @brief SIGKILL of the command line tool at a chosen system call.
 *
 * All that outlives a process is changed by its system calls, so these are
 * all the moments that there are; no clock is needed to hit one.
 */
#ifndef SDV_TEST_KILLER_H
#define SDV_TEST_KILLER_H

#include <stdbool.h>

/**
 * Run the tool and count its system calls.
 *
 * @param line  a command without redirections; $S is the tool
 * @return the count; the test fails unless the tool ends with status 0
 */
unsigned killer_count(const char *line);

/**
 * Run the tool and kill it before its nth system call (from 1).
 * @return false if it had ended by itself before
 */
bool killer_run(const char *line, unsigned nth);

#endif /* SDV_TEST_KILLER_H */
