/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto_lab.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <dlfcn.h>
#include <sdvault/spec.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TOO_LONG 20000 /* clocks; no operation takes that many */

static const char *env(const char *name, const char *otherwise)
{
    const char *value = getenv(name);
    return value != NULL ? value : otherwise;
}

static void *open_library(void)
{
    char path[4096];
    const bool broken = strcmp(env("SDV_TEST_BUILD", ""), "sabotage") == 0;
    const char *build = broken ? "sabotage" : "assert";
    snprintf(path, sizeof(path), "%s/crypto-%s/libsdv-crypto-%s.so",
             env("SDV_KERNEL_DIR", "build"), build, build);
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) {
        cr_fatal("%s", dlerror());
    }
    return library;
}

crypto_lab *lab_open(void)
{
    crypto_lab *lab = calloc(1, sizeof(*lab));
    lab->library = open_library();
    lab->api = dlsym(lab->library, "crypto_api");
    lab->random = strtoull(env("SDV_TEST_SEED", "1"), NULL, 0) | 1;
    lab->top = lab->api->open(
        lab->random, (unsigned)strtoul(env("SDV_TEST_SABOTAGE", "0"), NULL, 0));
    lab_clock(lab);
    return lab;
}

void lab_close(crypto_lab **lab)
{
    (*lab)->api->close((*lab)->top);
    dlclose((*lab)->library);
    free(*lab);
    *lab = NULL;
}

/* xorshift64*, so that a seed means the same everywhere */
uint32_t lab_random(crypto_lab *lab)
{
    lab->random ^= lab->random >> 12;
    lab->random ^= lab->random << 25;
    lab->random ^= lab->random >> 27;
    return (uint32_t)((lab->random * 0x2545F4914F6CDD1Du) >> 32);
}

void lab_random_bytes(crypto_lab *lab, uint8_t *bytes, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)(lab_random(lab) >> 7);
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

void lab_wide(uint32_t *words, size_t count, const uint8_t *bytes, size_t len)
{
    uint8_t whole[64] = {0};
    memcpy(whole, bytes, len);
    for (size_t i = 0; i < count; i++) {
        words[count - 1 - i] = load32(whole + 4 * i);
    }
}

void lab_bytes(uint8_t bytes[16], const uint32_t words[4])
{
    for (size_t i = 0; i < 4; i++) {
        store32(bytes + 4 * i, words[3 - i]);
    }
}

/* A word of entropy after some clocks, as long as there is one. */
static void serve_entropy(crypto_lab *lab)
{
    lab->in.entropy_valid = false;
    if (lab->out.entropy_req && lab->entropy_used < lab->entropy_len) {
        if (lab->entropy_wait > 0) {
            lab->entropy_wait--;
        } else {
            lab->in.entropy = lab->entropy[lab->entropy_used++];
            lab->in.entropy_valid = true;
            lab->out.entropy_req = false;
            lab->entropy_wait = lab_random(lab) % 3;
        }
    }
}

static void remember(crypto_lab *lab)
{
    if (lab->record != NULL) {
        cr_assert(lt(sz, lab->recorded, lab->record_size));
        lab->record[lab->recorded++] = lab->in;
    }
}

void lab_clock(crypto_lab *lab)
{
    struct crypto_out *out = &lab->out;
    remember(lab);
    lab->api->clock(lab->top, &lab->in, out);
    lab->clocks++;
    lab->in.mem_rdata = load32(&lab->memory[4 * (size_t)out->mem_addr]);
    if (out->mem_we) {
        store32(&lab->memory[4 * (size_t)out->mem_waddr], out->mem_wdata);
    }
    if (lab->in.entropy_valid) {
        out->entropy_req = false;
    }
    serve_entropy(lab);
}

void lab_member(crypto_lab *lab, unsigned member, bool two_lanes)
{
    lab->in.member = (uint8_t)member;
    lab->in.two_lanes = two_lanes;
    lab->in.reset = true;
    lab_clock(lab);
    lab->in.reset = false;
    lab->in.same_key = false;
}

static void pulse(crypto_lab *lab, bool *pin)
{
    *pin = true;
    lab_clock(lab);
    *pin = false;
}

void lab_run(crypto_lab *lab)
{
    for (unsigned i = 0; i < TOO_LONG; i++) {
        lab_clock(lab);
        if (lab->in.c_use ? lab->out.c_done : lab->out.done) {
            return;
        }
    }
    cr_fatal("an operation does not end");
}

void lab_key(crypto_lab *lab, const uint8_t *key, size_t len)
{
    lab_wide(lab->in.key, 16, key, len);
    lab->in.size256 = len == 32;
}

unsigned lab_block(crypto_lab *lab, const uint8_t in[16], uint8_t out[16])
{
    lab->in.unit = ENGINE_AES;
    lab->in.ready = true;
    lab_wide(lab->in.block, 4, in, 16);
    pulse(lab, &lab->in.valid);
    const unsigned clocks =
        lab->api->until(lab->top, &lab->in, &lab->out, TOO_LONG);
    cr_assert(lt(uint, clocks, TOO_LONG));
    lab->clocks += clocks + 1;
    lab_bytes(out, lab->out.block);
    return clocks + 1;
}

void lab_aes(crypto_lab *lab, const uint8_t in[16], uint8_t out[16])
{
    lab->in.decrypt = lab->in.same_key = false;
    lab_block(lab, in, out);
}

void lab_cmac(crypto_lab *lab, bool same, const uint8_t *message, size_t len,
              uint8_t mac[16])
{
    lab->in.unit = ENGINE_CMAC;
    lab->in.same_key = same;
    pulse(lab, &lab->in.start);
    lab->in.valid = true;
    size_t at = 0;
    do {
        const size_t part = len - at < 16 ? len - at : 16;
        lab_wide(lab->in.block, 4, message + at, part);
        lab->in.bytes = (uint8_t)part;
        at += part;
        lab->in.last = at == len;
        do {
            lab_clock(lab);
        } while (!lab->out.ready);
    } while (at < len);
    lab->in.valid = false;
    lab_run(lab);
    lab_bytes(mac, lab->out.block);
}

void lab_kdf(crypto_lab *lab, bool same, const uint8_t *fixed, size_t len,
             unsigned blocks, uint8_t *out)
{
    lab->in.unit = ENGINE_KDF;
    lab->in.same_key = same;
    lab->in.blocks = (uint8_t)blocks;
    lab->in.length = (uint8_t)len;
    lab_wide(lab->in.fixed, 16, fixed, len);
    pulse(lab, &lab->in.start);
    for (unsigned i = 0; !lab->out.done; i++) {
        cr_assert(i < TOO_LONG);
        lab_clock(lab);
        if (lab->out.valid) {
            lab_bytes(out + 16 * (size_t)lab->out.block_idx, lab->out.block);
        }
    }
}

void lab_siv_key(crypto_lab *lab, const uint8_t *key, size_t len)
{
    lab_wide(lab->in.key, 16, key, len);
    lab->in.size256 = len == 64;
    lab->in.same_key = false;
}

bool lab_siv(crypto_lab *lab, unsigned op, unsigned word, size_t len,
             unsigned tag_word)
{
    lab->in.unit = ENGINE_SIV;
    lab->in.op = (uint8_t)op;
    lab->in.addr = (uint8_t)word;
    lab->in.len = (uint16_t)len;
    lab->in.tag_addr = (uint8_t)tag_word;
    pulse(lab, &lab->in.start);
    lab->in.same_key = true;
    lab_run(lab);
    return lab->out.ok;
}

void lab_seed(crypto_lab *lab, uint32_t personalization,
              const uint32_t entropy[12])
{
    memcpy(lab->entropy, entropy, 12 * sizeof(*entropy));
    lab->entropy_len = 12;
    lab->entropy_used = 0;
    lab->in.pers = personalization;
    if (lab->in.c_use) {
        lab_service(lab, SDV_CRYPTO_OP_SEED);
    } else {
        lab->in.unit = ENGINE_DRBG;
        pulse(lab, &lab->in.seed);
        lab_run(lab);
    }
}

void lab_draw(crypto_lab *lab, uint8_t out[16])
{
    lab->in.unit = ENGINE_DRBG;
    pulse(lab, &lab->in.start);
    lab_run(lab);
    lab_bytes(out, lab->out.block);
}

bool lab_service(crypto_lab *lab, unsigned op)
{
    lab->in.c_use = true;
    lab->in.c_op = (uint8_t)op;
    pulse(lab, &lab->in.c_start);
    lab_run(lab);
    return lab->out.c_ok;
}

bool lab_derive(crypto_lab *lab, unsigned label, bool suite2)
{
    lab->in.label = (uint8_t)label;
    lab->in.suite2 = suite2;
    lab->in.medium_id = 0x0123456789ABCDEF;
    lab->in.binding = 1;
    return lab_service(lab, SDV_CRYPTO_OP_DERIVE);
}

bool lab_on_memory(crypto_lab *lab, unsigned op, size_t at, size_t len,
                   size_t tag)
{
    lab->in.addr = (uint8_t)(at / 4);
    lab->in.len = (uint16_t)len;
    lab->in.tag_addr = (uint8_t)(tag / 4);
    return lab_service(lab, op);
}

void lab_root(crypto_lab *lab, const uint8_t root[32])
{
    lab->in.c_use = true;
    for (unsigned i = 0; i < 8; i++) {
        lab->in.root_idx = (uint8_t)i;
        lab->in.root_word = load32(root + 4 * i);
        pulse(lab, &lab->in.root_we);
    }
}
