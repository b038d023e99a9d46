/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SDV_BUS_DETAIL_H
#define SDV_BUS_DETAIL_H

#include <sdvault/bus.h>

/**
 * Write bus->detail: which command failed and what the card said, as in
 * "CMD18 0x00001000: CARD_OUT_OF_RANGE, card status 0x80000900".
 */
void sdv_bus_describe(sdv_bus *bus, const sdv_cmd *cmd, sdv_err err);

/**
 * Write bus->detail: which secure command was refused, as in
 * "LICENSE_EXPORT: status word 6A88 NOT_FOUND".
 */
void sdv_bus_describe_sw(sdv_bus *bus, uint8_t ins, sdv_err err);

#endif /* SDV_BUS_DETAIL_H */
