/* SPDX-License-Identifier: Apache-2.0 */
/* Results: names, texts, and what a card status means. */
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include <sdvault/bus.h>
#include <sdvault/error.h>

#include "bus_internal.h"

Test(host_error, every_result_has_a_name_and_a_text)
{
#define CHECK(name_, value_, text_)                                            \
    cr_assert(eq(str, (char *)sdv_err_name(value_), #name_));                  \
    cr_assert(eq(str, (char *)sdv_err_text(value_), text_));
    SDV_ERR_TABLE(CHECK)
    cr_assert(eq(str, (char *)sdv_err_name(-1000), "UNKNOWN"));
    cr_assert(eq(str, (char *)sdv_err_text(1000), "unknown result"));
}

Test(host_error, a_status_without_error_bits_is_ok)
{
    const uint32_t harmless =
        SDV_STATUS_CARD_IS_LOCKED | SDV_STATUS_CARD_ECC_DISABLED |
        SDV_STATUS_ERASE_RESET | SDV_STATUS_READY_FOR_DATA |
        SDV_STATUS_APP_CMD | 0x1E00u;

    cr_assert(eq(int, sdv_err_from_status(0), SDV_OK));
    cr_assert(eq(int, sdv_err_from_status(harmless), SDV_OK));
}

Test(host_error, the_highest_error_bit_counts)
{
    for (int bit = 0; bit < 32; bit++) {
        const sdv_err err = sdv_err_from_status(1u << bit);

        cr_assert(err == SDV_OK || err == 256 + bit, "bit %d", bit);
        cr_assert(err == SDV_OK || strncmp(sdv_err_name(err), "CARD_", 5) == 0,
                  "bit %d has no name", bit);
    }
    cr_assert(eq(
        int, sdv_err_from_status(SDV_STATUS_ERROR | SDV_STATUS_ADDRESS_ERROR),
        SDV_CARD_ADDRESS_ERROR));
}

Test(host_error, r6_carries_four_bits_elsewhere)
{
    sdv_cmd cmd = {.opcode = 3, .resp = SDV_RESP_R6};

    cmd.response[0] = 0x12348000;
    cr_assert(eq(u32, sdv_bus_status_of(&cmd), SDV_STATUS_COM_CRC_ERROR));
    cmd.response[0] = 0x12344000;
    cr_assert(eq(u32, sdv_bus_status_of(&cmd), SDV_STATUS_ILLEGAL_COMMAND));
    cmd.response[0] = 0x12342500;
    cr_assert(eq(u32, sdv_bus_status_of(&cmd), SDV_STATUS_ERROR | 0x500u));
    cr_assert(
        eq(int, sdv_bus_judge(&cmd, sdv_bus_status_of(&cmd)), SDV_CARD_ERROR));
}

Test(host_error, bits_about_the_command_before_count_for_cmd13_only)
{
    const sdv_cmd read = {.opcode = 17};
    const sdv_cmd query = {.opcode = 13};
    const sdv_cmd acmd = {.opcode = 13, .is_acmd = true};
    const uint32_t status =
        SDV_STATUS_ILLEGAL_COMMAND | SDV_STATUS_COM_CRC_ERROR;

    cr_assert(eq(int, sdv_bus_judge(&read, status), SDV_OK));
    cr_assert(eq(int, sdv_bus_judge(&acmd, status), SDV_OK));
    cr_assert(eq(int, sdv_bus_judge(&query, status), SDV_CARD_COM_CRC_ERROR));
    cr_assert(eq(int, sdv_bus_judge(&read, status | SDV_STATUS_ERROR),
                 SDV_CARD_ERROR));
}
