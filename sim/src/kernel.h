/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file kernel.h
 * @brief The seam between libsdvault-sim and a Verilated library.
 *
 * A library is built for each kind of model and opened at run time.  It has
 * one exported function, sdv_kernel_entry(), and knows nothing of files: what
 * storage means is the business of the caller.  Page: docs/simulator.md.
 */
#ifndef SDV_KERNEL_H
#define SDV_KERNEL_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/mmio.h>
#include <sdvault/sim.h>

#include "monitor.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Changes whenever anything in this file does. */
enum { SDV_KERNEL_ABI = 2 };

#define SDV_KERNEL_ENTRY "sdv_kernel_entry"

/** The two ports of the storage; each runs one operation at a time. */
typedef enum {
    SDV_PORT_FLASH, /* sectors of user and secure flash */
    SDV_PORT_WORD,  /* words of EEPROM and OTP */
    SDV_PORTS
} sdv_port;

/** One storage operation as the card asks for it. */
typedef struct sdv_nvm_request {
    unsigned op; /* SDV_NVM_OP_* */
    sdv_region region;
    uint32_t address; /* sector or word */
    uint32_t count;   /* sectors of an erase */
    uint32_t data;    /* of a word program */
    bool hold;        /* EEPROM word program: into the line latch only */
} sdv_nvm_request;

/** What a kernel asks of its caller; `storage` and `monitor` go with it. */
typedef struct sdv_kernel_hooks {
    void *storage;
    /** Begin an operation.  @return how many base clocks it takes */
    uint64_t (*start)(void *storage, sdv_port port,
                      const sdv_nvm_request *request);
    /** End it.  @param[out] word  of a word read  @return did it work? */
    bool (*finish)(void *storage, sdv_port port, uint32_t *word);
    /** Word 0..127 of the sector buffer; byte 0 of it in bits 31:24. */
    uint32_t (*get)(void *storage, unsigned index);
    void (*put)(void *storage, unsigned index, uint32_t word);
    /** The next word of the entropy source; it goes on with power cycles. */
    uint32_t (*entropy)(void *storage);
    /** The card has lost its power, in whatever operation. */
    void (*lost)(void *storage);

    sdv_monitor *monitor; /* NULL: none */
    void (*clock)(sdv_monitor *monitor, const sdv_monitor_pins *pins);
    void (*reset)(sdv_monitor *monitor, uint64_t clock);
} sdv_kernel_hooks;

/** How to make a slot or a bare card. */
typedef struct sdv_kernel_config {
    uint64_t seed;
    uint64_t apparatus_id;
    unsigned sabotage;
    bool no_skip;
    bool inserted;
    sdv_kernel_hooks hooks;
} sdv_kernel_config;

/** What sdv_sim_peek() shows: name and meaning. */
#define SDV_PEEKS(X)                                                           \
    X(SD_CMD, "sd.cmd")             /* level of CMD */                         \
    X(SD_DAT, "sd.dat")             /* levels of DAT[3:0] */                   \
    X(SD_PERIOD, "sd.period")       /* base clocks of an SD clock */           \
    X(SLOT_IRQ, "slot.irq")         /* the interrupt line */                   \
    X(SLOT_QUIET, "slot.quiet")     /* nothing moves on either side */         \
    X(CARD_QUIET, "card.quiet")     /* its core side does not move */          \
    X(CARD_POWERED, "card.powered") /* the card has power */                   \
    X(CARD_PULLUP, "card.pullup")   /* its pull-up on DAT3 is connected */     \
    X(CARD_UNITS, "card.units")     /* units of the vault at work: bit 0 APDU, \
                                       1 EEPROM and OTP lines, 2 flash, 3 KDF, \
                                       4 SIV, 5 DRBG */

typedef enum {
#define SDV_PEEK_ID(id, name) SDV_PEEK_##id,
    SDV_PEEKS(SDV_PEEK_ID)
#undef SDV_PEEK_ID
        SDV_PEEK_COUNT
} sdv_peek_id;

typedef struct sdv_slot sdv_slot;

/** Operations of a slot; what they do is in sdvault/sim.h. */
typedef struct sdv_slot_ops {
    sdv_err (*open)(const sdv_kernel_config *config, sdv_slot **slot);
    void (*close)(sdv_slot *slot);
    uint32_t (*read32)(void *slot, uint32_t offset);
    void (*write32)(void *slot, uint32_t offset, uint32_t value);
    int (*wait_irq)(void *slot, uint32_t timeout_us);
    void (*delay_us)(void *slot, uint32_t us);
    void (*power)(sdv_slot *slot, bool on);
    void (*insert)(sdv_slot *slot, bool inserted);
    void (*cut_at)(sdv_slot *slot, uint64_t clock);
    void (*set_core_hz)(sdv_slot *slot, uint32_t hz);
    void (*flip)(sdv_slot *slot, uint64_t after, bool cmd, unsigned dat);
    void (*run)(sdv_slot *slot, uint64_t base_clocks);
    sdv_clocks (*clocks)(const sdv_slot *slot);
    sdv_err (*trace)(sdv_slot *slot, const char *path);
    void (*trace_stop)(sdv_slot *slot);
    uint64_t (*peek)(const sdv_slot *slot, sdv_peek_id id);
    /** The assertion that stopped it; "" when it runs. */
    const char *(*failure)(const sdv_slot *slot);
} sdv_slot_ops;

typedef struct sdv_bare sdv_bare;

/** Operations of a card on bare pins; see sdv_pins in sdvault/sim.h. */
typedef struct sdv_bare_ops {
    sdv_err (*open)(const sdv_kernel_config *config, sdv_bare **bare);
    void (*close)(sdv_bare *bare);
    void (*set)(sdv_bare *bare, const sdv_pins_host *host);
    void (*get)(const sdv_bare *bare, bool *cmd, uint8_t *dat);
    void (*step)(sdv_bare *bare);
    void (*power)(sdv_bare *bare, bool on);
    sdv_clocks (*clocks)(const sdv_bare *bare);
    const char *(*failure)(const sdv_bare *bare);
} sdv_bare_ops;

/** What a library holds; one of the two is NULL. */
typedef struct sdv_kernel_lib {
    unsigned abi; /* SDV_KERNEL_ABI */
    const sdv_slot_ops *slot;
    const sdv_bare_ops *bare;
} sdv_kernel_lib;

const sdv_kernel_lib *sdv_kernel_entry(void);

/* ---- in libsdvault-sim ---- */

/**
 * Find and open a library.
 *
 * @param name  such as "slot-fast"
 * @param[out] handle  for sdv_kernel_unload()
 *
 * @return NULL when there is none that fits
 */
const sdv_kernel_lib *sdv_kernel_load(const char *name, void **handle);

/** Close it again; nothing when handle is NULL. */
void sdv_kernel_unload(void *handle);

#ifdef __cplusplus
}
#endif

#endif /* SDV_KERNEL_H */
