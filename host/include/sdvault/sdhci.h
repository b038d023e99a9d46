/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/sdhci.h
 * @brief sdv_bus over the registers of an SD host controller (SDHCI 3.00).
 *
 * Programmed I/O over the block buffers of the controller.  The object is the
 * caller's; nothing is allocated.
 */
#ifndef SDV_SDHCI_H
#define SDV_SDHCI_H

#include <sdvault/bus.h>
#include <sdvault/mmio.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The SDHCI bus: give &sdhci.bus to the card layer.  Fields are private. */
typedef struct sdv_sdhci {
    sdv_bus bus; /* first */
    const sdv_mmio *mmio;
    uint32_t capabilities;  /* word 0x40 */
    uint32_t host_control;  /* word 0x28 as last written */
    uint32_t clock_control; /* word 0x2C as last written */
    uint32_t enable;        /* word 0x34 as last written */
    uint32_t events;        /* bits of word 0x30 seen and not used up */
    uint32_t wait_us;       /* longest wait for the data of this command */
    uint16_t rca;           /* last one that CMD3 published; 0: none */
    bool all_moved;         /* the command before moved all its blocks */
} sdv_sdhci;

/**
 * Take over a controller: reset it and read its capabilities.
 *
 * @param sdhci  object to fill
 * @param mmio   register window; must outlive the object
 *
 * @retval SDV_OK               ready; the card has no power yet
 * @retval SDV_ERR_UNSUPPORTED  no controller of version 3.00 at that window
 * @retval SDV_ERR_DATA_TIMEOUT the reset never ended
 */
SDV_MUST_CHECK sdv_err sdv_sdhci_init(sdv_sdhci *sdhci, const sdv_mmio *mmio);

#ifdef __cplusplus
}
#endif

#endif /* SDV_SDHCI_H */
