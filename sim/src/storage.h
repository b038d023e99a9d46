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

enum {
    SDV_NVM_OPS = 3,
    SDV_LATCH_WORDS = 16 /* of the EEPROM: what one operation programs */
};

/** EEPROM words that wait for the one that programs them. */
struct sdv_storage_latch {
    unsigned count;
    struct {
        uint32_t address;
        uint8_t bytes[4];
    } word[SDV_LATCH_WORDS];
};

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
    struct sdv_storage_latch latch;
    uint64_t entropy; /* state of the entropy source */
    sdv_watcher *watcher;
    void *watching; /* the watcher's own */
} sdv_storage;

/** Make it ready; nothing is running. */
void sdv_storage_init(sdv_storage *storage, sdv_image *image,
                      const sdv_sim_config *config);

/**
 * Let the next `count` operations of a kind fail.
 *
 * Reads are those of sectors; words can always be read.
 */
void sdv_storage_fail(sdv_storage *storage, unsigned op, unsigned count);

/** The power is gone: tear what is running. */
void sdv_storage_cut(sdv_storage *storage);

/** The next word of the entropy source, which only the seed decides. */
uint32_t sdv_storage_entropy(sdv_storage *storage);

/** A word that goes into the latch is no operation of the memory. */
bool sdv_storage_is_held(const sdv_nvm_request *request);

/** Tell the watcher, if there is one, of the operation on a port. */
void sdv_storage_tell(const sdv_storage *storage, sdv_port port, bool over);

/** The storage half of the hooks of a kernel. */
sdv_kernel_hooks sdv_storage_hooks(sdv_storage *storage);

#endif /* SDV_STORAGE_H */
