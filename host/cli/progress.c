/* SPDX-License-Identifier: Apache-2.0 */
#include "progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define FIRST_AFTER 1.0 /* seconds */
#define EVERY 0.1
#define WIDTH 30

static double seconds(const struct progress *progress)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)(now.tv_sec - progress->start.tv_sec) +
           (double)(now.tv_nsec - progress->start.tv_nsec) / 1e9;
}

void progress_start(struct progress *progress, uint64_t total)
{
    memset(progress, 0, sizeof(*progress));
    progress->total = total;
    progress->terminal = isatty(STDERR_FILENO);
    (void)clock_gettime(CLOCK_MONOTONIC, &progress->start);
}

static void draw(const struct progress *progress, uint64_t done, double now)
{
    char bar[WIDTH + 1];

    fprintf(stderr, "\r\033[K");
    if (progress->total != 0) {
        const double part = (double)done / (double)progress->total;
        const int filled = (int)(part * WIDTH);

        memset(bar, '.', WIDTH);
        memset(bar, '#', (size_t)(filled < WIDTH ? filled : WIDTH));
        bar[WIDTH] = '\0';
        fprintf(stderr, "[%s] %3.0f %%  ", bar, part * 100);
    }
    fprintf(stderr, "%" PRIu64 " KiB  %.2f MB/s", done / 1024,
            (double)done / now / 1e6);
    (void)fflush(stderr);
}

void progress_show(struct progress *progress, uint64_t done)
{
    double now;

    if (!progress->terminal) {
        return;
    }
    now = seconds(progress);
    if (now < FIRST_AFTER || now - progress->shown < EVERY) {
        return;
    }
    progress->shown = now;
    progress->drawn = true;
    draw(progress, done, now);
}

void progress_end(struct progress *progress)
{
    if (progress->drawn) {
        fprintf(stderr, "\r\033[K");
        (void)fflush(stderr);
    }
}
