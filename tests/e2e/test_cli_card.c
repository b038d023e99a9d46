/* SPDX-License-Identifier: Apache-2.0 */
/* `sdvault card ...` on both kernels. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include <sdvault/image.h>

#include "spin.h"
#include "tool.h"

static char kernels[][8] = {"direct", "model"};

/* A blank card of 1 MiB; $K chooses the kernel. */
static void start(const char *kernel)
{
    tool_start();
    setenv("K", kernel, 1);
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
}

#define KERNELS(suite, name)                                                   \
    ParameterizedTestParameters(suite, name)                                   \
    {                                                                          \
        return cr_make_param_array(char[8], kernels, 2);                       \
    }                                                                          \
    ParameterizedTest(char(*kernel)[8], suite, name)

TestSuite(cli_card, .fini = tool_finish);

KERNELS(cli_card, a_file_comes_back_as_it_went_in)
{
    start(*kernel);
    tool_make_file("in", 100 * 512, 1);
    cr_assert(
        zero(int, tool_run("$S card write c.img --lba 33 --kernel $K <in")));
    cr_assert(tool_printed("wrote 51200 bytes, 100 blocks from block 33"));
    cr_assert(zero(
        int,
        tool_run("$S card read c.img --lba 33 --blocks 100 --kernel $K >got")));
    cr_assert(tool_same("in", "got"));
    cr_assert(eq(str, (char *)tool_err(), ""));
}

KERNELS(cli_card, files_have_options_too)
{
    start(*kernel);
    tool_make_file("in", 512, 1);
    cr_assert(
        zero(int, tool_run("$S card write c.img --lba 0 -i in --kernel=$K")));
    cr_assert(zero(int, tool_run("$S card read c.img -o got --blocks 1 "
                                 "--lba 0 --kernel=$K")));
    cr_assert(tool_same("in", "got"));
    cr_assert(eq(uint, tool_files(), 3), "temporary files are gone");
}

KERNELS(cli_card, the_last_block_is_filled_up_and_people_are_told)
{
    start(*kernel);
    tool_make_file("in", 1000, 1);
    cr_assert(
        zero(int, tool_run("$S card write c.img --lba 0 --kernel $K <in")));
    cr_assert(tool_complained("filled up with 24 zero bytes"));
    cr_assert(zero(
        int,
        tool_run("$S card read c.img --lba 0 --blocks 2 --kernel $K >got")));
    cr_assert(zero(int, tool_run("head -c 24 /dev/zero | cat in - >want")));
    cr_assert(tool_same("want", "got"));
}

KERNELS(cli_card, erased_blocks_are_zeros_and_their_neighbours_stay)
{
    start(*kernel);
    tool_make_file("in", 4 * 512, 1);
    cr_assert(
        zero(int, tool_run("$S card write c.img --lba 0 --kernel $K <in")));
    cr_assert(zero(
        int, tool_run("$S card erase c.img --lba 1 --blocks 2 --kernel $K")));
    cr_assert(zero(
        int,
        tool_run("$S card read c.img --lba 0 --blocks 4 --kernel $K >got")));
    cr_assert(zero(int, tool_run("{ head -c 512 in; head -c 1024 /dev/zero; "
                                 "tail -c 512 in; } >want")));
    cr_assert(tool_same("want", "got"));
}

KERNELS(cli_card, nothing_is_written_when_the_file_does_not_fit)
{
    start(*kernel);
    tool_make_file("in", 1024, 1);
    cr_assert(zero(int, tool_run("cp c.img before")));
    cr_assert(
        eq(int, tool_run("$S card write c.img --lba 2047 --kernel $K <in"), 1));
    cr_assert(tool_complained("ERR_RANGE"));
    cr_assert(tool_complained("2048 blocks"));
    cr_assert(tool_same("before", "c.img"));
    cr_assert(eq(int,
                 tool_run("$S card read c.img --lba 2047 --blocks 2 "
                          "--kernel $K"),
                 1));
    cr_assert(eq(int,
                 tool_run("$S card erase c.img --lba 2048 --blocks 1 "
                          "--kernel $K"),
                 1));
}

KERNELS(cli_card, info_shows_ids_capacity_registers_and_wear)
{
    start(*kernel);
    tool_make_file("in", 512, 1);
    cr_assert(
        zero(int, tool_run("$S card write c.img --lba 5 --kernel $K <in")));
    cr_assert(zero(int, tool_run("$S card info c.img --wear --kernel $K")));
    cr_assert(tool_printed("medium id:     none (blank card)\n"));
    cr_assert(tool_printed("type:          SDHC\n"));
    cr_assert(tool_printed("1048576 bytes, 2048 blocks of 512"));
    cr_assert(tool_printed("4 lines, 50 MHz, high speed"));
    cr_assert(tool_printed("\nCSD "));
    cr_assert(tool_printed("  DAT_BUS_WIDTH            0x2\n"));
    cr_assert(zero(int, tool_run("$S card info c.img --wear --kernel $K | "
                                 "grep -q '^user  *2048  *1  *1  *1  *5$'")));
}

KERNELS(cli_card, json_is_one_object_on_one_line)
{
    start(*kernel);
    cr_assert(
        zero(int, tool_run("$S card info c.img --json --cycles --kernel $K")));
    cr_assert(tool_printed("{\"group\":\"card\",\"command\":\"info\","));
    cr_assert(tool_printed("\"medium_id\":null"));
    cr_assert(tool_printed("\"capacity\":1048576"));
    cr_assert(tool_printed("\"exit\":0}\n"));
    cr_assert(zero(int, tool_run("$S card info c.img --json --cycles "
                                 "--kernel $K | python3 -m json.tool")));
    cr_assert(eq(ptr, strchr(tool_err(), '\n'), NULL));
}

KERNELS(cli_card, words_go_to_stderr_when_stdout_is_data)
{
    start(*kernel);
    cr_assert(zero(int, tool_run("$S card read c.img --lba 0 --blocks 1 "
                                 "--cycles --kernel $K >got")));
    cr_assert(zero(int, tool_run("test $(wc -c <got) -eq 512")));
    cr_assert(zero(int, tool_run("$S card read c.img --lba 0 --blocks 1 "
                                 "--json --kernel $K >got")));
    cr_assert(tool_complained("\"blocks\":1"));
    cr_assert(zero(int, tool_run("test $(wc -c <got) -eq 512")));
}

KERNELS(cli_card, latency_changes_the_time_only)
{
    start(*kernel);
    tool_make_file("in", 8 * 512, 1);
    cr_assert(zero(int, tool_run("$S card write c.img --lba 0 --kernel $K "
                                 "--latency real <in")));
    cr_assert(zero(int, tool_run("$S card read c.img --lba 0 --blocks 8 "
                                 "--kernel $K --latency real >got")));
    cr_assert(tool_same("in", "got"));
}

KERNELS(cli_card, standard_capacity_works_too)
{
    start(*kernel);
    tool_make_file("in", 3 * 512, 1);
    cr_assert(zero(
        int, tool_run("$S card create s.img --type sdsc --capacity 512K")));
    cr_assert(
        zero(int, tool_run("$S card write s.img --lba 1021 --kernel $K <in")));
    cr_assert(zero(int, tool_run("$S card read s.img --lba 1021 --blocks 3 "
                                 "--kernel $K >got")));
    cr_assert(tool_same("in", "got"));
    cr_assert(zero(int, tool_run("$S card info s.img --kernel $K")));
    cr_assert(tool_printed("type:          SDSC\n"));
}

KERNELS(cli_card, an_image_in_use_is_refused)
{
    sdv_image *image;

    start(*kernel);
    cr_assert(zero(int, sdv_image_open("c.img", &image)));
    cr_assert(eq(int, tool_run("$S card info c.img --kernel $K"), 3));
    sdv_image_close(&image);
    cr_assert(tool_complained("ERR_IMAGE_IN_USE"));
}

Test(cli_card, cycles_are_counted_for_each_sequence)
{
    start("direct");
    cr_assert(zero(int, tool_run("$S card read c.img --lba 0 --blocks 64 "
                                 "--cycles -o got")));
    cr_assert(tool_printed("CMD23+CMD18"));
    cr_assert(tool_printed("total: "));
    cr_assert(zero(int, tool_run("$S card info c.img --kernel model "
                                 "--cycles")));
    cr_assert(tool_printed("total: - "));
}

Test(cli_card, log_and_trace_are_complete_files)
{
    start("direct");
    cr_assert(zero(int, tool_run("$S card read c.img --lba 3 --blocks 1 "
                                 "-o got --log bus.txt --trace bus.fst")));
    cr_assert(zero(int, tool_run("grep -q 'CMD17.*arg 00000003' bus.txt")));
    cr_assert(zero(int, tool_run("test -s bus.fst")));
    cr_assert(zero(int, tool_run("$S card info c.img --log - | "
                                 "grep -q 'CMD9'")));
    cr_assert(eq(uint, tool_files(), 4), "temporary files are gone");
    cr_assert(zero(int, tool_run("$S card info c.img --trace - >wave")));
    cr_assert(tool_complained("medium id:"));
    /* an FST file begins with a block of kind 0 and 329 bytes */
    cr_assert(zero(int, tool_run("head -c 9 wave | od -An -tu1 | "
                                 "grep -q '^ *0 *0 *0 *0 *0 *0 *0 *1 *73$'")));
    cr_assert(eq(
        int, tool_run("$S card read c.img --lba 0 --blocks 1 --trace -"), 2));
}

Test(cli_card, the_same_seed_and_commands_take_the_same_clocks)
{
    start("direct");
    for (int i = 0; i < 2; i++) {
        cr_assert(zero(int, tool_run("$S card info c.img --seed 7 --cycles "
                                     ">run%d",
                                     i)));
    }
    cr_assert(tool_same("run0", "run1"));
}

Test(cli_card, a_failed_read_leaves_the_older_file)
{
    start("model");
    cr_assert(zero(int, tool_run("echo old >got; cp got want")));
    cr_assert(eq(int,
                 tool_run("$S card read c.img --lba 2000 --blocks 100 -o got "
                          "--kernel model"),
                 1));
    cr_assert(tool_same("want", "got"));
    cr_assert(eq(uint, tool_files(), 3));
}

/* Kill it after a while, unless it has ended before. */
static void kill_after(pid_t pid, unsigned step)
{
    int status;

    spin(step * SPIN_MS);
    kill(pid, SIGKILL);
    cr_assert(eq(int, waitpid(pid, &status, 0), pid));
}

Test(cli_card, a_killed_read_leaves_the_older_file_or_the_whole_one)
{
    start("model");
    tool_make_file("in", 2048 * 512, 1);
    cr_assert(zero(int, tool_run("$S card write c.img --lba 0 --kernel model "
                                 "<in; echo old >older")));
    for (unsigned i = 0; i < 40; i++) {
        cr_assert(zero(int, tool_run("cp older got")));
        kill_after(tool_start_line("$S card read c.img --lba 0 --blocks 2048 "
                                   "--kernel model -o got"),
                   i);
        cr_assert(tool_same("got", "older") || tool_same("got", "in"));
    }
}

Test(cli_card, a_killed_write_leaves_old_or_new_sectors)
{
    start("model");
    tool_make_file("a", 2048 * 512, 1);
    tool_make_file("b", 2048 * 512, 2);
    for (unsigned i = 0; i < 20; i++) {
        cr_assert(zero(int, tool_run("$S card write c.img --lba 0 "
                                     "--kernel model <a")));
        kill_after(
            tool_start_line("$S card write c.img --lba 0 --kernel model -i b"),
            i);
        cr_assert(zero(int, tool_run("$S card read c.img --lba 0 --blocks "
                                     "2048 --kernel model -o got")));
        /* a run of new sectors, then old ones */
        cr_assert(
            zero(int,
                 tool_run("n=$(cmp -n $((2048 * 512)) got b | "
                          "sed 's/.*differ: [a-z]* \\([0-9]*\\),.*/\\1/'); "
                          "n=$(((${n:-$((2048 * 512 + 1))} - 1) / 512)); "
                          "cmp -s -i $(((n + 1) * 512)) got a || "
                          "test $n -ge 2047")),
            "step %u", i);
    }
}
