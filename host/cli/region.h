/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file region.h
 * @brief What the `sim` commands share: an image, opened without a slot.
 */
#ifndef SDV_CLI_REGION_H
#define SDV_CLI_REGION_H

#include <sdvault/image.h>

#include "cli.h"

/** The four regions, ended by NULL. */
extern const char *const region_names[];

/** --region; *region stays when it is absent.  @return exit status */
int region_read(const struct cli *cli, int *region);

/** Open the first operand.  @return exit status */
int region_open(const struct cli *cli, sdv_image **image);

/** Name of a region; "all" for -1. */
const char *region_text(int region);

#endif /* SDV_CLI_REGION_H */
