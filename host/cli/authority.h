/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file authority.h
 * @brief What the commands of the authority have in common.
 */
#ifndef SDV_CLI_AUTHORITY_H
#define SDV_CLI_AUTHORITY_H

#include <sdvault/authority.h>

#include "cli.h"

/**
 * Open the authority in the first operand, with its passphrase.
 * @return CLI_DONE, or another status after a line on stderr
 */
int authority_open(const struct cli *cli, sdv_authority **authority);

/** One line about a failure.  @return exit status */
int authority_fail(const struct cli *cli, const sdv_authority *authority,
                   const char *object, sdv_err err);

/**
 * Read an option that is a medium or apparatus id; *id stays when it is absent.
 * @return CLI_DONE, or another status after a line on stderr
 */
int authority_id(const struct cli *cli, enum cli_option option, uint64_t *id);

/**
 * Write a license to -o, and its content key to --key-out, note that it was
 * delivered, and show its ids.
 * @return CLI_DONE, or another status after a line on stderr
 */
int authority_deliver(struct cli *cli, sdv_authority *authority,
                      const sdv_issued *issued);

#endif /* SDV_CLI_AUTHORITY_H */
