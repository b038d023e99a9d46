/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file bus_internal.h
 * @brief What implementations of sdv_bus share.
 */
#ifndef SDV_BUS_INTERNAL_H
#define SDV_BUS_INTERNAL_H

#include <sdvault/bus.h>

#define SDV_IDENTIFICATION_HZ 400000u

/** The card status in an R1, R1b or R6 response; 0 for the other types. */
uint32_t sdv_bus_status_of(const sdv_cmd *cmd);

/**
 * The result of a command whose status this is: see sdv_bus_run() for what
 * counts.
 */
sdv_err sdv_bus_judge(const sdv_cmd *cmd, uint32_t status);

/** CURRENT_STATE of a card status: SDV_STATE_*. */
static inline uint32_t sdv_status_state(uint32_t status)
{
    return status >> 9 & 15u;
}

#endif /* SDV_BUS_INTERNAL_H */
