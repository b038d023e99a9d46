/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file content_option.h
 * @brief --content-key, --key-file and --content-id.
 */
#ifndef SDV_CLI_CONTENT_OPTION_H
#define SDV_CLI_CONTENT_OPTION_H

#include <sdvault/content.h>

#include "cli.h"

/**
 * Read the content key.
 *
 * @param[out] given  is there one?
 * @return CLI_DONE, or another status after a line on stderr
 */
int content_key_option(const struct cli *cli, uint8_t key[SDV_KEY_BYTES],
                       bool *given);

/** The same for the content id. */
int content_id_option(const struct cli *cli, uint8_t id[SDV_CONTENT_ID_BYTES],
                      bool *given);

#endif /* SDV_CLI_CONTENT_OPTION_H */
