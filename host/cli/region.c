/* SPDX-License-Identifier: Apache-2.0 */
#include "region.h"

#include <errno.h>

const char *const region_names[] = {[SDV_REGION_USER] = "user",
                                    [SDV_REGION_SECURE] = "secure",
                                    [SDV_REGION_EEPROM] = "eeprom",
                                    [SDV_REGION_OTP] = "otp",
                                    NULL};

int region_read(const struct cli *cli, int *region)
{
    return cli_word(cli, OPT_REGION, region_names, region);
}

int region_open(const struct cli *cli, sdv_image **image)
{
    sdv_err err;

    errno = 0;
    err = sdv_image_open(cli->operands[0], image);
    return err == SDV_OK ? CLI_DONE
                         : cli_fail(cli, cli->operands[0], err, NULL);
}

const char *region_text(int region)
{
    return region < 0 ? "all" : region_names[region];
}
