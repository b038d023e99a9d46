/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that are written down and compared.  See record.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

static uint64_t hash(const uint8_t *bytes, size_t size)
{
    uint64_t h = 0xCBF29CE484222325u; /* FNV-1a */

    for (size_t i = 0; i < size; i++) {
        h = (h ^ bytes[i]) * 0x100000001B3u;
    }
    return h;
}

/* see record.h */
void record_mark(slot *s, record *r, const char *what, sdv_err result)
{
    cr_assert(lt(sz, r->count, RECORD_MOMENTS));
    r->good += result == SDV_OK;
    r->moments[r->count++] = (moment){.what = what,
                                      .clocks = sdv_sim_clocks(s->sim),
                                      .result = result,
                                      .data = hash(r->got, sizeof(r->got))};
}

static void keep_log(const slot *s, record *r)
{
    FILE *file = fopen(s->log, "rb");
    long size;

    cr_assert(file != NULL && fseek(file, 0, SEEK_END) == 0);
    size = ftell(file);
    cr_assert(gt(long, size, 0));
    rewind(file);
    r->log_size = (size_t)size;
    r->log = malloc(r->log_size + 1);
    cr_assert(r->log != NULL);
    cr_assert(eq(sz, fread(r->log, 1, r->log_size, file), r->log_size));
    r->log[r->log_size] = '\0';
    fclose(file);
}

/* see record.h */
void record_play(record *r, play *what, const variant *v, bool no_skip,
                 uint64_t seed)
{
    const slot_options options = {.latency = v->latency,
                                  .cold = true,
                                  .default_speed = v->default_speed,
                                  .disturbed = true,
                                  .no_skip = no_skip};
    slot s;

    memset(r, 0, sizeof(*r));
    slot_pattern(r->wrote, sizeof(r->wrote), 7);
    slot_open(&s, &v->param, &options);
    if (v->core_hz != 0) {
        cr_assert(eq(int, sdv_sim_set_core_hz(s.sim, v->core_hz), SDV_OK));
    }
    record_mark(&s, r, "open", SDV_OK);
    what(&s, r, seed);
    r->image = hash(sdv_image_data(sdv_sim_image(s.sim), SDV_REGION_USER),
                    sdv_image_size(sdv_sim_image(s.sim), SDV_REGION_USER));
    slot_leave(&s);
    keep_log(&s, r);
    slot_resume(&s); /* so that there is something to close */
    slot_close(&s);
}

static void expect_equal_clocks(const record *a, const record *b,
                                const char *about)
{
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        const moment *x = &a->moments[i];
        const moment *y = &b->moments[i];

        cr_assert(eq(u64, x->clocks.base, y->clocks.base), "%s, step %zu, %s",
                  about, i, x->what);
        cr_assert(eq(u64, x->clocks.sd, y->clocks.sd), "%s, step %zu, %s",
                  about, i, x->what);
        cr_assert(eq(u64, x->clocks.core, y->clocks.core), "%s, step %zu, %s",
                  about, i, x->what);
        cr_assert(eq(int, x->result, y->result), "%s, step %zu, %s", about, i,
                  x->what);
        cr_assert(eq(u64, x->data, y->data), "%s, step %zu, %s", about, i,
                  x->what);
    }
    cr_assert(eq(sz, a->count, b->count), "%s", about);
}

static void expect_equal_logs(const record *a, const record *b,
                              const char *about)
{
    size_t line = 0; /* offset of the first that differs */

    for (size_t i = 0; i < a->log_size && a->log[i] == b->log[i]; i++) {
        line = a->log[i] == '\n' ? i + 1 : line;
    }
    cr_assert(a->log_size == b->log_size &&
                  memcmp(a->log, b->log, a->log_size) == 0,
              "%s:\n%.100s\n%.100s", about, a->log + line, b->log + line);
}

/* see record.h */
void record_expect_equal(const record *a, const record *b, const char *about)
{
    expect_equal_clocks(a, b, about);
    expect_equal_logs(a, b, about);
    cr_assert(eq(u64, a->image, b->image), "%s", about);
}

/* see record.h */
const moment *record_end(const record *r)
{
    return &r->moments[r->count - 1];
}

/* see record.h */
void record_drop(record *r)
{
    free(r->log);
}
