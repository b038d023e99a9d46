/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cli.h"

static void print_option(FILE *to, const struct cli_option_info *option)
{
    char left[40];

    (void)snprintf(left, sizeof(left), "%s%s%s", option->name,
                   option->value != NULL ? " " : "",
                   option->value != NULL ? option->value : "");
    fprintf(to, "  %-24s %s\n", left, option->help);
}

static void print_common(FILE *to)
{
    fputs("\nEverywhere:\n", to);
    for (int i = 0; i < OPT_COMMON; i++) {
        print_option(to, &cli_options[i]);
    }
}

/* `sdvault card read IMAGE --lba N --blocks M [--output FILE]` */
static void print_synopsis(FILE *to, const struct cli_command *command)
{
    fprintf(to, "sdvault %s %s", command->group, command->name);
    for (int i = 0; i < CLI_MAX_OPERANDS; i++) {
        if (command->operands[i] != NULL) {
            fprintf(to, " %s", command->operands[i]);
        }
    }
    for (int i = OPT_COMMON; i < OPT_END; i++) {
        const bool required = command->required & OPT_BIT(i);

        if (command->options & OPT_BIT(i)) {
            fprintf(to, " %s%s%s%s%s", required ? "" : "[", cli_options[i].name,
                    cli_options[i].value != NULL ? " " : "",
                    cli_options[i].value != NULL ? cli_options[i].value : "",
                    required ? "" : "]");
        }
    }
    fputc('\n', to);
}

static void help_command(const struct cli_command *command, FILE *to)
{
    fputs("Usage: ", to);
    print_synopsis(to, command);
    fprintf(to, "\n%s.\n", command->summary);
    if (command->options != 0) {
        fputs("\nOptions:\n", to);
    }
    for (int i = OPT_COMMON; i < OPT_END; i++) {
        if (command->options & OPT_BIT(i)) {
            print_option(to, &cli_options[i]);
        }
    }
    print_common(to);
}

/* All commands, or those of one group. */
static void help_list(const char *group, FILE *to)
{
    fputs("Usage: sdvault COMMAND ...\n\n"
          "Secure cards and the devices that drive them, simulated.\n\n",
          to);
    for (const struct cli_command *c = cli_commands; c->name != NULL; c++) {
        if (group == NULL || strcmp(c->group, group) == 0) {
            char name[40];

            (void)snprintf(name, sizeof(name), "%s %s", c->group, c->name);
            fprintf(to, "  %-24s %s\n", name, c->summary);
        }
    }
    print_common(to);
    fputs("\n- as a FILE is standard input or output.\n"
          "sdvault COMMAND --help explains a command, `man sdvault` all.\n",
          to);
}

void cli_help(const struct cli *cli, FILE *to)
{
    if (cli->command != NULL) {
        help_command(cli->command, to);
    } else {
        help_list(cli->group, to);
    }
}
