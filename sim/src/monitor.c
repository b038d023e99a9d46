/* SPDX-License-Identifier: Apache-2.0 */
/* The bus monitor: life time, clocks, and the skipping of dead time. */
#include <stdlib.h>
#include <string.h>

#include "monitor_private.h"

#define IDLE_DAT 0xFu

/* see monitor_private.h */
void sdv_mon_forget(sdv_monitor *monitor)
{
    monitor->app = false;
    monitor->count_set = false;
    monitor->block_len = SDV_TIMING_BLOCK_LEN;
    monitor->lines = 1;
    monitor->rca = 0;
    monitor->may_stop = false;
    sdv_mon_secure_forget(monitor);
}

/* see monitor.h */
sdv_err sdv_monitor_open(const char *path, sdv_monitor **monitor)
{
    sdv_monitor *m = calloc(1, sizeof(*m));

    *monitor = NULL;
    if (m == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    if (path != NULL) {
        m->file = fopen(path, "w");
        if (m->file == NULL) {
            free(m);
            return SDV_ERR_IO;
        }
    }
    m->cmd = true;
    m->dat = IDLE_DAT;
    sdv_mon_forget(m);
    *monitor = m;
    return SDV_OK;
}

/* see monitor.h */
void sdv_monitor_close(sdv_monitor **monitor)
{
    sdv_monitor *m = *monitor;

    *monitor = NULL;
    if (m == NULL) {
        return;
    }
    sdv_mon_summary(m);
    if (m->file != NULL) {
        (void)fclose(m->file);
    }
    free(m);
}

/* Changes only, so that skipped clocks make no difference. */
static void hash(sdv_monitor *monitor, const sdv_monitor_pins *pins)
{
    uint64_t h = monitor->counts.pin_hash;

    h ^= pins->clock << 5 | (uint64_t)(pins->cmd ? 1 : 0) << 4 | pins->dat;
    h *= 0x9E3779B97F4A7C15u;
    monitor->counts.pin_hash = h ^ h >> 29;
}

/* Whether a clock on which no line changes matters. */
static bool counting(const sdv_monitor *monitor)
{
    return monitor->frame.active || monitor->data.state != SDV_MON_IDLE ||
           monitor->data.stop_at != 0;
}

static void step(sdv_monitor *monitor, uint64_t clock, bool cmd, uint8_t dat)
{
    monitor->clock = clock;
    sdv_mon_cmd_step(monitor, cmd);
    sdv_mon_dat_step(monitor, dat);
    monitor->cmd = cmd;
    monitor->dat = dat;
}

/* Busy lasts as long as it likes: its clocks need not be made up. */
static bool only_busy(const sdv_monitor *monitor)
{
    return !monitor->frame.active && monitor->data.state == SDV_MON_BUSY &&
           monitor->data.stop_at == 0;
}

/* The lines stay as they are until the end of this clock. */
static void catch_up(sdv_monitor *monitor, uint64_t clock)
{
    while (monitor->clock < clock && counting(monitor) && !only_busy(monitor)) {
        step(monitor, monitor->clock + 1, monitor->cmd, monitor->dat);
    }
}

/* see monitor.h */
void sdv_monitor_clock(sdv_monitor *monitor, const sdv_monitor_pins *pins)
{
    const uint8_t dat = pins->dat & IDLE_DAT;

    catch_up(monitor, pins->clock - 1);
    if (pins->cmd != monitor->cmd || dat != monitor->dat) {
        hash(monitor, pins);
    } else if (!counting(monitor)) {
        monitor->clock = pins->clock;
        return;
    }
    step(monitor, pins->clock, pins->cmd, dat);
}

/* see monitor.h */
void sdv_monitor_reset(sdv_monitor *monitor, uint64_t clock)
{
    catch_up(monitor, clock);
    monitor->clock = clock;
    if (monitor->command.open) {
        sdv_mon_no_response(monitor);
    }
    if (monitor->frame.bit >= 2 && sdv_mon_of_card(&monitor->frame)) {
        monitor->frame.active = false;
    }
    memset(&monitor->data, 0, sizeof(monitor->data));
    monitor->data.dark = true;
    monitor->high_capacity = false;
    monitor->cmd_free = 0;
    sdv_mon_forget(monitor);
    sdv_mon_event(monitor, "the card has lost its power");
}

/* see monitor.h */
sdv_monitor_counts sdv_monitor_counted(const sdv_monitor *monitor)
{
    return monitor->counts;
}

/* see monitor.h */
const char *sdv_monitor_first_violation(const sdv_monitor *monitor)
{
    return monitor->first;
}
