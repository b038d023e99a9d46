/* SPDX-License-Identifier: Apache-2.0 */
#include "authority.h"

#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include <sdvault/content.h>
#include <sdvault/id.h>

#include "hex.h"
#include "output.h"
#include "passphrase.h"
#include "vault_text.h"

int authority_open(const struct cli *cli, sdv_authority **authority)
{
    const char *folder = cli->operands[0];
    char passphrase[PASSPHRASE_SIZE] = "";
    bool needed = false;
    int status = CLI_DONE;
    sdv_err err;

    errno = 0;
    err = sdv_authority_is_protected(folder, &needed);
    if (err == SDV_OK && needed) {
        status = passphrase_get(cli, false, passphrase);
    }
    if (err == SDV_OK && status == CLI_DONE) {
        err = sdv_authority_open(folder, passphrase, authority);
    }
    passphrase_wipe(passphrase);
    return err == SDV_OK ? status : cli_fail(cli, folder, err, NULL);
}

int authority_fail(const struct cli *cli, const sdv_authority *authority,
                   const char *object, sdv_err err)
{
    return cli_fail(cli, object, err, sdv_authority_detail(authority));
}

int authority_id(const struct cli *cli, enum cli_option option, uint64_t *id)
{
    const char *text = cli_value(cli, option);
    const sdv_err err = text != NULL ? sdv_id_parse(text, id) : SDV_OK;

    return err == SDV_OK ? CLI_DONE : cli_fail(cli, text, err, NULL);
}

/* Bytes to a file, complete and on the disk, or not at all. */
static int write_file(const struct cli *cli, const char *path,
                      const void *bytes, size_t size, bool secret)
{
    struct output output;
    int status = output_open(cli, path, &output);

    if (status != CLI_DONE) {
        return status;
    }
    output.data = true;
    errno = 0;
    if ((secret && !output_make_private(&output)) ||
        fwrite(bytes, 1, size, output.file) != size) {
        status = cli_fail(cli, path, SDV_ERR_IO, NULL);
    } else {
        output.durable = true;
        status = output_commit(cli, &output);
    }
    output_drop(&output);
    return status;
}

static int write_key(const struct cli *cli, const sdv_issued *issued)
{
    const char *path = cli_value(cli, OPT_KEY_OUT);
    char text[SDV_KEY_TEXT_MAX];
    int status;

    if (path == NULL) {
        return CLI_DONE;
    }
    sdv_content_key_format(issued->record.content_key, text);
    status = write_file(cli, path, text, strlen(text), true);
    OPENSSL_cleanse(text, sizeof(text));
    return status;
}

static void show(struct cli *cli, const sdv_issued *issued)
{
    char license[LICENSE_ID_TEXT];
    char content[2 * SDV_CONTENT_ID_BYTES + 1];
    char medium[SDV_ID_TEXT_SIZE];

    license_id_format(issued->license_id, license);
    hex_format(issued->record.content_id, SDV_CONTENT_ID_BYTES, content);
    if (sdv_id_format(issued->medium_id, medium) == SDV_OK) {
        cli_show(cli, "medium id:", "medium_id", medium);
    }
    cli_show(cli, "license id:", "license_id", license);
    cli_show(cli, "content id:", "content_id", content);
    json_number(&cli->json, "generation", issued->generation);
    json_bool(&cli->json, "again", issued->again);
}

int authority_deliver(struct cli *cli, sdv_authority *authority,
                      const sdv_issued *issued)
{
    const char *path = cli_value(cli, OPT_OUTPUT);
    int status = write_key(cli, issued);
    sdv_err err;

    if (status == CLI_DONE) {
        status =
            write_file(cli, path, issued->block, sizeof(issued->block), false);
    }
    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_authority_delivered(authority, issued);
    if (err != SDV_OK) {
        return authority_fail(cli, authority, cli->operands[0], err);
    }
    show(cli, issued);
    return CLI_DONE;
}
