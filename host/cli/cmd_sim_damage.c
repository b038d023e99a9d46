/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault sim damage, sdvault sim tear */
#include <inttypes.h>

#include "region.h"

/* What is disturbed. */
struct place {
    int region;
    uint64_t at;
    uint64_t count;
    uint64_t seed;
};

/* How: sdv_image_damage() or sdv_image_tear(). */
typedef sdv_err disturb(sdv_image *image, sdv_region region, size_t first,
                        size_t count, uint64_t seed);

static int read_place(const struct cli *cli, struct place *place)
{
    int status = region_read(cli, &place->region);

    if (status == CLI_DONE) {
        status = cli_number(cli, OPT_AT, SIZE_MAX, &place->at);
    }
    if (status == CLI_DONE) {
        status = cli_number(cli, OPT_COUNT, SIZE_MAX, &place->count);
    }
    if (status == CLI_DONE && place->count == 0) {
        status = cli_usage(cli, "--count: at least 1");
    }
    return status == CLI_DONE ? cli_seed(cli, &place->seed) : status;
}

static int disturb_image(struct cli *cli, sdv_image *image,
                         const struct place *place, disturb *how,
                         const char *done)
{
    const sdv_err err = how(image, (sdv_region)place->region, place->at,
                            place->count, place->seed);

    if (err != SDV_OK) {
        return cli_fail(cli, cli->operands[0], err, "past the region's end");
    }
    cli_say(cli,
            "%s: %s %" PRIu64 " of %s from %" PRIu64 " on, seed %" PRIu64 "\n",
            cli->operands[0], done, place->count, region_text(place->region),
            place->at, place->seed);
    json_text(&cli->json, "region", region_text(place->region));
    json_number(&cli->json, "at", place->at);
    json_number(&cli->json, "count", place->count);
    json_number(&cli->json, "seed", place->seed);
    return CLI_DONE;
}

static int run(struct cli *cli, disturb *how, const char *done)
{
    struct place place = {.count = 1};
    sdv_image *image = NULL;
    int status = read_place(cli, &place);

    if (status == CLI_DONE) {
        status = region_open(cli, &image);
    }
    if (status == CLI_DONE) {
        status = disturb_image(cli, image, &place, how, done);
        sdv_image_close(&image);
    }
    return status;
}

int cmd_sim_damage(struct cli *cli)
{
    return run(cli, sdv_image_damage, "damaged");
}

int cmd_sim_tear(struct cli *cli)
{
    return run(cli, sdv_image_tear, "tore");
}
