/* SPDX-License-Identifier: Apache-2.0 */
#include "lines.h"

#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <zlib.h>

#include "bytes.h"

#define BYTES (4 * SDV_VAULT_LINE_WORDS)

/* Offsets in a copy. */
enum {
    AT_SEQUENCE = 0,
    AT_STATE = 4,
    AT_ID = 8,
    AT_VALUE = 8,
    AT_GENERATION = 24,
    AT_SPENT = 28,
    AT_MADE = 32,
    AT_TRANSACTION = 36,
    AT_BODY_TAG = 44,
    AT_CRC = 52
};

static uint8_t *place(sdv_image *image, unsigned number, unsigned copy)
{
    return sdv_image_data(image, SDV_REGION_EEPROM) +
           (size_t)(2 * number + copy) * BYTES;
}

static bool is_system(unsigned number)
{
    return number >= SDV_VAULT_LINES;
}

/* see lines.h */
bool line_copy(sdv_image *image, unsigned number, unsigned copy, line *l)
{
    const uint8_t *p = place(image, number, copy);

    *l = (line){.sequence = sdv_get32(p + AT_SEQUENCE),
                .state = p[AT_STATE],
                .slot = p[AT_STATE + 1],
                .bank = p[AT_STATE + 2],
                .flags = p[AT_STATE + 3],
                .generation = sdv_get32(p + AT_GENERATION),
                .spent = sdv_get32(p + AT_SPENT),
                .made = sdv_get32(p + AT_MADE),
                .transaction = sdv_get64(p + AT_TRANSACTION),
                .body_tag = sdv_get64(p + AT_BODY_TAG)};
    if (is_system(number)) {
        l->value = sdv_get32(p + AT_VALUE);
    } else {
        memcpy(l->id, p + AT_ID, sizeof(l->id));
    }
    return sdv_get32(p + AT_CRC) == (uint32_t)crc32(0, p, AT_CRC);
}

/* see lines.h */
unsigned line_true_copy(sdv_image *image, unsigned number)
{
    line copy[2];
    const bool first = line_copy(image, number, 0, &copy[0]);
    const bool second = line_copy(image, number, 1, &copy[1]);

    if (!first && !second) {
        return 2;
    }
    return second && (!first || copy[1].sequence > copy[0].sequence) ? 1 : 0;
}

/* see lines.h */
line line_truth(sdv_image *image, unsigned number)
{
    const unsigned copy = line_true_copy(image, number);
    line l;

    cr_assert(lt(uint, copy, 2), "line %u is defect", number);
    (void)line_copy(image, number, copy, &l);
    return l;
}

/* see lines.h */
void line_write(sdv_image *image, unsigned number, unsigned copy, const line *l)
{
    uint8_t *p = place(image, number, copy);

    memset(p, 0, BYTES);
    sdv_put32(p + AT_SEQUENCE, l->sequence);
    if (is_system(number)) {
        sdv_put32(p + AT_VALUE, l->value);
    } else {
        p[AT_STATE] = l->state;
        p[AT_STATE + 1] = l->slot;
        p[AT_STATE + 2] = l->bank;
        p[AT_STATE + 3] = l->flags;
        memcpy(p + AT_ID, l->id, sizeof(l->id));
        sdv_put32(p + AT_GENERATION, l->generation);
        sdv_put32(p + AT_SPENT, l->spent);
        sdv_put32(p + AT_MADE, l->made);
        sdv_put64(p + AT_TRANSACTION, l->transaction);
        sdv_put64(p + AT_BODY_TAG, l->body_tag);
    }
    sdv_put32(p + AT_CRC, (uint32_t)crc32(0, p, AT_CRC));
}

/* see lines.h */
void line_break(sdv_image *image, unsigned number, unsigned copy)
{
    place(image, number, copy)[AT_CRC] ^= 0x80;
}

/* see lines.h */
unsigned line_of(sdv_image *image, const uint8_t id[16])
{
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        line l;

        if (line_true_copy(image, i) == 2) {
            continue;
        }
        l = line_truth(image, i);
        if (l.state != SDV_VAULT_STATE_FREE && memcmp(l.id, id, 16) == 0) {
            return i;
        }
    }
    return SDV_VAULT_LINES;
}
