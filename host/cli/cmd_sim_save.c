/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault sim save */
#include <errno.h>

#include "output.h"
#include "region.h"

/* sdv_image_save() replaces the temporary file; what holds is its name. */
static int save(const struct cli *cli, sdv_image *image, int region,
                const char *path)
{
    struct output output;
    int status = output_open(cli, path, &output);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    output.data = true;
    errno = 0;
    err = sdv_image_save(image, region, output.temporary);
    status = err == SDV_OK ? output_commit(cli, &output)
                           : cli_fail(cli, path, err, NULL);
    output_drop(&output);
    if (status == CLI_DONE && !cli->data_on_stdout) {
        cli_say(cli, "%s: saved %s to %s\n", cli->operands[0],
                region_text(region), path);
    }
    return status;
}

int cmd_sim_save(struct cli *cli)
{
    sdv_image *image = NULL;
    int region = -1;
    int status = region_read(cli, &region);

    cli->data_on_stdout = is_dash(cli->operands[1]);
    if (status == CLI_DONE) {
        status = region_open(cli, &image);
    }
    if (status == CLI_DONE) {
        status = save(cli, image, region, cli->operands[1]);
        sdv_image_close(&image);
    }
    json_text(&cli->json, "region", region_text(region));
    return status;
}
