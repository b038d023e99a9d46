/* SPDX-License-Identifier: Apache-2.0 */
/* What people and scripts get to read. */
#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <sys/random.h>

#include "cli.h"

FILE *cli_out(const struct cli *cli)
{
    return cli->data_on_stdout ? stderr : stdout;
}

void cli_say(const struct cli *cli, const char *format, ...)
{
    va_list args;

    if (cli_value(cli, OPT_JSON) != NULL) {
        return;
    }
    va_start(args, format);
    (void)vfprintf(cli_out(cli), format, args);
    va_end(args);
}

void cli_show(struct cli *cli, const char *label, const char *name,
              const char *value)
{
    cli_say(cli, "%-14s %s\n", label, value);
    json_text(&cli->json, name, value);
}

static void print_command(const struct cli *cli)
{
    fputs("sdvault", stderr);
    if (cli->command != NULL) {
        fprintf(stderr, " %s %s", cli->command->group, cli->command->name);
    }
}

int cli_usage(const struct cli *cli, const char *format, ...)
{
    va_list args;

    print_command(cli);
    fputs(": ", stderr);
    va_start(args, format);
    (void)vfprintf(stderr, format, args);
    va_end(args);
    fputs(" (try ", stderr);
    print_command(cli);
    fputs(" --help)\n", stderr);
    return CLI_USAGE;
}

/* Which exit status a result stands for. */
static int status_of(sdv_err err)
{
    /* the card, or a check of the host that is no fault of a file */
    if (err > 0 || err == SDV_ERR_RANGE ||
        (err <= SDV_ERR_SEALED_MAGIC && err >= SDV_ERR_SPENT_RANGE)) {
        return CLI_REFUSED;
    }
    return err == SDV_ERR_ARG || err == SDV_ERR_ID ? CLI_USAGE : CLI_HOST;
}

int cli_fail(const struct cli *cli, const char *object, sdv_err err,
             const char *detail)
{
    if ((detail == NULL || *detail == '\0') && err == SDV_ERR_IO &&
        errno != 0) {
        detail = strerror(errno);
    }
    print_command(cli);
    fprintf(stderr, ": %s: %s [%s]", object, sdv_err_text(err),
            sdv_err_name(err));
    if (detail != NULL && *detail != '\0') {
        fprintf(stderr, ": %s", detail);
    }
    fputc('\n', stderr);
    return status_of(err);
}

int cli_seed(const struct cli *cli, uint64_t *seed)
{
    if (cli_value(cli, OPT_SEED) != NULL) {
        return cli_number(cli, OPT_SEED, UINT64_MAX, seed);
    }
    if (getrandom(seed, sizeof(*seed), 0) != (ssize_t)sizeof(*seed)) {
        return cli_fail(cli, "getrandom", SDV_ERR_IO, NULL);
    }
    return CLI_DONE;
}
