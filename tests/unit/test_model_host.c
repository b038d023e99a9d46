/* SPDX-License-Identifier: Apache-2.0 */
/* Registers of the functional host controller, as a driver meets them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "model.h"

#define WORD(name) (SDV_SDHCI_##name & ~3u)
#define NORMAL(name) SDV_SDHCI_NORMAL_STATUS_##name##_MASK
#define ERROR(name) ((uint32_t)SDV_SDHCI_ERROR_STATUS_##name##_MASK << 16)
#define CLOCK_ON 5u
#define POWER_ON 0x0F00u
#define R1_CHECKED 0x1Au /* 48 bits, CRC and index */

static char path[] = "/tmp/sdv-model-XXXXXX";
static sdv_image *image;
static sdv_model *model;
static const sdv_mmio *mmio;

static uint32_t get(uint32_t offset)
{
    return mmio->read32(mmio->ctx, offset);
}

static void set(uint32_t offset, uint32_t value)
{
    mmio->write32(mmio->ctx, offset, value);
}

static void start(void)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;

    cr_assert(ne(ptr, mkdtemp(path), NULL));
    rmdir(path);
    cr_assert(eq(int, sdv_image_create(path, 2048, true, 7), SDV_OK));
    cr_assert(eq(int, sdv_image_open(path, &image), SDV_OK));
    config.apparatus_id = 0x1122334455667788u;
    cr_assert(eq(int, sdv_model_open(image, &config, &model), SDV_OK));
    mmio = sdv_model_mmio(model);
    set(WORD(NORMAL_ENABLE), 0xFFFFFFFFu);
    set(WORD(POWER_CONTROL), POWER_ON);
    set(WORD(CLOCK_CONTROL), CLOCK_ON);
}

static void finish(void)
{
    sdv_model_close(&model);
    sdv_image_close(&image);
    unlink(path);
}

TestSuite(model_host, .init = start, .fini = finish);

/* A command without data; its events, which are cleared. */
static uint32_t command(unsigned index, uint32_t argument, uint32_t flags)
{
    uint32_t events;

    set(SDV_SDHCI_ARGUMENT, argument);
    set(WORD(COMMAND), (index << 8 | flags) << 16);
    events = get(WORD(NORMAL_STATUS));
    set(WORD(NORMAL_STATUS), events);
    return events;
}

static void identify(void)
{
    (void)command(0, 0, 0);
    (void)command(8, 0x1AA, R1_CHECKED);
    do {
        (void)command(55, 0, R1_CHECKED);
        (void)command(41, 0x40FF8000u, 2);
    } while ((get(SDV_SDHCI_RESPONSE0) & 0x80000000u) == 0);
    (void)command(2, 0, 9);
    (void)command(3, 0, R1_CHECKED);
    (void)command(7, 0x10000, R1_CHECKED + 1);
}

Test(model_host, fixed_registers)
{
    cr_assert(eq(u32, get(SDV_SDHCI_CAPABILITIES0) >> 8 & 0xFFu, 50));
    cr_assert(eq(u32, get(WORD(HOST_VERSION)) >> 16 & 0xFFu, 2));
    cr_assert(eq(u32, get(SDV_SDHCI_APPARATUS_ID_LO), 0x55667788u));
    cr_assert(eq(u32, get(SDV_SDHCI_APPARATUS_ID_HI), 0x11223344u));
    cr_assert(eq(u32, get(SDV_SDHCI_CAPABILITIES1), 0));
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE), 0x01FF0000u));
}

Test(model_host, status_is_shown_only_when_enabled)
{
    set(WORD(NORMAL_ENABLE), 0);
    cr_assert(eq(u32, command(0, 0, 0), 0));
    set(WORD(NORMAL_ENABLE), 0xFFFFFFFFu);
    cr_assert(eq(u32, command(0, 0, 0), NORMAL(CMD_COMPLETE)));
    cr_assert(eq(u32, get(WORD(NORMAL_STATUS)), 0)); /* cleared by ones */
}

Test(model_host, interrupt_follows_the_signal_enable)
{
    set(SDV_SDHCI_ARGUMENT, 0);
    set(WORD(COMMAND), 0);
    cr_assert(eq(int, mmio->wait_irq(mmio->ctx, 5), -1));
    set(WORD(NORMAL_SIGNAL), NORMAL(CMD_COMPLETE));
    cr_assert(eq(int, mmio->wait_irq(mmio->ctx, 5), 0));
    cr_assert(eq(u32, get(WORD(SLOT_STATUS)) & 1u, 1));
    set(WORD(NORMAL_STATUS), NORMAL(CMD_COMPLETE));
    cr_assert(eq(int, mmio->wait_irq(mmio->ctx, 5), -1));
}

Test(model_host, silence_is_a_command_timeout)
{
    cr_assert(eq(u32, command(13, 0, R1_CHECKED),
                 ERROR(CMD_TIMEOUT) | NORMAL(ERROR)));
}

Test(model_host, answers_are_checked_as_asked)
{
    (void)command(8, 0x1AA, R1_CHECKED);
    (void)command(55, 0, R1_CHECKED);
    cr_assert(eq(u32, command(41, 0, R1_CHECKED),
                 ERROR(CMD_CRC) | ERROR(CMD_INDEX) | NORMAL(ERROR)));
    (void)command(55, 0, R1_CHECKED);
    cr_assert(eq(u32, command(41, 0, 2), NORMAL(CMD_COMPLETE)));
    cr_assert(eq(u32, get(SDV_SDHCI_RESPONSE0), 0x00FF8000u));
}

Test(model_host, long_answer_stands_without_its_crc)
{
    identify();
    (void)command(7, 0, 0);
    cr_assert(eq(u32, command(10, 0x10000, 9), NORMAL(CMD_COMPLETE)));
    cr_assert(eq(u32, get(SDV_SDHCI_RESPONSE3), 0x534456u));
    cr_assert(eq(u32, get(SDV_SDHCI_RESPONSE2), 0x53445642u));
    cr_assert(eq(u32, get(SDV_SDHCI_RESPONSE0), 0x000701ABu));
}

Test(model_host, command_waits_for_the_clock)
{
    set(WORD(CLOCK_CONTROL), 1);
    cr_assert(eq(u32, command(0, 0, 0), 0));
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE) & 1u, 1));
    set(WORD(CLOCK_CONTROL), CLOCK_ON);
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE) & 1u, 0));
    cr_assert(eq(u32, get(WORD(NORMAL_STATUS)), NORMAL(CMD_COMPLETE)));
}

Test(model_host, software_reset_ends_a_waiting_command)
{
    set(WORD(CLOCK_CONTROL), 1);
    (void)command(0, 0, 0);
    set(WORD(CLOCK_CONTROL), 0x02000001u);
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE) & 1u, 0));
    cr_assert(eq(u32, get(WORD(SOFTWARE_RESET)) >> 24, 0));
}

Test(model_host, reset_of_all_takes_the_power)
{
    set(WORD(CLOCK_CONTROL), 0x01000000u);
    cr_assert(eq(u32, get(WORD(POWER_CONTROL)), 0));
    cr_assert(eq(u32, get(WORD(NORMAL_ENABLE)), 0));
    set(WORD(CLOCK_CONTROL), CLOCK_ON);
    set(WORD(NORMAL_ENABLE), 0xFFFFFFFFu);
    cr_assert(eq(u32, command(8, 0x1AA, R1_CHECKED),
                 ERROR(CMD_TIMEOUT) | NORMAL(ERROR)));
}

Test(model_host, insertion_and_removal_are_events)
{
    sdv_model_insert(model, false);
    cr_assert(eq(u32, get(WORD(NORMAL_STATUS)), NORMAL(REMOVAL)));
    cr_assert(
        eq(u32,
           get(SDV_SDHCI_PRESENT_STATE) & SDV_SDHCI_PRESENT_STATE_INSERTED_MASK,
           0));
    set(WORD(NORMAL_STATUS), NORMAL(REMOVAL));
    sdv_model_insert(model, true);
    cr_assert(eq(u32, get(WORD(NORMAL_STATUS)), NORMAL(INSERTION)));
}

Test(model_host, block_goes_in_and_out_of_the_window)
{
    identify();
    set(WORD(BLOCK_SIZE), 512);
    set(SDV_SDHCI_ARGUMENT, 4);
    set(WORD(COMMAND), (24u << 8 | R1_CHECKED | 0x20u) << 16);
    cr_assert(ne(u32, get(WORD(NORMAL_STATUS)) & NORMAL(WRITE_READY), 0));
    for (uint32_t i = 0; i < 128; i++) {
        set(SDV_SDHCI_BUFFER_DATA, 0x03020100u + i);
    }
    cr_assert(ne(u32, get(WORD(NORMAL_STATUS)) & NORMAL(TRANSFER_COMPLETE), 0));
    set(WORD(NORMAL_STATUS), 0xFFFFFFFFu);
    cr_assert(eq(u8, sdv_image_data(image, SDV_REGION_USER)[4 * 512 + 3], 3));
    set(WORD(COMMAND), (17u << 8 | R1_CHECKED | 0x20u) << 16 | 0x10u);
    cr_assert(ne(u32, get(WORD(NORMAL_STATUS)) & NORMAL(READ_READY), 0));
    for (uint32_t i = 0; i < 128; i++) {
        cr_assert(eq(u32, get(SDV_SDHCI_BUFFER_DATA), 0x03020100u + i));
    }
    cr_assert(ne(u32, get(WORD(NORMAL_STATUS)) & NORMAL(TRANSFER_COMPLETE), 0));
    cr_assert(eq(u32, get(SDV_SDHCI_BUFFER_DATA), 0)); /* nothing is left */
}

Test(model_host, auto_commands_leave_their_answer)
{
    identify();
    set(WORD(BLOCK_SIZE), 2u << 16 | 512u);
    set(SDV_SDHCI_ARGUMENT, 0);
    set(WORD(COMMAND), (18u << 8 | R1_CHECKED | 0x20u) << 16 | 0x36u);
    for (uint32_t i = 0; i < 256; i++) {
        (void)get(SDV_SDHCI_BUFFER_DATA);
    }
    cr_assert(ne(u32, get(WORD(NORMAL_STATUS)) & NORMAL(TRANSFER_COMPLETE), 0));
    cr_assert(eq(u32, get(SDV_SDHCI_RESPONSE3), 0xB00));
    cr_assert(eq(u32, get(WORD(BLOCK_COUNT)) >> 16, 0));
}

Test(model_host, auto_command_that_fails_keeps_the_command_back)
{
    set(WORD(BLOCK_SIZE), 2u << 16 | 512u);
    set(WORD(COMMAND), (18u << 8 | R1_CHECKED | 0x20u) << 16 | 0x3Au);
    cr_assert(
        eq(u32, get(WORD(NORMAL_STATUS)), ERROR(AUTO_CMD) | NORMAL(ERROR)));
    cr_assert(eq(u32, get(WORD(AUTO_CMD_STATUS)),
                 SDV_SDHCI_AUTO_CMD_STATUS_TIMEOUT_MASK));
}

Test(model_host, busy_card_holds_dat0)
{
    const sdv_latency slow = {.flash_erase = 1000000};

    sdv_model_set_latency(model, &slow);
    identify();
    (void)command(32, 0, R1_CHECKED);
    (void)command(33, 0, R1_CHECKED);
    (void)command(38, 0, R1_CHECKED); /* no wait for busy */
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE) >> 20 & 0xFu, 0xE));
    mmio->delay_us(mmio->ctx, 1000);
    cr_assert(eq(u32, get(SDV_SDHCI_PRESENT_STATE) >> 20 & 0xFu, 0xF));
}
