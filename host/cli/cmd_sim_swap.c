/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault sim swap */
#include <inttypes.h>

#include "region.h"

static int swap(struct cli *cli, sdv_image *image, int region, uint64_t a,
                uint64_t b)
{
    const sdv_err err = sdv_image_swap(image, (sdv_region)region, a, b);

    if (err != SDV_OK) {
        return cli_fail(cli, cli->operands[0], err, "past the region's end");
    }
    cli_say(cli, "%s: exchanged %" PRIu64 " and %" PRIu64 " of %s\n",
            cli->operands[0], a, b, region_text(region));
    json_text(&cli->json, "region", region_text(region));
    json_number(&cli->json, "a", a);
    json_number(&cli->json, "b", b);
    return CLI_DONE;
}

int cmd_sim_swap(struct cli *cli)
{
    sdv_image *image = NULL;
    int region = 0;
    uint64_t a;
    uint64_t b;
    int status = region_read(cli, &region);

    if (status == CLI_DONE) {
        status = cli_operand_number(cli, 1, &a);
    }
    if (status == CLI_DONE) {
        status = cli_operand_number(cli, 2, &b);
    }
    if (status == CLI_DONE) {
        status = region_open(cli, &image);
    }
    if (status == CLI_DONE) {
        status = swap(cli, image, region, a, b);
        sdv_image_close(&image);
    }
    return status;
}
