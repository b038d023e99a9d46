/* SPDX-License-Identifier: Apache-2.0 */
/* Commands, status, and blocks in and out. */
#include "bus_internal.h"
#include "card_internal.h"

#define MAX_BLOCKS                                                             \
    65535u /* of one command: CMD23 and registers of the host                  \
            */

sdv_err sdv_card_run(sdv_card *card, sdv_cmd *seq, size_t count)
{
    const sdv_err err = sdv_bus_run(card->bus, seq, count);

    for (size_t i = 0; i < count; i++) {
        const bool answered = seq[i].err == SDV_OK || seq[i].err > 0;

        if (answered &&
            (seq[i].resp == SDV_RESP_R1 || seq[i].resp == SDV_RESP_R1B)) {
            card->status = seq[i].response[0];
        }
    }
    return err;
}

sdv_err sdv_card_command(sdv_card *card, uint8_t opcode, uint32_t arg,
                         sdv_resp resp)
{
    sdv_cmd cmd = {.opcode = opcode, .arg = arg, .resp = resp};

    return sdv_card_run(card, &cmd, 1);
}

sdv_cmd sdv_card_register(const sdv_card *card, uint8_t opcode, bool is_acmd,
                          uint8_t *data, uint16_t size)
{
    return (sdv_cmd){.opcode = opcode,
                     .is_acmd = is_acmd,
                     .rca = card->rca,
                     .resp = SDV_RESP_R1,
                     .dir = SDV_DIR_READ,
                     .block_size = size,
                     .blocks = 1,
                     .data = data};
}

sdv_cmd sdv_card_query(const sdv_card *card)
{
    return (sdv_cmd){.opcode = SDV_CMD_SEND_STATUS,
                     .arg = (uint32_t)card->rca << 16,
                     .resp = SDV_RESP_R1};
}

uint32_t sdv_card_blocks(const sdv_card *card)
{
    return card->csd.blocks;
}

sdv_err sdv_card_status(sdv_card *card, uint32_t *status)
{
    sdv_cmd cmd = sdv_card_query(card);
    const sdv_err err = sdv_card_run(card, &cmd, 1);

    *status = cmd.response[0];
    return err > 0 ? SDV_OK : err;
}

uint32_t sdv_card_address(const sdv_card *card, uint32_t lba)
{
    return card->high_capacity ? lba : lba * SDV_BLOCK_LEN;
}

sdv_err sdv_card_check_range(const sdv_card *card, uint32_t lba,
                             uint32_t blocks)
{
    if (blocks == 0) {
        return SDV_ERR_ARG;
    }
    if (lba >= card->csd.blocks || blocks > card->csd.blocks - lba) {
        return SDV_ERR_RANGE;
    }
    return SDV_OK;
}

static sdv_stop stop_for(const sdv_card *card, uint32_t blocks)
{
    if (blocks == 1) {
        return SDV_STOP_NONE;
    }
    return card->scr.cmd23 && card->caps.cmd23 ? SDV_STOP_CMD23
                                               : SDV_STOP_CMD12;
}

static uint8_t opcode_for(sdv_dir dir, uint32_t blocks)
{
    if (dir == SDV_DIR_READ) {
        return blocks == 1 ? SDV_CMD_READ_SINGLE_BLOCK
                           : SDV_CMD_READ_MULTIPLE_BLOCK;
    }
    return blocks == 1 ? SDV_CMD_WRITE_BLOCK : SDV_CMD_WRITE_MULTIPLE_BLOCK;
}

/* One command.  A card reports a failure to program in the status after it,
 * so a write is followed by CMD13. */
static sdv_err move(sdv_card *card, uint32_t lba, uint32_t blocks,
                    uint8_t *data, sdv_dir dir)
{
    sdv_cmd seq[] = {
        {.opcode = opcode_for(dir, blocks),
         .arg = sdv_card_address(card, lba),
         .resp = SDV_RESP_R1,
         .dir = dir,
         .stop = stop_for(card, blocks),
         .block_size = SDV_BLOCK_LEN,
         .blocks = (uint16_t)blocks,
         .data = data},
        sdv_card_query(card),
    };

    return sdv_card_run(card, seq, dir == SDV_DIR_WRITE ? 2 : 1);
}

static uint32_t most_blocks(const sdv_card *card)
{
    const uint32_t bus = card->caps.max_blocks;

    return bus != 0 && bus < MAX_BLOCKS ? bus : MAX_BLOCKS;
}

static sdv_err transfer(sdv_card *card, uint32_t lba, uint32_t blocks,
                        uint8_t *data, sdv_dir dir)
{
    const uint32_t most = most_blocks(card);
    sdv_err err = sdv_card_check_range(card, lba, blocks);

    while (err == SDV_OK && blocks > 0) {
        const uint32_t count = blocks < most ? blocks : most;

        err = move(card, lba, count, data, dir);
        lba += count;
        blocks -= count;
        data += (size_t)count * SDV_BLOCK_LEN;
    }
    return err;
}

sdv_err sdv_card_read(sdv_card *card, uint32_t lba, uint32_t blocks,
                      uint8_t *data)
{
    return transfer(card, lba, blocks, data, SDV_DIR_READ);
}

sdv_err sdv_card_write(sdv_card *card, uint32_t lba, uint32_t blocks,
                       const uint8_t *data)
{
    /* sdv_cmd has one pointer for both directions; a write only reads it. */
    return transfer(card, lba, blocks, (uint8_t *)data, SDV_DIR_WRITE);
}

sdv_err sdv_card_written(sdv_card *card, uint32_t *blocks)
{
    uint8_t data[4] = {0};
    sdv_cmd cmd = sdv_card_register(card, SDV_ACMD_SEND_NUM_WR_BLOCKS, true,
                                    data, sizeof(data));
    const sdv_err err = sdv_card_run(card, &cmd, 1);

    *blocks = sdv_card_byte_bits(data, sizeof(data), 0, 32);
    return err;
}
