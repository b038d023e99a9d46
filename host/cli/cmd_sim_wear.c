/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault sim wear */
#include "region.h"
#include "wear.h"

int cmd_sim_wear(struct cli *cli)
{
    sdv_image *image = NULL;
    const int status = region_open(cli, &image);

    if (status == CLI_DONE) {
        wear_show(cli, image);
        sdv_image_close(&image);
    }
    return status;
}
