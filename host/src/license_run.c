/* SPDX-License-Identifier: Apache-2.0 */
/* One command of the vault: APDU there, status word back. */
#include <string.h>

#include "bus_detail.h"
#include "license_internal.h"

#define CLA_PLAIN 0x80u

static sdv_err build(const struct sdv_vault_call *call, uint8_t *bytes,
                     size_t room, size_t *used)
{
    const sdv_apdu apdu = {.cla = CLA_PLAIN,
                           .ins = call->ins,
                           .p1 = (uint8_t)(call->p1p2 >> 8),
                           .p2 = (uint8_t)call->p1p2,
                           .data = call->data,
                           .size = call->size,
                           .le = call->le};

    return sdv_apdu_build(&apdu, bytes, room, used);
}

sdv_err sdv_vault_run(sdv_assd *assd, struct sdv_vault_call *call)
{
    uint8_t command[SDV_APDU_MAX];
    const uint8_t *response;
    size_t size;
    sdv_err err = build(call, command, sizeof(command), &size);

    call->answer_size = 0;
    if (err == SDV_OK) {
        err = sdv_assd_exchange(assd, command, size, &response, &size);
    }
    memset(command, 0, sizeof(command)); /* STORE DATA has the card root */
    if (err != SDV_OK) {
        return err;
    }
    err = sdv_apdu_response(response, size, &call->answer, &call->answer_size);
    if (sdv_err_sw(err) != 0) {
        sdv_bus_describe_sw(assd->card->bus, call->ins, err);
    }
    return err;
}
