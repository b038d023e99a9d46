/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file lockstep.h
 * @brief Two equal cards on two buses, held against each other.
 *
 * Left: the SDHCI driver over the registers of a slot.  Right: the model's
 * bus.  Every command goes to both; answers, data and results must be equal.
 */
#ifndef SDV_TEST_LOCKSTEP_H
#define SDV_TEST_LOCKSTEP_H

#include "slot.h"

#define LOCKSTEP_BLOCKS 8 /* most blocks of one command */

typedef struct lockstep {
    slot left;
    slot right;
    uint64_t random;
    unsigned long commands; /* sent so far */
    uint16_t rca;
    uint32_t block_len;
    unsigned lines;
    uint8_t *data[2];    /* LOCKSTEP_BLOCKS blocks each */
    char recent[16][96]; /* the last commands, for a failure */
} lockstep;

/** Open both; the cards are in tran. */
void lockstep_open(lockstep *pair, const slot_param *param);
void lockstep_close(lockstep *pair);

/** A random number below `below`. */
uint32_t lockstep_pick(lockstep *pair, uint32_t below);

/** True once in `times`. */
bool lockstep_once_in(lockstep *pair, uint32_t times);

/**
 * Send a sequence to both and compare all that comes back.
 *
 * Data that is written must be in data[0]; what the left bus read is there.
 * @return result of both
 */
sdv_err lockstep_run(lockstep *pair, sdv_cmd *seq, size_t count);

/** One command without data. */
sdv_err lockstep_send(lockstep *pair, unsigned opcode, uint32_t arg,
                      sdv_resp resp, uint32_t *response);

/** One application command without data. */
sdv_err lockstep_send_app(lockstep *pair, unsigned opcode, uint32_t arg,
                          sdv_resp resp, uint32_t *response);

/** Width of both hosts. */
void lockstep_width(lockstep *pair, unsigned lines);

/** From wherever the cards are to tran, by CMD0 or by their supply. */
void lockstep_identify(lockstep *pair);

/** Back to tran in the shortest way after something odd. */
void lockstep_settle(lockstep *pair);

/** The images must be equal in all regions. */
void lockstep_compare_images(lockstep *pair);

/**
 * Let both cards finish what they do on their own.
 *
 * Secure commands take clocks in a slot and none in the model: only cards at
 * rest can be compared.
 */
void lockstep_rest(lockstep *pair);

/** Switch both cards on or off. */
void lockstep_power(lockstep *pair, bool on);

/** Address of a block as commands take it. */
uint32_t lockstep_address(const lockstep *pair, uint32_t block);

#endif /* SDV_TEST_LOCKSTEP_H */
