/* SPDX-License-Identifier: Apache-2.0 */
/* The SDHCI driver when something fails, and on the way back. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/sdhci.h>

#include "mock_hc.h"

#define RCA 0x1234u
#define R1(state) ((uint32_t)(state) << 9 | SDV_STATUS_READY_FOR_DATA)
#define TRAN R1(SDV_STATE_TRAN)
#define DATA R1(SDV_STATE_DATA)
#define RCV R1(SDV_STATE_RCV)
#define ERROR(name) SDV_SDHCI_ERROR_STATUS_##name##_MASK

static mock_hc hc;
static sdv_sdhci sdhci;
static sdv_bus *const bus = &sdhci.bus;
static uint8_t data[4 * 512];

static sdv_err run(sdv_cmd *cmd)
{
    return sdv_bus_run(bus, cmd, 1);
}

/* A card with an address, so that the driver can ask it. */
static void start(void)
{
    sdv_cmd cmd = {.opcode = 3, .resp = SDV_RESP_R6};

    mock_hc_init(&hc);
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_power(bus, true), SDV_OK));
    mock_hc_plan_r1(&hc, RCA << 16 | 0x500);
    cr_assert(eq(int, run(&cmd), SDV_OK));
}

TestSuite(host_sdhci_errors, .init = start);

static sdv_cmd move(sdv_dir dir, sdv_stop stop)
{
    return (sdv_cmd){.opcode = dir == SDV_DIR_READ ? 18 : 25,
                     .resp = SDV_RESP_R1,
                     .dir = dir,
                     .stop = stop,
                     .blocks = 4,
                     .block_size = 512,
                     .data = data};
}

/* The commands that were issued after CMD3, ended by 0. */
static void expect_opcodes(const uint8_t *opcodes)
{
    unsigned i;

    for (i = 0; opcodes[i] != 0; i++) {
        cr_assert(gt(uint, hc.count, i + 1), "CMD%u missing", opcodes[i]);
        cr_assert(eq(uint, mock_hc_opcode(&hc, i + 1), opcodes[i]),
                  "command %u", i);
    }
    cr_assert(eq(uint, hc.count, i + 1), "too many commands");
}

#define EXPECT(...) expect_opcodes((const uint8_t[]){__VA_ARGS__, 0})

Test(host_sdhci_errors, each_error_of_a_response_has_its_result)
{
    static const struct {
        uint32_t bits;
        sdv_err err;
    } cases[] = {
        {ERROR(CMD_TIMEOUT), SDV_ERR_NO_RESPONSE},
        {ERROR(CMD_CRC), SDV_ERR_CMD_CRC},
        {ERROR(CMD_TIMEOUT) | ERROR(CMD_CRC), SDV_ERR_CMD_CRC},
        {ERROR(CMD_END_BIT), SDV_ERR_CMD_END_BIT},
        {ERROR(CMD_INDEX), SDV_ERR_CMD_INDEX},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sdv_cmd cmd = {.opcode = 13, .resp = SDV_RESP_R1};

        mock_hc_plan(&hc)->errors = cases[i].bits;
        cr_assert(eq(int, run(&cmd), cases[i].err), "case %zu", i);
        cr_assert(eq(uint, hc.line_resets, i + 1), "case %zu", i);
        cr_assert(zero(u32, hc.status), "case %zu", i);
    }
}

Test(host_sdhci_errors, each_error_of_the_data_has_its_result)
{
    static const struct {
        uint32_t bits;
        sdv_err err;
    } cases[] = {{ERROR(DATA_TIMEOUT), SDV_ERR_DATA_TIMEOUT},
                 {ERROR(DATA_CRC), SDV_ERR_DATA_CRC},
                 {ERROR(DATA_END_BIT), SDV_ERR_DATA_END_BIT}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        for (int at_end = 0; at_end < 2; at_end++) {
            sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);
            mock_hc_step *step = mock_hc_plan_r1(&hc, TRAN);

            *(at_end ? &step->at_end : &step->late) = cases[i].bits;
            mock_hc_plan_r1(&hc, TRAN); /* CMD13 */
            cr_assert(eq(int, run(&cmd), cases[i].err), "case %zu", i);
        }
    }
}

Test(host_sdhci_errors, each_error_of_an_auto_command_has_its_result)
{
    static const struct {
        uint32_t bits;
        sdv_err err;
    } cases[] = {
        {SDV_SDHCI_AUTO_CMD_STATUS_TIMEOUT_MASK, SDV_ERR_NO_RESPONSE},
        {SDV_SDHCI_AUTO_CMD_STATUS_CRC_MASK, SDV_ERR_CMD_CRC},
        {SDV_SDHCI_AUTO_CMD_STATUS_END_BIT_MASK, SDV_ERR_CMD_END_BIT},
        {SDV_SDHCI_AUTO_CMD_STATUS_INDEX_MASK, SDV_ERR_CMD_INDEX},
        {0, SDV_ERR_PROTOCOL},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_CMD12);
        mock_hc_step *step = mock_hc_plan_r1(&hc, TRAN);

        step->at_end = ERROR(AUTO_CMD);
        step->auto_status = cases[i].bits;
        mock_hc_plan_r1(&hc, TRAN); /* CMD13 */
        cr_assert(eq(int, run(&cmd), cases[i].err), "case %zu", i);
    }
}

Test(host_sdhci_errors, silence_of_auto_cmd23_leaves_the_card_alone)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_CMD23);
    mock_hc_step *step = mock_hc_plan(&hc);

    step->errors = ERROR(AUTO_CMD);
    step->auto_status = SDV_SDHCI_AUTO_CMD_STATUS_TIMEOUT_MASK;
    cr_assert(eq(int, run(&cmd), SDV_ERR_NO_RESPONSE));
    EXPECT(18);
}

Test(host_sdhci_errors, silence_leaves_the_card_alone)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan(&hc)->errors = ERROR(CMD_TIMEOUT);
    cr_assert(eq(int, run(&cmd), SDV_ERR_NO_RESPONSE));
    EXPECT(18);
    cr_assert(eq(uint, hc.line_resets, 1));
}

Test(host_sdhci_errors, a_card_that_still_sends_is_stopped)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_CRC);
    mock_hc_plan_r1(&hc, DATA);
    mock_hc_plan_r1(&hc, DATA);
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_CRC));
    EXPECT(18, 13, 12, 13);
    cr_assert(eq(u32, hc.commands[2].argument, RCA << 16));
}

Test(host_sdhci_errors, a_card_that_still_receives_is_stopped)
{
    sdv_cmd cmd = move(SDV_DIR_WRITE, SDV_STOP_CMD23);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_TIMEOUT);
    mock_hc_plan_r1(&hc, RCV);
    mock_hc_plan_r1(&hc, RCV);
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_TIMEOUT));
    EXPECT(25, 13, 12, 13);
}

Test(host_sdhci_errors, a_transfer_that_ends_by_itself_meanwhile_is_fine)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_CRC);
    mock_hc_plan_r1(&hc, DATA);
    mock_hc_plan(&hc)->errors = ERROR(CMD_TIMEOUT); /* CMD12 is illegal now */
    mock_hc_plan_r1(&hc, TRAN | SDV_STATUS_ILLEGAL_COMMAND);
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_CRC));
    EXPECT(18, 13, 12, 13);
}

Test(host_sdhci_errors, gives_up_after_four_stops)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_CRC);
    for (int i = 0; i < 20; i++) {
        mock_hc_plan_r1(&hc, DATA);
    }
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_CRC));
    EXPECT(18, 13, 12, 13, 12, 13, 12, 13, 12, 13);
}

Test(host_sdhci_errors, a_card_that_has_gone_silent_ends_the_way_back)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_TIMEOUT);
    mock_hc_plan(&hc)->errors = ERROR(CMD_TIMEOUT);
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_TIMEOUT));
    EXPECT(18, 13);
}

Test(host_sdhci_errors, the_cards_own_reason_explains_a_time_out)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_TIMEOUT);
    mock_hc_plan_r1(&hc, DATA | SDV_STATUS_CARD_ECC_FAILED);
    mock_hc_plan_r1(&hc, DATA);
    mock_hc_plan_r1(&hc, TRAN | SDV_STATUS_ILLEGAL_COMMAND);
    cr_assert(eq(int, run(&cmd), SDV_CARD_ECC_FAILED));
}

Test(host_sdhci_errors, nothing_is_asked_before_the_card_has_an_address)
{
    sdv_cmd idle = {.opcode = 0};
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan(&hc);
    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_TIMEOUT);
    cr_assert(eq(int, run(&idle), SDV_OK));
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_TIMEOUT));
    cr_assert(eq(uint, hc.count, 3));
}

Test(host_sdhci_errors, a_refused_transfer_moves_no_block)
{
    sdv_cmd cmd = move(SDV_DIR_WRITE, SDV_STOP_CMD12);

    memset(hc.data, 0, sizeof(hc.data));
    memset(data, 0xA5, sizeof(data));
    mock_hc_plan_r1(&hc, TRAN | SDV_STATUS_ADDRESS_ERROR);
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_CARD_ADDRESS_ERROR));
    EXPECT(25, 13);
    cr_assert(zero(u8, hc.data[0]));
    cr_assert(eq(uint, hc.line_resets, 1));
}

Test(host_sdhci_errors, an_error_in_the_answer_to_auto_cmd23_moves_no_block)
{
    sdv_cmd cmd = move(SDV_DIR_WRITE, SDV_STOP_CMD23);

    memset(hc.data, 0, sizeof(hc.data));
    memset(data, 0xA5, sizeof(data));
    mock_hc_plan_r1(&hc, TRAN)->response[3] = TRAN | SDV_STATUS_ERROR;
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_CARD_ERROR));
    cr_assert(eq(u32, cmd.auto_response, TRAN | SDV_STATUS_ERROR));
    cr_assert(zero(u8, hc.data[0]));
}

Test(host_sdhci_errors, the_end_of_the_card_is_no_error_of_auto_cmd12)
{
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_CMD12);

    mock_hc_plan_r1(&hc, TRAN)->response[3] = DATA | SDV_STATUS_OUT_OF_RANGE;
    cr_assert(eq(int, run(&cmd), SDV_OK));
    cr_assert(eq(u32, cmd.auto_response, DATA | SDV_STATUS_OUT_OF_RANGE));
    mock_hc_plan_r1(&hc, TRAN)->response[3] =
        DATA | SDV_STATUS_OUT_OF_RANGE | SDV_STATUS_ERROR;
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_CARD_ERROR));
}

Test(host_sdhci_errors, nor_of_a_cmd12_in_the_sequence)
{
    sdv_cmd seq[2] = {move(SDV_DIR_READ, SDV_STOP_NONE),
                      {.opcode = 12, .resp = SDV_RESP_R1B}};

    mock_hc_plan_r1(&hc, TRAN);
    mock_hc_plan_r1(&hc, DATA | SDV_STATUS_OUT_OF_RANGE);
    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_OK));
    mock_hc_plan_r1(&hc, DATA | SDV_STATUS_OUT_OF_RANGE);
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&seq[1]), SDV_CARD_OUT_OF_RANGE),
              "without a transfer before it");
}

Test(host_sdhci_errors, a_busy_card_is_waited_for_before_its_status_counts)
{
    sdv_cmd cmd = {.opcode = 38, .resp = SDV_RESP_R1B};

    mock_hc_plan_r1(&hc, TRAN)->late = ERROR(DATA_TIMEOUT);
    cr_assert(eq(int, run(&cmd), SDV_ERR_DATA_TIMEOUT));
    EXPECT(38);
}

Test(host_sdhci_errors, response_and_data_trouble_may_come_at_once)
{
    /* the mock raises both before the driver looks */
    sdv_cmd cmd = move(SDV_DIR_READ, SDV_STOP_NONE);

    mock_hc_plan_r1(&hc, TRAN | SDV_STATUS_OUT_OF_RANGE)->late =
        ERROR(DATA_TIMEOUT);
    mock_hc_plan_r1(&hc, TRAN);
    cr_assert(eq(int, run(&cmd), SDV_CARD_OUT_OF_RANGE));
    cr_assert(eq(u32, cmd.response[0], TRAN | SDV_STATUS_OUT_OF_RANGE));
}

Test(host_sdhci_errors, a_removed_card_is_said_to_be_gone)
{
    sdv_cmd cmd = {.opcode = 13, .resp = SDV_RESP_R1};

    mock_hc_plan(&hc)->removed = true;
    cr_assert(eq(int, run(&cmd), SDV_ERR_NO_CARD));
    cr_assert(eq(int, run(&cmd), SDV_ERR_NO_CARD));
    EXPECT(13);
    hc.empty = false;
    cr_assert(eq(int, sdv_bus_set_power(bus, false), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_power(bus, true), SDV_OK));
    cr_assert(eq(int, run(&cmd), SDV_OK));
}

Test(host_sdhci_errors, a_controller_that_says_nothing_has_stopped)
{
    sdv_cmd cmd = {.opcode = 13, .resp = SDV_RESP_R1};

    mock_hc_plan(&hc)->silent = true;
    cr_assert(eq(int, run(&cmd), SDV_ERR_STATE));
}
