/* SPDX-License-Identifier: Apache-2.0 */
#include "sealed_place.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <sdvault/id.h>

#define BLOCK SDV_VAULT_SEALED_BYTES

/* ---- the command line ---- */

int sealed_place_read(struct cli *cli, enum cli_option card,
                      struct sealed_place *place)
{
    const bool blocks = cli_value(cli, OPT_LBA) != NULL;

    memset(place, 0, sizeof(*place));
    place->file = cli_value(cli, OPT_FILE);
    place->card = cli_value(cli, card);
    if ((place->file != NULL) == blocks) {
        return cli_usage(cli, "give --file or --lba");
    }
    if (!blocks && place->card != NULL) {
        return cli_usage(cli, "%s goes with --lba", cli_options[card].name);
    }
    return cli_number(cli, OPT_LBA, UINT32_MAX, &place->lba);
}

void sealed_place_name(const struct sealed_place *place,
                       const struct slot *slot, size_t index, char *name,
                       size_t size)
{
    if (place->file == NULL) {
        (void)snprintf(name, size, "%s block %" PRIu64,
                       place->card != NULL ? place->card : slot->image,
                       place->lba + index);
    } else if (index == 0) {
        (void)snprintf(name, size, "%s", place->file);
    } else {
        (void)snprintf(name, size, "%s license %zu", place->file, index + 1);
    }
}

/* An apparatus to bind to: one of two words, or an id. */
static bool is_target(const char *text)
{
    uint64_t id;

    return strcmp(text, "self") == 0 || strcmp(text, "second") == 0 ||
           sdv_id_parse(text, &id) == SDV_OK;
}

int sealed_needs_session(const struct cli *cli)
{
    const char *bind = cli_value(cli, OPT_BIND);
    const char *object = bind != NULL ? "--bind" : "--pair";

    if (bind != NULL && !is_target(bind)) {
        return cli_usage(cli, "--bind: not self, second or an id: %s", bind);
    }
    if (bind == NULL && cli_value(cli, OPT_PAIR) == NULL) {
        return CLI_DONE;
    }
    return cli_fail(cli, object, SDV_CARD_SW(SECURITY_STATUS),
                    "cards of this version have no secure channel yet "
                    "(status word 6982)");
}

/* ---- memory ---- */

int sealed_list_make(const struct cli *cli, size_t count,
                     struct sealed_list *list)
{
    list->bytes = calloc(count, BLOCK);
    list->count = list->bytes != NULL ? count : 0;
    return list->bytes != NULL
               ? CLI_DONE
               : cli_fail(cli, "licenses", SDV_ERR_NO_MEMORY, NULL);
}

void sealed_list_free(struct sealed_list *list)
{
    free(list->bytes);
    memset(list, 0, sizeof(*list));
}

/* ---- files ---- */

/* Everything up to the end, as a stream of memory. */
static sdv_err read_all(FILE *file, char **bytes, size_t *size)
{
    FILE *memory = open_memstream(bytes, size);
    sdv_err err;

    if (memory == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    err = copy_file(file, memory);
    return fclose(memory) == 0 ? err : SDV_ERR_NO_MEMORY;
}

int sealed_from_file(const struct cli *cli, const char *path,
                     struct sealed_list *list)
{
    FILE *file = is_dash(path) ? stdin : fopen(path, "rb");
    char *bytes = NULL;
    size_t size = 0;
    sdv_err err = SDV_ERR_IO;

    if (file != NULL) {
        err = read_all(file, &bytes, &size);
        if (file != stdin) {
            (void)fclose(file); /* only read */
        }
    }
    list->bytes = (uint8_t *)bytes;
    list->count = size / BLOCK;
    if (err == SDV_OK && (size == 0 || size % BLOCK != 0)) {
        return cli_fail(cli, path, SDV_ERR_SEALED_MAGIC,
                        "its size is no multiple of 512 bytes");
    }
    return err == SDV_OK ? CLI_DONE : cli_fail(cli, path, err, NULL);
}

int sealed_to_file(const struct cli *cli, struct output *output,
                   const struct sealed_list *list)
{
    output->data = true;
    errno = 0;
    if (fwrite(list->bytes, BLOCK, list->count, output->file) != list->count) {
        return cli_fail(cli, output->path, SDV_ERR_IO, NULL);
    }
    return output_commit(cli, output);
}

/* ---- user areas ---- */

int sealed_from_card(struct slot *slot, uint64_t lba,
                     const struct sealed_list *list)
{
    const int status = slot_check_range(slot, lba, list->count);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_card_read(&slot->card, (uint32_t)lba, (uint32_t)list->count,
                        list->bytes);
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

int sealed_to_card(struct slot *slot, uint64_t lba,
                   const struct sealed_list *list)
{
    const int status = slot_check_range(slot, lba, list->count);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_card_write(&slot->card, (uint32_t)lba, (uint32_t)list->count,
                         list->bytes);
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

int sealed_at_second(struct cli *cli, const struct sealed_place *place,
                     const struct sealed_list *list, sealed_move *move)
{
    struct slot slot;
    int status;

    json_open(&cli->json, "second_card", '{');
    json_text(&cli->json, "image", place->card);
    status = slot_open_second(&slot, cli, place->card);
    if (status == CLI_DONE) {
        status = slot_close(&slot, move(&slot, place->lba, list));
    }
    json_close(&cli->json, '}');
    return status;
}
