/* SPDX-License-Identifier: Apache-2.0 */
/* Registers to the bit, with values worked out by hand from the tables. */
#include <string.h>

#include "slot.h"

/* Bits `lsb + bits - 1` to `lsb` of a register in words, [3] the highest. */
static uint32_t field(const uint32_t reg[4], unsigned lsb, unsigned bits)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < bits; i++) {
        value |= (reg[(lsb + i) / 32] >> ((lsb + i) % 32) & 1u) << i;
    }
    return value;
}

static void read_csd(slot *s, uint32_t csd[4])
{
    cr_assert(eq(int, slot_send(s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(s, 9, slot_rca(s), SDV_RESP_R2), SDV_OK));
    memcpy(csd, s->response, sizeof(s->response));
    cr_assert(eq(int, slot_send(s, 7, slot_rca(s), SDV_RESP_R1B), SDV_OK));
}

SCENARIO(registers, blank_card_has_the_cid_of_its_die)
{
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, slot_send(&s, 7, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 10, slot_rca(&s), SDV_RESP_R2), SDV_OK));
    cr_assert(eq(u32, s.response[3], 0x53445653u)); /* S DV S */
    cr_assert(eq(u32, s.response[2], 0x4456424Cu)); /* DVBL */
    cr_assert(eq(u32, s.response[1], 0x10123456u)); /* 1.0, serial */
    cr_assert(eq(u32, s.response[0], 0x7801AB00u)); /* ... November 2026 */
    slot_close(&s);
}

SCENARIO(registers, personalized_card_has_the_cid_of_its_otp)
{
    static const uint8_t cid[16] = {0x1B, 'X',  'Y',  'C',  'A',  'R',
                                    'D',  '9',  0x27, 0xDE, 0xAD, 0xBE,
                                    0xEF, 0x01, 0x86, 0xFF};
    const slot_options cold = {.cold = true};
    uint8_t *otp;
    slot s;

    slot_open(&s, param, &cold);
    otp = sdv_image_data(sdv_sim_image(s.sim), SDV_REGION_OTP);
    memcpy(otp + SDV_NVM_OTP_CID * 4, cid, sizeof(cid));
    slot_leave(&s);
    s.options.cold = false;
    slot_resume(&s);
    cr_assert(eq(u32, s.card.raw_cid[3], 0x1B585943u));
    cr_assert(eq(u32, s.card.raw_cid[2], 0x41524439u));
    cr_assert(eq(u32, s.card.raw_cid[1], 0x27DEADBEu));
    cr_assert(eq(u32, s.card.raw_cid[0], 0xEF018600u));
    cr_assert(eq(u32, s.card.cid.year, 2024));
    cr_assert(eq(u32, s.card.cid.month, 6));
    slot_close(&s);
}

SCENARIO(registers, csd_of_high_capacity)
{
    uint32_t csd[4];
    slot s;

    slot_open(&s, param, NULL);
    read_csd(&s, csd);
    cr_assert(eq(u32, csd[3], 0x400E005Au)); /* high speed was chosen */
    cr_assert(eq(u32, csd[2], 0x5B590000u));
    cr_assert(eq(u32, csd[1], (SLOT_HC_BLOCKS / 1024 - 1) << 16 | 0x7F80u));
    cr_assert(eq(u32, csd[0], 0x0A400000u));
    slot_close(&s);
}

SCENARIO(registers, csd_of_standard_capacity)
{
    static const struct {
        uint32_t blocks, c_size, mult;
    } sizes[] = {{4, 0, 0},
                 {16384, 4095, 0},
                 {16392, 2048, 1},
                 {32768, 4095, 1},
                 {1048576, 4095, 6}};
    const slot_param sdsc = {param->kernel, true, 4};

    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        const slot_options options = {.blocks = sizes[i].blocks};
        uint32_t csd[4];
        slot s;

        slot_open(&s, &sdsc, &options);
        read_csd(&s, csd);
        cr_assert(eq(u32, csd[3], 0x000E005Au));
        cr_assert(eq(u32, field(csd, 76, 20), 0x5B598u)); /* partial reads */
        cr_assert(eq(u32, field(csd, 62, 12), sizes[i].c_size));
        cr_assert(eq(u32, field(csd, 47, 3), sizes[i].mult));
        cr_assert(eq(u32, field(csd, 50, 12), 0xDB6u));
        cr_assert(eq(u32, sdv_card_blocks(&s.card), sizes[i].blocks));
        slot_close(&s);
    }
}

SCENARIO_EACH(registers, scr_and_ssr)
{
    static const uint8_t scr[8] = {0x02, 0x05, 0x80, 0x02};
    uint8_t data[64];
    slot s;

    slot_open(&s, param, NULL);
    cr_assert(eq(int, slot_read_app(&s, 51, 8, data), SDV_OK));
    cr_assert(eq(int, memcmp(data, scr, 8), 0));
    cr_assert(eq(int, slot_read_app(&s, 13, 64, data), SDV_OK));
    cr_assert(eq(u8, data[0], param->lines == 4 ? 0x80 : 0));
    cr_assert(eq(u8, data[8], 4));     /* class 10 */
    cr_assert(eq(u8, data[10], 0x10)); /* AU of 16 KiB */
    cr_assert(eq(u8, data[11], 0));
    cr_assert(eq(u8, data[12], 1)); /* one AU ... */
    cr_assert(eq(u8, data[13], 4)); /* ... in one second */
    slot_close(&s);
}

/* ---- CMD6 ---- */

static void switch_function(slot *s, uint32_t argument, uint8_t data[64])
{
    const sdv_err err =
        slot_move(s, 6, argument, SDV_DIR_READ, SDV_STOP_NONE, 64, 1, data);

    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_name(err));
}

SCENARIO_EACH(registers, switch_function_answers_64_bytes)
{
    static const uint8_t head[18] = {0,    0x64, 0x80, 0x01, 0x80, 0x01,
                                     0x80, 0x01, 0x80, 0x01, 0x80, 0x13,
                                     0x80, 0x03, 0,    0,    1,    1};
    const slot_options slow = {.default_speed = true};
    uint8_t data[64];
    slot s;

    slot_open(&s, param, &slow);
    switch_function(&s, 0x00FFFFF1u, data); /* check only */
    cr_assert(eq(int, memcmp(data, head, sizeof(head)), 0));
    for (size_t i = sizeof(head); i < sizeof(data); i++) {
        cr_assert(eq(u8, data[i], 0));
    }
    switch_function(&s, 0x00FFFFFFu, data);
    cr_assert(eq(u8, data[16], 0)); /* nothing was switched */
    switch_function(&s, 0x80FFFFF1u, data);
    cr_assert(eq(u8, data[16], 1));
    switch_function(&s, 0x00FFFFFFu, data);
    cr_assert(eq(u8, data[16], 1));
    switch_function(&s, 0x80FFFFF0u, data);
    switch_function(&s, 0x80FFFFFFu, data);
    cr_assert(eq(u8, data[16], 0));
    slot_close(&s);
}

SCENARIO(registers, function_that_does_not_exist_switches_nothing)
{
    const slot_options slow = {.default_speed = true};
    uint8_t data[64];
    uint32_t csd[4];
    slot s;

    slot_open(&s, param, &slow);
    switch_function(&s, 0x80FF4FF1u, data); /* group 4 has no function 4 */
    cr_assert(eq(u8, data[1], 0));
    cr_assert(eq(u8, data[15], 0xF0));
    cr_assert(eq(u8, data[16], 0x01));
    read_csd(&s, csd);
    cr_assert(eq(u32, csd[3] & 0xFFu, 0x32));
    switch_function(&s, 0x80FFFFF2u, data);
    cr_assert(eq(u8, data[16], 0x0F));
    switch_function(&s, 0x80000001u, data); /* all groups by number */
    cr_assert(eq(u8, data[1], 0x64));
    read_csd(&s, csd);
    cr_assert(eq(u32, csd[3] & 0xFFu, 0x5A));
    slot_close(&s);
}

SCENARIO(registers, switch_that_is_cut_short_switches_nothing)
{
    const slot_options slow = {.default_speed = true};
    const slot_param one = {param->kernel, false, 1};
    uint32_t csd[4];
    slot s;

    slot_open(&s, &one, &slow);
    cr_assert(eq(int, slot_send(&s, 6, 0x80FFFFF1u, SDV_RESP_R1), SDV_OK));
    cr_assert(eq(int, slot_send(&s, 12, 0, SDV_RESP_R1B), SDV_OK));
    cr_assert(eq(u32, slot_state_of(s.response[0]), SDV_STATE_DATA));
    read_csd(&s, csd);
    cr_assert(eq(u32, csd[3] & 0xFFu, 0x32));
    slot_close(&s);
}
