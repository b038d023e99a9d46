/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Registers of the functional card, from the field table of the
 * specification and the OTP words of the image.
 */
#include <string.h>

#include "card.h"

#define REG_BITS_CID 128
#define REG_BITS_CSD 128
#define REG_BITS_OCR 32
#define REG_BITS_SCR 64
#define REG_BITS_SSR 512

#define SET(reg, register, field, value)                                       \
    set_bits(reg, REG_BITS_##register, SDV_##register##_##field##_LSB,         \
             SDV_##register##_##field##_BITS, value)

typedef enum { REG_CID, REG_CSD, REG_OCR, REG_SCR, REG_SSR } reg_id;

typedef struct reg_field {
    reg_id reg;
    unsigned lsb;
    unsigned bits;
    uint32_t value[2]; /* SDSC, SDHC */
} reg_field;

#define FIELD(register, field, lsb, bits, v1, v2)                              \
    {REG_##register, lsb, bits, {v1, v2}},

static const reg_field fields[] = {SDV_CARD_FIELD_TABLE(FIELD)};

/* Registers are bytes, the most significant first. */
static void set_bits(uint8_t *reg, unsigned total, unsigned lsb, unsigned bits,
                     uint64_t value)
{
    for (unsigned i = 0; i < bits; i++) {
        const unsigned place = total - 1 - (lsb + i);
        const uint8_t mask = (uint8_t)(0x80u >> (place % 8));

        if ((value >> i & 1) != 0) {
            reg[place / 8] |= mask;
        } else {
            reg[place / 8] = (uint8_t)(reg[place / 8] & ~mask);
        }
    }
}

/* All fields whose value is always the same. */
static void set_fixed(const sdv_mcard *card, reg_id id, uint8_t *reg,
                      unsigned total)
{
    const unsigned column = sdv_mcard_high_capacity(card) ? 1 : 0;

    memset(reg, 0, total / 8);
    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        if (fields[i].reg == id && fields[i].value[column] != 0) {
            set_bits(reg, total, fields[i].lsb, fields[i].bits,
                     fields[i].value[column]);
        }
    }
}

/* Seven CRC bits and the end bit of a 16-byte register. */
static void set_crc(uint8_t reg[16])
{
    unsigned crc = 0;

    for (unsigned i = 0; i < 120; i++) {
        const unsigned in = (unsigned)(reg[i / 8] >> (7 - i % 8)) & 1u;
        const unsigned out = (crc >> 6 ^ in) & 1u;

        crc = (crc << 1 ^ (out != 0 ? 0x09u : 0u)) & 0x7Fu;
    }
    reg[15] = (uint8_t)(crc << 1 | 1u);
}

/* see card.h */
bool sdv_mcard_manufactured(const sdv_mcard *card)
{
    return sdv_mcard_otp(card, SDV_NVM_OTP_CONFIG) >> 16 ==
           SDV_NVM_OTP_CONFIG_MAGIC;
}

/* see card.h */
bool sdv_mcard_high_capacity(const sdv_mcard *card)
{
    return (sdv_mcard_otp(card, SDV_NVM_OTP_CONFIG) & 1u) != 0;
}

/* see card.h */
uint64_t sdv_mcard_bytes(const sdv_mcard *card)
{
    return (uint64_t)sdv_mcard_otp(card, SDV_NVM_OTP_BLOCKS) * SDV_MCARD_BLOCK;
}

/* A card that was never personalized tells the serial number of its die. */
static void blank_cid(const sdv_mcard *card, uint8_t reg[16])
{
    memset(reg, 0, 16);
    SET(reg, CID, MID, SDV_NVM_BLANK_MID);
    SET(reg, CID, OID, SDV_NVM_BLANK_OID);
    SET(reg, CID, PNM,
        (uint64_t)SDV_NVM_BLANK_PNM_HI << 32 | SDV_NVM_BLANK_PNM_LO);
    SET(reg, CID, PRV, SDV_NVM_BLANK_PRV);
    SET(reg, CID, PSN, sdv_mcard_otp(card, SDV_NVM_OTP_SERIAL));
    SET(reg, CID, MDT, SDV_NVM_BLANK_MDT);
}

/* see card.h */
void sdv_mcard_cid(const sdv_mcard *card, uint8_t reg[16])
{
    uint32_t any = 0;

    for (unsigned i = 0; i < 4; i++) {
        any |= card->cid[i];
        set_bits(reg, REG_BITS_CID, 96 - 32 * i, 32, card->cid[i]);
    }
    if (any == 0) {
        blank_cid(card, reg);
    }
    set_crc(reg);
}

/* SDSC: the smallest multiplier for which the size fits. */
static void set_size_v1(uint8_t reg[16], uint64_t blocks)
{
    unsigned mult = 0;

    while (mult < 7 && blocks >> (mult + 2) > 4096) {
        mult++;
    }
    SET(reg, CSD, C_SIZE, (blocks >> (mult + 2)) - 1);
    SET(reg, CSD, C_SIZE_MULT, mult);
}

/* see card.h */
void sdv_mcard_csd(const sdv_mcard *card, uint8_t reg[16])
{
    const uint64_t blocks = sdv_mcard_bytes(card) / SDV_MCARD_BLOCK;

    set_fixed(card, REG_CSD, reg, REG_BITS_CSD);
    if (sdv_mcard_high_capacity(card)) {
        SET(reg, CSD, C_SIZE_V2, blocks / 1024 - 1);
    } else {
        set_size_v1(reg, blocks);
    }
    if (card->functions[0] == 1) {
        SET(reg, CSD, TRAN_SPEED, 0x5A);
    }
    set_crc(reg);
}

/* see card.h */
uint32_t sdv_mcard_ocr(const sdv_mcard *card, bool ready)
{
    uint8_t reg[4];

    set_fixed(card, REG_OCR, reg, REG_BITS_OCR);
    SET(reg, OCR, POWERED_UP, ready);
    SET(reg, OCR, CCS, ready && sdv_mcard_high_capacity(card));
    return (uint32_t)reg[0] << 24 | (uint32_t)reg[1] << 16 |
           (uint32_t)reg[2] << 8 | (uint32_t)reg[3];
}

/* see card.h */
void sdv_mcard_scr(const sdv_mcard *card, uint8_t reg[8])
{
    set_fixed(card, REG_SCR, reg, REG_BITS_SCR);
}

/* see card.h */
void sdv_mcard_ssr(const sdv_mcard *card, uint8_t reg[64])
{
    set_fixed(card, REG_SSR, reg, REG_BITS_SSR);
    SET(reg, SSR, DAT_BUS_WIDTH, card->lines == 4 ? 2 : 0);
}
