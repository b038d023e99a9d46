/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file progress.h
 * @brief A bar on the terminal for steps that take longer than a second.
 */
#ifndef SDV_CLI_PROGRESS_H
#define SDV_CLI_PROGRESS_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct progress {
    uint64_t total; /* bytes; 0: not known */
    struct timespec start;
    double shown; /* seconds after the start of the last drawing */
    bool terminal;
    bool drawn;
};

void progress_start(struct progress *progress, uint64_t total);
void progress_show(struct progress *progress, uint64_t done);
/** Take the bar away. */
void progress_end(struct progress *progress);

#endif /* SDV_CLI_PROGRESS_H */
