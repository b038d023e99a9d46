/* SPDX-License-Identifier: Apache-2.0 */
/* Ids as people read and type them. */
#include <ctype.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/id.h>

static const char digits[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
static const char symbols[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ*~$=U";

/* Repeatable ids that use all bits. */
static uint64_t sample(unsigned i)
{
    return (i + 1) * UINT64_C(0x9E3779B97F4A7C15);
}

static void format(uint64_t id, char text[SDV_ID_TEXT_SIZE])
{
    cr_assert(eq(int, sdv_id_format(id, text), SDV_OK));
}

static void expect_refused(const char *text)
{
    uint64_t id = 1;

    cr_assert(eq(int, sdv_id_parse(text, &id), SDV_ERR_ID), "%s", text);
    cr_assert(zero(u64, id));
}

static void expect_read(const char *text, uint64_t expected)
{
    uint64_t id = 0;

    cr_assert(eq(int, sdv_id_parse(text, &id), SDV_OK), "%s", text);
    cr_assert(eq(u64, id, expected), "%s", text);
}

Test(host_id, is_shown_in_groups_with_a_check_symbol)
{
    char text[SDV_ID_TEXT_SIZE];

    format(1, text);
    cr_assert(eq(str, text, "0000-0000-00001-1"));
    format(36, text);
    cr_assert(eq(str, text, "0000-0000-00014-U"));
    /* 2^64 - 2: the first digit is F; 2^36 = 1 modulo 37 leaves 14 */
    format(UINT64_MAX - 1, text);
    cr_assert(eq(str, text, "FZZZ-ZZZZ-ZZZZY-A"));
}

Test(host_id, reads_back_what_it_shows)
{
    char text[SDV_ID_TEXT_SIZE];

    for (unsigned i = 0; i < 1000; i++) {
        format(sample(i), text);
        expect_read(text, sample(i));
    }
}

Test(host_id, reads_what_people_make_of_it)
{
    char text[SDV_ID_TEXT_SIZE];

    expect_read("00000000000011", 1);
    expect_read("0-0-0-0-0000-00001-1", 1);
    expect_read("oOo0-0000-0000I-l", 1);
    for (unsigned n = 0; n < 100; n++) {
        format(sample(n), text);
        for (char *c = text; *c != '\0'; c++) {
            *c = (char)tolower((unsigned char)*c);
        }
        expect_read(text, sample(n));
    }
}

Test(host_id, every_wrong_digit_is_found)
{
    char text[SDV_ID_TEXT_SIZE];

    for (unsigned n = 0; n < 20; n++) {
        format(sample(n), text);
        for (size_t i = 0; i + 1 < SDV_ID_TEXT_SIZE; i++) {
            const char *set = i == 16 ? symbols : digits;
            const char good = text[i];

            for (const char *c = set; good != '-' && *c != '\0'; c++) {
                if (*c != good) {
                    text[i] = *c;
                    expect_refused(text);
                }
            }
            text[i] = good;
        }
    }
}

Test(host_id, every_swap_of_neighbours_is_found)
{
    char text[SDV_ID_TEXT_SIZE];
    unsigned swaps = 0;

    for (unsigned n = 0; n < 200; n++) {
        format(sample(n), text);
        for (size_t i = 0; i + 2 < SDV_ID_TEXT_SIZE; i++) {
            const size_t k = text[i + 1] == '-' ? i + 2 : i + 1;
            const char first = text[i];

            if (first != '-' && first != text[k]) {
                text[i] = text[k];
                text[k] = first;
                expect_refused(text);
                text[k] = text[i];
                text[i] = first;
                swaps++;
            }
        }
    }
    cr_assert(gt(uint, swaps, 2000));
}

Test(host_id, numbers_that_are_no_id_are_refused)
{
    char text[SDV_ID_TEXT_SIZE];

    cr_assert(eq(int, sdv_id_format(0, text), SDV_ERR_ID));
    cr_assert(eq(str, text, ""));
    cr_assert(eq(int, sdv_id_format(UINT64_MAX, text), SDV_ERR_ID));
    expect_refused("0000-0000-00000-0");
    expect_refused("FZZZ-ZZZZ-ZZZZZ-B"); /* all ones, right check symbol */
    expect_refused("0x0000000000000000");
    expect_refused("0xFFFFFFFFFFFFFFFF");
}

Test(host_id, hex_needs_0x_and_16_digits)
{
    expect_read("0x0123456789abcdef", UINT64_C(0x0123456789ABCDEF));
    expect_read("0X0123456789ABCDEF", UINT64_C(0x0123456789ABCDEF));
    expect_refused("0123456789abcdef");
    expect_refused("0x123456789abcdef");
    expect_refused("0x00123456789abcdef");
    expect_refused("0x0123456789abcdeg");
    expect_refused("0x0123456789abcdeO");
    expect_refused("0x");
}

Test(host_id, hyphens_tell_an_id_that_starts_with_0x_from_hex)
{
    const uint64_t id = sample(224);
    char text[SDV_ID_TEXT_SIZE];

    format(id, text);
    cr_assert(eq(int, strncmp(text, "0X", 2), 0), "%s", text);
    expect_read(text, id);
    expect_refused("0XGFW13G7E3KN4");
}

Test(host_id, other_forms_are_refused)
{
    expect_refused("");
    expect_refused("-");
    expect_refused("0000-0000-00001");
    expect_refused("0000-0000-00001-1-1");
    expect_refused("0000 0000 00001 1");
    expect_refused(" 0000-0000-00001-1");
    expect_refused("G000-0000-00000-0"); /* bit 64 */
    expect_refused("*000-0000-00000-0"); /* a check symbol is no digit */
}
