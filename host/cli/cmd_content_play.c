/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault content play */
#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "content_option.h"
#include "output.h"
#include "progress.h"
#include "slot.h"

#define BLOCK SDV_TIMING_BLOCK_LEN
#define CHUNK_BLOCKS 64u
#define CHUNK (CHUNK_BLOCKS * BLOCK)

/* What is to be played.  Nothing is decrypted before all of it is verified, and
 * what was verified is what is decrypted: it is read from the card once and
 * waits in a file without a name. */
struct job {
    struct cli *cli;
    uint8_t key[SDV_KEY_BYTES];
    uint8_t id[SDV_CONTENT_ID_BYTES]; /* that it must have */
    bool has_id;
    sdv_content_header header;
    sdv_content *content;
    FILE *waiting;
    uint64_t lba;
};

static int fail(const struct job *job, const char *object, sdv_err err)
{
    return cli_fail(job->cli, object, err, NULL);
}

/* ---- first pass: read and authenticate ---- */

static int read_header(struct slot *slot, struct job *job)
{
    uint8_t block[SDV_CONTENT_HEADER_BYTES];
    uint64_t blocks;
    int status = slot_check_range(slot, job->lba, 1);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_card_read(&slot->card, (uint32_t)job->lba, 1, block);
    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    err = sdv_content_parse(block, &job->header);
    if (err == SDV_OK && job->has_id &&
        memcmp(job->id, job->header.id, sizeof(job->id)) != 0) {
        err = SDV_ERR_CONTENT_ID;
    }
    if (err != SDV_OK) {
        return fail(job, slot->image, err);
    }
    blocks = job->header.length / BLOCK + (job->header.length % BLOCK != 0);
    return slot_check_range(slot, job->lba + 1, blocks);
}

static int read_chunk(struct slot *slot, struct job *job, uint64_t at,
                      uint8_t *data, size_t size)
{
    const uint32_t blocks = (uint32_t)((size + BLOCK - 1) / BLOCK);
    sdv_err err = sdv_card_read(
        &slot->card, (uint32_t)(job->lba + 1 + at / BLOCK), blocks, data);

    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    err = sdv_content_authenticate(job->content, data, size);
    if (err != SDV_OK) {
        return fail(job, "decryption", err);
    }
    errno = 0;
    return fwrite(data, 1, size, job->waiting) == size
               ? CLI_DONE
               : fail(job, "temporary file", SDV_ERR_IO);
}

static int read_data(struct slot *slot, struct job *job)
{
    uint8_t data[CHUNK];
    struct progress progress;
    int status = CLI_DONE;

    progress_start(&progress, job->header.length);
    for (uint64_t at = 0; at < job->header.length && status == CLI_DONE;) {
        const uint64_t left = job->header.length - at;
        const size_t size = left < CHUNK ? (size_t)left : CHUNK;

        status = read_chunk(slot, job, at, data, size);
        at += size;
        progress_show(&progress, at);
    }
    progress_end(&progress);
    return status;
}

static int verify(struct slot *slot, struct job *job)
{
    int status = read_header(slot, job);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_content_new(job->key, &job->header, &job->content);
    if (err != SDV_OK) {
        return fail(job, "decryption", err);
    }
    status = read_data(slot, job);
    if (status == CLI_DONE) {
        err = sdv_content_verify(job->content);
    }
    return err == SDV_OK ? status : fail(job, slot->image, err);
}

/* ---- second pass: decrypt ---- */

static int decrypt(struct job *job, FILE *to, const char *name)
{
    uint8_t data[CHUNK];
    int status = CLI_DONE;

    rewind(job->waiting);
    for (uint64_t at = 0; at < job->header.length && status == CLI_DONE;) {
        const uint64_t left = job->header.length - at;
        const size_t size = left < CHUNK ? (size_t)left : CHUNK;

        errno = 0;
        if (fread(data, 1, size, job->waiting) != size) {
            status = fail(job, "temporary file", SDV_ERR_IO);
        } else if (sdv_content_crypt(job->content, data, size, data) !=
                   SDV_OK) {
            status = fail(job, "decryption", SDV_ERR_CRYPTO);
        } else if (fwrite(data, 1, size, to) != size) {
            status = fail(job, name, SDV_ERR_IO);
        }
        at += size;
    }
    OPENSSL_cleanse(data, sizeof(data));
    return status;
}

static int write_output(struct job *job)
{
    const char *path = cli_value(job->cli, OPT_OUTPUT);
    struct output output;
    int status;

    if (job->cli->data_on_stdout) {
        return decrypt(job, stdout, "standard output");
    }
    status = output_open(job->cli, path, &output);
    if (status != CLI_DONE) {
        return status;
    }
    status = decrypt(job, output.file, path);
    if (status == CLI_DONE) {
        status = output_commit(job->cli, &output);
    }
    output_drop(&output);
    return status;
}

static int run(struct job *job)
{
    struct cli *cli = job->cli;
    struct slot slot;
    int status = slot_open(&slot, cli, cli->operands[0]);

    if (status != CLI_DONE) {
        return status;
    }
    status = verify(&slot, job);
    if (status == CLI_DONE) {
        status = write_output(job);
    }
    json_number(&cli->json, "lba", job->lba);
    json_number(&cli->json, "bytes", job->header.length);
    return slot_close(&slot, status);
}

/* ---- the command line ---- */

static int read_job(struct job *job)
{
    bool has_key;
    int status = cli_number(job->cli, OPT_LBA, UINT32_MAX, &job->lba);

    if (status == CLI_DONE && (job->cli->operands[1] != NULL ||
                               cli_value(job->cli, OPT_PAIR) != NULL)) {
        status = cli_fail(job->cli, "USE", SDV_CARD_SW(SECURITY_STATUS),
                          "cards of this version have no secure channel yet: "
                          "give --content-key or --key-file");
    }
    if (status == CLI_DONE) {
        status = content_key_option(job->cli, job->key, &has_key);
    }
    if (status == CLI_DONE && !has_key) {
        status = cli_usage(job->cli, "give --content-key or --key-file");
    }
    return status == CLI_DONE
               ? content_id_option(job->cli, job->id, &job->has_id)
               : status;
}

int cmd_content_play(struct cli *cli)
{
    const char *path = cli_value(cli, OPT_OUTPUT);
    struct job job = {.cli = cli};
    int status = read_job(&job);

    cli->data_on_stdout = path == NULL || is_dash(path);
    if (status == CLI_DONE) {
        errno = 0;
        job.waiting = tmpfile();
        status = job.waiting != NULL ? run(&job)
                                     : fail(&job, "temporary file", SDV_ERR_IO);
    }
    if (job.waiting != NULL) {
        (void)fclose(job.waiting); /* it goes away */
    }
    sdv_content_free(&job.content);
    OPENSSL_cleanse(&job, sizeof(job));
    return status;
}
