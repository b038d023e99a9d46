/* SPDX-License-Identifier: Apache-2.0 */
/* The functional card as an sdv_bus that answers at once. */
#include <string.h>

#include "model_private.h"

#define COMMAND_NS 2000u /* what a command and its answer take, roughly */
#define DEFAULT_TIMEOUT_MS 1000u
#define RECOVERIES 4
#define MAX_BLOCKS 65535u
#define OF_THE_COMMAND_BEFORE                                                  \
    (SDV_STATUS_COM_CRC_ERROR | SDV_STATUS_ILLEGAL_COMMAND)
#define STATE_LSB 9

static sdv_mbus *self(sdv_bus *bus)
{
    return (sdv_mbus *)bus;
}

/* ---- one command ---- */

static uint32_t word(const uint8_t *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 |
           (uint32_t)p[3];
}

/* What a host that expects `resp` makes of an answer. */
static sdv_err check_frame(sdv_resp resp, uint8_t opcode,
                           const sdv_mreply *reply)
{
    if (resp == SDV_RESP_NONE) {
        return SDV_OK;
    }
    if (reply->type == SDV_RESP_NONE) {
        return SDV_ERR_NO_RESPONSE;
    }
    if ((resp == SDV_RESP_R2) != (reply->type == SDV_RESP_R2)) {
        return SDV_ERR_CMD_CRC;
    }
    if (resp == SDV_RESP_R2 || resp == SDV_RESP_R3) {
        return SDV_OK;
    }
    if (reply->type == SDV_RESP_R3) {
        return SDV_ERR_CMD_CRC;
    }
    return reply->index == opcode ? SDV_OK : SDV_ERR_CMD_INDEX;
}

static sdv_err send(sdv_mbus *bus, uint8_t opcode, uint32_t argument,
                    sdv_resp resp, sdv_mreply *reply)
{
    sdv_mcard_command(bus->card, opcode, argument, reply);
    sdv_mcard_pass(bus->card, COMMAND_NS);
    if (reply->type == SDV_RESP_R6) {
        bus->rca = reply->content >> 16;
    }
    return check_frame(resp, opcode, reply);
}

static sdv_err wait_ready(sdv_mbus *bus, const sdv_cmd *cmd)
{
    const uint64_t ms = cmd != NULL && cmd->data_timeout_ms != 0
                            ? cmd->data_timeout_ms
                            : DEFAULT_TIMEOUT_MS;

    if (!sdv_mcard_busy(bus->card)) {
        return SDV_OK;
    }
    if (bus->card->busy_ns > ms * 1000000u) {
        sdv_mcard_pass(bus->card, ms * 1000000u);
        return SDV_ERR_DATA_TIMEOUT;
    }
    (void)sdv_mcard_wait(bus->card);
    return SDV_OK;
}

/* An R1 whose bits about the command before are left out. */
static sdv_err status_error(uint32_t status)
{
    return sdv_err_from_status(status & ~OF_THE_COMMAND_BEFORE);
}

/* Bits 15:13 of an R6 as the bits of a card status. */
static uint32_t status_of_r6(uint32_t content)
{
    return (content & 0xC000u) << 8 | (content & 0x2000u) << 6;
}

static void keep_response(sdv_cmd *cmd, const sdv_mreply *reply)
{
    if (reply->type != SDV_RESP_R2) {
        cmd->response[0] = reply->content;
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        cmd->response[3 - i] = word(reply->reg + (size_t)i * 4);
    }
    cmd->response[0] &= ~0xFFu;
}

/* ---- data ---- */

static sdv_err read_block(sdv_mbus *bus, const sdv_cmd *cmd, uint8_t *to)
{
    const uint32_t len = sdv_mcard_sending(bus->card);
    const bool fits = len == cmd->block_size && bus->lines == bus->card->lines;
    uint8_t data[SDV_MCARD_BLOCK];

    if (len == 0) {
        return SDV_ERR_DATA_TIMEOUT;
    }
    sdv_mcard_read(bus->card, data);
    if (!fits) {
        return SDV_ERR_DATA_CRC;
    }
    memcpy(to, data, len);
    return SDV_OK;
}

static sdv_err write_block(sdv_mbus *bus, const sdv_cmd *cmd,
                           const uint8_t *from)
{
    const bool fits =
        cmd->block_size == SDV_MCARD_BLOCK && bus->lines == bus->card->lines;
    uint8_t data[SDV_MCARD_BLOCK] = {0};

    memcpy(data, from, cmd->block_size);
    switch (sdv_mcard_write(bus->card, data, fits)) {
    case SDV_MWRITE_TAKEN:
        return wait_ready(bus, cmd);
    case SDV_MWRITE_CRC:
        return SDV_ERR_DATA_CRC;
    default:
        return SDV_ERR_DATA_TIMEOUT;
    }
}

static sdv_err move_blocks(sdv_mbus *bus, const sdv_cmd *cmd)
{
    sdv_err err = SDV_OK;

    for (uint32_t i = 0; i < cmd->blocks && err == SDV_OK; i++) {
        uint8_t *data = cmd->data + (size_t)i * cmd->block_size;

        err = cmd->dir == SDV_DIR_READ ? read_block(bus, cmd, data)
                                       : write_block(bus, cmd, data);
    }
    return err;
}

/* The CMD12 that `stop` asks for; all blocks have moved. */
static sdv_err stop_transfer(sdv_mbus *bus, sdv_cmd *cmd)
{
    sdv_mreply reply;
    sdv_err err = send(bus, SDV_CMD_STOP_TRANSMISSION, 0, SDV_RESP_R1B, &reply);

    if (err != SDV_OK) {
        return err;
    }
    cmd->auto_response = reply.content;
    err = wait_ready(bus, cmd);
    return err != SDV_OK
               ? err
               : status_error(reply.content & ~SDV_STATUS_OUT_OF_RANGE);
}

/* ---- what a bus sends by itself ---- */

/* CMD55 or CMD23; its status joins that of the command. */
static sdv_err prepare(sdv_mbus *bus, sdv_cmd *cmd, uint32_t *status)
{
    sdv_mreply reply;
    sdv_err err;

    if (cmd->is_acmd) {
        err = send(bus, SDV_CMD_APP_CMD, (uint32_t)cmd->rca << 16, SDV_RESP_R1,
                   &reply);
        cmd->auto_response = reply.content;
        if (err == SDV_OK && (reply.content & SDV_STATUS_APP_CMD) == 0) {
            err = SDV_ERR_PROTOCOL;
        }
        bus->all_moved = false;
    } else if (cmd->stop == SDV_STOP_CMD23) {
        err = send(bus, SDV_CMD_SET_BLOCK_COUNT, cmd->blocks, SDV_RESP_R1,
                   &reply);
    } else {
        return SDV_OK;
    }
    if (err == SDV_OK) {
        *status |= reply.content;
    }
    return err;
}

/* Ask and stop until the card is out of data and rcv; the bits on the way. */
static sdv_err stop_card(sdv_mbus *bus, uint32_t *seen)
{
    for (unsigned tries = 0;; tries++) {
        sdv_mreply reply;
        uint32_t state;
        const sdv_err err =
            send(bus, SDV_CMD_SEND_STATUS, bus->rca << 16, SDV_RESP_R1, &reply);

        if (err != SDV_OK) {
            return err;
        }
        *seen |= reply.content;
        state = reply.content >> STATE_LSB & 0xFu;
        if ((state != SDV_STATE_DATA && state != SDV_STATE_RCV) ||
            tries == RECOVERIES) {
            return SDV_OK;
        }
        if (send(bus, SDV_CMD_STOP_TRANSMISSION, 0, SDV_RESP_R1B, &reply) ==
                SDV_OK &&
            wait_ready(bus, NULL) == SDV_OK) {
            *seen |= reply.content;
        }
    }
}

/* Bring the card back to tran; what its statuses name is the reason. */
static sdv_err recover(sdv_mbus *bus, sdv_err err)
{
    uint32_t seen = 0;

    bus->all_moved = false;
    if (bus->rca == 0 || stop_card(bus, &seen) != SDV_OK ||
        err != SDV_ERR_DATA_TIMEOUT || status_error(seen) == SDV_OK) {
        return err;
    }
    return status_error(seen);
}

static bool is_stop(const sdv_cmd *cmd)
{
    return cmd->opcode == SDV_CMD_STOP_TRANSMISSION && !cmd->is_acmd;
}

/* What the R1 or R6 of a command says, with that of its CMD55 or CMD23. */
static sdv_err response_error(const sdv_mbus *bus, const sdv_cmd *cmd,
                              uint32_t status)
{
    if (cmd->resp == SDV_RESP_R1 || cmd->resp == SDV_RESP_R1B) {
        status |= cmd->response[0];
    } else if (cmd->resp == SDV_RESP_R6) {
        status |= status_of_r6(cmd->response[0]);
    }
    if (is_stop(cmd) && bus->all_moved) {
        status &= ~SDV_STATUS_OUT_OF_RANGE;
    }
    return cmd->opcode == SDV_CMD_SEND_STATUS && !cmd->is_acmd
               ? sdv_err_from_status(status)
               : status_error(status);
}

/* Busy, data and CMD12, as far as there are any. */
static sdv_err complete(sdv_mbus *bus, sdv_cmd *cmd, uint32_t status)
{
    sdv_err err = SDV_OK;

    if (cmd->resp == SDV_RESP_R1B && cmd->dir == SDV_DIR_NONE) {
        err = wait_ready(bus, cmd);
    }
    if (err == SDV_OK) {
        err = response_error(bus, cmd, status);
    }
    if (err == SDV_OK && cmd->dir != SDV_DIR_NONE) {
        err = move_blocks(bus, cmd);
    }
    if (err == SDV_OK && cmd->stop == SDV_STOP_CMD12) {
        err = stop_transfer(bus, cmd);
    }
    bus->all_moved = err == SDV_OK && cmd->dir != SDV_DIR_NONE;
    return err;
}

static sdv_err run_one(sdv_mbus *bus, sdv_cmd *cmd)
{
    uint32_t status = 0;
    sdv_mreply reply;
    sdv_err err = prepare(bus, cmd, &status);

    if (err == SDV_OK) {
        err = send(bus, cmd->opcode, cmd->arg, cmd->resp, &reply);
    }
    if (err != SDV_OK) { /* silence, as a rule */
        bus->all_moved = false;
        return err;
    }
    if (cmd->opcode == SDV_CMD_GO_IDLE_STATE && !cmd->is_acmd) {
        bus->rca = 0;
    }
    if (cmd->stop == SDV_STOP_CMD23) {
        cmd->auto_response = status;
    }
    keep_response(cmd, &reply);
    err = complete(bus, cmd, status);
    if (err != SDV_OK && (cmd->dir != SDV_DIR_NONE || is_stop(cmd))) {
        err = recover(bus, err);
    }
    return err;
}

/* ---- the operations ---- */

static sdv_err ready(const sdv_mbus *bus)
{
    if (!*bus->inserted) {
        return SDV_ERR_NO_CARD;
    }
    if (!bus->power) {
        return SDV_ERR_NO_POWER;
    }
    return bus->clock ? SDV_OK : SDV_ERR_STATE;
}

static sdv_err run(sdv_bus *base, sdv_cmd *seq, size_t count)
{
    sdv_mbus *bus = self(base);
    sdv_err err = ready(bus);

    seq[0].err = err;
    for (size_t i = 0; i < count && err == SDV_OK; i++) {
        err = run_one(bus, &seq[i]);
        seq[i].err = err;
    }
    return err;
}

static sdv_err caps(sdv_bus *base, sdv_bus_caps *caps)
{
    (void)base;
    *caps = (sdv_bus_caps){.owns_card = true,
                           .high_speed = true,
                           .width4 = true,
                           .cmd23 = true,
                           .base_hz = SDV_TIMING_BASE_HZ,
                           .max_blocks = MAX_BLOCKS};
    return SDV_OK;
}

static sdv_err set_power(sdv_bus *base, bool on)
{
    sdv_mbus *bus = self(base);

    if (on && !*bus->inserted) {
        return SDV_ERR_NO_CARD;
    }
    if (on && bus->power) {
        return SDV_OK;
    }
    bus->lines = 1;
    bus->rca = 0;
    bus->power = on;
    bus->clock = on;
    bus->changed(bus->slot);
    return SDV_OK;
}

static sdv_err set_clock(sdv_bus *base, uint32_t max_hz, bool high_speed)
{
    (void)high_speed;
    self(base)->clock = max_hz != 0;
    return SDV_OK;
}

static sdv_err set_width(sdv_bus *base, unsigned lines)
{
    self(base)->lines = lines;
    return SDV_OK;
}

static sdv_err apparatus_id(sdv_bus *base, uint64_t *id)
{
    *id = self(base)->apparatus_id;
    return SDV_OK;
}

static void delay_us(sdv_bus *base, uint32_t us)
{
    sdv_mcard_pass(self(base)->card, (uint64_t)us * 1000u);
}

/* see model_private.h */
void sdv_mbus_init(sdv_mbus *bus)
{
    static const struct sdv_bus_ops ops = {
        .run = run,
        .caps = caps,
        .set_power = set_power,
        .set_clock = set_clock,
        .set_width = set_width,
        .apparatus_id = apparatus_id,
        .delay_us = delay_us,
    };

    bus->bus.ops = &ops;
    bus->lines = 1;
}
