/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file cli.h
 * @brief What the parts of the command line tool know of each other.
 *
 * sdvault.c has the table of commands and main, args.c reads the command line,
 * help.c explains it, report.c speaks to people and machines; slot.c opens a
 * card; each command is a file cmd_*.c.
 */
#ifndef SDV_CLI_H
#define SDV_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <sdvault/error.h>

#include "json.h"

/** Exit status; docs/man/sdvault.1. */
enum { CLI_DONE = 0, CLI_REFUSED = 1, CLI_USAGE = 2, CLI_HOST = 3 };

/** Options; the first ones go with every command. */
enum cli_option {
    OPT_KERNEL,
    OPT_SEED,
    OPT_LATENCY,
    OPT_TRACE,
    OPT_LOG,
    OPT_CYCLES,
    OPT_JSON,
    OPT_HELP,
    OPT_APPARATUS,
    OPT_COMMON, /* how many those are */
    OPT_CAPACITY = OPT_COMMON,
    OPT_TYPE,
    OPT_WEAR,
    OPT_LBA,
    OPT_BLOCKS,
    OPT_OUTPUT,
    OPT_INPUT,
    OPT_ID,
    OPT_LABEL,
    OPT_REGION,
    OPT_AT,
    OPT_COUNT,
    OPT_FILE,
    OPT_FROM_CARD,
    OPT_TO_CARD,
    OPT_ALL,
    OPT_BIND,
    OPT_DOOR,
    OPT_APPARATUS2,
    OPT_PAIR,
    OPT_INSECURE,
    OPT_PASSPHRASE_FILE,
    OPT_MEDIUM,
    OPT_TITLE,
    OPT_USES,
    OPT_EXPORTS,
    OPT_NOT_BEFORE,
    OPT_NOT_AFTER,
    OPT_CONTENT_ID,
    OPT_CONTENT_KEY,
    OPT_KEY_FILE,
    OPT_KEY_OUT,
    OPT_LICENSE,
    OPT_GENERATION,
    OPT_NO_EXPORT,
    OPT_RIGHTS,
    OPT_SUITE,
    OPT_BLOB,
    OPT_TO_MEDIUM,
    OPT_SPENT,
    OPT_ACCEPT_BACKUP_COUNT,
    OPT_END
};
#define OPT_BIT(option) (UINT64_C(1) << (option))
_Static_assert(OPT_END <= 64, "each has a bit");

struct cli;

/** How an option is written and explained. */
struct cli_option_info {
    const char *name;  /* with its hyphens */
    const char *value; /* what stands behind it; NULL: nothing */
    const char *help;
};
extern const struct cli_option_info cli_options[OPT_END];

#define CLI_MAX_OPERANDS 3

/** One command: `sdvault GROUP NAME`.  Operands in [] may be left out. */
struct cli_command {
    const char *group;
    const char *name;
    const char *operands[CLI_MAX_OPERANDS];
    uint64_t options;  /* OPT_BIT of each beyond the common ones */
    uint64_t required; /* those of them that must be there */
    const char *summary;
    int (*run)(struct cli *cli);
};

/** NULL-terminated by a command without a name. */
extern const struct cli_command cli_commands[];

/** A command line that has been read. */
struct cli {
    const struct cli_command *command; /* NULL: only --help */
    const char *group;                 /* as typed; may be NULL */
    const char *operands[CLI_MAX_OPERANDS];
    const char *values[OPT_END]; /* "" for options without a value; or NULL */
    bool data_on_stdout;         /* so words and figures go to standard error */
    struct json json;            /* --json: one object a run */
};

/* ---- the command line ---- */

/** Read argv.  @return CLI_DONE or CLI_USAGE, after a line on stderr */
int cli_read_args(struct cli *cli, int argc, char **argv);

/** The value of an option, or NULL. */
static inline const char *cli_value(const struct cli *cli,
                                    enum cli_option option)
{
    return cli->values[option];
}

/**
 * The number behind an option, at most `max`; *value stays when it is absent.
 * @return CLI_DONE or CLI_USAGE, after a line on stderr
 */
int cli_number(const struct cli *cli, enum cli_option option, uint64_t max,
               uint64_t *value);

/** The same for an operand that is there. */
int cli_operand_number(const struct cli *cli, int operand, uint64_t *value);

/** The same for a size in bytes, with K, M or G. */
int cli_size(const struct cli *cli, enum cli_option option, uint64_t *value);

/**
 * Which of the words in a NULL-terminated list an option has; *index stays
 * when it is absent.
 * @return CLI_DONE or CLI_USAGE, after a line on stderr
 */
int cli_word(const struct cli *cli, enum cli_option option,
             const char *const *words, int *index);

/** Explain the tool, a group or a command. */
void cli_help(const struct cli *cli, FILE *to);

/* ---- numbers as text (number.c) ---- */

/** A decimal or 0x number and nothing else. */
bool number_parse(const char *text, uint64_t *value);

/** The same in bytes, with K, M or G for powers of 1,024. */
bool number_parse_size(const char *text, uint64_t *value);

/* ---- reports ---- */

/** Where words for people go. */
FILE *cli_out(const struct cli *cli);

/** Tell a person, unless --json. */
void cli_say(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** A line for a person, and a member of the object of --json. */
void cli_show(struct cli *cli, const char *label, const char *name,
              const char *value);

/** A wrong command line.  @return CLI_USAGE */
int cli_usage(const struct cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/**
 * One line about a failure.
 *
 * @param object  the file or thing that it happened to
 * @param detail  what is known beyond the text of `err`; NULL or "": errno, if
 *                `err` is SDV_ERR_IO
 * @return the exit status that stands for `err`
 */
int cli_fail(const struct cli *cli, const char *object, sdv_err err,
             const char *detail);

/** 64 random bits: those of --seed, or fresh ones.  @return exit status */
int cli_seed(const struct cli *cli, uint64_t *seed);

/* ---- commands ---- */

int cmd_card_create(struct cli *cli);
int cmd_card_info(struct cli *cli);
int cmd_card_read(struct cli *cli);
int cmd_card_write(struct cli *cli);
int cmd_card_erase(struct cli *cli);
int cmd_apparatus_create(struct cli *cli);
int cmd_apparatus_info(struct cli *cli);
int cmd_sim_save(struct cli *cli);
int cmd_sim_restore(struct cli *cli);
int cmd_sim_damage(struct cli *cli);
int cmd_sim_tear(struct cli *cli);
int cmd_sim_swap(struct cli *cli);
int cmd_sim_wear(struct cli *cli);
int cmd_license_list(struct cli *cli);
int cmd_license_import(struct cli *cli);
int cmd_license_export(struct cli *cli);
int cmd_authority_init(struct cli *cli);
int cmd_authority_personalize(struct cli *cli);
int cmd_authority_issue(struct cli *cli);
int cmd_authority_recover(struct cli *cli);
int cmd_content_store(struct cli *cli);
int cmd_content_play(struct cli *cli);

#endif /* SDV_CLI_H */
