/* SPDX-License-Identifier: Apache-2.0 */
/* The SDHCI driver: taking over, power, clock, commands and data. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/sdhci.h>

#include "mock_hc.h"

static mock_hc hc;
static sdv_sdhci sdhci;
static sdv_bus *const bus = &sdhci.bus;

static uint32_t reg(uint32_t offset)
{
    return hc.words[offset / 4];
}

static void start(void)
{
    mock_hc_init(&hc);
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_power(bus, true), SDV_OK));
}

TestSuite(host_sdhci, .init = start);

static sdv_err run(sdv_cmd *cmd)
{
    return sdv_bus_run(bus, cmd, 1);
}

/* ---- taking over ---- */

Test(host_sdhci, takes_version_3_only)
{
    hc.version = 1u << 16;
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_ERR_UNSUPPORTED));
    hc.version = UINT32_MAX;
    hc.capabilities = UINT32_MAX;
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_ERR_UNSUPPORTED));
}

Test(host_sdhci, needs_a_base_clock_and_3_3_volts)
{
    const uint32_t good = hc.capabilities;

    hc.capabilities = good & ~SDV_SDHCI_CAPABILITIES0_BASE_FREQ_MASK;
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_ERR_UNSUPPORTED));
    hc.capabilities = good & ~SDV_SDHCI_CAPABILITIES0_V33_MASK;
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_ERR_UNSUPPORTED));
}

Test(host_sdhci, says_when_a_reset_never_ends)
{
    hc.stuck = true;
    cr_assert(eq(int, sdv_sdhci_init(&sdhci, &hc.mmio), SDV_ERR_DATA_TIMEOUT));
}

Test(host_sdhci, tells_what_it_can)
{
    sdv_bus_caps caps;

    cr_assert(eq(int, sdv_bus_get_caps(bus, &caps), SDV_OK));
    cr_assert(caps.owns_card && caps.high_speed && caps.width4 && caps.cmd23);
    cr_assert(eq(u32, caps.base_hz, 50000000));
    cr_assert(eq(u32, caps.max_blocks, 65535));
}

Test(host_sdhci, reads_the_apparatus_id_from_its_registers)
{
    uint64_t id = 0;

    hc.words[SDV_SDHCI_APPARATUS_ID_LO / 4] = 0x89ABCDEF;
    hc.words[SDV_SDHCI_APPARATUS_ID_HI / 4] = 0x01234567;
    cr_assert(eq(int, sdv_bus_apparatus_id(bus, &id), SDV_OK));
    cr_assert(eq(u64, id, UINT64_C(0x0123456789ABCDEF)));
}

/* ---- power, clock, width ---- */

Test(host_sdhci, power_on_gives_74_slow_clocks)
{
    /* 50 MHz / (2 x 63) is the fastest that is not above 400 kHz */
    cr_assert(eq(u32, reg(SDV_SDHCI_CLOCK_CONTROL) >> 6 & 0x3FF, 63 << 2));
    cr_assert(ge(u64, hc.clocked_us * 400, 74000));
    cr_assert(zero(u32, reg(SDV_SDHCI_HOST_CONTROL) & 6u));
    cr_assert(eq(u32, reg(SDV_SDHCI_HOST_CONTROL) >> 8 & 0xF, 0xF));
}

Test(host_sdhci, power_needs_a_card)
{
    cr_assert(eq(int, sdv_bus_set_power(bus, false), SDV_OK));
    hc.empty = true;
    cr_assert(eq(int, sdv_bus_set_power(bus, true), SDV_ERR_NO_CARD));
    cr_assert(zero(u32, reg(SDV_SDHCI_HOST_CONTROL) & 0x100u));
}

Test(host_sdhci, power_off_stops_the_clock_and_forgets_width_and_speed)
{
    cr_assert(eq(int, sdv_bus_set_width(bus, 4), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_clock(bus, 50000000, true), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_power(bus, false), SDV_OK));
    cr_assert(zero(u32, reg(SDV_SDHCI_CLOCK_CONTROL) & 4u));
    cr_assert(zero(u32, reg(SDV_SDHCI_HOST_CONTROL)));
}

Test(host_sdhci, takes_the_fastest_clock_that_is_allowed)
{
    static const struct {
        uint32_t hz, divider;
    } cases[] = {{50000000, 0}, {100000000, 0}, {49999999, 1}, {25000000, 1},
                 {24999999, 2}, {400000, 63},   {100000, 250}, {1, 1023}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t word;

        cr_assert(eq(int, sdv_bus_set_clock(bus, cases[i].hz, false), SDV_OK));
        word = reg(SDV_SDHCI_CLOCK_CONTROL);
        cr_assert(eq(u32, (word >> 8 & 0xFF) | (word >> 6 & 3) << 8,
                     cases[i].divider),
                  "%u Hz", cases[i].hz);
        cr_assert(eq(u32, word & 5u, 5));
    }
}

Test(host_sdhci, width_and_speed_are_bits_of_host_control)
{
    cr_assert(eq(int, sdv_bus_set_width(bus, 4), SDV_OK));
    cr_assert(eq(u32, reg(SDV_SDHCI_HOST_CONTROL) & 6u, 2));
    cr_assert(eq(int, sdv_bus_set_clock(bus, 50000000, true), SDV_OK));
    cr_assert(eq(u32, reg(SDV_SDHCI_HOST_CONTROL) & 6u, 6));
    cr_assert(eq(int, sdv_bus_set_width(bus, 1), SDV_OK));
    cr_assert(eq(u32, reg(SDV_SDHCI_HOST_CONTROL) & 6u, 4));
    cr_assert(eq(int, sdv_bus_set_width(bus, 8), SDV_ERR_ARG));
}

Test(host_sdhci, says_when_the_clock_never_becomes_stable)
{
    hc.stuck = true;
    cr_assert(
        eq(int, sdv_bus_set_clock(bus, 400000, false), SDV_ERR_DATA_TIMEOUT));
}

/* ---- what is not sent ---- */

Test(host_sdhci, sends_nothing_without_card_power_or_clock)
{
    sdv_cmd seq[2] = {{.opcode = 0}, {.opcode = 8, .resp = SDV_RESP_R7}};

    hc.empty = true;
    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_ERR_NO_CARD));
    cr_assert(eq(int, seq[0].err, SDV_ERR_NO_CARD));
    cr_assert(eq(int, seq[1].err, SDV_ERR_STATE));
    hc.empty = false;
    cr_assert(eq(int, sdv_bus_set_clock(bus, 0, false), SDV_OK));
    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_ERR_STATE));
    cr_assert(eq(int, sdv_bus_set_power(bus, false), SDV_OK));
    cr_assert(eq(int, sdv_bus_run(bus, seq, 2), SDV_ERR_NO_POWER));
    cr_assert(zero(uint, hc.count));
}

Test(host_sdhci, sends_nothing_that_makes_no_sense)
{
    uint8_t data[512];
    sdv_cmd cases[] = {
        {.opcode = 64},
        {.opcode = 12, .stop = SDV_STOP_CMD12},
        {.opcode = 17,
         .resp = SDV_RESP_R1,
         .dir = SDV_DIR_READ,
         .blocks = 1,
         .block_size = 512},
        {.opcode = 17,
         .resp = SDV_RESP_R1,
         .dir = SDV_DIR_READ,
         .blocks = 0,
         .block_size = 512,
         .data = data},
        {.opcode = 17,
         .resp = SDV_RESP_R1,
         .dir = SDV_DIR_READ,
         .blocks = 1,
         .block_size = 513,
         .data = data},
        {.opcode = 17,
         .resp = SDV_RESP_NONE,
         .dir = SDV_DIR_READ,
         .blocks = 1,
         .block_size = 512,
         .data = data},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        cr_assert(eq(int, run(&cases[i]), SDV_ERR_ARG), "case %zu", i);
    }
    cr_assert(eq(int, sdv_bus_run(bus, cases, 0), SDV_ERR_ARG));
    cr_assert(zero(uint, hc.count));
}

/* ---- commands ---- */

Test(host_sdhci, each_response_type_has_its_length_and_checks)
{
    static const struct {
        sdv_resp resp;
        uint16_t bits;
    } cases[] = {{SDV_RESP_NONE, 0x00}, {SDV_RESP_R1, 0x1A},
                 {SDV_RESP_R1B, 0x1B},  {SDV_RESP_R2, 0x09},
                 {SDV_RESP_R3, 0x02},   {SDV_RESP_R6, 0x1A},
                 {SDV_RESP_R7, 0x1A}};

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sdv_cmd cmd = {
            .opcode = 42, .arg = 0x11223344 + i, .resp = cases[i].resp};

        cr_assert(eq(int, run(&cmd), SDV_OK), "case %u", i);
        cr_assert(eq(u16, hc.commands[i].command, 42 << 8 | cases[i].bits),
                  "case %u", i);
        cr_assert(eq(u32, hc.commands[i].argument, 0x11223344 + i));
        cr_assert(zero(u16, hc.commands[i].mode));
    }
}

Test(host_sdhci, a_stop_is_an_abort)
{
    sdv_cmd cmd = {.opcode = 12, .resp = SDV_RESP_R1B};

    cr_assert(eq(int, run(&cmd), SDV_OK));
    cr_assert(eq(u16, hc.commands[0].command, 12 << 8 | 0xDB));
}

Test(host_sdhci, a_long_response_gets_its_low_byte_back)
{
    const mock_hc_step step = {
        .response = {0x44332211, 0x88776655, 0xCCBBAA99, 0x00FFEEDD}};
    sdv_cmd cmd = {.opcode = 2, .resp = SDV_RESP_R2};

    *mock_hc_plan(&hc) = step;
    cr_assert(eq(int, run(&cmd), SDV_OK));
    cr_assert(eq(u32, cmd.response[3], 0xFFEEDDCC));
    cr_assert(eq(u32, cmd.response[2], 0xBBAA9988));
    cr_assert(eq(u32, cmd.response[1], 0x77665544));
    cr_assert(eq(u32, cmd.response[0], 0x33221100));
}

Test(host_sdhci, an_application_command_follows_cmd55)
{
    sdv_cmd cmd = {.opcode = 6,
                   .is_acmd = true,
                   .rca = 0x1234,
                   .arg = 2,
                   .resp = SDV_RESP_R1};

    mock_hc_plan_r1(&hc, 0x920);
    mock_hc_plan_r1(&hc, 0x920);
    cr_assert(eq(int, run(&cmd), SDV_OK));
    cr_assert(eq(uint, mock_hc_opcode(&hc, 0), 55));
    cr_assert(eq(u32, hc.commands[0].argument, 0x12340000));
    cr_assert(eq(uint, mock_hc_opcode(&hc, 1), 6));
    cr_assert(eq(u32, cmd.auto_response, 0x920));
}

Test(host_sdhci, a_card_that_does_not_take_cmd55_gets_no_application_command)
{
    sdv_cmd cmd = {.opcode = 6, .is_acmd = true, .resp = SDV_RESP_R1};

    mock_hc_plan_r1(&hc, 0x900);
    cr_assert(eq(int, run(&cmd), SDV_ERR_PROTOCOL));
    cr_assert(eq(uint, hc.count, 1));
}

Test(host_sdhci, the_status_of_cmd55_counts_with_that_of_the_command)
{
    sdv_cmd cmd = {.opcode = 6, .is_acmd = true, .resp = SDV_RESP_R1};

    mock_hc_plan_r1(&hc, 0x920 | SDV_STATUS_ERROR);
    mock_hc_plan_r1(&hc, 0x920);
    cr_assert(eq(int, run(&cmd), SDV_CARD_ERROR));
    cr_assert(eq(uint, hc.count, 2), "the card waits for it");
}

Test(host_sdhci, a_sequence_ends_at_the_first_failure)
{
    sdv_cmd seq[3] = {{.opcode = 32, .resp = SDV_RESP_R1},
                      {.opcode = 33, .arg = 9, .resp = SDV_RESP_R1},
                      {.opcode = 38, .resp = SDV_RESP_R1B}};

    mock_hc_plan_r1(&hc, 0x900);
    mock_hc_plan_r1(&hc, 0x900 | SDV_STATUS_OUT_OF_RANGE);
    cr_assert(eq(int, sdv_bus_run(bus, seq, 3), SDV_CARD_OUT_OF_RANGE));
    cr_assert(eq(int, seq[0].err, SDV_OK));
    cr_assert(eq(int, seq[1].err, SDV_CARD_OUT_OF_RANGE));
    cr_assert(eq(int, seq[2].err, SDV_ERR_STATE));
    cr_assert(eq(uint, hc.count, 2));
    cr_assert(eq(str, bus->detail,
                 "CMD33 0x00000009: CARD_OUT_OF_RANGE, "
                 "card status 0x80000900"));
}

/* ---- data ---- */

static sdv_cmd transfer(sdv_dir dir, uint16_t blocks, uint16_t size,
                        uint8_t *data)
{
    return (sdv_cmd){.opcode = dir == SDV_DIR_READ ? 18 : 25,
                     .arg = 5,
                     .resp = SDV_RESP_R1,
                     .dir = dir,
                     .blocks = blocks,
                     .block_size = size,
                     .data = data};
}

Test(host_sdhci, blocks_of_every_length_go_both_ways)
{
    uint8_t before[sizeof(hc.data)];
    uint8_t data[2 * 512 + 1];

    memcpy(before, hc.data, sizeof(before));
    for (unsigned size = 1; size <= 512; size++) {
        sdv_cmd read = transfer(SDV_DIR_READ, 2, (uint16_t)size, data);
        sdv_cmd write = transfer(SDV_DIR_WRITE, 2, (uint16_t)size, data);

        hc.count = 0;
        memcpy(hc.data, before, sizeof(before));
        data[2 * size] = 0x5A;
        cr_assert(eq(int, run(&read), SDV_OK));
        cr_assert(zero(int, memcmp(data, before, 2 * size)), "size %u", size);
        cr_assert(eq(u8, data[2 * size], 0x5A), "size %u", size);
        memset(hc.data, 0, sizeof(hc.data));
        cr_assert(eq(int, run(&write), SDV_OK));
        cr_assert(zero(int, memcmp(data, hc.data, 2 * size)), "size %u", size);
    }
}

Test(host_sdhci, transfer_mode_says_direction_count_and_who_stops)
{
    static const struct {
        sdv_dir dir;
        sdv_stop stop;
        uint16_t blocks, mode;
    } cases[] = {{SDV_DIR_READ, SDV_STOP_NONE, 1, 0x10},
                 {SDV_DIR_WRITE, SDV_STOP_NONE, 1, 0x00},
                 {SDV_DIR_READ, SDV_STOP_NONE, 3, 0x32},
                 {SDV_DIR_WRITE, SDV_STOP_CMD12, 3, 0x26},
                 {SDV_DIR_READ, SDV_STOP_CMD12, 3, 0x36},
                 {SDV_DIR_WRITE, SDV_STOP_CMD23, 3, 0x2A},
                 {SDV_DIR_READ, SDV_STOP_CMD23, 1, 0x3A}};
    uint8_t data[3 * 512];

    for (unsigned i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sdv_cmd cmd = transfer(cases[i].dir, cases[i].blocks, 512, data);

        cmd.stop = cases[i].stop;
        cr_assert(eq(int, run(&cmd), SDV_OK));
        cr_assert(eq(u16, hc.commands[i].mode, cases[i].mode), "case %u", i);
        cr_assert(eq(u16, hc.commands[i].block_count, cases[i].blocks));
        cr_assert(eq(u16, hc.commands[i].block_size, 512));
        cr_assert(eq(u16, hc.commands[i].command & 0x20u, 0x20));
    }
    cr_assert(eq(u32, hc.commands[6].argument2, 1));
}

Test(host_sdhci, a_block_takes_three_accesses_beside_its_data)
{
    static uint8_t data[64 * 512];
    sdv_cmd one = transfer(SDV_DIR_READ, 1, 512, data);
    sdv_cmd many = transfer(SDV_DIR_READ, 64, 512, data);
    unsigned first;

    cr_assert(eq(int, run(&one), SDV_OK));
    hc.accesses = 0;
    cr_assert(eq(int, run(&one), SDV_OK));
    first = hc.accesses;
    hc.accesses = 0;
    cr_assert(eq(int, run(&many), SDV_OK));
    cr_assert(le(uint, hc.accesses - first, 63 * (128 + 2)));
}

Test(host_sdhci, data_timeout_is_the_next_power_of_two)
{
    static const struct {
        uint32_t ms, exponent;
    } cases[] = {{0, 13}, {1000, 13}, {1, 3}, {100, 10}, {2684, 14}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        sdv_cmd cmd = {
            .opcode = 38, .resp = SDV_RESP_R1B, .data_timeout_ms = cases[i].ms};

        cr_assert(eq(int, run(&cmd), SDV_OK));
        cr_assert(eq(u32, reg(SDV_SDHCI_CLOCK_CONTROL) >> 16 & 0xF,
                     cases[i].exponent),
                  "%u ms", cases[i].ms);
        cr_assert(gt(u32, sdhci.wait_us / 1000, cases[i].ms));
    }
    cr_assert(ne(u32, reg(SDV_SDHCI_CLOCK_CONTROL) & 4u, 0), "SDCLK runs on");
}

Test(host_sdhci, longer_times_are_watched_by_the_driver)
{
    const uint32_t bit = SDV_SDHCI_ERROR_STATUS_DATA_TIMEOUT_MASK << 16;
    sdv_cmd slow = {
        .opcode = 38, .resp = SDV_RESP_R1B, .data_timeout_ms = 3000};
    sdv_cmd slower = {
        .opcode = 38, .resp = SDV_RESP_R1B, .data_timeout_ms = UINT32_MAX};
    sdv_cmd fast = {.opcode = 38, .resp = SDV_RESP_R1B};

    mock_hc_plan(&hc)->endless = true;
    mock_hc_plan(&hc)->endless = true;
    cr_assert(eq(int, run(&slow), SDV_ERR_DATA_TIMEOUT));
    cr_assert(zero(u32, reg(SDV_SDHCI_NORMAL_ENABLE) & bit));
    cr_assert(eq(u32, hc.wait_us, 3000000));
    cr_assert(eq(int, run(&slower), SDV_ERR_DATA_TIMEOUT));
    cr_assert(eq(u32, hc.wait_us, 4294967000));
    cr_assert(eq(int, run(&fast), SDV_OK));
    cr_assert(eq(u32, reg(SDV_SDHCI_NORMAL_ENABLE) & bit, bit));
}
