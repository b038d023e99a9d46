/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file lanes_unit.h
 * @brief The top of engines that share lanes, from C: pins as structs, a clock.
 */
#ifndef SDV_TEST_LANES_UNIT_H
#define SDV_TEST_LANES_UNIT_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Lanes of the top; lanes_in::lanes is a set of them. */
enum lanes_set {
    LANES_ONE = 1,
    LANES_TWO = 3,
    LANES_FAST = 4, /* one of two rounds a clock */
    LANES_ALL = 7,
};

/** Pins of sdv_lanes_top; wide ones in words, the lowest bits first. */
struct lanes_in {
    uint32_t key[16], ctr_key[8], block_key[8], ctr_counter[4], block[4];
    uint32_t mem_rdata, entropy;
    uint16_t len;
    uint8_t lanes, op, addr, tag_addr, ctr_blocks;
    bool reset, wipe;
    bool start, size256, new_key;
    bool seed, draw, entropy_valid;
    bool ctr_start, ctr_same_key, ctr_size256, ctr_ready;
    bool valid, same_key, block_size256;
};

struct lanes_out {
    uint32_t random[4], ctr_block[4], block[4];
    uint32_t mem_wdata;
    uint8_t mem_addr, mem_waddr, lane_taken;
    bool busy, done, ok, mem_we;
    bool entropy_req, drawn;
    bool ctr_busy, ctr_valid;
    bool ready, block_done, error;
};

/** What the library of the model exports, under the name lanes_api. */
struct lanes_api {
    /** A top after reset; with the sabotage build, break number `sabotage`. */
    void *(*open)(uint64_t seed, unsigned sabotage);
    void (*close)(void *top);
    /** The levels of one clock, then its rising edge. */
    void (*clock)(void *top, const struct lanes_in *in, struct lanes_out *out);
};

#ifdef __cplusplus
}
#endif

#endif /* SDV_TEST_LANES_UNIT_H */
