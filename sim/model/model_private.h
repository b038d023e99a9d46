/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file model_private.h
 * @brief The parts of a slot of the model kernel.
 *
 * Private to sim/model.
 */
#ifndef SDV_MODEL_PRIVATE_H
#define SDV_MODEL_PRIVATE_H

#include <sdvault/mmio.h>

#include "card.h"

/** The bus that answers at once. */
typedef struct sdv_mbus {
    sdv_bus bus; /* first */
    sdv_mcard *card;
    uint64_t apparatus_id;
    const bool *inserted;
    bool power; /* this bus has switched the card on */
    bool clock;
    unsigned lines;
    uint32_t rca;   /* of the last CMD3; 0: none */
    bool all_moved; /* the command before was a complete transfer */
    void (*changed)(void *slot); /* `power` was switched */
    void *slot;
} sdv_mbus;

/** What the data side of the functional host controller does. */
typedef enum { SDV_MDATA_IDLE, SDV_MDATA_READ, SDV_MDATA_WRITE } sdv_mdata;

/** The functional SD host controller: names are those of the registers. */
typedef struct sdv_mhost {
    sdv_mmio mmio;
    sdv_mcard *card;
    uint64_t apparatus_id;
    bool inserted;
    void (*changed)(void *slot); /* POWER_CONTROL was written */
    void *slot;

    uint32_t argument2, argument, response[4];
    uint16_t block_size, block_count, mode, command;
    uint8_t host_control, power_control, timeout_control;
    uint16_t clock_control;
    uint16_t status[2], enable[2], signal[2]; /* normal, error */
    uint16_t auto_status;

    bool waiting; /* a command waits for the SD clock */
    sdv_mdata data;
    uint8_t buffer[SDV_MCARD_BLOCK];
    uint32_t place; /* of BUFFER_DATA in the buffer */
} sdv_mhost;

/** Nanoseconds of one register access. */
#define SDV_MHOST_ACCESS_NS 40u

/* ---- bus.c ---- */

void sdv_mbus_init(sdv_mbus *bus);

/* ---- host.c: registers ---- */

void sdv_mhost_init(sdv_mhost *host);
void sdv_mhost_insert(sdv_mhost *host, bool inserted);
bool sdv_mhost_powers(const sdv_mhost *host);

/** Set status bits that are enabled: of the normal, of the error register. */
void sdv_mhost_raise(sdv_mhost *host, unsigned normal, unsigned error);

/* ---- host_transfer.c: commands and data ---- */

/** COMMAND was written, or the SD clock has come back. */
void sdv_mhost_send(sdv_mhost *host);

/** BUFFER_DATA. */
uint32_t sdv_mhost_buffer_read(sdv_mhost *host);
void sdv_mhost_buffer_write(sdv_mhost *host, uint32_t value);

#endif /* SDV_MODEL_PRIVATE_H */
