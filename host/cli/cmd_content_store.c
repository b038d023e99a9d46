/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault content store */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include "content_option.h"
#include "hex.h"
#include "input.h"
#include "progress.h"
#include "slot.h"

#define BLOCK SDV_TIMING_BLOCK_LEN
#define CHUNK_BLOCKS 64u
#define CHUNK (CHUNK_BLOCKS * BLOCK)

/* What is to be stored.  The length of a pipe is known at its end only, and it
 * stands in the header, which is authenticated first: so the ciphertext waits
 * in a file without a name. */
struct job {
    struct cli *cli;
    uint8_t key[SDV_KEY_BYTES];
    sdv_content_header header;
    sdv_content *content;
    FILE *waiting;
    uint64_t lba;
};

static int fail(const struct job *job, const char *object, sdv_err err)
{
    return cli_fail(job->cli, object, err, NULL);
}

/* ---- first pass: encrypt what comes ---- */

static int encrypt_chunk(struct job *job, uint8_t *data, size_t size)
{
    const sdv_err err = sdv_content_crypt(job->content, data, size, data);

    if (err != SDV_OK) {
        return fail(job, "encryption", err);
    }
    job->header.length += size;
    errno = 0;
    return fwrite(data, 1, size, job->waiting) == size
               ? CLI_DONE
               : fail(job, "temporary file", SDV_ERR_IO);
}

static int encrypt(struct job *job, const struct input *input)
{
    uint8_t data[CHUNK];
    size_t size = sizeof(data);
    int status = CLI_DONE;

    while (status == CLI_DONE && size == sizeof(data)) {
        errno = 0;
        size = fread(data, 1, sizeof(data), input->file);
        status = ferror(input->file) ? fail(job, input->name, SDV_ERR_IO)
                                     : encrypt_chunk(job, data, size);
    }
    OPENSSL_cleanse(data, sizeof(data));
    return status;
}

/* ---- second pass: authenticate and write ---- */

static int write_chunk(struct slot *slot, struct job *job, uint64_t at,
                       uint8_t *data, size_t size)
{
    const size_t blocks = (size + BLOCK - 1) / BLOCK;
    sdv_err err = sdv_content_authenticate(job->content, data, size);

    if (err != SDV_OK) {
        return fail(job, "encryption", err);
    }
    memset(data + size, 0, blocks * BLOCK - size);
    err = sdv_card_write(&slot->card, (uint32_t)(job->lba + 1 + at / BLOCK),
                         (uint32_t)blocks, data);
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

static int write_data(struct slot *slot, struct job *job)
{
    uint8_t data[CHUNK];
    struct progress progress;
    int status = CLI_DONE;

    progress_start(&progress, job->header.length);
    for (uint64_t at = 0; at < job->header.length && status == CLI_DONE;) {
        const uint64_t left = job->header.length - at;
        const size_t size = left < CHUNK ? (size_t)left : CHUNK;

        errno = 0;
        status = fread(data, 1, size, job->waiting) == size
                     ? write_chunk(slot, job, at, data, size)
                     : fail(job, "temporary file", SDV_ERR_IO);
        at += size;
        progress_show(&progress, at);
    }
    progress_end(&progress);
    return status;
}

/* The header goes last: before it there is no content. */
static int write_header(struct slot *slot, struct job *job)
{
    uint8_t block[SDV_CONTENT_HEADER_BYTES];
    sdv_err err = sdv_content_seal(job->content, block);

    if (err != SDV_OK) {
        return fail(job, "encryption", err);
    }
    err = sdv_card_write(&slot->card, (uint32_t)job->lba, 1, block);
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

static uint64_t blocks_of(const struct job *job)
{
    const uint64_t length = job->header.length;

    return 1 + length / BLOCK + (length % BLOCK != 0);
}

static int write_all(struct slot *slot, struct job *job)
{
    int status = slot_check_range(slot, job->lba, blocks_of(job));

    if (status == CLI_DONE) {
        status = write_data(slot, job);
    }
    return status == CLI_DONE ? write_header(slot, job) : status;
}

static void show(const struct job *job)
{
    struct cli *cli = job->cli;
    char id[2 * SDV_CONTENT_ID_BYTES + 1];

    hex_format(job->header.id, sizeof(job->header.id), id);
    cli_say(cli,
            "%s: stored %" PRIu64 " bytes, %" PRIu64
            " blocks from block %" PRIu64 "\n",
            cli->operands[0], job->header.length, blocks_of(job), job->lba);
    cli_show(cli, "content id:", "content_id", id);
    json_number(&cli->json, "lba", job->lba);
    json_number(&cli->json, "bytes", job->header.length);
    json_number(&cli->json, "blocks", blocks_of(job));
}

static int begin(struct job *job)
{
    const sdv_err err = sdv_content_new(job->key, &job->header, &job->content);

    return err == SDV_OK ? CLI_DONE : fail(job, "encryption", err);
}

static int run(struct job *job, const struct input *input)
{
    struct slot slot;
    int status = begin(job);

    if (status == CLI_DONE) {
        status = encrypt(job, input);
    }
    sdv_content_free(&job->content);
    if (status == CLI_DONE) {
        rewind(job->waiting);
        status = begin(job); /* with the length */
    }
    if (status == CLI_DONE) {
        status = slot_open(&slot, job->cli, job->cli->operands[0]);
    }
    if (status != CLI_DONE) {
        return status;
    }
    status = write_all(&slot, job);
    if (status == CLI_DONE) {
        show(job);
    }
    return slot_close(&slot, status);
}

static int read_job(struct job *job)
{
    bool has_key;
    bool has_id;
    int status = cli_number(job->cli, OPT_LBA, UINT32_MAX, &job->lba);
    sdv_err err = SDV_OK;

    if (status == CLI_DONE) {
        status = content_key_option(job->cli, job->key, &has_key);
    }
    if (status == CLI_DONE && !has_key) {
        status = cli_usage(job->cli, "give --content-key or --key-file");
    }
    if (status == CLI_DONE) {
        status = content_id_option(job->cli, job->header.id, &has_id);
    }
    if (status != CLI_DONE) {
        return status;
    }
    if (!has_id) {
        err = sdv_content_default_id(job->key, job->header.id);
    }
    if (err == SDV_OK &&
        RAND_bytes(job->header.nonce, sizeof(job->header.nonce)) != 1) {
        err = SDV_ERR_CRYPTO;
    }
    return err == SDV_OK ? CLI_DONE : fail(job, "encryption", err);
}

int cmd_content_store(struct cli *cli)
{
    struct job job = {.cli = cli};
    struct input input = {.file = stdin};
    int status = read_job(&job);

    if (status == CLI_DONE) {
        status = input_open(cli, &input);
    }
    if (status == CLI_DONE) {
        errno = 0;
        job.waiting = tmpfile();
        status = job.waiting != NULL ? run(&job, &input)
                                     : fail(&job, "temporary file", SDV_ERR_IO);
        input_close(&input);
    }
    if (job.waiting != NULL) {
        (void)fclose(job.waiting); /* it goes away */
    }
    sdv_content_free(&job.content);
    OPENSSL_cleanse(&job, sizeof(job));
    return status;
}
