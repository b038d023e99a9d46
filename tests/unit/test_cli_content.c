/* SPDX-License-Identifier: Apache-2.0 */
/* `sdvault content`, with cards of the model. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tool.h"

#define M " --kernel model"
#define KEY "--content-key %064d "

static void start(void)
{
    tool_start();
    tool_make_file("in", 100000, 1);
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
}

TestSuite(cli_content, .init = start, .fini = tool_finish);

static void store(void)
{
    cr_assert(
        zero(int, tool_run("$S content store c.img --lba 10 " KEY M " <in", 7)),
        "%s", tool_err());
}

static int play(const char *options)
{
    return tool_run("rm -f got; $S content play c.img --lba 10 -o got " KEY M
                    " %s",
                    7, options);
}

static void expect_refused(const char *options, const char *name)
{
    cr_assert(eq(int, play(options), 1), "%s", tool_err());
    cr_assert(tool_complained(name), "%s", tool_err());
    cr_assert(ne(int, tool_run("test -e got"), 0), "something got out");
}

Test(cli_content, what_was_stored_is_played)
{
    store();
    cr_assert(tool_printed("stored 100000 bytes, 197 blocks from block 10"));
    cr_assert(zero(int, play("")));
    cr_assert(tool_same("in", "got"));
    cr_assert(zero(int, tool_run("$S content play c.img --lba 10 " KEY M
                                 " >piped; cmp piped in",
                                 7)));
}

Test(cli_content, pipes_and_sizes_of_all_kinds)
{
    static const unsigned sizes[] = {0, 1, 511, 512, 513, 32768, 32769};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        cr_assert(zero(int, tool_run("head -c %u in >part; cat part | "
                                     "$S content store c.img --lba 10 " KEY M,
                                     sizes[i], 7)));
        cr_assert(zero(int, play("")));
        cr_assert(tool_same("part", "got"), "%u bytes", sizes[i]);
    }
}

Test(cli_content, user_area_holds_no_plain_text)
{
    cr_assert(zero(int, tool_run("yes 'very plain text' | head -c 100000 "
                                 ">in")));
    store();
    cr_assert(eq(int, tool_run("grep -q 'plain text' c.img"), 1));
}

Test(cli_content, another_key_is_refused)
{
    store();
    cr_assert(eq(
        int, tool_run("$S content play c.img --lba 10 -o got " KEY M, 8), 1));
    cr_assert(tool_complained("ERR_CONTENT_KEY"));
    cr_assert(ne(int, tool_run("test -e got"), 0));
}

Test(cli_content, changed_block_is_refused_before_anything_gets_out)
{
    store();
    cr_assert(zero(int, tool_run("$S sim damage c.img --region user --at 150 "
                                 "--seed 1")));
    expect_refused("", "ERR_CONTENT_KEY");
    store();
    cr_assert(zero(int, tool_run("$S sim damage c.img --region user --at 10 "
                                 "--seed 1")));
    expect_refused("", "ERR_CONTENT_FOREIGN");
}

Test(cli_content, another_licenses_content_is_refused)
{
    store();
    expect_refused("--content-id 00000000000000000000000000000000",
                   "ERR_CONTENT_ID");
}

Test(cli_content, content_that_does_not_fit_is_not_begun)
{
    cr_assert(zero(int, tool_run("cp c.img before")));
    cr_assert(eq(int,
                 tool_run("$S content store c.img --lba 1852 " KEY M " <in", 7),
                 1));
    cr_assert(tool_same("c.img", "before"));
    cr_assert(zero(
        int, tool_run("$S content store c.img --lba 1851 " KEY M " <in", 7)));
}

Test(cli_content, key_comes_from_a_file_too)
{
    cr_assert(zero(int, tool_run("$S authority init a --insecure && "
                                 "$S authority personalize a c.img" M)));
    cr_assert(
        zero(int, tool_run("id=$($S card info c.img" M " | "
                           "sed -n 's/^medium id: *//p'); "
                           "$S authority issue a --medium \"$id\" --title T "
                           "-o l --key-out k")));
    cr_assert(zero(int, tool_run("$S content store c.img --lba 0 --key-file k" M
                                 " <in && $S content play c.img --lba 0 "
                                 "--key-file k -o got" M " && cmp in got")));
    cr_assert(eq(int,
                 tool_run("sed 's/^key: ./key: g/' k >k2; $S content play "
                          "c.img --lba 0 --key-file k2" M),
                 3));
    cr_assert(tool_complained("ERR_KEY_FILE"));
    cr_assert(eq(int, tool_run("$S content play c.img --lba 0" M), 2));
    cr_assert(eq(
        int, tool_run("$S content play c.img --lba 0 --key-file k -o k" M), 2));
    cr_assert(tool_complained("names that file twice"));
}

Test(cli_content, playing_with_a_license_needs_a_session)
{
    cr_assert(eq(int, tool_run("$S content play c.img 00 --lba 0" M), 1));
    cr_assert(tool_complained("SECURITY_STATUS"));
}
