/* SPDX-License-Identifier: Apache-2.0 */
/* The model's bus: results of sdv_bus_run() and what it sends by itself. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sdvault/card.h>

#include "model.h"

#define BLOCKS 2048u
#define RCA 0x00010000u

static char path[] = "/tmp/sdv-model-XXXXXX";
static sdv_image *image;
static sdv_model *model;
static sdv_bus *bus;
static sdv_card card;
static uint8_t data[512 * 4];

static void start(void)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;

    cr_assert(ne(ptr, mkdtemp(path), NULL));
    rmdir(path);
    cr_assert(eq(int, sdv_image_create(path, BLOCKS, true, 7), SDV_OK));
    cr_assert(eq(int, sdv_image_open(path, &image), SDV_OK));
    config.apparatus_id = 0x1122334455667788u;
    cr_assert(eq(int, sdv_model_open(image, &config, &model), SDV_OK));
    bus = sdv_model_bus(model);
    cr_assert(eq(int, sdv_card_open(&card, bus, NULL), SDV_OK));
}

static void finish(void)
{
    sdv_model_close(&model);
    sdv_image_close(&image);
    unlink(path);
}

TestSuite(model_bus, .init = start, .fini = finish);

static sdv_cmd plain(unsigned opcode, uint32_t arg, sdv_resp resp)
{
    return (sdv_cmd){.opcode = (uint8_t)opcode, .arg = arg, .resp = resp};
}

static sdv_cmd moving(unsigned opcode, uint32_t arg, sdv_dir dir, sdv_stop stop,
                      uint16_t blocks)
{
    return (sdv_cmd){.opcode = (uint8_t)opcode,
                     .arg = arg,
                     .resp = SDV_RESP_R1,
                     .dir = dir,
                     .stop = stop,
                     .block_size = 512,
                     .blocks = blocks,
                     .data = data};
}

static sdv_err run(sdv_cmd cmd)
{
    return sdv_bus_run(bus, &cmd, 1);
}

static void expect_tran(void)
{
    sdv_cmd cmd = plain(13, RCA, SDV_RESP_R1);

    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_OK));
    cr_assert(eq(u32, cmd.response[0], 0x900));
}

Test(model_bus, says_what_it_can)
{
    sdv_bus_caps caps;
    uint64_t id;

    cr_assert(eq(int, sdv_bus_get_caps(bus, &caps), SDV_OK));
    cr_assert(caps.owns_card);
    cr_assert(caps.cmd23);
    cr_assert(caps.width4);
    cr_assert(eq(u32, caps.base_hz, 50000000u));
    cr_assert(eq(int, sdv_bus_apparatus_id(bus, &id), SDV_OK));
    cr_assert(eq(u64, id, 0x1122334455667788u));
}

Test(model_bus, needs_a_card_power_and_clock)
{
    cr_assert(eq(int, sdv_bus_set_clock(bus, 0, false), SDV_OK));
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R1)), SDV_ERR_STATE));
    cr_assert(eq(int, sdv_bus_set_power(bus, false), SDV_OK));
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R1)), SDV_ERR_NO_POWER));
    sdv_model_insert(model, false);
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R1)), SDV_ERR_NO_CARD));
    cr_assert(eq(int, sdv_bus_set_power(bus, true), SDV_ERR_NO_CARD));
    sdv_model_insert(model, true);
    cr_assert(eq(int, sdv_card_open(&card, bus, NULL), SDV_OK));
}

Test(model_bus, supply_can_fail_behind_its_back)
{
    sdv_model_power(model, false);
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R1)), SDV_ERR_NO_RESPONSE));
    sdv_model_power(model, true);
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R1)), SDV_ERR_NO_RESPONSE));
}

Test(model_bus, sequence_ends_at_the_first_failure)
{
    sdv_cmd seq[3] = {plain(16, 512, SDV_RESP_R1), plain(2, 0, SDV_RESP_R2),
                      plain(13, RCA, SDV_RESP_R1)};

    cr_assert(eq(int, sdv_bus_run(bus, seq, 3), SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, seq[0].err, SDV_OK));
    cr_assert(eq(int, seq[1].err, SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, seq[2].err, SDV_ERR_STATE));
    cr_assert(eq(u32, seq[0].response[0], 0x900));
    cr_assert(eq(u32, seq[2].response[0], 0));
}

Test(model_bus, answer_of_another_kind_is_an_error)
{
    cr_assert(eq(int, run(plain(13, RCA, SDV_RESP_R2)), SDV_ERR_CMD_CRC));
    cr_assert(eq(int, run(plain(7, 0, SDV_RESP_NONE)), SDV_OK));
    cr_assert(eq(int, run(plain(9, RCA, SDV_RESP_R1)), SDV_ERR_CMD_CRC));
}

Test(model_bus, long_answer_has_no_crc_byte)
{
    sdv_cmd cmd = plain(10, RCA, SDV_RESP_R2);

    cr_assert(eq(int, run(plain(7, 0, SDV_RESP_NONE)), SDV_OK));
    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_OK));
    cr_assert(eq(u32, cmd.response[3], 0x53445653u));
    cr_assert(eq(u32, cmd.response[0], 0x0701AB00u));
}

Test(model_bus, stop_by_cmd12_leaves_its_answer)
{
    sdv_cmd cmd = moving(18, 5, SDV_DIR_READ, SDV_STOP_CMD12, 3);

    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_OK));
    cr_assert(eq(u32, cmd.response[0], 0x900));
    cr_assert(eq(u32, cmd.auto_response, 0xB00));
    expect_tran();
}

Test(model_bus, stop_by_cmd23_leaves_its_answer)
{
    sdv_cmd cmd = moving(25, 5, SDV_DIR_WRITE, SDV_STOP_CMD23, 3);

    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_OK));
    cr_assert(eq(u32, cmd.auto_response, 0x900));
    expect_tran();
}

Test(model_bus, application_command_leaves_the_answer_of_cmd55)
{
    sdv_cmd cmd = plain(42, 0, SDV_RESP_R1);

    cmd.is_acmd = true;
    cmd.rca = 1;
    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_OK));
    cr_assert(eq(u32, cmd.auto_response, 0x920));
    cmd.rca = 9;
    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_ERR_NO_RESPONSE));
}

Test(model_bus, last_block_of_the_card_is_no_error)
{
    sdv_cmd seq[2] = {moving(18, BLOCKS - 1, SDV_DIR_READ, SDV_STOP_NONE, 1),
                      plain(12, 0, SDV_RESP_R1B)};

    cr_assert(eq(int,
                 run(moving(18, BLOCKS - 1, SDV_DIR_READ, SDV_STOP_CMD12, 1)),
                 SDV_OK));
    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_OK));
    cr_assert(ne(u32, seq[1].response[0] & SDV_STATUS_OUT_OF_RANGE, 0));
    expect_tran();
}

Test(model_bus, past_the_end_names_the_reason_and_cleans_up)
{
    cr_assert(eq(int,
                 run(moving(18, BLOCKS - 1, SDV_DIR_READ, SDV_STOP_CMD12, 3)),
                 SDV_CARD_OUT_OF_RANGE));
    expect_tran();
}

Test(model_bus, fewer_blocks_than_wanted_is_a_timeout)
{
    sdv_cmd seq[2] = {plain(23, 1, SDV_RESP_R1),
                      moving(18, 0, SDV_DIR_READ, SDV_STOP_NONE, 2)};

    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_ERR_DATA_TIMEOUT));
    expect_tran();
}

Test(model_bus, silence_is_not_cleaned_up_after)
{
    cr_assert(eq(int, run(plain(18, 0, SDV_RESP_R1)), SDV_OK));
    cr_assert(eq(int, run(moving(17, 0, SDV_DIR_READ, SDV_STOP_NONE, 1)),
                 SDV_ERR_NO_RESPONSE));
    cr_assert(eq(int, run(plain(12, 0, SDV_RESP_R1B)), SDV_OK));
}

Test(model_bus, wrong_width_or_length_is_a_crc_error)
{
    sdv_cmd cmd = moving(24, 0, SDV_DIR_WRITE, SDV_STOP_NONE, 1);

    cmd.block_size = 256;
    cr_assert(eq(int, run(cmd), SDV_ERR_DATA_CRC));
    cr_assert(eq(int, sdv_bus_set_width(bus, 1), SDV_OK));
    cr_assert(eq(int, run(moving(17, 0, SDV_DIR_READ, SDV_STOP_NONE, 1)),
                 SDV_ERR_DATA_CRC));
    cr_assert(eq(int, run(moving(24, 0, SDV_DIR_WRITE, SDV_STOP_NONE, 1)),
                 SDV_ERR_DATA_CRC));
    expect_tran();
}

Test(model_bus, write_that_nobody_takes_is_a_timeout)
{
    sdv_cmd cmd = moving(16, 512, SDV_DIR_WRITE, SDV_STOP_NONE, 1);

    cr_assert(eq(int, run(cmd), SDV_ERR_DATA_TIMEOUT));
    expect_tran();
}

Test(model_bus, busy_for_too_long_is_a_timeout)
{
    const sdv_latency slow = {.flash_erase = 50000000};
    sdv_cmd cmd = plain(38, 0, SDV_RESP_R1B);

    sdv_model_set_latency(model, &slow);
    cr_assert(eq(int, run(plain(32, 0, SDV_RESP_R1)), SDV_OK));
    cr_assert(eq(int, run(plain(33, 9, SDV_RESP_R1)), SDV_OK));
    cmd.data_timeout_ms = 10;
    cr_assert(eq(int, sdv_bus_run(bus, &cmd, 1), SDV_ERR_DATA_TIMEOUT));
    sdv_bus_delay_us(bus, 41000);
    expect_tran();
}

Test(model_bus, failed_storage_names_the_reason)
{
    sdv_model_fail_nvm(model, SDV_NVM_OP_READ, 1);
    cr_assert(eq(int, run(moving(17, 0, SDV_DIR_READ, SDV_STOP_NONE, 1)),
                 SDV_CARD_ECC_FAILED));
    sdv_model_fail_nvm(model, SDV_NVM_OP_PROGRAM, 1);
    cr_assert(eq(int, run(moving(25, 0, SDV_DIR_WRITE, SDV_STOP_CMD12, 3)),
                 SDV_CARD_ERROR));
    expect_tran();
}

Test(model_bus, pending_error_keeps_data_from_moving)
{
    sdv_model_fail_nvm(model, SDV_NVM_OP_PROGRAM, 1);
    cr_assert(
        eq(int, run(moving(24, 0, SDV_DIR_WRITE, SDV_STOP_NONE, 1)), SDV_OK));
    cr_assert(eq(int, run(moving(17, 0, SDV_DIR_READ, SDV_STOP_NONE, 1)),
                 SDV_CARD_ERROR));
    expect_tran();
}
