/* SPDX-License-Identifier: Apache-2.0 */
/* Commands of the vault: what they ask, and what their answers mean. */
#include <string.h>

#include "assd_internal.h"
#include "big_endian.h"
#include "license_internal.h"

/* Bytes of the answer to GET DATA. */
enum {
    INFO_MEDIUM = 0,
    INFO_LIFECYCLE = 8,
    INFO_DEFECTS = 9,
    INFO_SLOTS = 10,
    INFO_FREE_SLOTS = 12,
    INFO_LINES = 14,
    INFO_FREE_LINES = 16,
    INFO_VERSION = 18,
    INFO_SUITES = 19,
    INFO_LANES = 20,
    INFO_ROUNDS = 21,
    INFO_SBOX = 22,
    INFO_BLOCKS = 24
};

/* Bytes of an entry of LICENSE LIST, and of what follows the last one. */
enum { ENTRY_STATE = 16, ENTRY_FLAGS = 17, ENTRY_GENERATION = 18, NEXT = 2 };

static uint16_t get16(const uint8_t *bytes)
{
    return (uint16_t)be_get(bytes, 2);
}

sdv_err sdv_license_get_data(sdv_assd *assd, sdv_vault_info *info)
{
    struct sdv_vault_call call = {.ins = SDV_INS_GET_DATA,
                                  .le = SDV_INFO_BYTES};
    const uint8_t *at;
    sdv_err err = sdv_vault_run(assd, &call);

    memset(info, 0, sizeof(*info));
    if (err == SDV_OK && call.answer_size != SDV_INFO_BYTES) {
        err = SDV_ERR_PROTOCOL;
    }
    if (err != SDV_OK) {
        return err;
    }
    at = call.answer;
    *info = (sdv_vault_info){.medium_id = be_get(at + INFO_MEDIUM, 8),
                             .lifecycle = at[INFO_LIFECYCLE],
                             .defects = at[INFO_DEFECTS],
                             .slots = get16(at + INFO_SLOTS),
                             .free_slots = get16(at + INFO_FREE_SLOTS),
                             .lines = get16(at + INFO_LINES),
                             .free_lines = get16(at + INFO_FREE_LINES),
                             .version = at[INFO_VERSION],
                             .suites = at[INFO_SUITES],
                             .lanes = at[INFO_LANES],
                             .rounds = at[INFO_ROUNDS],
                             .sbox = at[INFO_SBOX],
                             .blocks = be_get32(at + INFO_BLOCKS)};
    return SDV_OK;
}

sdv_err sdv_license_personalize(sdv_assd *assd,
                                const uint8_t data[SDV_STORE_DATA_BYTES])
{
    struct sdv_vault_call call = {
        .ins = SDV_INS_STORE_DATA, .data = data, .size = SDV_STORE_DATA_BYTES};
    const sdv_err err = sdv_vault_run(assd, &call);

    memset(assd->token, 0, sizeof(assd->token)); /* the root was in it */
    return err;
}

/* ---- LICENSE LIST ---- */

static sdv_err visit_entry(const uint8_t *at, sdv_license_visit visit,
                           void *ctx)
{
    sdv_license_entry entry = {.state = at[ENTRY_STATE],
                               .flags = at[ENTRY_FLAGS],
                               .generation = be_get32(at + ENTRY_GENERATION)};

    memcpy(entry.id, at, sizeof(entry.id));
    return visit(ctx, &entry);
}

/* The entries of one answer. */
static sdv_err visit_all(const struct sdv_vault_call *call,
                         sdv_license_visit visit, void *ctx)
{
    const size_t bytes = call->answer_size - NEXT;
    sdv_err err = SDV_OK;

    for (size_t at = 0; at < bytes && err == SDV_OK;
         at += SDV_VAULT_LIST_ENTRY) {
        err = visit_entry(call->answer + at, visit, ctx);
    }
    return err;
}

static bool is_list(const struct sdv_vault_call *call)
{
    return call->answer_size >= NEXT &&
           (call->answer_size - NEXT) % SDV_VAULT_LIST_ENTRY == 0;
}

sdv_err sdv_license_list(sdv_assd *assd, sdv_license_visit visit, void *ctx)
{
    uint16_t next = 0;
    sdv_err err;

    do {
        struct sdv_vault_call call = {
            .ins = SDV_INS_LICENSE_LIST, .p1p2 = next, .le = SDV_APDU_LE_MAX};
        const uint16_t first = next;

        err = sdv_vault_run(assd, &call);
        if (err == SDV_OK && !is_list(&call)) {
            err = SDV_ERR_PROTOCOL;
        }
        if (err != SDV_OK) {
            return err;
        }
        next = get16(call.answer + call.answer_size - NEXT);
        err = visit_all(&call, visit, ctx);
        if (err == SDV_OK && next != 0 && next <= first) {
            err = SDV_ERR_PROTOCOL; /* it would never end */
        }
    } while (err == SDV_OK && next != 0);
    return err;
}

/* ---- EXPORT and IMPORT ---- */

sdv_err sdv_license_export(sdv_assd *assd,
                           const uint8_t id[SDV_LICENSE_ID_BYTES],
                           uint8_t block[SDV_VAULT_SEALED_BYTES])
{
    struct sdv_vault_call call = {.ins = SDV_INS_LICENSE_EXPORT,
                                  .data = id,
                                  .size = SDV_LICENSE_ID_BYTES,
                                  .le = SDV_APDU_LE_MAX};
    sdv_err err = sdv_vault_run(assd, &call);

    memset(block, 0, SDV_VAULT_SEALED_BYTES);
    if (err == SDV_OK && call.answer_size != SDV_VAULT_SEALED_BYTES) {
        err = SDV_ERR_PROTOCOL;
    }
    if (err == SDV_OK) {
        memcpy(block, call.answer, SDV_VAULT_SEALED_BYTES);
    }
    return err;
}

sdv_err sdv_license_import(sdv_assd *assd,
                           const uint8_t block[SDV_VAULT_SEALED_BYTES])
{
    struct sdv_vault_call call = {.ins = SDV_INS_LICENSE_IMPORT,
                                  .data = block,
                                  .size = SDV_VAULT_SEALED_BYTES};
    const sdv_err err = sdv_vault_run(assd, &call);

    return err == SDV_OK && call.answer_size != 0 ? SDV_ERR_PROTOCOL : err;
}
