/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault card erase */
#include <inttypes.h>

#include "slot.h"

static int erase(struct slot *slot, uint64_t lba, uint64_t blocks)
{
    struct cli *cli = slot->cli;
    const int status = slot_check_range(slot, lba, blocks);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_card_erase(&slot->card, (uint32_t)lba, (uint32_t)blocks);
    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    cli_say(cli, "%s: erased %" PRIu64 " blocks from block %" PRIu64 "\n",
            slot->image, blocks, lba);
    json_number(&cli->json, "lba", lba);
    json_number(&cli->json, "blocks", blocks);
    return CLI_DONE;
}

int cmd_card_erase(struct cli *cli)
{
    struct slot slot;
    uint64_t lba = 0;
    uint64_t blocks = 0;
    int status = cli_number(cli, OPT_LBA, UINT32_MAX, &lba);

    if (status == CLI_DONE) {
        status = cli_number(cli, OPT_BLOCKS, UINT32_MAX, &blocks);
    }
    if (status == CLI_DONE && blocks == 0) {
        status = cli_usage(cli, "--blocks: at least 1");
    }
    if (status == CLI_DONE) {
        status = slot_open(&slot, cli, cli->operands[0]);
    }
    return status == CLI_DONE ? slot_close(&slot, erase(&slot, lba, blocks))
                              : status;
}
