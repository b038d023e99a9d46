/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault authority personalize */
#include <openssl/crypto.h>

#include <sdvault/id.h>
#include <sdvault/license.h>

#include "authority.h"
#include "slot.h"
#include "vault_text.h"

/* Raw words of the CID, highest first, as bytes. */
static void cid_bytes(const sdv_card *card, uint8_t cid[SDV_CID_BYTES])
{
    for (int i = 0; i < SDV_CID_BYTES; i++) {
        cid[i] = (uint8_t)(card->raw_cid[3 - i / 4] >> (24 - 8 * (i % 4)));
    }
}

static void show(struct slot *slot, uint64_t medium_id)
{
    char text[SDV_ID_TEXT_SIZE];

    json_text(&slot->cli->json, "image", slot->image);
    if (sdv_id_format(medium_id, text) == SDV_OK) {
        cli_show(slot->cli, "medium id:", "medium_id", text);
    }
}

/* The card has it all; was that noted before? */
static int complete(struct slot *slot, sdv_authority *authority,
                    const sdv_vault_info *info)
{
    bool already = true;
    sdv_err err = SDV_ERR_MEDIUM_TAKEN;

    if (info->lifecycle == SDV_VAULT_LIFECYCLE_ACTIVE) {
        err = sdv_authority_personalized(authority, info->medium_id, &already);
    }
    if (err == SDV_ERR_MEDIUM_UNKNOWN || (err == SDV_OK && already)) {
        err = SDV_ERR_MEDIUM_TAKEN;
    }
    if (err == SDV_ERR_MEDIUM_TAKEN) {
        return cli_fail(slot->cli, slot->image, err,
                        lifecycle_text(info->lifecycle));
    }
    if (err != SDV_OK) {
        return authority_fail(slot->cli, authority, slot->cli->operands[0],
                              err);
    }
    show(slot, info->medium_id);
    return CLI_DONE;
}

/* The ledger knows the medium before the card does. */
static int store(struct slot *slot, sdv_authority *authority, uint64_t wanted)
{
    uint8_t cid[SDV_CID_BYTES];
    sdv_personalization data;
    int status = CLI_DONE;
    sdv_err err;

    cid_bytes(&slot->card, cid);
    err = sdv_authority_personalize(authority, cid, wanted, &data);
    if (err != SDV_OK) {
        return authority_fail(slot->cli, authority, slot->image, err);
    }
    err = sdv_license_personalize(&slot->assd, data.data);
    OPENSSL_cleanse(data.data, sizeof(data.data));
    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    err = sdv_authority_personalized(authority, data.medium_id, NULL);
    if (err != SDV_OK) {
        status =
            authority_fail(slot->cli, authority, slot->cli->operands[0], err);
    }
    show(slot, data.medium_id);
    return status;
}

static int run(struct slot *slot, sdv_authority *authority, uint64_t wanted)
{
    sdv_vault_info info;
    const int status = slot_open_secure(slot);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_license_get_data(&slot->assd, &info);
    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    return info.lifecycle == SDV_VAULT_LIFECYCLE_BLANK
               ? store(slot, authority, wanted)
               : complete(slot, authority, &info);
}

int cmd_authority_personalize(struct cli *cli)
{
    sdv_authority *authority = NULL;
    uint64_t wanted = 0;
    struct slot slot;
    int status = authority_id(cli, OPT_MEDIUM, &wanted);

    if (status == CLI_DONE) {
        status = authority_open(cli, &authority);
    }
    if (status == CLI_DONE) {
        status = slot_open(&slot, cli, cli->operands[1]);
        if (status == CLI_DONE) {
            status = slot_close(&slot, run(&slot, authority, wanted));
        }
    }
    sdv_authority_close(&authority);
    return status;
}
