/* SPDX-License-Identifier: Apache-2.0 */
#include "lockstep.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#define RECENT                                                                 \
    (sizeof(((lockstep *)0)->recent) / sizeof(((lockstep *)0)->recent[0]))
#define DATA_BYTES ((size_t)LOCKSTEP_BLOCKS * 512)
#define OCR 0x00FF8000u
#define HCS 0x40000000u
#define POWERED_UP 0x80000000u
#define MAX_SEQUENCE 8
#define REST_CLOCKS 503
#define REST_STEPS 20000
#define REST_LOOKS 4 /* it may be quiet for a clock while it waits */

static void set_power(sdv_bus *bus, bool on)
{
    cr_assert(eq(int, sdv_bus_set_power(bus, on), SDV_OK));
    if (on) {
        cr_assert(eq(int, sdv_bus_set_clock(bus, 50000000, false), SDV_OK));
    }
}

/* ---- random numbers ---- */

/* see lockstep.h */
uint32_t lockstep_pick(lockstep *pair, uint32_t below)
{
    return (uint32_t)(sdv_random(&pair->random) >> 32) % below;
}

/* see lockstep.h */
bool lockstep_once_in(lockstep *pair, uint32_t times)
{
    return lockstep_pick(pair, times) == 0;
}

/* ---- comparing ---- */

static void remember(lockstep *pair, const sdv_cmd *cmd)
{
    snprintf(pair->recent[pair->commands % RECENT], sizeof(pair->recent[0]),
             "%lu: %sCMD%u arg %08X resp %d dir %d stop %d, %u x %u",
             pair->commands, cmd->is_acmd ? "A" : "", cmd->opcode, cmd->arg,
             cmd->resp, cmd->dir, cmd->stop, cmd->blocks, cmd->block_size);
    pair->commands++;
}

static void tell(const lockstep *pair)
{
    for (size_t i = 0; i < RECENT; i++) {
        fprintf(stderr, "    %s\n",
                pair->recent[(pair->commands + i) % RECENT]);
    }
}

static void differ(const lockstep *pair, const char *what, const sdv_cmd *left,
                   const sdv_cmd *right)
{
    tell(pair);
    cr_fatal("%s of %sCMD%u differs: %s against %s, %08X %08X %08X %08X "
             "against %08X %08X %08X %08X, auto %08X against %08X",
             what, left->is_acmd ? "A" : "", left->opcode,
             sdv_err_name(left->err), sdv_err_name(right->err),
             left->response[3], left->response[2], left->response[1],
             left->response[0], right->response[3], right->response[2],
             right->response[1], right->response[0], left->auto_response,
             right->auto_response);
}

/* Where two blocks begin to differ. */
static void tell_data(const uint8_t *left, const uint8_t *right, size_t bytes)
{
    size_t at = 0;

    while (at + 1 < bytes && left[at] == right[at]) {
        at++;
    }
    fprintf(stderr, "    byte %zu: %02X against %02X; first bytes", at,
            left[at], right[at]);
    for (size_t i = 0; i < 8 && i < bytes; i++) {
        fprintf(stderr, " %02X/%02X", left[i], right[i]);
    }
    fprintf(stderr, "\n");
}

static void compare(const lockstep *pair, const sdv_cmd *left,
                    const sdv_cmd *right)
{
    const size_t bytes = (size_t)left->blocks * left->block_size;

    if (left->err != right->err) {
        differ(pair, "the result", left, right);
    }
    if (memcmp(left->response, right->response, sizeof(left->response)) != 0) {
        differ(pair, "the response", left, right);
    }
    if (left->auto_response != right->auto_response) {
        differ(pair, "the automatic response", left, right);
    }
    if (left->dir == SDV_DIR_READ && left->err == SDV_OK &&
        memcmp(left->data, right->data, bytes) != 0) {
        tell_data(left->data, right->data, bytes);
        differ(pair, "the data", left, right);
    }
}

/* see lockstep.h */
sdv_err lockstep_run(lockstep *pair, sdv_cmd *seq, size_t count)
{
    sdv_cmd twin[MAX_SEQUENCE];
    sdv_err left, right;

    cr_assert(le(sz, count, MAX_SEQUENCE));
    for (size_t i = 0; i < count; i++) {
        remember(pair, &seq[i]);
        twin[i] = seq[i];
        if (seq[i].dir == SDV_DIR_READ) {
            twin[i].data = pair->data[1];
        }
    }
    left = sdv_bus_run(pair->left.bus, seq, count);
    right = sdv_bus_run(pair->right.bus, twin, count);
    for (size_t i = 0; i < count; i++) {
        compare(pair, &seq[i], &twin[i]);
    }
    cr_assert(eq(int, left, right));
    return left;
}

static void compare_region(lockstep *pair, sdv_region region, size_t unit)
{
    static const char *const names[] = {"user", "secure", "EEPROM", "OTP"};
    sdv_image *const left = sdv_sim_image(pair->left.sim);
    sdv_image *const right = sdv_sim_image(pair->right.sim);
    const size_t size = sdv_image_size(left, region);
    const uint8_t *a = sdv_image_data(left, region);
    const uint8_t *b = sdv_image_data(right, region);

    cr_assert(eq(sz, size, sdv_image_size(right, region)));
    for (size_t i = 0; i < size; i += unit) {
        if (memcmp(a + i, b + i, unit) != 0) {
            tell(pair);
            cr_fatal("%s: unit %zu of the images differs", names[region],
                     i / unit);
        }
    }
}

/* see lockstep.h */
void lockstep_compare_images(lockstep *pair)
{
    compare_region(pair, SDV_REGION_USER, 512);
    compare_region(pair, SDV_REGION_SECURE, 512);
    compare_region(pair, SDV_REGION_EEPROM, 4);
    compare_region(pair, SDV_REGION_OTP, 4);
}

/* see lockstep.h */
void lockstep_rest(lockstep *pair)
{
    unsigned resting = 0;

    for (unsigned i = 0; i < REST_STEPS && resting < REST_LOOKS; i++) {
        uint64_t quiet; /* of a model: it does all at once */

        sdv_sim_run(pair->left.sim, REST_CLOCKS);
        sdv_sim_run(pair->right.sim, REST_CLOCKS);
        if (sdv_sim_peek(pair->left.sim, "card.quiet", &quiet) == SDV_OK &&
            quiet == 0) {
            resting = 0;
        }
        resting++;
    }
    cr_assert(eq(uint, resting, REST_LOOKS), "the card never rests");
}

/* see lockstep.h */
void lockstep_power(lockstep *pair, bool on)
{
    set_power(pair->left.bus, on);
    set_power(pair->right.bus, on);
}

/* ---- commands ---- */

static sdv_err run_one(lockstep *pair, sdv_cmd *cmd, uint32_t *response)
{
    const sdv_err err = lockstep_run(pair, cmd, 1);

    if (response != NULL) {
        *response = cmd->response[0];
    }
    return err;
}

/* see lockstep.h */
sdv_err lockstep_send(lockstep *pair, unsigned opcode, uint32_t arg,
                      sdv_resp resp, uint32_t *response)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode, .arg = arg, .resp = resp};

    return run_one(pair, &cmd, response);
}

/* see lockstep.h */
sdv_err lockstep_send_app(lockstep *pair, unsigned opcode, uint32_t arg,
                          sdv_resp resp, uint32_t *response)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .is_acmd = true,
                   .rca = pair->rca,
                   .arg = arg,
                   .resp = resp};

    return run_one(pair, &cmd, response);
}

/* see lockstep.h */
void lockstep_width(lockstep *pair, unsigned lines)
{
    pair->lines = lines;
    cr_assert(eq(int, sdv_bus_set_width(pair->left.bus, lines), SDV_OK));
    cr_assert(eq(int, sdv_bus_set_width(pair->right.bus, lines), SDV_OK));
}

/* see lockstep.h */
uint32_t lockstep_address(const lockstep *pair, uint32_t block)
{
    return slot_address(&pair->left, block);
}

/* ---- identification ---- */

/* CMD0, or the supply when that is not heard; then CMD8. */
static void wake(lockstep *pair)
{
    lockstep_width(pair, 1);
    pair->rca = 0;
    pair->block_len = 512;
    (void)lockstep_send(pair, 0, 0, SDV_RESP_NONE, NULL);
    if (lockstep_send(pair, 8, 0x1AA, SDV_RESP_R7, NULL) != SDV_OK) {
        lockstep_power(pair, false);
        lockstep_power(pair, true);
        cr_assert(
            eq(int, lockstep_send(pair, 8, 0x1AA, SDV_RESP_R7, NULL), SDV_OK));
    }
}

/* see lockstep.h */
void lockstep_identify(lockstep *pair)
{
    uint32_t response = 0;
    const unsigned lines = lockstep_once_in(pair, 3) ? 1 : 4;

    wake(pair);
    for (unsigned i = 0; i < 10 && (response & POWERED_UP) == 0; i++) {
        (void)lockstep_send_app(pair, 41, HCS | OCR, SDV_RESP_R3, &response);
    }
    (void)lockstep_send(pair, 2, 0, SDV_RESP_R2, NULL);
    (void)lockstep_send(pair, 3, 0, SDV_RESP_R6, &response);
    pair->rca = (uint16_t)(response >> 16);
    (void)lockstep_send(pair, 7, (uint32_t)pair->rca << 16, SDV_RESP_R1B, NULL);
    cr_assert(
        eq(int,
           lockstep_send_app(pair, 6, lines == 4 ? 2 : 0, SDV_RESP_R1, NULL),
           SDV_OK),
        "identification");
    lockstep_width(pair, lines);
}

/* see lockstep.h */
void lockstep_settle(lockstep *pair)
{
    const uint32_t rca = (uint32_t)pair->rca << 16;

    for (unsigned i = 0; i < 4 && pair->rca != 0; i++) {
        uint32_t status = 0;
        unsigned state;

        if (lockstep_send(pair, 13, rca, SDV_RESP_R1, &status) ==
            SDV_ERR_NO_RESPONSE) {
            break;
        }
        state = slot_state_of(status);
        if (state == SDV_STATE_TRAN) {
            return;
        }
        if (state == SDV_STATE_STBY) {
            (void)lockstep_send(pair, 7, rca, SDV_RESP_R1B, NULL);
        } else {
            (void)lockstep_send(pair, 12, 0, SDV_RESP_R1B, NULL);
        }
    }
    lockstep_identify(pair);
}

/* ---- opening and closing ---- */

/* see lockstep.h */
void lockstep_open(lockstep *pair, const slot_param *param)
{
    const slot_options cold = {.cold = true};
    const slot_param model = {SDV_KERNEL_MODEL, param->sdsc, param->lines};

    memset(pair, 0, sizeof(*pair));
    pair->random = slot_seed() * 64 + param->lines * 2 + param->sdsc;
    slot_open(&pair->left, param, &cold);
    slot_open(&pair->right, &model, &cold);
    pair->right.bus = sdv_sim_model_bus(pair->right.sim);
    for (size_t i = 0; i < 2; i++) {
        pair->data[i] = malloc(DATA_BYTES);
        cr_assert(ne(ptr, pair->data[i], NULL));
    }
    lockstep_power(pair, true);
    lockstep_identify(pair);
}

/* see lockstep.h */
void lockstep_close(lockstep *pair)
{
    lockstep_compare_images(pair);
    slot_close(&pair->left);
    slot_close(&pair->right);
    free(pair->data[0]);
    free(pair->data[1]);
}
