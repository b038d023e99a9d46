/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The DAT lines of the bus monitor: blocks either way with their CRC16, CRC
 * status, busy, and the clocks between them.
 */
#include "monitor_private.h"

#define ALL_LINES 0xFu
#define CRC_CLOCKS 16u
#define TOKEN_BITS 3u
#define TOKEN_GOOD 2u /* 010 */
#define TOKEN_CRC 5u  /* 101 */

static unsigned lanes_of(const sdv_monitor *monitor)
{
    return monitor->lines == 4 ? ALL_LINES : 1u;
}

/* A CRC16 on each line: bit n of the four is nibble n of the register. */
static uint64_t crc16(uint64_t crc, unsigned nibble)
{
    const uint64_t out = (crc >> 60 ^ nibble) & 0xFu;

    return crc << 4 ^ out << 48 ^ out << 20 ^ out;
}

/* Clocks since the state began. */
static uint64_t elapsed(const sdv_monitor *monitor)
{
    return monitor->clock - monitor->data.start;
}

static void enter(sdv_monitor *monitor, sdv_mon_dat_state state)
{
    monitor->data.state = state;
    monitor->data.start = monitor->clock;
}

/* Clocks between what was on the lines before and now. */
static uint64_t gap(const sdv_monitor *monitor)
{
    return monitor->clock - monitor->data.free_at - 1;
}

/* Once for each time that a line goes low. */
static void complain(sdv_monitor *monitor, unsigned low, const char *what)
{
    if (!monitor->data.complained) {
        sdv_mon_violation(monitor, "DAT lines %X low: %s", low, what);
    }
    monitor->data.complained = true;
}

/* ---- blocks ---- */

static void begin_block(sdv_monitor *monitor, sdv_mon_dat_state state)
{
    sdv_mon_dat *data = &monitor->data;
    const bool read = state == SDV_MON_READ;
    const unsigned least = read ? SDV_TIMING_N_AC_MIN : SDV_TIMING_N_WR;

    if (gap(monitor) < least) {
        sdv_mon_violation(monitor, "%s is %u clocks, at least %u wanted",
                          read ? "N_AC" : "N_WR", (unsigned)gap(monitor),
                          least);
    }
    enter(monitor, state);
    data->lanes = (uint8_t)lanes_of(monitor);
    data->length = data->len * 8 / monitor->lines;
    data->crc = 0;
    data->bad = false;
    data->may_busy = false;
}

/* One block less to come; what is left to do when it was the last. */
static void count_block(sdv_monitor *monitor)
{
    sdv_mon_dat *data = &monitor->data;

    monitor->counts.blocks++;
    data->free_at = monitor->clock;
    if (!data->open_ended) {
        data->left--;
    }
    if (!data->open_ended && data->left == 0) {
        data->may_read = false;
        data->may_write = false;
    }
}

static void end_read(sdv_monitor *monitor)
{
    sdv_mon_dat *data = &monitor->data;

    enter(monitor, SDV_MON_IDLE);
    count_block(monitor);
    sdv_mon_event(monitor, "data %u bytes read, crc %s", data->len,
                  data->bad ? "wrong" : "ok");
    if (data->bad && data->stop_at == 0) { /* else it was cut short */
        sdv_mon_violation(monitor, "a block of the card with a wrong CRC");
    }
    sdv_mon_secure_end(monitor, !data->bad);
}

static void end_write(sdv_monitor *monitor)
{
    sdv_mon_dat *data = &monitor->data;

    enter(monitor, SDV_MON_GAP);
    count_block(monitor);
    sdv_mon_event(monitor, "data %u bytes written, crc %s", data->len,
                  data->bad ? "wrong" : "ok");
    monitor->counts.bad_crc += data->bad ? 1 : 0;
}

static void in_block(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_dat *data = &monitor->data;
    const unsigned idle = ALL_LINES & ~(unsigned)data->lanes;

    if ((~dat & idle) != 0) {
        complain(monitor, ~dat & idle, "not in use");
    }
    if (elapsed(monitor) <= data->length) {
        sdv_mon_secure_bits(monitor, dat);
    }
    if (elapsed(monitor) <= data->length + CRC_CLOCKS) {
        data->crc = crc16(data->crc, dat & data->lanes);
        return;
    }
    data->bad = data->crc != 0 || (dat & data->lanes) != data->lanes;
    if (data->state == SDV_MON_READ) {
        end_read(monitor);
    } else {
        end_write(monitor);
    }
}

/* ---- CRC status and busy ---- */

/* N_CRC clocks, then the start bit of the status, or the card is deaf. */
static void in_gap(sdv_monitor *monitor, unsigned dat)
{
    const bool low = (dat & 1u) == 0;
    const uint64_t clocks = elapsed(monitor) - 1;

    if (low) {
        if (clocks != SDV_TIMING_N_CRC) {
            sdv_mon_violation(monitor, "N_CRC is %u clocks, %u wanted",
                              (unsigned)clocks, SDV_TIMING_N_CRC);
        }
        enter(monitor, SDV_MON_TOKEN);
        monitor->data.token = 0;
    } else if (clocks >= SDV_TIMING_N_CRC) {
        enter(monitor, SDV_MON_IDLE);
        sdv_mon_event(monitor, "no CRC status");
    }
}

/* The status has to fit what was on the lines. */
static void judge_token(sdv_monitor *monitor)
{
    const sdv_mon_dat *data = &monitor->data;

    if (data->token == TOKEN_GOOD && data->bad) {
        sdv_mon_violation(monitor, "a block with a wrong CRC was taken");
    } else if (data->token == TOKEN_CRC && !data->bad) {
        sdv_mon_violation(monitor, "a good block was refused");
    } else if (data->token != TOKEN_GOOD && data->token != TOKEN_CRC) {
        sdv_mon_violation(monitor, "CRC status %u%u%u", data->token >> 2,
                          data->token >> 1 & 1u, data->token & 1u);
    }
}

static void in_token(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_dat *data = &monitor->data;

    if (elapsed(monitor) <= TOKEN_BITS) {
        data->token = data->token << 1 | (dat & 1u);
        return;
    }
    if ((dat & 1u) == 0) {
        sdv_mon_violation(monitor, "a CRC status without an end bit");
    }
    sdv_mon_event(monitor, "crc status %s",
                  data->token == TOKEN_GOOD ? "taken" : "wrong");
    judge_token(monitor);
    sdv_mon_secure_end(monitor, data->token == TOKEN_GOOD);
    enter(monitor, SDV_MON_IDLE);
    data->free_at = monitor->clock;
    data->may_busy = data->token == TOKEN_GOOD;
    data->busy_by = monitor->clock + 1;
}

static void in_busy(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_dat *data = &monitor->data;

    if ((dat & 1u) == 0) {
        return;
    }
    sdv_mon_event(monitor, "busy %llu clocks",
                  (unsigned long long)elapsed(monitor));
    data->free_at = monitor->clock - 1;
    data->may_busy = false;
    enter(monitor, SDV_MON_IDLE);
}

/* ---- quiet lines ---- */

/* Lines went low while nothing was going on: is there a reason? */
static void judge_low(sdv_monitor *monitor, unsigned low)
{
    sdv_mon_dat *data = &monitor->data;
    const unsigned lanes = lanes_of(monitor);
    const bool started = (low & lanes) == lanes;

    if (data->may_busy && low == 1u) {
        enter(monitor, SDV_MON_BUSY);
    } else if (data->may_read && started) {
        begin_block(monitor, SDV_MON_READ);
    } else if (data->may_write && started) {
        begin_block(monitor, SDV_MON_WRITE);
    } else if (data->may_read || data->may_write) {
        complain(monitor, low, "not a start bit");
    } else {
        complain(monitor, low, "no block and no busy is due");
    }
}

static void in_idle(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_dat *data = &monitor->data;
    const unsigned low = ~dat & ALL_LINES;

    if (data->may_busy && data->busy_by != 0 &&
        monitor->clock > data->busy_by) {
        data->may_busy = false;
    }
    if (data->dark) {
        return; /* what the host still sends is no matter of the card */
    }
    if (low == 0) {
        data->complained = false;
    } else if (data->stop_at == 0 || data->may_busy || data->may_read) {
        judge_low(monitor, low);
    }
}

/* ---- the end of all that goes on ---- */

/* see monitor_private.h */
void sdv_mon_dat_stop(sdv_monitor *monitor, uint64_t clock)
{
    monitor->data.stop_at = clock;
}

/* The clock from which on the card has to be silent. */
static void stop(sdv_monitor *monitor, unsigned dat)
{
    sdv_mon_dat *data = &monitor->data;
    const bool block =
        data->state == SDV_MON_READ || data->state == SDV_MON_WRITE;
    const unsigned lanes = block ? data->lanes : lanes_of(monitor);

    data->stop_at = 0;
    data->may_read = false;
    if (data->state == SDV_MON_BUSY && data->may_busy) {
        return;
    }
    if (block) {
        sdv_mon_event(monitor, "data cut short");
    }
    if (data->state == SDV_MON_READ) {
        data->may_busy = false; /* there is nothing to program */
    }
    if (data->state != SDV_MON_WRITE && !data->may_busy &&
        (dat & lanes) != lanes) {
        complain(monitor, ~dat & lanes, "the transfer has been stopped");
    }
    data->free_at = monitor->clock;
    enter(monitor, SDV_MON_IDLE);
}

/* see monitor_private.h */
void sdv_mon_dat_step(sdv_monitor *monitor, uint8_t dat)
{
    sdv_mon_dat *data = &monitor->data;

    if (data->stop_at != 0 && monitor->clock >= data->stop_at) {
        stop(monitor, dat);
    }
    switch (data->state) {
    case SDV_MON_READ:
    case SDV_MON_WRITE:
        in_block(monitor, dat);
        break;
    case SDV_MON_GAP:
        in_gap(monitor, dat);
        break;
    case SDV_MON_TOKEN:
        in_token(monitor, dat);
        break;
    case SDV_MON_BUSY:
        in_busy(monitor, dat);
        break;
    default:
        in_idle(monitor, dat);
        break;
    }
}
