/* SPDX-License-Identifier: Apache-2.0 */
/* APDUs: building, parsing, responses. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/apdu.h>

static uint8_t data[70000];
static uint8_t bytes[70000];

static sdv_apdu apdu(size_t size, uint32_t le)
{
    return (sdv_apdu){.cla = 0x80,
                      .ins = 0xE2,
                      .p1 = 1,
                      .p2 = 2,
                      .data = size != 0 ? data : NULL,
                      .size = size,
                      .le = le};
}

static size_t build(size_t size, uint32_t le)
{
    const sdv_apdu command = apdu(size, le);
    size_t used;

    cr_assert(zero(int, sdv_apdu_build(&command, bytes, sizeof(bytes), &used)));
    return used;
}

Test(host_apdu, the_seven_forms)
{
    memset(data, 0xDD, sizeof(data));
    cr_assert(eq(sz, build(0, 0), 4));
    cr_assert(eq(sz, build(0, 256), 5));
    cr_assert(zero(u8, bytes[4]), "an Le of 256 is written as 0");
    cr_assert(eq(sz, build(0, 257), 7));
    cr_assert(zero(int, memcmp(bytes + 4, "\x00\x01\x01", 3)));
    cr_assert(eq(sz, build(3, 0), 8));
    cr_assert(zero(int, memcmp(bytes, "\x80\xE2\x01\x02\x03\xDD\xDD\xDD", 8)));
    cr_assert(eq(sz, build(3, 16), 9));
    cr_assert(eq(u8, bytes[8], 16));
    cr_assert(eq(sz, build(256, 0), 4 + 3 + 256));
    cr_assert(zero(int, memcmp(bytes + 4, "\x00\x01\x00", 3)));
    cr_assert(eq(sz, build(3, 65536), 4 + 3 + 3 + 2));
    cr_assert(zero(int, memcmp(bytes + 10, "\x00\x00", 2)));
}

Test(host_apdu, what_does_not_fit_is_said)
{
    const sdv_apdu whole = apdu(1015, 0);
    const sdv_apdu more = apdu(1016, 0);
    const sdv_apdu data_too_long = apdu(65536, 0);
    const sdv_apdu le_too_large = apdu(0, 65537);
    size_t used = 1;

    cr_assert(zero(int, sdv_apdu_build(&whole, bytes, SDV_APDU_MAX, &used)));
    cr_assert(eq(sz, used, SDV_APDU_MAX));
    cr_assert(eq(int, sdv_apdu_build(&more, bytes, SDV_APDU_MAX, &used),
                 SDV_ERR_APDU));
    cr_assert(zero(sz, used));
    cr_assert(eq(int,
                 sdv_apdu_build(&data_too_long, bytes, sizeof(bytes), &used),
                 SDV_ERR_ARG));
    cr_assert(eq(int,
                 sdv_apdu_build(&le_too_large, bytes, sizeof(bytes), &used),
                 SDV_ERR_ARG));
}

Test(host_apdu, what_was_built_is_parsed_and_no_part_of_it)
{
    static const size_t sizes[] = {0, 1, 255, 256, 1015};
    static const uint32_t les[] = {0, 1, 255, 256, 257, 65535, 65536};

    for (size_t i = 0; i < sizeof(data); i++) {
        data[i] = (uint8_t)(i * 7 + 1);
    }
    for (size_t i = 0; i < 5; i++) {
        for (size_t k = 0; k < 7; k++) {
            const size_t used = build(sizes[i], les[k]);
            sdv_apdu got;

            cr_assert(zero(int, sdv_apdu_parse(bytes, used, &got)));
            cr_assert(eq(sz, got.size, sizes[i]));
            cr_assert(eq(u32, got.le, les[k]), "%zu %zu", i, k);
            cr_assert(zero(
                int, memcmp(got.size != 0 ? got.data : data, data, got.size)));
            cr_assert(eq(u8, got.cla, 0x80));
            cr_assert(eq(u8, got.p2, 2));
        }
    }
}

Test(host_apdu, bytes_left_over_or_missing_are_refused)
{
    static const struct {
        const char *bytes;
        size_t size;
    } wrong[] = {
        {"\x80\xCA\x00", 3},
        {"\x80\xCA\x00\x00\x00\x01", 6},         /* half an extended length */
        {"\x80\xCA\x00\x00\x01", 0},             /* nothing at all */
        {"\x80\xCA\x00\x00\x02\x01", 6},         /* one byte missing */
        {"\x80\xCA\x00\x00\x01\xAA\x10\x10", 8}, /* one left over */
        {"\x80\xCA\x00\x00\x00\x00\x00\xAA", 8}, /* extended Lc of 0 */
        {"\x80\xCA\x00\x00\x00\x00\x02\xAA", 8}, /* one byte missing */
        {"\x80\xCA\x00\x00\x00\x00\x01\xAA\x01", 9}, /* half an Le */
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        sdv_apdu got;

        cr_assert(eq(int,
                     sdv_apdu_parse((const uint8_t *)wrong[i].bytes,
                                    wrong[i].size, &got),
                     SDV_ERR_APDU),
                  "case %zu", i);
        cr_assert(zero(sz, got.size));
    }
}

/* ---- responses ---- */

static sdv_err respond(const char *text, size_t size, size_t *data_size)
{
    const uint8_t *got;

    return sdv_apdu_response((const uint8_t *)text, size, &got, data_size);
}

Test(host_apdu, a_response_is_data_and_a_status_word)
{
    size_t size;

    cr_assert(zero(int, respond("ab\x90\x00", 4, &size)));
    cr_assert(eq(sz, size, 2));
    cr_assert(zero(int, respond("\x90\x00", 2, &size)));
    cr_assert(zero(sz, size));
    cr_assert(eq(int, respond("\x6A\x88", 2, &size), SDV_CARD_SW(NOT_FOUND)));
    cr_assert(
        eq(int, respond("ab\x6A\xF5", 4, &size), SDV_CARD_SW(SEAL_MEDIUM)));
    cr_assert(zero(sz, size), "what is refused has no data");
    cr_assert(eq(int, respond("\x90", 1, &size), SDV_ERR_PROTOCOL));
    cr_assert(eq(int, respond("\x00\x00", 2, &size), SDV_ERR_PROTOCOL));
    cr_assert(eq(int, respond("\xFF\xFF", 2, &size), SDV_ERR_PROTOCOL));
}

Test(host_apdu, every_status_word_is_a_result_of_its_own)
{
#define CHECK(name_, value_, sr_, text_)                                       \
    if ((value_) != SDV_SW_OK) {                                               \
        const sdv_err err = sdv_err_from_sw((uint16_t)(value_));               \
                                                                               \
        cr_assert(eq(int, err, SDV_CARD_SW(name_)));                           \
        cr_assert(gt(int, err, 256 + 31));                                     \
        cr_assert(eq(u16, sdv_err_sw(err), value_));                           \
        cr_assert(eq(str, (char *)sdv_err_name(err), "SW_" #name_));           \
        cr_assert(eq(str, (char *)sdv_err_text(err), text_));                  \
    }
    SDV_SW_TABLE(CHECK)
    cr_assert(eq(str, (char *)sdv_err_name(0x6F01), "SW_UNKNOWN"));
    cr_assert(ne(ptr, strstr(sdv_err_text(0x6F01), "status word"), NULL));
    cr_assert(zero(u16, sdv_err_sw(SDV_OK)));
    cr_assert(zero(u16, sdv_err_sw(SDV_ERR_PROTOCOL)));
    cr_assert(zero(u16, sdv_err_sw(SDV_CARD_OUT_OF_RANGE)));
}

Test(host_apdu, instructions_have_names)
{
    cr_assert(eq(str, (char *)sdv_apdu_name(SDV_INS_LICENSE_IMPORT),
                 "LICENSE_IMPORT"));
    cr_assert(eq(str, (char *)sdv_apdu_name(0xFF), "APDU"));
}
