/* SPDX-License-Identifier: Apache-2.0 */
/* A sequence of commands, and what the driver adds to it by itself. */
#include "bus_internal.h"
#include "sdhci_internal.h"

static bool can_run(const sdv_sdhci *sdhci, sdv_err *err)
{
    *err = SDV_OK;
    if (!(reg_read(sdhci, WORD(PRESENT_STATE)) &
          MASK(PRESENT_STATE, INSERTED))) {
        *err = SDV_ERR_NO_CARD;
    } else if (!(sdhci->host_control & MASK(POWER_CONTROL, ON))) {
        *err = SDV_ERR_NO_POWER;
    } else if (!(sdhci->clock_control & MASK(CLOCK_CONTROL, SD))) {
        *err = SDV_ERR_STATE;
    }
    return *err == SDV_OK;
}

/* CMD55 before an application command; its status counts for that. */
static sdv_err announce(sdv_sdhci *sdhci, sdv_cmd *cmd, uint32_t *status)
{
    sdv_cmd app = {.opcode = SDV_CMD_APP_CMD,
                   .arg = (uint32_t)cmd->rca << 16,
                   .resp = SDV_RESP_R1};
    bool answered;
    const sdv_err err = sdv_sdhci_transact(sdhci, &app, 0, &answered);

    cmd->auto_response = app.response[0];
    *status = app.response[0];
    if (err < 0) {
        return err;
    }
    return *status & SDV_STATUS_APP_CMD ? SDV_OK : SDV_ERR_PROTOCOL;
}

/* Follow what a command has done to the card's address. */
static void follow(sdv_sdhci *sdhci, const sdv_cmd *cmd, bool answered)
{
    if (cmd->is_acmd || !answered) {
        return;
    }
    if (cmd->opcode == SDV_CMD_GO_IDLE_STATE) {
        sdhci->rca = 0;
    } else if (cmd->opcode == SDV_CMD_SEND_RELATIVE_ADDR) {
        sdhci->rca = (uint16_t)(cmd->response[0] >> 16);
    }
}

static bool leaves_a_mess(const sdv_cmd *cmd, sdv_err err, bool answered)
{
    if (err == SDV_OK || err == SDV_ERR_NO_CARD || err == SDV_ERR_STATE ||
        (err == SDV_ERR_NO_RESPONSE && !answered)) {
        return false;
    }
    return cmd->dir != SDV_DIR_NONE ||
           (cmd->opcode == SDV_CMD_STOP_TRANSMISSION && !cmd->is_acmd);
}

static sdv_err run_one(sdv_sdhci *sdhci, sdv_cmd *cmd)
{
    uint32_t status = 0;
    bool answered = false;
    sdv_err err = SDV_OK;

    if (cmd->is_acmd) {
        err = announce(sdhci, cmd, &status);
    }
    if (err != SDV_OK) {
        return err;
    }
    err = sdv_sdhci_transact(sdhci, cmd, status, &answered);
    follow(sdhci, cmd, answered);
    if (leaves_a_mess(cmd, err, answered)) {
        err = sdv_sdhci_clean_up(sdhci, err);
    }
    return err;
}

sdv_err sdv_sdhci_run(sdv_bus *bus, sdv_cmd *seq, size_t count)
{
    sdv_sdhci *sdhci = (sdv_sdhci *)bus;
    sdv_err err;

    if (!can_run(sdhci, &err)) {
        seq[0].err = err;
        return err;
    }
    for (size_t i = 0; i < count && err == SDV_OK; i++) {
        err = run_one(sdhci, &seq[i]);
        seq[i].err = err;
    }
    return err;
}
