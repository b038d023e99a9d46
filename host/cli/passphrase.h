/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file passphrase.h
 * @brief The passphrase of an authority.
 */
#ifndef SDV_CLI_PASSPHRASE_H
#define SDV_CLI_PASSPHRASE_H

#include "cli.h"

#define PASSPHRASE_SIZE 1024

/**
 * Take it from --passphrase-file, from the environment (SDVAULT_PASSPHRASE), or
 * from the person at the terminal, in this order.
 *
 * @param twice  a new one: a person types it twice
 * @param[out] passphrase  a string; to be wiped with passphrase_wipe()
 *
 * @return CLI_DONE, or another status after a line on stderr
 */
int passphrase_get(const struct cli *cli, bool twice,
                   char passphrase[PASSPHRASE_SIZE]);

void passphrase_wipe(char passphrase[PASSPHRASE_SIZE]);

#endif /* SDV_CLI_PASSPHRASE_H */
