/* SPDX-License-Identifier: Apache-2.0 */
/* Registers from bits to fields. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/card.h>

/* Put a value into a register of 128 bits. */
static void set(uint32_t raw[4], unsigned lsb, unsigned bits, uint64_t value)
{
    for (unsigned i = 0; i < bits; i++) {
        const unsigned bit = lsb + i;

        raw[bit / 32] &= ~(1u << bit % 32);
        raw[bit / 32] |= (uint32_t)(value >> i & 1u) << bit % 32;
    }
}

#define SET(raw, reg, field, value)                                            \
    set(raw, SDV_##reg##_##field##_LSB, SDV_##reg##_##field##_BITS, value)

/* A plain CSD of a version, with a size still to set. */
static void plain_csd(uint32_t raw[4], unsigned version)
{
    memset(raw, 0, 4 * sizeof(raw[0]));
    SET(raw, CSD, CSD_STRUCTURE, version - 1);
    SET(raw, CSD, TRAN_SPEED, 0x32);
    SET(raw, CSD, CCC, 0x5B5);
    SET(raw, CSD, READ_BL_LEN, 9);
}

Test(host_parse, cid_fields_come_from_their_bits)
{
    uint32_t raw[4] = {0};
    sdv_cid cid;

    SET(raw, CID, MID, 0x53);
    SET(raw, CID, OID, 0x4456);
    SET(raw, CID, PNM, UINT64_C(0x4142434445));
    SET(raw, CID, PRV, 0x21);
    SET(raw, CID, PSN, 0xDEADBEEF);
    SET(raw, CID, MDT, 0x1AB);
    cr_assert(eq(int, sdv_cid_parse(raw, &cid), SDV_OK));
    cr_assert(eq(u8, cid.mid, 0x53));
    cr_assert(eq(str, cid.oid, "DV"));
    cr_assert(eq(str, cid.pnm, "ABCDE"));
    cr_assert(eq(u8, cid.prv, 0x21));
    cr_assert(eq(u32, cid.psn, 0xDEADBEEF));
    cr_assert(eq(u16, cid.year, 2026));
    cr_assert(eq(u8, cid.month, 11));
}

Test(host_parse, csd_version_1_multiplies_its_three_size_fields)
{
    static const struct {
        unsigned length, size, mult;
        uint32_t blocks;
    } cases[] = {{9, 0, 0, 4},
                 {9, 4095, 7, 4096 * 512},
                 {10, 4095, 7, 2 * 4096 * 512},
                 {11, 1023, 5, 4 * 1024 * 128}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t raw[4];
        sdv_csd csd;

        plain_csd(raw, 1);
        SET(raw, CSD, READ_BL_LEN, cases[i].length);
        SET(raw, CSD, C_SIZE, cases[i].size);
        SET(raw, CSD, C_SIZE_MULT, cases[i].mult);
        cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_OK), "case %zu", i);
        cr_assert(eq(u32, csd.blocks, cases[i].blocks), "case %zu", i);
        cr_assert(eq(u8, csd.version, 1));
        cr_assert(eq(u32, csd.max_hz, 25000000));
        cr_assert(eq(u16, csd.ccc, 0x5B5));
    }
}

Test(host_parse, csd_version_2_counts_units_of_512_kib)
{
    uint32_t raw[4];
    sdv_csd csd;

    plain_csd(raw, 2);
    SET(raw, CSD, C_SIZE_V2, 127);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_OK));
    cr_assert(eq(u32, csd.blocks, 131072));
    SET(raw, CSD, C_SIZE_V2, 0x3FFFFF);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_OK));
    cr_assert(eq(u32, csd.blocks, UINT32_MAX));
}

Test(host_parse, tran_speed_is_a_factor_and_a_power_of_ten)
{
    static const struct {
        unsigned code;
        uint32_t hz;
    } cases[] = {{0x5A, 50000000}, {0x32, 25000000}, {0x0B, 100000000},
                 {0x08, 100000},   {0x11, 1200000},  {0x7A, 80000000}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t raw[4];
        sdv_csd csd;

        plain_csd(raw, 2);
        SET(raw, CSD, TRAN_SPEED, cases[i].code);
        cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_OK));
        cr_assert(eq(u32, csd.max_hz, cases[i].hz), "code %x", cases[i].code);
    }
}

Test(host_parse, csd_that_makes_no_sense_is_refused)
{
    uint32_t raw[4];
    sdv_csd csd;

    plain_csd(raw, 3);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_ERR_PROTOCOL), "version");
    plain_csd(raw, 1);
    SET(raw, CSD, READ_BL_LEN, 8);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_ERR_PROTOCOL), "length");
    SET(raw, CSD, READ_BL_LEN, 12);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_ERR_PROTOCOL), "length");
    plain_csd(raw, 2);
    SET(raw, CSD, TRAN_SPEED, 0);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_ERR_PROTOCOL), "factor");
    SET(raw, CSD, TRAN_SPEED, 0x37);
    cr_assert(eq(int, sdv_csd_parse(raw, &csd), SDV_ERR_PROTOCOL), "unit");
}

Test(host_parse, scr_tells_version_width_and_cmd23)
{
    const uint8_t both[8] = {0x02, 0x05, 0x80, 0x02};
    const uint8_t old[8] = {0x01, 0x01, 0x00, 0x00};
    const uint8_t unknown[8] = {0x12, 0x05, 0x80, 0x02};
    sdv_scr scr;

    cr_assert(eq(int, sdv_scr_parse(both, &scr), SDV_OK));
    cr_assert(scr.sd_spec == 3 && scr.width4 && scr.cmd23);
    cr_assert(eq(int, sdv_scr_parse(old, &scr), SDV_OK));
    cr_assert(scr.sd_spec == 1 && !scr.width4 && !scr.cmd23);
    cr_assert(eq(int, sdv_scr_parse(unknown, &scr), SDV_ERR_PROTOCOL));
}
