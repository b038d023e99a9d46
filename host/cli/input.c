/* SPDX-License-Identifier: Apache-2.0 */
#include "input.h"

#include <errno.h>
#include <sys/stat.h>

#include "output.h"

int input_open(const struct cli *cli, struct input *input)
{
    const char *path = cli_value(cli, OPT_INPUT);
    const bool standard = path == NULL || is_dash(path);
    struct stat stat;

    *input = (struct input){.file = stdin, .name = "standard input"};
    errno = 0;
    if (!standard) {
        input->name = path;
        input->file = fopen(path, "rb");
    }
    if (input->file == NULL) {
        return cli_fail(cli, input->name, SDV_ERR_IO, NULL);
    }
    if (fstat(fileno(input->file), &stat) == 0 && S_ISREG(stat.st_mode)) {
        const off_t at = ftello(input->file);

        input->size = at < stat.st_size ? (uint64_t)(stat.st_size - at) : 0;
    }
    return CLI_DONE;
}

void input_close(const struct input *input)
{
    if (input->file != stdin) {
        (void)fclose(input->file); /* only read */
    }
}
