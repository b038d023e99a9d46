/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file monitor_private.h
 * @brief Inside of the bus monitor: what it knows of the bus and the card.
 */
#ifndef SDV_MONITOR_PRIVATE_H
#define SDV_MONITOR_PRIVATE_H

#include <stdio.h>

#include <sdvault/bus.h>

#include "monitor.h"

#define SDV_MON_LINE 256         /* bytes of a line of the transcript */
#define SDV_MON_TOKEN_BYTES 1024 /* of the longest token */

/** One row of the command table. */
typedef struct sdv_mon_rule {
    const char *name;
    uint8_t index;
    bool acmd;
    sdv_resp resp;
    sdv_dir dir;
    int8_t next[SDV_STATE_INA];
    uint8_t door; /* SDV_DOOR_* */
} sdv_mon_rule;

/** A frame on CMD. */
typedef struct sdv_mon_frame {
    bool active;
    unsigned bit;    /* bits received */
    unsigned length; /* bits in all; 48 or 136 */
    uint64_t start;  /* clock of the start bit */
    uint8_t bytes[17];
} sdv_mon_frame;

/** The last command: it may still be answered. */
typedef struct sdv_mon_command {
    bool open;
    bool intact; /* end bit and CRC are right */
    bool addressed;
    uint8_t index;
    uint32_t argument;
    const sdv_mon_rule *rule; /* NULL: not in the table */
    uint64_t end;             /* clock of the end bit */
} sdv_mon_command;

/** What happens on DAT. */
typedef enum {
    SDV_MON_IDLE,
    SDV_MON_READ,  /* a block of the card */
    SDV_MON_WRITE, /* a block of the host */
    SDV_MON_GAP,   /* N_CRC */
    SDV_MON_TOKEN, /* CRC status */
    SDV_MON_BUSY
} sdv_mon_dat_state;

typedef struct sdv_mon_dat {
    sdv_mon_dat_state state;
    uint8_t lanes;   /* of the block at hand */
    uint64_t start;  /* clock on which the state began */
    uint32_t length; /* clocks of payload */
    uint64_t crc;    /* four CRC16, nibble by nibble */
    bool bad;        /* the CRC or the end bit is wrong */
    unsigned token;

    bool may_read;    /* the card may send blocks */
    bool may_write;   /* the host may send blocks */
    bool may_busy;    /* the card may hold DAT0 */
    uint64_t busy_by; /* clock by which that has begun; 0: not said yet */
    bool open_ended;  /* no count of blocks */
    uint32_t left;    /* else: blocks to come */
    uint32_t len;     /* bytes of a block */
    bool multi;       /* of a write: the blocks go on after this one */
    uint64_t free_at; /* last clock of what a gap is counted from */
    uint64_t stop_at; /* clock by which the card is silent; 0: none */
    bool dark;        /* no power, or not heard of since */
    bool complained;  /* about a line that is still low */
} sdv_mon_dat;

/** A token or a response on its way over the bus. */
typedef struct sdv_mon_secure {
    bool active;       /* the blocks of the last command belong to one */
    bool token;        /* of the host; else a response */
    bool generic;      /* by CMD56; else by ASSD */
    unsigned blocks;   /* of a token by ASSD */
    unsigned at;       /* the block that comes */
    unsigned position; /* of a response: the block after the last one */
    unsigned filled;   /* bits of the block that came */
    uint8_t bytes[SDV_MON_TOKEN_BYTES];
    bool half; /* the first of two blocks of a token has gone by */
} sdv_mon_secure;

struct sdv_monitor {
    FILE *file;
    sdv_monitor_counts counts;
    char first[SDV_MON_LINE];
    char line[SDV_MON_LINE];     /* of the open command */
    char held[SDV_MON_LINE * 4]; /* lines that wait for it */

    uint64_t clock; /* the pins of the clock before */
    bool cmd;
    uint8_t dat;

    sdv_mon_frame frame;
    sdv_mon_command command;
    uint64_t cmd_free; /* last clock of a frame; 0: none yet */
    sdv_mon_dat data;
    sdv_mon_secure secure;

    bool may_stop; /* CMD12 is answered in tran */
    bool app;      /* the next command is an application command */
    bool high_capacity;
    bool count_set;
    uint32_t count;
    uint32_t block_len;
    unsigned lines;
    uint32_t rca;
};

/* ---- monitor.c ---- */

/** Forget what is known of the card: power-up, and most of it at CMD0. */
void sdv_mon_forget(sdv_monitor *monitor);

/* ---- monitor_cmd.c: the CMD line, bit by bit, and its rules ---- */

void sdv_mon_cmd_step(sdv_monitor *monitor, bool level);

/** Whether the direction bit of a frame says that the card sends it. */
bool sdv_mon_of_card(const sdv_mon_frame *frame);

/* ---- monitor_card.c: what commands and responses mean ---- */

/** The row of the table that a command means. */
const sdv_mon_rule *sdv_mon_rule_of(const sdv_monitor *monitor, uint8_t index);

/** Whether the card is meant, as far as RCAs tell. */
bool sdv_mon_addressed(const sdv_monitor *monitor, const sdv_mon_rule *rule,
                       uint32_t argument);

/** A command of the host with a right CRC. */
void sdv_mon_on_command(sdv_monitor *monitor);

/** The answer to it, with a right CRC. */
void sdv_mon_on_response(sdv_monitor *monitor, uint32_t content);

/** Rules for the content of an R1 or R1b. */
void sdv_mon_check_status(sdv_monitor *monitor, uint32_t status);

/* ---- monitor_dat.c: the DAT lines ---- */

void sdv_mon_dat_step(sdv_monitor *monitor, uint8_t dat);

/** The card has to be silent on DAT from that clock on. */
void sdv_mon_dat_stop(sdv_monitor *monitor, uint64_t clock);

/* ---- monitor_secure.c: tokens and responses ---- */

/** Half tokens and positions are no more. */
void sdv_mon_secure_forget(sdv_monitor *monitor);

/** A command of the doors was answered: its blocks follow. */
void sdv_mon_secure_begin(sdv_monitor *monitor, bool write);

/** One clock of the payload of a block. */
void sdv_mon_secure_bits(sdv_monitor *monitor, unsigned dat);

/** The end of a block. */
void sdv_mon_secure_end(sdv_monitor *monitor, bool good);

/* ---- monitor_text.c: the transcript ---- */

/** A line of its own. */
void sdv_mon_event(sdv_monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A broken rule. */
void sdv_mon_violation(sdv_monitor *monitor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Begin the line of a command; its answer ends it. */
void sdv_mon_command_line(sdv_monitor *monitor);

/** End that line. */
void sdv_mon_no_response(sdv_monitor *monitor);
void sdv_mon_response_line(sdv_monitor *monitor, uint32_t content);

/** The lines that a counts struct makes at the end. */
void sdv_mon_summary(sdv_monitor *monitor);

#endif /* SDV_MONITOR_PRIVATE_H */
