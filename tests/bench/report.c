/* SPDX-License-Identifier: Apache-2.0 */
/* What the figures say: medians, limits, a table and JSON. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "bench.h"

#define MAX_VALUES BENCH_STARTS
#define FAST 0

/* A figure that was taken several times. */
typedef struct spread {
    double median, min, max;
} spread;

/* A limit and what it is held against. */
typedef struct limit {
    const char *name;
    const char *unit;
    double figure;
    double limit;
    bool at_least; /* or at most */
    bool clocks;   /* the same on every machine */
} limit;

enum { LIMITS = 7 };

/* ---- figures ---- */

static int by_size(const void *a, const void *b)
{
    const double x = *(const double *)a;
    const double y = *(const double *)b;

    return (x > y) - (x < y);
}

static spread spread_of(const double *values, size_t count)
{
    double sorted[MAX_VALUES];

    memcpy(sorted, values, count * sizeof(*values));
    qsort(sorted, count, sizeof(*sorted), by_size);
    return (spread){sorted[count / 2], sorted[0], sorted[count - 1]};
}

/* amount / seconds of every repeat. */
static spread rate(const double *seconds, double amount)
{
    double values[BENCH_REPEATS];

    for (unsigned i = 0; i < BENCH_REPEATS; i++) {
        values[i] = amount / seconds[i];
    }
    return spread_of(values, BENCH_REPEATS);
}

static spread mclocks(const bench_timing *timing, bool cpu)
{
    return rate(cpu ? timing->cpu_s : timing->wall_s,
                (double)timing->clocks.base / 1e6);
}

static spread megabytes(const bench_timing *timing, bool cpu)
{
    return rate(cpu ? timing->cpu_s : timing->wall_s,
                (double)timing->sectors * SDV_TIMING_BLOCK_LEN / 1e6);
}

static spread ns_per_clock(const bench_timing *timing, bool cpu)
{
    const double *const seconds = cpu ? timing->cpu_s : timing->wall_s;
    double values[BENCH_REPEATS];

    for (unsigned i = 0; i < BENCH_REPEATS; i++) {
        values[i] = seconds[i] * 1e9 / (double)timing->clocks.base;
    }
    return spread_of(values, BENCH_REPEATS);
}

static double share(const sdv_clocks *clocks)
{
    return (double)clocks->evals / (double)clocks->base;
}

static double clocks_per_sector(const bench_timing *timing)
{
    return (double)timing->clocks.sd / (double)timing->sectors;
}

/* Of writing and reading the slower one. */
static double slower(const bench_figures *figures, bool cpu,
                     spread (*rate_of)(const bench_timing *, bool))
{
    const bench_timing *const fast = figures->timing[FAST];
    const double write = rate_of(&fast[BENCH_WRITE], cpu).median;
    const double read = rate_of(&fast[BENCH_READ], cpu).median;

    return write < read ? write : read;
}

static void get_limits(const bench_figures *figures, limit limits[LIMITS])
{
    const bench_timing *const fast = figures->timing[FAST];
    const bench_timing *const read = &fast[BENCH_READ];
    const bench_timing *const write = &fast[BENCH_WRITE];
    const limit all[LIMITS] = {
        {"read", "clocks a sector", clocks_per_sector(read), 1100, false, true},
        {"write", "clocks a sector", clocks_per_sector(write), 1110, false,
         true},
        {"fast build, wall time", "M clocks/s", slower(figures, false, mclocks),
         12, true, false},
        {"fast build, wall time", "MB/s", slower(figures, false, megabytes), 5,
         true, false},
        {"fast build, processor time", "M clocks/s",
         slower(figures, true, mclocks), 12, true, false},
        {"fast build, processor time", "MB/s", slower(figures, true, megabytes),
         5, true, false},
        {"process start to identified card", "ms",
         spread_of(figures->start_ms, BENCH_STARTS).median, 50, false, false},
    };

    memcpy(limits, all, sizeof(all));
}

static bool met(const limit *l)
{
    return l->at_least ? l->figure >= l->limit : l->figure <= l->limit;
}

/* see bench.h */
bool bench_clocks_met(const bench_figures *figures)
{
    limit limits[LIMITS];
    bool all = true;

    get_limits(figures, limits);
    for (unsigned i = 0; i < LIMITS; i++) {
        all = all && (met(&limits[i]) || !limits[i].clocks);
    }
    return all;
}

/* ---- the table ---- */

static void show_spread(spread s, FILE *to)
{
    fprintf(to, "  %7.2f (%6.2f ..%7.2f)", s.median, s.min, s.max);
}

static void show_timing(const bench_timing *timing, bool cpu, FILE *to)
{
    show_spread(mclocks(timing, cpu), to);
    if (timing->sectors != 0) {
        show_spread(megabytes(timing, cpu), to);
    } else {
        fprintf(to, "  %7s %18s", "-", "");
    }
    fprintf(to, "  %8.1f  %6.1f %%\n", ns_per_clock(timing, cpu).median,
            100 * share(&timing->clocks));
}

static void show_speed(const bench_figures *figures, bool cpu, FILE *to)
{
    fprintf(to,
            "\nSpeed in %s seconds: median (lowest .. highest) of %d, NVM "
            "latency 0\n%-13s  %-26s  %-26s  %8s  %8s\n",
            cpu ? "processor" : "wall", BENCH_REPEATS, "", "M clocks/s", "MB/s",
            "ns/clock", "evaluated");
    for (unsigned b = 0; b < BENCH_BUILDS; b++) {
        for (unsigned p = 0; p < BENCH_PHASES; p++) {
            fprintf(to, "%-6s %-6s", bench_build_names[b],
                    bench_phase_names[p]);
            show_timing(&figures->timing[b][p], cpu, to);
        }
    }
}

/* see bench.h */
void bench_show(const bench_figures *figures, FILE *to)
{
    const spread start = spread_of(figures->start_ms, BENCH_STARTS);
    limit limits[LIMITS];

    show_speed(figures, false, to);
    show_speed(figures, true, to);
    bench_show_secure(figures, to);
    fprintf(to,
            "\nIdentification: %" PRIu64 " base clocks, %" PRIu64
            " of them evaluated (%.1f %%), %" PRIu64 " clocks of CLK\n"
            "Process start to identified card: %.1f ms (%.1f .. %.1f)\n"
            "\nLimits\n",
            figures->identified.base, figures->identified.evals,
            100 * share(&figures->identified), figures->identified.sd,
            start.median, start.min, start.max);
    get_limits(figures, limits);
    for (unsigned i = 0; i < LIMITS; i++) {
        const limit *const l = &limits[i];

        fprintf(to, "  %-33s %9.2f %-16s %s %5.0f: %s\n", l->name, l->figure,
                l->unit, l->at_least ? "at least" : "at most ", l->limit,
                met(l) ? "met" : "not met");
    }
}

/* ---- JSON ---- */

static void write_spread(const char *name, spread s, FILE *to)
{
    fprintf(to, "\"%s\": {\"median\": %.3f, \"min\": %.3f, \"max\": %.3f}",
            name, s.median, s.min, s.max);
}

static void write_clock(const bench_timing *timing, bool cpu, FILE *to)
{
    fprintf(to, "      \"%s\": {", cpu ? "per_cpu_second" : "per_wall_second");
    write_spread("mclocks", mclocks(timing, cpu), to);
    if (timing->sectors != 0) {
        fprintf(to, ", ");
        write_spread("mbytes", megabytes(timing, cpu), to);
    }
    fprintf(to, ", ");
    write_spread("ns_per_clock", ns_per_clock(timing, cpu), to);
    fprintf(to, "},\n");
}

static void write_timing(const bench_timing *timing, FILE *to)
{
    write_clock(timing, false, to);
    write_clock(timing, true, to);
    if (timing->sectors != 0) {
        fprintf(to, "      \"clocks_per_sector\": %.2f,\n",
                clocks_per_sector(timing));
    }
    fprintf(to, "      \"base_clocks\": %" PRIu64 ", \"evaluated\": %" PRIu64,
            timing->clocks.base, timing->clocks.evals);
}

static void write_builds(const bench_figures *figures, FILE *to)
{
    for (unsigned b = 0; b < BENCH_BUILDS; b++) {
        fprintf(to, "  \"%s\": {\n", bench_build_names[b]);
        for (unsigned p = 0; p < BENCH_PHASES; p++) {
            fprintf(to, "    \"%s\": {\n", bench_phase_names[p]);
            write_timing(&figures->timing[b][p], to);
            fprintf(to, "\n    }%s\n", p + 1 < BENCH_PHASES ? "," : "");
        }
        fprintf(to, "  },\n");
    }
}

static void write_limits(const bench_figures *figures, FILE *to)
{
    limit limits[LIMITS];

    get_limits(figures, limits);
    fprintf(to, "  \"limits\": [\n");
    for (unsigned i = 0; i < LIMITS; i++) {
        const limit *const l = &limits[i];

        fprintf(to,
                "    {\"name\": \"%s\", \"unit\": \"%s\", \"figure\": %.3f, "
                "\"%s\": %.0f, \"met\": %s}%s\n",
                l->name, l->unit, l->figure,
                l->at_least ? "at_least" : "at_most", l->limit,
                met(l) ? "true" : "false", i + 1 < LIMITS ? "," : "");
    }
    fprintf(to, "  ]\n");
}

/* see bench.h */
void bench_write_json(const bench_figures *figures, FILE *to)
{
    fprintf(to, "{\n  \"repeats\": %d,\n", BENCH_REPEATS);
    write_builds(figures, to);
    bench_write_secure(figures, to);
    fprintf(to,
            "  \"identification\": {\"base_clocks\": %" PRIu64
            ", \"evaluated\": %" PRIu64 ", \"skipped_share\": %.4f},\n  ",
            figures->identified.base, figures->identified.evals,
            1 - share(&figures->identified));
    write_spread("start_ms", spread_of(figures->start_ms, BENCH_STARTS), to);
    fprintf(to, ",\n");
    write_limits(figures, to);
    fprintf(to, "}\n");
}
