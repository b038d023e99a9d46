/* SPDX-License-Identifier: Apache-2.0 */
/* Storage of a card: when an operation counts, failures, power cuts. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "storage.h"

enum { BLOCKS = 1024, WORDS = 128 };

static char folder[] = "/tmp/sdv-storage-XXXXXX";
static sdv_image *image;
static sdv_storage storage;
static sdv_kernel_hooks hooks;

static void make(void)
{
    const sdv_sim_config config = {.seed = 7};

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
    cr_assert(zero(int, sdv_image_create("card", BLOCKS, true, 1)));
    cr_assert(zero(int, sdv_image_open("card", &image)));
    sdv_storage_init(&storage, image, &config);
    hooks = sdv_storage_hooks(&storage);
}

static void clean(void)
{
    sdv_image_close(&image);
    cr_assert(zero(int, unlink("card")));
    cr_assert(zero(int, rmdir(folder)));
}

TestSuite(storage, .init = make, .fini = clean);

static uint64_t start(sdv_port port, unsigned op, sdv_region region,
                      uint32_t address, uint32_t more)
{
    const sdv_nvm_request request = {.op = op,
                                     .region = region,
                                     .address = address,
                                     .count = more,
                                     .data = more};

    return hooks.start(hooks.storage, port, &request);
}

static bool finish(sdv_port port, uint32_t *word)
{
    return hooks.finish(hooks.storage, port, word);
}

static bool flash(unsigned op, uint32_t address, uint32_t count)
{
    uint32_t none;

    (void)start(SDV_PORT_FLASH, op, SDV_REGION_USER, address, count);
    return finish(SDV_PORT_FLASH, &none);
}

/* A sector of which every word says whose it is. */
static void fill_buffer(uint32_t mark)
{
    for (unsigned i = 0; i < WORDS; i++) {
        hooks.put(hooks.storage, i, mark + i);
    }
}

static void program(uint32_t address, uint32_t mark)
{
    fill_buffer(mark);
    cr_assert(flash(SDV_NVM_OP_PROGRAM, address, 1) ? 1 : 0);
}

static uint32_t user_word(uint32_t sector, unsigned index)
{
    return sdv_get32(sdv_image_data(image, SDV_REGION_USER) + 512u * sector +
                     4 * index);
}

Test(storage, a_sector_travels_through_the_buffer)
{
    program(3, 0xAB000000);
    cr_assert(eq(u32, user_word(3, 0), 0xAB000000));
    cr_assert(eq(u32, user_word(3, 127), 0xAB00007F));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 3), 1));
    fill_buffer(0);
    cr_assert(flash(SDV_NVM_OP_READ, 3, 1) ? 1 : 0);
    cr_assert(eq(u32, hooks.get(hooks.storage, 127), 0xAB00007F));
}

Test(storage, an_operation_counts_at_its_end)
{
    uint32_t none;

    fill_buffer(1);
    (void)start(SDV_PORT_FLASH, SDV_NVM_OP_PROGRAM, SDV_REGION_USER, 5, 1);
    cr_assert(zero(u32, user_word(5, 0)));
    fill_buffer(1000); /* the buffer is free again */
    cr_assert(finish(SDV_PORT_FLASH, &none) ? 1 : 0);
    cr_assert(eq(u32, user_word(5, 0), 1));
}

Test(storage, erase_takes_a_range)
{
    program(9, 1);
    program(10, 1);
    program(11, 1);
    cr_assert(flash(SDV_NVM_OP_ERASE, 9, 2) ? 1 : 0);
    cr_assert(zero(u32, user_word(9, 1)));
    cr_assert(zero(u32, user_word(10, 1)));
    cr_assert(eq(u32, user_word(11, 1), 2));
}

Test(storage, latencies_are_in_base_clocks_rounded_up)
{
    storage.latency = (sdv_latency){.flash_read = 1,
                                    .flash_program = 40,
                                    .flash_erase = 2000001,
                                    .eeprom_line = 100};
    cr_assert(eq(u64, start(SDV_PORT_FLASH, SDV_NVM_OP_READ, 0, 0, 1), 1));
    cr_assert(eq(u64, start(SDV_PORT_FLASH, SDV_NVM_OP_PROGRAM, 0, 0, 1), 2));
    cr_assert(
        eq(u64, start(SDV_PORT_FLASH, SDV_NVM_OP_ERASE, 0, 0, 9), 100001));
    cr_assert(eq(
        u64, start(SDV_PORT_WORD, SDV_NVM_OP_PROGRAM, SDV_REGION_EEPROM, 0, 1),
        5));
    cr_assert(zero(
        u64, start(SDV_PORT_WORD, SDV_NVM_OP_READ, SDV_REGION_EEPROM, 0, 1)));
}

Test(storage, otp_bits_go_from_0_to_1_only)
{
    uint32_t word;

    (void)start(SDV_PORT_WORD, SDV_NVM_OP_PROGRAM, SDV_REGION_OTP, 9, 0x0F);
    cr_assert(finish(SDV_PORT_WORD, &word) ? 1 : 0);
    (void)start(SDV_PORT_WORD, SDV_NVM_OP_PROGRAM, SDV_REGION_OTP, 9, 0xF00);
    cr_assert(finish(SDV_PORT_WORD, &word) ? 1 : 0);
    (void)start(SDV_PORT_WORD, SDV_NVM_OP_READ, SDV_REGION_OTP, 9, 0);
    cr_assert(finish(SDV_PORT_WORD, &word) ? 1 : 0);
    cr_assert(eq(u32, word, 0xF0F));
}

Test(storage, what_is_ordered_to_fail_fails_and_changes_nothing)
{
    program(1, 1);
    sdv_storage_fail(&storage, SDV_NVM_OP_PROGRAM, 2);
    fill_buffer(77);
    cr_assert(not(flash(SDV_NVM_OP_PROGRAM, 1, 1) ? 1 : 0));
    cr_assert(flash(SDV_NVM_OP_READ, 1, 1) ? 1 : 0);
    cr_assert(not(flash(SDV_NVM_OP_PROGRAM, 1, 1) ? 1 : 0));
    cr_assert(eq(u32, user_word(1, 0), 1));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 1), 1));
    program(1, 88);
    cr_assert(eq(u32, user_word(1, 0), 88));
}

Test(storage, nothing_lies_past_the_end)
{
    cr_assert(not(flash(SDV_NVM_OP_READ, BLOCKS, 1) ? 1 : 0));
    cr_assert(not(flash(SDV_NVM_OP_PROGRAM, BLOCKS, 1) ? 1 : 0));
    cr_assert(not(flash(SDV_NVM_OP_ERASE, BLOCKS - 1, 2) ? 1 : 0));
    cr_assert(not(flash(SDV_NVM_OP_READ, UINT32_MAX, 1) ? 1 : 0));
}

/* Cut a program of sector 1 from `old` to `new` marks; what is it then? */
static void cut_program(unsigned seen[3])
{
    memset(seen, 0, 3 * sizeof(seen[0]));
    program(1, 0x11000000);
    fill_buffer(0x22000000);
    (void)start(SDV_PORT_FLASH, SDV_NVM_OP_PROGRAM, SDV_REGION_USER, 1, 1);
    hooks.lost(hooks.storage);
    for (unsigned i = 0; i < WORDS; i++) {
        const uint32_t word = user_word(1, i);

        seen[word == 0x11000000 + i ? 0 : word == 0x22000000 + i ? 1 : 2]++;
    }
}

Test(storage, a_cut_program_leaves_old_new_and_garbage_words)
{
    unsigned seen[3];

    program(0, 1);
    program(2, 1);
    cut_program(seen);
    cr_assert(gt(uint, seen[0], 10));
    cr_assert(gt(uint, seen[1], 10));
    cr_assert(gt(uint, seen[2], 10));
    cr_assert(eq(u32, user_word(0, 127), 128));
    cr_assert(eq(u32, user_word(2, 0), 1));
}

Test(storage, a_cut_erase_leaves_the_rest_of_its_range)
{
    unsigned erased = 0;
    unsigned whole = 0;

    for (uint32_t i = 0; i < 64; i++) {
        program(i, 0x33000000);
    }
    (void)start(SDV_PORT_FLASH, SDV_NVM_OP_ERASE, SDV_REGION_USER, 8, 40);
    hooks.lost(hooks.storage);
    for (uint32_t i = 0; i < 64; i++) {
        erased += user_word(i, 5) == 0 && user_word(i, 6) == 0;
        whole += user_word(i, 5) == 0x33000005 && user_word(i, 6) == 0x33000006;
    }
    cr_assert(ge(uint, erased + whole, 63));
    cr_assert(ge(uint, whole, 24));
    cr_assert(eq(u32, user_word(7, 0), 0x33000000));
    cr_assert(eq(u32, user_word(48, 0), 0x33000000));
}

Test(storage, a_cut_otp_word_gains_none_but_the_wanted_bits)
{
    uint32_t word;

    (void)start(SDV_PORT_WORD, SDV_NVM_OP_PROGRAM, SDV_REGION_OTP, 9, 0xF0F0);
    (void)finish(SDV_PORT_WORD, &word);
    (void)start(SDV_PORT_WORD, SDV_NVM_OP_PROGRAM, SDV_REGION_OTP, 9,
                0xFFFF0000);
    sdv_storage_cut(&storage);
    word = sdv_get32(sdv_image_data(image, SDV_REGION_OTP) + 36);
    cr_assert(eq(u32, word & 0xFFFF, 0xF0F0));
}

/* ---- the line latch ---- */

static uint64_t word_op(uint32_t address, uint32_t data, bool held)
{
    const sdv_nvm_request request = {.op = SDV_NVM_OP_PROGRAM,
                                     .region = SDV_REGION_EEPROM,
                                     .address = address,
                                     .count = 1,
                                     .data = data,
                                     .hold = held};

    return hooks.start(hooks.storage, SDV_PORT_WORD, &request);
}

static bool hold_word(uint32_t address, uint32_t data)
{
    uint32_t none;

    cr_assert(zero(u64, word_op(address, data, true)));
    return finish(SDV_PORT_WORD, &none);
}

static uint32_t eeprom_word(uint32_t address)
{
    return sdv_get32(sdv_image_data(image, SDV_REGION_EEPROM) + 4u * address);
}

enum { FREE = 8000 /* an EEPROM word that no line uses */ };

Test(storage, held_words_are_programmed_with_the_last_one)
{
    uint32_t none;

    storage.latency.eeprom_line = 100;
    for (uint32_t i = 0; i < 13; i++) {
        cr_assert(hold_word(FREE + i, 100 + i) ? 1 : 0);
    }
    cr_assert(zero(u32, eeprom_word(FREE)));
    cr_assert(eq(u64, word_op(FREE + 13, 113, false), 5));
    cr_assert(zero(u32, eeprom_word(FREE)));
    cr_assert(finish(SDV_PORT_WORD, &none) ? 1 : 0);
    for (uint32_t i = 0; i < 14; i++) {
        cr_assert(eq(u32, eeprom_word(FREE + i), 100 + i));
        cr_assert(
            eq(u32, sdv_image_wear(image, SDV_REGION_EEPROM, FREE + i), 1));
    }
}

Test(storage, a_line_that_fails_changes_nothing_and_empties_the_latch)
{
    uint32_t none;

    sdv_storage_fail(&storage, SDV_NVM_OP_PROGRAM, 1);
    cr_assert(hold_word(FREE, 1) ? 1 : 0); /* no operation of the memory */
    (void)word_op(FREE + 1, 2, false);
    cr_assert(not(finish(SDV_PORT_WORD, &none) ? 1 : 0));
    cr_assert(zero(u32, eeprom_word(FREE)));
    (void)word_op(FREE + 1, 3, false);
    cr_assert(finish(SDV_PORT_WORD, &none) ? 1 : 0);
    cr_assert(zero(u32, eeprom_word(FREE)));
    cr_assert(eq(u32, eeprom_word(FREE + 1), 3));
}

Test(storage, the_latch_has_an_end)
{
    for (uint32_t i = 0; i < SDV_LATCH_WORDS; i++) {
        cr_assert(hold_word(FREE + i, i) ? 1 : 0);
    }
    cr_assert(not(hold_word(FREE, 0) ? 1 : 0));
}

Test(storage, a_cut_line_is_torn_word_by_word)
{
    unsigned seen[3] = {0};

    for (unsigned round = 0; round < 20; round++) {
        for (uint32_t i = 0; i < 13; i++) {
            sdv_put32(sdv_image_data(image, SDV_REGION_EEPROM) +
                          (size_t)4 * (FREE + i),
                      1);
            (void)hold_word(FREE + i, 2);
        }
        (void)word_op(FREE + 13, 2, false);
        hooks.lost(hooks.storage);
        for (uint32_t i = 0; i < 13; i++) {
            const uint32_t word = eeprom_word(FREE + i);

            seen[word == 1 ? 0 : word == 2 ? 1 : 2]++;
        }
    }
    cr_assert(gt(uint, seen[0], 40));
    cr_assert(gt(uint, seen[1], 40));
    cr_assert(gt(uint, seen[2], 40));
}

Test(storage, a_cut_forgets_what_is_held)
{
    uint32_t none;

    (void)hold_word(FREE, 7);
    (void)word_op(FREE + 1, 8, true);
    hooks.lost(hooks.storage);
    (void)word_op(FREE + 2, 9, false);
    (void)finish(SDV_PORT_WORD, &none);
    cr_assert(zero(u32, eeprom_word(FREE)));
    cr_assert(zero(u32, eeprom_word(FREE + 1)));
    cr_assert(eq(u32, eeprom_word(FREE + 2), 9));
}

Test(storage, entropy_follows_the_seed_alone)
{
    const sdv_sim_config other = {.seed = 8};
    uint32_t first[4];

    for (unsigned i = 0; i < 4; i++) {
        first[i] = hooks.entropy(hooks.storage);
    }
    sdv_storage_init(&storage, image, &(sdv_sim_config){.seed = 7});
    program(1, 1);
    for (unsigned i = 0; i < 4; i++) {
        sdv_storage_cut(&storage);
        cr_assert(eq(u32, hooks.entropy(hooks.storage), first[i]));
    }
    sdv_storage_init(&storage, image, &other);
    cr_assert(ne(u32, hooks.entropy(hooks.storage), first[0]));
}

Test(storage, garbage_follows_the_seed)
{
    unsigned first[3];
    unsigned second[3];
    uint8_t once[512];

    cut_program(first);
    memcpy(once, sdv_image_data(image, SDV_REGION_USER) + 512, sizeof(once));
    storage.random = 7;
    cut_program(second);
    cr_assert(
        zero(int, memcmp(once, sdv_image_data(image, SDV_REGION_USER) + 512,
                         sizeof(once))));
    cut_program(second);
    cr_assert(ne(int,
                 memcmp(once, sdv_image_data(image, SDV_REGION_USER) + 512,
                        sizeof(once)),
                 0));
}

Test(storage, a_cut_between_operations_changes_nothing)
{
    program(1, 1);
    sdv_storage_cut(&storage);
    (void)start(SDV_PORT_FLASH, SDV_NVM_OP_READ, SDV_REGION_USER, 1, 1);
    sdv_storage_cut(&storage);
    cr_assert(eq(u32, user_word(1, 0), 1));
    cr_assert(eq(u32, sdv_image_wear(image, SDV_REGION_USER, 1), 1));
}
