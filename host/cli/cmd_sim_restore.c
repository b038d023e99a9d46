/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault sim restore */
#include <errno.h>

#include "output.h"
#include "region.h"

static int restore_file(const struct cli *cli, sdv_image *image, int region,
                        const char *path, const char *name)
{
    sdv_err err;

    errno = 0;
    err = sdv_image_restore(image, region, path);
    if (err != SDV_OK) {
        return cli_fail(cli, name, err,
                        err == SDV_ERR_IMAGE_FOREIGN
                            ? "no copy of such a card or region"
                            : NULL);
    }
    cli_say(cli, "%s: restored %s from %s\n", cli->operands[0],
            region_text(region), name);
    return CLI_DONE;
}

/* Standard input is copied to a file first: it is checked before it is used,
 * and so read twice. */
static int restore_stdin(const struct cli *cli, sdv_image *image, int region)
{
    struct output copy;
    int status = output_open(cli, "-", &copy);

    if (status != CLI_DONE) {
        return status;
    }
    errno = 0;
    if (copy_file(stdin, copy.file) != SDV_OK) {
        status = cli_fail(cli, "standard input", SDV_ERR_IO, NULL);
    } else {
        status =
            restore_file(cli, image, region, copy.temporary, "standard input");
    }
    output_drop(&copy);
    return status;
}

int cmd_sim_restore(struct cli *cli)
{
    const char *path = cli->operands[1];
    sdv_image *image = NULL;
    int region = -1;
    int status = region_read(cli, &region);

    if (status == CLI_DONE) {
        status = region_open(cli, &image);
    }
    if (status == CLI_DONE) {
        status = is_dash(path) ? restore_stdin(cli, image, region)
                               : restore_file(cli, image, region, path, path);
        sdv_image_close(&image);
    }
    json_text(&cli->json, "region", region_text(region));
    return status;
}
