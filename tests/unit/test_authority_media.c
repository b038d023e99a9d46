/* SPDX-License-Identifier: Apache-2.0 */
/* Personalizing: what the ledger remembers of each card. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/id.h>

#include "authority.h"
#include "bytes.h"
#include "folder.h"

static sdv_authority *authority;

static void start(void)
{
    folder_start();
    authority = authority_start();
}

static void finish(void)
{
    sdv_authority_close(&authority);
    folder_finish();
}

TestSuite(authority_media, .init = start, .fini = finish);

static sdv_err ask(const uint8_t cid[16], uint64_t wanted,
                   sdv_personalization *data)
{
    return sdv_authority_personalize(authority, cid, wanted, data);
}

static sdv_personalization personalize(uint32_t serial)
{
    uint8_t cid[16];
    sdv_personalization data;

    authority_blank_cid(serial, cid);
    cr_assert(zero(int, ask(cid, 0, &data)));
    return data;
}

static void confirm(uint64_t medium_id)
{
    cr_assert(
        zero(int, sdv_authority_personalized(authority, medium_id, NULL)));
}

static bool same(const sdv_personalization *a, const sdv_personalization *b)
{
    return a->medium_id == b->medium_id &&
           memcmp(a->data, b->data, sizeof(a->data)) == 0;
}

Test(authority_media, data_is_cid_medium_id_and_root)
{
    const sdv_personalization data = personalize(0x11223344);
    uint8_t root[32];

    cr_assert(sdv_id_valid(data.medium_id));
    cr_assert(zero(int, memcmp(data.data,
                               "\x53"
                               "DVSDVLT\x10",
                               9)));
    cr_assert(eq(u32, sdv_get32(data.data + 9), 0x11223344));
    cr_assert(eq(u64, sdv_get64(data.data + 16), data.medium_id));
    cr_assert(
        eq(u32, authority_medium(authority, 0x11223344, root) == data.medium_id,
           1));
    cr_assert(zero(int, memcmp(data.data + 24, root, 32)));
}

Test(authority_media, cards_have_different_ids_and_roots)
{
    const sdv_personalization a = personalize(1);
    const sdv_personalization b = personalize(2);

    cr_assert(ne(u64, a.medium_id, b.medium_id));
    cr_assert(ne(int, memcmp(a.data + 24, b.data + 24, 32), 0));
}

Test(authority_media, same_card_gets_the_same_again_until_it_is_active)
{
    const sdv_personalization a = personalize(1);
    sdv_personalization b;

    sdv_authority_close(&authority);
    authority = authority_open();
    b = personalize(1);
    cr_assert(same(&a, &b));
    confirm(a.medium_id);
    b = personalize(1); /* a blank card with that serial is another one */
    cr_assert(not(same(&a, &b)));
}

Test(authority_media, being_active_is_noted_once)
{
    const uint64_t id = personalize(1).medium_id;
    bool already = true;

    cr_assert(zero(int, sdv_authority_personalized(authority, id, &already)));
    cr_assert(not(already));
    cr_assert(zero(int, sdv_authority_personalized(authority, id, &already)));
    cr_assert(already);
    cr_assert(eq(int, sdv_authority_personalized(authority, id ^ 1, NULL),
                 SDV_ERR_MEDIUM_UNKNOWN));
}

/* What a card shows after a cut: some words whole, one torn, the others zero.
 * The CRC is the card's own, so the last byte may be anything. */
static void cut(const sdv_personalization *whole, unsigned word, uint8_t mask,
                uint8_t cid[16])
{
    memset(cid, 0, 16);
    memcpy(cid, whole->data, 4 * word + 4);
    for (unsigned i = 0; i < 4; i++) {
        cid[4 * word + i] &= mask;
    }
    cid[15] = 0x77;
}

Test(authority_media, card_that_was_cut_short_gets_the_same_again)
{
    const sdv_personalization whole = personalize(0xA5C3F10E);
    static const uint8_t masks[] = {0xFF, 0x55, 0xF0, 0x01};

    for (unsigned word = 0; word < 4; word++) {
        for (unsigned i = 0; i < sizeof(masks); i++) {
            sdv_personalization again;
            uint8_t cid[16];

            cut(&whole, word, masks[i], cid);
            cr_assert(zero(int, ask(cid, 0, &again)), "word %u", word);
            cr_assert(same(&whole, &again), "word %u", word);
        }
    }
}

Test(authority_media, unclear_card_is_named_by_a_person)
{
    const sdv_personalization a = personalize(1);
    const sdv_personalization b = personalize(2);
    sdv_personalization again;
    char text[SDV_ID_TEXT_SIZE];
    uint8_t cid[16];

    cut(&a, 0, 0xFF, cid); /* the serial number is not there yet */
    cr_assert(eq(int, ask(cid, 0, &again), SDV_ERR_MEDIUM_UNCLEAR));
    cr_assert(zero(u64, again.medium_id));
    cr_assert(zero(int, sdv_id_format(a.medium_id, text)));
    cr_assert(ne(ptr, strstr(sdv_authority_detail(authority), text), NULL));
    cr_assert(zero(int, sdv_id_format(b.medium_id, text)));
    cr_assert(ne(ptr, strstr(sdv_authority_detail(authority), text), NULL));
    cr_assert(zero(int, ask(cid, b.medium_id, &again)));
    cr_assert(same(&b, &again));
    confirm(b.medium_id);
    cr_assert(zero(int, ask(cid, 0, &again)), "only one is left");
    cr_assert(same(&a, &again));
}

Test(authority_media, foreign_card_is_unknown)
{
    const sdv_personalization a = personalize(1);
    sdv_personalization again;
    uint8_t cid[16];

    memcpy(cid, a.data, 16);
    cid[0] = 0x54;
    cr_assert(eq(int, ask(cid, 0, &again), SDV_ERR_MEDIUM_UNKNOWN));
    authority_blank_cid(3, cid);
    cr_assert(eq(int, ask(cid, a.medium_id, &again), SDV_ERR_MEDIUM_UNKNOWN),
              "a card of another serial number is not that medium");
}
