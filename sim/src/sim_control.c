/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The control channel of a slot: what a hand, a supply and a probe do.
 * Things that need clocks do nothing in the model kernel, which has none.
 */
#include <string.h>

#include "sim_private.h"

#define NS_PER_CLOCK (1000000000u / SDV_TIMING_BASE_HZ)

/* see sdvault/sim.h */
void sdv_sim_power(sdv_sim *sim, bool on)
{
    if (sim->slot != NULL) {
        sim->ops->power(sim->slot, on);
    } else {
        sdv_model_power(sim->model, on);
    }
}

/* see sdvault/sim.h */
void sdv_sim_insert(sdv_sim *sim, bool inserted)
{
    if (sim->image == NULL) {
        return; /* there is no card to put in */
    }
    if (sim->slot != NULL) {
        sim->ops->insert(sim->slot, inserted);
    } else {
        sdv_model_insert(sim->model, inserted);
    }
}

/* see sdvault/sim.h */
void sdv_sim_fail_nvm(sdv_sim *sim, unsigned op, unsigned count)
{
    if (sim->slot != NULL) {
        sdv_storage_fail(&sim->storage, op, count);
    } else {
        sdv_model_fail_nvm(sim->model, op, count);
    }
}

/* see sdvault/sim.h */
sdv_err sdv_sim_watch(sdv_sim *sim, sdv_watcher *watcher, void *context)
{
    if (sim->slot == NULL) {
        return SDV_ERR_UNSUPPORTED;
    }
    sim->storage.watcher = watcher;
    sim->storage.watching = context;
    return SDV_OK;
}

/* see sdvault/sim.h */
void sdv_sim_set_latency(sdv_sim *sim, const sdv_latency *latency)
{
    if (sim->slot != NULL) {
        sim->storage.latency = *latency;
    } else {
        sdv_model_set_latency(sim->model, latency);
    }
}

/* see sdvault/sim.h */
sdv_latency sdv_latency_real(void)
{
    return (sdv_latency){.flash_read = SDV_TIMING_FLASH_READ_NS,
                         .flash_program = SDV_TIMING_FLASH_PROGRAM_NS,
                         .flash_erase = SDV_TIMING_FLASH_ERASE_NS,
                         .eeprom_line = SDV_TIMING_EEPROM_LINE_NS};
}

/* see sdvault/sim.h */
void sdv_sim_cut_at(sdv_sim *sim, uint64_t clock)
{
    if (sim->slot != NULL) {
        sim->ops->cut_at(sim->slot, clock);
    }
}

/* see sdvault/sim.h */
sdv_err sdv_sim_set_core_hz(sdv_sim *sim, uint32_t hz)
{
    if (hz == 0 || hz > SDV_TIMING_BASE_HZ) {
        return SDV_ERR_ARG;
    }
    if (sim->slot != NULL) {
        sim->ops->set_core_hz(sim->slot, hz);
    }
    return SDV_OK;
}

/* see sdvault/sim.h */
void sdv_sim_run(sdv_sim *sim, uint64_t base_clocks)
{
    if (sim->slot != NULL) {
        sim->ops->run(sim->slot, base_clocks);
    } else {
        sdv_model_run(sim->model, base_clocks * NS_PER_CLOCK);
    }
}

/* see sdvault/sim.h */
sdv_clocks sdv_sim_clocks(const sdv_sim *sim)
{
    return sim->slot != NULL ? sim->ops->clocks(sim->slot) : (sdv_clocks){0};
}

/* see sdvault/sim.h */
void sdv_sim_flip(sdv_sim *sim, uint64_t after, bool cmd, unsigned dat)
{
    if (sim->slot != NULL && after > 0) {
        sim->ops->flip(sim->slot, after, cmd, dat);
    }
}

/* see sdvault/sim.h */
sdv_err sdv_sim_trace(sdv_sim *sim, const char *path)
{
    return sim->slot != NULL ? sim->ops->trace(sim->slot, path)
                             : SDV_ERR_UNSUPPORTED;
}

/* see sdvault/sim.h */
void sdv_sim_trace_stop(sdv_sim *sim)
{
    if (sim->slot != NULL) {
        sim->ops->trace_stop(sim->slot);
    }
}

/* see sdvault/sim.h */
const char *const *sdv_sim_peek_names(void)
{
    static const char *const names[] = {
#define PEEK_NAME(id, name) name,
        SDV_PEEKS(PEEK_NAME)
#undef PEEK_NAME
            NULL};

    return names;
}

/* see sdvault/sim.h */
sdv_err sdv_sim_peek(sdv_sim *sim, const char *name, uint64_t *value)
{
    const char *const *names = sdv_sim_peek_names();
    int id = 0;

    *value = 0;
    while (names[id] != NULL && strcmp(names[id], name) != 0) {
        id++;
    }
    if (names[id] == NULL) {
        return SDV_ERR_ARG;
    }
    if (sim->slot == NULL) {
        return SDV_ERR_UNSUPPORTED;
    }
    *value = sim->ops->peek(sim->slot, (sdv_peek_id)id);
    return SDV_OK;
}
