/* SPDX-License-Identifier: Apache-2.0 */
/* `sdvault license ...` and what `card info` says of a vault. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tool.h"
#include "vault_cards.h"

TestSuite(cli_license, .fini = tool_finish);

#define LICENSE_LINE "^[0-9a-f]\\{32\\}  live     generation 0"

static void start(const char *kernel)
{
    vault_cards_start(kernel);
    vault_cards_issue('a', "one", "");
}

static int list(char card)
{
    return tool_run("$S license list %c.img --kernel $K", card);
}

static int import(const char *options)
{
    return tool_run("$S license import a.img --kernel $K %s", options);
}

static int export(const char *options)
{
    return tool_run("$S license export a.img --kernel $K %s", options);
}

/* One line, and no more, that names the tool and the reason. */
static void expect_line(const char *reason)
{
    const char *text = tool_err();
    const char *end = strchr(text, '\n');

    cr_assert(zero(int, strncmp(text, "sdvault license", 15)), "%s", text);
    cr_assert(end != NULL && end[1] == '\0', "%s", text);
    cr_assert(tool_complained(reason), "%s", text);
}

static void lose(char card)
{
    cr_assert(zero(int, tool_run("$S sim damage %c.img --region secure --at 0 "
                                 "--count 128",
                                 card)));
}

/* ---- card info ---- */

VAULT_TEST(cli_license, info_shows_the_id_the_lifecycle_and_the_room)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, tool_run("$S card info a.img --kernel $K")));
    cr_assert(tool_printed("\nlifecycle:     active\n"));
    cr_assert(tool_printed("\nslots:         64, 63 free\n"));
    cr_assert(tool_printed("\nlines:         256, 255 free\n"));
    cr_assert(tool_printed("\ndefect lines:  none\n"));
    cr_assert(
        zero(int, tool_run("$S card info a.img --kernel $K | "
                           "grep -q \"^medium id: *$(cat a.id)$\"; grep -q "
                           "'^[0-9A-Z]\\{4\\}-[0-9A-Z]\\{4\\}-[0-9A-Z]\\{5\\}-"
                           "[0-9A-Z*~$=]$' a.id")));
    cr_assert(zero(int, tool_run("$S card info a.img --kernel $K --json | "
                                 "python3 -c \"import json, sys; "
                                 "o = json.load(sys.stdin); "
                                 "assert o['lifecycle'] == 'active'; "
                                 "assert o['slots']['free'] == 63; "
                                 "assert o['medium_id'] == '$(cat a.id)'\"")),
              "%s", tool_err());
}

VAULT_TEST(cli_license, a_line_that_cannot_be_read_is_shown)
{
    start(*kernel);
    cr_assert(zero(int, tool_run("$S sim damage a.img --region eeprom --at 0 "
                                 "--count 28")));
    cr_assert(zero(int, tool_run("$S card info a.img --kernel $K")));
    cr_assert(tool_printed("\ndefect lines:  licenses\n"));
    cr_assert(zero(int, list('a')));
    cr_assert(eq(str, (char *)tool_out(),
                 "00000000000000000000000000000000  defect   generation 0\n"));
}

/* ---- in and out ---- */

VAULT_TEST(cli_license, a_license_goes_in_is_listed_and_comes_out)
{
    start(*kernel);
    cr_assert(zero(int, list('a')));
    cr_assert(eq(str, (char *)tool_out(), ""));
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, list('a')));
    cr_assert(zero(int, tool_run("$S license list a.img --kernel $K | "
                                 "grep -c '" LICENSE_LINE "$'")));
    cr_assert(eq(str, (char *)tool_out(), "1\n"));
    cr_assert(zero(int, export("$(cat one.lid) --file out.backup")));
    cr_assert(zero(int, tool_run("test $(wc -c <out.backup) -eq 512 && "
                                 "head -c 4 out.backup | grep -q SDVL")));
    cr_assert(zero(int, import("--file out.backup")));
    cr_assert(zero(int, list('a')));
    cr_assert(
        eq(sz, strlen(tool_out()), strlen("0  live     generation 0\n") + 31));
}

VAULT_TEST(cli_license, an_id_may_be_typed_with_0x_and_in_capitals)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, export("0x$(tr a-f A-F <one.lid) --file x")));
    cr_assert(eq(int, export("0x$(cut -c 2- one.lid) --file y"), 2));
}

VAULT_TEST(cli_license, both_doors_lead_in_and_out)
{
    start(*kernel);
    cr_assert(zero(int, import("--door cmd56 --file one.license")));
    cr_assert(zero(int, export("--door assd $(cat one.lid) --file x")));
    cr_assert(zero(int, import("--door assd --file x")));
    cr_assert(zero(int, export("--door cmd56 $(cat one.lid) --file x")));
    cr_assert(zero(int, import("--file x")));
}

VAULT_TEST(cli_license, a_lost_license_comes_back_from_its_own_user_area)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, export("$(cat one.lid) --lba 2047")));
    lose('a');
    cr_assert(eq(int, export("$(cat one.lid) --file x"), 1));
    expect_line("[SW_NOT_USABLE]: LICENSE_EXPORT: status word 6984");
    cr_assert(zero(int, import("--lba 2047")));
    cr_assert(zero(int, export("$(cat one.lid) --file x")));
}

VAULT_TEST(cli_license, a_lost_license_comes_back_from_another_card)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, export("--all --lba 5 --to-card b.img")));
    cr_assert(zero(int, tool_run("$S card read b.img --lba 5 --blocks 1 "
                                 "--kernel $K | head -c 4 | grep -q SDVL")));
    lose('a');
    cr_assert(zero(int, import("--lba 5 --from-card b.img")));
    cr_assert(zero(int, export("$(cat one.lid) --file x")));
}

VAULT_TEST(cli_license, several_licenses_travel_together)
{
    start(*kernel);
    vault_cards_issue('a', "two", "");
    vault_cards_issue('a', "three", "");
    cr_assert(zero(int, tool_run("cat one.license two.license three.license "
                                 ">many")));
    cr_assert(zero(int, import("--file many")));
    cr_assert(zero(int, export("--all --file all")));
    cr_assert(zero(int, tool_run("test $(wc -c <all) -eq 1536")));
    cr_assert(zero(int, export("--all --lba 100")));
    lose('a');
    cr_assert(zero(int, import("--lba 100 --blocks 3")));
    cr_assert(zero(int, tool_run("$S license list a.img --kernel $K | "
                                 "grep -c ' live '")));
    cr_assert(eq(str, (char *)tool_out(), "3\n"));
}

VAULT_TEST(cli_license, a_refused_license_does_not_stop_the_others)
{
    start(*kernel);
    vault_cards_issue('b', "other", "");
    vault_cards_issue('a', "two", "");
    cr_assert(zero(int, tool_run("cat one.license other.license two.license "
                                 ">many")));
    cr_assert(eq(int, import("--file many"), 1));
    expect_line("many license 2: a license for another card");
    cr_assert(zero(int, tool_run("$S license list a.img --kernel $K | "
                                 "grep -c ' live '")));
    cr_assert(eq(str, (char *)tool_out(), "2\n"));
}

VAULT_TEST(cli_license, a_damaged_license_does_not_stop_the_others)
{
    start(*kernel);
    vault_cards_issue('a', "two", "");
    cr_assert(zero(int, import("--file one.license")));
    cr_assert(zero(int, import("--file two.license")));
    cr_assert(zero(int, tool_run("$S sim damage a.img --region secure --at 0 "
                                 "--count 2")));
    cr_assert(eq(int, export("--all --file all"), 1));
    expect_line("[SW_NOT_USABLE]");
    cr_assert(zero(int, tool_run("test $(wc -c <all) -eq 512")));
    cr_assert(zero(int, import("--file all")));
}

VAULT_TEST(cli_license, files_may_be_standard_input_and_output)
{
    start(*kernel);
    cr_assert(zero(int, import("--file - <one.license")));
    cr_assert(zero(int, export("--all --file - --json >x")));
    cr_assert(tool_complained("\"exported\":[\""));
    cr_assert(zero(int, tool_run("test $(wc -c <x) -eq 512")));
    cr_assert(zero(int, import("--file x")));
}

VAULT_TEST(cli_license, json_names_every_license)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license --json")));
    cr_assert(
        zero(int,
             tool_run("$S license list a.img --kernel $K --json --cycles | "
                      "python3 -c \"import json, sys; "
                      "o = json.load(sys.stdin); l, = o['licenses']; "
                      "assert l['id'] == '$(cat one.lid)'; "
                      "assert l['state'] == 'live'; "
                      "assert l['generation'] == 0 and not l['keep']; "
                      "assert any('CMD35' in s['commands'] "
                      "for s in o['cycles']['sequences'])\"")),
        "%s", tool_err());
    cr_assert(zero(int, export("--all --lba 3 --to-card b.img --json "
                               "--cycles | python3 -m json.tool")));
}

VAULT_TEST(cli_license, clocks_are_counted_of_what_is_refused_too)
{
    start(*kernel);
    cr_assert(eq(int,
                 tool_run("$S license import b.img --kernel $K --cycles "
                          "--file one.license"),
                 1));
    expect_line("[SW_SEAL_MEDIUM]");
    cr_assert(tool_printed("CMD35 "));
    cr_assert(tool_printed("total: "));
}

/* ---- refusals ---- */

VAULT_TEST(cli_license, another_card_refuses)
{
    start(*kernel);
    cr_assert(eq(int,
                 tool_run("$S license import b.img --kernel $K --file "
                          "one.license"),
                 1));
    expect_line("[SW_SEAL_MEDIUM]: LICENSE_IMPORT: status word 6AF5");
    cr_assert(zero(int, list('b')));
    cr_assert(eq(str, (char *)tool_out(), ""));
}

VAULT_TEST(cli_license, what_was_changed_is_refused_with_its_reason)
{
    static const struct {
        unsigned at;
        const char *reason;
    } changes[] = {
        {0, "6AF0 SEAL_MAGIC"},      {4, "6AF1 SEAL_VERSION"},
        {5, "6AF2 SEAL_SUITE"},      {6, "6AF3 SEAL_PURPOSE"},
        {7, "6AF4 SEAL_BINDING"},    {8, "6AF5 SEAL_MEDIUM"},
        {16, "6AF6 SEAL_APPARATUS"}, {44, "6AF7 SEAL_RESERVED"},
        {24, "6AF8 SEAL_TAG"},       {48, "6AF8 SEAL_TAG"},
        {64, "6AF8 SEAL_TAG"},       {511, "6AF8 SEAL_TAG"},
    };

    start(*kernel);
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        cr_assert(zero(int, tool_run("cp one.license bad && printf '\\311' | "
                                     "dd of=bad bs=1 seek=%u conv=notrunc",
                                     changes[i].at)));
        cr_assert(eq(int, import("--file bad"), 1), "byte %u", changes[i].at);
        expect_line(changes[i].reason);
    }
    cr_assert(zero(int, list('a')));
    cr_assert(eq(str, (char *)tool_out(), ""));
}

VAULT_TEST(cli_license, a_blank_card_and_an_unknown_license_are_told)
{
    start(*kernel);
    cr_assert(eq(int, export("$(cat one.lid) --file x"), 1));
    expect_line("[SW_NOT_FOUND]: LICENSE_EXPORT: status word 6A88");
    cr_assert(eq(int, export("--all --file x"), 1));
    expect_line("[SW_NOT_FOUND]: LICENSE_LIST: none is live");
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
    cr_assert(eq(int, list('c'), 1));
    expect_line("[SW_CONDITIONS]: LICENSE_LIST: status word 6985");
    cr_assert(eq(int,
                 tool_run("$S license import c.img --kernel $K --file "
                          "one.license"),
                 1));
    expect_line("status word 6985");
    cr_assert(zero(int, tool_run("test ! -e x")));
}

VAULT_TEST(cli_license, rights_that_forbid_an_export_are_kept)
{
    start(*kernel);
    vault_cards_issue('a', "fixed", "--no-export medium");
    vault_cards_issue('a', "few", "--exports 3");
    cr_assert(zero(int, import("--file fixed.license")));
    cr_assert(zero(int, import("--file few.license")));
    cr_assert(eq(int, export("$(cat fixed.lid) --file x"), 1));
    expect_line("[SW_CONDITIONS]: LICENSE_EXPORT: status word 6985");
    cr_assert(eq(int, export("$(cat few.lid) --file x"), 1));
    expect_line("[SW_SECURITY_STATUS]: LICENSE_EXPORT: status word 6982");
    cr_assert(zero(int, tool_run("$S license list a.img --kernel $K | "
                                 "grep -q \"$(cat few.lid).*kept for ever\"")));
}

VAULT_TEST(cli_license, a_full_card_says_what_it_is_full_of)
{
    start(*kernel);
    cr_assert(zero(int, tool_run("for i in $(seq 1 65); do $S authority issue "
                                 "auth --medium $(cat a.id) --title L$i -o l "
                                 "&& cat l >>many || exit; done")),
              "%s", tool_err());
    cr_assert(eq(int, import("--file many"), 1));
    expect_line("many license 65: no free slot or line");
    cr_assert(tool_complained("6A84 NO_SPACE; every slot holds a license"));
    cr_assert(zero(int, tool_run("$S card info a.img --kernel $K | "
                                 "grep -q '^slots: *64, 0 free$'")));
    cr_assert(zero(int, tool_run("$S license list a.img --kernel $K | "
                                 "grep -c ' live '")));
    cr_assert(eq(str, (char *)tool_out(), "64\n"));
    cr_assert(zero(int, export("--all --file all")));
    cr_assert(zero(int, tool_run("test $(wc -c <all) -eq $((64 * 512))")));
    /* lines that nobody can read are not free */
    cr_assert(zero(int, tool_run("$S sim damage a.img --region eeprom --at 0 "
                                 "--count $((256 * 28))")));
    cr_assert(eq(int, import("--file one.license"), 1));
    expect_line("every line remembers");
}

VAULT_TEST(cli_license, binding_waits_for_the_secure_channel)
{
    static const char *const targets[] = {"self", "second", "028T-5CY4-TQKFF-A",
                                          "0x0123456789abcdef"};

    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    for (size_t i = 0; i < 4; i++) {
        cr_assert(eq(int,
                     tool_run("$S license export a.img --all --kernel $K "
                              "--file x --bind %s",
                              targets[i]),
                     1));
        expect_line("--bind: this needs a secure channel");
        cr_assert(tool_complained("6982"));
    }
    cr_assert(eq(int, export("--all --file x --bind third"), 2));
    cr_assert(eq(int, export("--all --file x --pair p"), 1));
    cr_assert(eq(int, import("--file one.license --pair p"), 1));
}

/* ---- the command line ---- */

VAULT_TEST(cli_license, a_wrong_command_line_is_status_2_and_one_line)
{
    static const char *const lines[] = {
        "import a.img",
        "import a.img --file one.license --lba 3",
        "import a.img --file one.license --blocks 1",
        "import a.img --file one.license --from-card b.img",
        "import a.img --lba 3 --blocks 0",
        "import a.img --lba 3 --blocks 65536",
        "import a.img --lba x",
        "import a.img --lba 3 --to-card b.img",
        "import a.img --file one.license --all",
        "import a.img --file one.license --door usb",
        "export a.img --all",
        "export a.img --file x",
        "export a.img 00112233445566778899aabbccddeeff --all --file x",
        "export a.img 00112233445566778899aabbccddee --file x",
        "export a.img 00112233445566778899aabbccddeexx --file x",
        "export a.img --all --file x --lba 3",
        "export a.img --all --file x --to-card b.img",
        "export a.img --all --lba 3 --blocks 1",
        "export a.img --all --file a.img",
        "list",
        "list a.img b.img",
        "list a.img --file x",
    };

    start(*kernel);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_assert(eq(int, tool_run("$S license %s --kernel $K", lines[i]), 2),
                  "%s", lines[i]);
        expect_line("--help");
        cr_assert(eq(str, (char *)tool_out(), ""), "%s", lines[i]);
    }
    cr_assert(zero(int, tool_run("test ! -e x")));
}

VAULT_TEST(cli_license, host_errors_are_status_3_and_one_line)
{
    static const char *const lines[] = {
        "import a.img --file none",
        "import none.img --file one.license",
        "import a.img --lba 3 --from-card none.img",
        "export a.img --all --file none/x",
        "export a.img --all --lba 3 --to-card none.img",
        "list none.img",
        "list one.license",
    };

    start(*kernel);
    cr_assert(zero(int, import("--file one.license")));
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
        cr_assert(eq(int, tool_run("$S license %s --kernel $K", lines[i]), 3),
                  "%s: %s", lines[i], tool_err());
        expect_line("[ERR_");
    }
}

VAULT_TEST(cli_license, what_is_no_license_or_past_the_end_is_status_1)
{
    start(*kernel);
    cr_assert(zero(int, import("--file one.license; head -c 511 one.license "
                               ">short; : >empty; cp a.img before")));
    cr_assert(eq(int, import("--file short"), 1));
    expect_line("[ERR_SEALED_MAGIC]");
    cr_assert(eq(int, import("--file empty"), 1));
    cr_assert(eq(int, import("--lba 7"), 1));
    expect_line("a.img block 7: not a sealed license [SW_SEAL_MAGIC]");
    cr_assert(eq(int, import("--lba 2047 --blocks 2"), 1));
    expect_line("[ERR_RANGE]");
    cr_assert(tool_same("a.img", "before"));
    cr_assert(eq(int, export("--all --lba 2048"), 1));
    expect_line("[ERR_RANGE]");
    cr_assert(tool_same("a.img", "before"), "found before anything was done");
    cr_assert(eq(int, export("--all --lba 2048 --to-card b.img"), 1));
}

VAULT_TEST(cli_license, a_refused_export_leaves_the_older_file)
{
    start(*kernel);
    cr_assert(zero(int, tool_run("echo old >x; cp x want")));
    cr_assert(eq(int, export("$(cat one.lid) --file x"), 1));
    cr_assert(tool_same("x", "want"));
    cr_assert(eq(int, tool_run("ls x?* 2>/dev/null"), 2), "no temporary file");
}
