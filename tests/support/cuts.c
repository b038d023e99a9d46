/* SPDX-License-Identifier: Apache-2.0 */
#include "cuts.h"

#include <stdlib.h>
#include <string.h>

#include "bytes.h"

enum {
    REGIONS = 3,
    CHANGES = 64,
    MIXES = 24, /* random mixtures of old, new and garbage, for each change */
    WORD = 4,
    MAX_WORDS = 128 /* in flight together: a sector */
};

static const sdv_region regions[REGIONS] = {SDV_REGION_SECURE,
                                            SDV_REGION_EEPROM, SDV_REGION_OTP};

/** Words that change together. */
typedef struct change {
    size_t region; /* index of regions[] */
    uint32_t words;
    uint32_t at[MAX_WORDS]; /* bytes from the region's start */
    uint8_t to[MAX_WORDS][WORD];
    uint64_t begin, end; /* base clocks */
} change;

struct cuts {
    story_card *card;
    uint64_t begin, end;
    uint8_t *bytes[REGIONS]; /* as they were before; then as they are */
    size_t size[REGIONS];
    change change[CHANGES];
    size_t changes;
    uint64_t random;
    uint64_t *seen; /* hashes of the states that were booted */
    size_t states;
};

static uint64_t now(const story_card *card)
{
    return sdv_sim_clocks(card->slot.sim).base;
}

static size_t region_index(sdv_region region)
{
    size_t i = 0;

    while (i < REGIONS && regions[i] != region) {
        i++;
    }
    cr_assert(lt(sz, i, REGIONS), "the user area changes");
    return i;
}

/* A unit is a word or a sector; what is kept are words. */
static void note(change *c, uint32_t unit, const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i += WORD, c->words++) {
        cr_assert(lt(u32, c->words, MAX_WORDS));
        c->at[c->words] = (uint32_t)(unit * size + i);
        memcpy(c->to[c->words], bytes + i, WORD);
    }
}

static void watch(void *context, const sdv_change *seen)
{
    cuts *const record = context;
    const size_t size = seen->region == SDV_REGION_SECURE ? 512 : WORD;
    change *c = &record->change[record->changes];

    if (seen->over) {
        c[-1].end = now(record->card);
        return;
    }
    cr_assert(lt(sz, record->changes, CHANGES));
    cr_assert(eq(u32, seen->op, SDV_NVM_OP_PROGRAM));
    c->region = region_index(seen->region);
    c->begin = c->end = now(record->card);
    for (uint32_t i = 0; i < seen->units; i++) {
        note(c, seen->address[i], seen->bytes + size * i, size);
    }
    record->changes++;
}

/* see cuts.h */
cuts *cuts_record(story_card *card)
{
    cuts *const record = calloc(1, sizeof(*record));

    cr_assert(ne(ptr, record, NULL));
    record->card = card;
    record->random = slot_seed();
    record->begin = now(card);
    for (size_t i = 0; i < REGIONS; i++) {
        const uint8_t *bytes = story_region(card, regions[i], &record->size[i]);

        record->bytes[i] = malloc(record->size[i]);
        cr_assert(ne(ptr, record->bytes[i], NULL));
        memcpy(record->bytes[i], bytes, record->size[i]);
    }
    cr_assert(eq(int, sdv_sim_watch(card->slot.sim, watch, record), SDV_OK));
    return record;
}

/* see cuts.h */
void cuts_stop(cuts *record)
{
    record->end = now(record->card);
    cr_assert(
        eq(int, sdv_sim_watch(record->card->slot.sim, NULL, NULL), SDV_OK));
}

/* ---- states ---- */

static uint64_t hash(const cuts *record)
{
    uint64_t sum = 0xCBF29CE484222325u;

    for (size_t i = 0; i < REGIONS; i++) {
        for (size_t k = 0; k < record->size[i]; k += 8) {
            sum = (sum ^ sdv_get64(record->bytes[i] + k)) * 0x100000001B3u;
            sum ^= sum >> 29;
        }
    }
    return sum;
}

static bool is_new(cuts *record)
{
    const uint64_t sum = hash(record);

    for (size_t i = 0; i < record->states; i++) {
        if (record->seen[i] == sum) {
            return false;
        }
    }
    record->seen =
        realloc(record->seen, (record->states + 1) * sizeof(*record->seen));
    cr_assert(ne(ptr, record->seen, NULL));
    record->seen[record->states++] = sum;
    return true;
}

/* Put the bytes into the image and boot the card on them. */
static void boot(cuts *record, story_card *card, cuts_check *check,
                 void *context)
{
    sdv_image *image = NULL;

    cr_assert(eq(int, sdv_image_open(card->slot.image, &image), SDV_OK));
    for (size_t i = 0; i < REGIONS; i++) {
        memcpy(sdv_image_data(image, regions[i]), record->bytes[i],
               record->size[i]);
    }
    sdv_image_close(&image);
    story_resume(card);
    check(context, card);
    slot_leave(&card->slot);
}

static void look(cuts *record, cuts_check *check, void *context)
{
    if (is_new(record)) {
        boot(record, record->card, check, context);
    }
}

/* What became of one word in flight. */
typedef enum { OLD, NEW, GARBAGE } fate;

/* Bits of the OTP only go from 0 to 1: what got through so far. */
static uint32_t garbage(cuts *record, const change *c, uint32_t old,
                        uint32_t new)
{
    const uint32_t r = (uint32_t)(sdv_random(&record->random) >> 16);

    return regions[c->region] == SDV_REGION_OTP ? old | (new &r) : r;
}

static void become(cuts *record, const change *c, uint32_t word, fate what,
                   const uint8_t *old)
{
    uint8_t *const place = record->bytes[c->region] + c->at[word];

    if (what == NEW) {
        memcpy(place, c->to[word], WORD);
    } else if (what == GARBAGE) {
        sdv_put32(place, garbage(record, c, sdv_get32(old + WORD * word),
                                 sdv_get32(c->to[word])));
    } else {
        memcpy(place, old + WORD * word, WORD);
    }
}

/* How the variants of a change differ: `word` is somewhere among its words. */
typedef fate variant(uint32_t i, uint32_t word, uint64_t random);

static fate stops_at(uint32_t i, uint32_t word, uint64_t random)
{
    (void)random;
    return i < word ? NEW : OLD;
}

static fate tears_at(uint32_t i, uint32_t word, uint64_t random)
{
    (void)random;
    return i == word ? GARBAGE : i < word ? NEW : OLD;
}

static fate only_this(uint32_t i, uint32_t word, uint64_t random)
{
    (void)random;
    return i == word ? NEW : OLD;
}

static fate all_but_this(uint32_t i, uint32_t word, uint64_t random)
{
    (void)random;
    return i == word ? OLD : NEW;
}

static fate only_this_torn(uint32_t i, uint32_t word, uint64_t random)
{
    (void)random;
    return i == word ? GARBAGE : NEW;
}

static fate all_torn(uint32_t i, uint32_t word, uint64_t random)
{
    (void)i, (void)word, (void)random;
    return GARBAGE;
}

static fate mixed(uint32_t i, uint32_t word, uint64_t random)
{
    (void)word;
    return (fate)((random >> (i % 61)) % 3);
}

static void apply(cuts *record, const change *c, const uint8_t *old,
                  variant *how, uint32_t word)
{
    const uint64_t random = sdv_random(&record->random);

    for (uint32_t i = 0; i < c->words; i++) {
        become(record, c, i, how(i, word, random), old);
    }
}

/* All variants of a change; the bytes are as after it in the end. */
static uint64_t tear(cuts *record, const change *c, cuts_check *check,
                     void *context)
{
    static variant *const each[] = {stops_at, tears_at, only_this, all_but_this,
                                    only_this_torn};
    static variant *const some[] = {all_torn, mixed};
    uint8_t old[MAX_WORDS * WORD];
    uint64_t variants = 0;

    for (uint32_t i = 0; i < c->words; i++) {
        memcpy(old + WORD * i, record->bytes[c->region] + c->at[i], WORD);
    }
    for (size_t v = 0; v < sizeof(each) / sizeof(each[0]); v++) {
        for (uint32_t word = 0; word < c->words; word++, variants++) {
            apply(record, c, old, each[v], word);
            look(record, check, context);
        }
    }
    for (unsigned i = 0; i < MIXES; i++, variants++) {
        apply(record, c, old, some[i % 2], 0);
        look(record, check, context);
    }
    for (uint32_t i = 0; i < c->words; i++) {
        become(record, c, i, NEW, old);
    }
    return variants;
}

/* see cuts.h */
cuts_count cuts_check_all(cuts *record, story_card *card, cuts_check *check,
                          void *context)
{
    cuts_count count = {.clocks = record->end - record->begin,
                        .cuts = record->end - record->begin,
                        .changes = record->changes};

    record->card = card;
    look(record, check, context);
    for (size_t i = 0; i < record->changes; i++) {
        const change *const c = &record->change[i];

        count.cuts += (c->end - c->begin) * tear(record, c, check, context);
        look(record, check, context);
    }
    count.states = record->states;
    for (size_t i = 0; i < REGIONS; i++) {
        free(record->bytes[i]);
    }
    free(record->seen);
    free(record);
    return count;
}
