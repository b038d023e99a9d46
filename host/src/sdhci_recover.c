/* SPDX-License-Identifier: Apache-2.0 */
/* After a failed transfer the card may still send or expect data.  The rules
 * here are those of sdv_bus_run(), which all buses share. */
#include "bus_internal.h"
#include "sdhci_internal.h"

#define MAX_TRIES 4

static sdv_err query(sdv_sdhci *sdhci, uint32_t *status)
{
    sdv_cmd cmd = {.opcode = SDV_CMD_SEND_STATUS,
                   .arg = (uint32_t)sdhci->rca << 16,
                   .resp = SDV_RESP_R1};
    bool answered;
    const sdv_err err = sdv_sdhci_transact(sdhci, &cmd, 0, &answered);

    *status = cmd.response[0];
    return answered ? SDV_OK : err;
}

/* Silence means that the card has ended the transfer by itself. */
static uint32_t stop(sdv_sdhci *sdhci)
{
    sdv_cmd cmd = {.opcode = SDV_CMD_STOP_TRANSMISSION, .resp = SDV_RESP_R1B};
    bool answered;
    const sdv_err err = sdv_sdhci_transact(sdhci, &cmd, 0, &answered);

    return answered && err >= 0 ? cmd.response[0] : 0;
}

/* Ask and stop until the card neither sends nor expects data.  The statuses
 * on the way are collected in *seen. */
static sdv_err stop_transfer(sdv_sdhci *sdhci, uint32_t *seen)
{
    for (int tries = 0;; tries++) {
        uint32_t status;
        const sdv_err err = query(sdhci, &status);
        const uint32_t state = sdv_status_state(status);

        if (err != SDV_OK) {
            return err;
        }
        *seen |= status;
        if ((state != SDV_STATE_DATA && state != SDV_STATE_RCV) ||
            tries == MAX_TRIES) {
            return SDV_OK;
        }
        *seen |= stop(sdhci);
    }
}

sdv_err sdv_sdhci_clean_up(sdv_sdhci *sdhci, sdv_err err)
{
    /* Any command but CMD13, so that only the card's own reasons count. */
    static const sdv_cmd transfer = {.opcode = SDV_CMD_READ_SINGLE_BLOCK};
    uint32_t seen = 0;
    sdv_err reason;

    if (sdhci->rca == 0) {
        return err;
    }
    reason = stop_transfer(sdhci, &seen);
    if (reason == SDV_OK) {
        reason = sdv_bus_judge(&transfer, seen);
    }
    if (reason == SDV_ERR_STATE || reason == SDV_ERR_NO_CARD) {
        return reason;
    }
    return err == SDV_ERR_DATA_TIMEOUT && reason > 0 ? reason : err;
}
