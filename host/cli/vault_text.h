/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file vault_text.h
 * @brief What people read and type of licenses.
 */
#ifndef SDV_CLI_VAULT_TEXT_H
#define SDV_CLI_VAULT_TEXT_H

#include <sdvault/license.h>

#include "cli.h"

/** 32 hex digits and a zero. */
#define LICENSE_ID_TEXT (2 * SDV_LICENSE_ID_BYTES + 1)

void license_id_format(const uint8_t id[SDV_LICENSE_ID_BYTES],
                       char text[LICENSE_ID_TEXT]);

/** 32 hex digits in either case, after 0x or not. */
bool license_id_parse(const char *text, uint8_t id[SDV_LICENSE_ID_BYTES]);

/** "active", "live" and so on; "unknown" for other values. */
const char *lifecycle_text(uint8_t lifecycle);
const char *license_state_text(uint8_t state);

#endif /* SDV_CLI_VAULT_TEXT_H */
