/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slot: opens the image, the kernel and the monitor, and hands every call
 * on to the kernel that was chosen.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_private.h"

/* see sim_private.h */
sdv_err sdv_sim_config_read(const sdv_sim_config *given, sdv_sim_config *config)
{
    if (given->struct_size == 0 || given->struct_size > sizeof(*config)) {
        return SDV_ERR_ARG;
    }
    memset(config, 0, sizeof(*config));
    memcpy(config, given, given->struct_size);
    return SDV_OK;
}

static const char *library_name(sdv_build build)
{
    static const char *const names[] = {
        [SDV_BUILD_FAST] = "slot-fast",
        [SDV_BUILD_ASSERT] = "slot-assert",
        [SDV_BUILD_TRACE] = "slot-trace",
        [SDV_BUILD_COVERAGE] = "slot-coverage",
        [SDV_BUILD_SABOTAGE] = "slot-sabotage",
    };

    return (unsigned)build < sizeof(names) / sizeof(names[0]) ? names[build]
                                                              : "";
}

/* see sim_private.h */
sdv_err sdv_sim_kernel_config(const sdv_sim_config *config,
                              sdv_storage *storage, sdv_monitor **monitor,
                              sdv_kernel_config *kernel)
{
    sdv_err err = SDV_OK;

    if (config->log != NULL) {
        err = sdv_monitor_open(config->log, monitor);
    }
    *kernel = (sdv_kernel_config){.seed = config->seed,
                                  .apparatus_id = config->apparatus_id,
                                  .sabotage = config->sabotage,
                                  .no_skip = config->no_skip,
                                  .inserted = storage->image != NULL,
                                  .hooks = sdv_storage_hooks(storage)};
    kernel->hooks.monitor = *monitor;
    kernel->hooks.clock = sdv_monitor_clock;
    kernel->hooks.reset = sdv_monitor_reset;
    return err;
}

static sdv_err open_direct(sdv_sim *sim, const sdv_sim_config *config)
{
    const sdv_kernel_lib *library =
        sdv_kernel_load(library_name(config->build), &sim->library);
    sdv_kernel_config kernel;
    sdv_err err;

    if (library == NULL || library->slot == NULL) {
        return SDV_ERR_KERNEL;
    }
    sim->ops = library->slot;
    sdv_storage_init(&sim->storage, sim->image, config);
    err = sdv_sim_kernel_config(config, &sim->storage, &sim->monitor, &kernel);
    if (err == SDV_OK) {
        err = sim->ops->open(&kernel, &sim->slot);
    }
    sim->mmio = (sdv_mmio){.read32 = sim->ops->read32,
                           .write32 = sim->ops->write32,
                           .wait_irq = sim->ops->wait_irq,
                           .delay_us = sim->ops->delay_us,
                           .ctx = sim->slot};
    return err;
}

static sdv_err open_model(sdv_sim *sim, const sdv_sim_config *config)
{
    const sdv_err err = sdv_model_open(sim->image, config, &sim->model);

    if (err == SDV_OK) {
        sim->mmio = *sdv_model_mmio(sim->model);
    }
    return err;
}

static sdv_err open_all(sdv_sim *sim, const sdv_sim_config *config)
{
    sdv_err err = SDV_OK;

    if (config->image != NULL) {
        err = sdv_image_open(config->image, &sim->image);
    }
    if (err != SDV_OK) {
        return err;
    }
    switch (config->kernel) {
    case SDV_KERNEL_DIRECT:
        return open_direct(sim, config);
    case SDV_KERNEL_MODEL:
        return open_model(sim, config);
    default:
        return SDV_ERR_ARG;
    }
}

/* see sdvault/sim.h */
sdv_err sdv_sim_open(const sdv_sim_config *config, sdv_sim **sim)
{
    sdv_sim_config known;
    sdv_err err = sdv_sim_config_read(config, &known);

    *sim = NULL;
    if (err != SDV_OK) {
        return err;
    }
    *sim = calloc(1, sizeof(**sim));
    if (*sim == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    err = open_all(*sim, &known);
    if (err != SDV_OK) {
        sdv_sim_close(sim);
    }
    return err;
}

/* see sdvault/sim.h */
void sdv_sim_close(sdv_sim **sim)
{
    sdv_sim *gone = *sim;

    if (gone == NULL) {
        return;
    }
    if (gone->slot != NULL) {
        gone->ops->close(gone->slot);
        sdv_storage_cut(&gone->storage);
    }
    sdv_kernel_unload(gone->library);
    sdv_model_close(&gone->model);
    sdv_monitor_close(&gone->monitor);
    sdv_image_close(&gone->image);
    free(gone);
    *sim = NULL;
}

/* see sdvault/sim.h */
const sdv_mmio *sdv_sim_mmio(sdv_sim *sim)
{
    return &sim->mmio;
}

/* see sdvault/sim.h */
sdv_bus *sdv_sim_model_bus(sdv_sim *sim)
{
    return sim->model != NULL ? sdv_model_bus(sim->model) : NULL;
}

/* see sdvault/sim.h */
sdv_image *sdv_sim_image(sdv_sim *sim)
{
    return sim->image;
}

/* see sdvault/sim.h */
sdv_err sdv_sim_status(const sdv_sim *sim)
{
    return *sdv_sim_detail(sim) == '\0' ? SDV_OK : SDV_ERR_ASSERT;
}

/* see sdvault/sim.h */
const char *sdv_sim_detail(const sdv_sim *sim)
{
    return sim->slot != NULL ? sim->ops->failure(sim->slot) : "";
}
