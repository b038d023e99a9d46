/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/bus.h
 * @brief A sequence of SD commands that nothing interrupts.
 *
 * sdv_bus is the seam of the host stack: the SDHCI driver, the Linux kernel's
 * ioctl and wrappers that trace or disturb implement it, the card layer uses
 * it.  A sequence is one MMC_IOC_MULTI_CMD on Linux.
 */
#ifndef SDV_BUS_H
#define SDV_BUS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <sdvault/error.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Response types of the SD memory card protocol. */
typedef enum {
    SDV_RESP_NONE,
    SDV_RESP_R1,
    SDV_RESP_R1B, /* R1, then busy on DAT0 */
    SDV_RESP_R2,  /* 136 bits: CID or CSD */
    SDV_RESP_R3,  /* OCR, no CRC */
    SDV_RESP_R6,  /* RCA */
    SDV_RESP_R7   /* interface condition */
} sdv_resp;

/** Which way the data of a command goes. */
typedef enum { SDV_DIR_NONE, SDV_DIR_READ, SDV_DIR_WRITE } sdv_dir;

/** How a multiple-block transfer is ended by the bus, not by the sequence. */
typedef enum {
    SDV_STOP_NONE,  /* the card ends it, or the sequence has its own CMD12 */
    SDV_STOP_CMD12, /* CMD12 after the last block */
    SDV_STOP_CMD23  /* CMD23 with the block count before the command */
} sdv_stop;

/**
 * One SD command.  Set what is wanted, zero the rest; the bus fills
 * response[], auto_response and err.
 */
typedef struct sdv_cmd {
    uint8_t opcode;      /* 0..63 */
    bool is_acmd;        /* the bus sends CMD55 with `rca` before it */
    uint16_t rca;        /* for that CMD55 */
    uint32_t arg;        /* argument of the command */
    sdv_resp resp;       /* expected response */
    sdv_dir dir;         /* direction of the data */
    sdv_stop stop;       /* who ends a multiple-block transfer */
    uint16_t block_size; /* bytes, 1..512 */
    uint16_t blocks;     /* 1..65535 when dir is not NONE */
    uint8_t *data;       /* uint8_t[blocks * block_size] of the caller */
    /* Card time for one block or the busy time; 0: 1000. */
    uint32_t data_timeout_ms;

    /* Out: [0] is bits 31:0 of a 48-bit response's content; R2: [3] is bits
     * 127:96, [0] bits 31:0 with bits 7:0 zero (the controller checks the
     * CRC). */
    uint32_t response[4];
    /* Out: R1 of the CMD12 or CMD23 of `stop`, or of the CMD55. */
    uint32_t auto_response;
    sdv_err err; /* out: what became of this command */
} sdv_cmd;

/** What a bus can do. */
typedef struct sdv_bus_caps {
    bool owns_card;      /* power, clock and width are ours, and the card must
                            be identified; else it is found ready */
    bool high_speed;     /* CMD6 to high speed is worth while */
    bool width4;         /* four data lines */
    bool cmd23;          /* SDV_STOP_CMD23 works */
    uint32_t base_hz;    /* clock that SDCLK is divided from */
    uint16_t rca;        /* of the ready card, when owns_card is false */
    uint32_t max_blocks; /* of one command */
} sdv_bus_caps;

typedef struct sdv_bus sdv_bus;

/** What an implementation of the bus provides; `bus` is its own object. */
struct sdv_bus_ops {
    sdv_err (*run)(sdv_bus *bus, sdv_cmd *seq, size_t count);
    sdv_err (*caps)(sdv_bus *bus, sdv_bus_caps *caps);
    sdv_err (*set_power)(sdv_bus *bus, bool on);
    sdv_err (*set_clock)(sdv_bus *bus, uint32_t max_hz, bool high_speed);
    sdv_err (*set_width)(sdv_bus *bus, unsigned lines);
    sdv_err (*apparatus_id)(sdv_bus *bus, uint64_t *id);
    void (*delay_us)(sdv_bus *bus, uint32_t us);
};

/** First member of every implementation. */
struct sdv_bus {
    const struct sdv_bus_ops *ops;
    char detail[96]; /* one line about the last error */
};

/**
 * Run a sequence of commands without anything between them.
 *
 * Stops at the first command that fails; that command's `err` says why and
 * the ones after it have not been sent (their `err` is SDV_ERR_STATE).  Error
 * bits of an R1 or R6 are results too: SDV_CARD_*.  A command whose card is
 * busy afterwards (R1b, write data) ends when the card has released DAT0.
 *
 * COM_CRC_ERROR and ILLEGAL_COMMAND in a status speak of the command before;
 * they are an error of CMD13 only, which asks for them.
 *
 * What a bus sends by itself is the same for all buses, so that two equal
 * cards on two buses stay equal:
 *
 * - CMD55 with `rca` before an application command.  SDV_ERR_PROTOCOL, and the
 *   command is not sent, when APP_CMD is missing in its R1.
 * - CMD23 before, or CMD12 after, a transfer, as `stop` says.
 * - The R1 of such a CMD55 or CMD23 is looked at together with that of the
 *   command: an error bit in any of them is the result, and no block moves.
 * - OUT_OF_RANGE in the R1 of a CMD12 that follows a transfer is no error when
 *   all blocks of it have moved: the card only says that it has no further one.
 * - After a command with data, or a CMD12, that failed in any way but silence
 *   before its data: CMD13 with the last RCA that CMD3 published, and, while
 *   that finds the card in data or rcv, CMD12 and CMD13 again, at most 4
 *   times.  Nothing is sent when there is no RCA.  SDV_ERR_DATA_TIMEOUT turns
 *   into the card's own reason when a status found in this way names one;
 *   otherwise these statuses are dropped.
 *
 * @param bus    the bus
 * @param seq    sdv_cmd[count]; responses are written into it
 * @param count  number of commands, 1..255
 *
 * @retval SDV_OK                 every command was answered without error
 * @retval SDV_ERR_ARG            a command makes no sense; nothing was sent
 * @retval SDV_ERR_NO_CARD        no card, or it was pulled out just now
 * @retval SDV_ERR_NO_POWER       the card is switched off; nothing was sent
 * @retval SDV_ERR_STATE          SDCLK is stopped, or the slot has stopped
 * @retval SDV_ERR_NO_RESPONSE    silence for 64 clocks; the card is as it was
 * @retval SDV_ERR_CMD_CRC, SDV_ERR_CMD_END_BIT, SDV_ERR_CMD_INDEX
 *                                the response is damaged; the card may have
 *                                acted
 * @retval SDV_ERR_DATA_TIMEOUT, SDV_ERR_DATA_CRC, SDV_ERR_DATA_END_BIT
 *                                the transfer was cut short, or DAT0 stayed
 *                                busy; the card is back in tran if it answers
 * @retval SDV_CARD_*             the card refused; see its status
 */
SDV_MUST_CHECK sdv_err sdv_bus_run(sdv_bus *bus, sdv_cmd *seq, size_t count);

/** Say what the bus can do.  @retval SDV_OK always for the buses here. */
SDV_MUST_CHECK sdv_err sdv_bus_get_caps(sdv_bus *bus, sdv_bus_caps *caps);

/**
 * Switch the card's power.
 *
 * On: SDCLK runs at the identification rate (at most 400 kHz), one line wide,
 * and has given more than 74 clocks.  A card that is on already is not
 * switched.  Off: SDCLK is stopped and the supply has had time to fall.
 *
 * @retval SDV_OK               the card is off, or on and in idle
 * @retval SDV_ERR_UNSUPPORTED  the bus does not own the card
 * @retval SDV_ERR_NO_CARD      no card in the slot; nothing was done
 */
SDV_MUST_CHECK sdv_err sdv_bus_set_power(sdv_bus *bus, bool on);

/**
 * Set SDCLK to the fastest rate that is not above `max_hz`; 0 stops it.
 *
 * @param high_speed  timing of the pins: launch at the rising edge
 *
 * @retval SDV_OK               done; the card saw no glitch
 * @retval SDV_ERR_UNSUPPORTED  the bus does not own the card
 */
SDV_MUST_CHECK sdv_err sdv_bus_set_clock(sdv_bus *bus, uint32_t max_hz,
                                         bool high_speed);

/**
 * Set the width of the host's side; the card is told with ACMD6 before.
 *
 * @param lines  1 or 4
 *
 * @retval SDV_OK               done
 * @retval SDV_ERR_ARG          other widths
 * @retval SDV_ERR_UNSUPPORTED  the bus does not own the card
 */
SDV_MUST_CHECK sdv_err sdv_bus_set_width(sdv_bus *bus, unsigned lines);

/**
 * The id of the apparatus that drives the card.
 *
 * @param[out] id  the id; 0 when the slot was given none
 * @retval SDV_OK  always for the SDHCI bus, which reads its own registers
 */
SDV_MUST_CHECK sdv_err sdv_bus_apparatus_id(sdv_bus *bus, uint64_t *id);

/** Let `us` microseconds of bus time pass. */
void sdv_bus_delay_us(sdv_bus *bus, uint32_t us);

#ifdef __cplusplus
}
#endif

#endif /* SDV_BUS_H */
