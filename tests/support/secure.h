/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file secure.h
 * @brief Secure commands of a card in a slot, by either door, at the level of
 *        SD commands.
 */
#ifndef SDV_TEST_SECURE_H
#define SDV_TEST_SECURE_H

#include "blob.h"
#include "lines.h"
#include "slot.h"

#define SECURE_TOKEN 1024

typedef struct secure {
    slot s;
    unsigned door;              /* SDV_DOOR_ASSD or SDV_DOOR_CMD56 */
    identity who;               /* of a card that is personalized */
    uint8_t data[SECURE_TOKEN]; /* of the last answer */
    size_t length;              /* without its status word */
    sdv_image *image;           /* between secure_off() and secure_on() */
} secure;

/** Open a slot with a blank card; its doors are open, by ASSD we talk. */
void secure_open(secure *v, const slot_param *param,
                 const slot_options *options);

/** The same with the card that identity_make(number) gives. */
void secure_open_active(secure *v, const slot_param *param, unsigned number);

void secure_close(secure *v);

/** Close the slot and open the image: what it holds may be changed. */
sdv_image *secure_off(secure *v);

/** Close the image and open the slot again. */
void secure_on(secure *v);

/* ---- single SD commands ---- */

/** The token of GET DATA, which every card answers. */
extern const uint8_t secure_question[SECURE_TOKEN];

/** A command without data that has this result. */
void secure_send(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp,
                 sdv_err want);

/** CMD6: switch group 2; what it answers is checked. */
void secure_function(slot *s, unsigned function);

/** Blocks of a token by a door, one command for ASSD, one each for CMD56. */
sdv_err secure_write(slot *s, unsigned door, const uint8_t *token,
                     unsigned blocks);

/** CMD34 or, for each block, CMD56. */
sdv_err secure_read(slot *s, unsigned door, uint8_t *token, unsigned blocks);

/** SEND_PSI: 512 bytes, of which those behind the register must be zero. */
void secure_psi(slot *s, unsigned id, uint8_t reg[SDV_ASSD_PSI_BYTES]);

/** Byte STATE of SR. */
unsigned secure_state(slot *s);

/** It has to be this one. */
void secure_expect_state(slot *s, unsigned state);

/** Wait until SR says that no command is in progress. */
void secure_wait(slot *s);

/* ---- commands ---- */

/** Exchange a token; the status word of the answer. */
unsigned secure_token(secure *v, const uint8_t *token, unsigned blocks);

/** Exchange an APDU. */
unsigned secure_apdu(secure *v, const uint8_t *apdu, size_t length);

/** Make an APDU of class 80 and exchange it. */
unsigned secure_command(secure *v, unsigned ins, unsigned p1p2,
                        const uint8_t *data, size_t length);

unsigned secure_personalize(secure *v, const identity *who);
unsigned secure_import(secure *v, const uint8_t sealed[BLOB_BYTES]);
unsigned secure_import_blob(secure *v, const blob *b);
unsigned secure_export(secure *v, const uint8_t id[16],
                       uint8_t sealed[BLOB_BYTES]);

/** The command answers this and nothing else. */
#define secure_expect(command, sw)                                             \
    do {                                                                       \
        const unsigned sw_ = (command);                                        \
        cr_assert(eq(uint, sw_, (unsigned)(sw)), "%04X, not %04X", sw_,        \
                  (unsigned)(sw));                                             \
    } while (0)

/** GET DATA. */
typedef struct secure_info {
    uint64_t medium;
    unsigned lifecycle, defects, slots, free_slots, lines, free_lines;
} secure_info;

secure_info secure_get_data(secure *v);

#endif /* SDV_TEST_SECURE_H */
