/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of a card, from bits to fields. */
#include <string.h>

#include "card_internal.h"

#define BITS(raw, reg, field)                                                  \
    sdv_card_bits(raw, SDV_##reg##_##field##_LSB, SDV_##reg##_##field##_BITS)
#define SCR_BITS(raw, field)                                                   \
    sdv_card_byte_bits(raw, 8, SDV_SCR_##field##_LSB, SDV_SCR_##field##_BITS)

#define BLOCK_LEN_LOG 9u /* 2^9 = 512 */
#define MAX_BL_LEN 11u   /* 2,048 bytes */
#define WIDTH4_BIT 4u    /* of SD_BUS_WIDTHS */
#define CMD23_BIT 2u     /* of CMD_SUPPORT */

uint32_t sdv_card_bits(const uint32_t raw[4], unsigned lsb, unsigned bits)
{
    const unsigned word = lsb / 32;
    uint64_t pair = raw[word];

    if (word < 3) {
        pair |= (uint64_t)raw[word + 1] << 32;
    }
    return (uint32_t)(pair >> lsb % 32 & ((UINT64_C(1) << bits) - 1));
}

uint32_t sdv_card_byte_bits(const uint8_t *raw, size_t size, unsigned lsb,
                            unsigned bits)
{
    uint32_t value = 0;

    for (unsigned bit = lsb + bits; bit-- > lsb;) {
        value = value << 1 | (raw[size - 1 - bit / 8] >> bit % 8 & 1u);
    }
    return value;
}

sdv_err sdv_cid_parse(const uint32_t raw[4], sdv_cid *cid)
{
    const uint32_t oid = BITS(raw, CID, OID);
    const uint32_t date = BITS(raw, CID, MDT);

    memset(cid, 0, sizeof(*cid));
    cid->mid = (uint8_t)BITS(raw, CID, MID);
    cid->oid[0] = (char)(oid >> 8);
    cid->oid[1] = (char)(oid & 0xFF);
    for (unsigned i = 0; i < 5; i++) {
        cid->pnm[i] =
            (char)sdv_card_bits(raw, SDV_CID_PNM_LSB + 8 * (4 - i), 8);
    }
    cid->prv = (uint8_t)BITS(raw, CID, PRV);
    cid->psn = BITS(raw, CID, PSN);
    cid->year = (uint16_t)(2000 + (date >> 4));
    cid->month = (uint8_t)(date & 15u);
    return SDV_OK;
}

/* TRAN_SPEED: bits 2:0 a power of ten, bits 6:3 a factor, in tenths here. */
static uint32_t speed_hz(uint32_t tran_speed)
{
    static const uint8_t tenths[] = {0,  10, 12, 13, 15, 20, 25, 30,
                                     35, 40, 45, 50, 55, 60, 70, 80};
    static const uint32_t units[] = {10000, 100000, 1000000, 10000000};

    if ((tran_speed & 7u) > 3) {
        return 0;
    }
    return tenths[tran_speed >> 3 & 15u] * units[tran_speed & 7u];
}

static uint32_t blocks_v1(const uint32_t raw[4])
{
    const uint32_t length = BITS(raw, CSD, READ_BL_LEN);
    const uint32_t size = BITS(raw, CSD, C_SIZE) + 1;

    if (length < BLOCK_LEN_LOG || length > MAX_BL_LEN) {
        return 0;
    }
    return size << (BITS(raw, CSD, C_SIZE_MULT) + 2)
                << (length - BLOCK_LEN_LOG);
}

/* Block numbers have 32 bits, so the largest size loses its last block. */
static uint32_t blocks_v2(const uint32_t raw[4])
{
    const uint64_t blocks = ((uint64_t)BITS(raw, CSD, C_SIZE_V2) + 1) * 1024;

    return blocks > UINT32_MAX ? UINT32_MAX : (uint32_t)blocks;
}

sdv_err sdv_csd_parse(const uint32_t raw[4], sdv_csd *csd)
{
    const uint32_t structure = BITS(raw, CSD, CSD_STRUCTURE);

    memset(csd, 0, sizeof(*csd));
    if (structure > 1) {
        return SDV_ERR_PROTOCOL;
    }
    csd->version = (uint8_t)(structure + 1);
    csd->ccc = (uint16_t)BITS(raw, CSD, CCC);
    csd->max_hz = speed_hz(BITS(raw, CSD, TRAN_SPEED));
    csd->blocks = structure == 0 ? blocks_v1(raw) : blocks_v2(raw);
    if (csd->max_hz == 0 || csd->blocks == 0) {
        return SDV_ERR_PROTOCOL;
    }
    return SDV_OK;
}

sdv_err sdv_scr_parse(const uint8_t raw[8], sdv_scr *scr)
{
    memset(scr, 0, sizeof(*scr));
    if (SCR_BITS(raw, SCR_STRUCTURE) != 0) {
        return SDV_ERR_PROTOCOL;
    }
    scr->sd_spec = (uint8_t)SCR_BITS(raw, SD_SPEC);
    if (scr->sd_spec == 2 && SCR_BITS(raw, SD_SPEC3)) {
        scr->sd_spec = 3;
    }
    scr->width4 = SCR_BITS(raw, SD_BUS_WIDTHS) & WIDTH4_BIT;
    scr->cmd23 = SCR_BITS(raw, CMD_SUPPORT) & CMD23_BIT;
    return SDV_OK;
}
