/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A card on bare pins, for hosts that are not ours.
 */
#include <stdlib.h>

#include "sim_private.h"

struct sdv_pins {
    sdv_image *image; /* NULL: no card, the lines stay high */
    sdv_storage storage;
    sdv_monitor *monitor; /* NULL: no log */
    void *library;
    const sdv_bare_ops *ops;
    sdv_bare *bare;
};

static sdv_err open_bare(sdv_pins *pins, const sdv_sim_config *config)
{
    const sdv_kernel_lib *library =
        sdv_kernel_load("bare-assert", &pins->library);
    sdv_kernel_config kernel;
    sdv_err err;

    if (library == NULL || library->bare == NULL) {
        return SDV_ERR_KERNEL;
    }
    pins->ops = library->bare;
    sdv_storage_init(&pins->storage, pins->image, config);
    err =
        sdv_sim_kernel_config(config, &pins->storage, &pins->monitor, &kernel);
    return err == SDV_OK ? pins->ops->open(&kernel, &pins->bare) : err;
}

static sdv_err open_all(sdv_pins *pins, const sdv_sim_config *config)
{
    sdv_err err = SDV_OK;

    if (config->kernel != SDV_KERNEL_DIRECT) {
        return SDV_ERR_ARG;
    }
    if (config->image != NULL) {
        err = sdv_image_open(config->image, &pins->image);
    }
    return err == SDV_OK ? open_bare(pins, config) : err;
}

/* see sdvault/sim.h */
sdv_err sdv_pins_open(const sdv_sim_config *config, sdv_pins **pins)
{
    sdv_sim_config known;
    sdv_err err = sdv_sim_config_read(config, &known);

    *pins = NULL;
    if (err != SDV_OK) {
        return err;
    }
    *pins = calloc(1, sizeof(**pins));
    if (*pins == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    err = open_all(*pins, &known);
    if (err != SDV_OK) {
        sdv_pins_close(pins);
    }
    return err;
}

/* see sdvault/sim.h */
void sdv_pins_close(sdv_pins **pins)
{
    sdv_pins *gone = *pins;

    if (gone == NULL) {
        return;
    }
    if (gone->bare != NULL) {
        gone->ops->close(gone->bare);
        sdv_storage_cut(&gone->storage);
    }
    sdv_kernel_unload(gone->library);
    sdv_monitor_close(&gone->monitor);
    sdv_image_close(&gone->image);
    free(gone);
    *pins = NULL;
}

/* see sdvault/sim.h */
void sdv_pins_set(sdv_pins *pins, const sdv_pins_host *host)
{
    pins->ops->set(pins->bare, host);
}

/* see sdvault/sim.h */
void sdv_pins_get(const sdv_pins *pins, bool *cmd, uint8_t *dat)
{
    pins->ops->get(pins->bare, cmd, dat);
}

/* see sdvault/sim.h */
void sdv_pins_step(sdv_pins *pins)
{
    pins->ops->step(pins->bare);
}

/* see sdvault/sim.h */
void sdv_pins_power(sdv_pins *pins, bool on)
{
    pins->ops->power(pins->bare, on);
}

/* see sdvault/sim.h */
const char *sdv_pins_detail(const sdv_pins *pins)
{
    return pins->ops->failure(pins->bare);
}

/* see sdvault/sim.h */
sdv_clocks sdv_pins_clocks(const sdv_pins *pins)
{
    return pins->ops->clocks(pins->bare);
}
