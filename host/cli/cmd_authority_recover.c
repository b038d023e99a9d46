/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault authority recover */
#include <string.h>

#include <openssl/crypto.h>

#include "authority.h"
#include "output.h"
#include "sealed_place.h"

static int read_blob(const struct cli *cli, uint8_t *blob)
{
    const char *path = cli_value(cli, OPT_BLOB);
    struct sealed_list list = {0};
    int status = sealed_from_file(cli, path, &list);

    if (status == CLI_DONE && list.count != 1) {
        status = cli_fail(cli, path, SDV_ERR_SEALED_MAGIC,
                          "it must hold one license");
    }
    if (status == CLI_DONE) {
        memcpy(blob, sealed_at(&list, 0), SDV_VAULT_SEALED_BYTES);
    }
    sealed_list_free(&list);
    return status;
}

static int read_count(const struct cli *cli, sdv_recover *request)
{
    uint64_t spent = 0;
    const int status = cli_number(cli, OPT_SPENT, UINT32_MAX, &spent);

    request->spent = (uint32_t)spent;
    request->has_spent = cli_value(cli, OPT_SPENT) != NULL;
    request->accept_backup_count =
        cli_value(cli, OPT_ACCEPT_BACKUP_COUNT) != NULL;
    if (request->has_spent && request->accept_backup_count) {
        return cli_usage(cli, "--spent or --accept-backup-count, not both");
    }
    return status;
}

static int read_request(const struct cli *cli, sdv_recover *request)
{
    int status = authority_id(cli, OPT_MEDIUM, &request->medium_id);

    if (status == CLI_DONE) {
        status = authority_id(cli, OPT_TO_MEDIUM, &request->target_id);
    }
    if (status == CLI_DONE) {
        status = read_count(cli, request);
    }
    return status == CLI_DONE ? read_blob(cli, request->blob) : status;
}

/* Whom a failure is about. */
static const char *object_of(const struct cli *cli, sdv_err err)
{
    return cli_value(cli, err <= SDV_ERR_SEALED_MAGIC && err >= SDV_ERR_RECORD
                              ? OPT_BLOB
                              : OPT_MEDIUM);
}

int cmd_authority_recover(struct cli *cli)
{
    sdv_authority *authority = NULL;
    sdv_recover request = {0};
    sdv_issued issued = {0};
    int status = read_request(cli, &request);
    sdv_err err;

    cli->data_on_stdout = is_dash(cli_value(cli, OPT_OUTPUT));
    if (status == CLI_DONE) {
        status = authority_open(cli, &authority);
    }
    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_authority_recover(authority, &request, &issued);
    status = err == SDV_OK
                 ? authority_deliver(cli, authority, &issued)
                 : authority_fail(cli, authority, object_of(cli, err), err);
    OPENSSL_cleanse(&issued, sizeof(issued));
    sdv_authority_close(&authority);
    return status;
}
