/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Storage operations of a card.  A program or an erase takes effect at its
 * end; one that a power cut ends early leaves old, new and garbage words.
 *
 * The EEPROM has a line latch: words that are held there cost no time and
 * change nothing until a word without `hold` programs them all together.
 */
#include <string.h>

#include "bytes.h"
#include "storage.h"

enum { SECTOR = 512, WORD = 4, NS_PER_CLOCK = 20 };

/* see storage.h */
void sdv_storage_init(sdv_storage *storage, sdv_image *image,
                      const sdv_sim_config *config)
{
    memset(storage, 0, sizeof(*storage));
    storage->image = image;
    storage->latency = config->latency;
    storage->random = config->seed;
    storage->entropy = sdv_entropy_start(config->seed);
}

/* see storage.h */
void sdv_storage_fail(sdv_storage *storage, unsigned op, unsigned count)
{
    if (op < SDV_NVM_OPS) {
        storage->fail[op] = count;
    }
}

/* see storage.h */
uint32_t sdv_storage_entropy(sdv_storage *storage)
{
    return sdv_entropy_next(&storage->entropy);
}

/* see storage.h */
bool sdv_storage_is_held(const sdv_nvm_request *request)
{
    return request->hold && request->op == SDV_NVM_OP_PROGRAM &&
           request->region == SDV_REGION_EEPROM;
}

static bool must_fail(sdv_storage *storage, sdv_port port,
                      const sdv_nvm_request *request)
{
    const unsigned op = request->op;

    if (op >= SDV_NVM_OPS || storage->fail[op] == 0 ||
        sdv_storage_is_held(request) ||
        (port == SDV_PORT_WORD && op == SDV_NVM_OP_READ)) {
        return false;
    }
    storage->fail[op]--;
    return true;
}

static uint32_t latency_ns(const sdv_storage *storage, sdv_port port,
                           const sdv_nvm_request *request)
{
    if (port == SDV_PORT_WORD) {
        return request->op == SDV_NVM_OP_PROGRAM &&
                       !sdv_storage_is_held(request)
                   ? storage->latency.eeprom_line
                   : 0;
    }
    switch (request->op) {
    case SDV_NVM_OP_READ:
        return storage->latency.flash_read;
    case SDV_NVM_OP_PROGRAM:
        return storage->latency.flash_program;
    default:
        return storage->latency.flash_erase;
    }
}

/* The unit that an operation is about; NULL when there is no such one. */
static uint8_t *unit(const sdv_storage *storage, sdv_port port,
                     const sdv_nvm_request *request)
{
    const size_t bytes = port == SDV_PORT_FLASH ? SECTOR : WORD;
    const size_t at = (size_t)request->address * bytes;

    if (storage->image == NULL ||
        at >= sdv_image_size(storage->image, request->region)) {
        return NULL;
    }
    return sdv_image_data(storage->image, request->region) + at;
}

/* Bits of the OTP go from 0 to 1 only. */
static void set_word(const sdv_storage *storage, struct sdv_storage_op *op)
{
    const uint8_t *old = unit(storage, SDV_PORT_WORD, &op->request);
    uint32_t value = op->request.data;

    if (op->request.region == SDV_REGION_OTP && old != NULL) {
        value |= sdv_get32(old);
    }
    sdv_put32(op->bytes, value);
}

static uint64_t start(void *context, sdv_port port,
                      const sdv_nvm_request *request)
{
    sdv_storage *storage = context;
    struct sdv_storage_op *op = &storage->op[port];

    op->running = true;
    op->fails = must_fail(storage, port, request);
    op->request = *request;
    if (port == SDV_PORT_FLASH) {
        memcpy(op->bytes, storage->buffer, SECTOR);
    } else {
        set_word(storage, op);
    }
    sdv_storage_tell(storage, port, false);
    return (latency_ns(storage, port, request) + NS_PER_CLOCK - 1) /
           NS_PER_CLOCK;
}

static bool read_unit(sdv_storage *storage, sdv_port port,
                      const sdv_nvm_request *request, uint32_t *word)
{
    const uint8_t *bytes = unit(storage, port, request);

    if (bytes == NULL) {
        return false;
    }
    if (port == SDV_PORT_FLASH) {
        memcpy(storage->buffer, bytes, SECTOR);
    } else {
        *word = sdv_get32(bytes);
    }
    return true;
}

static bool hold(sdv_storage *storage, const struct sdv_storage_op *op)
{
    struct sdv_storage_latch *latch = &storage->latch;

    if (latch->count == SDV_LATCH_WORDS ||
        unit(storage, SDV_PORT_WORD, &op->request) == NULL) {
        return false;
    }
    latch->word[latch->count].address = op->request.address;
    memcpy(latch->word[latch->count].bytes, op->bytes, WORD);
    latch->count++;
    return true;
}

/* What is in the latch goes into the memory with a word of the EEPROM. */
static bool program_held(sdv_storage *storage, sdv_region region)
{
    struct sdv_storage_latch *latch = &storage->latch;
    bool done = true;

    if (region != SDV_REGION_EEPROM) {
        return true;
    }
    for (unsigned i = 0; i < latch->count && done; i++) {
        done = sdv_image_program(storage->image, region, latch->word[i].address,
                                 latch->word[i].bytes) == SDV_OK;
    }
    return done;
}

static bool program(sdv_storage *storage, const struct sdv_storage_op *op)
{
    const sdv_nvm_request *request = &op->request;

    if (sdv_storage_is_held(request)) {
        return hold(storage, op);
    }
    return program_held(storage, request->region) &&
           sdv_image_program(storage->image, request->region, request->address,
                             op->bytes) == SDV_OK;
}

/* The image holds the change; the latch is empty after it, well or not. */
static bool end_change(sdv_storage *storage, sdv_port port, bool done)
{
    const sdv_nvm_request *request = &storage->op[port].request;

    if (done) {
        sdv_storage_tell(storage, port, true);
    }
    if (request->region == SDV_REGION_EEPROM && !sdv_storage_is_held(request)) {
        storage->latch.count = 0;
    }
    return done;
}

static bool change(sdv_storage *storage, const struct sdv_storage_op *op)
{
    const sdv_nvm_request *request = &op->request;

    if (op->fails || storage->image == NULL) {
        return false;
    }
    return request->op == SDV_NVM_OP_PROGRAM
               ? program(storage, op)
               : sdv_image_erase(storage->image, request->region,
                                 request->address, request->count) == SDV_OK;
}

static bool finish(void *context, sdv_port port, uint32_t *word)
{
    sdv_storage *storage = context;
    struct sdv_storage_op *op = &storage->op[port];

    op->running = false;
    *word = 0;
    if (op->request.op != SDV_NVM_OP_READ) {
        return end_change(storage, port, change(storage, op));
    }
    return !op->fails && storage->image != NULL &&
           read_unit(storage, port, &op->request, word);
}

static uint32_t get(void *context, unsigned index)
{
    const sdv_storage *storage = context;

    return sdv_get32(storage->buffer + WORD * (index % (SECTOR / WORD)));
}

static void put(void *context, unsigned index, uint32_t word)
{
    sdv_storage *storage = context;

    sdv_put32(storage->buffer + WORD * (index % (SECTOR / WORD)), word);
}

/* One word of a unit whose programming was cut: old, new or neither. */
static uint32_t torn_word(uint64_t *random, bool otp, uint32_t old,
                          uint32_t new)
{
    const uint64_t r = sdv_random(random);

    if (otp) {
        return old | (new &(uint32_t)r); /* what got through so far */
    }
    switch ((r >> 32) % 3) {
    case 0:
        return old;
    case 1:
        return new;
    default:
        return (uint32_t)r;
    }
}

/* Leave a unit between what it was and what it was to be. */
static void tear_unit(sdv_storage *storage, sdv_port port,
                      const sdv_nvm_request *request, const uint8_t *target)
{
    const size_t bytes = port == SDV_PORT_FLASH ? SECTOR : WORD;
    const uint8_t *old = unit(storage, port, request);
    uint8_t torn[SECTOR];

    if (old == NULL) {
        return;
    }
    for (size_t i = 0; i < bytes; i += WORD) {
        sdv_put32(torn + i,
                  torn_word(&storage->random, request->region == SDV_REGION_OTP,
                            sdv_get32(old + i), sdv_get32(target + i)));
    }
    /* A full disk leaves the old bytes, which is one of the outcomes. */
    (void)(sdv_image_program(storage->image, request->region, request->address,
                             torn) == SDV_OK);
}

/* Some sectors are erased, the next one is torn, the rest is untouched. */
static void tear_erase(sdv_storage *storage, const sdv_nvm_request *request)
{
    static const uint8_t zeros[SECTOR];
    const uint32_t done =
        (uint32_t)(sdv_random(&storage->random) % request->count);
    const sdv_nvm_request next = {.region = request->region,
                                  .address = request->address + done};

    if (sdv_image_erase(storage->image, request->region, request->address,
                        done) == SDV_OK) {
        tear_unit(storage, SDV_PORT_FLASH, &next, zeros);
    }
}

/* A program and all that it takes out of the latch. */
static void tear_program(sdv_storage *storage, sdv_port port)
{
    const struct sdv_storage_op *op = &storage->op[port];
    const struct sdv_storage_latch *latch = &storage->latch;

    if (sdv_storage_is_held(&op->request)) {
        return; /* it had not come to the memory */
    }
    if (op->request.region == SDV_REGION_EEPROM) {
        for (unsigned i = 0; i < latch->count; i++) {
            const sdv_nvm_request word = {.region = SDV_REGION_EEPROM,
                                          .address = latch->word[i].address};

            tear_unit(storage, port, &word, latch->word[i].bytes);
        }
    }
    tear_unit(storage, port, &op->request, op->bytes);
}

static void tear(sdv_storage *storage, sdv_port port)
{
    const struct sdv_storage_op *op = &storage->op[port];

    if (!op->running || storage->image == NULL) {
        return;
    }
    if (op->request.op == SDV_NVM_OP_PROGRAM) {
        tear_program(storage, port);
    } else if (op->request.op == SDV_NVM_OP_ERASE && op->request.count > 0) {
        tear_erase(storage, &op->request);
    }
}

/* see storage.h */
void sdv_storage_cut(sdv_storage *storage)
{
    for (sdv_port port = SDV_PORT_FLASH; port < SDV_PORTS; port++) {
        tear(storage, port);
        storage->op[port].running = false;
    }
    storage->latch.count = 0;
}

static void lost(void *context)
{
    sdv_storage_cut(context);
}

static uint32_t entropy(void *context)
{
    return sdv_storage_entropy(context);
}

/* see storage.h */
sdv_kernel_hooks sdv_storage_hooks(sdv_storage *storage)
{
    return (sdv_kernel_hooks){.storage = storage,
                              .start = start,
                              .finish = finish,
                              .get = get,
                              .put = put,
                              .entropy = entropy,
                              .lost = lost};
}
