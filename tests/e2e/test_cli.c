/* SPDX-License-Identifier: Apache-2.0 */
/* The command line itself, `sdvault apparatus` and `sdvault sim`. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tool.h"

static void start(void)
{
    tool_start();
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
}

TestSuite(cli, .init = start, .fini = tool_finish);

/* One line, and no more, that names the tool. */
static void expect_one_line(void)
{
    const char *text = tool_err();
    const char *end = strchr(text, '\n');

    cr_assert(zero(int, strncmp(text, "sdvault", 7)), "%s", text);
    cr_assert(end != NULL && end[1] == '\0', "%s", text);
}

/* ---- the command line ---- */

Test(cli, help_is_no_error_and_goes_to_stdout)
{
    static const char *const lines[] = {
        "--help",      "-h",
        "card --help", "card read --help",
        "--help sim",  "apparatus create --help",
        "sim save -h", "card read c.img --help"};

    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_assert(zero(int, tool_run("$S %s", lines[i])), "%s", lines[i]);
        cr_assert(tool_printed("Usage: sdvault"), "%s", lines[i]);
        cr_assert(tool_printed("--kernel"), "%s", lines[i]);
    }
}

static const char *const wrong_lines[] = {
    "",
    "card",
    "carp",
    "card wash c.img",
    "card info",
    "card info -",
    "card create -",
    "card info c.img c.img",
    "card info c.img --lba 0",
    "card info c.img --nonsense",
    "card info c.img -x",
    "card info c.img --kernel",
    "card info c.img --kernel fast",
    "card info c.img --kernel systemc",
    "card info c.img --latency 1",
    "card info c.img --json=yes",
    "card info c.img --json --json",
    "card info c.img --seed 0x",
    "card info c.img --seed 18446744073709551616",
    "card info c.img --kernel model --log x",
    "card info c.img --kernel model --trace x",
    "card read c.img --lba 0",
    "card read c.img --blocks 1",
    "card read c.img --lba 0x --blocks 1",
    "card read c.img --lba 1z --blocks 1",
    "card read c.img --lba -1 --blocks 1",
    "card read c.img --lba '' --blocks 1",
    "card read c.img --lba ' 1' --blocks 1",
    "card read c.img --lba 4294967296 --blocks 1",
    "card read c.img --lba 0 --blocks 0",
    "card read c.img --lba 0 --blocks 1K",
    "card erase c.img --lba 0 --blocks 0",
    "card create x --capacity 64X",
    "card create x --capacity 64MM",
    "card create x --capacity 0",
    "card create x --capacity 1000",
    "card create x --capacity 513K",
    "card create x --type sdsc --capacity 2G",
    "card create x --capacity 99999999999999999999",
    "card create x --capacity 18014398509481984K",
    "card create x --type mmc",
    "apparatus create x --id 1234",
    "apparatus create x --id 028T-5CY4-TQKFF-B",
    "apparatus create x --label ''",
    "sim damage c.img --region moon --at 0",
    "sim damage c.img --region otp --at 0 --count 0",
    "sim damage c.img --region otp",
    "sim save c.img",
    "sim tear c.img --region otp",
    "sim swap c.img 1 2",
    "sim swap c.img 1 --region user",
    "sim swap c.img 1 x --region user",
    "sim wear c.img c.img",
};

Test(cli, a_wrong_command_line_is_status_2_and_one_line)
{
    for (size_t i = 0; i < sizeof(wrong_lines) / sizeof(wrong_lines[0]); i++) {
        cr_assert(eq(int, tool_run("$S %s", wrong_lines[i]), 2), "%s",
                  wrong_lines[i]);
        expect_one_line();
        cr_assert(eq(str, (char *)tool_out(), ""), "%s", wrong_lines[i]);
    }
    cr_assert(eq(uint, tool_files(), 1), "nothing was made");
}

Test(cli, host_errors_are_status_3_and_one_line)
{
    static const char *const lines[] = {
        "card info none.img",
        "card read none.img --lba 0 --blocks 1",
        "card create c.img",
        "card create none/c.img",
        "card info text",
        "card info c.img --apparatus text",
        "card info c.img --apparatus none",
        "card write c.img --lba 0 -i none",
        "card read c.img --lba 0 --blocks 1 -o none/x --kernel model",
        "card info c.img --log none/x",
        "apparatus info text",
        "apparatus info none",
        "apparatus create text",
        "sim save none x",
        "sim save c.img none/x",
        "sim restore c.img none",
        "sim restore c.img text",
    };

    cr_assert(zero(int, tool_run("seq 1 2000 >text")));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_assert(eq(int, tool_run("$S %s", lines[i]), 3), "%s", lines[i]);
        expect_one_line();
    }
    cr_assert(eq(uint, tool_files(), 2), "nothing was made");
}

Test(cli, damaged_images_are_told_from_foreign_ones)
{
    cr_assert(zero(int, tool_run("head -c 100000 c.img >torn")));
    cr_assert(eq(int, tool_run("$S card info torn --kernel model"), 3));
    cr_assert(tool_complained("ERR_IMAGE_TORN"));
    cr_assert(zero(int, tool_run("cp c.img torn; printf x | "
                                 "dd of=torn bs=1 seek=20 conv=notrunc")));
    cr_assert(eq(int, tool_run("$S card info torn --kernel model"), 3));
    cr_assert(tool_complained("ERR_IMAGE_"));
    cr_assert(zero(int, tool_run("head -c 2000000 /dev/zero >foreign")));
    cr_assert(eq(int, tool_run("$S card info foreign --kernel model"), 3));
    cr_assert(tool_complained("ERR_IMAGE_FOREIGN"));
}

Test(cli, a_missing_kernel_is_said)
{
    cr_assert(
        eq(int, tool_run("SDV_KERNEL_DIR=/nowhere $S card info c.img"), 3));
    cr_assert(tool_complained("ERR_KERNEL"));
}

Test(cli, options_may_stand_anywhere_and_names_may_look_like_them)
{
    cr_assert(zero(int, tool_run("$S --kernel model card --json info c.img")));
    cr_assert(zero(int, tool_run("$S card create --capacity=512K -- --odd; "
                                 "$S card info --kernel model -- --odd")));
}

Test(cli, a_full_disk_is_no_success)
{
    cr_assert(
        eq(int, tool_run("$S card info c.img --kernel model >/dev/full"), 3));
    cr_assert(eq(int,
                 tool_run("$S card read c.img --lba 0 --blocks 100 "
                          "--kernel model >/dev/full"),
                 3));
}

/* ---- apparatus ---- */

Test(cli, an_apparatus_has_its_id_and_shows_it_to_the_card)
{
    cr_assert(zero(int, tool_run("$S apparatus create a.app "
                                 "--id 0x0123456789abcdef --label Player")));
    cr_assert(tool_printed("028T-5CY4-TQKFF-A"));
    cr_assert(zero(int, tool_run("$S apparatus info a.app")));
    cr_assert(eq(str, (char *)tool_out(),
                 "apparatus id: 028T-5CY4-TQKFF-A\nlabel: Player\n"));
    for (int i = 0; i < 2; i++) {
        cr_assert(zero(int, tool_run("$S card info c.img --apparatus a.app "
                                     "--kernel %s",
                                     i == 0 ? "direct" : "model")));
        cr_assert(tool_printed("apparatus id:  028T-5CY4-TQKFF-A\n"));
    }
    cr_assert(zero(int, tool_run("test $(stat -c %%a a.app) = 600")));
}

Test(cli, an_id_is_typed_as_it_is_shown)
{
    cr_assert(zero(int, tool_run("$S apparatus create a.app "
                                 "--id 028t-5cy4-tqkff-a --label Player")));
    cr_assert(zero(int, tool_run("$S apparatus info a.app --json")));
    cr_assert(tool_printed("\"apparatus_id\":\"028T-5CY4-TQKFF-A\""));
    cr_assert(eq(int,
                 tool_run("$S apparatus create b.app "
                          "--id 028T-5CY4-TQKFF-B"),
                 2));
    cr_assert(tool_complained("ERR_ID"));
}

Test(cli, ids_differ_unless_a_seed_is_given)
{
    cr_assert(zero(
        int, tool_run("for i in 1 2 3 4; do s=; test $i -gt 2 && s='--seed 5';"
                      "$S apparatus create $i.app $s || exit; done")));
    cr_assert(not(tool_same("1.app", "2.app")));
    cr_assert(tool_same("3.app", "4.app"));
}

Test(cli, an_existing_apparatus_is_left_alone)
{
    cr_assert(zero(int, tool_run("$S apparatus create a.app && "
                                 "cp a.app b")));
    cr_assert(eq(int, tool_run("$S apparatus create a.app"), 3));
    cr_assert(tool_complained("ERR_EXISTS"));
    cr_assert(tool_same("a.app", "b"));
}

Test(cli, an_apparatus_travels_through_a_pipe)
{
    cr_assert(zero(int, tool_run("$S apparatus create - --label Player | "
                                 "$S apparatus info - | "
                                 "grep -q '^label: Player$'")));
}

/* ---- sim ---- */

static void write_block(unsigned seed)
{
    tool_make_file("in", 512, seed);
    cr_assert(zero(int, tool_run("$S card write c.img --lba 7 "
                                 "--kernel model <in")));
}

static bool block_is_there(void)
{
    cr_assert(zero(int, tool_run("$S card read c.img --lba 7 --blocks 1 "
                                 "--kernel model -o got")));
    return tool_same("in", "got");
}

Test(cli, what_was_saved_is_restored)
{
    write_block(1);
    cr_assert(zero(int, tool_run("$S sim save c.img all")));
    cr_assert(zero(int, tool_run("$S sim save c.img user --region user")));
    cr_assert(zero(int, tool_run("$S sim save c.img - --region user >piped")));
    cr_assert(tool_same("user", "piped"));
    write_block(2);
    tool_make_file("in", 512, 1);
    cr_assert(not(block_is_there()));
    cr_assert(zero(int, tool_run("$S sim restore c.img user --region user")));
    cr_assert(block_is_there());
    write_block(2);
    tool_make_file("in", 512, 1);
    cr_assert(zero(int, tool_run("$S sim restore c.img - <all")));
    cr_assert(block_is_there());
}

Test(cli, a_copy_of_another_region_is_refused)
{
    cr_assert(zero(int, tool_run("$S sim save c.img otp --region otp; "
                                 "cp c.img before")));
    cr_assert(eq(int, tool_run("$S sim restore c.img otp --region eeprom"), 3));
    cr_assert(eq(int, tool_run("$S sim restore c.img otp"), 3));
    cr_assert(tool_same("c.img", "before"));
}

Test(cli, damage_is_where_it_was_ordered_and_repeats_with_its_seed)
{
    cr_assert(zero(int, tool_run("cp c.img d.img")));
    write_block(1);
    cr_assert(zero(int, tool_run("$S sim damage c.img --region user --at 8 "
                                 "--count 2 --seed 3")));
    cr_assert(block_is_there());
    cr_assert(zero(int, tool_run("$S sim damage c.img --region user --at 7 "
                                 "--seed 3")));
    cr_assert(not(block_is_there()));
    cr_assert(eq(int,
                 tool_run("$S sim damage c.img --region user --at 2047 "
                          "--count 2"),
                 1));
    cr_assert(zero(
        int, tool_run("cp d.img e.img; for i in d e; do "
                      "$S sim damage $i.img --region secure --at 1 --seed 9; "
                      "done")));
    cr_assert(tool_same("d.img", "e.img"));
}

/* ---- files that are written ---- */

Test(cli, no_file_of_the_command_line_is_replaced)
{
    static const char *const lines[] = {
        "card read c.img --lba 0 --blocks 1 -o c.img",
        "card read c.img --lba 0 --blocks 1 -o ./c.img",
        "card read c.img --lba 0 --blocks 1 -o link",
        "card read c.img --lba 0 --blocks 1 -o x --log x",
        "card info c.img --log c.img",
        "card write c.img --lba 0 -i in --log in",
        "sim save c.img c.img"};

    write_block(1);
    cr_assert(zero(int, tool_run("cp c.img before; cp in kept; "
                                 "ln -s c.img link")));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_assert(eq(int, tool_run("$S %s", lines[i]), 2), "%s", lines[i]);
        expect_one_line();
        cr_assert(tool_same("c.img", "before"), "%s", lines[i]);
        cr_assert(tool_same("in", "kept"), "%s", lines[i]);
    }
    cr_assert(eq(int, tool_run("$S sim restore c.img c.img"), 3));
    cr_assert(tool_same("c.img", "before"));
}

Test(cli, links_are_followed_and_pipes_are_written_to)
{
    write_block(1);
    cr_assert(zero(int, tool_run("touch real; ln -s real link; mkfifo pipe")));
    cr_assert(zero(int, tool_run("$S card read c.img --lba 7 --blocks 1 "
                                 "-o link; test -L link")));
    cr_assert(tool_same("in", "real"));
    cr_assert(zero(int, tool_run("cat pipe >piped & $S card read c.img "
                                 "--lba 7 --blocks 1 -o pipe && wait; "
                                 "test -p pipe")));
    cr_assert(tool_same("in", "piped"));
    cr_assert(zero(int, tool_run("cat pipe >piped & $S sim save c.img pipe "
                                 "--region user && wait; test -p pipe")));
    cr_assert(zero(int, tool_run("$S sim restore c.img piped "
                                 "--region user")));
    cr_assert(block_is_there());
}

Test(cli, what_was_swapped_has_changed_places)
{
    write_block(1);
    cr_assert(zero(int, tool_run("$S sim swap c.img --region user 7 9")));
    cr_assert(not(block_is_there()));
    cr_assert(zero(int, tool_run("$S sim swap c.img 9 7 --region user")));
    cr_assert(block_is_there());
    cr_assert(eq(int, tool_run("$S sim swap c.img --region user 7 2048"), 1));
    cr_assert(block_is_there());
}

Test(cli, a_torn_sector_is_neither_old_nor_garbage)
{
    write_block(1);
    cr_assert(zero(int, tool_run("$S sim tear c.img --region user --at 7 "
                                 "--seed 3")));
    cr_assert(not(block_is_there()));
    cr_assert(zero(int, tool_run("cmp -n 1 in got")));
    cr_assert(
        eq(int, tool_run("$S sim tear c.img --region user --at 2048"), 1));
}

Test(cli, wear_is_counted_without_a_slot)
{
    write_block(1);
    cr_assert(zero(int, tool_run("$S sim wear c.img | "
                                 "grep -q '^user  *2048  *1  *1  *1  *7$'")));
    cr_assert(zero(int, tool_run("$S sim wear c.img --json")));
    cr_assert(tool_printed("\"user\":{\"units\":2048,\"programmed\":1,"));
}
