/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file card.h
 * @brief The functional card: commands in, responses and blocks out.
 *
 * Private to sim/model.  There are no wires here: a command is its index and
 * argument, a block is its bytes.  Written from docs/protocol.md.
 */
#ifndef SDV_MODEL_CARD_H
#define SDV_MODEL_CARD_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/bus.h>
#include <sdvault/image.h>
#include <sdvault/sim.h>

#define SDV_MCARD_BLOCK SDV_TIMING_BLOCK_LEN

typedef struct sdv_mcard sdv_mcard;

/** What the card puts on CMD. */
typedef struct sdv_mreply {
    sdv_resp type;    /* SDV_RESP_NONE: silence */
    uint8_t index;    /* of the frame; 63 in R2 and R3 */
    uint32_t content; /* of a 48-bit frame */
    uint8_t reg[16];  /* R2: the register, bits 127:120 first */
} sdv_mreply;

/** What the card says about a written block. */
typedef enum {
    SDV_MWRITE_IGNORED, /* nothing: it does not listen */
    SDV_MWRITE_TAKEN,   /* CRC status 010 */
    SDV_MWRITE_CRC      /* CRC status 101 */
} sdv_mwrite;

/**
 * Run a valid command.
 *
 * @param next   the state that the table names
 * @param reply  type and index are set; what is not plain R1 or R6 is filled
 * @return the state after the command
 */
typedef int sdv_mrun(sdv_mcard *card, int next, uint32_t argument,
                     sdv_mreply *reply);

/** One row of the command table. */
typedef struct sdv_mrule {
    uint8_t index;
    bool acmd;
    sdv_resp resp;
    int8_t next[SDV_STATE_INA]; /* by state; SDV_STATE_NONE: illegal there */
    uint8_t door;               /* what has to be open for it: SDV_DOOR_* */
    sdv_mrun *run;
} sdv_mrule;

/** How far an erase sequence has come. */
typedef enum {
    SDV_MERASE_NONE,
    SDV_MERASE_START, /* CMD32 was accepted */
    SDV_MERASE_RANGE  /* CMD33 too */
} sdv_merase;

/** A transfer in data or rcv. */
typedef struct sdv_mtransfer {
    bool user;    /* user area; else a register */
    bool multi;   /* CMD18 or CMD25 */
    bool counted; /* `left` is the number of blocks to come */
    uint32_t left;
    uint64_t address; /* bytes, of the next block */
    uint32_t len;     /* bytes of a block */
    bool stalled;     /* nothing more is sent or taken until CMD12 */
    bool full;        /* `data` holds the next block to send */
    int function;     /* group 1 function to switch to after the data; -1 */
    uint8_t data[SDV_MCARD_BLOCK];
} sdv_mtransfer;

/** The card. */
struct sdv_mcard {
    sdv_image *image; /* NULL: no card */
    bool powered;
    int state;
    uint32_t status; /* error and status bits that wait for their response */
    uint16_t rca;
    uint16_t last_rca;
    bool app;       /* CMD55 came before */
    bool cmd8;      /* a CMD8 was answered */
    unsigned polls; /* ACMD41 that were answered not ready */
    uint32_t block_len;
    bool count_set; /* a CMD23 is pending */
    uint32_t count;
    sdv_merase erase;
    uint64_t erase_first; /* bytes */
    uint64_t erase_last;
    bool erasing;   /* CMD38 was accepted: its answer goes out first */
    unsigned lines; /* 1 or 4 */
    int function;   /* of group 1 */
    uint32_t written;
    sdv_mtransfer transfer;
    uint64_t busy_ns; /* left of what is programmed or erased */
    sdv_latency latency;
    unsigned fail[3]; /* by SDV_NVM_OP_*: how many operations will fail */
};

/* ---- card.c: what a bus does with the card ---- */

/** The supply: on is a power-up, off forgets all but the image. */
void sdv_mcard_power(sdv_mcard *card, bool on);

/** One command with a right CRC. */
void sdv_mcard_command(sdv_mcard *card, uint8_t index, uint32_t argument,
                       sdv_mreply *reply);

/** Let time pass: programming goes on. */
void sdv_mcard_pass(sdv_mcard *card, uint64_t ns);

/** Whether the card holds DAT0. */
bool sdv_mcard_busy(const sdv_mcard *card);

/** Wait until it does not; the time it took. */
uint64_t sdv_mcard_wait(sdv_mcard *card);

/* ---- card_run.c: what each command does ---- */

/** The row of the command table; NULL: no such command. */
const sdv_mrule *sdv_mcard_rule(uint8_t index, bool acmd);

/** What CMD0 and power-up have in common; programming goes on. */
void sdv_mcard_reset(sdv_mcard *card);

/* ---- card_data.c: blocks ---- */

/** A command for the user area: its direction and number of blocks. */
typedef struct sdv_mstart {
    bool write;
    bool multi;
} sdv_mstart;

/** Bytes of the block the card sends next; 0 when it sends none. */
uint32_t sdv_mcard_sending(const sdv_mcard *card);

/** Take that block. */
void sdv_mcard_read(sdv_mcard *card, uint8_t *data);

/**
 * Give the card a block.
 * @param intact  it arrived with a right CRC and in one piece
 */
sdv_mwrite sdv_mcard_write(sdv_mcard *card, const uint8_t data[SDV_MCARD_BLOCK],
                           bool intact);

/** CMD17, CMD18, CMD24, CMD25 in tran; true when the transfer begins. */
bool sdv_mcard_start_user(sdv_mcard *card, sdv_mstart start, uint32_t argument);

/** Fetch the block that is sent next, if one is wanted. */
void sdv_mcard_fetch(sdv_mcard *card);

/** A register of `len` bytes is sent as one block. */
void sdv_mcard_start_register(sdv_mcard *card, uint32_t len);

/** CMD6. */
void sdv_mcard_start_switch(sdv_mcard *card, uint32_t argument);

/** The transfer ends now, complete or not. */
void sdv_mcard_stop(sdv_mcard *card);

/* ---- card_erase.c ---- */

/** CMD32 and CMD33. */
void sdv_mcard_erase_address(sdv_mcard *card, bool end, uint32_t argument);

/** CMD38; true when blocks are being erased. */
bool sdv_mcard_erase(sdv_mcard *card);

/* ---- card_regs.c: registers from the OTP words ---- */

bool sdv_mcard_manufactured(const sdv_mcard *card);
bool sdv_mcard_high_capacity(const sdv_mcard *card);
uint64_t sdv_mcard_bytes(const sdv_mcard *card);
void sdv_mcard_cid(const sdv_mcard *card, uint8_t reg[16]);
void sdv_mcard_csd(const sdv_mcard *card, uint8_t reg[16]);
uint32_t sdv_mcard_ocr(const sdv_mcard *card, bool ready);
void sdv_mcard_scr(const sdv_mcard *card, uint8_t reg[8]);
void sdv_mcard_ssr(const sdv_mcard *card, uint8_t reg[64]);

/* ---- card_storage.c: the only way to the image ---- */

/** Read one sector; false: it failed. */
bool sdv_mcard_load(sdv_mcard *card, uint64_t address,
                    uint8_t data[SDV_MCARD_BLOCK]);

/** Program one sector; false: it failed. */
bool sdv_mcard_program(sdv_mcard *card, uint64_t address,
                       const uint8_t data[SDV_MCARD_BLOCK]);

/** Erase from the sector of `first` to that of `last`; false: it failed. */
bool sdv_mcard_wipe(sdv_mcard *card, uint64_t first, uint64_t last);

/** One word of the OTP. */
uint32_t sdv_mcard_otp(const sdv_mcard *card, unsigned word);

#endif /* SDV_MODEL_CARD_H */
