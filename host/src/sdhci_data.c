/* SPDX-License-Identifier: Apache-2.0 */
/* Programmed I/O: blocks through BUFFER_DATA, one interrupt a block. */
#include "sdhci_internal.h"

/* Byte 0 of a block is bits 7:0 of its first word. */
static void read_block(const sdv_sdhci *sdhci, uint8_t *data, size_t size)
{
    size_t i = 0;

    for (; i + 4 <= size; i += 4) {
        const uint32_t word = reg_read(sdhci, SDV_SDHCI_BUFFER_DATA);

        data[i] = (uint8_t)word;
        data[i + 1] = (uint8_t)(word >> 8);
        data[i + 2] = (uint8_t)(word >> 16);
        data[i + 3] = (uint8_t)(word >> 24);
    }
    if (i < size) {
        uint32_t word = reg_read(sdhci, SDV_SDHCI_BUFFER_DATA);

        for (; i < size; i++, word >>= 8) {
            data[i] = (uint8_t)word;
        }
    }
}

static void write_block(const sdv_sdhci *sdhci, const uint8_t *data,
                        size_t size)
{
    size_t i = 0;

    for (; i + 4 <= size; i += 4) {
        reg_write(sdhci, SDV_SDHCI_BUFFER_DATA,
                  (uint32_t)data[i] | (uint32_t)data[i + 1] << 8 |
                      (uint32_t)data[i + 2] << 16 |
                      (uint32_t)data[i + 3] << 24);
    }
    if (i < size) {
        uint32_t word = 0;

        for (size_t k = size; k > i; k--) {
            word = word << 8 | data[k - 1];
        }
        reg_write(sdhci, SDV_SDHCI_BUFFER_DATA, word);
    }
}

sdv_err sdv_sdhci_move(sdv_sdhci *sdhci, const sdv_cmd *cmd)
{
    const bool read = cmd->dir == SDV_DIR_READ;
    const uint32_t ready = read ? MASK(NORMAL_STATUS, READ_READY)
                                : MASK(NORMAL_STATUS, WRITE_READY);

    for (size_t i = 0; i < cmd->blocks; i++) {
        uint8_t *block = cmd->data + i * cmd->block_size;
        sdv_err err = sdv_sdhci_wait(sdhci, ready, sdhci->wait_us);

        if (err != SDV_OK) {
            return err;
        }
        if (read) {
            read_block(sdhci, block, cmd->block_size);
        } else {
            write_block(sdhci, block, cmd->block_size);
        }
    }
    return sdv_sdhci_wait(sdhci, MASK(NORMAL_STATUS, TRANSFER_COMPLETE),
                          sdhci->wait_us);
}
