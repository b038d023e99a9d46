/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file vault.h
 * @brief The secure side of the functional card: tokens in, responses out.
 *
 * Private to sim/model.  Written from docs/protocol_secure.md; all crypto is
 * that of libcrypto.
 */
#ifndef SDV_MODEL_VAULT_H
#define SDV_MODEL_VAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <openssl/types.h>

#include <sdvault/spec.h>

#define SDV_MTOKEN_BYTES (SDV_VAULT_APDU_MAX + 2u)
#define SDV_MTOKEN_BLOCKS 2u
#define SDV_MRANDOM_BYTES 16u

typedef struct sdv_mcard sdv_mcard;

/** A token: length in two bytes, the APDU or its answer, zeros. */
typedef struct sdv_mtoken {
    uint8_t bytes[SDV_MTOKEN_BYTES];
} sdv_mtoken;

/** What the secure side keeps between two commands. */
typedef struct sdv_mvault {
    uint64_t entropy;   /* state of the entropy source: outlives the power */
    uint64_t ns;        /* that the storage took since somebody looked */
    EVP_RAND_CTX *drbg; /* NULL: not seeded since power-up */
    bool breaks;        /* opening a license finds a fault in the crypto */
    bool fault;         /* one was found since power-up */
} sdv_mvault;

/** What the length field of a token says. */
unsigned sdv_mtoken_length(const sdv_mtoken *token);

/** Make it an answer without data. */
void sdv_mtoken_set_sw(sdv_mtoken *token, unsigned sw);

/** The status word at its end. */
unsigned sdv_mtoken_sw(const sdv_mtoken *token);

/** The power is gone. */
void sdv_mvault_forget(sdv_mvault *vault);

/** Run the command of a token that has the right form. */
void sdv_mvault_run(sdv_mcard *card, const sdv_mtoken *token,
                    sdv_mtoken *response);

/** Whether a line of the system is defect. */
bool sdv_mvault_defect(const sdv_mcard *card);

/** Draw random bytes; zeros and false when there are none. */
bool sdv_mvault_random(sdv_mcard *card, uint8_t random[SDV_MRANDOM_BYTES]);

#endif /* SDV_MODEL_VAULT_H */
