/* SPDX-License-Identifier: Apache-2.0 */
/* The control channel: hand, supply, probe, several slots in one process. */
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "slot.h"

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(control, .init = direct_only, .timeout = 120);

static uint64_t peek(slot *s, const char *name)
{
    uint64_t value;

    cr_assert(zero(int, sdv_sim_peek(s->sim, name, &value)), "%s", name);
    return value;
}

static void reopen_card(slot *s)
{
    cr_assert(zero(int, sdv_card_open(&s->card, s->bus, NULL)), "%s",
              s->bus->detail);
}

SCENARIO(control, a_card_that_is_taken_out_is_gone_and_can_come_back)
{
    slot s;
    uint32_t status;

    slot_open(&s, param, NULL);
    sdv_sim_insert(s.sim, false);
    cr_assert(eq(int, sdv_card_status(&s.card, &status), SDV_ERR_NO_CARD));
    sdv_sim_insert(s.sim, true);
    reopen_card(&s);
    cr_assert(eq(u16, s.card.rca, 1)); /* it was without power */
    slot_close(&s);
}

SCENARIO(control, a_card_without_supply_is_silent)
{
    slot s;
    uint32_t status;

    slot_open(&s, param, NULL);
    sdv_sim_power(s.sim, false);
    cr_assert(eq(int, sdv_card_status(&s.card, &status), SDV_ERR_NO_RESPONSE));
    sdv_sim_power(s.sim, true);
    reopen_card(&s);
    cr_assert(eq(u16, s.card.rca, 1));
    slot_close(&s);
}

SCENARIO_DIRECT(control, the_supply_is_cut_at_the_clock_that_was_said)
{
    slot s;
    uint64_t now;

    slot_open(&s, &slot_direct, NULL);
    now = sdv_sim_clocks(s.sim).base;
    sdv_sim_cut_at(s.sim, now + 5000);
    sdv_sim_run(s.sim, 5000);
    cr_assert(eq(u64, sdv_sim_clocks(s.sim).base, now + 5000));
    cr_assert(eq(u64, peek(&s, "card.powered"), 1));
    sdv_sim_run(s.sim, 2);
    cr_assert(eq(u64, peek(&s, "card.powered"), 0));
    sdv_sim_power(s.sim, true);
    reopen_card(&s);
    slot_close(&s);
}

/* Old, new or a mixture in sector 8; what is beside it is whole. */
static void check_cut(slot *s, const uint8_t *old, const uint8_t *new,
                      unsigned seen[3])
{
    const uint8_t *data =
        sdv_image_data(sdv_sim_image(s->sim), SDV_REGION_USER) + 512 * 8;

    for (unsigned i = 0; i < 4; i++) {
        const bool is_old = memcmp(data + 512 * i, old + 512 * i, 512) == 0;
        const bool is_new = memcmp(data + 512 * i, new + 512 * i, 512) == 0;

        seen[is_new ? 1 : is_old ? 0 : 2]++;
    }
    cr_assert(zero(int, memcmp(data - 512, old + 512 * 4, 512)));
    cr_assert(zero(int, memcmp(data + 512 * 4, old + 512 * 5, 512)));
}

SCENARIO_DIRECT(control, a_cut_tears_what_is_being_programmed_and_no_more)
{
    const slot_options options = {.latency = sdv_latency_real(),
                                  .disturbed = true};
    uint8_t old[512 * 6]; /* blocks 8 to 11, then 7 and 12 */
    uint8_t new[512 * 4];
    unsigned seen[3] = {0};
    uint64_t seed = slot_seed();
    slot s;

    slot_pattern(old, sizeof(old), 1);
    slot_open(&s, &slot_direct, &options);
    for (unsigned round = 0; round < 40; round++) {
        slot_pattern(new, sizeof(new), round + 2);
        cr_assert(zero(int, sdv_card_write(&s.card, 8, 4, old)));
        cr_assert(zero(int, sdv_card_write(&s.card, 7, 1, old + 512 * 4)));
        cr_assert(zero(int, sdv_card_write(&s.card, 12, 1, old + 512 * 5)));
        sdv_sim_cut_at(s.sim, sdv_sim_clocks(s.sim).base + 1000 +
                                  sdv_random(&seed) % 62000);
        (void)(sdv_card_write(&s.card, 8, 4, new) == SDV_OK);
        check_cut(&s, old, new, seen);
        sdv_sim_power(s.sim, true);
        sdv_sim_cut_at(s.sim, 0);
        reopen_card(&s);
    }
    cr_assert(gt(uint, seen[0], 0));
    cr_assert(gt(uint, seen[1], 0));
    cr_assert(gt(uint, seen[2], 10));
    cr_assert(le(uint, seen[2], 40)); /* one sector at a time */
    slot_close(&s);
}

SCENARIO_DIRECT(control, slots_of_one_process_do_not_mix)
{
    enum { SLOTS = 3 };
    slot s[SLOTS];
    uint8_t data[512 * 4];
    uint8_t back[512 * 4];
    uint64_t id;

    for (unsigned i = 0; i < SLOTS; i++) {
        const slot_options options = {.apparatus_id = 0x1000 + i};

        slot_open(&s[i], &slot_direct, &options);
    }
    for (unsigned i = 0; i < 40; i++) {
        slot_pattern(data, sizeof(data), i);
        cr_assert(
            zero(int, sdv_card_write(&s[i % SLOTS].card, i * 4, 4, data)));
    }
    for (unsigned i = 0; i < 40; i++) {
        slot_pattern(data, sizeof(data), i);
        cr_assert(zero(int, sdv_card_read(&s[i % SLOTS].card, i * 4, 4, back)));
        cr_assert(zero(int, memcmp(data, back, sizeof(data))));
        cr_assert(zero(int, sdv_bus_apparatus_id(s[i % SLOTS].bus, &id)));
        cr_assert(eq(u64, id, 0x1000 + i % SLOTS));
    }
    for (unsigned i = 0; i < SLOTS; i++) {
        slot_close(&s[i]);
    }
}

SCENARIO(control, an_image_is_in_one_slot_at_a_time)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_sim *second;
    slot s;

    slot_open(&s, param, NULL);
    config.image = s.image;
    config.kernel = param->kernel;
    cr_assert(eq(int, sdv_sim_open(&config, &second), SDV_ERR_IMAGE_IN_USE));
    cr_assert(eq(ptr, second, NULL));
    slot_close(&s);
}

Test(control, a_configuration_of_another_size_is_older_or_wrong)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_sim *sim;

    config.kernel = SDV_KERNEL_MODEL;
    config.struct_size = sizeof(config) + 1;
    cr_assert(eq(int, sdv_sim_open(&config, &sim), SDV_ERR_ARG));
    config.struct_size = 0;
    cr_assert(eq(int, sdv_sim_open(&config, &sim), SDV_ERR_ARG));
    config.struct_size = offsetof(sdv_sim_config, sabotage);
    config.sabotage = 99; /* not looked at */
    cr_assert(zero(int, sdv_sim_open(&config, &sim)));
    cr_assert(eq(str, (char *)sdv_sim_detail(sim), ""));
    sdv_sim_close(&sim);
    cr_assert(eq(ptr, sim, NULL));
}

SCENARIO(control, names_of_registers_are_known_or_refused)
{
    const char *const *names = sdv_sim_peek_names();
    uint64_t value = 7;
    slot s;

    slot_open(&s, param, NULL);
    for (size_t i = 0; names[i] != NULL; i++) {
        cr_assert(eq(int, sdv_sim_peek(s.sim, names[i], &value),
                     param->kernel == SDV_KERNEL_DIRECT ? SDV_OK
                                                        : SDV_ERR_UNSUPPORTED),
                  "%s", names[i]);
    }
    cr_assert(eq(int, sdv_sim_peek(s.sim, "sd", &value), SDV_ERR_ARG));
    cr_assert(zero(u64, value));
    if (param->kernel == SDV_KERNEL_DIRECT) {
        cr_assert(eq(u64, peek(&s, "sd.dat"), 0xF));
        cr_assert(eq(u64, peek(&s, "sd.cmd"), 1));
        cr_assert(eq(u64, peek(&s, "sd.period"), 1));
        cr_assert(eq(u64, peek(&s, "card.powered"), 1));
    }
    slot_close(&s);
}

Test(control, the_core_clock_has_limits)
{
    slot s;
    sdv_clocks before;
    sdv_clocks after;

    slot_open(&s, &slot_direct, NULL);
    cr_assert(eq(int, sdv_sim_set_core_hz(s.sim, 0), SDV_ERR_ARG));
    cr_assert(eq(int, sdv_sim_set_core_hz(s.sim, 50000001), SDV_ERR_ARG));
    cr_assert(zero(int, sdv_sim_set_core_hz(s.sim, 12500000)));
    before = sdv_sim_clocks(s.sim);
    sdv_sim_run(s.sim, 1000000);
    after = sdv_sim_clocks(s.sim);
    cr_assert(eq(u64, after.base - before.base, 1000000));
    cr_assert(eq(u64, after.core - before.core, 250000));
    cr_assert(eq(u64, after.sd - before.sd, 1000000));
    cr_assert(lt(u64, after.evals - before.evals, 100));
    slot_close(&s);
}

static off_t size_of(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 ? status.st_size : -1;
}

Test(control, a_waveform_is_written_while_it_is_wanted)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    char path[SLOT_PATH + 16];
    sdv_sim *sim;
    slot s;

    slot_open(&s, &slot_direct, NULL);
    snprintf(path, sizeof(path), "%.100s/wave.fst", s.dir);
    slot_leave(&s);
    config.image = s.image;
    config.build = SDV_BUILD_TRACE;
    cr_assert(zero(int, sdv_sim_open(&config, &sim)));
    for (unsigned i = 0; i < 2; i++) { /* again, to the same file */
        cr_assert(zero(int, sdv_sim_trace(sim, path)));
        sdv_sim_run(sim, 1000);
        sdv_sim_trace_stop(sim);
        cr_assert(gt(i64, size_of(path), 1000));
        cr_assert(zero(int, unlink(path)));
        sdv_sim_run(sim, 1000);
        cr_assert(lt(i64, size_of(path), 0));
    }
    cr_assert(eq(int, sdv_sim_trace(sim, "/none/wave.fst"), SDV_ERR_IO));
    sdv_sim_close(&sim);
    config.build = SDV_BUILD_FAST;
    cr_assert(zero(int, sdv_sim_open(&config, &sim)));
    cr_assert(eq(int, sdv_sim_trace(sim, path), SDV_ERR_UNSUPPORTED));
    sdv_sim_trace_stop(sim);
    sdv_sim_close(&sim);
    slot_resume(&s);
    slot_close(&s);
}

SCENARIO(control, an_empty_slot_stays_empty)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    const sdv_mmio *mmio;
    sdv_sim *sim;

    config.kernel = param->kernel;
    config.build = SDV_BUILD_ASSERT;
    cr_assert(zero(int, sdv_sim_open(&config, &sim)));
    cr_assert(eq(ptr, sdv_sim_image(sim), NULL));
    sdv_sim_insert(sim, true);
    mmio = sdv_sim_mmio(sim);
    cr_assert(zero(u32, mmio->read32(mmio->ctx, SDV_SDHCI_PRESENT_STATE) &
                            SDV_SDHCI_PRESENT_STATE_INSERTED_MASK));
    sdv_sim_close(&sim);
}
