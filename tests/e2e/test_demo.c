/* SPDX-License-Identifier: Apache-2.0 */
/* The demo: it ends well on a good tool, and notices a bad one. */
#include <limits.h>
#include <stdlib.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tool.h"

/* The demo works beside its tool, so the tool is a script of this folder. */
static void start(void)
{
    char path[PATH_MAX];

    cr_assert(ne(ptr, realpath("tests/e2e/demo.sh", path), NULL),
              "run it from the top folder");
    setenv("D", path, 1);
    setenv("SDV_DEMO_KERNEL", "model", 1);
    unsetenv("FILE");
    tool_start();
    tool_make_file("content", 100000, 1);
}

TestSuite(demo, .init = start, .fini = tool_finish);

/* The demo with a tool that does `instead` before, or in place of, its work;
 * $* is the command line. */
static int run_with(const char *instead)
{
    return tool_run("printf '#!/bin/sh\\n%%s\\nexec %%s \"$@\"\\n' '%s' \"$S\" "
                    ">tool && chmod +x tool && "
                    "SDVAULT=$PWD/tool $D content",
                    instead);
}

Test(demo, every_step_ends_well)
{
    cr_assert(zero(int, run_with("case $* in *\"no such\"*) exit 1;; esac")),
              "%s", tool_err());
    cr_assert(tool_printed("15. Card B plays the content"));
    cr_assert(tool_printed("Every step was checked."));
    cr_assert(
        zero(int, tool_run("cmp demo/played content && test -f demo/b.img")));
}

Test(demo, a_step_that_goes_wrong_ends_it)
{
    static const char *const wrongs[] = {
        /* what should be refused is not */
        "case $* in \"license import b.img --lba\"*) exit 0;; esac",
        "case $* in *flipped*) exit 0;; esac",
        "case $* in *\"-o again\"*) exit 0;; esac",
        /* or for another reason */
        "case $* in *flipped*) echo \"x [SW_CONDITIONS]\" >&2; exit 1;; esac",
        /* what should work does not */
        "case $* in *\"--lba 0\"*) exit 1;; esac",
        "case $* in \"authority personalize\"*) exit 3;; esac",
        /* what should change does not */
        "case $* in \"sim damage\"*) exit 0;; esac",
        "case $* in \"content play\"*) echo x >played; exit 0;; esac",
    };

    for (size_t i = 0; i < sizeof(wrongs) / sizeof(wrongs[0]); i++) {
        cr_assert(eq(int, run_with(wrongs[i]), 1), "%s", wrongs[i]);
        cr_assert(not(tool_printed("Every step was checked.")), "%s",
                  wrongs[i]);
    }
}

Test(demo, a_file_that_cannot_be_taken_is_told)
{
    cr_assert(zero(int, tool_run(": >empty")));
    cr_assert(eq(int, tool_run("SDVAULT=$S $D none"), 1));
    cr_assert(tool_complained("none: there is no such file"));
    cr_assert(eq(int, tool_run("SDVAULT=$S $D empty"), 1));
    cr_assert(tool_complained("empty: has no bytes"));
    cr_assert(eq(int, tool_run("SDVAULT=/nowhere $D content"), 1));
    cr_assert(tool_complained("is not there"));
}
