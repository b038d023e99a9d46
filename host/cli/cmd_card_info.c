/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault card info */
#include <inttypes.h>
#include <string.h>

#include <sdvault/id.h>

#include "card_fields.h"
#include "slot.h"
#include "vault_text.h"
#include "wear.h"

#define HEX_SIZE 129 /* the 64 bytes of the SSR, and a zero */

static void show_id(struct cli *cli, const char *label, const char *name,
                    uint64_t id, const char *otherwise)
{
    char text[SDV_ID_TEXT_SIZE];

    if (sdv_id_format(id, text) == SDV_OK) {
        cli_show(cli, label, name, text);
    } else {
        cli_say(cli, "%-14s %s\n", label, otherwise);
        json_null(&cli->json, name);
    }
}

static void show_room(struct cli *cli, const char *label, const char *name,
                      unsigned all, unsigned free)
{
    cli_say(cli, "%-14s %u, %u free\n", label, all, free);
    json_open(&cli->json, name, '{');
    json_number(&cli->json, "all", all);
    json_number(&cli->json, "free", free);
    json_close(&cli->json, '}');
}

static void show_defects(struct cli *cli, uint8_t defects)
{
    cli_say(cli, "%-14s%s%s%s%s\n", "defect lines:",
            defects & SDV_VAULT_DEFECT_LIFECYCLE ? " lifecycle" : "",
            defects & SDV_VAULT_DEFECT_SYSTEM ? " system" : "",
            defects & SDV_VAULT_DEFECT_LICENSE ? " licenses" : "",
            defects == 0 ? " none" : "");
    json_number(&cli->json, "defects", defects);
}

static void show_build(struct cli *cli, const sdv_vault_info *info)
{
    cli_say(cli, "%-14s %u AES lane%s, %u round%s a clock, S-box %s\n",
            "crypto:", info->lanes, info->lanes == 1 ? "" : "s", info->rounds,
            info->rounds == 1 ? "" : "s", info->sbox == 0 ? "table" : "gates");
    json_number(&cli->json, "format_version", info->version);
    json_number(&cli->json, "suites", info->suites);
    json_number(&cli->json, "lanes", info->lanes);
    json_number(&cli->json, "rounds", info->rounds);
    json_number(&cli->json, "sbox", info->sbox);
}

/* Only a personalized card has a medium id. */
static int show_info(struct slot *slot)
{
    struct cli *cli = slot->cli;
    sdv_vault_info info;
    const sdv_err err = sdv_license_get_data(&slot->assd, &info);

    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    show_id(cli, "medium id:", "medium_id", info.medium_id,
            "none (blank card)");
    cli_show(cli, "lifecycle:", "lifecycle", lifecycle_text(info.lifecycle));
    show_room(cli, "slots:", "slots", info.slots, info.free_slots);
    show_room(cli, "lines:", "license_lines", info.lines, info.free_lines);
    show_defects(cli, info.defects);
    show_build(cli, &info);
    return CLI_DONE;
}

static int show_vault(struct slot *slot)
{
    bool found;
    const int status = slot_find_secure(slot, &found);

    if (status != CLI_DONE || found) {
        return status == CLI_DONE ? show_info(slot) : status;
    }
    show_id(slot->cli, "medium id:", "medium_id", 0,
            "none (no secure commands)");
    return CLI_DONE;
}

static int show_apparatus(struct slot *slot)
{
    uint64_t id = 0;
    const sdv_err err = sdv_bus_apparatus_id(slot->bus, &id);

    if (err != SDV_OK) {
        return slot_fail(slot, err);
    }
    show_id(slot->cli, "apparatus id:", "apparatus_id", id, "none");
    return CLI_DONE;
}

static void show_capacity(struct slot *slot)
{
    struct cli *cli = slot->cli;
    const uint32_t blocks = sdv_card_blocks(&slot->card);
    const uint64_t bytes = (uint64_t)blocks * SDV_TIMING_BLOCK_LEN;

    cli_show(cli, "type:", "type", slot->card.high_capacity ? "SDHC" : "SDSC");
    cli_say(cli, "%-14s %" PRIu64 " bytes, %" PRIu32 " blocks of %u\n",
            "capacity:", bytes, blocks, SDV_TIMING_BLOCK_LEN);
    json_number(&cli->json, "capacity", bytes);
    json_number(&cli->json, "blocks", blocks);
}

static void show_bus(struct slot *slot)
{
    struct cli *cli = slot->cli;
    const sdv_card *card = &slot->card;

    cli_say(cli, "%-14s %u line%s, %g MHz, %s speed\n", "bus:", card->lines,
            card->lines == 1 ? "" : "s", (double)card->max_hz / 1e6,
            card->high_speed ? "high" : "default");
    cli_say(cli, "%-14s 0x%04X\n", "rca:", (unsigned)card->rca);
    json_number(&cli->json, "lines", card->lines);
    json_number(&cli->json, "sd_hz", card->max_hz);
    json_bool(&cli->json, "high_speed", card->high_speed);
    json_number(&cli->json, "rca", card->rca);
}

static void show_name(struct slot *slot)
{
    const sdv_cid *cid = &slot->card.cid;

    cli_say(slot->cli,
            "%-14s %s, %s, revision %u.%u, serial 0x%08" PRIX32 ", %u-%02u\n",
            "product:", cid->pnm, cid->oid, cid->prv >> 4u, cid->prv & 15u,
            cid->psn, cid->year, cid->month);
}

static void put_words(char text[HEX_SIZE], const uint32_t raw[4])
{
    (void)snprintf(text, HEX_SIZE,
                   "%08" PRIx32 "%08" PRIx32 "%08" PRIx32 "%08" PRIx32, raw[3],
                   raw[2], raw[1], raw[0]);
}

static void put_bytes(char text[HEX_SIZE], const uint8_t *raw, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        (void)snprintf(text + 2 * i, HEX_SIZE - 2 * i, "%02x", raw[i]);
    }
}

/* A register: its digits, then its fields. */
static void show_register(struct slot *slot, const char *name,
                          const char *digits)
{
    struct cli *cli = slot->cli;

    cli_say(cli, "\n%s %s\n", name, digits);
    json_open(&cli->json, name, '{');
    json_text(&cli->json, "raw", digits);
    for (const struct card_field *f = card_fields; f->name != NULL; f++) {
        if (strcmp(f->reg, name) == 0 && card_field_present(f, &slot->card)) {
            const uint64_t value = card_field_value(f, &slot->card);

            cli_say(cli, "  %-24s 0x%" PRIX64 "\n", f->name, value);
            json_number(&cli->json, f->name, value);
        }
    }
    json_close(&cli->json, '}');
}

static void show_registers(struct slot *slot)
{
    const sdv_card *card = &slot->card;
    char text[HEX_SIZE];

    (void)snprintf(text, sizeof(text), "%08" PRIx32, card->ocr);
    show_register(slot, "OCR", text);
    put_words(text, card->raw_cid);
    show_register(slot, "CID", text);
    put_words(text, card->raw_csd);
    show_register(slot, "CSD", text);
    put_bytes(text, card->raw_scr, sizeof(card->raw_scr));
    show_register(slot, "SCR", text);
    put_bytes(text, card->raw_ssr, sizeof(card->raw_ssr));
    show_register(slot, "SSR", text);
}

int cmd_card_info(struct cli *cli)
{
    struct slot slot;
    int status = slot_open(&slot, cli, cli->operands[0]);

    if (status != CLI_DONE) {
        return status;
    }
    json_text(&cli->json, "image", slot.image);
    status = show_vault(&slot);
    if (status == CLI_DONE) {
        status = show_apparatus(&slot);
    }
    if (status != CLI_DONE) {
        return slot_close(&slot, status);
    }
    show_capacity(&slot);
    show_name(&slot);
    show_bus(&slot);
    show_registers(&slot);
    if (cli_value(cli, OPT_WEAR) != NULL) {
        cli_say(cli, "\n");
        wear_show(cli, sdv_sim_image(slot.sim));
    }
    if (cli_value(cli, OPT_CYCLES) != NULL) {
        cli_say(cli, "\n");
    }
    return slot_close(&slot, CLI_DONE);
}
