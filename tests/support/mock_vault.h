/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file mock_vault.h
 * @brief The secure side of a scripted card: both doors of
 *        docs/protocol_secure.md, without a vault behind them.
 *
 * What an APDU answers is the test's business.  Single commands can be made to
 * fail, with or without having reached the card.
 */
#ifndef SDV_TEST_MOCK_VAULT_H
#define SDV_TEST_MOCK_VAULT_H

#include <sdvault/apdu.h>

#include "mock_bus.h"

#define MOCK_FAULTS 8
#define MOCK_TOKEN 1024

/** What an APDU answers: data and status word.  @return bytes of it */
typedef size_t (*mock_answer)(void *ctx, const uint8_t *apdu, size_t size,
                              uint8_t *answer);

/** A command that fails. */
typedef struct mock_fault {
    uint8_t opcode; /* 0: none */
    unsigned nth;   /* from 0; counts commands of this opcode */
    unsigned times; /* how many in a row; 0 means 1 */
    sdv_err err;
    bool acted; /* the card has done what it was told */
} mock_fault;

typedef struct mock_vault {
    mock_bus mock;
    mock_answer answer;
    void *ctx;
    mock_fault faults[MOCK_FAULTS];

    /* The card. */
    uint16_t functions; /* bits of CMD6 group 2 */
    unsigned function;  /* that is on */
    bool no_cmd56;
    uint8_t pr[32];
    unsigned busy_polls;   /* how often it says "not yet" to a command */
    uint16_t false_blocks; /* SR shows this instead; 0: the truth */
    bool false_length;     /* tokens of answers claim 1,025 bytes */

    /* What happened. */
    unsigned state; /* SDV_ASSD_STATE_* */
    unsigned busy;
    uint8_t token[MOCK_TOKEN];
    unsigned halves; /* blocks of a token of CMD56 that are there */
    uint8_t response[MOCK_TOKEN];
    unsigned blocks;     /* of the response */
    unsigned position;   /* next of them */
    bool cmd56;          /* the response's door */
    unsigned runs;       /* APDUs that were run */
    unsigned seen[64];   /* commands of each opcode */
    unsigned reset_with; /* argument of the last CMD37 */
} mock_vault;

/** A card behind both doors; APDUs answer 9000 until `answer` is set. */
void mock_vault_init(mock_vault *vault);

/** Let a command fail. */
void mock_vault_fail(mock_vault *vault, mock_fault fault);

#endif /* SDV_TEST_MOCK_VAULT_H */
