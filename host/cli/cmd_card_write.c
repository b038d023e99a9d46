/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault card write */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "input.h"
#include "progress.h"
#include "slot.h"

#define BLOCK_LEN SDV_TIMING_BLOCK_LEN
#define CHUNK_BLOCKS 64u

static uint64_t blocks_of(uint64_t bytes)
{
    return bytes / BLOCK_LEN + (bytes % BLOCK_LEN != 0);
}

/* Zeros fill the last block; people should know. */
static void pad(const struct slot *slot, uint8_t *data, size_t size)
{
    const size_t missing = (BLOCK_LEN - size % BLOCK_LEN) % BLOCK_LEN;

    memset(data + size, 0, missing);
    if (missing != 0) {
        fprintf(stderr,
                "sdvault card write: %s: the last block was filled up with "
                "%zu zero bytes\n",
                slot->image, missing);
    }
}

/* What was read goes to block `at` and on. */
static int write_chunk(struct slot *slot, uint64_t at, uint8_t *data,
                       size_t size)
{
    const uint64_t blocks = blocks_of(size);
    const int status = slot_check_range(slot, at, blocks);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    pad(slot, data, size);
    err = sdv_card_write(&slot->card, (uint32_t)at, (uint32_t)blocks, data);
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

/* Blocks from input to card until the input ends; *bytes counts. */
static int copy(struct slot *slot, const struct input *input, uint64_t lba,
                uint64_t *bytes)
{
    uint8_t data[CHUNK_BLOCKS * BLOCK_LEN];
    struct progress progress;
    int status = CLI_DONE;
    size_t size = sizeof(data);

    progress_start(&progress, input->size);
    while (status == CLI_DONE && size == sizeof(data)) {
        errno = 0;
        size = fread(data, 1, sizeof(data), input->file);
        if (ferror(input->file)) {
            status = cli_fail(slot->cli, input->name, SDV_ERR_IO, NULL);
        } else if (size > 0) {
            status = write_chunk(slot, lba + *bytes / BLOCK_LEN, data, size);
            *bytes += size;
        }
        progress_show(&progress, *bytes);
    }
    progress_end(&progress);
    return status;
}

static int write_input(struct slot *slot, const struct input *input,
                       uint64_t lba)
{
    struct cli *cli = slot->cli;
    uint64_t bytes = 0;
    /* what is known to be too long is not begun */
    int status = slot_check_range(slot, lba, blocks_of(input->size));

    if (status == CLI_DONE) {
        status = copy(slot, input, lba, &bytes);
    }
    if (status == CLI_DONE) {
        cli_say(cli,
                "%s: wrote %" PRIu64 " bytes, %" PRIu64
                " blocks from block %" PRIu64 "\n",
                slot->image, bytes, blocks_of(bytes), lba);
        json_number(&cli->json, "lba", lba);
        json_number(&cli->json, "bytes", bytes);
        json_number(&cli->json, "blocks", blocks_of(bytes));
    }
    return status;
}

int cmd_card_write(struct cli *cli)
{
    struct input input = {.file = stdin};
    struct slot slot;
    uint64_t lba = 0;
    int status = cli_number(cli, OPT_LBA, UINT32_MAX, &lba);

    if (status == CLI_DONE) {
        status = input_open(cli, &input);
    }
    if (status != CLI_DONE) {
        return status;
    }
    status = slot_open(&slot, cli, cli->operands[0]);
    if (status == CLI_DONE) {
        status = slot_close(&slot, write_input(&slot, &input, lba));
    }
    input_close(&input);
    return status;
}
