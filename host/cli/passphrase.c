/* SPDX-License-Identifier: Apache-2.0 */
#include "passphrase.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <openssl/crypto.h>
#include <openssl/evp.h>

static int check(const struct cli *cli, const char *passphrase)
{
    return passphrase[0] != '\0'
               ? CLI_DONE
               : cli_usage(cli, "the passphrase is empty; --insecure at init "
                                "leaves the master key without one");
}

/* The first line, without its end. */
static int from_file(const struct cli *cli, const char *path,
                     char passphrase[PASSPHRASE_SIZE])
{
    FILE *file;
    bool whole;

    errno = 0;
    file = fopen(path, "rb");
    if (file == NULL) {
        return cli_fail(cli, path, SDV_ERR_IO, NULL);
    }
    setvbuf(file, NULL, _IONBF, 0); /* no second copy in memory */
    if (fgets(passphrase, PASSPHRASE_SIZE, file) == NULL) {
        passphrase[0] = '\0';
    }
    whole = strchr(passphrase, '\n') != NULL || feof(file);
    (void)fclose(file); /* only read */
    passphrase[strcspn(passphrase, "\r\n")] = '\0';
    return whole ? check(cli, passphrase)
                 : cli_usage(cli, "%s: the first line is too long", path);
}

static int from_environment(const struct cli *cli, const char *value,
                            char passphrase[PASSPHRASE_SIZE])
{
    if (strlen(value) >= PASSPHRASE_SIZE) {
        return cli_usage(cli, "SDVAULT_PASSPHRASE is too long");
    }
    memcpy(passphrase, value, strlen(value) + 1);
    return check(cli, passphrase);
}

static bool has_terminal(void)
{
    const int fd = open("/dev/tty", O_RDWR);

    if (fd >= 0) {
        (void)close(fd);
    }
    return fd >= 0;
}

static int from_person(const struct cli *cli, bool twice,
                       char passphrase[PASSPHRASE_SIZE])
{
    if (!has_terminal()) {
        return cli_usage(cli, "no terminal to ask for the passphrase: give "
                              "--passphrase-file or SDVAULT_PASSPHRASE");
    }
    if (EVP_read_pw_string(passphrase, PASSPHRASE_SIZE,
                           "Passphrase of the authority: ", twice) != 0) {
        return cli_usage(cli, "no passphrase was given");
    }
    return check(cli, passphrase);
}

int passphrase_get(const struct cli *cli, bool twice,
                   char passphrase[PASSPHRASE_SIZE])
{
    const char *path = cli_value(cli, OPT_PASSPHRASE_FILE);
    const char *value = getenv("SDVAULT_PASSPHRASE");

    passphrase[0] = '\0';
    if (path != NULL) {
        return from_file(cli, path, passphrase);
    }
    return value != NULL ? from_environment(cli, value, passphrase)
                         : from_person(cli, twice, passphrase);
}

void passphrase_wipe(char passphrase[PASSPHRASE_SIZE])
{
    OPENSSL_cleanse(passphrase, PASSPHRASE_SIZE);
}
