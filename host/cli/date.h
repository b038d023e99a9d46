/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file date.h
 * @brief Dates on the command line.
 */
#ifndef SDV_CLI_DATE_H
#define SDV_CLI_DATE_H

#include "cli.h"

/**
 * Read an option that is a date: Unix seconds, YYYY-MM-DD, or
 * YYYY-MM-DDTHH:MM:SSZ; *seconds stays when it is absent.
 * @return CLI_DONE or CLI_USAGE, after a line on stderr
 */
int date_option(const struct cli *cli, enum cli_option option,
                uint64_t *seconds);

#endif /* SDV_CLI_DATE_H */
