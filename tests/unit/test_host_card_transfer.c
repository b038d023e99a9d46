/* SPDX-License-Identifier: Apache-2.0 */
/* The card layer in the transfer state: blocks, erase, status. */
#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/card.h>

#include "mock_bus.h"

static mock_bus mock;
static sdv_card card;
static uint8_t data[512 * 300];

static void open_card(void)
{
    cr_assert(eq(int, sdv_card_open(&card, &mock.bus, NULL), SDV_OK));
    mock.count = 0;
}

static void start(void)
{
    mock_bus_init(&mock);
    open_card();
}

TestSuite(host_card_transfer, .init = start);

static void expect(unsigned i, uint8_t opcode, uint32_t arg, unsigned blocks,
                   sdv_stop stop)
{
    const sdv_cmd *cmd = &mock.log[i];

    cr_assert(eq(u8, cmd->opcode, opcode), "command %u", i);
    cr_assert(eq(u32, cmd->arg, arg), "command %u", i);
    cr_assert(eq(uint, cmd->blocks, blocks), "command %u", i);
    cr_assert(eq(int, (int)cmd->stop, (int)stop), "command %u", i);
}

Test(host_card_transfer, one_block_goes_by_the_single_block_commands)
{
    cr_assert(eq(int, sdv_card_read(&card, 7, 1, data), SDV_OK));
    expect(0, 17, 7, 1, SDV_STOP_NONE);
    cr_assert(eq(int, sdv_card_write(&card, 8, 1, data), SDV_OK));
    expect(1, 24, 8, 1, SDV_STOP_NONE);
    cr_assert(eq(uint, mock.count, 3));
}

Test(host_card_transfer, several_blocks_are_counted_by_cmd23)
{
    cr_assert(eq(int, sdv_card_read(&card, 7, 64, data), SDV_OK));
    expect(0, 18, 7, 64, SDV_STOP_CMD23);
    cr_assert(eq(int, sdv_card_write(&card, 8, 2, data), SDV_OK));
    expect(1, 25, 8, 2, SDV_STOP_CMD23);
}

Test(host_card_transfer, cmd12_ends_where_card_or_bus_has_no_cmd23)
{
    mock.no_cmd23 = true;
    open_card();
    cr_assert(eq(int, sdv_card_read(&card, 7, 64, data), SDV_OK));
    expect(0, 18, 7, 64, SDV_STOP_CMD12);
    mock.no_cmd23 = false;
    mock.caps.cmd23 = false;
    open_card();
    cr_assert(eq(int, sdv_card_write(&card, 7, 64, data), SDV_OK));
    expect(0, 25, 7, 64, SDV_STOP_CMD12);
}

Test(host_card_transfer, splits_what_the_bus_cannot_take_at_once)
{
    mock.caps.max_blocks = 100;
    open_card();
    cr_assert(eq(int, sdv_card_read(&card, 50, 201, data), SDV_OK));
    expect(0, 18, 50, 100, SDV_STOP_CMD23);
    expect(1, 18, 150, 100, SDV_STOP_CMD23);
    expect(2, 17, 250, 1, SDV_STOP_NONE);
    cr_assert(eq(u8, data[200 * 512], 250), "each part at its own place");
}

Test(host_card_transfer, splits_at_65535_blocks)
{
    uint8_t *large = malloc(512 * 65536);

    mock.caps.max_blocks = 100000;
    open_card();
    cr_assert(eq(int, sdv_card_read(&card, 0, 65536, large), SDV_OK));
    expect(0, 18, 0, 65535, SDV_STOP_CMD23);
    expect(1, 17, 65535, 1, SDV_STOP_NONE);
    free(large);
}

Test(host_card_transfer, sends_nothing_past_the_end)
{
    cr_assert(eq(int, sdv_card_read(&card, 131072, 1, data), SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_card_read(&card, 131071, 2, data), SDV_ERR_RANGE));
    cr_assert(
        eq(int, sdv_card_write(&card, UINT32_MAX, 2, data), SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_card_erase(&card, 1, UINT32_MAX), SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_card_read(&card, 0, 0, data), SDV_ERR_ARG));
    cr_assert(zero(uint, mock.count));
    cr_assert(eq(int, sdv_card_read(&card, 131071, 1, data), SDV_OK));
}

Test(host_card_transfer, standard_capacity_counts_bytes)
{
    mock.sdsc = true;
    open_card();
    cr_assert(eq(int, sdv_card_read(&card, 7, 2, data), SDV_OK));
    expect(0, 18, 7 * 512, 2, SDV_STOP_CMD23);
    cr_assert(eq(int, sdv_card_erase(&card, 10, 5), SDV_OK));
    cr_assert(eq(u32, mock.log[1].arg, 10 * 512));
    cr_assert(eq(u32, mock.log[2].arg, 14 * 512));
}

Test(host_card_transfer, a_write_asks_whether_it_was_programmed)
{
    mock.status = SDV_STATUS_ERROR;
    cr_assert(eq(int, sdv_card_write(&card, 0, 4, data), SDV_CARD_ERROR));
    cr_assert(eq(u8, mock.log[1].opcode, 13));
    cr_assert(eq(u32, mock.log[1].arg, MOCK_RCA << 16));
    cr_assert(ne(u32, card.status & SDV_STATUS_ERROR, 0));
}

Test(host_card_transfer, stops_at_the_first_part_that_fails)
{
    mock.caps.max_blocks = 10;
    open_card();
    mock.fail_at = 2;
    mock.fail_with = SDV_ERR_DATA_CRC;
    cr_assert(eq(int, sdv_card_read(&card, 0, 100, data), SDV_ERR_DATA_CRC));
    cr_assert(eq(uint, mock.count, 2));
}

Test(host_card_transfer, erase_sends_its_three_commands_and_asks)
{
    static const uint8_t order[] = {32, 33, 38, 13};

    cr_assert(eq(int, sdv_card_erase(&card, 100, 10), SDV_OK));
    for (unsigned i = 0; i < sizeof(order); i++) {
        cr_assert(eq(u8, mock.log[i].opcode, order[i]), "command %u", i);
    }
    cr_assert(eq(u32, mock.log[0].arg, 100));
    cr_assert(eq(u32, mock.log[1].arg, 109));
    cr_assert(eq(int, (int)mock.log[2].resp, (int)SDV_RESP_R1B));
}

Test(host_card_transfer, erase_waits_as_long_as_the_card_says)
{
    mock.ssr_speaks = true;
    open_card();
    /* 320 blocks are 10 units, and may touch one more on each side: 12 units
     * at 3 s for 2, and the offset of 1 s */
    cr_assert(eq(int, sdv_card_erase(&card, 100, 320), SDV_OK));
    cr_assert(eq(u32, mock.log[2].data_timeout_ms, 19000));
    mock.ssr_speaks = false;
    open_card();
    cr_assert(eq(int, sdv_card_erase(&card, 0, 131072), SDV_OK));
    cr_assert(eq(u32, mock.log[2].data_timeout_ms, 18 * 250));
    mock.count = 0;
    cr_assert(eq(int, sdv_card_erase(&card, 0, 1), SDV_OK));
    cr_assert(eq(u32, mock.log[2].data_timeout_ms, 1000));
}

Test(host_card_transfer, counts_the_blocks_that_were_written)
{
    uint32_t blocks = 0;

    cr_assert(eq(int, sdv_card_written(&card, &blocks), SDV_OK));
    cr_assert(eq(u32, blocks, 0x102));
}

Test(host_card_transfer, a_status_with_errors_is_an_answer)
{
    uint32_t status = 0;

    mock.status = SDV_STATUS_ILLEGAL_COMMAND | SDV_STATUS_ADDRESS_ERROR;
    cr_assert(eq(int, sdv_card_status(&card, &status), SDV_OK));
    cr_assert(eq(u32, status & mock.status, mock.status));
    mock.fail_at = 2;
    mock.fail_with = SDV_ERR_NO_RESPONSE;
    cr_assert(eq(int, sdv_card_status(&card, &status), SDV_ERR_NO_RESPONSE));
}
