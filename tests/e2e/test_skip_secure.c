/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks that are left out while secure commands run: equal in every counter
 * and on the wires with and without, and in the build whose vault sees no
 * edge while it rests.  Direct kernel only.
 */
#include <stdlib.h>
#include <string.h>

#include <sdvault/assd.h>

#include "blob.h"
#include "record.h"

#define HEAD 5      /* CLA INS P1 P2 Lc */
#define LONG_HEAD 7 /* with an Lc of three bytes */
#define CUT 5000    /* base clocks into an import */

static void direct_only(void)
{
    if (!slot_wants_direct()) {
        cr_skip_test("the model kernel is wanted");
    }
}

TestSuite(skip_secure, .init = direct_only, .timeout = 300);

/* ---- secure commands, each a step ---- */

static sdv_assd assd;
static identity who;

static void exchange(slot *s, record *r, const char *what,
                     const uint8_t *command, size_t size)
{
    const uint8_t *answer;
    size_t length;
    const sdv_err err =
        sdv_assd_exchange(&assd, command, size, &answer, &length);

    memset(r->got, 0, sizeof(r->got));
    if (err == SDV_OK) {
        memcpy(r->got, answer, length);
    }
    record_mark(s, r, what, err);
}

static void get_data(slot *s, record *r)
{
    static const uint8_t command[] = {0x80, SDV_INS_GET_DATA, 0, 0};

    exchange(s, r, "get data", command, sizeof(command));
}

static void store_data(slot *s, record *r)
{
    uint8_t command[HEAD + sizeof(who)] = {0x80, SDV_INS_STORE_DATA, 0, 0,
                                           sizeof(who)};

    memcpy(command + HEAD, &who, sizeof(who));
    exchange(s, r, "store data", command, sizeof(command));
}

static void import(slot *s, record *r, unsigned number)
{
    uint8_t command[LONG_HEAD + BLOB_BYTES] = {
        0x80, SDV_INS_LICENSE_IMPORT, 0, 0, 0, BLOB_BYTES >> 8, 0};
    const blob b = blob_make(number);

    blob_seal(&b, &who, command + LONG_HEAD);
    exchange(s, r, "import", command, sizeof(command));
}

static void export(slot *s, record *r, unsigned number)
{
    uint8_t command[HEAD + 16] = {0x80, SDV_INS_LICENSE_EXPORT, 0, 0, 16};
    const blob b = blob_make(number);

    memcpy(command + HEAD, b.id, sizeof(b.id));
    exchange(s, r, "export", command, sizeof(command));
}

static void random_bytes(slot *s, record *r)
{
    record_mark(s, r, "random", sdv_assd_read_random(&assd, r->got));
}

static void identify(slot *s, record *r, sdv_via door)
{
    const sdv_card_options options = {.lines = s->param.lines};

    record_mark(s, r, "identify", sdv_card_open(&s->card, s->bus, &options));
    record_mark(s, r, "open", sdv_assd_open(&assd, &s->card, door));
}

/* ---- runs ---- */

static void play_secure(slot *s, record *r, uint64_t seed)
{
    who = identity_make((unsigned)seed);
    identify(s, r, SDV_VIA_ASSD);
    get_data(s, r);
    store_data(s, r);
    import(s, r, 1);
    random_bytes(s, r);
    sdv_sim_run(s->sim, 12345);
    record_mark(s, r, "write", sdv_card_write(&s->card, 5, 2, r->wrote));
    export(s, r, 1);
    sdv_sim_cut_at(s->sim, sdv_sim_clocks(s->sim).base + CUT);
    import(s, r, 2);
    sdv_sim_cut_at(s->sim, 0);
    record_mark(s, r, "power off", sdv_bus_set_power(s->bus, false));
    sdv_sim_power(s->sim, true);
    identify(s, r, SDV_VIA_CMD56);
    import(s, r, 2);
    export(s, r, 2);
    export(s, r, 3);
    record_mark(s, r, "read", sdv_card_read(&s->card, 5, 2, r->got));
    get_data(s, r);
}

static const variant variants[] = {
    {"no latency", {SDV_KERNEL_DIRECT, false, 4}, false, 0, {0, 0, 0, 0}},
    {"real latency",
     {SDV_KERNEL_DIRECT, false, 4},
     false,
     0,
     {50000, 300000, 2000000, 3000000}},
    {"slow core",
     {SDV_KERNEL_DIRECT, false, 1},
     false,
     7654321,
     {1111, 22222, 33333, 4444}},
};

ParameterizedTestParameters(skip_secure, changes_nothing)
{
    return cr_make_param_array(const variant, (void *)(uintptr_t)variants,
                               sizeof(variants) / sizeof(variants[0]));
}

ParameterizedTest(const variant *v, skip_secure, changes_nothing)
{
    const char *chosen = getenv("SDV_TEST_BUILD");
    char *saved = strdup(chosen != NULL ? chosen : "");
    static record with, without, fast;

    record_play(&with, play_secure, v, false, 1);
    record_play(&without, play_secure, v, true, 1);
    record_expect_equal(&with, &without, v->name);
    cr_assert(gt(sz, with.good * 2, with.count), "%s", v->name);
    cr_assert(zero(int, setenv("SDV_TEST_BUILD", "fast", 1)));
    record_play(&fast, play_secure, v, false, 1);
    record_expect_equal(&with, &fast, "fast");
    cr_assert(zero(int, setenv("SDV_TEST_BUILD", saved, 1)));
    record_drop(&with);
    record_drop(&without);
    record_drop(&fast);
    free(saved);
}
