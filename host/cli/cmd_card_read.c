/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault card read */
#include <errno.h>

#include "progress.h"
#include "slot.h"

#define CHUNK_BLOCKS 64u

/* The blocks of the command line. */
struct range {
    uint64_t lba;
    uint64_t blocks;
};

static int write_chunk(const struct slot *slot, const uint8_t *data,
                       size_t size, FILE *to, const char *name)
{
    errno = 0;
    if (fwrite(data, 1, size, to) == size) {
        return CLI_DONE;
    }
    return cli_fail(slot->cli, name, SDV_ERR_IO, NULL);
}

static int copy(struct slot *slot, const struct range *range, FILE *to,
                const char *name)
{
    uint8_t data[CHUNK_BLOCKS * SDV_TIMING_BLOCK_LEN];
    struct progress progress;
    int status = CLI_DONE;

    progress_start(&progress, range->blocks * SDV_TIMING_BLOCK_LEN);
    for (uint64_t done = 0; done < range->blocks && status == CLI_DONE;) {
        const uint64_t left = range->blocks - done;
        const uint32_t count =
            left < CHUNK_BLOCKS ? (uint32_t)left : CHUNK_BLOCKS;
        const sdv_err err = sdv_card_read(
            &slot->card, (uint32_t)(range->lba + done), count, data);

        status = err == SDV_OK
                     ? write_chunk(slot, data, count * SDV_TIMING_BLOCK_LEN, to,
                                   name)
                     : slot_fail(slot, err);
        done += count;
        progress_show(&progress, done * SDV_TIMING_BLOCK_LEN);
    }
    progress_end(&progress);
    return status;
}

static int read_to_stdout(struct slot *slot, const struct range *range)
{
    return copy(slot, range, stdout, "standard output");
}

static int read_to_file(struct slot *slot, const struct range *range,
                        const char *path)
{
    struct output output;
    int status = output_open(slot->cli, path, &output);

    if (status != CLI_DONE) {
        return status;
    }
    status = copy(slot, range, output.file, path);
    if (status == CLI_DONE) {
        status = output_commit(slot->cli, &output);
    }
    output_drop(&output);
    return status;
}

int cmd_card_read(struct cli *cli)
{
    const char *path = cli_value(cli, OPT_OUTPUT);
    struct range range = {0};
    struct slot slot;
    int status = cli_number(cli, OPT_LBA, UINT32_MAX, &range.lba);

    cli->data_on_stdout = path == NULL || is_dash(path);
    if (status == CLI_DONE) {
        status = cli_number(cli, OPT_BLOCKS, UINT32_MAX, &range.blocks);
    }
    if (status == CLI_DONE && range.blocks == 0) {
        status = cli_usage(cli, "--blocks: at least 1");
    }
    if (status == CLI_DONE) {
        status = slot_open(&slot, cli, cli->operands[0]);
    }
    if (status != CLI_DONE) {
        return status;
    }
    status = slot_check_range(&slot, range.lba, range.blocks);
    if (status == CLI_DONE) {
        status = cli->data_on_stdout ? read_to_stdout(&slot, &range)
                                     : read_to_file(&slot, &range, path);
    }
    json_number(&cli->json, "lba", range.lba);
    json_number(&cli->json, "blocks", range.blocks);
    return slot_close(&slot, status);
}
