/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lines of the EEPROM: two copies each, of which one is the truth.  They are
 * read anew whenever they are wanted.
 */
#include <string.h>

#include "bytes.h"
#include "image_private.h"
#include "vault_private.h"

#define COPIES 2u
#define WORDS SDV_VAULT_LINE_WORDS
#define ID_WORDS 4u

/* ---- copies ---- */

static unsigned place(unsigned number, unsigned copy)
{
    return (number * COPIES + copy) * WORDS;
}

static uint32_t crc(const uint32_t word[WORDS])
{
    uint8_t bytes[4 * (WORDS - 1)];

    for (size_t i = 0; i < WORDS - 1; i++) {
        sdv_put32(bytes + 4 * i, word[i]);
    }
    return sdv_crc32(bytes, sizeof(bytes));
}

/* True when the CRC is right. */
static bool read_copy(const sdv_mcard *card, unsigned number, unsigned copy,
                      uint32_t word[WORDS])
{
    for (unsigned i = 0; i < WORDS; i++) {
        word[i] = sdv_mcard_eeprom(card, place(number, copy) + i);
    }
    return word[SDV_MLINE_CRC] == crc(word);
}

/* see vault_private.h */
void sdv_mline_read(const sdv_mcard *card, unsigned number, sdv_mline *line)
{
    uint32_t other[WORDS];
    const bool first = read_copy(card, number, 0, line->word);
    const bool second = read_copy(card, number, 1, other);

    line->number = number;
    line->defect = !first && !second;
    line->copy = second && (!first || other[SDV_MLINE_SEQUENCE] >
                                          line->word[SDV_MLINE_SEQUENCE])
                     ? 1
                     : 0;
    if (line->copy == 1) {
        memcpy(line->word, other, sizeof(other));
    }
}

static bool write_copy(sdv_mcard *card, unsigned first,
                       const uint32_t word[WORDS])
{
    bool same = true;

    /* What counts is what is there afterwards. */
    (void)sdv_mcard_program_line(card, first, word);
    for (unsigned i = 0; i < WORDS; i++) {
        same = same && sdv_mcard_eeprom(card, first + i) == word[i];
    }
    return same;
}

/* see vault_private.h */
bool sdv_mline_commit(sdv_mcard *card, sdv_mline *line)
{
    const unsigned first = place(line->number, 1 - line->copy);

    if (line->defect) {
        return false;
    }
    line->word[SDV_MLINE_SEQUENCE]++;
    line->word[SDV_MLINE_CRC] = crc(line->word);
    return write_copy(card, first, line->word) ||
           write_copy(card, first, line->word);
}

/* ---- what is in a line ---- */

/* see vault_private.h */
unsigned sdv_mline_state(const sdv_mline *line)
{
    return line->defect ? SDV_VAULT_STATE_DEFECT
                        : line->word[SDV_MLINE_STATE] >> 24;
}

/* see vault_private.h */
unsigned sdv_mline_slot(const sdv_mline *line)
{
    return line->word[SDV_MLINE_STATE] >> 16 & 0xFFu;
}

/* see vault_private.h */
unsigned sdv_mline_bank(const sdv_mline *line)
{
    return line->word[SDV_MLINE_STATE] >> 8 & 0xFFu;
}

/* see vault_private.h */
unsigned sdv_mline_flags(const sdv_mline *line)
{
    return line->word[SDV_MLINE_STATE] & 0xFFu;
}

/* see vault_private.h */
void sdv_mline_set_state(sdv_mline *line, unsigned state, unsigned slot,
                         unsigned bank, unsigned flags)
{
    line->word[SDV_MLINE_STATE] = state << 24 | slot << 16 | bank << 8 | flags;
}

/* see vault_private.h */
void sdv_mline_get_id(const sdv_mline *line, uint8_t *id)
{
    for (size_t i = 0; i < ID_WORDS; i++) {
        sdv_put32(id + 4 * i, line->word[SDV_MLINE_ID + i]);
    }
}

/* see vault_private.h */
void sdv_mline_set_id(sdv_mline *line, const uint8_t *id)
{
    for (size_t i = 0; i < ID_WORDS; i++) {
        line->word[SDV_MLINE_ID + i] = sdv_get32(id + 4 * i);
    }
}

/* ---- looking for lines and slots ---- */

/* see vault_private.h */
bool sdv_mline_find(const sdv_mcard *card, const uint8_t *id, unsigned states,
                    sdv_mline *line)
{
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        uint8_t own[4 * ID_WORDS];

        sdv_mline_read(card, i, line);
        sdv_mline_get_id(line, own);
        if (!line->defect && (states >> sdv_mline_state(line) & 1u) != 0 &&
            memcmp(own, id, sizeof(own)) == 0) {
            return true;
        }
    }
    return false;
}

/* see vault_private.h */
bool sdv_mline_find_free(const sdv_mcard *card, sdv_mline *line)
{
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        sdv_mline_read(card, i, line);
        if (sdv_mline_state(line) == SDV_VAULT_STATE_FREE) {
            return true;
        }
    }
    return false;
}

/* see vault_private.h */
unsigned sdv_mline_next(const sdv_mcard *card, unsigned from)
{
    for (unsigned i = from; i < SDV_VAULT_LINES; i++) {
        sdv_mline line;

        sdv_mline_read(card, i, &line);
        if (sdv_mline_state(&line) != SDV_VAULT_STATE_FREE) {
            return i;
        }
    }
    return SDV_MNONE;
}

/* Slots that lines name: a bit each. */
static uint64_t used_slots(const sdv_mcard *card)
{
    uint64_t used = 0;

    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        sdv_mline line;

        sdv_mline_read(card, i, &line);
        if (sdv_mline_state(&line) == SDV_VAULT_STATE_LIVE ||
            sdv_mline_state(&line) == SDV_VAULT_STATE_DELETING) {
            used |= UINT64_C(1) << sdv_mline_slot(&line) % SDV_VAULT_SLOTS;
        }
    }
    return used;
}

/* see vault_private.h */
unsigned sdv_mline_free_slot(const sdv_mcard *card)
{
    const uint64_t used = used_slots(card);

    for (unsigned i = 0; i < SDV_VAULT_SLOTS; i++) {
        if ((used >> i & 1u) == 0) {
            return i;
        }
    }
    return SDV_MNONE;
}

/* ---- counts, defects, lifecycle ---- */

/* The defects of the lines of the system. */
static unsigned system_defects(const sdv_mcard *card)
{
    unsigned defects = 0;

    for (unsigned i = SDV_VAULT_LINES; i < SDV_VAULT_LINES_ALL; i++) {
        sdv_mline line;

        sdv_mline_read(card, i, &line);
        if (line.defect) {
            defects |= i == SDV_VAULT_LINE_LIFECYCLE
                           ? SDV_VAULT_DEFECT_LIFECYCLE
                           : SDV_VAULT_DEFECT_SYSTEM;
        }
    }
    return defects;
}

/* see vault.h */
bool sdv_mvault_defect(const sdv_mcard *card)
{
    return system_defects(card) != 0;
}

/* see vault_private.h */
void sdv_mline_count(const sdv_mcard *card, sdv_mcounts *counts)
{
    const uint64_t used = used_slots(card);

    *counts = (sdv_mcounts){.defects = system_defects(card)};
    for (unsigned i = 0; i < SDV_VAULT_LINES; i++) {
        sdv_mline line;

        sdv_mline_read(card, i, &line);
        counts->defects |= line.defect ? SDV_VAULT_DEFECT_LICENSE : 0;
        counts->free_lines +=
            sdv_mline_state(&line) == SDV_VAULT_STATE_FREE ? 1 : 0;
    }
    for (unsigned i = 0; i < SDV_VAULT_SLOTS; i++) {
        counts->free_slots += (used >> i & 1u) == 0 ? 1 : 0;
    }
}

/* see vault_private.h */
unsigned sdv_mvault_lifecycle(const sdv_mcard *card)
{
    const unsigned defects = system_defects(card);
    sdv_mline line;

    sdv_mline_read(card, SDV_VAULT_LINE_LIFECYCLE, &line);
    if (line.defect) {
        return SDV_VAULT_LIFECYCLE_TERMINATED;
    }
    if (defects != 0 &&
        line.word[SDV_MLINE_VALUE] != SDV_VAULT_LIFECYCLE_TERMINATED) {
        return SDV_VAULT_LIFECYCLE_LOCKED;
    }
    return line.word[SDV_MLINE_VALUE];
}
