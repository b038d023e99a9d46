/* SPDX-License-Identifier: Apache-2.0 */
/* The command line: options may stand anywhere, `--` ends them. */
#include <inttypes.h>
#include <string.h>

#include "cli.h"

const struct cli_option_info cli_options[OPT_END] = {
    [OPT_KERNEL] = {"--kernel", "direct|model",
                    "what computes the card: the RTL (default) or the model"},
    [OPT_SEED] = {"--seed", "N", "random numbers that repeat"},
    [OPT_LATENCY] = {"--latency", "0|real",
                     "time that the storage takes (default 0)"},
    [OPT_TRACE] = {"--trace", "FILE", "write a waveform (FST)"},
    [OPT_LOG] = {"--log", "FILE", "write what passed on the bus, in words"},
    [OPT_CYCLES] = {"--cycles", NULL, "show the clocks that it took"},
    [OPT_JSON] = {"--json", NULL, "print one JSON object instead of words"},
    [OPT_HELP] = {"--help", NULL, "explain the command"},
    [OPT_APPARATUS] = {"--apparatus", "FILE",
                       "apparatus that the card is put into"},
    [OPT_CAPACITY] = {"--capacity", "SIZE",
                      "bytes, with K, M or G (default 64M)"},
    [OPT_TYPE] = {"--type", "sdsc|sdhc", "capacity type (default sdhc)"},
    [OPT_WEAR] = {"--wear", NULL, "show how often the storage was programmed"},
    [OPT_LBA] = {"--lba", "N", "first block; a block has 512 bytes"},
    [OPT_BLOCKS] = {"--blocks", "M", "number of blocks"},
    [OPT_OUTPUT] = {"-o", "FILE",
                    "where the data goes (default standard output)"},
    [OPT_INPUT] = {"-i", "FILE",
                   "where the data comes from (default standard input)"},
    [OPT_ID] = {"--id", "ID", "as it is shown, or 0x and 16 hex digits"},
    [OPT_LABEL] = {"--label", "TEXT", "name for people"},
    [OPT_REGION] = {"--region", "R", "user, secure, eeprom or otp"},
    [OPT_AT] = {"--at", "N", "first sector (flash) or word (eeprom, otp)"},
    [OPT_COUNT] = {"--count", "M", "number of them (default 1)"},
    [OPT_FILE] = {"--file", "FILE", "file with sealed licenses"},
    [OPT_FROM_CARD] = {"--from-card", "IMAGE2", "the blocks are on that card"},
    [OPT_TO_CARD] = {"--to-card", "IMAGE2", "the blocks go to that card"},
    [OPT_ALL] = {"--all", NULL, "every live license of the card"},
    [OPT_BIND] = {"--bind", "self|second|ID",
                  "apparatus that may bring it back"},
    [OPT_DOOR] = {"--door", "assd|cmd56",
                  "how secure commands go (default: what works)"},
    [OPT_APPARATUS2] = {"--apparatus2", "FILE",
                        "apparatus that the second card is put into"},
    [OPT_PAIR] = {"--pair", "FILE", "keys of one card and one apparatus"},
    [OPT_INSECURE] = {"--insecure", NULL,
                      "leave the master key without a passphrase"},
    [OPT_PASSPHRASE_FILE] = {"--passphrase-file", "F",
                             "first line: the passphrase of the authority"},
    [OPT_MEDIUM] = {"--medium", "ID", "medium id, as it is shown on the card"},
    [OPT_TITLE] = {"--title", "T", "name of the license, 1 to 64 bytes"},
    [OPT_USES] = {"--uses", "N", "uses granted (default: unlimited)"},
    [OPT_EXPORTS] = {"--exports", "N", "exports granted (default: unlimited)"},
    [OPT_NOT_BEFORE] = {"--not-before", "D",
                        "Unix seconds or YYYY-MM-DD[THH:MM:SSZ]"},
    [OPT_NOT_AFTER] = {"--not-after", "D", "the same"},
    [OPT_CONTENT_ID] = {"--content-id", "HEX",
                        "32 digits (default: belongs to the key)"},
    [OPT_CONTENT_KEY] = {"--content-key", "HEX",
                         "64 digits; others may see the command line"},
    [OPT_KEY_FILE] = {"--key-file", "F", "content key file"},
    [OPT_KEY_OUT] = {"--key-out", "F", "write the content key, mode 0600"},
    [OPT_LICENSE] = {"--license", "ID", "license id, 32 hex digits"},
    [OPT_GENERATION] = {"--generation", "N",
                        "a higher one replaces the rights (default 0)"},
    [OPT_NO_EXPORT] = {"--no-export", "medium|apparatus|all",
                       "how it may not be taken out"},
    [OPT_RIGHTS] = {"--rights", "F", "rights object, at most 258 bytes"},
    [OPT_SUITE] = {"--suite", "128|256", "bits of the keys (default 256)"},
    [OPT_BLOB] = {"--blob", "F", "a backup of the dead card's license"},
    [OPT_TO_MEDIUM] = {"--to-medium", "ID", "the card that takes its place"},
    [OPT_SPENT] = {"--spent", "N", "uses that are known to be spent"},
    [OPT_ACCEPT_BACKUP_COUNT] = {"--accept-backup-count", NULL,
                                 "the backup's count will do"},
};

/* What is left of argv. */
struct rest {
    int argc;
    char **argv;
    bool plain; /* after `--` */
};

static const char *next(struct rest *rest)
{
    if (rest->argc == 0) {
        return NULL;
    }
    rest->argc--;
    return *rest->argv++;
}

/* Other ways to write an option. */
static const char *const aliases[][2] = {
    {"--output", "-o"},
    {"--input", "-i"},
    {"-h", "--help"},
};

static bool same(const char *name, const char *word, size_t length)
{
    return strlen(name) == length && strncmp(name, word, length) == 0;
}

/* `--name` or `--name=value`; the value, if any, in *value. */
static enum cli_option find_option(const char *word, const char **value)
{
    size_t length = strcspn(word, "=");

    *value = word[length] == '=' ? word + length + 1 : NULL;
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (same(aliases[i][0], word, length)) {
            word = aliases[i][1];
            length = strlen(word);
        }
    }
    for (int i = 0; i < OPT_END; i++) {
        if (same(cli_options[i].name, word, length)) {
            return (enum cli_option)i;
        }
    }
    return OPT_END;
}

static int take_option(struct cli *cli, const char *word, struct rest *rest)
{
    const char *value;
    const enum cli_option option = find_option(word, &value);

    if (option == OPT_END) {
        return cli_usage(cli, "no such option: %s", word);
    }
    if (cli->values[option] != NULL) {
        return cli_usage(cli, "%s is given twice", cli_options[option].name);
    }
    if (cli_options[option].value == NULL) {
        cli->values[option] = "";
        return value == NULL ? CLI_DONE
                             : cli_usage(cli, "%s takes no value",
                                         cli_options[option].name);
    }
    cli->values[option] = value != NULL ? value : next(rest);
    return cli->values[option] != NULL
               ? CLI_DONE
               : cli_usage(cli, "%s needs a value: %s",
                           cli_options[option].name, cli_options[option].value);
}

static const struct cli_command *find_command(const char *group,
                                              const char *name)
{
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        if (strcmp(c->group, group) == 0 && strcmp(c->name, name) == 0) {
            return c;
        }
    }
    return NULL;
}

static bool is_group(const char *group)
{
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        if (strcmp(c->group, group) == 0) {
            return true;
        }
    }
    return false;
}

/* The words that are no options: group, command, operands. */
static int take_word(struct cli *cli, const char *word)
{
    if (cli->group == NULL) {
        cli->group = word;
        return is_group(word) ? CLI_DONE
                              : cli_usage(cli, "no such command: %s", word);
    }
    if (cli->command == NULL) {
        cli->command = find_command(cli->group, word);
        return cli->command != NULL
                   ? CLI_DONE
                   : cli_usage(cli, "no such command: %s %s", cli->group, word);
    }
    for (int i = 0; i < CLI_MAX_OPERANDS; i++) {
        if (cli->command->operands[i] != NULL && cli->operands[i] == NULL) {
            cli->operands[i] = word;
            return CLI_DONE;
        }
    }
    return cli_usage(cli, "one word too many: %s", word);
}

static bool may_be_left_out(const char *operand)
{
    return operand == NULL || operand[0] == '[';
}

static int check_options(const struct cli *cli)
{
    const struct cli_command *command = cli->command;

    for (int i = OPT_COMMON; i < OPT_END; i++) {
        const uint64_t bit = OPT_BIT(i);

        if (cli->values[i] != NULL && !(command->options & bit)) {
            return cli_usage(cli, "%s does not belong here",
                             cli_options[i].name);
        }
        if (cli->values[i] == NULL && (command->required & bit)) {
            return cli_usage(cli, "%s %s is missing", cli_options[i].name,
                             cli_options[i].value);
        }
    }
    return CLI_DONE;
}

/* A card is a file that is mapped. */
static bool is_stream(const struct cli *cli, int i)
{
    const char *word = cli->operands[i];

    return word != NULL && strcmp(cli->command->operands[i], "IMAGE") == 0 &&
           strcmp(word, "-") == 0;
}

/* Everything that the command needs is there, and nothing else. */
static int check(const struct cli *cli)
{
    if (cli->values[OPT_HELP] != NULL) {
        return CLI_DONE;
    }
    if (cli->command == NULL) {
        return cli_usage(cli, "which command?");
    }
    for (int i = 0; i < CLI_MAX_OPERANDS; i++) {
        if (!may_be_left_out(cli->command->operands[i]) &&
            cli->operands[i] == NULL) {
            return cli_usage(cli, "%s is missing", cli->command->operands[i]);
        }
        if (is_stream(cli, i)) {
            return cli_usage(cli, "a card cannot be standard input or output");
        }
    }
    return check_options(cli);
}

int cli_read_args(struct cli *cli, int argc, char **argv)
{
    struct rest rest = {argc - 1, argv + 1, false};
    const char *word;
    int status = CLI_DONE;

    while (status == CLI_DONE && (word = next(&rest)) != NULL) {
        if (!rest.plain && strcmp(word, "--") == 0) {
            rest.plain = true;
        } else if (!rest.plain && word[0] == '-' && word[1] != '\0') {
            status = take_option(cli, word, &rest);
        } else {
            status = take_word(cli, word);
        }
    }
    return status == CLI_DONE ? check(cli) : status;
}

int cli_number(const struct cli *cli, enum cli_option option, uint64_t max,
               uint64_t *value)
{
    const char *text = cli_value(cli, option);
    uint64_t number;

    if (text == NULL) {
        return CLI_DONE;
    }
    if (!number_parse(text, &number)) {
        return cli_usage(cli, "%s: not a number: %s", cli_options[option].name,
                         text);
    }
    if (number > max) {
        return cli_usage(cli, "%s: %s is above %" PRIu64,
                         cli_options[option].name, text, max);
    }
    *value = number;
    return CLI_DONE;
}

int cli_operand_number(const struct cli *cli, int operand, uint64_t *value)
{
    const char *text = cli->operands[operand];

    return number_parse(text, value)
               ? CLI_DONE
               : cli_usage(cli, "%s: not a number: %s",
                           cli->command->operands[operand], text);
}

int cli_size(const struct cli *cli, enum cli_option option, uint64_t *value)
{
    const char *text = cli_value(cli, option);
    uint64_t number;

    if (text == NULL) {
        return CLI_DONE;
    }
    if (!number_parse_size(text, &number)) {
        return cli_usage(cli, "%s: not a size in bytes, K, M or G: %s",
                         cli_options[option].name, text);
    }
    *value = number;
    return CLI_DONE;
}

int cli_word(const struct cli *cli, enum cli_option option,
             const char *const *words, int *index)
{
    const char *text = cli_value(cli, option);

    if (text == NULL) {
        return CLI_DONE;
    }
    for (int i = 0; words[i] != NULL; i++) {
        if (strcmp(words[i], text) == 0) {
            *index = i;
            return CLI_DONE;
        }
    }
    return cli_usage(cli, "%s: no such choice: %s", cli_options[option].name,
                     text);
}
