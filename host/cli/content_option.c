/* SPDX-License-Identifier: Apache-2.0 */
#include "content_option.h"

#include <errno.h>

#include <openssl/crypto.h>

#include "hex.h"

static int from_file(const struct cli *cli, const char *path,
                     uint8_t key[SDV_KEY_BYTES])
{
    char text[SDV_KEY_TEXT_MAX + 1]; /* one more shows "too long" */
    FILE *file;
    size_t size;
    sdv_err err;

    errno = 0;
    file = fopen(path, "rb");
    if (file == NULL) {
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    setvbuf(file, NULL, _IONBF, 0); /* no second copy in memory */
    size = fread(text, 1, sizeof(text), file);
    err = ferror(file) ? SDV_ERR_IO : sdv_content_key_parse(text, size, key);
    (void)fclose(file); /* only read */
    OPENSSL_cleanse(text, sizeof(text));
    return err == SDV_OK ? CLI_DONE : cli_fail(cli, path, err, NULL);
}

int content_key_option(const struct cli *cli, uint8_t key[SDV_KEY_BYTES],
                       bool *given)
{
    const char *text = cli_value(cli, OPT_CONTENT_KEY);
    const char *path = cli_value(cli, OPT_KEY_FILE);

    *given = text != NULL || path != NULL;
    if (text != NULL && path != NULL) {
        return cli_usage(cli, "--content-key or --key-file, not both");
    }
    if (path != NULL) {
        return from_file(cli, path, key);
    }
    if (text != NULL && !hex_parse(text, key, SDV_KEY_BYTES)) {
        return cli_usage(cli, "--content-key: not 64 hex digits");
    }
    return CLI_DONE;
}

int content_id_option(const struct cli *cli, uint8_t id[SDV_CONTENT_ID_BYTES],
                      bool *given)
{
    const char *text = cli_value(cli, OPT_CONTENT_ID);

    *given = text != NULL;
    if (text != NULL && !hex_parse(text, id, SDV_CONTENT_ID_BYTES)) {
        return cli_usage(cli, "--content-id: not 32 hex digits: %s", text);
    }
    return CLI_DONE;
}
