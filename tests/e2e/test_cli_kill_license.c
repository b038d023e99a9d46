/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGKILL of `sdvault license import` and `export` at random system calls:
 * the license is as it was or as it should be, the next command works, and no
 * output file is half-written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "bytes.h"
#include "killer.h"
#include "tool.h"
#include "vault_cards.h"

#define KILLS 200
#define K " --kernel model"

/* The process is what dies; which kernel it runs makes no difference. */
static void start(void)
{
    vault_cards_start("model");
    vault_cards_issue('a', "one", "");
    vault_cards_issue('a', "more", "--license $(cat one.lid) --generation 1");
    cr_assert(zero(int, tool_run("cp a.img empty.img && cp b.img other.img")));
    cr_assert(zero(int, tool_run("$S license import a.img --file "
                                 "one.license" K " && cp a.img full.img")));
}

TestSuite(cli_kill_license, .init = start, .fini = tool_finish);

static uint64_t first_random(void)
{
    const char *seed = getenv("SDV_TEST_SEED");

    return seed != NULL ? strtoull(seed, NULL, 0) : 1;
}

/* Live licenses of a generation in what LIST has printed. */
static unsigned printed(unsigned generation)
{
    char want[64];
    unsigned count = 0;

    snprintf(want, sizeof(want), "live     generation %u", generation);
    for (const char *at = tool_out(); (at = strstr(at, want)) != NULL; at++) {
        count++;
    }
    return count;
}

/* The same of generation 0, on card a. */
static unsigned listed(void)
{
    cr_assert(zero(int, tool_run("$S license list a.img" K)), "%s", tool_err());
    return printed(0);
}

static void expect_whole_license(unsigned round)
{
    cr_assert(zero(int, tool_run("$S license export a.img --all --file "
                                 "check" K)),
              "kill %u: %s", round, tool_err());
    cr_assert(zero(int, tool_run("$S license import a.img --file check" K)));
}

/* A round: the folder as it was, a kill, what has to hold, the command. */
static void rounds(const char *line, const char *before,
                   void (*check)(unsigned round))
{
    uint64_t random = first_random();
    unsigned killed = 0;
    unsigned calls;

    cr_assert(zero(int, tool_run("%s", before)));
    calls = killer_count(line);
    for (unsigned i = 0; i < KILLS; i++) {
        cr_assert(zero(int, tool_run("%s", before)));
        killed += killer_run(line, 1 + (unsigned)(sdv_random(&random) % calls));
        check(i);
        cr_assert(zero(int, tool_run("%s", line)), "kill %u: %s", i,
                  tool_err());
        expect_whole_license(i);
    }
    cr_assert(gt(uint, killed, KILLS * 9 / 10), "%u were killed", killed);
}

/* ---- import ---- */

static void old_or_new(unsigned round)
{
    cr_assert(le(uint, listed(), 1), "kill %u: doubled", round);
}

Test(cli_kill_license, a_killed_import_has_done_all_or_nothing)
{
    rounds("$S license import a.img --file one.license" K, "cp empty.img a.img",
           old_or_new);
}

static void one_of_two(unsigned round)
{
    const unsigned old = listed();

    cr_assert(eq(uint, old + printed(1), 1), "kill %u", round);
    expect_whole_license(round);
}

Test(cli_kill_license, a_killed_renewal_leaves_the_old_or_the_new_rights)
{
    rounds("$S license import a.img --file more.license" K, "cp full.img a.img",
           one_of_two);
    cr_assert(zero(uint, listed()));
    cr_assert(eq(uint, printed(1), 1));
}

/* ---- export ---- */

/* The output is the older file, or a license that the card takes. */
static void file_is_whole(unsigned round)
{
    cr_assert(eq(uint, listed(), 1), "kill %u", round);
    cr_assert(zero(int, tool_run("cmp -s x old || $S license import a.img "
                                 "--file x" K)),
              "kill %u: %s", round, tool_err());
}

Test(cli_kill_license, a_killed_export_leaves_the_older_file_or_the_whole_one)
{
    cr_assert(zero(int, tool_run("echo old >old")));
    rounds("$S license export a.img --all --file x" K,
           "rm -f x.??????; cp full.img a.img; cp old x", file_is_whole);
}

static void block_is_whole(unsigned round)
{
    int status;

    cr_assert(eq(uint, listed(), 1), "kill %u", round);
    status = tool_run("$S license import a.img --lba 9" K);
    cr_assert(status == 0 || tool_complained("SW_SEAL_MAGIC"), "kill %u: %s",
              round, tool_err());
}

Test(cli_kill_license, a_killed_export_to_a_user_area_leaves_a_whole_block)
{
    rounds("$S license export a.img --all --lba 9" K, "cp full.img a.img",
           block_is_whole);
}

static void other_block_is_whole(unsigned round)
{
    int status;

    cr_assert(eq(uint, listed(), 1), "kill %u", round);
    status = tool_run("$S license import a.img --lba 9 --from-card b.img" K);
    cr_assert(status == 0 || tool_complained("SW_SEAL_MAGIC"), "kill %u: %s",
              round, tool_err());
}

Test(cli_kill_license, a_killed_export_to_another_card_harms_neither)
{
    rounds("$S license export a.img --all --lba 9 --to-card b.img" K,
           "cp full.img a.img; cp other.img b.img", other_block_is_whole);
}
