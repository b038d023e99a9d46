/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file model.h
 * @brief The functional card of the model kernel: no pins, no clocks.
 *
 * Written from docs/protocol.md and the standards, not from the RTL; what it
 * does and leaves out is in docs/model.md.
 */
#ifndef SDV_MODEL_H
#define SDV_MODEL_H

#include <stdbool.h>

#include <sdvault/bus.h>
#include <sdvault/image.h>
#include <sdvault/mmio.h>
#include <sdvault/sim.h>

typedef struct sdv_model sdv_model;

/**
 * Make a slot with a functional card, inserted, and its supply switched on.
 *
 * @param image   the card; borrowed until close; NULL: an empty slot
 * @param config  apparatus_id and latency are used
 * @param[out] model  the new slot; NULL on error
 *
 * @retval SDV_ERR_NO_MEMORY  as it says
 */
SDV_MUST_CHECK sdv_err sdv_model_open(sdv_image *image,
                                      const sdv_sim_config *config,
                                      sdv_model **model);

/** Free it; the image stays open.  Sets *model to NULL. */
void sdv_model_close(sdv_model **model);

/** A functional SD host controller that drives the card. */
const sdv_mmio *sdv_model_mmio(sdv_model *model);

/**
 * The card without a host controller: a bus that answers at once.
 *
 * It has a power switch and a width of its own; use it or the registers, not
 * both at a time.
 */
sdv_bus *sdv_model_bus(sdv_model *model);

/** Switch the supply of the card; off is a power cut. */
void sdv_model_power(sdv_model *model, bool on);

/** Put the card in or take it out; out is a power cut. */
void sdv_model_insert(sdv_model *model, bool inserted);

/** Let time pass. */
void sdv_model_run(sdv_model *model, uint64_t ns);

/** Set the storage latencies from now on. */
void sdv_model_set_latency(sdv_model *model, const sdv_latency *latency);

/** Let the next `count` storage operations of kind `op` fail (SDV_NVM_OP_*). */
void sdv_model_fail_nvm(sdv_model *model, unsigned op, unsigned count);

#endif /* SDV_MODEL_H */
