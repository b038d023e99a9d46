/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_bus.h"

#include <string.h>

#define POWERED_UP (1u << 31)
#define CCS (1u << 30)
#define VOLTAGE 0x00FF8000u
#define R1_TRAN (SDV_STATE_TRAN << 9 | SDV_STATUS_READY_FOR_DATA)

static const uint32_t cid[4] = {0x0501AB00, 0x10000000, 0x5644424C, 0x53445653};
/* 131,072 blocks as version 2, 2,048 as version 1 (C_SIZE 255, MULT 1) */
static const uint32_t csd_v2[4] = {0x0A400000, 0x007F7F80, 0x5B590000,
                                   0x400E0032};
static const uint32_t csd_v1[4] = {0x0A400000, 0xC0007F80 | 1u << 15,
                                   0x5B59803F, 0x000E0032};

static void fill(const mock_bus *mock, const sdv_cmd *cmd)
{
    uint8_t *data = cmd->data;

    if (cmd->dir != SDV_DIR_READ) {
        return;
    }
    memset(data, 0, (size_t)cmd->blocks * cmd->block_size);
    if (cmd->is_acmd && cmd->opcode == SDV_ACMD_SEND_SCR) {
        const uint8_t scr[8] = {2, 0x05, 0x80, mock->no_cmd23 ? 0 : 2};

        memcpy(data, scr, sizeof(scr));
    } else if (cmd->is_acmd && cmd->opcode == SDV_ACMD_SD_STATUS) {
        data[0] = 0x80; /* four lines */
        if (mock->ssr_speaks) {
            data[10] = 0x10; /* AU of 16 KiB */
            data[12] = 0x02; /* two of them */
            data[13] = 0x0D; /* in 3 s, 1 s more each time */
        }
    } else if (cmd->is_acmd && cmd->opcode == SDV_ACMD_SEND_NUM_WR_BLOCKS) {
        data[2] = 0x01;
        data[3] = 0x02;
    } else if (cmd->opcode == SDV_CMD_SWITCH_FUNC) {
        data[13] = 3;
        data[16] = mock->no_switch ? 0xF : 1;
    } else {
        for (size_t i = 0; i < cmd->blocks; i++) {
            data[i * cmd->block_size] = (uint8_t)(cmd->arg + i);
        }
    }
}

static sdv_err answer_acmd(mock_bus *mock, sdv_cmd *cmd)
{
    if (cmd->opcode == SDV_ACMD_SD_SEND_OP_COND) {
        const bool ready = mock->polls == 0 && (mock->sdsc || cmd->arg & CCS);

        mock->polls -= mock->polls != 0;
        cmd->response[0] = VOLTAGE | (ready ? POWERED_UP : 0) |
                           (ready && !mock->sdsc ? CCS : 0);
    }
    return SDV_OK;
}

static sdv_err answer_plain(mock_bus *mock, sdv_cmd *cmd)
{
    switch (cmd->opcode) {
    case SDV_CMD_SEND_IF_COND:
        cmd->response[0] = cmd->arg ^ mock->echo;
        return mock->version1 ? SDV_ERR_NO_RESPONSE : SDV_OK;
    case SDV_CMD_SEND_RELATIVE_ADDR:
        cmd->response[0] = mock->zero_rcas != 0 ? 0 : MOCK_RCA << 16;
        mock->zero_rcas -= mock->zero_rcas != 0;
        return SDV_OK;
    case SDV_CMD_ALL_SEND_CID:
    case SDV_CMD_SEND_CID:
        memcpy(cmd->response, cid, sizeof(cid));
        return SDV_OK;
    case SDV_CMD_SEND_CSD:
        memcpy(cmd->response, mock->sdsc ? csd_v1 : csd_v2, sizeof(csd_v1));
        return SDV_OK;
    case SDV_CMD_SEND_STATUS:
        cmd->response[0] |= mock->status;
        return sdv_err_from_status(mock->status);
    default:
        return SDV_OK;
    }
}

static sdv_err answer(mock_bus *mock, sdv_cmd *cmd)
{
    if (cmd->resp == SDV_RESP_R1 || cmd->resp == SDV_RESP_R1B) {
        cmd->response[0] = R1_TRAN;
    }
    if (mock->other != NULL) {
        sdv_err err;

        if (mock->other(mock->ctx, cmd, &err)) {
            return err;
        }
    }
    fill(mock, cmd);
    return cmd->is_acmd ? answer_acmd(mock, cmd) : answer_plain(mock, cmd);
}

static sdv_err run(sdv_bus *bus, sdv_cmd *seq, size_t count)
{
    mock_bus *mock = (mock_bus *)bus;
    sdv_err err = SDV_OK;

    for (size_t i = 0; i < count && err == SDV_OK; i++) {
        if (mock->count < MOCK_LOG) {
            mock->log[mock->count] = seq[i];
        }
        mock->count++;
        err = mock->count == mock->fail_at ? mock->fail_with
                                           : answer(mock, &seq[i]);
        seq[i].err = err;
    }
    return err;
}

static sdv_err get_caps(sdv_bus *bus, sdv_bus_caps *caps)
{
    *caps = ((mock_bus *)bus)->caps;
    return SDV_OK;
}

static sdv_err set_power(sdv_bus *bus, bool on)
{
    mock_bus *mock = (mock_bus *)bus;

    mock->powered_on += on;
    mock->powered_off += !on;
    return SDV_OK;
}

static sdv_err set_clock(sdv_bus *bus, uint32_t max_hz, bool high_speed)
{
    mock_bus *mock = (mock_bus *)bus;

    mock->clocks[mock->clock_count++ % 8] = max_hz;
    mock->high_speed = high_speed;
    return SDV_OK;
}

static sdv_err set_width(sdv_bus *bus, unsigned lines)
{
    ((mock_bus *)bus)->lines = lines;
    return SDV_OK;
}

static sdv_err apparatus_id(sdv_bus *bus, uint64_t *id)
{
    (void)bus;
    *id = 42;
    return SDV_OK;
}

static void delay_us(sdv_bus *bus, uint32_t us)
{
    ((mock_bus *)bus)->waited_us += us;
}

void mock_bus_init(mock_bus *mock)
{
    static const struct sdv_bus_ops ops = {.run = run,
                                           .caps = get_caps,
                                           .set_power = set_power,
                                           .set_clock = set_clock,
                                           .set_width = set_width,
                                           .apparatus_id = apparatus_id,
                                           .delay_us = delay_us};

    memset(mock, 0, sizeof(*mock));
    mock->bus.ops = &ops;
    mock->caps = (sdv_bus_caps){.owns_card = true,
                                .high_speed = true,
                                .width4 = true,
                                .cmd23 = true,
                                .base_hz = 50000000,
                                .rca = MOCK_RCA,
                                .max_blocks = 65535};
    mock->lines = 1;
}

const sdv_cmd *mock_bus_find(const mock_bus *mock, uint8_t opcode, bool acmd,
                             unsigned n)
{
    for (unsigned i = 0; i < mock->count && i < MOCK_LOG; i++) {
        if (mock->log[i].opcode == opcode && mock->log[i].is_acmd == acmd &&
            n-- == 0) {
            return &mock->log[i];
        }
    }
    return NULL;
}
