/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file license_internal.h
 * @brief What the commands of the vault share.
 */
#ifndef SDV_LICENSE_INTERNAL_H
#define SDV_LICENSE_INTERNAL_H

#include <sdvault/license.h>

/** A command of the vault and the data of its answer. */
struct sdv_vault_call {
    uint8_t ins;
    uint16_t p1p2;
    const uint8_t *data;   /* uint8_t[size] */
    size_t size;           /* 0: none */
    uint32_t le;           /* bytes that may come back; 0: none */
    const uint8_t *answer; /* out: valid until the next exchange */
    size_t answer_size;    /* out: without the status word */
};

/**
 * Run it in plain.  A refusal is described in the bus's detail, as in
 * "LICENSE_EXPORT: status word 6A88 NOT_FOUND".
 */
SDV_MUST_CHECK sdv_err sdv_vault_run(sdv_assd *assd,
                                     struct sdv_vault_call *call);

#endif /* SDV_LICENSE_INTERNAL_H */
