/* SPDX-License-Identifier: Apache-2.0 */
/* One command: out, response in, data, busy. */
#include "bus_internal.h"
#include "sdhci_internal.h"

#define RESPONSE_LIMIT_US 100000u /* far more than the slowest clock needs */
#define IDLE_LIMIT_US 100000u
#define TYPE_ABORT 3u
#define AUTO_CMD12 1u
#define AUTO_CMD23 2u
#define LENGTH_136 1u
#define LENGTH_48 2u
#define LENGTH_48_BUSY 3u

/* Response type and checks of the COMMAND register, by sdv_resp. */
#define CHECK_CRC MASK(COMMAND, CHECK_CRC)
#define CHECK_BOTH (CHECK_CRC | MASK(COMMAND, CHECK_INDEX))
static const uint32_t response_bits[] = {
    [SDV_RESP_NONE] = 0,
    [SDV_RESP_R1] = FIELD(COMMAND, RESPONSE, LENGTH_48) | CHECK_BOTH,
    [SDV_RESP_R1B] = FIELD(COMMAND, RESPONSE, LENGTH_48_BUSY) | CHECK_BOTH,
    [SDV_RESP_R2] = FIELD(COMMAND, RESPONSE, LENGTH_136) | CHECK_CRC,
    [SDV_RESP_R3] = FIELD(COMMAND, RESPONSE, LENGTH_48),
    [SDV_RESP_R6] = FIELD(COMMAND, RESPONSE, LENGTH_48) | CHECK_BOTH,
    [SDV_RESP_R7] = FIELD(COMMAND, RESPONSE, LENGTH_48) | CHECK_BOTH,
};

static bool is_stop(const sdv_cmd *cmd)
{
    return cmd->opcode == SDV_CMD_STOP_TRANSMISSION && !cmd->is_acmd;
}

static uint32_t transfer_bits(const sdv_cmd *cmd)
{
    uint32_t bits = MASK(COMMAND, DATA);

    if (cmd->dir == SDV_DIR_READ) {
        bits |= MASK(TRANSFER_MODE, READ);
    }
    if (cmd->blocks > 1 || cmd->stop != SDV_STOP_NONE) {
        bits |= MASK(TRANSFER_MODE, MULTI) | MASK(TRANSFER_MODE, COUNT_ENABLE);
    }
    if (cmd->stop == SDV_STOP_CMD12) {
        bits |= FIELD(TRANSFER_MODE, AUTO, AUTO_CMD12);
    } else if (cmd->stop == SDV_STOP_CMD23) {
        bits |= FIELD(TRANSFER_MODE, AUTO, AUTO_CMD23);
    }
    return bits;
}

/* The word with TRANSFER_MODE and COMMAND: writing it sends the command. */
static uint32_t command_word(const sdv_cmd *cmd)
{
    uint32_t word =
        FIELD(COMMAND, INDEX, cmd->opcode) | response_bits[cmd->resp];

    if (is_stop(cmd)) {
        word |= FIELD(COMMAND, TYPE, TYPE_ABORT);
    }
    if (cmd->dir != SDV_DIR_NONE) {
        word |= transfer_bits(cmd);
    }
    return word;
}

/* Wait until the controller can take this command. */
static sdv_err wait_idle(const sdv_sdhci *sdhci, const sdv_cmd *cmd)
{
    uint32_t inhibit = MASK(PRESENT_STATE, CMD_INHIBIT);
    sdv_err err;

    if (cmd->dir != SDV_DIR_NONE ||
        (cmd->resp == SDV_RESP_R1B && !is_stop(cmd))) {
        inhibit |= MASK(PRESENT_STATE, DAT_INHIBIT);
    }
    err = sdv_sdhci_poll(sdhci, WORD(PRESENT_STATE), inhibit, 0, IDLE_LIMIT_US);
    return err == SDV_OK ? SDV_OK : SDV_ERR_STATE;
}

static void issue(sdv_sdhci *sdhci, const sdv_cmd *cmd)
{
    sdhci->events = 0;
    if (cmd->stop == SDV_STOP_CMD23) {
        reg_write(sdhci, WORD(ARGUMENT2), cmd->blocks);
    }
    if (cmd->dir != SDV_DIR_NONE) {
        reg_write(sdhci, WORD(BLOCK_SIZE),
                  FIELD(BLOCK_SIZE, SIZE, cmd->block_size) |
                      (uint32_t)cmd->blocks << SHIFT(BLOCK_COUNT));
    }
    reg_write(sdhci, WORD(ARGUMENT), cmd->arg);
    reg_write(sdhci, WORD(COMMAND), command_word(cmd));
}

/* The controller leaves the CRC byte out: bits 127:8 come in 119:0. */
static void read_long_response(const sdv_sdhci *sdhci, uint32_t response[4])
{
    uint32_t below = 0;

    for (unsigned i = 0; i < 4; i++) {
        const uint32_t word = reg_read(sdhci, WORD(RESPONSE0) + 4 * i);

        response[i] = word << 8 | below;
        below = word >> 24;
    }
}

static void read_response(const sdv_sdhci *sdhci, sdv_cmd *cmd)
{
    if (cmd->resp == SDV_RESP_R2) {
        read_long_response(sdhci, cmd->response);
    } else if (cmd->resp != SDV_RESP_NONE) {
        cmd->response[0] = reg_read(sdhci, WORD(RESPONSE0));
    }
}

sdv_err sdv_sdhci_send(sdv_sdhci *sdhci, sdv_cmd *cmd, uint32_t *status)
{
    sdv_err err = wait_idle(sdhci, cmd);

    if (err != SDV_OK) {
        return err;
    }
    sdv_sdhci_set_timeout(sdhci, cmd->data_timeout_ms);
    issue(sdhci, cmd);
    err = sdv_sdhci_wait(sdhci, MASK(NORMAL_STATUS, CMD_COMPLETE),
                         RESPONSE_LIMIT_US);
    if (err != SDV_OK) {
        /* A controller that says nothing at all has stopped. */
        return err == SDV_ERR_DATA_TIMEOUT ? SDV_ERR_STATE : err;
    }
    read_response(sdhci, cmd);
    *status |= sdv_bus_status_of(cmd);
    if (cmd->stop == SDV_STOP_CMD23) {
        cmd->auto_response = reg_read(sdhci, WORD(RESPONSE3));
        *status |= cmd->auto_response;
    }
    return SDV_OK;
}

/* After the response: data, or busy time. */
static sdv_err complete(sdv_sdhci *sdhci, sdv_cmd *cmd, uint32_t status)
{
    sdv_err err = SDV_OK;

    if (is_stop(cmd) && sdhci->all_moved) {
        status &= ~SDV_STATUS_OUT_OF_RANGE;
    }
    if (cmd->dir == SDV_DIR_NONE && cmd->resp == SDV_RESP_R1B) {
        err = sdv_sdhci_wait(sdhci, MASK(NORMAL_STATUS, TRANSFER_COMPLETE),
                             sdhci->wait_us);
    }
    if (err == SDV_OK) {
        err = sdv_bus_judge(cmd, status);
    }
    if (err != SDV_OK || cmd->dir == SDV_DIR_NONE) {
        return err;
    }
    err = sdv_sdhci_move(sdhci, cmd);
    if (err == SDV_OK && cmd->stop == SDV_STOP_CMD12) {
        cmd->auto_response = reg_read(sdhci, WORD(RESPONSE3));
        err = sdv_bus_judge(cmd, cmd->auto_response & ~SDV_STATUS_OUT_OF_RANGE);
    }
    return err;
}

sdv_err sdv_sdhci_transact(sdv_sdhci *sdhci, sdv_cmd *cmd, uint32_t status,
                           bool *answered)
{
    const uint32_t lines =
        MASK(SOFTWARE_RESET, CMD) | MASK(SOFTWARE_RESET, DAT);
    sdv_err err = sdv_sdhci_send(sdhci, cmd, &status);

    *answered = err == SDV_OK;
    if (err == SDV_OK) {
        err = complete(sdhci, cmd, status);
    }
    sdhci->all_moved = err == SDV_OK && cmd->dir != SDV_DIR_NONE;
    if (err < 0 || (err != SDV_OK && cmd->dir != SDV_DIR_NONE)) {
        if (sdv_sdhci_reset(sdhci, lines) != SDV_OK) {
            return SDV_ERR_STATE;
        }
        reg_write(sdhci, WORD(NORMAL_STATUS), sdhci->enable);
    }
    return err;
}
