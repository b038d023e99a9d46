/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault apparatus create */
#include <errno.h>
#include <string.h>

#include <sdvault/apparatus.h>

#include "cli.h"
#include "output.h"

#define DEFAULT_LABEL "apparatus"

/* A bijection that spreads the bits of small seeds (SplitMix64). */
static uint64_t mix(uint64_t seed)
{
    seed += UINT64_C(0x9E3779B97F4A7C15);
    seed = (seed ^ seed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    seed = (seed ^ seed >> 27) * UINT64_C(0x94D049BB133111EB);
    return seed ^ seed >> 31;
}

static int choose_id(const struct cli *cli, uint64_t *id)
{
    const char *typed = cli_value(cli, OPT_ID);
    uint64_t seed;
    int status;

    if (typed != NULL) {
        const sdv_err err = sdv_id_parse(typed, id);

        return err == SDV_OK ? CLI_DONE : cli_fail(cli, typed, err, NULL);
    }
    status = cli_seed(cli, &seed);
    do {
        *id = mix(seed++);
    } while (!sdv_id_valid(*id));
    return status;
}

static int choose_label(const struct cli *cli, char label[SDV_LABEL_MAX + 1])
{
    const char *typed = cli_value(cli, OPT_LABEL);
    const char *text = typed != NULL ? typed : DEFAULT_LABEL;

    if (strlen(text) > SDV_LABEL_MAX) {
        return cli_usage(cli, "--label: at most %d bytes", SDV_LABEL_MAX);
    }
    memcpy(label, text, strlen(text) + 1);
    return CLI_DONE;
}

static sdv_err create(struct cli *cli, const sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX];
    sdv_err err;

    errno = 0;
    if (!cli->data_on_stdout) {
        return sdv_apparatus_create(cli->operands[0], apparatus);
    }
    err = sdv_apparatus_format(apparatus, text);
    return err == SDV_OK && fputs(text, stdout) < 0 ? SDV_ERR_IO : err;
}

int cmd_apparatus_create(struct cli *cli)
{
    sdv_apparatus apparatus = {0};
    char text[SDV_ID_TEXT_SIZE];
    int status = choose_label(cli, apparatus.label);
    sdv_err err;

    cli->data_on_stdout = is_dash(cli->operands[0]);
    if (status == CLI_DONE) {
        status = choose_id(cli, &apparatus.id);
    }
    if (status != CLI_DONE) {
        return status;
    }
    err = create(cli, &apparatus);
    if (err == SDV_ERR_ARG) {
        return cli_usage(cli, "--label: empty or with control characters");
    }
    if (err == SDV_OK) {
        err = sdv_id_format(apparatus.id, text);
    }
    if (err != SDV_OK) {
        return cli_fail(cli, cli->operands[0], err, NULL);
    }
    cli_say(cli, "%s: apparatus id: %s\n", cli->operands[0], text);
    json_text(&cli->json, "file", cli->operands[0]);
    json_text(&cli->json, "apparatus_id", text);
    return CLI_DONE;
}
