/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault card create */
#include <errno.h>
#include <inttypes.h>

#include <sdvault/image.h>

#include "cli.h"

#define DEFAULT_CAPACITY (UINT64_C(64) << 20)

static int does_not_fit(const struct cli *cli, uint64_t capacity,
                        bool high_capacity)
{
    return cli_usage(
        cli, "--capacity: %" PRIu64 " bytes do not fit %s", capacity,
        high_capacity ? "an SDHC card: take a multiple of 512K "
                        "below 2048G"
                      : "an SDSC card: take a power of two up to 1G");
}

static void report(struct cli *cli, uint64_t capacity, bool high_capacity,
                   uint32_t serial)
{
    const char *type = high_capacity ? "SDHC" : "SDSC";

    cli_say(cli,
            "%s: blank %s card, %" PRIu64 " bytes (%" PRIu64
            " blocks), serial 0x%08" PRIX32 "\n",
            cli->operands[0], type, capacity, capacity / SDV_TIMING_BLOCK_LEN,
            serial);
    json_text(&cli->json, "image", cli->operands[0]);
    json_text(&cli->json, "type", type);
    json_number(&cli->json, "capacity", capacity);
    json_number(&cli->json, "serial", serial);
}

static int create(struct cli *cli, uint64_t capacity, bool high_capacity,
                  uint32_t serial)
{
    const uint64_t blocks = capacity / SDV_TIMING_BLOCK_LEN;
    sdv_err err = SDV_ERR_ARG;

    errno = 0;
    if (capacity % SDV_TIMING_BLOCK_LEN == 0 && blocks <= UINT32_MAX) {
        err = sdv_image_create(cli->operands[0], (uint32_t)blocks,
                               high_capacity, serial);
    }
    if (err == SDV_ERR_ARG) {
        return does_not_fit(cli, capacity, high_capacity);
    }
    if (err != SDV_OK) {
        return cli_fail(cli, cli->operands[0], err, NULL);
    }
    report(cli, capacity, high_capacity, serial);
    return CLI_DONE;
}

int cmd_card_create(struct cli *cli)
{
    static const char *const types[] = {"sdsc", "sdhc", NULL};
    uint64_t capacity = DEFAULT_CAPACITY;
    uint64_t seed;
    int type = 1;
    int status = cli_size(cli, OPT_CAPACITY, &capacity);

    if (status == CLI_DONE) {
        status = cli_word(cli, OPT_TYPE, types, &type);
    }
    if (status == CLI_DONE) {
        status = cli_seed(cli, &seed);
    }
    return status == CLI_DONE ? create(cli, capacity, type == 1, (uint32_t)seed)
                              : status;
}
