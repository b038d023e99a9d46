/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault: secure cards and the devices that drive them, from a shell. */
#include <errno.h>
#include <stdlib.h>

#include "cli.h"

const struct cli_command cli_commands[] = {
    {"card",
     "create",
     {"IMAGE"},
     OPT_BIT(OPT_CAPACITY) | OPT_BIT(OPT_TYPE),
     0,
     "Make a blank card: a new image file",
     cmd_card_create},
    {"card",
     "info",
     {"IMAGE"},
     OPT_BIT(OPT_WEAR) | OPT_BIT(OPT_DOOR),
     0,
     "Show ids, lifecycle, room and registers as the card reports them",
     cmd_card_info},
    {"card",
     "read",
     {"IMAGE"},
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_BLOCKS) | OPT_BIT(OPT_OUTPUT),
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_BLOCKS),
     "Read blocks of the user area",
     cmd_card_read},
    {"card",
     "write",
     {"IMAGE"},
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_INPUT),
     OPT_BIT(OPT_LBA),
     "Write blocks of the user area",
     cmd_card_write},
    {"card",
     "erase",
     {"IMAGE"},
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_BLOCKS),
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_BLOCKS),
     "Erase blocks of the user area: they read as zeros",
     cmd_card_erase},
    {"license",
     "list",
     {"IMAGE"},
     OPT_BIT(OPT_DOOR),
     0,
     "Show which licenses a card holds, one a line",
     cmd_license_list},
    {"license",
     "import",
     {"IMAGE"},
     OPT_BIT(OPT_FILE) | OPT_BIT(OPT_LBA) | OPT_BIT(OPT_BLOCKS) |
         OPT_BIT(OPT_FROM_CARD) | OPT_BIT(OPT_DOOR) | OPT_BIT(OPT_APPARATUS2) |
         OPT_BIT(OPT_PAIR),
     0,
     "Bring sealed licenses into a card, from a file or a user area",
     cmd_license_import},
    {"license",
     "export",
     {"IMAGE", "[LICENSE-ID]"},
     OPT_BIT(OPT_ALL) | OPT_BIT(OPT_FILE) | OPT_BIT(OPT_LBA) |
         OPT_BIT(OPT_TO_CARD) | OPT_BIT(OPT_BIND) | OPT_BIT(OPT_DOOR) |
         OPT_BIT(OPT_APPARATUS2) | OPT_BIT(OPT_PAIR),
     0,
     "Take licenses out of a card, sealed, to a file or a user area",
     cmd_license_export},
    {"apparatus",
     "create",
     {"FILE"},
     OPT_BIT(OPT_ID) | OPT_BIT(OPT_LABEL),
     0,
     "Make an apparatus: a device that drives cards, with an id",
     cmd_apparatus_create},
    {"apparatus",
     "info",
     {"FILE"},
     0,
     0,
     "Show the id and the label of an apparatus",
     cmd_apparatus_info},
    {"sim",
     "save",
     {"IMAGE", "FILE"},
     OPT_BIT(OPT_REGION),
     0,
     "Copy a region of the storage, or all of it, to a file",
     cmd_sim_save},
    {"sim",
     "restore",
     {"IMAGE", "FILE"},
     OPT_BIT(OPT_REGION),
     0,
     "Put back what save has copied",
     cmd_sim_restore},
    {"sim",
     "damage",
     {"IMAGE"},
     OPT_BIT(OPT_REGION) | OPT_BIT(OPT_AT) | OPT_BIT(OPT_COUNT),
     OPT_BIT(OPT_REGION) | OPT_BIT(OPT_AT),
     "Overwrite sectors or words of the storage with garbage",
     cmd_sim_damage},
    {"sim",
     "tear",
     {"IMAGE"},
     OPT_BIT(OPT_REGION) | OPT_BIT(OPT_AT) | OPT_BIT(OPT_COUNT),
     OPT_BIT(OPT_REGION) | OPT_BIT(OPT_AT),
     "Leave sectors or words as a power cut does that hits their programming",
     cmd_sim_tear},
    {"sim",
     "swap",
     {"IMAGE", "A", "B"},
     OPT_BIT(OPT_REGION),
     OPT_BIT(OPT_REGION),
     "Exchange two sectors or words of the storage",
     cmd_sim_swap},
    {"sim",
     "wear",
     {"IMAGE"},
     0,
     0,
     "Show how often the storage was programmed",
     cmd_sim_wear},
    {"authority",
     "init",
     {"DIR"},
     OPT_BIT(OPT_INSECURE) | OPT_BIT(OPT_PASSPHRASE_FILE),
     0,
     "Make a license authority: a folder with a master key and a ledger",
     cmd_authority_init},
    {"authority",
     "personalize",
     {"DIR", "IMAGE"},
     OPT_BIT(OPT_PASSPHRASE_FILE) | OPT_BIT(OPT_MEDIUM) | OPT_BIT(OPT_DOOR),
     0,
     "Make a blank card active, with a medium id and a root of its own",
     cmd_authority_personalize},
    {"authority",
     "issue",
     {"DIR"},
     OPT_BIT(OPT_PASSPHRASE_FILE) | OPT_BIT(OPT_MEDIUM) | OPT_BIT(OPT_TITLE) |
         OPT_BIT(OPT_USES) | OPT_BIT(OPT_EXPORTS) | OPT_BIT(OPT_NOT_BEFORE) |
         OPT_BIT(OPT_NOT_AFTER) | OPT_BIT(OPT_CONTENT_ID) |
         OPT_BIT(OPT_CONTENT_KEY) | OPT_BIT(OPT_KEY_FILE) |
         OPT_BIT(OPT_KEY_OUT) | OPT_BIT(OPT_LICENSE) | OPT_BIT(OPT_GENERATION) |
         OPT_BIT(OPT_NO_EXPORT) | OPT_BIT(OPT_RIGHTS) | OPT_BIT(OPT_SUITE) |
         OPT_BIT(OPT_OUTPUT),
     OPT_BIT(OPT_MEDIUM) | OPT_BIT(OPT_TITLE) | OPT_BIT(OPT_OUTPUT),
     "Issue a license to a medium; --apparatus ID: for that one only",
     cmd_authority_issue},
    {"authority",
     "recover",
     {"DIR"},
     OPT_BIT(OPT_PASSPHRASE_FILE) | OPT_BIT(OPT_MEDIUM) | OPT_BIT(OPT_BLOB) |
         OPT_BIT(OPT_TO_MEDIUM) | OPT_BIT(OPT_SPENT) |
         OPT_BIT(OPT_ACCEPT_BACKUP_COUNT) | OPT_BIT(OPT_OUTPUT),
     OPT_BIT(OPT_MEDIUM) | OPT_BIT(OPT_BLOB) | OPT_BIT(OPT_TO_MEDIUM) |
         OPT_BIT(OPT_OUTPUT),
     "Declare a medium dead and issue one of its licenses to another",
     cmd_authority_recover},
    {"content",
     "store",
     {"IMAGE"},
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_CONTENT_KEY) | OPT_BIT(OPT_KEY_FILE) |
         OPT_BIT(OPT_CONTENT_ID) | OPT_BIT(OPT_INPUT),
     OPT_BIT(OPT_LBA),
     "Encrypt content into the user area: a header block, then the data",
     cmd_content_store},
    {"content",
     "play",
     {"IMAGE", "[LICENSE-ID]"},
     OPT_BIT(OPT_LBA) | OPT_BIT(OPT_CONTENT_KEY) | OPT_BIT(OPT_KEY_FILE) |
         OPT_BIT(OPT_CONTENT_ID) | OPT_BIT(OPT_OUTPUT) | OPT_BIT(OPT_PAIR),
     OPT_BIT(OPT_LBA),
     "Decrypt content of the user area, once all of it is verified",
     cmd_content_play},
    {0},
};

/* The object of --json is printed whole, when the command has ended. */
static int run_with_json(struct cli *cli)
{
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size);
    int status;

    if (file == NULL) {
        return cli_fail(cli, "--json", SDV_ERR_NO_MEMORY, NULL);
    }
    json_begin(&cli->json, file);
    json_text(&cli->json, "group", cli->command->group);
    json_text(&cli->json, "command", cli->command->name);
    status = cli->command->run(cli);
    json_number(&cli->json, "exit", (uint64_t)status);
    json_end(&cli->json);
    if (fclose(file) != 0) {
        return cli_fail(cli, "--json", SDV_ERR_NO_MEMORY, NULL);
    }
    fputs(text, cli_out(cli));
    free(text);
    return status;
}

/* What was printed must have arrived; a full disk shows only here. */
static int flush(const struct cli *cli, int status)
{
    errno = 0;
    if (fflush(stdout) != 0 && status == CLI_DONE) {
        return cli_fail(cli, "standard output", SDV_ERR_IO, NULL);
    }
    return status;
}

int main(int argc, char **argv)
{
    struct cli cli = {0};
    int status = cli_read_args(&cli, argc, argv);

    if (status != CLI_DONE) {
        return status;
    }
    if (cli_value(&cli, OPT_HELP) != NULL) {
        cli_help(&cli, stdout);
        return flush(&cli, CLI_DONE);
    }
    status = cli_value(&cli, OPT_JSON) != NULL ? run_with_json(&cli)
                                               : cli.command->run(&cli);
    return flush(&cli, status);
}
