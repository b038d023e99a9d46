/* SPDX-License-Identifier: Apache-2.0 */
/* The face of every bus: checks arguments, calls the implementation and says
 * in one line what went wrong. */
#include <string.h>

#include "bus_detail.h"
#include "bus_internal.h"

/* Bits of R6 that stand elsewhere in an R1: {bit of R6, bit of R1}. */
static const uint8_t r6_bits[][2] = {{15, 23}, {14, 22}, {13, 19}};
#define R6_PLAIN 0x1FFFu /* bits 12:0 stand where R1 has them */

#define OF_THE_COMMAND_BEFORE                                                  \
    (SDV_STATUS_COM_CRC_ERROR | SDV_STATUS_ILLEGAL_COMMAND)

#define MAX_SEQUENCE 255

uint32_t sdv_bus_status_of(const sdv_cmd *cmd)
{
    const uint32_t content = cmd->response[0];
    uint32_t status = content & R6_PLAIN;

    if (cmd->resp == SDV_RESP_R1 || cmd->resp == SDV_RESP_R1B) {
        return content;
    }
    if (cmd->resp != SDV_RESP_R6) {
        return 0;
    }
    for (size_t i = 0; i < sizeof(r6_bits) / sizeof(r6_bits[0]); i++) {
        status |= (content >> r6_bits[i][0] & 1u) << r6_bits[i][1];
    }
    return status;
}

sdv_err sdv_bus_judge(const sdv_cmd *cmd, uint32_t status)
{
    if (cmd->opcode != SDV_CMD_SEND_STATUS || cmd->is_acmd) {
        status &= ~OF_THE_COMMAND_BEFORE;
    }
    return sdv_err_from_status(status);
}

static bool makes_sense(const sdv_cmd *cmd)
{
    if (cmd->opcode > 63 || (unsigned)cmd->resp > SDV_RESP_R7) {
        return false;
    }
    if (cmd->dir == SDV_DIR_NONE) {
        return cmd->stop == SDV_STOP_NONE;
    }
    return cmd->data != NULL && cmd->blocks != 0 && cmd->block_size != 0 &&
           cmd->block_size <= SDV_TIMING_BLOCK_LEN &&
           cmd->resp != SDV_RESP_NONE;
}

static sdv_err prepare(sdv_cmd *seq, size_t count)
{
    if (seq == NULL || count == 0 || count > MAX_SEQUENCE) {
        return SDV_ERR_ARG;
    }
    for (size_t i = 0; i < count; i++) {
        if (!makes_sense(&seq[i])) {
            return SDV_ERR_ARG;
        }
        memset(seq[i].response, 0, sizeof(seq[i].response));
        seq[i].auto_response = 0;
        seq[i].err = SDV_ERR_STATE;
    }
    return SDV_OK;
}

sdv_err sdv_bus_run(sdv_bus *bus, sdv_cmd *seq, size_t count)
{
    sdv_err err = prepare(seq, count);
    size_t i = 0;

    bus->detail[0] = '\0';
    if (err != SDV_OK) {
        return err;
    }
    err = bus->ops->run(bus, seq, count);
    if (err == SDV_OK) {
        return SDV_OK;
    }
    while (i < count - 1 && seq[i].err == SDV_OK) {
        i++;
    }
    sdv_bus_describe(bus, &seq[i], err);
    return err;
}

sdv_err sdv_bus_get_caps(sdv_bus *bus, sdv_bus_caps *caps)
{
    memset(caps, 0, sizeof(*caps));
    return bus->ops->caps(bus, caps);
}

sdv_err sdv_bus_set_power(sdv_bus *bus, bool on)
{
    return bus->ops->set_power(bus, on);
}

sdv_err sdv_bus_set_clock(sdv_bus *bus, uint32_t max_hz, bool high_speed)
{
    return bus->ops->set_clock(bus, max_hz, high_speed);
}

sdv_err sdv_bus_set_width(sdv_bus *bus, unsigned lines)
{
    if (lines != 1 && lines != 4) {
        return SDV_ERR_ARG;
    }
    return bus->ops->set_width(bus, lines);
}

sdv_err sdv_bus_apparatus_id(sdv_bus *bus, uint64_t *id)
{
    *id = 0;
    return bus->ops->apparatus_id(bus, id);
}

void sdv_bus_delay_us(sdv_bus *bus, uint32_t us)
{
    bus->ops->delay_us(bus, us);
}
