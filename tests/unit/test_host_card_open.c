/* SPDX-License-Identifier: Apache-2.0 */
/* The card layer from power-on to the transfer state. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/card.h>

#include "mock_bus.h"

static mock_bus mock;
static sdv_card card;

static void start(void)
{
    mock_bus_init(&mock);
}

TestSuite(host_card_open, .init = start);

static sdv_err open_card(const sdv_card_options *options)
{
    return sdv_card_open(&card, &mock.bus, options);
}

static bool sent(uint8_t opcode, bool acmd)
{
    return mock_bus_find(&mock, opcode, acmd, 0) != NULL;
}

Test(host_card_open, reaches_four_lines_and_high_speed)
{
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(eq(uint, card.lines, 4));
    cr_assert(eq(uint, mock.lines, 4));
    cr_assert(card.high_speed && mock.high_speed && card.high_capacity);
    cr_assert(eq(uint, mock.clock_count, 2));
    cr_assert(eq(u32, mock.clocks[0], 25000000));
    cr_assert(eq(u32, mock.clocks[1], 50000000));
    cr_assert(eq(u32, card.max_hz, 50000000));
    cr_assert(eq(u16, card.rca, MOCK_RCA));
    cr_assert(eq(u32, sdv_card_blocks(&card), 131072));
    cr_assert(eq(str, card.cid.pnm, "SVDBL"));
    cr_assert(eq(u16, card.cid.year, 2026));
    cr_assert(eq(u8, card.scr.sd_spec, 3));
}

Test(host_card_open, sends_identification_in_the_order_of_the_standard)
{
    static const uint8_t order[] = {0, 8, 41, 2, 3, 9, 10, 7, 51, 42, 6};

    cr_assert(eq(int, open_card(NULL), SDV_OK));
    for (unsigned i = 0; i < sizeof(order); i++) {
        cr_assert(eq(u8, mock.log[i].opcode, order[i]), "command %u", i);
    }
    cr_assert(eq(uint, mock.powered_on, 1));
}

Test(host_card_open, polls_until_the_card_has_powered_up)
{
    mock.polls = 20;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(ne(ptr, (void *)mock_bus_find(&mock, 41, true, 20), NULL));
    cr_assert(eq(ptr, (void *)mock_bus_find(&mock, 41, true, 21), NULL));
}

Test(host_card_open, gives_up_after_a_second)
{
    mock.polls = UINT32_MAX;
    cr_assert(eq(int, open_card(NULL), SDV_ERR_DATA_TIMEOUT));
    cr_assert(mock.waited_us >= 1000000 && mock.waited_us < 2000000);
}

Test(host_card_open, asks_for_high_capacity_only_after_cmd8_was_answered)
{
    mock.version1 = true;
    mock.sdsc = true;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(zero(u32, mock_bus_find(&mock, 41, true, 0)->arg & 1u << 30));
    /* CMD0 again takes the error of the unknown command away */
    cr_assert(ne(ptr, (void *)mock_bus_find(&mock, 0, false, 1), NULL));
}

Test(host_card_open, refuses_a_wrong_echo)
{
    mock.echo = 1;
    cr_assert(eq(int, open_card(NULL), SDV_ERR_PROTOCOL));
}

Test(host_card_open, asks_for_another_address_than_zero)
{
    mock.zero_rcas = 2;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(eq(u16, card.rca, MOCK_RCA));
    mock_bus_init(&mock);
    mock.zero_rcas = 100;
    cr_assert(eq(int, open_card(NULL), SDV_ERR_PROTOCOL));
}

Test(host_card_open, sets_the_block_length_of_a_standard_capacity_card)
{
    mock.sdsc = true;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(not(card.high_capacity));
    cr_assert(eq(u32, sdv_card_blocks(&card), 2048));
    cr_assert(eq(u32, mock_bus_find(&mock, 16, false, 0)->arg, 512));
}

Test(host_card_open, keeps_to_the_options)
{
    const sdv_card_options one = {.lines = 1, .default_speed = true};
    const sdv_card_options slow = {.max_hz = 10000000};
    const sdv_card_options odd = {.lines = 2};

    cr_assert(eq(int, open_card(&one), SDV_OK));
    cr_assert(eq(uint, card.lines, 1));
    cr_assert(not(sent(SDV_CMD_SWITCH_FUNC, false)));
    cr_assert(not(sent(SDV_ACMD_SET_BUS_WIDTH, true)));
    mock_bus_init(&mock);
    cr_assert(eq(int, open_card(&slow), SDV_OK));
    cr_assert(eq(u32, mock.clocks[0], 10000000));
    cr_assert(eq(uint, mock.clock_count, 1));
    cr_assert(eq(int, open_card(&odd), SDV_ERR_ARG));
}

Test(host_card_open, says_when_four_lines_are_not_there)
{
    const sdv_card_options four = {.lines = 4};

    mock.caps.width4 = false;
    cr_assert(eq(int, open_card(&four), SDV_ERR_UNSUPPORTED));
    mock_bus_init(&mock);
    mock.caps.width4 = false;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(eq(uint, card.lines, 1));
}

Test(host_card_open, stays_at_default_speed_when_the_card_has_no_other)
{
    mock.no_switch = true;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(not(card.high_speed));
    cr_assert(eq(uint, mock.clock_count, 1));
    cr_assert(eq(ptr, (void *)mock_bus_find(&mock, 6, false, 1), NULL),
              "only asked, not switched");
}

Test(host_card_open, takes_over_a_card_that_is_ready)
{
    mock.caps.owns_card = false;
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    cr_assert(zero(uint, mock.powered_on + mock.powered_off));
    cr_assert(zero(uint, mock.clock_count));
    cr_assert(not(sent(0, false)));
    cr_assert(card.high_capacity);
    cr_assert(eq(uint, card.lines, 4));
    cr_assert(eq(u16, card.rca, MOCK_RCA));
    /* deselected for its registers, and selected again */
    cr_assert(zero(u32, mock_bus_find(&mock, 7, false, 0)->arg));
    cr_assert(eq(u32, mock_bus_find(&mock, 7, false, 1)->arg, MOCK_RCA << 16));
    sdv_card_close(&card);
    cr_assert(zero(uint, mock.powered_off));
}

Test(host_card_open, passes_every_failure_up)
{
    unsigned steps;

    cr_assert(eq(int, open_card(NULL), SDV_OK));
    steps = mock.count;
    for (unsigned i = 1; i <= steps; i++) {
        mock_bus_init(&mock);
        mock.fail_at = i;
        mock.fail_with = SDV_ERR_CMD_CRC;
        cr_assert(eq(int, open_card(NULL), SDV_ERR_CMD_CRC), "command %u", i);
        cr_assert(eq(uint, mock.count, i), "went on after command %u", i);
    }
}

Test(host_card_open, close_switches_off)
{
    cr_assert(eq(int, open_card(NULL), SDV_OK));
    mock.powered_off = 0;
    sdv_card_close(&card);
    cr_assert(eq(uint, mock.powered_off, 1));
    cr_assert(zero(u32, mock.log[mock.count - 1].arg));
}
