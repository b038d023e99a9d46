/* SPDX-License-Identifier: Apache-2.0 */
/* APDUs: where their lengths stand, and what they mean. */
#include <stdbool.h>
#include <string.h>

#include <sdvault/apdu.h>

#include "big_endian.h"

#define HEADER 4
#define SHORT_LC_MAX 255u
#define SHORT_LE_MAX 256u /* written as 0 */
#define LC_MAX 65535u
#define SW_BYTES 2

struct name {
    uint8_t ins;
    const char *text;
};

#define NAME(name_, ins_) {ins_, #name_},
static const struct name names[] = {SDV_INS_TABLE(NAME)};

const char *sdv_apdu_name(uint8_t ins)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (names[i].ins == ins) {
            return names[i].text;
        }
    }
    return "APDU";
}

/* ---- building ---- */

/* Bytes of the fields Lc and Le. */
struct fields {
    size_t lc;
    size_t le;
    bool extended;
};

static struct fields fields_of(const sdv_apdu *apdu)
{
    struct fields fields = {0};

    fields.extended = apdu->size > SHORT_LC_MAX || apdu->le > SHORT_LE_MAX;
    if (apdu->size != 0) {
        fields.lc = fields.extended ? 3 : 1;
    }
    if (apdu->le != 0) {
        fields.le = !fields.extended ? 1 : apdu->size != 0 ? 2 : 3;
    }
    return fields;
}

sdv_err sdv_apdu_build(const sdv_apdu *apdu, uint8_t *bytes, size_t room,
                       size_t *used)
{
    const struct fields fields = fields_of(apdu);
    const size_t size = HEADER + fields.lc + apdu->size + fields.le;
    uint8_t *at = bytes;

    *used = 0;
    if (apdu->size > LC_MAX || apdu->le > SDV_APDU_LE_MAX) {
        return SDV_ERR_ARG;
    }
    if (size > room) {
        return SDV_ERR_APDU;
    }
    *at++ = apdu->cla;
    *at++ = apdu->ins;
    *at++ = apdu->p1;
    *at++ = apdu->p2;
    be_put(at, fields.lc, apdu->size);
    at += fields.lc;
    if (apdu->size != 0) {
        memcpy(at, apdu->data, apdu->size);
    }
    /* The largest value has one bit too many and is written as 0. */
    be_put(at + apdu->size, fields.le, apdu->le & LC_MAX);
    *used = size;
    return SDV_OK;
}

/* ---- parsing ---- */

/* 0 stands for the largest value of the field. */
static uint32_t le_of(const uint8_t *bytes, size_t size)
{
    const uint32_t le = (uint32_t)be_get(bytes, size);

    if (le != 0) {
        return le;
    }
    return size == 1 ? SHORT_LE_MAX : SDV_APDU_LE_MAX;
}

/* Data of `size` bytes from bytes[at] on, then an Le of `le_size` or none. */
static bool take_data(const uint8_t *bytes, size_t left, size_t at, size_t size,
                      size_t le_size, sdv_apdu *apdu)
{
    const size_t end = at + size;

    if (size == 0 || (left != end && left != end + le_size)) {
        return false;
    }
    apdu->data = bytes + at;
    apdu->size = size;
    apdu->le = left == end ? 0 : le_of(bytes + end, le_size);
    return true;
}

/* What stands behind the header. */
static bool take_body(const uint8_t *body, size_t left, sdv_apdu *apdu)
{
    if (left == 0) {
        return true;
    }
    if (left == 1) {
        apdu->le = le_of(body, 1);
        return true;
    }
    if (body[0] != 0) {
        return take_data(body, left, 1, body[0], 1, apdu);
    }
    if (left == 3) {
        apdu->le = le_of(body + 1, 2);
        return true;
    }
    return left > 3 &&
           take_data(body, left, 3, (size_t)be_get(body + 1, 2), 2, apdu);
}

sdv_err sdv_apdu_parse(const uint8_t *bytes, size_t size, sdv_apdu *apdu)
{
    memset(apdu, 0, sizeof(*apdu));
    if (size < HEADER || !take_body(bytes + HEADER, size - HEADER, apdu)) {
        memset(apdu, 0, sizeof(*apdu));
        return SDV_ERR_APDU;
    }
    apdu->cla = bytes[0];
    apdu->ins = bytes[1];
    apdu->p1 = bytes[2];
    apdu->p2 = bytes[3];
    return SDV_OK;
}

sdv_err sdv_apdu_response(const uint8_t *bytes, size_t size,
                          const uint8_t **data, size_t *data_size)
{
    sdv_err err;

    *data = bytes;
    *data_size = 0;
    if (size < SW_BYTES) {
        return SDV_ERR_PROTOCOL;
    }
    err = sdv_err_from_sw((uint16_t)be_get(bytes + size - SW_BYTES, SW_BYTES));
    *data_size = err == SDV_OK ? size - SW_BYTES : 0;
    return err;
}
