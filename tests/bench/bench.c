/* SPDX-License-Identifier: Apache-2.0 */
/*
 * make bench: clocks and speed, as a table and as JSON.
 *
 * usage: bench REPORT.json
 *
 * SDVAULT names the command line tool.  The exit status is 1 when a limit in
 * clocks is not kept; limits in seconds are only reported.
 */
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bench.h"

static bool write_report(const bench_figures *figures, const char *path)
{
    FILE *file = fopen(path, "w");
    bool good;

    if (file == NULL) {
        perror(path);
        return false;
    }
    bench_write_json(figures, file);
    good = !ferror(file);
    if (fclose(file) != 0 || !good) {
        perror(path);
        return false;
    }
    return true;
}

static bool measure(bench_figures *figures, const char *dir)
{
    char *const tool = getenv("SDVAULT");
    const char *what = "";
    sdv_err err = bench_measure(figures, dir, &what);

    if (err == SDV_OK) {
        err = bench_measure_secure(figures, dir, &what);
    }
    if (err != SDV_OK) {
        fprintf(stderr, "bench: %s: %s\n", what, sdv_err_text(err));
        return false;
    }
    if (tool == NULL || !bench_measure_start(figures, dir, tool)) {
        fprintf(stderr, "bench: cannot run %s: SDVAULT must name the tool\n",
                tool != NULL ? tool : "the tool");
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static bench_figures figures;
    const char *const tmp = getenv("TMPDIR");
    char dir[128];
    bool good;

    if (argc != 2) {
        fprintf(stderr, "usage: bench REPORT.json\n");
        return 2;
    }
    snprintf(dir, sizeof(dir), "%.100s/sdv-bench-XXXXXX",
             tmp != NULL ? tmp : "/tmp");
    if (mkdtemp(dir) == NULL) {
        perror(dir);
        return 1;
    }
    good = measure(&figures, dir);
    (void)rmdir(dir); /* its files are gone already */
    if (!good) {
        return 1;
    }
    bench_show(&figures, stdout);
    good = write_report(&figures, argv[1]);
    printf("\n%s\n", argv[1]);
    return good && bench_clocks_met(&figures) ? 0 : 1;
}
