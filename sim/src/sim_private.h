/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sim_private.h
 * @brief Inside of a slot, for the files that make up sdvault/sim.h.
 */
#ifndef SDV_SIM_PRIVATE_H
#define SDV_SIM_PRIVATE_H

#include "kernel.h"
#include "model.h"
#include "storage.h"

struct sdv_sim {
    sdv_image *image;     /* NULL: empty slot */
    sdv_storage storage;  /* of the direct kernel, with what follows */
    sdv_monitor *monitor; /* NULL: no log */
    void *library;
    const sdv_slot_ops *ops;
    sdv_slot *slot;
    sdv_model *model; /* of the model kernel */
    sdv_mmio mmio;
};

/**
 * Copy a caller's configuration, which may be of an older version.
 * @retval SDV_ERR_ARG  its struct_size is that of none
 */
sdv_err sdv_sim_config_read(const sdv_sim_config *given,
                            sdv_sim_config *config);

/**
 * What a kernel is told: the configuration, the storage, and the monitor that
 * is opened when a log is wanted.
 */
sdv_err sdv_sim_kernel_config(const sdv_sim_config *config,
                              sdv_storage *storage, sdv_monitor **monitor,
                              sdv_kernel_config *kernel);

#endif /* SDV_SIM_PRIVATE_H */
