/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/card.h
 * @brief An SD memory card: identification, registers, blocks, erase.
 *
 * The object is the caller's; nothing is allocated.  One thread at a time.
 */
#ifndef SDV_CARD_H
#define SDV_CARD_H

#include <sdvault/bus.h>

#ifdef __cplusplus
extern "C" {
#endif

/** CID register, parsed. */
typedef struct sdv_cid {
    uint8_t mid;
    char oid[3]; /* two characters and a zero */
    char pnm[6]; /* five characters and a zero */
    uint8_t prv; /* BCD n.m */
    uint32_t psn;
    uint16_t year;
    uint8_t month;
} sdv_cid;

/** CSD register, parsed (versions 1 and 2). */
typedef struct sdv_csd {
    uint8_t version; /* 1 or 2 */
    uint16_t ccc;    /* command classes, one bit each */
    uint32_t max_hz; /* TRAN_SPEED */
    uint32_t blocks; /* of 512 bytes */
} sdv_csd;

/** SCR register, parsed. */
typedef struct sdv_scr {
    uint8_t sd_spec; /* 0 = 1.0x, 1 = 1.10, 2 = 2.00, 3 = 3.0x */
    bool width4;
    bool cmd23;
} sdv_scr;

/** A card session.  Fields are for reading. */
typedef struct sdv_card {
    sdv_bus *bus;
    sdv_bus_caps caps;
    uint32_t ocr;
    uint16_t rca;
    bool high_capacity;  /* addresses are block numbers */
    bool high_speed;     /* function 1 of group 1 of CMD6 is on */
    unsigned lines;      /* 1 or 4 */
    uint32_t max_hz;     /* limit of SDCLK now; 0 when the bus has the clock */
    uint32_t status;     /* card status of the last R1 */
    uint32_t raw_cid[4]; /* [3] is bits 127:96 */
    uint32_t raw_csd[4];
    uint8_t raw_scr[8];
    uint8_t raw_ssr[64];
    sdv_cid cid;
    sdv_csd csd;
    sdv_scr scr;
} sdv_card;

/** How far sdv_card_open() goes; zero it for the defaults. */
typedef struct sdv_card_options {
    unsigned lines;     /* 1 or 4; 0: 4 when card and bus can */
    bool default_speed; /* stay at 25 MHz */
    uint32_t max_hz;    /* upper limit of SDCLK; 0: what the card allows */
} sdv_card_options;

/**
 * Bring a card from power-on to the transfer state, or take over one that
 * the bus has identified, and read all its registers.
 *
 * @param card     object to fill
 * @param bus      the bus; must outlive the card
 * @param options  NULL for 4 bit and high speed where both sides can
 *
 * @retval SDV_OK               the card is selected, in tran
 * @retval SDV_ERR_ARG          options->lines is not 0, 1 or 4
 * @retval SDV_ERR_UNSUPPORTED  card or bus has no four lines
 * @retval SDV_ERR_NO_CARD      the slot is empty
 * @retval SDV_ERR_NO_RESPONSE  no SD memory card answers
 * @retval SDV_ERR_DATA_TIMEOUT the card did not power up within a second
 * @retval SDV_ERR_PROTOCOL     a register makes no sense
 * @retval other                as sdv_bus_run()
 *
 * Source: docs/protocol.md, "Identification".
 */
SDV_MUST_CHECK sdv_err sdv_card_open(sdv_card *card, sdv_bus *bus,
                                     const sdv_card_options *options);

/**
 * Leave the card: deselected and switched off if the bus owns it, else in
 * tran as it was found.
 */
void sdv_card_close(sdv_card *card);

/** Blocks of 512 bytes in the user area. */
uint32_t sdv_card_blocks(const sdv_card *card);

/**
 * Read the card status with CMD13.
 *
 * @param[out] status  32 bits of card status
 * @retval SDV_OK      status is the answer, error bits and all
 * @retval other       as sdv_bus_run(), never SDV_CARD_*
 */
SDV_MUST_CHECK sdv_err sdv_card_status(sdv_card *card, uint32_t *status);

/**
 * Read blocks.
 *
 * @param lba     first block
 * @param blocks  how many, at least 1
 * @param[out] data  uint8_t[512 * blocks]; undefined on error
 *
 * @retval SDV_OK         data holds the blocks
 * @retval SDV_ERR_RANGE  past the end; nothing was sent
 * @retval other          as sdv_bus_run(); the card is back in tran
 */
SDV_MUST_CHECK sdv_err sdv_card_read(sdv_card *card, uint32_t lba,
                                     uint32_t blocks, uint8_t *data);

/**
 * Write blocks; returns when the card has programmed the last one.
 *
 * @param lba     first block
 * @param blocks  how many, at least 1
 * @param data    uint8_t[512 * blocks]
 *
 * @retval SDV_OK         every block is in the card
 * @retval SDV_ERR_RANGE  past the end; nothing was sent
 * @retval other          as sdv_bus_run(); the blocks before the failure may
 *                        be written, the card is back in tran
 */
SDV_MUST_CHECK sdv_err sdv_card_write(sdv_card *card, uint32_t lba,
                                      uint32_t blocks, const uint8_t *data);

/**
 * Erase blocks; they read as zeros afterwards.
 *
 * @retval SDV_OK         done
 * @retval SDV_ERR_RANGE  past the end; nothing was sent
 * @retval other          as sdv_bus_run()
 */
SDV_MUST_CHECK sdv_err sdv_card_erase(sdv_card *card, uint32_t lba,
                                      uint32_t blocks);

/** Blocks that the last write command wrote without error (ACMD22). */
SDV_MUST_CHECK sdv_err sdv_card_written(sdv_card *card, uint32_t *blocks);

/* Parsers of raw registers; words as in sdv_cmd.response. */

/** Parse a CID.  @retval SDV_OK always */
SDV_MUST_CHECK sdv_err sdv_cid_parse(const uint32_t raw[4], sdv_cid *cid);
/** Parse a CSD.  @retval SDV_ERR_PROTOCOL unknown version, size or clock */
SDV_MUST_CHECK sdv_err sdv_csd_parse(const uint32_t raw[4], sdv_csd *csd);
/** Parse an SCR.  @retval SDV_ERR_PROTOCOL unknown structure version */
SDV_MUST_CHECK sdv_err sdv_scr_parse(const uint8_t raw[8], sdv_scr *scr);

#ifdef __cplusplus
}
#endif

#endif /* SDV_CARD_H */
