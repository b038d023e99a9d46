/* SPDX-License-Identifier: Apache-2.0 */
/* GET DATA and LICENSE LIST. */
#include <string.h>

#include "bytes.h"
#include "vault_private.h"

#define SUITES (1u << SDV_VAULT_SUITE_128 | 1u << SDV_VAULT_SUITE_256)

static void put(sdv_manswer *answer, uint32_t value, unsigned bytes)
{
    while (bytes > 0) {
        bytes--;
        answer->data[answer->length++] = (uint8_t)(value >> 8 * bytes);
    }
}

static void put_medium(const sdv_mcard *card, unsigned lifecycle,
                       sdv_manswer *answer)
{
    uint8_t medium[8] = {0};

    if (lifecycle != SDV_VAULT_LIFECYCLE_BLANK) {
        sdv_mvault_medium(card, medium);
    }
    put(answer, sdv_get32(medium), 4);
    put(answer, sdv_get32(medium + 4), 4);
}

/* see vault_private.h */
unsigned sdv_mvault_get_data(sdv_mcard *card, const sdv_mapdu *apdu,
                             sdv_manswer *answer)
{
    const unsigned lifecycle = sdv_mvault_lifecycle(card);
    sdv_mcounts counts;

    (void)apdu;
    sdv_mline_count(card, &counts);
    put_medium(card, lifecycle, answer);
    put(answer, lifecycle, 1);
    put(answer, counts.defects, 1);
    put(answer, SDV_VAULT_SLOTS, 2);
    put(answer, counts.free_slots, 2);
    put(answer, SDV_VAULT_LINES, 2);
    put(answer, counts.free_lines, 2);
    put(answer, SDV_VAULT_VERSION, 1);
    put(answer, SUITES, 1);
    put(answer, SDV_VAULT_LANES, 1);
    put(answer, SDV_VAULT_ROUNDS, 1);
    put(answer, SDV_VAULT_SBOX, 1);
    put(answer, 0, 1);
    put(answer, sdv_mcard_otp(card, SDV_NVM_OTP_BLOCKS), 4);
    put(answer, 0, 4);
    return SDV_SW_OK;
}

/* Of a defect line nothing can be said but that it is. */
static void put_entry(const sdv_mcard *card, unsigned number,
                      sdv_manswer *answer)
{
    uint8_t *const id = answer->data + answer->length;
    sdv_mline line;

    sdv_mline_read(card, number, &line);
    if (line.defect) {
        memset(line.word, 0, sizeof(line.word));
    }
    sdv_mline_get_id(&line, id);
    answer->length += SDV_SEALED_LICENSE_BYTES;
    put(answer, sdv_mline_state(&line), 1);
    put(answer, sdv_mline_flags(&line), 1);
    put(answer, line.word[SDV_MLINE_GENERATION], 4);
    put(answer, 0, 2);
}

/* see vault_private.h */
unsigned sdv_mvault_list(sdv_mcard *card, const sdv_mapdu *apdu,
                         sdv_manswer *answer)
{
    unsigned next = sdv_mline_next(card, apdu->p2);

    for (unsigned i = 0; i < SDV_VAULT_LIST_MAX && next != SDV_MNONE; i++) {
        put_entry(card, next, answer);
        next = sdv_mline_next(card, next + 1);
    }
    put(answer, next == SDV_MNONE ? 0 : next, 2);
    return SDV_SW_OK;
}
