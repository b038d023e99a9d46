/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random traffic through a slot and through the model, command by command.
 *
 * What depends on how many clocks pass between two commands is left out: a
 * card that reads on behind the back of the host, and no more than that.
 */
#include <stdlib.h>
#include <string.h>

#include "lockstep.h"

#define COMMANDS 6000 /* of each kind of card and width: 24,000 in all */
#define TIMEOUT_MS 10
#define NEAR 6 /* blocks before the end that are worth a look */

typedef void traffic(lockstep *pair);

static uint32_t rca_of(const lockstep *pair)
{
    return (uint32_t)pair->rca << 16;
}

/* ---- addresses ---- */

static uint32_t any_block(lockstep *pair)
{
    const uint32_t blocks = slot_blocks(&pair->left);

    switch (lockstep_pick(pair, 8)) {
    case 0:
        return blocks - 1 - lockstep_pick(pair, NEAR);
    case 1:
        return blocks + lockstep_pick(pair, 2);
    default:
        return lockstep_pick(pair, blocks - 1000);
    }
}

static uint32_t any_address(lockstep *pair)
{
    const uint32_t address = lockstep_address(pair, any_block(pair));

    if (lockstep_once_in(pair, 30)) {
        return 0xFFFFFFFFu;
    }
    if (pair->left.param.sdsc && lockstep_once_in(pair, 4)) {
        return address + lockstep_pick(pair, 512);
    }
    return address;
}

/* Read or erase: far from the end. */
static uint32_t safe_address(lockstep *pair)
{
    const uint32_t blocks = slot_blocks(&pair->left);

    return lockstep_address(pair, lockstep_pick(pair, blocks - 1000));
}

/* ---- small things ---- */

/* A command that no state of a selected card allows, or an empty one. */
static void junk(lockstep *pair)
{
    static const uint8_t legal[] = {0,  6,  7,  12, 15, 16, 17, 18, 23,
                                    24, 25, 32, 33, 34, 36, 38, 55, 56};
    const uint8_t opcode = (uint8_t)lockstep_pick(pair, 64);
    const uint32_t arg = lockstep_once_in(pair, 2)
                             ? rca_of(pair)
                             : lockstep_pick(pair, 0x7FFFFFFF);

    for (size_t i = 0; i < sizeof(legal); i++) {
        if (opcode == legal[i]) {
            return;
        }
    }
    (void)lockstep_send(pair, opcode, arg, SDV_RESP_R1, NULL);
}

static void status(lockstep *pair)
{
    const uint32_t arg = rca_of(pair) + (lockstep_once_in(pair, 5) ? 65536 : 0);

    (void)lockstep_send(pair, 13, arg, SDV_RESP_R1, NULL);
}

static void block_length(lockstep *pair)
{
    static const uint32_t lengths[] = {1,   2,   8,   16,  64,
                                       100, 128, 256, 512, 512,
                                       512, 512, 0,   513, 0x80000200u};
    const uint32_t len =
        lengths[lockstep_pick(pair, sizeof(lengths) / sizeof(lengths[0]))];

    if (lockstep_send(pair, 16, len, SDV_RESP_R1, NULL) == SDV_OK) {
        pair->block_len = len;
    }
}

static void width(lockstep *pair)
{
    const uint32_t arg = lockstep_pick(pair, 5);

    if (lockstep_send_app(pair, 6, arg, SDV_RESP_R1, NULL) == SDV_OK) {
        lockstep_width(pair, (arg & 3u) == 2 ? 4 : 1);
    }
}

static void settings(lockstep *pair)
{
    switch (lockstep_pick(pair, 4)) {
    case 0:
        block_length(pair);
        break;
    case 1:
        width(pair);
        break;
    case 2:
        (void)lockstep_send_app(pair, 42, lockstep_pick(pair, 2), SDV_RESP_R1,
                                NULL);
        break;
    default:
        (void)lockstep_send_app(pair, 23, lockstep_pick(pair, 100), SDV_RESP_R1,
                                NULL);
        break;
    }
}

/* ---- registers ---- */

static void read_bytes(lockstep *pair, unsigned opcode, bool app, uint32_t arg,
                       uint16_t bytes)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .is_acmd = app,
                   .rca = pair->rca,
                   .arg = arg,
                   .resp = SDV_RESP_R1,
                   .dir = SDV_DIR_READ,
                   .block_size = bytes,
                   .blocks = 1,
                   .data = pair->data[0],
                   .data_timeout_ms = TIMEOUT_MS};

    (void)lockstep_run(pair, &cmd, 1);
}

static void registers(lockstep *pair)
{
    switch (lockstep_pick(pair, 3)) {
    case 0:
        read_bytes(pair, 13, true, 0, 64);
        break;
    case 1:
        read_bytes(pair, 22, true, 0, 4);
        break;
    default:
        read_bytes(pair, 51, true, 0, 8);
        break;
    }
}

static void switch_function(lockstep *pair)
{
    static const uint8_t nibbles[] = {0, 0, 1, 0xF, 0xF, 0xF, 0xF, 4};
    uint32_t arg = lockstep_once_in(pair, 2) ? 0x80000000u : 0;

    for (unsigned group = 0; group < 6; group++) {
        const uint32_t nibble =
            nibbles[lockstep_pick(pair, group == 0 ? 8 : 7)];

        arg |= (group != 0 && nibble == 1 ? 0xF : nibble) << (4 * group);
    }
    read_bytes(pair, 6, false, arg, 64);
}

/* ---- transfers ---- */

/* Ways to end a transfer of many blocks. */
typedef enum { END_CMD12, END_CMD23, END_OWN_CMD12, END_OWN_CMD23 } ending;

/* A CMD12 comes at any time: the block after the last one must not matter. */
static bool may_read_on(const lockstep *pair, uint32_t address)
{
    const uint64_t end =
        (uint64_t)lockstep_address(pair, slot_blocks(&pair->left) - 500);

    return pair->block_len == 512 || !pair->left.param.sdsc ||
           (512 % pair->block_len == 0 && address < end);
}

/* The CMD23 of the sequence: more than the host moves, or just as many. */
static uint32_t some_count(lockstep *pair, uint16_t blocks, bool exact)
{
    return exact || lockstep_once_in(pair, 2)
               ? blocks
               : blocks + 2u + lockstep_pick(pair, 9);
}

static void transfer_many(lockstep *pair, sdv_cmd *cmd)
{
    ending end = (ending)lockstep_pick(pair, 4);
    sdv_cmd seq[3] = {{.opcode = 23, .resp = SDV_RESP_R1},
                      *cmd,
                      {.opcode = 12, .resp = SDV_RESP_R1B}};
    const bool partial = cmd->block_size != 512;
    size_t first = 1, count = 1;

    if (cmd->dir == SDV_DIR_READ && !may_read_on(pair, cmd->arg)) {
        end = lockstep_once_in(pair, 2) ? END_CMD23 : END_OWN_CMD23;
    }
    if (end == END_CMD12) {
        seq[1].stop = SDV_STOP_CMD12;
    } else if (end == END_CMD23) {
        seq[1].stop = SDV_STOP_CMD23;
    } else if (end == END_OWN_CMD12) {
        count = 2;
    } else {
        first = 0;
        seq[0].arg = some_count(pair, cmd->blocks, partial);
        count = seq[0].arg == cmd->blocks ? 2 : 3;
    }
    (void)lockstep_run(pair, seq + first, count);
}

static void transfer(lockstep *pair, bool write)
{
    const bool many = lockstep_once_in(pair, 2);
    const bool partial = pair->left.param.sdsc && !write;
    sdv_cmd cmd = {.opcode = (uint8_t)((write ? 24 : 17) + (many ? 1 : 0)),
                   .arg = any_address(pair),
                   .resp = SDV_RESP_R1,
                   .dir = write ? SDV_DIR_WRITE : SDV_DIR_READ,
                   .block_size = partial ? (uint16_t)pair->block_len : 512,
                   .blocks = 1,
                   .data = pair->data[0],
                   .data_timeout_ms = TIMEOUT_MS};

    if (write) {
        slot_pattern(pair->data[0], LOCKSTEP_BLOCKS * 512, pair->random);
    }
    if (many) {
        cmd.blocks = (uint16_t)(1 + lockstep_pick(pair, LOCKSTEP_BLOCKS));
        transfer_many(pair, &cmd);
    } else {
        (void)lockstep_run(pair, &cmd, 1);
    }
    lockstep_settle(pair);
}

static void reads(lockstep *pair)
{
    transfer(pair, false);
}

static void writes(lockstep *pair)
{
    transfer(pair, true);
}

/* The host asks for no data; other commands come before the end. */
static void ignored_transfer(lockstep *pair)
{
    static const uint8_t opcodes[] = {18, 24, 25};
    const uint8_t opcode = opcodes[lockstep_pick(pair, 3)];
    const bool read = opcode == 18;

    if (read && !may_read_on(pair, 0)) {
        return;
    }
    (void)lockstep_send(pair, opcode,
                        read ? safe_address(pair) : any_address(pair),
                        SDV_RESP_R1, NULL);
    for (uint32_t i = lockstep_pick(pair, 4); i > 0; i--) {
        if (lockstep_once_in(pair, 2)) {
            status(pair);
        } else {
            junk(pair);
        }
    }
    if (lockstep_once_in(pair, 4)) {
        (void)lockstep_send(pair, 7, 0, SDV_RESP_NONE, NULL);
    }
    lockstep_settle(pair);
}

/* ---- erase ---- */

static void disturb(lockstep *pair)
{
    switch (lockstep_pick(pair, 12)) {
    case 0:
        status(pair);
        break;
    case 1:
        junk(pair);
        break;
    case 2:
        settings(pair);
        break;
    case 3:
        (void)lockstep_send(pair, 32, any_address(pair), SDV_RESP_R1, NULL);
        break;
    case 4:
        registers(pair);
        break;
    default:
        break;
    }
}

static void erase(lockstep *pair)
{
    const uint32_t block = any_block(pair);
    const uint32_t last = lockstep_once_in(pair, 8)
                              ? any_block(pair)
                              : block + lockstep_pick(pair, 40);

    disturb(pair);
    (void)lockstep_send(pair, 32, lockstep_address(pair, block), SDV_RESP_R1,
                        NULL);
    disturb(pair);
    (void)lockstep_send(pair, 33, lockstep_address(pair, last), SDV_RESP_R1,
                        NULL);
    disturb(pair);
    (void)lockstep_send(pair, 38, lockstep_pick(pair, 3), SDV_RESP_R1B, NULL);
    lockstep_settle(pair);
}

/* ---- CMD55, CMD23, CMD7, CMD0 ---- */

static void app_mix(lockstep *pair)
{
    static const uint8_t next[] = {16, 23, 42, 41, 55, 2, 10, 60};

    for (uint32_t i = 1 + lockstep_pick(pair, 3); i > 0; i--) {
        const uint8_t opcode = next[lockstep_pick(pair, sizeof(next))];
        const uint32_t arg = opcode == 16 ? pair->block_len : rca_of(pair);

        (void)lockstep_send(pair, 55,
                            rca_of(pair) + lockstep_pick(pair, 2) * 65536,
                            SDV_RESP_R1, NULL);
        (void)lockstep_send(pair, opcode, arg, SDV_RESP_R1, NULL);
    }
    /* A pending CMD55 would make the next CMD13 a register nobody reads. */
    (void)lockstep_send(pair, 16, pair->block_len, SDV_RESP_R1, NULL);
    lockstep_settle(pair);
}

static void count_mix(lockstep *pair)
{
    (void)lockstep_send(pair, 23, lockstep_pick(pair, 5), SDV_RESP_R1, NULL);
    disturb(pair);
    transfer(pair, false);
}

static void deselect(lockstep *pair)
{
    uint32_t response;

    (void)lockstep_send(pair, 7, rca_of(pair) + 65536, SDV_RESP_NONE, NULL);
    for (uint32_t i = lockstep_pick(pair, 5); i > 0; i--) {
        switch (lockstep_pick(pair, 4)) {
        case 0:
            (void)lockstep_send(pair, 9, rca_of(pair), SDV_RESP_R2, NULL);
            break;
        case 1:
            (void)lockstep_send(pair, 10, rca_of(pair), SDV_RESP_R2, NULL);
            break;
        case 2:
            (void)lockstep_send(pair, 3, 0, SDV_RESP_R6, &response);
            pair->rca = (uint16_t)(response >> 16);
            break;
        default:
            (void)lockstep_send(pair, (uint8_t)(16 + lockstep_pick(pair, 20)),
                                0, SDV_RESP_R1, NULL);
            break;
        }
    }
    lockstep_settle(pair);
}

static void in_idle(lockstep *pair)
{
    static const uint32_t conditions[] = {0x00FF8000u, 0x40FF8000u, 0,
                                          0x40000000u, 0x40100000u, 0x80u};

    switch (lockstep_pick(pair, 5)) {
    case 0:
        (void)lockstep_send(pair, 8,
                            lockstep_once_in(pair, 3)
                                ? lockstep_pick(pair, 0x1000)
                                : 0x100 | lockstep_pick(pair, 256),
                            SDV_RESP_R7, NULL);
        break;
    case 1:
    case 2:
        (void)lockstep_send_app(pair, 41, conditions[lockstep_pick(pair, 6)],
                                SDV_RESP_R3, NULL);
        break;
    case 3:
        (void)lockstep_send(pair, 55, lockstep_pick(pair, 2) << 16, SDV_RESP_R1,
                            NULL);
        break;
    default:
        (void)lockstep_send(pair, (uint8_t)(9 + lockstep_pick(pair, 55)), 0,
                            SDV_RESP_R1, NULL);
        break;
    }
}

static void reset(lockstep *pair)
{
    if (lockstep_once_in(pair, 6)) {
        (void)lockstep_send(pair, 15, rca_of(pair), SDV_RESP_NONE, NULL);
    }
    lockstep_width(pair, 1);
    (void)lockstep_send(pair, 0, lockstep_pick(pair, 9), SDV_RESP_NONE, NULL);
    pair->rca = 0;
    for (uint32_t i = lockstep_pick(pair, 8); i > 0; i--) {
        in_idle(pair);
    }
    lockstep_identify(pair);
}

/* ---- the mix ---- */

static traffic *const mix[] = {reads,
                               reads,
                               reads,
                               reads,
                               writes,
                               writes,
                               writes,
                               writes,
                               erase,
                               erase,
                               status,
                               junk,
                               junk,
                               settings,
                               settings,
                               registers,
                               registers,
                               switch_function,
                               ignored_transfer,
                               app_mix,
                               count_mix,
                               deselect,
                               reset};

static unsigned long wanted(void)
{
    const char *soak = getenv("SDV_SOAK_COMMANDS");

    return soak != NULL ? strtoul(soak, NULL, 0) : COMMANDS;
}

SCENARIO_EACH(lockstep, slot_and_model_agree)
{
    const unsigned long commands = wanted();
    unsigned long check = 1000;
    static lockstep pair;

    lockstep_open(&pair, param);
    while (pair.commands < commands) {
        mix[lockstep_pick(&pair, sizeof(mix) / sizeof(mix[0]))](&pair);
        if (pair.commands >= check) {
            lockstep_compare_images(&pair);
            check += 1000;
        }
    }
    lockstep_close(&pair);
}
