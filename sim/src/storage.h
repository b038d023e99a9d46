/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file storage.h
 * @brief What the storage of a card does: latency, failures, power cuts.
 *
 * Sits between a kernel, which knows when, and the image, which keeps the
 * bytes.  An operation changes the image at its end, or when the power goes.
 */
#ifndef SDV_STORAGE_H
#define SDV_STORAGE_H

#include "kernel.h"

enum { SDV_NVM_OPS = 3 };

/** An operation that has begun. */
struct sdv_storage_op {
    bool running;
    bool fails;
    sdv_nvm_request request;
    uint8_t bytes[512]; /* what is to be programmed */
};

typedef struct sdv_storage {
    sdv_image *image; /* NULL: no card, everything fails */
    sdv_latency latency;
    uint64_t random;            /* state of the garbage */
    unsigned fail[SDV_NVM_OPS]; /* operations still to fail, by kind */
    uint8_t buffer[512];        /* sector buffer of the flash port */
    struct sdv_storage_op op[SDV_PORTS];
} sdv_storage;

/** Make it ready; nothing is running. */
void sdv_storage_init(sdv_storage *storage, sdv_image *image,
                      const sdv_sim_config *config);

/** Let the next `count` operations of a kind fail. */
void sdv_storage_fail(sdv_storage *storage, unsigned op, unsigned count);

/** The power is gone: tear what is running. */
void sdv_storage_cut(sdv_storage *storage);

/** The storage half of the hooks of a kernel. */
sdv_kernel_hooks sdv_storage_hooks(sdv_storage *storage);

#endif /* SDV_STORAGE_H */
