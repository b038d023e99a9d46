/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file input.h
 * @brief Where data comes from: -i, or standard input.
 */
#ifndef SDV_CLI_INPUT_H
#define SDV_CLI_INPUT_H

#include "cli.h"

struct input {
    FILE *file;
    const char *name;
    uint64_t size; /* bytes; 0: not known before the end */
};

/** @return CLI_DONE, or another status after a line on stderr */
int input_open(const struct cli *cli, struct input *input);
void input_close(const struct input *input);

#endif /* SDV_CLI_INPUT_H */
