/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/mmio.h
 * @brief The register window of an SD host controller: silicon or simulator.
 *
 * The lowest layer of the host stack and the highest of the simulator.
 * Accesses are 32 bits wide and aligned; narrower SDHCI registers are read
 * and written inside their word.
 */
#ifndef SDV_MMIO_H
#define SDV_MMIO_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sdv_mmio sdv_mmio;

struct sdv_mmio {
    /** Read the word at byte offset `offset` (a multiple of 4). */
    uint32_t (*read32)(void *ctx, uint32_t offset);
    /** Write the word at byte offset `offset` (a multiple of 4). */
    void (*write32)(void *ctx, uint32_t offset, uint32_t value);
    /**
     * Wait until the interrupt line is high.
     *
     * @return 0 when it is high, -1 when `timeout_us` microseconds of the
     *         controller's time passed first or the slot has stopped
     */
    int (*wait_irq)(void *ctx, uint32_t timeout_us);
    /** Let `us` microseconds of the controller's time pass. */
    void (*delay_us)(void *ctx, uint32_t us);
    void *ctx; /* first argument of all four */
};

#ifdef __cplusplus
}
#endif

#endif /* SDV_MMIO_H */
