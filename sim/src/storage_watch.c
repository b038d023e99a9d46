/* SPDX-License-Identifier: Apache-2.0 */
/* What the storage tells a watcher: see sdv_sim_watch(). */
#include <string.h>

#include "storage.h"

enum { WORD = 4 };

/* The words of a line: those in the latch, and the one that programs them. */
static uint32_t collect(const sdv_storage *storage,
                        const struct sdv_storage_op *op, uint32_t *address,
                        uint8_t *bytes)
{
    const struct sdv_storage_latch *latch = &storage->latch;
    uint32_t units = 0;

    if (op->request.region == SDV_REGION_EEPROM) {
        for (; units < latch->count; units++) {
            address[units] = latch->word[units].address;
            memcpy(bytes + WORD * units, latch->word[units].bytes, WORD);
        }
    }
    address[units] = op->request.address;
    memcpy(bytes + WORD * units, op->bytes, WORD);
    return units + 1;
}

/* see storage.h */
void sdv_storage_tell(const sdv_storage *storage, sdv_port port, bool over)
{
    const struct sdv_storage_op *op = &storage->op[port];
    uint32_t address[SDV_LATCH_WORDS + 1] = {op->request.address};
    uint8_t words[(SDV_LATCH_WORDS + 1) * WORD];
    sdv_change change = {.over = over,
                         .region = op->request.region,
                         .op = op->request.op,
                         .units = 1,
                         .address = address,
                         .bytes = op->bytes};

    if (storage->watcher == NULL || op->request.op == SDV_NVM_OP_READ ||
        sdv_storage_is_held(&op->request)) {
        return;
    }
    if (change.op == SDV_NVM_OP_ERASE) {
        change.units = op->request.count;
        change.bytes = NULL;
    } else if (port == SDV_PORT_WORD) {
        change.units = collect(storage, op, address, words);
        change.bytes = words;
    }
    storage->watcher(storage->watching, &change);
}
