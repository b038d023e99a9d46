/* SPDX-License-Identifier: Apache-2.0 */
/* Commands and data of the functional SD host controller. */
#include <string.h>

#include "model_private.h"

#define MODE(host, field)                                                      \
    (((host)->mode & SDV_SDHCI_TRANSFER_MODE_##field##_MASK) >>                \
     SDV_SDHCI_TRANSFER_MODE_##field##_LSB)
#define COMMAND(host, field)                                                   \
    (((host)->command & SDV_SDHCI_COMMAND_##field##_MASK) >>                   \
     SDV_SDHCI_COMMAND_##field##_LSB)

#define AUTO_CMD12 1u
#define AUTO_CMD23 2u
#define BASE_CLOCK_NS 20u
#define COMMAND_NS 2000u /* what a command and its answer take, roughly */

enum { RESPONSE_NONE, RESPONSE_136, RESPONSE_48, RESPONSE_48_BUSY };

#define RAISE(host, name)                                                      \
    sdv_mhost_raise(host, SDV_SDHCI_NORMAL_STATUS_##name##_MASK, 0)
#define FAIL(host, name)                                                       \
    sdv_mhost_raise(host, 0, SDV_SDHCI_ERROR_STATUS_##name##_MASK)

static unsigned lines(const sdv_mhost *host)
{
    return (host->host_control & SDV_SDHCI_HOST_CONTROL_WIDTH4_MASK) != 0 ? 4
                                                                          : 1;
}

static bool clock_runs(const sdv_mhost *host)
{
    const uint16_t both =
        SDV_SDHCI_CLOCK_CONTROL_INTERNAL_MASK | SDV_SDHCI_CLOCK_CONTROL_SD_MASK;

    return (host->clock_control & both) == both;
}

/* Wait until DAT0 is free; false, and an error, when that takes too long. */
static bool wait_ready(sdv_mhost *host)
{
    const uint64_t limit = (uint64_t)BASE_CLOCK_NS
                           << (13 + host->timeout_control);

    if (!sdv_mcard_busy(host->card)) {
        return true;
    }
    if (host->card->busy_ns > limit) {
        sdv_mcard_pass(host->card, limit);
        FAIL(host, DATA_TIMEOUT);
        return false;
    }
    (void)sdv_mcard_wait(host->card);
    return true;
}

static void command(sdv_mhost *host, uint8_t index, uint32_t argument,
                    sdv_mreply *reply)
{
    sdv_mcard_command(host->card, index, argument, reply);
    sdv_mcard_pass(host->card, COMMAND_NS);
}

/* ---- auto commands ---- */

/* True when the card answered; its R1 stands in RESPONSE3. */
static bool auto_command(sdv_mhost *host, uint8_t index, uint32_t argument)
{
    sdv_mreply reply;

    command(host, index, argument, &reply);
    if (reply.type == SDV_RESP_NONE) {
        host->auto_status = SDV_SDHCI_AUTO_CMD_STATUS_TIMEOUT_MASK;
        FAIL(host, AUTO_CMD);
        return false;
    }
    host->auto_status = 0;
    host->response[3] = reply.content;
    return true;
}

/* ---- data ---- */

/* All blocks have moved. */
static void finish(sdv_mhost *host)
{
    host->data = SDV_MDATA_IDLE;
    if (MODE(host, MULTI) != 0 && MODE(host, AUTO) == AUTO_CMD12 &&
        !auto_command(host, SDV_CMD_STOP_TRANSMISSION, 0)) {
        return;
    }
    if (wait_ready(host)) {
        RAISE(host, TRANSFER_COMPLETE);
    }
}

/* Count a block; true when it was the last. */
static bool last_block(sdv_mhost *host)
{
    if (MODE(host, MULTI) == 0) {
        return true;
    }
    if (MODE(host, COUNT_ENABLE) == 0) {
        return false;
    }
    host->block_count--;
    return host->block_count == 0;
}

/* Get the next block of a read into the buffer. */
static void fill(sdv_mhost *host)
{
    const uint32_t len = sdv_mcard_sending(host->card);

    host->place = 0;
    if (len == 0) {
        host->data = SDV_MDATA_IDLE;
        FAIL(host, DATA_TIMEOUT);
        return;
    }
    sdv_mcard_read(host->card, host->buffer);
    if (len != host->block_size || lines(host) != host->card->lines) {
        host->data = SDV_MDATA_IDLE;
        FAIL(host, DATA_CRC);
        return;
    }
    RAISE(host, READ_READY);
}

/* Send the full buffer of a write to the card. */
static void drain(sdv_mhost *host)
{
    const bool fits =
        host->block_size == SDV_MCARD_BLOCK && lines(host) == host->card->lines;
    const sdv_mwrite result = sdv_mcard_write(host->card, host->buffer, fits);

    host->place = 0;
    if (result != SDV_MWRITE_TAKEN) {
        host->data = SDV_MDATA_IDLE;
        if (result == SDV_MWRITE_CRC) {
            FAIL(host, DATA_CRC);
        } else {
            FAIL(host, DATA_TIMEOUT);
        }
    } else if (last_block(host)) {
        finish(host);
    } else if (wait_ready(host)) {
        RAISE(host, WRITE_READY);
    } else {
        host->data = SDV_MDATA_IDLE;
    }
}

/* see model_private.h */
uint32_t sdv_mhost_buffer_read(sdv_mhost *host)
{
    uint32_t value = 0;

    if (host->data != SDV_MDATA_READ) {
        return 0;
    }
    for (unsigned i = 0; i < 4 && host->place < host->block_size; i++) {
        value |= (uint32_t)host->buffer[host->place++] << (8 * i);
    }
    if (host->place >= host->block_size) {
        if (last_block(host)) {
            finish(host);
        } else {
            fill(host);
        }
    }
    return value;
}

/* see model_private.h */
void sdv_mhost_buffer_write(sdv_mhost *host, uint32_t value)
{
    if (host->data != SDV_MDATA_WRITE) {
        return;
    }
    for (unsigned i = 0; i < 4 && host->place < host->block_size; i++) {
        host->buffer[host->place++] = (uint8_t)(value >> (8 * i));
    }
    if (host->place >= host->block_size) {
        drain(host);
    }
}

static void start_data(sdv_mhost *host)
{
    if (host->block_size == 0 || host->block_size > SDV_MCARD_BLOCK) {
        return;
    }
    memset(host->buffer, 0, sizeof(host->buffer));
    host->place = 0;
    if (MODE(host, READ) != 0) {
        host->data = SDV_MDATA_READ;
        fill(host);
    } else {
        host->data = SDV_MDATA_WRITE;
        RAISE(host, WRITE_READY);
    }
}

/* ---- commands ---- */

/* R2 stands in the response registers without its CRC: bits 127:8. */
static void keep_register(sdv_mhost *host, const uint8_t reg[16])
{
    for (unsigned i = 0; i < 15; i++) {
        const unsigned lsb = (14 - i) * 8;

        host->response[lsb / 32] &= ~(0xFFu << (lsb % 32));
        host->response[lsb / 32] |= (uint32_t)reg[i] << (lsb % 32);
    }
}

/* Bits of ERROR_STATUS that an answer earns. */
static unsigned frame_errors(const sdv_mhost *host, const sdv_mreply *reply)
{
    const unsigned want = COMMAND(host, RESPONSE);
    const bool is_long = reply->type == SDV_RESP_R2;
    unsigned errors = 0;

    if (want == RESPONSE_NONE) {
        return 0;
    }
    if (reply->type == SDV_RESP_NONE) {
        return SDV_SDHCI_ERROR_STATUS_CMD_TIMEOUT_MASK;
    }
    if (COMMAND(host, CHECK_CRC) != 0 &&
        (reply->type == SDV_RESP_R3 || is_long != (want == RESPONSE_136))) {
        errors |= SDV_SDHCI_ERROR_STATUS_CMD_CRC_MASK;
    }
    if (COMMAND(host, CHECK_INDEX) != 0 &&
        reply->index != COMMAND(host, INDEX)) {
        errors |= SDV_SDHCI_ERROR_STATUS_CMD_INDEX_MASK;
    }
    return errors;
}

/* The command of the COMMAND register; true when its answer is good. */
static bool send_main(sdv_mhost *host)
{
    sdv_mreply reply;
    unsigned errors;

    command(host, (uint8_t)COMMAND(host, INDEX), host->argument, &reply);
    errors = frame_errors(host, &reply);
    if (errors != 0) {
        sdv_mhost_raise(host, 0, errors);
        return false;
    }
    if (reply.type == SDV_RESP_R2) {
        keep_register(host, reply.reg);
    } else if (COMMAND(host, RESPONSE) != RESPONSE_NONE) {
        host->response[0] = reply.content;
    }
    RAISE(host, CMD_COMPLETE);
    return true;
}

/* see model_private.h */
void sdv_mhost_send(sdv_mhost *host)
{
    const bool data = COMMAND(host, DATA) != 0;

    host->waiting = !clock_runs(host);
    if (host->waiting) {
        return;
    }
    if (data && MODE(host, AUTO) == AUTO_CMD23 &&
        !auto_command(host, SDV_CMD_SET_BLOCK_COUNT, host->argument2)) {
        return;
    }
    if (!send_main(host)) {
        return;
    }
    if (data) {
        start_data(host);
    } else if (COMMAND(host, RESPONSE) == RESPONSE_48_BUSY &&
               wait_ready(host)) {
        RAISE(host, TRANSFER_COMPLETE);
    }
}
