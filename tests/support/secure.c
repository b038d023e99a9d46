/* SPDX-License-Identifier: Apache-2.0 */
#include "secure.h"

#include <string.h>

#include "bytes.h"

#define BLOCK 512u
#define LEAST_PAUSE_US 10u
#define PAUSE_PART 8u
#define PATIENCE_US 2000000u
#define NO_ANSWER 2u /* length of the token that says so */
#define SW_BYTES 2u

/* ---- opening and closing ---- */

static void resume(secure *v)
{
    v->door = SDV_DOOR_ASSD;
    if (!v->s.options.cold) {
        secure_function(&v->s, SDV_ASSD_FUNCTION_ASSD);
    }
}

/* see secure.h */
void secure_open(secure *v, const slot_param *param,
                 const slot_options *options)
{
    memset(v, 0, sizeof(*v));
    slot_open(&v->s, param, options);
    resume(v);
}

/* see secure.h */
void secure_open_active(secure *v, const slot_param *param, unsigned number)
{
    const identity who = identity_make(number);

    secure_open(v, param, NULL);
    secure_expect(secure_personalize(v, &who), SDV_SW_OK);
}

/* see secure.h */
void secure_close(secure *v)
{
    slot_close(&v->s);
}

/* see secure.h */
sdv_image *secure_off(secure *v)
{
    slot_leave(&v->s);
    cr_assert(eq(int, sdv_image_open(v->s.image, &v->image), SDV_OK));
    return v->image;
}

/* see secure.h */
void secure_on(secure *v)
{
    sdv_image_close(&v->image);
    slot_resume(&v->s);
    resume(v);
}

/* ---- single SD commands ---- */

const uint8_t secure_question[SECURE_TOKEN] = {0, 6, 0x80, SDV_INS_GET_DATA};

/* see secure.h */
void secure_send(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp,
                 sdv_err want)
{
    const sdv_err err = slot_send(s, opcode, arg, resp);

    cr_assert(eq(int, err, want), "CMD%u %08X: %s, not %s", opcode, arg,
              sdv_err_name(err), sdv_err_name(want));
}

/* see secure.h */
void secure_function(slot *s, unsigned function)
{
    uint8_t answer[64];

    cr_assert(eq(int,
                 slot_move(s, 6, 0x80FFFF0Fu | function << 4, SDV_DIR_READ,
                           SDV_STOP_NONE, sizeof(answer), 1, answer),
                 SDV_OK));
    cr_assert(eq(uint, answer[16] >> 4, function));
}

static sdv_err move(slot *s, unsigned opcode, uint32_t arg, sdv_dir dir,
                    unsigned blocks, uint8_t *data)
{
    return slot_move(s, opcode, arg, dir, SDV_STOP_NONE, BLOCK,
                     (uint16_t)blocks, data);
}

/* CMD56 for one block after the other. */
static sdv_err move_each(slot *s, sdv_dir dir, unsigned blocks, uint8_t *data)
{
    sdv_err err = SDV_OK;

    for (size_t i = 0; i < blocks && err == SDV_OK; i++) {
        err = move(s, SDV_CMD_GEN_CMD, dir == SDV_DIR_READ ? 1 : 0, dir, 1,
                   data + i * BLOCK);
    }
    return err;
}

/* see secure.h */
sdv_err secure_write(slot *s, unsigned door, const uint8_t *token,
                     unsigned blocks)
{
    uint8_t copy[SECURE_TOKEN];

    memcpy(copy, token, (size_t)blocks * BLOCK);
    return door == SDV_DOOR_CMD56 ? move_each(s, SDV_DIR_WRITE, blocks, copy)
                                  : move(s, SDV_CMD_WRITE_SEC_CMD, blocks,
                                         SDV_DIR_WRITE, blocks, copy);
}

/* see secure.h */
sdv_err secure_read(slot *s, unsigned door, uint8_t *token, unsigned blocks)
{
    return door == SDV_DOOR_CMD56 ? move_each(s, SDV_DIR_READ, blocks, token)
                                  : move(s, SDV_CMD_READ_SEC_CMD, blocks,
                                         SDV_DIR_READ, blocks, token);
}

/* see secure.h */
void secure_psi(slot *s, unsigned id, uint8_t reg[SDV_ASSD_PSI_BYTES])
{
    uint8_t block[BLOCK];

    cr_assert(
        eq(int, move(s, SDV_CMD_SEND_PSI, id, SDV_DIR_READ, 1, block), SDV_OK));
    for (size_t i = SDV_ASSD_PSI_BYTES; i < BLOCK; i++) {
        cr_assert(eq(u8, block[i], 0));
    }
    memcpy(reg, block, SDV_ASSD_PSI_BYTES);
}

/* see secure.h */
unsigned secure_state(slot *s)
{
    uint8_t sr[SDV_ASSD_PSI_BYTES];

    secure_psi(s, SDV_ASSD_PSI_SR, sr);
    return sr[SDV_ASSD_SR_STATE];
}

/* see secure.h */
void secure_expect_state(slot *s, unsigned state)
{
    cr_assert(eq(uint, secure_state(s), state));
}

/* see secure.h */
void secure_wait(slot *s)
{
    uint32_t spent = 0;

    while (secure_state(s) == SDV_ASSD_STATE_BUSY) {
        const uint32_t us = LEAST_PAUSE_US + spent / PAUSE_PART;

        cr_assert(lt(u32, spent, PATIENCE_US), "the command never ends");
        sdv_bus_delay_us(s->bus, us);
        spent += us;
    }
}

/* ---- commands ---- */

static unsigned length_of(const uint8_t *token)
{
    return (unsigned)token[0] << 8 | token[1];
}

/* By CMD56 a host asks for the answer until there is one. */
static void fetch(secure *v, uint8_t token[SECURE_TOKEN])
{
    if (v->door == SDV_DOOR_ASSD) {
        cr_assert(eq(int, secure_read(&v->s, v->door, token, 2), SDV_OK));
        return;
    }
    do {
        cr_assert(eq(int, secure_read(&v->s, v->door, token, 1), SDV_OK));
    } while (length_of(token) == NO_ANSWER);
    if (length_of(token) > BLOCK) {
        cr_assert(
            eq(int, secure_read(&v->s, v->door, token + BLOCK, 1), SDV_OK));
    }
}

/* Everything behind the answer is zero. */
static void check_padding(const uint8_t *token)
{
    const size_t end = (length_of(token) + BLOCK - 1) / BLOCK * BLOCK;

    for (size_t i = length_of(token); i < end; i++) {
        cr_assert(eq(u8, token[i], 0));
    }
}

/* see secure.h */
unsigned secure_token(secure *v, const uint8_t *token, unsigned blocks)
{
    uint8_t answer[SECURE_TOKEN] = {0};

    cr_assert(eq(int, secure_write(&v->s, v->door, token, blocks), SDV_OK));
    if (v->door == SDV_DOOR_ASSD) {
        secure_wait(&v->s);
    }
    fetch(v, answer);
    cr_assert(ge(uint, length_of(answer), 2 + SW_BYTES));
    cr_assert(le(uint, length_of(answer), SECURE_TOKEN));
    check_padding(answer);
    v->length = length_of(answer) - 2 - SW_BYTES;
    memcpy(v->data, answer + 2, v->length);
    return length_of(answer + 2 + v->length);
}

/* see secure.h */
unsigned secure_apdu(secure *v, const uint8_t *apdu, size_t length)
{
    uint8_t token[SECURE_TOKEN] = {0};

    cr_assert(le(sz, length, SDV_VAULT_APDU_MAX));
    token[0] = (uint8_t)((length + 2) >> 8);
    token[1] = (uint8_t)(length + 2);
    memcpy(token + 2, apdu, length);
    return secure_token(v, token, length + 2 > BLOCK ? 2 : 1);
}

/* see secure.h */
unsigned secure_command(secure *v, unsigned ins, unsigned p1p2,
                        const uint8_t *data, size_t length)
{
    uint8_t apdu[SDV_VAULT_APDU_MAX] = {0x80, (uint8_t)ins,
                                        (uint8_t)(p1p2 >> 8), (uint8_t)p1p2};
    size_t at = 4;

    if (length > 255) {
        apdu[at + 1] = (uint8_t)(length >> 8);
        apdu[at + 2] = (uint8_t)length;
        at += 3;
    } else if (length > 0) {
        apdu[at++] = (uint8_t)length;
    }
    if (length > 0) {
        memcpy(apdu + at, data, length);
    }
    return secure_apdu(v, apdu, at + length);
}

/* see secure.h */
unsigned secure_personalize(secure *v, const identity *who)
{
    uint8_t data[56];

    memcpy(data, who->cid, 16);
    memcpy(data + 16, who->medium, 8);
    memcpy(data + 24, who->root, 32);
    v->who = *who;
    return secure_command(v, SDV_INS_STORE_DATA, 0, data, sizeof(data));
}

/* see secure.h */
unsigned secure_import(secure *v, const uint8_t sealed[BLOB_BYTES])
{
    const unsigned sw =
        secure_command(v, SDV_INS_LICENSE_IMPORT, 0, sealed, BLOB_BYTES);

    cr_assert(zero(sz, v->length));
    return sw;
}

/* see secure.h */
unsigned secure_import_blob(secure *v, const blob *b)
{
    uint8_t sealed[BLOB_BYTES];

    blob_seal(b, &v->who, sealed);
    return secure_import(v, sealed);
}

/* see secure.h */
unsigned secure_export(secure *v, const uint8_t id[16],
                       uint8_t sealed[BLOB_BYTES])
{
    const unsigned sw = secure_command(v, SDV_INS_LICENSE_EXPORT, 0, id, 16);

    cr_assert(eq(sz, v->length, sw == SDV_SW_OK ? BLOB_BYTES : 0));
    memcpy(sealed, v->data, v->length);
    return sw;
}

static unsigned get16(const uint8_t *p)
{
    return (unsigned)p[0] << 8 | p[1];
}

/* see secure.h */
secure_info secure_get_data(secure *v)
{
    const uint8_t *p = v->data;

    secure_expect(secure_command(v, SDV_INS_GET_DATA, 0, NULL, 0), SDV_SW_OK);
    cr_assert(eq(sz, v->length, 32));
    return (secure_info){.medium = sdv_get64(p),
                         .lifecycle = p[8],
                         .defects = p[9],
                         .slots = get16(p + 10),
                         .free_slots = get16(p + 12),
                         .lines = get16(p + 14),
                         .free_lines = get16(p + 16)};
}
