/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random secure traffic through a slot and through the model: tokens whole,
 * damaged and cut, by both doors, licenses that come and go, flash that lies.
 *
 * What depends on how many clocks a command takes is left out: both cards
 * come to rest after each token.
 */
#include <stdlib.h>
#include <string.h>

#include "blob.h"
#include "lines.h"
#include "lockstep.h"

#define COMMANDS 3000 /* of each kind of card and width: 12,000 in all */
#define TIMEOUT_MS 10
#define BLOCK 512u
#define LICENSES 12u
#define KEPT 8u /* sealed licenses to play with */
#define SECTORS 32u

typedef struct vaults {
    lockstep *pair;
    identity who;
    uint8_t kept[KEPT][BLOB_BYTES];
    uint8_t apdu[SDV_VAULT_APDU_MAX];
    size_t length;
} vaults;

typedef void traffic(vaults *v);

/* ---- single commands ---- */

static sdv_err move(vaults *v, unsigned opcode, uint32_t arg, sdv_dir dir,
                    uint16_t blocks)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .arg = arg,
                   .resp = SDV_RESP_R1,
                   .dir = dir,
                   .block_size = BLOCK,
                   .blocks = blocks,
                   .data = v->pair->data[0],
                   .data_timeout_ms = TIMEOUT_MS};

    return lockstep_run(v->pair, &cmd, 1);
}

static void open_doors(vaults *v)
{
    static const uint8_t functions[] = {4, 4, 4, 1, 0, 0xF};
    const uint32_t function =
        functions[lockstep_pick(v->pair, sizeof(functions))];
    sdv_cmd cmd = {.opcode = 6,
                   .arg = 0x80FFFF0Fu | function << 4,
                   .resp = SDV_RESP_R1,
                   .dir = SDV_DIR_READ,
                   .block_size = 64,
                   .blocks = 1,
                   .data = v->pair->data[0],
                   .data_timeout_ms = TIMEOUT_MS};

    (void)lockstep_run(v->pair, &cmd, 1);
}

static void look(vaults *v)
{
    static const uint8_t ids[] = {0, 0, 0, 0, 4, 6, 5};

    (void)move(v, 36, ids[lockstep_pick(v->pair, sizeof(ids))], SDV_DIR_READ,
               1);
    lockstep_rest(v->pair);
}

static void stop(vaults *v)
{
    (void)lockstep_send(v->pair, 12, 0, SDV_RESP_R1B, NULL);
}

static void control(vaults *v)
{
    static const uint32_t args[] = {1, 0x101, 0x101, 0x201, 2, 0x100};

    (void)lockstep_send(v->pair, 37, args[lockstep_pick(v->pair, 6)],
                        SDV_RESP_R1B, NULL);
}

static void user_blocks(vaults *v)
{
    const uint32_t address =
        lockstep_address(v->pair, lockstep_pick(v->pair, 100));

    slot_pattern(v->pair->data[0], BLOCK, v->pair->random);
    if (lockstep_once_in(v->pair, 2)) {
        (void)move(v, 24, address, SDV_DIR_WRITE, 1);
    } else {
        (void)move(v, 17, address, SDV_DIR_READ, 1);
    }
}

/* ---- power ---- */

static void reset(vaults *v)
{
    lockstep_identify(v->pair);
    open_doors(v);
}

/* A line of a license that the card holds or held, or of the system. */
static line some_line(vaults *v, unsigned number)
{
    static const uint32_t values[] = {1, 2, 2, 2, 3, 4};
    const bool slot = lockstep_once_in(v->pair, 2);
    line l = {.sequence = lockstep_pick(v->pair, 40),
              .state = (uint8_t)lockstep_pick(v->pair, 4),
              .flags = (uint8_t)lockstep_pick(v->pair, 2),
              .value = values[lockstep_pick(v->pair, 6)],
              .generation = lockstep_pick(v->pair, 3),
              .spent = lockstep_pick(v->pair, 5),
              .made = lockstep_pick(v->pair, 5),
              .transaction = v->pair->random};

    if (number < SDV_VAULT_LINES && l.state != SDV_VAULT_STATE_FREE) {
        memcpy(l.id, blob_make(lockstep_pick(v->pair, LICENSES)).id, 16);
        l.slot = slot && l.state != SDV_VAULT_STATE_DELETED
                     ? (uint8_t)lockstep_pick(v->pair, SDV_VAULT_SLOTS)
                     : 0;
    }
    return l;
}

/* What a card may find in its EEPROM, in both at the same place. */
static void craft(vaults *v)
{
    const bool system = lockstep_once_in(v->pair, 6);
    const unsigned number = system ? SDV_VAULT_LINES + lockstep_pick(v->pair, 4)
                                   : lockstep_pick(v->pair, 20);
    const unsigned copy = lockstep_pick(v->pair, 2);
    const bool breaks = lockstep_once_in(v->pair, 4);
    const line l = some_line(v, number);

    for (unsigned i = 0; i < 2; i++) {
        sdv_image *const image =
            sdv_sim_image(i == 0 ? v->pair->left.sim : v->pair->right.sim);

        if (breaks) {
            line_break(image, number, copy);
        } else {
            line_write(image, number, copy, &l);
        }
    }
}

/* Off and on; sometimes the EEPROM is not what it was. */
static void power(vaults *v)
{
    lockstep_power(v->pair, false);
    if (lockstep_once_in(v->pair, 2)) {
        craft(v);
    }
    lockstep_power(v->pair, true);
    lockstep_identify(v->pair);
    lockstep_rest(v->pair);
    open_doors(v);
}

/* ---- tokens ---- */

/* Put the APDU into data[0]; the length field may be wrong. */
static uint16_t put_token(vaults *v)
{
    const bool honest = !lockstep_once_in(v->pair, 40);
    const size_t length = honest ? v->length + 2 : lockstep_pick(v->pair, 1100);
    uint8_t *const data = v->pair->data[0];

    memset(data, 0, 2 * (size_t)BLOCK);
    data[0] = (uint8_t)(length >> 8);
    data[1] = (uint8_t)length;
    memcpy(data + 2, v->apdu, v->length);
    return v->length + 2 > BLOCK ? 2 : 1;
}

/* Block by block; now and then the second one does not come. */
static void write_generic(vaults *v, uint16_t blocks)
{
    uint8_t *const data = v->pair->data[0];

    (void)move(v, 56, lockstep_pick(v->pair, 100) & ~1u, SDV_DIR_WRITE, 1);
    lockstep_rest(v->pair);
    if (blocks == 2 && !lockstep_once_in(v->pair, 10)) {
        memmove(data, data + BLOCK, BLOCK);
        (void)move(v, 56, 0, SDV_DIR_WRITE, 1);
    }
}

static void read_answer(vaults *v, bool generic)
{
    for (uint32_t i = 1 + lockstep_pick(v->pair, 3); i > 0; i--) {
        if (lockstep_once_in(v->pair, 10)) {
            generic = !generic;
        }
        if (generic) {
            (void)move(v, 56, 1, SDV_DIR_READ, 1);
        } else {
            const uint16_t blocks = (uint16_t)(1 + lockstep_pick(v->pair, 3));

            (void)move(v, 34, blocks, SDV_DIR_READ, blocks);
        }
    }
}

/* Some operations of the memory fail, of this token only. */
static void fail(vaults *v, unsigned count)
{
    for (unsigned op = SDV_NVM_OP_READ; op <= SDV_NVM_OP_PROGRAM; op++) {
        const unsigned some = count == 0 ? 0 : lockstep_pick(v->pair, count);

        sdv_sim_fail_nvm(v->pair->left.sim, op, some);
        sdv_sim_fail_nvm(v->pair->right.sim, op, some);
    }
}

/* What may come while a command is in progress, and is the same without one:
 * the user area, CMD37, CMD0. */
static void interrupt(vaults *v)
{
    switch (lockstep_pick(v->pair, 8)) {
    case 0:
        control(v);
        break;
    case 1:
        reset(v);
        break;
    default:
        user_blocks(v);
        break;
    }
}

static void exchange(vaults *v)
{
    const bool generic = lockstep_once_in(v->pair, 2);
    const uint16_t blocks = put_token(v);
    const bool fails = lockstep_once_in(v->pair, 12);

    if (fails) {
        fail(v, 4);
    }
    if (generic) {
        write_generic(v, blocks);
    } else {
        (void)move(v, 35, blocks, SDV_DIR_WRITE, blocks);
    }
    if (!fails && lockstep_once_in(v->pair, 5)) {
        interrupt(v);
    }
    lockstep_rest(v->pair);
    fail(v, 0);
    if (lockstep_once_in(v->pair, 4)) {
        look(v);
    }
    read_answer(v, generic);
}

/* ---- APDUs ---- */

static void put_apdu(vaults *v, unsigned ins, unsigned p1p2,
                     const uint8_t *data, size_t length)
{
    const uint8_t head[] = {
        0x80, (uint8_t)ins,           (uint8_t)(p1p2 >> 8), (uint8_t)p1p2,
        0,    (uint8_t)(length >> 8), (uint8_t)length};

    memcpy(v->apdu, head, sizeof(head));
    v->length = length == 0 ? 4 : sizeof(head) + length;
    if (length > 0) {
        memcpy(v->apdu + sizeof(head), data, length);
    }
}

static blob some_license(vaults *v)
{
    static const uint32_t grants[] = {SDV_VAULT_UNLIMITED, SDV_VAULT_UNLIMITED,
                                      3, 10};
    blob b = blob_make(lockstep_pick(v->pair, LICENSES));

    b.suite = (uint8_t)(1 + lockstep_pick(v->pair, 2));
    b.purpose = (uint8_t)(1 + lockstep_pick(v->pair, 2));
    b.generation = lockstep_pick(v->pair, 3);
    slot_pattern(b.salt, sizeof(b.salt), v->pair->random);
    blob_set(&b, SDV_RECORD_USES, grants[lockstep_pick(v->pair, 4)]);
    blob_set(&b, SDV_RECORD_SPENT, lockstep_pick(v->pair, 4));
    blob_set(&b, SDV_RECORD_EXPORTS, grants[lockstep_pick(v->pair, 4)]);
    blob_set(&b, SDV_RECORD_MADE, lockstep_pick(v->pair, 4));
    blob_set(&b, SDV_RECORD_FLAGS,
             lockstep_once_in(v->pair, 4) ? lockstep_pick(v->pair, 8) : 1);
    b.record[SDV_RECORD_APPARATUS] = lockstep_once_in(v->pair, 12) ? 1 : 0;
    return b;
}

static void import_new(vaults *v)
{
    const blob b = some_license(v);
    uint8_t *const sealed = v->kept[lockstep_pick(v->pair, KEPT)];

    blob_seal(&b, &v->who, sealed);
    put_apdu(v, SDV_INS_LICENSE_IMPORT, 0, sealed, BLOB_BYTES);
    exchange(v);
}

/* One that was made, exported or damaged before. */
static void import_old(vaults *v)
{
    uint8_t *const sealed = v->kept[lockstep_pick(v->pair, KEPT)];

    if (lockstep_once_in(v->pair, 6)) {
        const bool head = lockstep_once_in(v->pair, 2);

        sealed[lockstep_pick(v->pair, head ? 64 : BLOB_BYTES)] ^=
            (uint8_t)(1u << lockstep_pick(v->pair, 8));
    }
    put_apdu(v, SDV_INS_LICENSE_IMPORT, 0, sealed, BLOB_BYTES);
    exchange(v);
}

static void export(vaults *v)
{
    const blob b = blob_make(lockstep_pick(v->pair, LICENSES + 1));
    const uint8_t *const data = v->pair->data[0];

    put_apdu(v, SDV_INS_LICENSE_EXPORT, 0, b.id, 16);
    v->length -= 2; /* a short Lc */
    v->apdu[4] = 16;
    memmove(v->apdu + 5, v->apdu + 7, 16);
    exchange(v);
    if (memcmp(data + 2, "SDVL", 4) == 0) {
        memcpy(v->kept[lockstep_pick(v->pair, KEPT)], data + 2, BLOB_BYTES);
    }
}

static void questions(vaults *v)
{
    if (lockstep_once_in(v->pair, 2)) {
        put_apdu(v, SDV_INS_GET_DATA, 0, NULL, 0);
    } else {
        put_apdu(v, SDV_INS_LICENSE_LIST, lockstep_pick(v->pair, 20), NULL, 0);
    }
    exchange(v);
}

static void junk(vaults *v)
{
    static const uint8_t known[] = {0xCA, 0x22, 0x50, 0x82, 0xE2, 0xF0,
                                    0x32, 0x34, 0x36, 0x38, 0x3A, 0x3C};

    v->length = 4 + lockstep_pick(v->pair, 12);
    slot_pattern(v->apdu, v->length, v->pair->random);
    if (!lockstep_once_in(v->pair, 3)) {
        v->apdu[0] = lockstep_once_in(v->pair, 6) ? 0x84 : 0x80;
        v->apdu[1] = known[lockstep_pick(v->pair, sizeof(known))];
        v->apdu[2] = (uint8_t)lockstep_pick(v->pair, 3) & 1;
        v->apdu[3] = (uint8_t)lockstep_pick(v->pair, 3) & 1;
        v->apdu[4] &= 0x0F;
        v->apdu[5] = 0;
    }
    exchange(v);
}

/* Of a blank card, and sometimes with an id or a root that is none. */
static void personalize(vaults *v)
{
    identity who = v->who;

    switch (lockstep_pick(v->pair, 5)) {
    case 0:
        memset(who.medium, 0, sizeof(who.medium));
        break;
    case 1:
        memset(who.root, 0xFF, sizeof(who.root));
        break;
    default:
        break;
    }
    put_apdu(v, SDV_INS_STORE_DATA, 0, (const uint8_t *)&who, sizeof(who));
    exchange(v);
}

/* ---- cuts, flash ---- */

static void cut(vaults *v)
{
    static const uint8_t opcodes[] = {35, 34, 56};

    (void)lockstep_send(v->pair, opcodes[lockstep_pick(v->pair, 3)],
                        2 * lockstep_pick(v->pair, 2), SDV_RESP_R1, NULL);
    lockstep_settle(v->pair);
}

/* The same meddling with the flash of both. */
static void meddle(vaults *v)
{
    const size_t to = lockstep_pick(v->pair, SECTORS) * (size_t)BLOCK;
    const size_t from = lockstep_pick(v->pair, SECTORS) * (size_t)BLOCK;
    const bool flip = lockstep_once_in(v->pair, 2);
    const uint32_t byte = lockstep_pick(v->pair, BLOCK);
    sdv_sim *const sims[] = {v->pair->left.sim, v->pair->right.sim};

    for (size_t i = 0; i < 2; i++) {
        uint8_t *const flash =
            sdv_image_data(sdv_sim_image(sims[i]), SDV_REGION_SECURE);

        if (flip) {
            flash[to + byte] ^= 0x20;
        } else {
            memcpy(flash + to, flash + from, to == from ? 0 : BLOCK);
        }
    }
}

/* ---- the mix ---- */

static traffic *const mix[] = {
    import_new, import_new, import_new, import_new,  import_old,  import_old,
    import_old, export,     export,     export,      export,      questions,
    questions,  junk,       junk,       personalize, look,        look,
    stop,       control,    cut,        user_blocks, user_blocks, open_doors,
    open_doors, reset,      power,      meddle};

static unsigned long wanted(void)
{
    const char *soak = getenv("SDV_SOAK_COMMANDS");

    return soak != NULL ? strtoul(soak, NULL, 0) : COMMANDS;
}

SCENARIO_EACH(lockstep_secure, slot_and_model_agree)
{
    const unsigned long commands = wanted();
    unsigned long check = 200;
    static lockstep pair;
    vaults v = {.pair = &pair, .who = identity_make(1)};

    lockstep_open(&pair, param);
    lockstep_rest(&pair);
    open_doors(&v);
    while (pair.commands < commands) {
        mix[lockstep_pick(&pair, sizeof(mix) / sizeof(mix[0]))](&v);
        if (pair.commands >= check) {
            lockstep_rest(&pair);
            lockstep_compare_images(&pair);
            check += 200;
        }
    }
    lockstep_close(&pair);
}
