/* SPDX-License-Identifier: Apache-2.0 */
#include "lanes_lab.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LONG 20000 /* clocks; no operation takes that many */

static const char *env(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? value : otherwise;
}

static void open_library(lanes_lab *lab)
{
    char path[4096];
    const bool broken = strcmp(env("SDV_TEST_BUILD", ""), "sabotage") == 0;
    const char *build = broken ? "sabotage" : "assert";
    snprintf(path, sizeof(path), "%s/lanes-%s/libsdv-lanes-%s.so",
             env("SDV_KERNEL_DIR", "build"), build, build);
    lab->library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (lab->library == NULL) {
        cr_fatal("%s", dlerror());
    }
    lab->api = dlsym(lab->library, "lanes_api");
}

/* xorshift64*, so that a seed means the same everywhere */
uint32_t lanes_random(lanes_lab *lab)
{
    lab->random ^= lab->random >> 12;
    lab->random ^= lab->random << 25;
    lab->random ^= lab->random >> 27;
    return (uint32_t)((lab->random * 0x2545F4914F6CDD1Du) >> 32);
}

void lanes_random_bytes(lanes_lab *lab, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(lanes_random(lab) >> 7);
    }
}

static uint32_t load32(const uint8_t *bytes)
{
    return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 |
           (uint32_t)bytes[2] << 8 | bytes[3];
}

static void store32(uint8_t *bytes, uint32_t word)
{
    for (unsigned i = 0; i < 4; i++) {
        bytes[i] = (uint8_t)(word >> (24 - 8 * i));
    }
}

static void wide(uint32_t *words, size_t count, const uint8_t *bytes,
                 size_t len)
{
    uint8_t whole[64] = {0};
    memcpy(whole, bytes, len);
    for (size_t i = 0; i < count; i++) {
        words[count - 1 - i] = load32(whole + 4 * i);
    }
}

void lanes_words(uint8_t bytes[16], const uint32_t words[4])
{
    for (size_t i = 0; i < 4; i++) {
        store32(bytes + 4 * i, words[3 - i]);
    }
}

static void expect(const uint32_t words[4], const uint8_t want[16])
{
    uint8_t got[16];
    lanes_words(got, words);
    cr_assert(zero(int, memcmp(got, want, sizeof(got))));
}

static size_t random_key(lanes_lab *lab, uint8_t key[32])
{
    const size_t len = lanes_random(lab) % 2 != 0 ? 16 : 32;
    lanes_random_bytes(lab, key, len);
    return len;
}

/* ---- The crowd ---- */

static void check_draw(lanes_lab *lab)
{
    uint8_t want[16];
    if (lab->out.drawn && lab->drawing) {
        ref_drbg_draw(lab->generator, want);
        expect(lab->out.random, want);
        lab->drawing = false;
        lab->draws++;
    }
    lab->in.draw = false;
}

/* Counter block number `next`: all its bits count. */
static void counter_block(const uint8_t counter[16], unsigned next,
                          uint8_t block[16])
{
    for (unsigned i = 16; i-- > 0;) {
        next += counter[i];
        block[i] = (uint8_t)next;
        next >>= 8;
    }
}

static void check_ctr(lanes_lab *lab)
{
    if (lab->out.ctr_valid && lab->in.ctr_ready && lab->ctr.begun) {
        uint8_t block[16], want[16];
        counter_block(lab->ctr.counter, lab->ctr.next++, block);
        ref_aes(lab->ctr.key, lab->ctr.key_len, block, want);
        expect(lab->out.ctr_block, want);
        lab->streams++;
    }
    lab->in.ctr_start = false;
}

static void begin_ctr(lanes_lab *lab)
{
    cr_assert(eq(uint, lab->ctr.next, lab->in.ctr_blocks));
    lab->in.ctr_same_key = lab->ctr.begun && lanes_random(lab) % 2 != 0;
    if (!lab->in.ctr_same_key) {
        lab->ctr.key_len = random_key(lab, lab->ctr.key);
    }
    memset(lab->ctr.counter, 0xFF, sizeof(lab->ctr.counter));
    lanes_random_bytes(lab, lab->ctr.counter, lanes_random(lab) % 16);
    lab->ctr.next = 0;
    lab->ctr.begun = true;
    wide(lab->in.ctr_key, 8, lab->ctr.key, lab->ctr.key_len);
    wide(lab->in.ctr_counter, 4, lab->ctr.counter, 16);
    lab->in.ctr_size256 = lab->ctr.key_len == 32;
    lab->in.ctr_blocks = (uint8_t)(1 + lanes_random(lab) % 20);
    lab->in.ctr_start = true;
}

static void check_pins(lanes_lab *lab)
{
    if (lab->out.block_done) {
        cr_assert(lab->pins.asked);
        expect(lab->out.block, lab->pins.want);
        lab->pins.asked = false;
        lab->blocks++;
    }
    if (lab->in.valid && lab->out.ready) {
        lab->in.valid = false;
        lab->pins.asked = true;
    }
}

static void offer_block(lanes_lab *lab)
{
    uint8_t block[16];
    lab->in.same_key = lab->pins.key_len != 0 && lanes_random(lab) % 2 != 0;
    if (!lab->in.same_key) {
        lab->pins.key_len = random_key(lab, lab->pins.key);
    }
    lanes_random_bytes(lab, block, sizeof(block));
    ref_aes(lab->pins.key, lab->pins.key_len, block, lab->pins.want);
    wide(lab->in.block_key, 8, lab->pins.key, lab->pins.key_len);
    wide(lab->in.block, 4, block, sizeof(block));
    lab->in.block_size256 = lab->pins.key_len == 32;
    lab->in.valid = true;
}

static void push(lanes_lab *lab)
{
    if (!lab->drawing && lanes_random(lab) % 64 == 0) {
        lanes_draw(lab);
    }
    lab->in.ctr_ready = lanes_random(lab) % 3 != 0;
    if (!lab->out.ctr_busy && !lab->in.ctr_start &&
        lanes_random(lab) % 4 == 0) {
        begin_ctr(lab);
    }
    if (!lab->in.valid && !lab->pins.asked && lanes_random(lab) % 16 == 0) {
        offer_block(lab);
    }
}

/* ---- Clocks ---- */

void lanes_clock(lanes_lab *lab)
{
    struct lanes_out *out = &lab->out;
    lab->api->clock(lab->top, &lab->in, out);
    lab->clocks++;
    lab->calls += (unsigned)__builtin_popcount(out->lane_taken);
    cr_assert(not(out->error));
    lab->in.mem_rdata = load32(&lab->memory[4 * (size_t)out->mem_addr]);
    if (out->mem_we) {
        store32(&lab->memory[4 * (size_t)out->mem_waddr], out->mem_wdata);
    }
    const bool started = lab->in.ctr_start;
    check_draw(lab);
    check_ctr(lab);
    check_pins(lab);
    if (lab->crowd && !started) {
        push(lab);
    }
}

lanes_lab *lanes_open(void)
{
    static const uint8_t zeros[48];
    lanes_lab *lab = calloc(1, sizeof(*lab));
    open_library(lab);
    lab->random = strtoull(env("SDV_TEST_SEED", "1"), NULL, 0) | 1;
    lab->top = lab->api->open(
        lab->random, (unsigned)strtoul(env("SDV_TEST_SABOTAGE", "0"), NULL, 0));
    lab->in.lanes = LANES_ONE;
    lab->in.seed = true;
    do {
        lanes_clock(lab);
        lab->in.seed = false;
        lab->in.entropy_valid = lab->out.entropy_req && !lab->in.entropy_valid;
    } while (!lab->out.drawn);
    lab->generator = ref_drbg_new(zeros, zeros);
    return lab;
}

void lanes_close(lanes_lab **lab)
{
    ref_drbg_free(&(*lab)->generator);
    (*lab)->api->close((*lab)->top);
    dlclose((*lab)->library);
    free(*lab);
    *lab = NULL;
}

void lanes_siv_key(lanes_lab *lab, const uint8_t *key, size_t len)
{
    wide(lab->in.key, 16, key, len);
    lab->in.size256 = len == 64;
    lab->in.new_key = true;
}

bool lanes_siv(lanes_lab *lab, unsigned op, unsigned word, size_t len,
               unsigned tag_word)
{
    lab->in.op = (uint8_t)op;
    lab->in.addr = (uint8_t)word;
    lab->in.len = (uint16_t)len;
    lab->in.tag_addr = (uint8_t)tag_word;
    lab->in.start = true;
    for (unsigned i = 0; i < TOO_LONG; i++) {
        lanes_clock(lab);
        lab->in.start = lab->in.new_key = false;
        if (lab->out.done) {
            return lab->out.ok;
        }
    }
    cr_fatal("an operation does not end");
}

void lanes_draw(lanes_lab *lab)
{
    lab->in.draw = true;
    lab->drawing = true;
}

void lanes_ctr(lanes_lab *lab, const uint8_t *key, size_t len,
               const uint8_t counter[16], unsigned count, uint8_t *stream)
{
    wide(lab->in.ctr_key, 8, key, len);
    wide(lab->in.ctr_counter, 4, counter, 16);
    lab->in.ctr_size256 = len == 32;
    lab->in.ctr_same_key = false;
    lab->in.ctr_blocks = (uint8_t)count;
    lab->in.ctr_start = lab->in.ctr_ready = true;
    for (unsigned got = 0; got < count;) {
        lanes_clock(lab);
        if (lab->out.ctr_valid) {
            lanes_words(stream + 16 * (size_t)got++, lab->out.ctr_block);
        }
    }
    lanes_clock(lab);
}
