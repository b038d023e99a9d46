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

#include "vault.h"

#define SDV_MCARD_BLOCK SDV_TIMING_BLOCK_LEN

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

/** What a transfer moves. */
typedef enum {
    SDV_MSOURCE_USER,     /* blocks of the user area */
    SDV_MSOURCE_REGISTER, /* one block that is there already */
    SDV_MSOURCE_SECURE    /* blocks of a token or of a response */
} sdv_msource;

/** A transfer in data or rcv. */
typedef struct sdv_mtransfer {
    sdv_msource source;
    bool multi;   /* more than one block may come */
    bool counted; /* `left` is the number of blocks to come */
    uint32_t left;
    uint64_t address;      /* bytes, of the next block */
    uint32_t len;          /* bytes of a block */
    bool stalled;          /* nothing more is sent or taken until CMD12 */
    bool full;             /* `data` holds the next block to send */
    bool switches;         /* CMD6: after the data these are the functions */
    unsigned functions[2]; /* of groups 1 and 2 */
    uint8_t data[SDV_MCARD_BLOCK];
} sdv_mtransfer;

/** The doors of the secure commands: docs/protocol_secure.md. */
typedef struct sdv_mdoors {
    uint8_t state;    /* SDV_ASSD_STATE_* */
    bool dropped;     /* nobody wants the response of the command that runs */
    uint64_t left_ns; /* of that command */
    uint8_t door;     /* SDV_DOOR_*: where token or response came in */
    uint8_t half;     /* the door that has block 1 of a token of two */
    bool crossed;     /* the token interrupted one of the other door */
    unsigned blocks;  /* of the token; of CMD56 only when `half` is set */
    unsigned stored;  /* that have come */
    sdv_mtoken token; /* the one that comes in */
    sdv_mtoken response;
    bool responded;    /* there is one */
    unsigned position; /* next block of it to be read */
    unsigned reading;  /* block that the transfer at hand is at */
    bool foreign;      /* that transfer is by the other door */
    bool stop_legal;   /* CMD12 is answered in tran */
} sdv_mdoors;

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
    bool erasing;          /* CMD38 was accepted: its answer goes out first */
    unsigned lines;        /* 1 or 4 */
    unsigned functions[2]; /* of groups 1 and 2 */
    uint32_t written;
    sdv_mtransfer transfer;
    uint64_t busy_ns; /* left of what is programmed or erased */
    sdv_latency latency;
    unsigned fail[3]; /* by SDV_NVM_OP_*: how many operations will fail */
    uint32_t cid[4];  /* OTP words as they were at power-up */
    sdv_mdoors doors;
    sdv_mvault vault;
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

/** What each does: a row of the table without one does not link. */
#define SDV_MCARD_RUN(name, ...) sdv_mrun sdv_mcard_run_##name;
SDV_COMMAND_TABLE(SDV_MCARD_RUN)
#undef SDV_MCARD_RUN

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

/** Blocks of the doors: `left` of them, or as many as there are. */
sdv_mtransfer *sdv_mcard_start_secure(sdv_mcard *card, uint32_t left);

/** CMD6. */
void sdv_mcard_start_switch(sdv_mcard *card, uint32_t argument);

/** The transfer ends now, complete or not. */
void sdv_mcard_stop(sdv_mcard *card);

/* ---- card_assd.c: the doors ---- */

/** Whether a command is in the table now, as far as its door says. */
bool sdv_mcard_door_is_open(const sdv_mcard *card, const sdv_mrule *rule);

/** Power-up and CMD0. */
void sdv_mcard_close_doors(sdv_mcard *card);

/** The block that a secure read sends next. */
void sdv_mcard_fetch_secure(sdv_mcard *card);

/** A block of a secure read was sent. */
void sdv_mcard_sent_secure(sdv_mcard *card);

/** A block of a token came; false: it was damaged. */
sdv_mwrite sdv_mcard_take_secure(sdv_mcard *card, const uint8_t *data,
                                 bool intact);

/** A transfer of the doors ends before its end. */
void sdv_mcard_cut_secure(sdv_mcard *card);

/** Time passes for the command in progress. */
void sdv_mcard_pass_secure(sdv_mcard *card, uint64_t ns);

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

/** One word of the EEPROM. */
uint32_t sdv_mcard_eeprom(const sdv_mcard *card, unsigned word);

/* The secure side: the time goes to the command that runs. */

/** Program bits of a word of the OTP; false: it failed. */
bool sdv_mcard_burn(sdv_mcard *card, unsigned word, uint32_t value);

/** Program one copy of a line in one operation; false: it failed. */
bool sdv_mcard_program_line(sdv_mcard *card, unsigned first_word,
                            const uint32_t word[SDV_VAULT_LINE_WORDS]);

/** Read a sector of the secure flash; false: it failed. */
bool sdv_mcard_load_body(sdv_mcard *card, unsigned sector,
                         uint8_t data[SDV_MCARD_BLOCK]);

/** Program one; false: it failed. */
bool sdv_mcard_program_body(sdv_mcard *card, unsigned sector,
                            const uint8_t data[SDV_MCARD_BLOCK]);

#endif /* SDV_MODEL_CARD_H */
