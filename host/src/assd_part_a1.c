/* SPDX-License-Identifier: Apache-2.0 */
/* ASSD: CMD34 to CMD37, which function group 2 of CMD6 switches on.  The bus
 * never adds CMD12 or CMD23 to them. */
#include <string.h>

#include "assd_internal.h"
#include "big_endian.h"

#define GROUP 2u
#define CLASS_SWITCH 10u
#define ASSD_VERSION 2u
#define UNIT_MS 250u /* of the times in PR */
#define SYSTEM_SHIFT 8u
#define DEFECT 0x80u
#define CONTROL_ARG                                                            \
    (SDV_ASSD_SYSTEM_ASSD << SYSTEM_SHIFT | SDV_ASSD_CONTROL_RESET)

/* Bytes of PR; docs/spec/assd_properties.csv. */
enum {
    PR_READ = 0,
    PR_COMMAND = 1,
    PR_VERSION = 2,
    PR_WRITE = 7,
    PR_SYSTEMS = 12,
    PR_VENDOR = 14,
    PR_CONTROL = 15
};

static sdv_err run(sdv_assd *assd, sdv_cmd *cmd, uint32_t timeout_ms)
{
    cmd->data_timeout_ms = timeout_ms;
    return sdv_card_run(assd->card, cmd, 1);
}

/* ---- registers ---- */

/* A register of CMD36, read again when the wires damage it. */
static sdv_err read_psi(sdv_assd *assd, uint32_t id, uint32_t timeout_ms,
                        uint8_t reg[SDV_ASSD_PSI_BYTES])
{
    uint8_t block[SDV_BLOCK_LEN];
    bool again = true;
    sdv_err err = SDV_OK;

    memset(reg, 0, SDV_ASSD_PSI_BYTES);
    for (int i = 0; i < SDV_ASSD_TRIES && again; i++) {
        sdv_cmd cmd =
            sdv_assd_transfer(SDV_CMD_SEND_PSI, id, SDV_DIR_READ, block, 1);

        err = run(assd, &cmd, timeout_ms);
        again = sdv_assd_may_repeat(assd, err);
    }
    if (err == SDV_OK) {
        memcpy(reg, block, SDV_ASSD_PSI_BYTES);
    }
    return err;
}

static uint32_t time_ms(uint8_t units)
{
    return (units != 0 ? units : 1u) * UNIT_MS;
}

static sdv_err read_properties(sdv_assd *assd)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    const sdv_err err = read_psi(assd, SDV_ASSD_PSI_PR, UNIT_MS, reg);

    if (err != SDV_OK) {
        return err;
    }
    assd->properties = (sdv_assd_properties){
        .read_ms = time_ms(reg[PR_READ]),
        .command_ms = time_ms(reg[PR_COMMAND]),
        .write_ms = time_ms(reg[PR_WRITE]),
        .control_ms = time_ms(reg[PR_CONTROL]),
        .version = reg[PR_VERSION],
        .systems = (uint16_t)be_get(reg + PR_SYSTEMS, 2),
        .vendor = reg[PR_VENDOR],
    };
    return assd->properties.version == ASSD_VERSION &&
                   (assd->properties.systems >> SDV_ASSD_SYSTEM_ASSD & 1u)
               ? SDV_OK
               : SDV_ERR_PROTOCOL;
}

sdv_err sdv_assd_read_status(sdv_assd *assd, sdv_assd_status *status)
{
    uint8_t reg[SDV_ASSD_PSI_BYTES];
    sdv_err err = SDV_ERR_UNSUPPORTED;

    memset(status, 0, sizeof(*status));
    if (assd->door == SDV_VIA_ASSD) {
        err = read_psi(assd, SDV_ASSD_PSI_SR, assd->properties.read_ms, reg);
    }
    if (err != SDV_OK) {
        return err;
    }
    status->state = reg[SDV_ASSD_SR_STATE];
    status->error = reg[SDV_ASSD_SR_ERROR];
    status->defect = reg[SDV_ASSD_SR_SYSTEM] & DEFECT;
    status->system = reg[SDV_ASSD_SR_ACTIVE];
    status->blocks = (uint16_t)be_get(reg + SDV_ASSD_SR_BLOCKS, 2);
    return SDV_OK;
}

sdv_err sdv_assd_read_random(sdv_assd *assd, uint8_t bytes[SDV_ASSD_PSI_BYTES])
{
    if (assd->door != SDV_VIA_ASSD) {
        memset(bytes, 0, SDV_ASSD_PSI_BYTES);
        return SDV_ERR_UNSUPPORTED;
    }
    return read_psi(assd, SDV_ASSD_PSI_RNR, assd->properties.command_ms, bytes);
}

/* ---- on, off, reset ---- */

/* SDV_ERR_NO_SECURE: the card or the bus has no such commands. */
static sdv_err as_door(sdv_err err)
{
    return err == SDV_ERR_NO_RESPONSE || err == SDV_ERR_UNSUPPORTED ||
                   err == SDV_ERR_PROTOCOL
               ? SDV_ERR_NO_SECURE
               : err;
}

/* The card is asked first: a switch to what it does not have leaves all
 * groups as they are, and says so. */
static sdv_err switch_on(sdv_assd *assd)
{
    static const uint8_t functions[] = {SDV_ASSD_FUNCTION_ASSD,
                                        SDV_ASSD_FUNCTION_ECOM};
    bool selected = false;
    sdv_err err = SDV_OK;

    for (size_t i = 0; i < sizeof(functions) && err == SDV_OK && !selected;
         i++) {
        assd->function = functions[i];
        err =
            sdv_card_switch(assd->card, GROUP, functions[i], false, &selected);
    }
    if (err == SDV_OK && selected) {
        err =
            sdv_card_switch(assd->card, GROUP, assd->function, true, &selected);
    }
    return err == SDV_OK && !selected ? SDV_ERR_NO_SECURE : err;
}

static sdv_err send_reset(sdv_assd *assd)
{
    sdv_cmd cmd = {.opcode = SDV_CMD_CONTROL_ASSD_SYSTEM,
                   .arg = CONTROL_ARG,
                   .resp = SDV_RESP_R1B};

    return run(assd, &cmd,
               assd->properties.control_ms + assd->properties.command_ms);
}

/* Who does not answer may have lost its function: CMD0 takes it. */
static sdv_err reset(sdv_assd *assd)
{
    sdv_err err = send_reset(assd);

    if (sdv_assd_may_repeat(assd, err)) {
        err = switch_on(assd);
        if (err == SDV_OK) {
            err = send_reset(assd);
        }
    }
    return as_door(err);
}

static sdv_err open(sdv_assd *assd)
{
    sdv_assd_status status = {0};
    sdv_err err = SDV_ERR_NO_SECURE;

    if (assd->card->csd.ccc >> CLASS_SWITCH & 1u) {
        err = switch_on(assd);
    }
    if (err == SDV_OK) {
        err = read_properties(assd);
    }
    if (err == SDV_OK) {
        err = sdv_assd_read_status(assd, &status);
    }
    if (err == SDV_OK && status.state != SDV_ASSD_STATE_IDLE) {
        err = send_reset(assd);
    }
    return as_door(err);
}

void sdv_assd_close(sdv_assd *assd)
{
    bool selected;

    if (assd->door == SDV_VIA_ASSD && !assd->card->caps.owns_card &&
        sdv_card_switch(assd->card, GROUP, 0, true, &selected) == SDV_OK) {
        assd->function = 0;
    }
}

/* ---- one exchange ---- */

/* After a failed CMD35 the status says whether the token has arrived: it was
 * idle before. */
static sdv_err arrived(sdv_assd *assd, sdv_err failure, bool *again)
{
    sdv_assd_status status;
    const sdv_err err = sdv_assd_read_status(assd, &status);

    *again = err == SDV_OK && (status.state == SDV_ASSD_STATE_IDLE ||
                               status.state == SDV_ASSD_STATE_ABORTED);
    return err == SDV_OK && !*again ? SDV_OK : failure;
}

static sdv_err send_token(sdv_assd *assd, uint16_t blocks)
{
    sdv_err err = SDV_OK;
    bool again = true;

    for (int i = 0; i < SDV_ASSD_TRIES && again; i++) {
        sdv_cmd cmd = sdv_assd_transfer(SDV_CMD_WRITE_SEC_CMD, blocks,
                                        SDV_DIR_WRITE, assd->token, blocks);

        err = run(assd, &cmd, assd->properties.write_ms);
        again = sdv_assd_may_repeat(assd, err);
        if (again) {
            err = arrived(assd, err, &again);
        }
    }
    return err;
}

static sdv_err wait_answer(sdv_assd *assd, uint16_t *blocks)
{
    struct sdv_assd_wait wait = {.limit_us =
                                     assd->properties.command_ms * 1000u};
    sdv_assd_status status;
    sdv_err err = sdv_assd_read_status(assd, &status);

    while (err == SDV_OK && status.state == SDV_ASSD_STATE_BUSY) {
        err = sdv_assd_pause(assd, &wait);
        if (err == SDV_OK) {
            err = sdv_assd_read_status(assd, &status);
        }
    }
    *blocks = status.blocks;
    if (err == SDV_OK && (status.state != SDV_ASSD_STATE_COMPLETE ||
                          status.blocks == 0 || status.blocks > 2)) {
        err = SDV_ERR_PROTOCOL;
    }
    return err;
}

/* The answer stays: whatever was lost of it is read again with the rest. */
static sdv_err read_answer(sdv_assd *assd, uint16_t blocks)
{
    bool again = true;
    sdv_err err = SDV_OK;

    for (int i = 0; i < SDV_ASSD_TRIES && again; i++) {
        sdv_cmd cmd = sdv_assd_transfer(SDV_CMD_READ_SEC_CMD, blocks,
                                        SDV_DIR_READ, assd->token, blocks);

        err = run(assd, &cmd, assd->properties.read_ms);
        again = sdv_assd_may_repeat(assd, err);
    }
    if (err == SDV_OK && !sdv_assd_is_answer(assd->token, blocks)) {
        err = SDV_ERR_PROTOCOL;
    }
    return err;
}

static sdv_err exchange(sdv_assd *assd, uint16_t blocks)
{
    uint16_t waiting = 0;
    sdv_err err = send_token(assd, blocks);

    if (err == SDV_OK) {
        err = wait_answer(assd, &waiting);
    }
    return err == SDV_OK ? read_answer(assd, waiting) : err;
}

const struct sdv_assd_door sdv_assd_part_a1 = {
    .open = open, .reset = reset, .exchange = exchange};
