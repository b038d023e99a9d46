/* SPDX-License-Identifier: Apache-2.0 */
/* `sdvault authority`, with cards of the model. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/id.h>
#include <sdvault/image.h>

#include "authority.h"
#include "bytes.h"
#include "tool.h"

TestSuite(cli_authority, .init = tool_start, .fini = tool_finish);

#define M " --kernel model"
/* 65 bytes */
#define LONG_TITLE                                                             \
    "--title 0123456789012345678901234567890123456789012345678901234567890123" \
    "4"

/* The value behind a label in what the last run printed. */
static void get(const char *label, char *value)
{
    const char *at = strstr(tool_out(), label);

    cr_assert(ne(ptr, (void *)at, NULL), "%s is missing", label);
    cr_assert(eq(int, sscanf(at + strlen(label), " %63s", value), 1));
}

/* An authority "a" and a card; its medium id goes to the environment. */
static void make_card(const char *image, const char *variable)
{
    char id[64];

    cr_assert(zero(int, tool_run("$S card create %s --capacity 1M", image)));
    cr_assert(zero(int, tool_run("$S authority personalize a %s" M, image)),
              "%s", tool_err());
    get("medium id:", id);
    setenv(variable, id, 1);
}

static void make_authority(void)
{
    cr_assert(zero(int, tool_run("$S authority init a --insecure")));
}

static void expect_refusal(const char *line, int status, const char *name)
{
    cr_assert(eq(int, tool_run("%s", line), status), "%s: %s", line,
              tool_err());
    cr_assert(tool_complained(name), "%s: %s", line, tool_err());
}

static unsigned mode_of(const char *path)
{
    struct stat stat_;

    cr_assert(zero(int, stat(path, &stat_)), "%s", path);
    return stat_.st_mode & 0777u;
}

/* ---- init ---- */

Test(cli_authority, init_takes_a_passphrase_from_file_or_environment)
{
    cr_assert(zero(int, tool_run("echo sesame >p; $S authority init a "
                                 "--passphrase-file p")));
    cr_assert(zero(int, tool_run("SDVAULT_PASSPHRASE=other "
                                 "$S authority init b")));
    expect_refusal("SDVAULT_PASSPHRASE=other $S authority issue a "
                   "--medium 0x0123456789abcdef --title T -o l",
                   1, "ERR_PASSPHRASE");
    expect_refusal("SDVAULT_PASSPHRASE=sesame $S authority issue a "
                   "--medium 0x0123456789abcdef --title T -o l",
                   1, "ERR_MEDIUM_UNKNOWN");
    expect_refusal("SDVAULT_PASSPHRASE= $S authority init c", 2, "empty");
    expect_refusal("setsid $S authority init c </dev/null", 2, "no terminal");
    expect_refusal("$S authority init c --insecure --passphrase-file p", 2,
                   "not both");
    cr_assert(ne(int, tool_run("test -e c"), 0));
}

Test(cli_authority, init_makes_one_authority_and_keeps_it)
{
    make_authority();
    cr_assert(zero(int, tool_run("cp a/master.key k")));
    expect_refusal("$S authority init a --insecure", 3, "ERR_EXISTS");
    cr_assert(tool_same("a/master.key", "k"));
    cr_assert(eq(uint, mode_of("a/master.key"), 0600));
}

Test(cli_authority, torn_master_key_and_missing_ledger_are_host_errors)
{
    const char *line = "$S authority issue a --medium 0x0123456789abcdef "
                       "--title T -o l";

    make_authority();
    cr_assert(zero(int, tool_run("cp a/master.key k; "
                                 "head -c 50 k >a/master.key")));
    expect_refusal(line, 3, "ERR_MASTER_TORN");
    cr_assert(zero(int, tool_run("echo hello world >a/master.key")));
    expect_refusal(line, 3, "ERR_MASTER_FOREIGN");
    cr_assert(zero(int, tool_run("cp k a/master.key; rm a/ledger.db")));
    expect_refusal(line, 3, "ERR_LEDGER");
    cr_assert(zero(int, tool_run("rm -r a")));
    expect_refusal(line, 3, "ERR_IO");
}

/* ---- personalize ---- */

Test(cli_authority, personalize_makes_a_blank_card_active)
{
    make_authority();
    make_card("c.img", "A");
    cr_assert(zero(int, tool_run("$S card info c.img" M)));
    cr_assert(tool_printed(getenv("A")));
    cr_assert(tool_printed("lifecycle:     active"));
    expect_refusal("$S authority personalize a c.img" M, 1, "ERR_MEDIUM_TAKEN");
    cr_assert(zero(int, tool_run("$S authority init b --insecure")));
    expect_refusal("$S authority personalize b c.img" M, 1, "ERR_MEDIUM_TAKEN");
}

/* The first words of what STORE DATA writes; the last of them has only the
 * bits of a mask. */
static void write_part(const uint8_t *data, unsigned words, uint32_t mask)
{
    sdv_image *image;

    cr_assert(zero(int, sdv_image_open("c.img", &image)));
    for (unsigned i = 0; i < words; i++) {
        uint8_t word[4];

        sdv_put32(word, sdv_get32(data + 4 * i) &
                            (i + 1 < words ? UINT32_MAX : mask));
        cr_assert(zero(int, sdv_image_program(image, SDV_REGION_OTP,
                                              SDV_NVM_OTP_CID + i, word)));
    }
    sdv_image_close(&image);
}

Test(cli_authority, card_whose_identity_was_cut_short_gets_the_same)
{
    sdv_authority *authority = authority_start();

    for (unsigned words = 0; words <= 14; words++) {
        uint8_t cid[SDV_CID_BYTES];
        sdv_personalization data;
        char text[SDV_ID_TEXT_SIZE];

        authority_blank_cid(words, cid);
        cr_assert(
            zero(int, sdv_authority_personalize(authority, cid, 0, &data)));
        cr_assert(zero(int, sdv_id_format(data.medium_id, text)));
        cr_assert(zero(int, tool_run("rm -f c.img; $S card create c.img "
                                     "--capacity 1M --seed %u",
                                     words)));
        write_part(data.data, words, 0x0F0F3355);
        cr_assert(zero(int, tool_run("$S authority personalize auth c.img" M)),
                  "%u words: %s", words, tool_err());
        cr_assert(tool_printed(text), "%u words", words);
    }
    sdv_authority_close(&authority);
}

/* ---- issue ---- */

Test(cli_authority, card_imports_what_was_issued)
{
    char id[64];

    make_authority();
    make_card("c.img", "A");
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title 'Song' --uses 3 --exports 2 "
                                 "--not-before 2026-01-01 "
                                 "--not-after 2027-01-01T12:00:00Z "
                                 "--no-export apparatus -o l --key-out k")),
              "%s", tool_err());
    get("license id:", id);
    cr_assert(eq(uint, mode_of("k"), 0600));
    cr_assert(zero(int, tool_run("test $(wc -c <l) = 512")));
    cr_assert(zero(int, tool_run("$S license import c.img --file l" M)));
    cr_assert(zero(int, tool_run("$S license list c.img" M)));
    cr_assert(tool_printed(id));
}

Test(cli_authority, same_command_gives_the_same_license)
{
    char id[64];

    make_authority();
    make_card("c.img", "A");
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T -o l --key-out k")));
    get("license id:", id);
    setenv("L", id, 1);
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T --license $L -o l2 "
                                 "--key-out k2")));
    cr_assert(tool_same("l", "l2"));
    cr_assert(tool_same("k", "k2"));
    expect_refusal("$S authority issue a --medium \"$A\" --title T2 "
                   "--license $L -o l3",
                   1, "ERR_LICENSE_DIFFERENT");
    cr_assert(ne(int, tool_run("test -e l3"), 0));
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T -o - >l4")));
    cr_assert(not(tool_same("l", "l4")), "it was delivered: this is new");
}

Test(cli_authority, issue_tells_wrong_options)
{
    static const char *const options[] = {
        "--title ''",
        "--title \"$(printf 'a\\001b')\"",
        "--title T --uses 0",
        "--title T --uses 4294967295",
        "--title T --not-before 2026-02-31",
        "--title T --not-after soon",
        "--title T --not-before 2027-01-01 --not-after 2026-01-01",
        "--title T --content-key 12",
        "--title T --content-id xyz",
        "--title T --license 12",
        "--title T --generation 4294967296",
        "--title T --no-export never",
        "--title T --suite 192",
        "--title T --apparatus 12",
        LONG_TITLE};

    make_authority();
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        cr_assert(eq(int,
                     tool_run("$S authority issue a --medium "
                              "0x0123456789abcdef -o l %s",
                              options[i]),
                     2),
                  "%s: %s", options[i], tool_err());
    }
    expect_refusal("$S authority issue a --medium 028T-5CY4-TQKFF-B "
                   "--title T -o l",
                   2, "ERR_ID");
    cr_assert(ne(int, tool_run("test -e l"), 0));
}

Test(cli_authority, keys_appear_in_no_output)
{
    make_authority();
    make_card("c.img", "A");
    cr_assert(
        zero(int, tool_run("$S authority issue a --medium \"$A\" --title T "
                           "-o l --json --content-key %064d",
                           7)));
    cr_assert(not(tool_printed("0000000000000007")));
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T2 -o l --key-out k")));
    cr_assert(zero(int, tool_run("key=$(sed -n 's/^key: //p' k); "
                                 "test ${#key} = 64 && ! grep -q $key out")));
}

/* ---- recover ---- */

static void lose_a_card(void)
{
    char id[64];

    make_authority();
    make_card("c.img", "A");
    make_card("d.img", "B");
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T -o l --key-out k")));
    get("license id:", id);
    setenv("L", id, 1);
    cr_assert(zero(int, tool_run("$S license import c.img --file l" M)));
    cr_assert(zero(int, tool_run("$S license export c.img $L --file b" M)));
}

Test(cli_authority, license_of_a_dead_card_comes_to_another)
{
    lose_a_card();
    cr_assert(zero(int, tool_run("$S authority recover a --medium \"$A\" "
                                 "--blob b --to-medium \"$B\" -o r")),
              "%s", tool_err());
    expect_refusal("$S license import c.img --file r" M, 1, "SEAL_MEDIUM");
    cr_assert(zero(int, tool_run("$S license import d.img --file r" M)));
    cr_assert(zero(int, tool_run("$S license list d.img" M)));
    cr_assert(tool_printed(getenv("L")));
    expect_refusal("$S authority recover a --medium \"$A\" --blob b "
                   "--to-medium \"$B\" -o r2",
                   1, "ERR_RECOVERED");
    cr_assert(ne(int, tool_run("test -e r2"), 0));
    expect_refusal("$S authority issue a --medium \"$A\" --title T -o l2", 1,
                   "ERR_MEDIUM_DEAD");
}

Test(cli_authority, wrong_blob_recovers_nothing)
{
    lose_a_card();
    expect_refusal("$S authority recover a --medium \"$A\" --blob l "
                   "--to-medium \"$B\" -o r",
                   1, "ERR_SEALED_PURPOSE");
    expect_refusal("$S authority recover a --medium \"$B\" --blob b "
                   "--to-medium \"$A\" -o r",
                   1, "ERR_SEALED_MEDIUM");
    expect_refusal("printf x | dd of=b bs=1 seek=300 conv=notrunc; "
                   "$S authority recover a --medium \"$A\" --blob b "
                   "--to-medium \"$B\" -o r",
                   1, "ERR_SEALED_TAG");
    expect_refusal("head -c 100 b >c; $S authority recover a --medium \"$A\" "
                   "--blob c --to-medium \"$B\" -o r",
                   1, "ERR_SEALED_MAGIC");
    expect_refusal("$S authority recover a --medium \"$A\" --blob b "
                   "--to-medium \"$B\" -o r --spent 1 --accept-backup-count",
                   2, "not both");
    cr_assert(ne(int, tool_run("test -e r"), 0));
}

/* ---- troubles ---- */

Test(cli_authority, output_that_cannot_be_written_loses_no_license)
{
    lose_a_card();
    cr_assert(eq(int,
                 tool_run("$S authority recover a --medium \"$A\" --blob b "
                          "--to-medium \"$B\" -o no/where"),
                 3));
    cr_assert(eq(int,
                 tool_run("$S authority recover a --medium \"$A\" --blob b "
                          "--to-medium \"$B\" -o - >/dev/full"),
                 3));
    cr_assert(zero(int, tool_run("$S authority recover a --medium \"$A\" "
                                 "--blob b --to-medium \"$B\" -o r --json")));
    cr_assert(tool_printed("\"again\":true"));
    cr_assert(zero(int, tool_run("$S license import d.img --file r" M)));
}

Test(cli_authority, full_disk_changes_nothing)
{
    make_authority();
    make_card("c.img", "A");
    cr_assert(zero(int, tool_run("cp a/ledger.db before")));
    /* no file may grow: the journal of the ledger cannot be written */
    cr_assert(eq(int,
                 tool_run("trap '' XFSZ; ulimit -f 0; $S authority issue a "
                          "--medium \"$A\" --title T -o l"),
                 3));
    cr_assert(ne(int, tool_run("test -e l"), 0));
    cr_assert(zero(int, tool_run("$S authority issue a --medium \"$A\" "
                                 "--title T -o l")));
}

Test(cli_authority, several_processes_at_once_share_a_ledger)
{
    make_authority();
    make_card("c.img", "A");
    cr_assert(zero(int, tool_run("for i in 1 2 3 4 5 6 7 8; do\n"
                                 "  $S authority issue a --medium \"$A\" "
                                 "--title T$i -o l$i & pids=\"$pids $!\"\n"
                                 "done\n"
                                 "for p in $pids; do wait $p || exit 1; done\n"
                                 "cat l? >all; test $(wc -c <all) = 4096")),
              "%s", tool_err());
    cr_assert(zero(int, tool_run("$S license import c.img --file all" M)));
}
