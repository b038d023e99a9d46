/* SPDX-License-Identifier: Apache-2.0 */
/* From the start of a process to a card that is identified. */
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

#define CARD_BLOCKS 131072u /* 64 MiB, as `card create` makes them */
#define PATH 160

extern char **environ;

/* The tool's words go nowhere. */
static bool run(char *tool, char *image)
{
    char card[] = "card";
    char info[] = "info";
    char *const argv[] = {tool, card, info, image, NULL};
    posix_spawn_file_actions_t actions;
    pid_t child;
    int status = -1;

    if (posix_spawn_file_actions_init(&actions) != 0) {
        return false;
    }
    if (posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                         O_WRONLY, 0) == 0 &&
        posix_spawn(&child, tool, &actions, NULL, argv, environ) == 0) {
        (void)waitpid(child, &status, 0);
    }
    (void)posix_spawn_file_actions_destroy(&actions);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static double now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

/* see bench.h */
bool bench_measure_start(bench_figures *figures, const char *dir, char *tool)
{
    char image[PATH];
    bool good;

    snprintf(image, sizeof(image), "%.128s/card-start.img", dir);
    good = sdv_image_create(image, CARD_BLOCKS, true, 1) == SDV_OK;
    for (unsigned i = 0; i < BENCH_STARTS && good; i++) {
        const double start = now_ms();

        good = run(tool, image);
        figures->start_ms[i] = now_ms() - start;
    }
    (void)unlink(image);
    return good;
}
