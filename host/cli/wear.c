/* SPDX-License-Identifier: Apache-2.0 */
#include "wear.h"

#include <inttypes.h>

#include "region.h"

/* Wear of one region. */
struct wear {
    size_t units; /* sectors or words */
    size_t used;  /* programmed at least once */
    uint64_t sum;
    uint32_t most;
    size_t worst; /* unit with the most */
};

static struct wear wear_of(const sdv_image *image, sdv_region region)
{
    const bool flash = region == SDV_REGION_USER || region == SDV_REGION_SECURE;
    struct wear wear = {.units = sdv_image_size(image, region) /
                                 (flash ? SDV_TIMING_BLOCK_LEN : 4u)};

    for (size_t i = 0; i < wear.units; i++) {
        const uint32_t times = sdv_image_wear(image, region, i);

        wear.used += times != 0;
        wear.sum += times;
        if (times > wear.most) {
            wear.most = times;
            wear.worst = i;
        }
    }
    return wear;
}

void wear_show(struct cli *cli, const sdv_image *image)
{
    cli_say(cli, "%-8s %12s %12s %12s %8s %12s\n", "wear", "units",
            "programmed", "programs", "most", "at");
    json_open(&cli->json, "wear", '{');
    for (int i = 0; region_names[i] != NULL; i++) {
        const struct wear wear = wear_of(image, (sdv_region)i);

        cli_say(cli, "%-8s %12zu %12zu %12" PRIu64 " %8" PRIu32 " %12zu\n",
                region_names[i], wear.units, wear.used, wear.sum, wear.most,
                wear.worst);
        json_open(&cli->json, region_names[i], '{');
        json_number(&cli->json, "units", wear.units);
        json_number(&cli->json, "programmed", wear.used);
        json_number(&cli->json, "programs", wear.sum);
        json_number(&cli->json, "most", wear.most);
        json_number(&cli->json, "at", wear.worst);
        json_close(&cli->json, '}');
    }
    json_close(&cli->json, '}');
}
