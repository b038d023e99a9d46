/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file hex.h
 * @brief Bytes as hex digits.
 */
#ifndef SDV_CLI_HEX_H
#define SDV_CLI_HEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Exactly `size` bytes of digits in either case, after 0x or not. */
bool hex_parse(const char *text, uint8_t *bytes, size_t size);

/** @param[out] text  char[2 * size + 1] */
void hex_format(const uint8_t *bytes, size_t size, char *text);

#endif /* SDV_CLI_HEX_H */
