/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SDV_CLI_WEAR_H
#define SDV_CLI_WEAR_H

#include <sdvault/image.h>

#include "cli.h"

/** Show how often each region was programmed. */
void wear_show(struct cli *cli, const sdv_image *image);

#endif /* SDV_CLI_WEAR_H */
