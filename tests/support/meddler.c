/* SPDX-License-Identifier: Apache-2.0 */
#include "meddler.h"

#include <string.h>

#include "bytes.h"

#define CLOCK_WORD SDV_SDHCI_CLOCK_CONTROL
#define RESET_LINES                                                            \
    ((uint32_t)(SDV_SDHCI_SOFTWARE_RESET_CMD_MASK |                            \
                SDV_SDHCI_SOFTWARE_RESET_DAT_MASK)                             \
     << 24)
#define CLOCKS_PER_US 50u
#define QUIET_CLOCKS 200u /* a broken frame and a long response end in them */

static uint64_t pick(meddler *m, uint64_t below)
{
    return sdv_random(&m->random) % below;
}

static uint64_t now(const meddler *m)
{
    return sdv_sim_clocks(m->sim).base;
}

/* Whether the host is silent now. */
static bool silent(meddler *m)
{
    if (m->silent_at != 0 && now(m) >= m->silent_at) {
        m->silent = true;
    }
    return m->silent;
}

static uint32_t read32(void *ctx, uint32_t offset)
{
    meddler *m = ctx;

    return silent(m) ? 0 : m->real->read32(m->real->ctx, offset);
}

static void write32(void *ctx, uint32_t offset, uint32_t value)
{
    meddler *m = ctx;

    if (!silent(m)) {
        m->real->write32(m->real->ctx, offset, value);
    }
}

static int real_wait(meddler *m, uint32_t timeout_us)
{
    return m->real->wait_irq(m->real->ctx, timeout_us);
}

/* Wait no longer than until the host falls silent. */
static int wait_until_silent(meddler *m, uint32_t timeout_us)
{
    const uint64_t left = m->silent_at - now(m);

    if (left / CLOCKS_PER_US > timeout_us) {
        return real_wait(m, timeout_us);
    }
    if (left >= CLOCKS_PER_US &&
        real_wait(m, (uint32_t)(left / CLOCKS_PER_US)) == 0) {
        return 0;
    }
    if (now(m) < m->silent_at) {
        sdv_sim_run(m->sim, m->silent_at - now(m));
    }
    m->silent = true;
    return -1;
}

/* SDCLK stands still for some time; registers and timers do not. */
static void stop_clock(meddler *m)
{
    const uint32_t word = m->real->read32(m->real->ctx, CLOCK_WORD);

    m->real->write32(m->real->ctx, CLOCK_WORD,
                     word & ~(uint32_t)SDV_SDHCI_CLOCK_CONTROL_SD_MASK);
    sdv_sim_run(m->sim, pick(m, 400) + 1);
    m->real->write32(m->real->ctx, CLOCK_WORD, word);
    m->stopped++;
}

static int wait_with_stops(meddler *m, uint32_t timeout_us)
{
    for (unsigned i = 0; i < 20; i++) {
        sdv_sim_run(m->sim, pick(m, 60) + 1);
        if (real_wait(m, 1) == 0) {
            return 0;
        }
        stop_clock(m);
    }
    return real_wait(m, timeout_us);
}

static int wait_irq(void *ctx, uint32_t timeout_us)
{
    meddler *m = ctx;

    if (silent(m)) {
        return -1;
    }
    if (m->silent_at != 0) {
        return wait_until_silent(m, timeout_us);
    }
    if (m->late != 0) {
        const int result = real_wait(m, timeout_us);

        sdv_sim_run(m->sim, m->late);
        return result;
    }
    return m->stops ? wait_with_stops(m, timeout_us) : real_wait(m, timeout_us);
}

static void delay_us(void *ctx, uint32_t us)
{
    meddler *m = ctx;

    if (!silent(m)) {
        m->real->delay_us(m->real->ctx, us);
    }
}

/* see meddler.h */
void meddler_install(meddler *m, slot *s, uint64_t seed)
{
    memset(m, 0, sizeof(*m));
    m->real = sdv_sim_mmio(s->sim);
    m->sim = s->sim;
    m->random = seed;
    m->mmio = (sdv_mmio){.read32 = read32,
                         .write32 = write32,
                         .wait_irq = wait_irq,
                         .delay_us = delay_us,
                         .ctx = m};
    s->sdhci.mmio = &m->mmio;
}

/* see meddler.h */
void meddler_silence(meddler *m, uint64_t clocks)
{
    m->silent_at = now(m) + clocks;
}

/* see meddler.h */
void meddler_resume(meddler *m)
{
    const uint32_t word = m->real->read32(m->real->ctx, CLOCK_WORD);

    m->silent_at = 0;
    m->silent = false;
    m->real->write32(m->real->ctx, CLOCK_WORD, word | RESET_LINES);
    sdv_sim_run(m->sim, QUIET_CLOCKS + pick(m, QUIET_CLOCKS));
    m->real->write32(m->real->ctx, SDV_SDHCI_NORMAL_STATUS, 0xFFFFFFFFu);
}
