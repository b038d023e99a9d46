/* SPDX-License-Identifier: Apache-2.0 */
/*
 * User area and vault at the same time: there is one flash port for both, and
 * neither gets what belongs to the other.
 */
#include <string.h>

#include "secure.h"

#define BLOCK SDV_TIMING_BLOCK_LEN
#define BLOCKS 4u
#define FIRST 100u
#define HEAD 9u /* of a token with an IMPORT: length, header, Lc */

/* Each operation takes a while, so that they meet. */
static const sdv_latency slow = {
    .flash_read = 40000, .flash_program = 700000, .eeprom_line = 50000};

static void move_blocks(slot *s, sdv_dir dir, uint8_t *data)
{
    const bool write = dir == SDV_DIR_WRITE;

    cr_assert(eq(int,
                 slot_move(s, write ? 25 : 18, slot_address(s, FIRST), dir,
                           SDV_STOP_CMD12, BLOCK, BLOCKS, data),
                 SDV_OK));
}

/* An IMPORT begins; it is not waited for. */
static void start_import(secure *v, const blob *b)
{
    static const uint8_t head[HEAD] = {2, 9, 0x80, SDV_INS_LICENSE_IMPORT,
                                       0, 0, 0,    2};
    uint8_t token[2 * BLOCK] = {0};

    memcpy(token, head, HEAD);
    blob_seal(b, &v->who, token + HEAD);
    cr_assert(eq(int, secure_write(&v->s, SDV_DOOR_ASSD, token, 2), SDV_OK));
}

static void expect_imported(secure *v)
{
    static uint8_t answer[BLOCK];

    secure_wait(&v->s);
    cr_assert(eq(int, secure_read(&v->s, SDV_DOOR_ASSD, answer, 1), SDV_OK));
    cr_assert(eq(uint, (unsigned)answer[2] << 8 | answer[3], SDV_SW_OK));
}

static void share(const slot_param *param, sdv_dir dir)
{
    static uint8_t wrote[BLOCKS * BLOCK], got[BLOCKS * BLOCK];
    secure v;

    secure_open_active(&v, param, 1);
    slot_pattern(wrote, sizeof(wrote), 1);
    move_blocks(&v.s, SDV_DIR_WRITE, wrote);
    sdv_sim_set_latency(v.s.sim, &slow);
    for (unsigned number = 1; number <= 3; number++) {
        const blob b = blob_make(number);

        start_import(&v, &b);
        do {
            slot_pattern(got, sizeof(got), number + 1);
            if (dir == SDV_DIR_WRITE) {
                memcpy(wrote, got, sizeof(wrote));
                move_blocks(&v.s, SDV_DIR_WRITE, wrote);
            }
            move_blocks(&v.s, SDV_DIR_READ, got);
            cr_assert(zero(int, memcmp(got, wrote, sizeof(got))));
        } while (secure_state(&v.s) == SDV_ASSD_STATE_BUSY);
        expect_imported(&v);
    }
    for (unsigned number = 1; number <= 3; number++) {
        const blob b = blob_make(number);
        uint8_t sealed[BLOB_BYTES];

        secure_expect(secure_export(&v, b.id, sealed), SDV_SW_OK);
    }
    secure_close(&v);
}

SCENARIO_EACH(share, reads_while_licenses_are_imported)
{
    share(param, SDV_DIR_READ);
}

SCENARIO_EACH(share, writes_while_licenses_are_imported)
{
    share(param, SDV_DIR_WRITE);
}
