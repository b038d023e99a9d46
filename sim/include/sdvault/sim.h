/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/sim.h
 * @brief A slot: host controller, card and apparatus, simulated.
 *
 * A slot is opened with a card image and gives the sdv_mmio that the host
 * stack drives.  Everything else here is the control channel: what a hand, a
 * power supply or a probe does, never through the card's pins.  Slots are
 * objects; there are no globals, and several run in one process.
 *
 * Time: one base clock is 20 ns (50 MHz).  A register access takes two base
 * clocks; waiting for an interrupt runs until the line rises; software takes
 * no time.
 */
#ifndef SDV_SIM_H
#define SDV_SIM_H

#include <stdbool.h>
#include <stdint.h>

#include <sdvault/bus.h>
#include <sdvault/image.h>
#include <sdvault/mmio.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sdv_sim sdv_sim;

/** What computes the slot. */
typedef enum {
    SDV_KERNEL_DIRECT, /* the Verilated RTL in a plain clock loop */
    SDV_KERNEL_MODEL   /* the functional card: no clocks, fast */
} sdv_kernel;

/** Which Verilated build of the direct kernel. */
typedef enum {
    SDV_BUILD_FAST,   /* no assertions */
    SDV_BUILD_ASSERT, /* assertions live, power-up values random */
    SDV_BUILD_TRACE,  /* can write an FST */
    SDV_BUILD_COVERAGE,
    SDV_BUILD_SABOTAGE /* one break of the RTL, chosen at run time */
} sdv_build;

/** The break that finds a fault in the crypto when a license is opened. */
#define SDV_SABOTAGE_CRYPTO 390u

/** Latencies of the storage; nanoseconds each. */
typedef struct sdv_latency {
    uint32_t flash_read;
    uint32_t flash_program;
    uint32_t flash_erase;
    uint32_t eeprom_line;
} sdv_latency;

/** How to open a slot; start from SDV_SIM_CONFIG_INIT. */
typedef struct sdv_sim_config {
    size_t struct_size;
    const char *image;     /* path of the card image; NULL: empty slot */
    uint64_t apparatus_id; /* shown in APPARATUS_ID_LO/HI; 0: none */
    sdv_kernel kernel;
    sdv_build build;     /* of the direct kernel */
    uint64_t seed;       /* entropy and random power-up values */
    sdv_latency latency; /* all zero: no latency */
    const char *log;     /* transcript of the bus in words; NULL: none */
    unsigned sabotage;   /* SDV_BUILD_SABOTAGE: which break; 0: none;
                          * the model knows SDV_SABOTAGE_CRYPTO */
    bool no_skip;        /* evaluate every base clock (for comparisons) */
} sdv_sim_config;

#define SDV_SIM_CONFIG_INIT                                                    \
    {                                                                          \
        .struct_size = sizeof(sdv_sim_config), .build = SDV_BUILD_FAST         \
    }

/** Clock counters of a slot. */
typedef struct sdv_clocks {
    uint64_t base;  /* base clocks since open */
    uint64_t sd;    /* rising edges of the CLK pin */
    uint64_t core;  /* core clocks of the card since open */
    uint64_t evals; /* base clocks that were evaluated, not skipped */
} sdv_clocks;

/** Latencies of the setting `real` (docs/spec/timing.csv). */
sdv_latency sdv_latency_real(void);

/**
 * Open a slot: lock the image, build the kernel, insert and power the card.
 *
 * @retval SDV_ERR_KERNEL  the kernel's library is missing
 * @retval other           as sdv_image_open(); *sim is NULL
 */
SDV_MUST_CHECK sdv_err sdv_sim_open(const sdv_sim_config *config,
                                    sdv_sim **sim);

/** Switch off, flush and free; sets *sim to NULL. */
void sdv_sim_close(sdv_sim **sim);

/** The register window of the slot's host controller. */
const sdv_mmio *sdv_sim_mmio(sdv_sim *sim);

/**
 * The model kernel's card, without a host controller: a bus that answers at
 * once.  NULL with the direct kernel.
 */
sdv_bus *sdv_sim_model_bus(sdv_sim *sim);

/** The open image of the slot; NULL when it is empty. */
sdv_image *sdv_sim_image(sdv_sim *sim);

/**
 * Does the slot still run?
 *
 * @retval SDV_ERR_ASSERT  an assertion of the RTL failed; registers read as
 *                         all ones, no interrupt comes, no time passes
 */
SDV_MUST_CHECK sdv_err sdv_sim_status(const sdv_sim *sim);

/** One line about why the slot stopped; "" when it runs. */
const char *sdv_sim_detail(const sdv_sim *sim);

/* ---- control channel ---- */

/** Switch the supply of the card; off is a power cut.  Takes some clocks. */
void sdv_sim_power(sdv_sim *sim, bool on);

/** Cut the supply at base clock `clock` (0: never). */
void sdv_sim_cut_at(sdv_sim *sim, uint64_t clock);

/**
 * Put the card in or take it out; out is a power cut.  Takes some clocks.
 * Nothing happens in a slot that was opened without an image.
 */
void sdv_sim_insert(sdv_sim *sim, bool inserted);

/**
 * Run the core clock of the card at `hz`.
 * @retval SDV_ERR_ARG  0, or more than the base clock
 */
SDV_MUST_CHECK sdv_err sdv_sim_set_core_hz(sdv_sim *sim, uint32_t hz);

/** Set the storage latencies from now on. */
void sdv_sim_set_latency(sdv_sim *sim, const sdv_latency *latency);

/** Let `base_clocks` pass. */
void sdv_sim_run(sdv_sim *sim, uint64_t base_clocks);

/** Read the clock counters.  The model kernel counts nothing. */
sdv_clocks sdv_sim_clocks(const sdv_sim *sim);

/**
 * Invert bus lines for one SD clock: receivers sample them so at the rising
 * edge that follows `after` others.
 *
 * @param after  SD clocks from now, at least 1
 * @param cmd    invert CMD
 * @param dat    invert DAT lines, one bit each
 */
void sdv_sim_flip(sdv_sim *sim, uint64_t after, bool cmd, unsigned dat);

/**
 * Let the next `count` storage operations of kind `op` fail (SDV_NVM_OP_*).
 *
 * Reads are those of sectors; words can always be read.
 */
void sdv_sim_fail_nvm(sdv_sim *sim, unsigned op, unsigned count);

/** Words or sectors that the card is changing: see sdv_sim_watch(). */
typedef struct sdv_change {
    bool over; /* false: the change begins; true: the image holds it */
    sdv_region region;
    unsigned op;             /* SDV_NVM_OP_PROGRAM or SDV_NVM_OP_ERASE */
    uint32_t units;          /* words or sectors in flight together */
    const uint32_t *address; /* uint32_t[units]; of an erase the first only */
    const uint8_t *bytes;    /* [units][4 or 512]: what they are to hold; NULL
                                for an erase */
} sdv_change;

typedef void sdv_watcher(void *context, const sdv_change *change);

/**
 * Tell of every change of the storage that the card makes, when it begins and
 * when it is over; an operation that fails or is cut is never over.
 *
 * The watcher may look at the image and the clock counters, and do nothing
 * else with the slot.  NULL: no more.
 *
 * @retval SDV_ERR_UNSUPPORTED  the model kernel
 */
SDV_MUST_CHECK sdv_err sdv_sim_watch(sdv_sim *sim, sdv_watcher *watcher,
                                     void *context);

/** Start a waveform (FST).  @retval SDV_ERR_UNSUPPORTED not a trace build */
SDV_MUST_CHECK sdv_err sdv_sim_trace(sdv_sim *sim, const char *path);

/** Stop and complete the waveform. */
void sdv_sim_trace_stop(sdv_sim *sim);

/** Names for sdv_sim_peek(): a NULL-terminated list. */
const char *const *sdv_sim_peek_names(void);

/**
 * Look at a named register of the card.
 * @retval SDV_ERR_ARG          no such name
 * @retval SDV_ERR_UNSUPPORTED  the kernel has no registers
 */
SDV_MUST_CHECK sdv_err sdv_sim_peek(sdv_sim *sim, const char *name,
                                    uint64_t *value);

/* ---- bare pins: for other people's hosts ---- */

typedef struct sdv_pins sdv_pins;

/** What the host drives; a line whose `_oe` is 0 is pulled up. */
typedef struct sdv_pins_host {
    bool clk;
    bool cmd, cmd_oe;
    uint8_t dat, dat_oe; /* one bit a line */
} sdv_pins_host;

/**
 * Open a card without our host controller.
 * @param config  as sdv_sim_open(); kernel must be direct
 */
SDV_MUST_CHECK sdv_err sdv_pins_open(const sdv_sim_config *config,
                                     sdv_pins **pins);
void sdv_pins_close(sdv_pins **pins);

/** What the host drives from now on. */
void sdv_pins_set(sdv_pins *pins, const sdv_pins_host *host);

/** Levels of the lines as the host sees them. */
void sdv_pins_get(const sdv_pins *pins, bool *cmd, uint8_t *dat);

/**
 * Advance half a base clock: a rising, then a falling edge, in turn.
 *
 * What a host sets just before a rising edge was launched on that edge, what
 * it sets before a falling edge was launched on that one.
 */
void sdv_pins_step(sdv_pins *pins);

/** Switch the supply of the card; off is a power cut. */
void sdv_pins_power(sdv_pins *pins, bool on);

/** One line about the assertion that stopped the card; "" when it runs. */
const char *sdv_pins_detail(const sdv_pins *pins);

/** Base clocks and edges of CLK so far. */
sdv_clocks sdv_pins_clocks(const sdv_pins *pins);

#ifdef __cplusplus
}
#endif

#endif /* SDV_SIM_H */
