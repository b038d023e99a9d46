/* SPDX-License-Identifier: Apache-2.0 */
#include "faults.h"

#include <criterion/criterion.h>
#include <criterion/logging.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLOCKS 20000 /* of a scenario, at most */
#define GUARDS 100
#define STATES 4096
#define BEHIND 80 /* clocks that are looked at after a flip */
#define TOLD 5    /* failures that are named */
#define SOON 2    /* clocks in which the error has to rise */

/* A value that a guard had, first after so many edges. */
struct visit {
    struct crypto_bits value;
    size_t edges;
};

struct replay {
    crypto_lab *lab;
    const struct fault_scenario *scenario;
    struct crypto_in *inputs;
    size_t count;
    struct crypto_guard guards[GUARDS];
    unsigned guard; /* at hand */
    struct visit visits[STATES];
    unsigned visited;
    struct fault_count sum;
};

static void restart(struct replay *r)
{
    struct crypto_in in = r->inputs[0];
    in.reset = true;
    in.start = in.valid = in.seed = in.c_start = false;
    r->lab->api->clock(r->lab->top, &in, &r->lab->out);
}

static void step(struct replay *r, size_t clock)
{
    const size_t last = r->count - 1;
    r->lab->api->clock(r->lab->top, &r->inputs[clock < last ? clock : last],
                       &r->lab->out);
}

static struct crypto_bits value(const struct replay *r)
{
    struct crypto_bits bits;
    r->lab->api->guard(r->lab->top, r->guard, &bits);
    return bits;
}

static bool same(const struct crypto_bits *a, const struct crypto_bits *b)
{
    return memcmp(a, b, sizeof(*a)) == 0;
}

static void visit(struct replay *r, size_t edges)
{
    const struct crypto_bits now = value(r);
    for (unsigned i = 0; i < r->visited; i++) {
        if (same(&r->visits[i].value, &now)) {
            return;
        }
    }
    cr_assert(lt(uint, r->visited, STATES));
    r->visits[r->visited++] = (struct visit){now, edges};
}

static void find_states(struct replay *r)
{
    r->visited = 0;
    restart(r);
    for (size_t clock = 0; clock < r->count; clock++) {
        step(r, clock);
        visit(r, clock + 1);
    }
}

/* Something that comes out and counts. */
static bool valid(const struct crypto_out *out)
{
    return out->valid || out->done || out->mem_we || (out->c_done && out->c_ok);
}

static void report(const struct replay *r, const char *what, size_t edges,
                   unsigned bit)
{
    if (r->sum.late + r->sum.leaks <= TOLD) {
        cr_log_error("%s: %s: bit %u in clock %zu: %s", r->scenario->name,
                     r->guards[r->guard].name, bit, edges, what);
    }
}

static void look(struct replay *r, const struct visit *from, unsigned bit)
{
    bool risen = false, leak = false;
    for (size_t i = 0; i < BEHIND; i++) {
        step(r, from->edges + i);
        const bool error = (r->lab->out.errors & r->scenario->error) != 0;
        risen = risen || (error && i < SOON);
        leak = leak || valid(&r->lab->out) || (risen && !error);
    }
    r->sum.pairs++;
    r->sum.late += !risen;
    r->sum.leaks += leak;
    if (!risen || leak) {
        report(r, risen ? "a valid output" : "no error", from->edges, bit);
    }
}

static void flip(struct replay *r, const struct visit *from, unsigned bit)
{
    const struct crypto_api *api = r->lab->api;
    restart(r);
    for (size_t clock = 0; clock < from->edges; clock++) {
        if (clock + 1 == from->edges) {
            api->flip(r->lab->top, r->guard, bit);
        }
        step(r, clock);
    }
    api->flip(r->lab->top, r->guard, NO_BIT);
    struct crypto_bits want = from->value;
    want.words[bit / 32] ^= 1u << bit % 32;
    const struct crypto_bits got = value(r);
    cr_assert(same(&got, &want), "it turned over");
    look(r, from, bit);
}

/* ---- States that the RTL declares ---- */

/* Of "localparam logic [N:0] StName = " or, between "typedef enum logic [N:0]
 * {" and "}", of a line that begins with a name. */
static bool declares(const char *line, bool *list, unsigned *width)
{
    unsigned high;
    char name[2];
    if (sscanf(line, " typedef enum logic [%u:0]", &high) == 1) {
        *list = true;
        *width = high + 1;
        return false;
    }
    *list = *list && strchr(line, '}') == NULL;
    if (sscanf(line, " localparam logic [%u:0] St%1[A-Z]", &high, name) == 2) {
        *width = high + 1;
        return true;
    }
    return *list && sscanf(line, " %1[A-Z]", name) == 1;
}

static FILE *open_module(const char *name)
{
    static const char *const places[] = {"rtl/crypto/sdv_%s.sv",
                                         "rtl/crypto/sdv_siv_%s.sv"};
    FILE *file = NULL;
    for (size_t i = 0; file == NULL && i < 2; i++) {
        char path[64];
        snprintf(path, sizeof(path), places[i], name);
        file = fopen(path, "r");
    }
    return file;
}

static unsigned declared_states(const char *module, unsigned *width)
{
    char line[256];
    unsigned states = 0;
    bool list = false;
    FILE *file = open_module(module);
    while (file != NULL && fgets(line, sizeof(line), file) != NULL) {
        states += declares(line, &list, width);
    }
    if (file != NULL) {
        fclose(file);
    }
    return states;
}

/* The state stands on top of its guard, below the parity. */
static unsigned reached_states(const struct replay *r, unsigned width)
{
    uint64_t seen = 0;
    const unsigned shift = r->guards[r->guard].bits - 1 - width;
    const uint32_t mask = (1u << width) - 1;
    for (unsigned i = 0; i < r->visited; i++) {
        const uint64_t low = r->visits[i].value.words[0] |
                             (uint64_t)r->visits[i].value.words[1] << 32;
        seen |= (uint64_t)1 << (low >> shift & mask);
    }
    return (unsigned)__builtin_popcountll(seen);
}

/* Of "...u_cmac.u_guard", the module is sdv_cmac; a core has no list. */
static void check_states(struct replay *r)
{
    char module[32] = "";
    const char *path = r->guards[r->guard].name;
    const char *tail = strstr(path, ".u_guard");
    while (tail != NULL && tail > path && tail[-1] != '.') {
        tail--;
    }
    if (tail == NULL || sscanf(tail, "u_%31[a-z]", module) != 1) {
        return;
    }
    unsigned width = 0;
    const unsigned declared = declared_states(module, &width);
    const unsigned reached = declared > 0 ? reached_states(r, width) : 0;
    if (reached < declared) {
        cr_log_error("%s: %s: %u of %u states reached", r->scenario->name, path,
                     reached, declared);
        r->sum.unreached += declared - reached;
    }
}

static void every_pair(struct replay *r)
{
    const unsigned before = r->sum.pairs;
    find_states(r);
    check_states(r);
    for (unsigned i = 0; i < r->visited; i++) {
        for (unsigned bit = 0; bit < r->guards[r->guard].bits; bit++) {
            flip(r, &r->visits[i], bit);
        }
    }
    r->sum.guards++;
    r->sum.states += r->visited;
    cr_log_info("%s: %s: %u states, %u bits, %u pairs", r->scenario->name,
                r->guards[r->guard].name, r->visited, r->guards[r->guard].bits,
                r->sum.pairs - before);
}

static void record(struct replay *r)
{
    crypto_lab *lab = r->lab;
    lab->record = r->inputs;
    lab->record_size = CLOCKS;
    lab->recorded = 0;
    r->scenario->run(lab);
    lab_clock(lab);
    r->count = lab->recorded;
    lab->record = NULL;
}

struct fault_count faults_all(crypto_lab *lab,
                              const struct fault_scenario *scenario)
{
    struct replay *r = calloc(1, sizeof(*r));
    r->lab = lab;
    r->scenario = scenario;
    r->inputs = calloc(CLOCKS, sizeof(*r->inputs));
    const unsigned count = lab->api->guards(lab->top, r->guards, GUARDS);
    cr_assert(le(uint, count, GUARDS));
    record(r);
    for (r->guard = 0; r->guard < count; r->guard++) {
        if (strstr(r->guards[r->guard].name, scenario->guards) != NULL) {
            every_pair(r);
        }
    }
    const struct fault_count sum = r->sum;
    free(r->inputs);
    free(r);
    return sum;
}
