/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault apparatus info */
#include <errno.h>

#include <sdvault/apparatus.h>

#include "cli.h"
#include "output.h"

static sdv_err load(const char *path, sdv_apparatus *apparatus)
{
    char text[SDV_APPARATUS_TEXT_MAX + 1];
    size_t size;

    errno = 0;
    if (!is_dash(path)) {
        return sdv_apparatus_load(path, apparatus);
    }
    size = fread(text, 1, sizeof(text), stdin);
    return ferror(stdin) ? SDV_ERR_IO
                         : sdv_apparatus_parse(text, size, apparatus);
}

int cmd_apparatus_info(struct cli *cli)
{
    char text[SDV_ID_TEXT_SIZE];
    sdv_apparatus apparatus;
    sdv_err err = load(cli->operands[0], &apparatus);

    if (err == SDV_OK) {
        err = sdv_id_format(apparatus.id, text);
    }
    if (err != SDV_OK) {
        return cli_fail(cli, cli->operands[0], err, NULL);
    }
    cli_say(cli, "apparatus id: %s\nlabel: %s\n", text, apparatus.label);
    json_text(&cli->json, "apparatus_id", text);
    json_text(&cli->json, "label", apparatus.label);
    return CLI_DONE;
}
