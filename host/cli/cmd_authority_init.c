/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault authority init */
#include <errno.h>

#include <sdvault/authority.h>

#include "cli.h"
#include "passphrase.h"

int cmd_authority_init(struct cli *cli)
{
    const bool insecure = cli_value(cli, OPT_INSECURE) != NULL;
    char passphrase[PASSPHRASE_SIZE] = "";
    int status = CLI_DONE;
    sdv_err err = SDV_OK;

    if (insecure && cli_value(cli, OPT_PASSPHRASE_FILE) != NULL) {
        return cli_usage(cli, "--insecure or --passphrase-file, not both");
    }
    if (!insecure) {
        status = passphrase_get(cli, true, passphrase);
    }
    if (status == CLI_DONE) {
        errno = 0;
        err =
            sdv_authority_init(cli->operands[0], insecure ? NULL : passphrase);
    }
    passphrase_wipe(passphrase);
    if (status != CLI_DONE || err != SDV_OK) {
        return status != CLI_DONE ? status
                                  : cli_fail(cli, cli->operands[0], err, NULL);
    }
    cli_say(cli, "%s: new authority; its master key is %s\n", cli->operands[0],
            insecure ? "NOT under a passphrase" : "under the passphrase");
    json_text(&cli->json, "folder", cli->operands[0]);
    json_bool(&cli->json, "protected", !insecure);
    return CLI_DONE;
}
