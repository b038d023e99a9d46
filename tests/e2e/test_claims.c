/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The numbered requirements of docs/claims.md, end to end through the RTL.
 *
 * 1 to 14 look at the card and go through ASSD; 18 to 26 look at the slot that
 * drives it and go through CMD56.  tests/claims.csv says what must have gone
 * over the bus, and which break of the RTL each test must notice.
 */
#include <string.h>

#include <sdvault/content.h>

#include "story.h"

#define LBA 77u
#define CONTENT_BYTES 4000u

static story_card a, b;
static story_license license;
static uint8_t block[STORY_BLOCK], got[STORY_BLOCK];

/* The direct kernel only: the claims are about the RTL. */
static void open_one(sdv_via door)
{
    story_open(&a, 0, door, NULL);
    story_license_for(&license, &a, 0);
    story_import(&a, license.issue);
}

static void open_two(sdv_via door)
{
    open_one(door);
    story_open(&b, 1, door, NULL);
}

static void close_all(void)
{
    story_close(&a);
    if (b.slot.sim != NULL) {
        story_close(&b);
    }
}

/* Export from A to the user area of a card. */
static void export_to(story_card *card)
{
    story_export(&a, &license, block);
    story_write(card, LBA, block);
}

/* The license is destroyed, and comes back from the user area of a card. */
static void update_from(story_card *card)
{
    uint8_t lost[STORY_BLOCK];

    story_destroy(&a);
    cr_assert(
        eq(int, story_try_export(&a, &license, lost), SDV_CARD_SW(NOT_USABLE)));
    story_read(card, LBA, got);
    story_import(&a, got);
    story_expect_held(&a, &license);
}

/* What the user area of a card holds is A's license, sealed for A. */
static void expect_stored(story_card *card)
{
    story_read(card, LBA, got);
    cr_assert(eq(int, memcmp(got, block, sizeof(got)), 0));
    story_expect_sealed(&a, &license, SDV_VAULT_PURPOSE_BACKUP, got);
}

static uint64_t hash(const story_card *card, sdv_region region)
{
    size_t size;
    const uint8_t *bytes = story_region(card, region, &size);
    uint64_t sum = 0xCBF29CE484222325u;

    for (size_t i = 0; i < size; i++) {
        sum = (sum ^ bytes[i]) * 0x100000001B3u;
    }
    return sum;
}

static uint64_t secure_hash(const story_card *card)
{
    return hash(card, SDV_REGION_SECURE) * 3 +
           hash(card, SDV_REGION_EEPROM) * 5 + hash(card, SDV_REGION_OTP) * 7;
}

static bool region_shows(const story_card *card, sdv_region region,
                         const void *secret, size_t size)
{
    size_t bytes;
    const uint8_t *data = story_region(card, region, &bytes);

    return story_shows(data, bytes, secret, size);
}

/* Taken out only sealed, under a key made for this medium. */
static void taken_out_sealed(void)
{
    story_card other;
    sdv_sealed header;
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];

    story_export(&a, &license, block);
    story_expect_sealed(&a, &license, SDV_VAULT_PURPOSE_BACKUP, block);
    cr_assert(not(story_shows(block, sizeof(block), license.bytes,
                              sizeof(license.bytes))));
    story_prepare(&other, 1);
    cr_assert(eq(int,
                 sdv_open(other.root, block, SDV_PURPOSES_IMPORT, a.medium,
                          &header, bytes),
                 SDV_ERR_SEALED_TAG));
    story_export(&a, &license, got); /* never twice the same */
    cr_assert(ne(int, memcmp(got, block, sizeof(got)), 0));
}

Test(claims, claim_01)
{
    open_one(SDV_VIA_ASSD);
    taken_out_sealed();
    close_all();
}

/* The license is in the first area; the second is another one. */
Test(claims, claim_02)
{
    uint64_t user, secure;

    story_open(&a, 0, SDV_VIA_ASSD, NULL);
    story_license_for(&license, &a, 0);
    user = hash(&a, SDV_REGION_USER);
    secure = secure_hash(&a);
    story_import(&a, license.issue);
    cr_assert(eq(u64, hash(&a, SDV_REGION_USER), user));
    cr_assert(ne(u64, secure_hash(&a), secure));
    secure = secure_hash(&a);
    export_to(&a);
    expect_stored(&a);
    cr_assert(ne(u64, hash(&a, SDV_REGION_USER), user));
    close_all();
}

/* One command with data; whatever comes of it. */
static void try_move(unsigned opcode, uint32_t arg, sdv_dir dir)
{
    static uint8_t data[2 * 512];
    const bool multi = opcode == 18 || opcode == 25;

    memset(data, 0xA5, sizeof(data));
    (void)(slot_move(&a.slot, opcode, arg, dir,
                     multi ? SDV_STOP_CMD12 : SDV_STOP_NONE, 512, multi ? 2 : 1,
                     data) == SDV_OK);
}

static void try_erase(uint32_t first, uint32_t last)
{
    (void)(slot_send(&a.slot, 32, first, SDV_RESP_R1) == SDV_OK);
    (void)(slot_send(&a.slot, 33, last, SDV_RESP_R1) == SDV_OK);
    (void)(slot_send(&a.slot, 38, 0, SDV_RESP_R1B) == SDV_OK);
}

/* Any block of the user area by command; nothing of the secure area. */
Test(claims, claim_03)
{
    static const uint32_t far[] = {
        0,           SLOT_HC_BLOCKS - 1, SLOT_HC_BLOCKS, SLOT_HC_BLOCKS + 127,
        0x00FFFFFFu, 0x7FFFFFFFu,        0x80000000u,    0xFFFFFFFFu};
    uint64_t secure;

    open_one(SDV_VIA_ASSD);
    story_expect_held(&a, &license); /* now the random bytes are seeded */
    secure = secure_hash(&a);
    for (size_t i = 0; i < sizeof(far) / sizeof(far[0]); i++) {
        try_move(24, far[i], SDV_DIR_WRITE);
        try_move(25, far[i], SDV_DIR_WRITE);
        try_erase(0, far[i]);
        try_erase(far[i], far[i]);
        try_move(17, far[i], SDV_DIR_READ);
        try_move(18, far[i], SDV_DIR_READ);
    }
    for (uint32_t lba = 0; lba < SLOT_HC_BLOCKS; lba += 1365) {
        slot_pattern(block, sizeof(block), lba);
        story_write(&a, lba, block);
        story_read(&a, lba, got);
        cr_assert(eq(int, memcmp(got, block, sizeof(got)), 0));
    }
    cr_assert(eq(u64, secure_hash(&a), secure));
    story_expect_held(&a, &license);
    close_all();
}

/* Encrypt content with the key of the license and store it. */
static void store_content(uint8_t *plain)
{
    sdv_content_header header = {.length = CONTENT_BYTES};
    uint8_t cipher[8 * 512] = {0};
    sdv_content *content;

    memcpy(header.id, license.record.content_id, sizeof(header.id));
    slot_pattern(header.nonce, sizeof(header.nonce), 7);
    cr_assert(eq(int,
                 sdv_content_new(license.record.content_key, &header, &content),
                 SDV_OK));
    cr_assert(eq(int, sdv_content_crypt(content, plain, CONTENT_BYTES, cipher),
                 SDV_OK));
    cr_assert(eq(int, sdv_content_authenticate(content, cipher, CONTENT_BYTES),
                 SDV_OK));
    cr_assert(eq(int, sdv_content_seal(content, block), SDV_OK));
    sdv_content_free(&content);
    story_write(&a, LBA + 1, block);
    cr_assert(
        eq(int, sdv_card_write(&a.slot.card, LBA + 2, 8, cipher), SDV_OK));
}

/* Read it back and open it with the key that an exported license has. */
static void play_content(const uint8_t *plain)
{
    sdv_content_header header;
    uint8_t cipher[8 * 512];
    sdv_content *content;

    story_expect_held(&a, &license);
    story_read(&a, LBA + 1, got);
    cr_assert(eq(int, sdv_content_parse(got, &header), SDV_OK));
    cr_assert(eq(int, sdv_card_read(&a.slot.card, LBA + 2, 8, cipher), SDV_OK));
    cr_assert(eq(int,
                 sdv_content_new(license.record.content_key, &header, &content),
                 SDV_OK));
    cr_assert(eq(int, sdv_content_authenticate(content, cipher, CONTENT_BYTES),
                 SDV_OK));
    cr_assert(eq(int, sdv_content_verify(content), SDV_OK));
    cr_assert(eq(int, sdv_content_crypt(content, cipher, CONTENT_BYTES, cipher),
                 SDV_OK));
    sdv_content_free(&content);
    cr_assert(eq(int, memcmp(cipher, plain, CONTENT_BYTES), 0));
}

/* Encrypted content in the user area; the license holds key and rights. */
Test(claims, claim_04)
{
    uint8_t plain[CONTENT_BYTES];

    slot_pattern(plain, sizeof(plain), 4);
    open_one(SDV_VIA_ASSD);
    store_content(plain);
    cr_assert(not(region_shows(&a, SDV_REGION_USER, plain, sizeof(plain))));
    play_content(plain);
    close_all();
}

/* At rest the license is sealed too, under this medium's store key. */
Test(claims, claim_05)
{
    static const sdv_region regions[] = {SDV_REGION_USER, SDV_REGION_SECURE,
                                         SDV_REGION_EEPROM};
    size_t size;

    open_one(SDV_VIA_ASSD);
    story_expect_sealed(&a, &license, SDV_VAULT_PURPOSE_STORE,
                        story_region(&a, SDV_REGION_SECURE, &size));
    story_expect_held(&a, &license);
    for (size_t i = 0; i < sizeof(regions) / sizeof(regions[0]); i++) {
        cr_assert(not(region_shows(&a, regions[i], license.record.content_key,
                                   SDV_RECORD_KEY_BYTES)));
        cr_assert(not(region_shows(&a, regions[i], license.record.title,
                                   strlen(license.record.title))));
        cr_assert(not(region_shows(&a, regions[i], a.root, sizeof(a.root))));
    }
    close_all();
}

/* Stored in the user area of the same card. */
static void stored_on_same(sdv_via door)
{
    open_one(door);
    export_to(&a);
    expect_stored(&a);
    close_all();
}

/* From there the secure area is updated. */
static void updated_from_same(sdv_via door)
{
    open_one(door);
    export_to(&a);
    update_from(&a);
    close_all();
}

/* Stored on a second card. */
static void stored_on_second(sdv_via door)
{
    open_two(door);
    export_to(&b);
    expect_stored(&b);
    close_all();
}

/* From there the first card is updated; the second card gets nothing. */
static void updated_from_second(sdv_via door)
{
    open_two(door);
    export_to(&b);
    cr_assert(
        eq(int, sdv_license_import(&b.assd, block), SDV_CARD_SW(SEAL_MEDIUM)));
    update_from(&b);
    close_all();
}

Test(claims, claim_07)
{
    stored_on_same(SDV_VIA_ASSD);
}

Test(claims, claim_08)
{
    updated_from_same(SDV_VIA_ASSD);
}

Test(claims, claim_11)
{
    stored_on_second(SDV_VIA_ASSD);
}

Test(claims, claim_12)
{
    updated_from_second(SDV_VIA_ASSD);
}

/* The slot's own means: any information, and licenses only sealed. */
Test(claims, claim_18)
{
    open_one(SDV_VIA_CMD56);
    for (uint32_t lba = 1; lba < SLOT_HC_BLOCKS; lba += 2731) {
        slot_pattern(block, sizeof(block), lba);
        story_write(&a, lba, block);
        story_read(&a, lba, got);
        cr_assert(eq(int, memcmp(got, block, sizeof(got)), 0));
    }
    taken_out_sealed();
    close_all();
}

Test(claims, claim_19)
{
    stored_on_same(SDV_VIA_CMD56);
}

Test(claims, claim_20)
{
    updated_from_same(SDV_VIA_CMD56);
}

Test(claims, claim_23)
{
    stored_on_second(SDV_VIA_CMD56);
}

Test(claims, claim_24)
{
    updated_from_second(SDV_VIA_CMD56);
}
