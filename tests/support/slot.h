/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file slot.h
 * @brief A slot with a fresh card image, for scenarios that run on both
 *        kernels from one source.
 *
 * The environment chooses: SDV_TEST_KERNEL direct or model (both),
 * SDV_TEST_BUILD fast, assert, trace, coverage or sabotage (assert),
 * SDV_TEST_SABOTAGE a number (0), SDV_TEST_SEED a number (1); with
 * SDV_TEST_KEEP a failed test leaves its image and log behind, and the logs of
 * slots that were closed go to the folder SDV_TEST_LOGS (of the same file
 * system as TMPDIR).
 * On the direct kernel the bus monitor watches; a broken rule fails the test
 * that closes the slot.
 */
#ifndef SDV_TEST_SLOT_H
#define SDV_TEST_SLOT_H

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>

#include <sdvault/card.h>
#include <sdvault/sdhci.h>
#include <sdvault/sim.h>

#define SLOT_HC_BLOCKS 16384u  /* 8 MiB */
#define SLOT_SDSC_BLOCKS 4096u /* 2 MiB */
#define SLOT_PATH 128

/** What a scenario runs on. */
typedef struct slot_param {
    sdv_kernel kernel;
    bool sdsc;
    unsigned lines;
} slot_param;

/** How to open a slot; all zero is fine. */
typedef struct slot_options {
    sdv_latency latency;
    uint64_t apparatus_id;
    uint64_t seed;   /* 0: the test's seed */
    uint32_t blocks; /* 0: SLOT_HC_BLOCKS or SLOT_SDSC_BLOCKS */
    bool cold;       /* do not identify the card */
    bool default_speed;
    bool disturbed; /* rules of the bus will be broken on purpose */
    bool no_skip;
    unsigned sabotage; /* a break of the RTL; 0: that of the environment */
} slot_options;

typedef struct slot {
    slot_param param;
    slot_options options;
    char dir[SLOT_PATH];
    char image[SLOT_PATH];
    char log[SLOT_PATH];
    sdv_sim *sim;
    sdv_sdhci sdhci;
    sdv_bus *bus;
    sdv_card card;
    uint32_t response[4]; /* of the last slot_send() */
} slot;

/** Parameters of a scenario: one slot, or SDSC and SDHC at 1 and 4 lines. */
struct criterion_test_params slot_params(bool each);

/** A test that runs on every kernel with an SDHC card and four lines. */
#define SCENARIO(suite, name)                                                  \
    ParameterizedTestParameters(suite, name)                                   \
    {                                                                          \
        return slot_params(false);                                             \
    }                                                                          \
    ParameterizedTest(const slot_param *param, suite, name)

/** A test that runs on every kernel with every kind of card and width. */
#define SCENARIO_EACH(suite, name)                                             \
    ParameterizedTestParameters(suite, name)                                   \
    {                                                                          \
        return slot_params(true);                                              \
    }                                                                          \
    ParameterizedTest(const slot_param *param, suite, name)

/** A test of what only pins and clocks have. */
#define SCENARIO_DIRECT(suite, name) Test(suite, name)

/** The slot of such a test. */
extern const slot_param slot_direct;

/** Whether SDV_TEST_KERNEL lets the direct kernel run. */
bool slot_wants_direct(void);

/** SDV_TEST_SEED. */
uint64_t slot_seed(void);

/** Make an image, open the slot, identify the card.  NULL: all options 0. */
void slot_open(slot *s, const slot_param *param, const slot_options *options);

/** Open another slot on the image of one that was closed by slot_leave(). */
void slot_resume(slot *s);

/** Close the slot and keep its files. */
void slot_leave(slot *s);

/** Close the slot, look at the log, and remove the files. */
void slot_close(slot *s);

/** Blocks of the card. */
uint32_t slot_blocks(const slot *s);

/** The RCA as an argument. */
uint32_t slot_rca(const slot *s);

/** Address of a block as commands take it. */
uint32_t slot_address(const slot *s, uint32_t block);

/** One command without data; the answer is in s->response. */
sdv_err slot_send(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp);

/** One application command without data. */
sdv_err slot_send_app(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp);

/** One command with data: `blocks` of `size` bytes. */
sdv_err slot_move(slot *s, unsigned opcode, uint32_t arg, sdv_dir dir,
                  sdv_stop stop, uint16_t size, uint16_t blocks, uint8_t *data);

/** One application command that reads one block. */
sdv_err slot_read_app(slot *s, unsigned opcode, uint16_t size, uint8_t *data);

/** Card status by CMD13. */
uint32_t slot_status(slot *s);

/** CURRENT_STATE of a card status. */
unsigned slot_state_of(uint32_t status);

/** CMD13 finds the card in this state, with these bits and no others. */
void slot_expect(slot *s, unsigned state, uint32_t bits);

/** Identify the card from idle to tran; lines and speed stay. */
void slot_identify(slot *s);

/** Fill bytes with what only this number gives. */
void slot_pattern(uint8_t *data, size_t bytes, uint64_t number);

/** What the line of the log's summary says. */
typedef struct slot_log {
    unsigned long long clock, commands, responses, blocks, bad_crc, violations;
    unsigned long long pins;
    char first[256]; /* first broken rule */
} slot_log;

/** Read the log of a closed slot. */
void slot_read_log(const slot *s, slot_log *log);

#endif /* SDV_TEST_SLOT_H */
