/* SPDX-License-Identifier: Apache-2.0 */
#include "mock_vault.h"

#include <string.h>

#include <sdvault/assd.h>

#define BLOCK 512u
#define LENGTH(block) ((unsigned)(block)[0] << 8 | (block)[1])

/* ---- running ---- */

static size_t answer_done(void *ctx, const uint8_t *apdu, size_t size,
                          uint8_t *answer)
{
    (void)ctx;
    (void)apdu;
    (void)size;
    answer[0] = 0x90;
    answer[1] = 0x00;
    return 2;
}

static void run_token(mock_vault *vault, bool cmd56)
{
    const unsigned length = LENGTH(vault->token);
    size_t size;

    memset(vault->response, 0, sizeof(vault->response));
    size = 2 + vault->answer(vault->ctx, vault->token + 2, length - 2,
                             vault->response + 2);
    vault->response[0] = (uint8_t)(size >> 8);
    vault->response[1] = (uint8_t)size;
    vault->blocks = size > BLOCK ? 2 : 1;
    if (vault->false_length) {
        vault->response[0] = 4;
        vault->response[1] = 1;
    }
    vault->position = 0;
    vault->cmd56 = cmd56;
    vault->runs++;
    vault->busy = vault->busy_polls;
    vault->state = SDV_ASSD_STATE_BUSY;
}

static unsigned state_now(mock_vault *vault)
{
    if (vault->state == SDV_ASSD_STATE_BUSY) {
        if (vault->busy == 0) {
            vault->state = SDV_ASSD_STATE_COMPLETE;
        } else {
            vault->busy--;
        }
    }
    return vault->state;
}

static void send_blocks(mock_vault *vault, uint8_t *data, unsigned count)
{
    memset(data, 0, (size_t)count * BLOCK);
    for (unsigned i = 0; i < count && vault->position < vault->blocks; i++) {
        memcpy(data + i * BLOCK, vault->response + vault->position * BLOCK,
               BLOCK);
        vault->position++;
    }
    if (vault->position >= vault->blocks) {
        vault->position = 0;
        vault->state = SDV_ASSD_STATE_IDLE;
    }
}

/* ---- commands ---- */

static sdv_err switch_function(mock_vault *vault, const sdv_cmd *cmd)
{
    const unsigned wanted = cmd->arg >> 4 & 15u;
    const bool has = wanted < 15 && (vault->functions >> wanted & 1u);

    memset(cmd->data, 0, cmd->block_size);
    cmd->data[10] = (uint8_t)(vault->functions >> 8);
    cmd->data[11] = (uint8_t)vault->functions;
    cmd->data[13] = 3;
    cmd->data[16] = (uint8_t)((has ? wanted : 15u) << 4 | 1u);
    if (has && cmd->arg >> 31) {
        vault->function = wanted;
    }
    return SDV_OK;
}

static sdv_err send_psi(mock_vault *vault, sdv_cmd *cmd)
{
    uint8_t *reg = cmd->data;

    memset(reg, 0, cmd->block_size);
    if (cmd->arg == SDV_ASSD_PSI_PR) {
        memcpy(reg, vault->pr, sizeof(vault->pr));
    } else if (cmd->arg == SDV_ASSD_PSI_RNR) {
        memset(reg, 0xA5, SDV_ASSD_PSI_BYTES);
    } else {
        reg[SDV_ASSD_SR_STATE] = (uint8_t)state_now(vault);
        reg[SDV_ASSD_SR_ACTIVE] = SDV_ASSD_SYSTEM_ASSD;
        reg[SDV_ASSD_SR_BLOCKS + 1] = (uint8_t)(vault->blocks);
        if (vault->false_blocks != 0) {
            reg[SDV_ASSD_SR_BLOCKS] = (uint8_t)(vault->false_blocks >> 8);
            reg[SDV_ASSD_SR_BLOCKS + 1] = (uint8_t)vault->false_blocks;
        }
    }
    return SDV_OK;
}

static sdv_err part_a1(mock_vault *vault, sdv_cmd *cmd)
{
    if (vault->function == 0) {
        return SDV_ERR_NO_RESPONSE;
    }
    switch (cmd->opcode) {
    case SDV_CMD_WRITE_SEC_CMD:
        if (state_now(vault) == SDV_ASSD_STATE_BUSY) {
            return SDV_CARD_ERROR;
        }
        memcpy(vault->token, cmd->data, (size_t)cmd->blocks * BLOCK);
        run_token(vault, false);
        return SDV_OK;
    case SDV_CMD_READ_SEC_CMD:
        send_blocks(vault, cmd->data, cmd->blocks);
        return SDV_OK;
    case SDV_CMD_SEND_PSI:
        return send_psi(vault, cmd);
    default:
        vault->reset_with = cmd->arg;
        vault->state = SDV_ASSD_STATE_IDLE;
        return SDV_OK;
    }
}

static void write_half(mock_vault *vault, const sdv_cmd *cmd)
{
    memcpy(vault->token + vault->halves * BLOCK, cmd->data, BLOCK);
    vault->halves++;
    if (vault->halves == 2 || LENGTH(vault->token) <= BLOCK) {
        vault->halves = 0;
        run_token(vault, true);
    }
}

static sdv_err gen_cmd(mock_vault *vault, sdv_cmd *cmd)
{
    if (vault->no_cmd56) {
        return SDV_ERR_NO_RESPONSE;
    }
    if (cmd->dir == SDV_DIR_WRITE) {
        write_half(vault, cmd);
    } else if (state_now(vault) == SDV_ASSD_STATE_BUSY || vault->blocks == 0) {
        memset(cmd->data, 0, BLOCK);
        cmd->data[1] = 2;
    } else {
        send_blocks(vault, cmd->data, 1);
    }
    return SDV_OK;
}

static sdv_err act(mock_vault *vault, sdv_cmd *cmd)
{
    if (cmd->opcode == SDV_CMD_SWITCH_FUNC) {
        return switch_function(vault, cmd);
    }
    return cmd->opcode == SDV_CMD_GEN_CMD ? gen_cmd(vault, cmd)
                                          : part_a1(vault, cmd);
}

static const mock_fault *fault_of(const mock_vault *vault, uint8_t opcode,
                                  unsigned nth)
{
    for (size_t i = 0; i < MOCK_FAULTS; i++) {
        const mock_fault *fault = &vault->faults[i];

        if (fault->opcode == opcode && nth >= fault->nth &&
            nth - fault->nth < (fault->times != 0 ? fault->times : 1)) {
            return fault;
        }
    }
    return NULL;
}

/* CMD6 of other groups than 2 is the mock's own. */
static bool is_ours(const sdv_cmd *cmd)
{
    return !cmd->is_acmd &&
           ((cmd->opcode >= SDV_CMD_READ_SEC_CMD &&
             cmd->opcode <= SDV_CMD_CONTROL_ASSD_SYSTEM) ||
            cmd->opcode == SDV_CMD_GEN_CMD ||
            (cmd->opcode == SDV_CMD_SWITCH_FUNC && (cmd->arg & 15u) == 15u));
}

static bool other(void *ctx, sdv_cmd *cmd, sdv_err *err)
{
    mock_vault *vault = (mock_vault *)ctx;
    const mock_fault *fault;

    if (!is_ours(cmd)) {
        return false;
    }
    fault = fault_of(vault, cmd->opcode, vault->seen[cmd->opcode]++);
    *err = SDV_OK;
    if (fault == NULL || fault->acted) {
        *err = act(vault, cmd);
    }
    if (fault != NULL) {
        *err = fault->err;
        if (cmd->dir == SDV_DIR_READ) {
            memset(cmd->data, 0xEE, (size_t)cmd->blocks * cmd->block_size);
        }
    }
    return true;
}

void mock_vault_init(mock_vault *vault)
{
    static const uint8_t pr[] = SDV_ASSD_PR;

    memset(vault, 0, sizeof(*vault));
    mock_bus_init(&vault->mock);
    vault->mock.other = other;
    vault->mock.ctx = vault;
    vault->answer = answer_done;
    vault->functions = 0x8013;
    memcpy(vault->pr, pr, sizeof(pr));
}

void mock_vault_fail(mock_vault *vault, mock_fault fault)
{
    size_t i = 0;

    while (i < MOCK_FAULTS - 1 && vault->faults[i].opcode != 0) {
        i++;
    }
    fault.nth += vault->seen[fault.opcode]; /* from now on */
    vault->faults[i] = fault;
}
