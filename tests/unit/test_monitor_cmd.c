/* SPDX-License-Identifier: Apache-2.0 */
/* Rules of the CMD line: each test breaks one and sees it reported. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "wire.h"

#define R1(state) ((uint32_t)(state) << 9 | SDV_STATUS_READY_FOR_DATA)
#define TRAN R1(SDV_STATE_TRAN)
#define RCA 0x00010000u

static wire w;

static void start(void)
{
    wire_open(&w, NULL);
    wire_identify(&w, true);
    cr_assert(eq(str, (char *)wire_first(&w), ""));
}

static void finish(void)
{
    wire_close(&w);
}

/* Exactly one rule was broken, and the words name it. */
static void expect(const char *words)
{
    wire_idle(&w, 100);
    cr_assert(eq(u64, wire_violations(&w), 1), "%s", wire_first(&w));
    cr_assert(ne(ptr, strstr(wire_first(&w), words), NULL), "%s instead of %s",
              wire_first(&w), words);
}

static void expect_none(void)
{
    wire_idle(&w, 100);
    cr_assert(eq(u64, wire_violations(&w), 0), "%s", wire_first(&w));
}

TestSuite(monitor_cmd, .init = start, .fini = finish);

/* A CMD13 with its gap; the answer is the test's. */
static void ask_status(unsigned clocks)
{
    wire_idle(&w, 8);
    wire_command(&w, 13, RCA, WIRE_GOOD);
    wire_idle(&w, clocks);
}

Test(monitor_cmd, good_traffic_breaks_no_rule)
{
    wire_exchange(&w, 13, RCA, TRAN);
    wire_exchange(&w, 55, RCA, TRAN | SDV_STATUS_APP_CMD);
    wire_exchange(&w, 6, 2, TRAN | SDV_STATUS_APP_CMD);
    expect_none();
    cr_assert(eq(u64, sdv_monitor_counted(w.monitor).commands, 10));
    cr_assert(eq(u64, sdv_monitor_counted(w.monitor).responses, 9));
}

Test(monitor_cmd, response_of_2_to_64_clocks_is_good)
{
    ask_status(2);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    ask_status(64);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect_none();
}

Test(monitor_cmd, response_after_1_clock)
{
    ask_status(1);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("N_CR is 1 clocks");
}

Test(monitor_cmd, response_after_65_clocks)
{
    ask_status(65);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("N_CR is 65 clocks");
}

Test(monitor_cmd, identification_response_after_6_clocks)
{
    wire_idle(&w, 8);
    wire_command(&w, 0, 0, WIRE_GOOD);
    wire_exchange(&w, 55, 0, R1(SDV_STATE_IDLE) | SDV_STATUS_APP_CMD);
    wire_idle(&w, 8);
    wire_command(&w, 41, 0x40FF8000, WIRE_GOOD);
    wire_idle(&w, 6);
    wire_r3(&w, 0x00FF8000);
    expect("N_ID is 6 clocks");
}

Test(monitor_cmd, command_7_clocks_after_a_response)
{
    wire_idle(&w, 7);
    wire_command(&w, 13, RCA, WIRE_GOOD);
    wire_idle(&w, 5);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("7 clocks before a command");
}

Test(monitor_cmd, command_7_clocks_after_one_without_response)
{
    wire_idle(&w, 8);
    wire_command(&w, 0, 0, WIRE_GOOD);
    wire_idle(&w, 7);
    wire_command(&w, 0, 0, WIRE_GOOD);
    expect("7 clocks before a command");
}

Test(monitor_cmd, response_with_wrong_crc)
{
    ask_status(5);
    wire_response(&w, 13, TRAN, WIRE_BAD_CRC);
    expect("a response with a wrong CRC");
}

Test(monitor_cmd, response_without_end_bit)
{
    ask_status(5);
    wire_response(&w, 13, TRAN, WIRE_NO_END_BIT);
    expect("without an end bit");
}

Test(monitor_cmd, long_response_with_wrong_crc)
{
    const uint8_t csd[16] = {0x40, 0x0E};

    wire_idle(&w, 8);
    wire_command(&w, 7, 0, WIRE_GOOD);
    wire_idle(&w, 8);
    wire_command(&w, 9, RCA, WIRE_GOOD);
    wire_idle(&w, 5);
    wire_r2(&w, csd, WIRE_BAD_CRC);
    expect("a response with a wrong CRC");
}

Test(monitor_cmd, ocr_with_a_crc)
{
    wire_idle(&w, 8);
    wire_command(&w, 0, 0, WIRE_GOOD);
    wire_exchange(&w, 55, 0, R1(SDV_STATE_IDLE) | SDV_STATUS_APP_CMD);
    wire_exchange(&w, 41, 0x40FF8000, 0x00FF8000);
    expect("a response with a wrong CRC");
}

Test(monitor_cmd, response_with_another_index)
{
    ask_status(5);
    wire_response(&w, 12, TRAN, WIRE_GOOD);
    expect("a response with index 12, 13 wanted");
}

Test(monitor_cmd, response_without_a_command)
{
    wire_idle(&w, 20);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("a response without a command");
}

Test(monitor_cmd, second_response)
{
    wire_exchange(&w, 13, RCA, TRAN);
    wire_idle(&w, 5);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("a response without a command");
}

Test(monitor_cmd, response_to_cmd0)
{
    wire_exchange(&w, 0, 0, TRAN);
    expect("a command that has none");
}

Test(monitor_cmd, response_to_an_unknown_command)
{
    wire_exchange(&w, 61, 0, TRAN);
    expect("a command that does not exist");
}

Test(monitor_cmd, response_for_another_card)
{
    wire_exchange(&w, 13, RCA * 2, TRAN);
    expect("a command for another card");
}

Test(monitor_cmd, deselected_card_is_silent)
{
    wire_exchange(&w, 7, RCA * 2, TRAN);
    expect("a command for another card");
}

Test(monitor_cmd, response_to_a_command_with_wrong_crc)
{
    wire_idle(&w, 8);
    wire_command(&w, 13, RCA, WIRE_BAD_CRC);
    wire_idle(&w, 5);
    wire_response(&w, 13, TRAN, WIRE_GOOD);
    expect("a response to a command with a wrong CRC");
}

Test(monitor_cmd, silence_after_a_wrong_crc_breaks_no_rule)
{
    wire_idle(&w, 8);
    wire_command(&w, 13, RCA, WIRE_BAD_CRC);
    wire_idle(&w, 80);
    wire_exchange(&w, 13, RCA, TRAN | SDV_STATUS_COM_CRC_ERROR);
    expect_none();
    cr_assert(eq(u64, sdv_monitor_counted(w.monitor).bad_crc, 1));
}

Test(monitor_cmd, answer_in_a_state_that_forbids_it)
{
    wire_exchange(&w, 17, 0, R1(SDV_STATE_STBY));
    expect("an answer in state 3, where READ_SINGLE_BLOCK is illegal");
}

Test(monitor_cmd, answer_in_a_state_that_does_not_exist)
{
    wire_exchange(&w, 13, RCA, R1(12));
    expect("an answer in state 12");
}

Test(monitor_cmd, reserved_status_bit)
{
    wire_exchange(&w, 13, RCA, TRAN | 0x40u);
    expect("reserved status bits 00000040");
}

Test(monitor_cmd, app_cmd_in_a_plain_answer)
{
    wire_exchange(&w, 13, RCA, TRAN | SDV_STATUS_APP_CMD);
    expect("APP_CMD is 1");
}

Test(monitor_cmd, app_cmd_missing)
{
    wire_exchange(&w, 55, RCA, TRAN);
    expect("APP_CMD is 0");
}

Test(monitor_cmd, application_command_is_told_from_the_plain_one)
{
    wire_exchange(&w, 55, RCA, TRAN | SDV_STATUS_APP_CMD);
    wire_exchange(&w, 23, 8, TRAN | SDV_STATUS_APP_CMD); /* ACMD23 */
    wire_exchange(&w, 23, 8, TRAN);                      /* CMD23 */
    wire_exchange(&w, 55, RCA, TRAN | SDV_STATUS_APP_CMD);
    wire_exchange(&w, 16, 512, TRAN); /* there is no ACMD16 */
    expect_none();
}

Test(monitor_cmd, unheard_command_leaves_cmd55_pending)
{
    wire_exchange(&w, 55, RCA, TRAN | SDV_STATUS_APP_CMD);
    wire_idle(&w, 8);
    wire_command(&w, 9, RCA * 5, WIRE_GOOD);
    wire_idle(&w, 70);
    wire_exchange(&w, 42, 0, TRAN | SDV_STATUS_APP_CMD);
    expect_none();
}

Test(monitor_cmd, interface_condition_is_echoed)
{
    wire_idle(&w, 8);
    wire_command(&w, 0, 0, WIRE_GOOD);
    wire_exchange(&w, 8, 0x1AA, 0x1AB);
    expect("R7 does not echo");
}

Test(monitor_cmd, power_loss_forgets_the_rca)
{
    sdv_monitor_reset(w.monitor, w.clock);
    wire_exchange(&w, 13, RCA, TRAN);
    expect("a command for another card");
}

/* ---- transcript ---- */

static void read_file(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length;

    cr_assert(ne(ptr, file, NULL));
    length = fread(text, 1, size - 1, file);
    text[length] = '\0';
    fclose(file);
}

Test(monitor_text, transcript_says_it_in_words)
{
    char path[] = "/tmp/sdv-monitor-XXXXXX";
    char text[4096];
    wire v;

    cr_assert(ge(int, mkstemp(path), 0));
    wire_open(&v, path);
    wire_identify(&v, true);
    wire_exchange(&v, 13, RCA, TRAN | SDV_STATUS_ILLEGAL_COMMAND);
    wire_idle(&v, 8);
    wire_command(&v, 13, RCA, WIRE_BAD_CRC);
    wire_idle(&v, 70);
    wire_close(&v);
    read_file(path, text, sizeof(text));
    remove(path);

    cr_expect(
        ne(ptr, strstr(text, "136  CMD0 GO_IDLE_STATE arg 00000000\n"), NULL),
        "%s", text);
    cr_expect(ne(ptr,
                 strstr(text, "ACMD41 SD_SEND_OP_COND arg 40FF8000"
                              "  -> R3 C0FF8000 ready\n"),
                 NULL),
              "%s", text);
    cr_expect(ne(ptr,
                 strstr(text, "CMD13 SEND_STATUS arg 00010000  -> R1 00400900 "
                              "tran ILLEGAL_COMMAND ready\n"),
                 NULL),
              "%s", text);
    cr_expect(ne(ptr,
                 strstr(text, "arg 00010000  bad crc from the host"
                              "  -> no response\n"),
                 NULL),
              "%s", text);
    cr_expect(ne(ptr,
                 strstr(text, "8 commands, 7 responses, 0 blocks, "
                              "1 bad crc, 0 violations"),
                 NULL),
              "%s", text);
}

Test(monitor_text, transcript_that_cannot_be_written_is_an_error)
{
    sdv_monitor *monitor;

    cr_assert(eq(int, sdv_monitor_open("/nowhere/log", &monitor), SDV_ERR_IO));
    cr_assert(eq(ptr, monitor, NULL));
}
