/* SPDX-License-Identifier: Apache-2.0 */
/* Erase, and how long it may take. */
#include "card_internal.h"

#define SSR_BITS(card, field)                                                  \
    sdv_card_byte_bits((card)->raw_ssr, sizeof((card)->raw_ssr),               \
                       SDV_SSR_##field##_LSB, SDV_SSR_##field##_BITS)

/* Of a card that does not say: an allocation unit and the time it takes. */
#define DEFAULT_AU_BLOCKS 8192u
#define DEFAULT_AU_MS 250u
#define LEAST_MS 1000u
#define MOST_MS 4000000u

/* Blocks of an allocation unit by AU_SIZE: 16 KiB to 64 MiB. */
static uint32_t au_blocks(uint32_t code)
{
    static const uint8_t large[] = {16, 24, 32, 48, 64, 128}; /* x 1,024 */

    if (code == 0) {
        return DEFAULT_AU_BLOCKS;
    }
    return code < 10 ? 32u << (code - 1) : large[code - 10] * 1024u;
}

/* The card gives the seconds that ERASE_SIZE allocation units take. */
static uint32_t erase_ms(const sdv_card *card, uint32_t blocks)
{
    const uint32_t units = SSR_BITS(card, ERASE_SIZE);
    const uint32_t unit = au_blocks(SSR_BITS(card, AU_SIZE));
    /* a range may touch one unit more than it has the size of */
    const uint64_t touched = blocks / unit + 2;
    uint64_t ms = touched * DEFAULT_AU_MS;

    if (units != 0) {
        ms = touched * SSR_BITS(card, ERASE_TIMEOUT) * 1000u / units +
             SSR_BITS(card, ERASE_OFFSET) * 1000u;
    }
    ms = ms > LEAST_MS ? ms : LEAST_MS;
    return ms < MOST_MS ? (uint32_t)ms : MOST_MS;
}

sdv_err sdv_card_erase(sdv_card *card, uint32_t lba, uint32_t blocks)
{
    sdv_cmd seq[] = {
        {.opcode = SDV_CMD_ERASE_WR_BLK_START,
         .arg = sdv_card_address(card, lba),
         .resp = SDV_RESP_R1},
        {.opcode = SDV_CMD_ERASE_WR_BLK_END,
         .arg = sdv_card_address(card, lba + blocks - 1),
         .resp = SDV_RESP_R1},
        {.opcode = SDV_CMD_ERASE,
         .resp = SDV_RESP_R1B,
         .data_timeout_ms = erase_ms(card, blocks)},
        sdv_card_query(card),
    };
    const sdv_err err = sdv_card_check_range(card, lba, blocks);

    if (err != SDV_OK) {
        return err;
    }
    return sdv_card_run(card, seq, sizeof(seq) / sizeof(seq[0]));
}
