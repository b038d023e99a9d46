/* SPDX-License-Identifier: Apache-2.0 */
#include <stddef.h>
#include <stdint.h>

#include <sdvault/error.h>

/* The bits of the card status that report an error; the others say what the
 * card is and does. */
#define ERROR_BITS                                                             \
    (SDV_STATUS_OUT_OF_RANGE | SDV_STATUS_ADDRESS_ERROR |                      \
     SDV_STATUS_BLOCK_LEN_ERROR | SDV_STATUS_ERASE_SEQ_ERROR |                 \
     SDV_STATUS_ERASE_PARAM | SDV_STATUS_WP_VIOLATION |                        \
     SDV_STATUS_LOCK_UNLOCK_FAILED | SDV_STATUS_COM_CRC_ERROR |                \
     SDV_STATUS_ILLEGAL_COMMAND | SDV_STATUS_CARD_ECC_FAILED |                 \
     SDV_STATUS_CC_ERROR | SDV_STATUS_ERROR | SDV_STATUS_CSD_OVERWRITE |       \
     SDV_STATUS_WP_ERASE_SKIP | SDV_STATUS_AKE_SEQ_ERROR)

#define CARD_RESULT 256 /* result of bit 0 of the card status */

/* ISO 7816-4: no status word lies outside. */
#define FIRST_SW 0x6000
#define LAST_SW 0x9FFF

struct row {
    sdv_err value;
    const char *name;
    const char *text;
};

#define ROW(name_, value_, text_) {value_, #name_, text_},
#define SW_ROW(name_, value_, sr_, text_)                                      \
    {(sdv_err)(value_), "SW_" #name_, text_},
static const struct row table[] = {SDV_ERR_TABLE(ROW) SDV_SW_TABLE(SW_ROW)};

static const struct row unknown_sw = {
    0, "SW_UNKNOWN", "the card refused with a status word of no known meaning"};

static const struct row *find(sdv_err err)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].value == err) {
            return &table[i];
        }
    }
    return sdv_err_sw(err) != 0 ? &unknown_sw : NULL;
}

const char *sdv_err_text(sdv_err err)
{
    const struct row *row = find(err);

    return row != NULL ? row->text : "unknown result";
}

const char *sdv_err_name(sdv_err err)
{
    const struct row *row = find(err);

    return row != NULL ? row->name : "UNKNOWN";
}

sdv_err sdv_err_from_status(uint32_t status)
{
    for (int bit = 31; bit >= 0; bit--) {
        if ((status & ERROR_BITS) >> bit & 1u) {
            return CARD_RESULT + bit;
        }
    }
    return SDV_OK;
}

sdv_err sdv_err_from_sw(uint16_t sw)
{
    if (sw == SDV_SW_OK) {
        return SDV_OK;
    }
    return sw < FIRST_SW || sw > LAST_SW ? SDV_ERR_PROTOCOL : (sdv_err)sw;
}

uint16_t sdv_err_sw(sdv_err err)
{
    return err < FIRST_SW || err > LAST_SW ? 0 : (uint16_t)err;
}
