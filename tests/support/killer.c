/* SPDX-License-Identifier: Apache-2.0 */
#include "killer.h"

#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define LINE_SIZE 1024
#define SYSCALL_STOP (SIGTRAP | 0x80)

/* The shell gives way to the tool. */
static void run_tool(const char *line)
{
    char command[LINE_SIZE];

    snprintf(command, sizeof(command), "exec %s >out 2>err", line);
    if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0 || raise(SIGSTOP) != 0) {
        _exit(126);
    }
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(127);
}

static pid_t start(const char *line)
{
    const pid_t pid = fork();
    bool stopped;
    int status;

    if (pid == 0) {
        run_tool(line);
    }
    cr_assert(gt(int, pid, 0));
    cr_assert(eq(int, waitpid(pid, &status, 0), pid));
    stopped = WIFSTOPPED(status);
    cr_assert(stopped, "this system lets nobody be traced");
    cr_assert(zero(int, (int)ptrace(PTRACE_SETOPTIONS, pid, NULL,
                                    (void *)(long)(PTRACE_O_TRACESYSGOOD |
                                                   PTRACE_O_TRACEEXEC |
                                                   PTRACE_O_EXITKILL))));
    return pid;
}

/* Let it go on to its next stop.  @return its status */
static int go_on(pid_t pid, int signal)
{
    int status;

    cr_assert(zero(
        int, (int)ptrace(PTRACE_SYSCALL, pid, NULL, (void *)(long)signal)));
    cr_assert(eq(int, waitpid(pid, &status, 0), pid));
    return status;
}

static bool is_exec(int status)
{
    return status >> 8 == (SIGTRAP | PTRACE_EVENT_EXEC << 8);
}

/* Calls of the tool; `limit` 0: to its end.  Each stops twice, before and
 * after; the shell's are not counted: the second program is the tool. */
static unsigned follow(pid_t pid, unsigned limit, int *status)
{
    unsigned programs = 0;
    unsigned stops = 0;
    int signal = 0;

    for (*status = go_on(pid, 0); WIFSTOPPED(*status);
         *status = go_on(pid, signal)) {
        signal = 0;
        if (is_exec(*status)) {
            programs++;
            stops = 1; /* the call that it is has not returned */
        } else if (WSTOPSIG(*status) == SYSCALL_STOP) {
            stops++;
        } else {
            signal = WSTOPSIG(*status);
        }
        if (limit != 0 && programs == 2 && stops == 2 * limit + 1) {
            break;
        }
    }
    return programs == 2 ? stops / 2 : 0;
}

unsigned killer_count(const char *line)
{
    int status;
    const unsigned count = follow(start(line), 0, &status);
    const bool done = WIFEXITED(status) && WEXITSTATUS(status) == 0;

    cr_assert(done, "%s", line);
    cr_assert(gt(uint, count, 0), "%s", line);
    return count;
}

bool killer_run(const char *line, unsigned nth)
{
    const pid_t pid = start(line);
    int status;

    follow(pid, nth, &status);
    if (!WIFSTOPPED(status)) {
        return false;
    }
    cr_assert(zero(int, kill(pid, SIGKILL)));
    cr_assert(eq(int, waitpid(pid, &status, 0), pid));
    return WIFSIGNALED(status);
}
