/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file modes.h
 * @brief Modes of operation (SP 800-38A) around one block of the RTL.
 *
 * The AES is that of the lab; chaining, shifting and XOR are done here.
 */
#ifndef SDV_TEST_MODES_H
#define SDV_TEST_MODES_H

#include "crypto_lab.h"

/** A message under the key that the lab has. */
struct mode_message {
    bool decrypt;
    uint8_t iv[16];
    const uint8_t *in;
    uint8_t *out;
    size_t len; /* bytes; with CFB1 bits, one in each byte */
};

typedef void mode(crypto_lab *lab, struct mode_message *message);

mode mode_ecb, mode_cbc, mode_cfb1, mode_cfb8, mode_cfb128, mode_ofb, mode_ctr;

#endif /* SDV_TEST_MODES_H */
