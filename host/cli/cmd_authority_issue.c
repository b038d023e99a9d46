/* SPDX-License-Identifier: Apache-2.0 */
/* sdvault authority issue */
#include <errno.h>
#include <string.h>

#include <openssl/crypto.h>

#include "authority.h"
#include "content_option.h"
#include "date.h"
#include "output.h"
#include "vault_text.h"

/* A count, or unlimited when it is absent; *limit stays then. */
static int read_count(const struct cli *cli, enum cli_option option,
                      uint32_t *limit)
{
    uint64_t value = SDV_VAULT_UNLIMITED;
    const int status = cli_number(cli, option, SDV_VAULT_UNLIMITED - 1, &value);

    *limit = (uint32_t)value;
    return status;
}

static int read_flags(const struct cli *cli, uint32_t *flags)
{
    static const char *const words[] = {"medium", "apparatus", "all", NULL};
    static const uint32_t taken[] = {
        SDV_VAULT_RECORD_MEDIUM_EXPORT, SDV_VAULT_RECORD_APPARATUS_EXPORT,
        SDV_VAULT_RECORD_MEDIUM_EXPORT | SDV_VAULT_RECORD_APPARATUS_EXPORT, 0};
    int word = 3;
    const int status = cli_word(cli, OPT_NO_EXPORT, words, &word);

    *flags = taken[2] & ~taken[word];
    return status;
}

static int read_title(const struct cli *cli, char title[SDV_TITLE_MAX + 1])
{
    const char *text = cli_value(cli, OPT_TITLE);

    if (strlen(text) > SDV_TITLE_MAX) {
        return cli_usage(cli, "--title: at most %d bytes", SDV_TITLE_MAX);
    }
    memcpy(title, text, strlen(text) + 1);
    return CLI_DONE;
}

static int read_rights(const struct cli *cli, sdv_record *record)
{
    const char *path = cli_value(cli, OPT_RIGHTS);
    uint8_t bytes[SDV_RIGHTS_MAX + 1]; /* one more shows "too long" */
    FILE *file;
    size_t size;
    bool failed;

    if (path == NULL) {
        return CLI_DONE;
    }
    errno = 0;
    file = fopen(path, "rb");
    if (file == NULL) {
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    failed = ferror(file);
    (void)fclose(file); /* only read */
    if (failed) {
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    if (size > SDV_RIGHTS_MAX) {
        return cli_usage(cli, "--rights: at most %d bytes", SDV_RIGHTS_MAX);
    }
    memcpy(record->rights, bytes, size);
    record->rights_size = (uint16_t)size;
    return CLI_DONE;
}

static int read_period(const struct cli *cli, sdv_record *record)
{
    int status = date_option(cli, OPT_NOT_BEFORE, &record->not_before);

    if (status == CLI_DONE) {
        status = date_option(cli, OPT_NOT_AFTER, &record->not_after);
    }
    if (status == CLI_DONE && record->not_after != 0 &&
        record->not_after < record->not_before) {
        status = cli_usage(cli, "--not-after is before --not-before");
    }
    return status;
}

/* What the license allows. */
static int read_record(const struct cli *cli, sdv_record *record)
{
    int status = read_title(cli, record->title);

    if (status == CLI_DONE) {
        status = read_count(cli, OPT_USES, &record->uses);
    }
    if (status == CLI_DONE && record->uses == 0) {
        status = cli_usage(cli, "--uses: at least 1");
    }
    if (status == CLI_DONE) {
        status = read_count(cli, OPT_EXPORTS, &record->exports);
    }
    if (status == CLI_DONE) {
        status = read_flags(cli, &record->flags);
    }
    if (status == CLI_DONE) {
        status = read_period(cli, record);
    }
    if (status == CLI_DONE) {
        status = authority_id(cli, OPT_APPARATUS, &record->apparatus_id);
    }
    return status == CLI_DONE ? read_rights(cli, record) : status;
}

static int read_suite(const struct cli *cli, uint8_t *suite)
{
    static const char *const words[] = {"128", "256", NULL};
    static const uint8_t suites[] = {SDV_VAULT_SUITE_128, SDV_VAULT_SUITE_256};
    int word = 1;
    const int status = cli_word(cli, OPT_SUITE, words, &word);

    *suite = cli_value(cli, OPT_SUITE) != NULL ? suites[word] : 0;
    return status;
}

/* Which license it is. */
static int read_license(const struct cli *cli, sdv_issue *request)
{
    const char *license = cli_value(cli, OPT_LICENSE);
    uint64_t generation = 0;

    request->has_license_id = license != NULL;
    if (license != NULL && !license_id_parse(license, request->license_id)) {
        return cli_usage(cli, "--license: not 32 hex digits: %s", license);
    }
    if (cli_number(cli, OPT_GENERATION, UINT32_MAX, &generation) != CLI_DONE) {
        return CLI_USAGE;
    }
    request->generation = (uint32_t)generation;
    return read_suite(cli, &request->suite);
}

static int read_request(const struct cli *cli, sdv_issue *request)
{
    int status = authority_id(cli, OPT_MEDIUM, &request->medium_id);

    if (status == CLI_DONE) {
        status = read_license(cli, request);
    }
    if (status == CLI_DONE) {
        status = read_record(cli, &request->record);
    }
    if (status == CLI_DONE) {
        status = content_id_option(cli, request->record.content_id,
                                   &request->has_content_id);
    }
    return status == CLI_DONE
               ? content_key_option(cli, request->record.content_key,
                                    &request->has_content_key)
               : status;
}

static int check_title(const struct cli *cli, const sdv_record *record)
{
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];
    const sdv_err err = sdv_record_pack(record, bytes);

    OPENSSL_cleanse(bytes, sizeof(bytes));
    return err == SDV_OK
               ? CLI_DONE
               : cli_usage(cli, "--title: empty, not UTF-8, or with control "
                                "characters");
}

static int run(struct cli *cli, const sdv_issue *request)
{
    sdv_authority *authority = NULL;
    sdv_issued issued = {0};
    int status = authority_open(cli, &authority);
    sdv_err err;

    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_authority_issue(authority, request, &issued);
    status = err == SDV_OK ? authority_deliver(cli, authority, &issued)
                           : authority_fail(cli, authority,
                                            cli_value(cli, OPT_MEDIUM), err);
    OPENSSL_cleanse(&issued, sizeof(issued));
    sdv_authority_close(&authority);
    return status;
}

int cmd_authority_issue(struct cli *cli)
{
    sdv_issue request = {0};
    int status = read_request(cli, &request);

    cli->data_on_stdout = is_dash(cli_value(cli, OPT_OUTPUT));
    if (status == CLI_DONE) {
        status = check_title(cli, &request.record);
    }
    if (status == CLI_DONE) {
        status = run(cli, &request);
    }
    OPENSSL_cleanse(&request, sizeof(request));
    return status;
}
