/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault license import */
#include <string.h>

#include "progress.h"
#include "sealed_place.h"
#include "vault_text.h"

#define NAME_SIZE 4200

/* What is to be imported. */
struct job {
    struct sealed_place place;
    struct sealed_list list;
};

static void report(struct cli *cli, const uint8_t *block, const char *image)
{
    char id[LICENSE_ID_TEXT];

    license_id_format(block + SDV_SEALED_LICENSE, id);
    cli_say(cli, "%s: imported %s\n", image, id);
    json_text(&cli->json, NULL, id);
}

/* What a person can do about a full card depends on what it is full of. */
static const char *room_text(struct slot *slot)
{
    sdv_vault_info info;

    if (sdv_license_get_data(&slot->assd, &info) != SDV_OK) {
        return "";
    }
    return info.free_lines == 0
               ? "; every line remembers a limited or damaged license for ever"
               : "; every slot holds a license";
}

/* One line about a refusal.  @return exit status */
static int refuse(struct slot *slot, const struct job *job, size_t index,
                  sdv_err err)
{
    char name[NAME_SIZE];
    char detail[2 * sizeof(slot->bus->detail)];

    sealed_place_name(&job->place, slot, index, name, sizeof(name));
    (void)snprintf(detail, sizeof(detail), "%s", slot->bus->detail);
    if (err == SDV_CARD_SW(NO_SPACE)) {
        const size_t used = strlen(detail);

        (void)snprintf(detail + used, sizeof(detail) - used, "%s",
                       room_text(slot));
    }
    return cli_fail(slot->cli, name, err, detail);
}

/* A refused license does not stop the others; a card that fails does. */
static int import_one(struct slot *slot, const struct job *job, size_t index,
                      int *refused)
{
    const uint8_t *block = sealed_at(&job->list, index);
    const sdv_err err = sdv_license_import(&slot->assd, block);

    if (err == SDV_OK) {
        report(slot->cli, block, slot->image);
        return CLI_DONE;
    }
    if (sdv_err_sw(err) == 0) {
        return slot_fail(slot, err);
    }
    *refused = refuse(slot, job, index, err);
    return CLI_DONE;
}

static int import_all(struct slot *slot, const struct job *job)
{
    struct cli *cli = slot->cli;
    struct progress progress;
    int refused = CLI_DONE;
    int status = CLI_DONE;

    progress_start(&progress, job->list.count * SDV_VAULT_SEALED_BYTES);
    json_open(&cli->json, "imported", '[');
    for (size_t i = 0; i < job->list.count && status == CLI_DONE; i++) {
        status = import_one(slot, job, i, &refused);
        progress_show(&progress, (i + 1) * SDV_VAULT_SEALED_BYTES);
    }
    json_close(&cli->json, ']');
    progress_end(&progress);
    return status == CLI_DONE ? refused : status;
}

static int run(struct cli *cli, const struct job *job)
{
    const bool here = job->place.file == NULL && job->place.card == NULL;
    struct slot slot;
    int status = slot_open(&slot, cli, cli->operands[0]);

    if (status != CLI_DONE) {
        return status;
    }
    if (here) {
        status = sealed_from_card(&slot, job->place.lba, &job->list);
    }
    if (status == CLI_DONE) {
        status = slot_open_secure(&slot);
    }
    if (status == CLI_DONE) {
        status = import_all(&slot, job);
    }
    return slot_close(&slot, status);
}

/* Licenses that are not on the card itself are fetched first. */
static int fetch(struct cli *cli, struct job *job, uint64_t blocks)
{
    int status;

    if (job->place.file != NULL) {
        return sealed_from_file(cli, job->place.file, &job->list);
    }
    status = sealed_list_make(cli, (size_t)blocks, &job->list);
    if (status != CLI_DONE || job->place.card == NULL) {
        return status;
    }
    return sealed_at_second(cli, &job->place, &job->list, sealed_from_card);
}

static int read_job(struct cli *cli, struct job *job, uint64_t *blocks)
{
    int status = sealed_place_read(cli, OPT_FROM_CARD, &job->place);

    *blocks = 1;
    if (status == CLI_DONE) {
        status = cli_number(cli, OPT_BLOCKS, UINT16_MAX, blocks);
    }
    if (status == CLI_DONE && *blocks == 0) {
        status = cli_usage(cli, "--blocks: at least 1");
    }
    if (status == CLI_DONE && job->place.file != NULL &&
        cli_value(cli, OPT_BLOCKS) != NULL) {
        status = cli_usage(cli, "--blocks goes with --lba");
    }
    return status == CLI_DONE ? sealed_needs_session(cli) : status;
}

int cmd_license_import(struct cli *cli)
{
    struct job job = {0};
    uint64_t blocks;
    int status = read_job(cli, &job, &blocks);

    if (status == CLI_DONE) {
        status = fetch(cli, &job, blocks);
    }
    if (status == CLI_DONE) {
        status = run(cli, &job);
    }
    sealed_list_free(&job.list);
    return status;
}
