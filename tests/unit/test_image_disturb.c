/* SPDX-License-Identifier: Apache-2.0 */
/* Storage that is torn or exchanged behind the controller's back. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/image.h>

static char folder[32];
static sdv_image *image;

static void start(void)
{
    strcpy(folder, "/tmp/disturb-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
    cr_assert(zero(int, sdv_image_create("card", 1024, true, 1)));
    cr_assert(zero(int, sdv_image_open("card", &image)));
}

static void finish(void)
{
    sdv_image_close(&image);
    cr_assert(zero(int, unlink("card")));
    cr_assert(zero(int, rmdir(folder)));
}

TestSuite(image_disturb, .init = start, .fini = finish);

static void fill(sdv_region region, size_t unit, int byte)
{
    uint8_t bytes[512];

    memset(bytes, byte, sizeof(bytes));
    cr_assert(zero(int, sdv_image_program(image, region, unit, bytes)));
}

static const uint8_t *unit_at(sdv_region region, size_t unit)
{
    const size_t size =
        region == SDV_REGION_USER || region == SDV_REGION_SECURE ? 512 : 4;

    return sdv_image_data(image, region) + unit * size;
}

/* Leading bits of a unit that are still ones. */
static unsigned kept(const uint8_t *unit, size_t size)
{
    unsigned bits = 0;

    while (bits < 8 * size && unit[bits / 8] >> (7 - bits % 8) & 1u) {
        bits++;
    }
    return bits;
}

Test(image_disturb, a_torn_unit_keeps_its_beginning_only)
{
    static const sdv_region regions[] = {SDV_REGION_SECURE, SDV_REGION_EEPROM};
    static const size_t sizes[] = {512, 4};

    for (size_t r = 0; r < 2; r++) {
        unsigned least = UINT32_MAX;
        unsigned most = 0;

        for (uint64_t seed = 0; seed < 200; seed++) {
            unsigned bits;

            for (size_t i = 9; i < 13; i++) {
                fill(regions[r], i, 0xFF);
            }
            cr_assert(
                zero(int, sdv_image_tear(image, regions[r], 10, 2, seed)));
            bits = kept(unit_at(regions[r], 10), sizes[r]);
            least = bits < least ? bits : least;
            most = bits > most ? bits : most;
            cr_assert(ge(uint, bits, 1));
            cr_assert(eq(uint, kept(unit_at(regions[r], 9), sizes[r]),
                         (unsigned)(8 * sizes[r])),
                      "the neighbours stay");
            cr_assert(eq(uint, kept(unit_at(regions[r], 12), sizes[r]),
                         (unsigned)(8 * sizes[r])));
        }
        cr_assert(lt(uint, least, (unsigned)sizes[r]));
        cr_assert(gt(uint, most, (unsigned)(7 * sizes[r])));
    }
}

Test(image_disturb, the_same_seed_tears_in_the_same_way)
{
    uint8_t first[512];

    fill(SDV_REGION_USER, 3, 0x5A);
    cr_assert(zero(int, sdv_image_tear(image, SDV_REGION_USER, 3, 1, 9)));
    memcpy(first, unit_at(SDV_REGION_USER, 3), sizeof(first));
    fill(SDV_REGION_USER, 3, 0x5A);
    cr_assert(zero(int, sdv_image_tear(image, SDV_REGION_USER, 3, 1, 9)));
    cr_assert(
        zero(int, memcmp(first, unit_at(SDV_REGION_USER, 3), sizeof(first))));
    fill(SDV_REGION_USER, 3, 0x5A);
    cr_assert(zero(int, sdv_image_tear(image, SDV_REGION_USER, 3, 1, 10)));
    cr_assert(
        ne(int, memcmp(first, unit_at(SDV_REGION_USER, 3), sizeof(first)), 0));
}

Test(image_disturb, swapped_units_have_changed_places)
{
    fill(SDV_REGION_SECURE, 0, 0x11);
    fill(SDV_REGION_SECURE, 127, 0x22);
    fill(SDV_REGION_EEPROM, 5, 0x33);
    fill(SDV_REGION_EEPROM, 6, 0x44);
    cr_assert(zero(int, sdv_image_swap(image, SDV_REGION_SECURE, 0, 127)));
    cr_assert(zero(int, sdv_image_swap(image, SDV_REGION_EEPROM, 6, 5)));
    cr_assert(eq(u8, unit_at(SDV_REGION_SECURE, 0)[511], 0x22));
    cr_assert(eq(u8, unit_at(SDV_REGION_SECURE, 127)[0], 0x11));
    cr_assert(eq(u8, unit_at(SDV_REGION_EEPROM, 5)[3], 0x44));
    cr_assert(eq(u8, unit_at(SDV_REGION_EEPROM, 6)[0], 0x33));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_SECURE, 127), 1),
              "nothing was programmed");
    cr_assert(zero(int, sdv_image_swap(image, SDV_REGION_SECURE, 0, 0)));
    cr_assert(eq(u8, unit_at(SDV_REGION_SECURE, 0)[0], 0x22));
}

Test(image_disturb, past_the_end_nothing_is_changed)
{
    fill(SDV_REGION_SECURE, 127, 0x22);
    cr_assert(eq(int, sdv_image_tear(image, SDV_REGION_SECURE, 127, 2, 1),
                 SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_image_swap(image, SDV_REGION_SECURE, 127, 128),
                 SDV_ERR_RANGE));
    cr_assert(eq(int, sdv_image_swap(image, SDV_REGION_SECURE, 128, 127),
                 SDV_ERR_RANGE));
    cr_assert(eq(u8, unit_at(SDV_REGION_SECURE, 127)[511], 0x22));
}
