/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault license export */
#include <string.h>

#include "progress.h"
#include "sealed_place.h"
#include "vault_text.h"

/* The licenses that are wanted; the block of each begins with its id, until it
 * has been exported. */
struct job {
    struct sealed_place place;
    bool all;
    uint8_t id[SDV_LICENSE_ID_BYTES];
    struct sealed_list list;
};

/* ---- which ---- */

static sdv_err note_live(void *ctx, const sdv_license_entry *entry)
{
    struct sealed_list *list = (struct sealed_list *)ctx;

    if (entry->state == SDV_VAULT_STATE_LIVE && list->count < SDV_VAULT_LINES) {
        memcpy(sealed_at(list, list->count++), entry->id, sizeof(entry->id));
    }
    return SDV_OK;
}

static int note_all(struct slot *slot, struct job *job)
{
    sdv_err err;

    job->list.count = 0;
    err = sdv_license_list(&slot->assd, note_live, &job->list);
    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    return job->list.count != 0
               ? CLI_DONE
               : cli_fail(slot->cli, slot->image, SDV_CARD_SW(NOT_FOUND),
                          "LICENSE_LIST: none is live");
}

/* ---- exporting ---- */

/* In place of the id comes the license; what is refused leaves a gap. */
static int export_one(struct slot *slot, uint8_t *block, bool *gap,
                      int *refused)
{
    uint8_t id[SDV_LICENSE_ID_BYTES];
    char text[LICENSE_ID_TEXT];
    sdv_err err;

    memcpy(id, block, sizeof(id));
    license_id_format(id, text);
    err = sdv_license_export(&slot->assd, id, block);
    *gap = err != SDV_OK;
    if (err == SDV_OK) {
        json_text(&slot->cli->json, NULL, text);
        return CLI_DONE;
    }
    if (sdv_err_sw(err) == 0) {
        return slot_fail(slot, err);
    }
    *refused = cli_fail(slot->cli, text, err, slot->bus->detail);
    return CLI_DONE;
}

/* The list keeps those that were exported. */
static int export_all(struct slot *slot, struct sealed_list *list, int *refused)
{
    struct progress progress;
    const size_t wanted = list->count;
    int status = CLI_DONE;

    progress_start(&progress, wanted * SDV_VAULT_SEALED_BYTES);
    json_open(&slot->cli->json, "exported", '[');
    list->count = 0;
    for (size_t i = 0; i < wanted && status == CLI_DONE; i++) {
        uint8_t *block = sealed_at(list, list->count);
        bool gap;

        memmove(block, sealed_at(list, i), SDV_LICENSE_ID_BYTES);
        status = export_one(slot, block, &gap, refused);
        list->count += !gap;
        progress_show(&progress, (i + 1) * SDV_VAULT_SEALED_BYTES);
    }
    json_close(&slot->cli->json, ']');
    progress_end(&progress);
    return status;
}

static int export(struct slot *slot, struct job *job, int *refused)
{
    const bool here = job->place.file == NULL && job->place.card == NULL;
    int status = slot_open_secure(slot);

    if (status == CLI_DONE && job->all) {
        status = note_all(slot, job);
    }
    if (status == CLI_DONE && here) {
        status = slot_check_range(slot, job->place.lba, job->list.count);
    }
    if (status == CLI_DONE) {
        status = export_all(slot, &job->list, refused);
    }
    if (status == CLI_DONE && here && job->list.count != 0) {
        status = sealed_to_card(slot, job->place.lba, &job->list);
    }
    return status;
}

/* ---- the command ---- */

static void report(struct cli *cli, const struct job *job,
                   const struct slot *slot)
{
    char id[LICENSE_ID_TEXT];
    char name[4200];

    for (size_t i = 0; i < job->list.count; i++) {
        license_id_format(sealed_at(&job->list, i) + SDV_SEALED_LICENSE, id);
        sealed_place_name(&job->place, slot, i, name, sizeof(name));
        cli_say(cli, "%s: exported %s to %s\n", slot->image, id, name);
    }
}

static int deliver(struct cli *cli, const struct job *job,
                   struct output *output)
{
    if (job->list.count == 0) {
        return CLI_DONE;
    }
    if (job->place.file != NULL) {
        return sealed_to_file(cli, output, &job->list);
    }
    if (job->place.card != NULL) {
        return sealed_at_second(cli, &job->place, &job->list, sealed_to_card);
    }
    return CLI_DONE;
}

static int run(struct cli *cli, struct job *job, struct output *output)
{
    int refused = CLI_DONE;
    struct slot slot;
    int status = slot_open(&slot, cli, cli->operands[0]);

    if (status == CLI_DONE) {
        status = slot_close(&slot, export(&slot, job, &refused));
    }
    if (status == CLI_DONE) {
        status = deliver(cli, job, output);
    }
    if (status == CLI_DONE) {
        report(cli, job, &slot);
    }
    return status == CLI_DONE ? refused : status;
}

/* A file that cannot be written is found before the card is asked. */
static int run_with_output(struct cli *cli, struct job *job)
{
    struct output output = {0};
    int status = CLI_DONE;

    if (job->place.file != NULL) {
        status = output_open(cli, job->place.file, &output);
    }
    if (status == CLI_DONE) {
        status = run(cli, job, &output);
    }
    output_drop(&output);
    return status;
}

static int read_job(struct cli *cli, struct job *job)
{
    const char *id = cli->operands[1];
    int status = sealed_place_read(cli, OPT_TO_CARD, &job->place);

    job->all = cli_value(cli, OPT_ALL) != NULL;
    if (status == CLI_DONE && job->all == (id != NULL)) {
        status = cli_usage(cli, "give a license id or --all");
    }
    if (status == CLI_DONE && id != NULL && !license_id_parse(id, job->id)) {
        status = cli_usage(cli, "not a license id of 32 hex digits: %s", id);
    }
    return status == CLI_DONE ? sealed_needs_session(cli) : status;
}

int cmd_license_export(struct cli *cli)
{
    struct job job = {0};
    int status = read_job(cli, &job);

    cli->data_on_stdout = job.place.file != NULL && is_dash(job.place.file);
    if (status == CLI_DONE) {
        status =
            sealed_list_make(cli, job.all ? SDV_VAULT_LINES : 1, &job.list);
    }
    if (status == CLI_DONE) {
        memcpy(sealed_at(&job.list, 0), job.id, sizeof(job.id));
        status = run_with_output(cli, &job);
    }
    sealed_list_free(&job.list);
    return status;
}
