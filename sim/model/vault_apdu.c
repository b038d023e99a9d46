/* SPDX-License-Identifier: Apache-2.0 */
/* Tokens and APDUs: the checks in their order, and who runs the command. */
#include <string.h>

#include "vault_private.h"

#define TOKEN_HEADER 2u
#define APDU_HEADER 4u
#define SW_BYTES 2u
#define CLA_PLAIN 0x80u
#define CLA_SECURE 0x84u

/* ---- tokens ---- */

static unsigned get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

static void put16(uint8_t *p, unsigned value)
{
    p[0] = (uint8_t)(value >> 8);
    p[1] = (uint8_t)value;
}

/* see vault.h */
unsigned sdv_mtoken_length(const sdv_mtoken *token)
{
    return get16(token->bytes);
}

/* End an answer of `length` bytes with its status word. */
static void finish(sdv_mtoken *token, size_t length, unsigned sw)
{
    const size_t all = TOKEN_HEADER + length + SW_BYTES;

    put16(token->bytes, (unsigned)all);
    put16(token->bytes + TOKEN_HEADER + length, sw);
    memset(token->bytes + all, 0, sizeof(token->bytes) - all);
}

/* see vault.h */
void sdv_mtoken_set_sw(sdv_mtoken *token, unsigned sw)
{
    finish(token, 0, sw);
}

/* see vault.h */
unsigned sdv_mtoken_sw(const sdv_mtoken *token)
{
    return get16(token->bytes + sdv_mtoken_length(token) - SW_BYTES);
}

/* ---- lengths of an APDU ---- */

/* Lc of one byte; Le of one byte may follow the data. */
static bool parse_short(sdv_mapdu *apdu, const uint8_t *rest, size_t length)
{
    apdu->data = rest + 1;
    apdu->length = rest[0];
    return length == 1 + apdu->length || length == 1 + apdu->length + 1;
}

/* Lc of three bytes; Le of two may follow the data. */
static bool parse_extended(sdv_mapdu *apdu, const uint8_t *rest, size_t length)
{
    if (length < 3) {
        return false;
    }
    if (length == 3) {
        return true; /* Le alone */
    }
    apdu->data = rest + 3;
    apdu->length = get16(rest + 1);
    return apdu->length != 0 &&
           (length == 3 + apdu->length || length == 3 + apdu->length + 2);
}

static bool parse(sdv_mapdu *apdu, const uint8_t *bytes, size_t length)
{
    const uint8_t *rest = bytes + APDU_HEADER;

    *apdu = (sdv_mapdu){.cla = bytes[0],
                        .ins = bytes[1],
                        .p1 = bytes[2],
                        .p2 = bytes[3],
                        .data = rest};
    length -= APDU_HEADER;
    if (length <= 1) {
        return true; /* nothing, or Le alone */
    }
    return rest[0] != 0 ? parse_short(apdu, rest, length)
                        : parse_extended(apdu, rest, length);
}

/* ---- commands ---- */

typedef struct sdv_mrow {
    uint8_t ins;
    uint8_t lifecycles; /* a bit each */
    bool channel;       /* runs in the secure channel only */
    uint16_t length;    /* of the data */
    unsigned (*check_p1p2)(const sdv_mapdu *apdu);
    sdv_mcommand *run;
} sdv_mrow;

static unsigned zero_p1p2(const sdv_mapdu *apdu)
{
    return apdu->p1 == 0 && apdu->p2 == 0 ? SDV_SW_OK : SDV_SW_WRONG_P1P2;
}

static unsigned list_p1p2(const sdv_mapdu *apdu)
{
    return apdu->p1 == 0 ? SDV_SW_OK : SDV_SW_WRONG_P1P2;
}

/* Bindings to an apparatus need the channel. */
static unsigned export_p1p2(const sdv_mapdu *apdu)
{
    if (apdu->p1 > 2 || apdu->p2 != 0) {
        return SDV_SW_WRONG_P1P2;
    }
    return apdu->p1 == 0 ? SDV_SW_OK : SDV_SW_SECURITY_STATUS;
}

#define IN(state) (1u << SDV_VAULT_LIFECYCLE_##state)

static const sdv_mrow rows[] = {
    {SDV_INS_GET_DATA, IN(BLANK) | IN(ACTIVE) | IN(LOCKED) | IN(TERMINATED),
     false, 0, zero_p1p2, sdv_mvault_get_data},
    {SDV_INS_STORE_DATA, IN(BLANK), false, 56, zero_p1p2,
     sdv_mvault_store_data},
    {SDV_INS_LICENSE_LIST, IN(ACTIVE) | IN(LOCKED), false, 0, list_p1p2,
     sdv_mvault_list},
    {SDV_INS_LICENSE_EXPORT, IN(ACTIVE), false, 16, export_p1p2,
     sdv_mvault_export},
    {SDV_INS_LICENSE_IMPORT, IN(ACTIVE), false, SDV_VAULT_SEALED_BYTES,
     zero_p1p2, sdv_mvault_import},
    {.ins = SDV_INS_LICENSE_READ, .channel = true},
    {.ins = SDV_INS_LICENSE_USE, .channel = true},
    {.ins = SDV_INS_LICENSE_DELETE, .channel = true},
    {.ins = SDV_INS_SET_STATUS, .channel = true},
};

static const sdv_mrow *find(uint8_t ins)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (rows[i].ins == ins) {
            return &rows[i];
        }
    }
    return NULL;
}

/* Class and instruction. */
static unsigned check_kind(const sdv_mapdu *apdu)
{
    const sdv_mrow *row = find(apdu->ins);

    if (apdu->cla == CLA_SECURE) {
        return SDV_SW_SECURITY_STATUS;
    }
    if (apdu->cla != CLA_PLAIN) {
        return SDV_SW_NO_CLA;
    }
    if (row == NULL) {
        return SDV_SW_NO_INS;
    }
    return row->channel ? SDV_SW_SECURITY_STATUS : SDV_SW_OK;
}

static unsigned run(sdv_mcard *card, const sdv_mapdu *apdu, sdv_manswer *answer)
{
    const unsigned kind = check_kind(apdu);
    const sdv_mrow *row = find(apdu->ins);
    unsigned sw;

    if (kind != SDV_SW_OK) {
        return kind;
    }
    if ((row->lifecycles >> sdv_mvault_lifecycle(card) & 1u) == 0) {
        return SDV_SW_CONDITIONS;
    }
    sw = row->check_p1p2(apdu);
    if (sw != SDV_SW_OK) {
        return sw;
    }
    return apdu->length == row->length ? row->run(card, apdu, answer)
                                       : SDV_SW_WRONG_LENGTH;
}

/* see vault.h */
void sdv_mvault_run(sdv_mcard *card, const sdv_mtoken *token,
                    sdv_mtoken *response)
{
    const uint8_t *const bytes = token->bytes + TOKEN_HEADER;
    sdv_manswer answer = {.data = response->bytes + TOKEN_HEADER};
    unsigned sw = SDV_SW_WRONG_LENGTH;
    sdv_mapdu apdu;

    if (!card->vault.fault &&
        parse(&apdu, bytes, sdv_mtoken_length(token) - TOKEN_HEADER)) {
        sw = run(card, &apdu, &answer);
    }
    if (card->vault.fault) { /* found before, or by this command */
        sw = SDV_SW_CRYPTO_FAULT;
    }
    finish(response, sw == SDV_SW_OK ? answer.length : 0, sw);
}
