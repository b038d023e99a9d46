/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault license list */
#include <inttypes.h>

#include "slot.h"
#include "vault_text.h"

static sdv_err show(void *ctx, const sdv_license_entry *entry)
{
    struct cli *cli = (struct cli *)ctx;
    const bool keep = entry->flags & SDV_VAULT_FLAG_KEEP;
    char id[LICENSE_ID_TEXT];

    license_id_format(entry->id, id);
    cli_say(cli, "%s  %-8s generation %" PRIu32 "%s\n", id,
            license_state_text(entry->state), entry->generation,
            keep ? ", counted or renewed: kept for ever" : "");
    json_open(&cli->json, NULL, '{');
    json_text(&cli->json, "id", id);
    json_text(&cli->json, "state", license_state_text(entry->state));
    json_number(&cli->json, "generation", entry->generation);
    json_bool(&cli->json, "keep", keep);
    json_close(&cli->json, '}');
    return SDV_OK;
}

static int list(struct slot *slot)
{
    struct cli *cli = slot->cli;
    const int status = slot_open_secure(slot);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    json_open(&cli->json, "licenses", '[');
    err = sdv_license_list(&slot->assd, show, cli);
    json_close(&cli->json, ']');
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

int cmd_license_list(struct cli *cli)
{
    struct slot slot;
    const int status = slot_open(&slot, cli, cli->operands[0]);

    if (status != CLI_DONE) {
        return status;
    }
    json_text(&cli->json, "image", slot.image);
    return slot_close(&slot, list(&slot));
}
