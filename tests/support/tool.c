/* SPDX-License-Identifier: Apache-2.0 */
#include "tool.h"

#include <dirent.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#define LINE_SIZE 1024
#define TEXT_SIZE 65536

static char folder[64];

void tool_start(void)
{
    const char *chosen = getenv("SDVAULT");
    char path[PATH_MAX];

    cr_assert(ne(ptr, realpath(chosen ? chosen : "build/sdvault", path), NULL),
              "no tool to test: set SDVAULT");
    setenv("S", path, 1);
    snprintf(folder, sizeof(folder), "/tmp/sdv-tool-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
}

void tool_finish(void)
{
    cr_assert(zero(int, tool_run("rm -rf -- \"$PWD\"")));
}

int tool_run(const char *format, ...)
{
    char line[LINE_SIZE];
    va_list args;
    int used = snprintf(line, sizeof(line), "exec >out 2>err\n");
    int status;

    va_start(args, format);
    vsnprintf(line + used, sizeof(line) - (size_t)used, format, args);
    va_end(args);
    status = system(line);
    cr_assert(ge(int, status, 0), "%s", line);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

pid_t tool_start_line(const char *line)
{
    const pid_t pid = fork();

    if (pid == 0) {
        char command[LINE_SIZE];

        snprintf(command, sizeof(command), "exec %s >out 2>err", line);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    cr_assert(gt(int, pid, 0));
    return pid;
}

static const char *text_of(const char *name, char text[TEXT_SIZE])
{
    FILE *file = fopen(name, "rb");
    size_t size;

    cr_assert(ne(ptr, file, NULL));
    size = fread(text, 1, TEXT_SIZE - 1, file);
    text[size] = '\0';
    fclose(file);
    return text;
}

const char *tool_out(void)
{
    static char text[TEXT_SIZE];

    return text_of("out", text);
}

const char *tool_err(void)
{
    static char text[TEXT_SIZE];

    return text_of("err", text);
}

bool tool_printed(const char *text)
{
    return strstr(tool_out(), text) != NULL;
}

bool tool_complained(const char *text)
{
    return strstr(tool_err(), text) != NULL;
}

bool tool_same(const char *a, const char *b)
{
    char line[LINE_SIZE];

    snprintf(line, sizeof(line), "cmp -s -- %s %s", a, b);
    return system(line) == 0;
}

unsigned tool_files(void)
{
    DIR *dir = opendir(".");
    unsigned count = 0;

    cr_assert(ne(ptr, dir, NULL));
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        count += entry->d_name[0] != '.' && strcmp(entry->d_name, "out") != 0 &&
                 strcmp(entry->d_name, "err") != 0;
    }
    closedir(dir);
    return count;
}

void tool_make_file(const char *name, size_t size, unsigned seed)
{
    FILE *file = fopen(name, "wb");
    unsigned state = seed * 2u + 1u;

    cr_assert(ne(ptr, file, NULL));
    for (size_t i = 0; i < size; i++) {
        state = state * 1664525u + 1013904223u;
        fputc((int)(state >> 24), file);
    }
    cr_assert(zero(int, fclose(file)));
}
