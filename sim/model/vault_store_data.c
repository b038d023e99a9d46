/* SPDX-License-Identifier: Apache-2.0 */
/* STORE DATA: a blank card gets its CID, its medium id and its root. */
#include "bytes.h"
#include "vault_private.h"

#define FIRST SDV_NVM_OTP_CID
#define WORDS 14u
#define MEDIUM (SDV_VAULT_OTP_MEDIUM - FIRST)
#define ROOT (SDV_VAULT_OTP_ROOT - FIRST)

static bool all_are(const uint32_t *word, size_t count, uint32_t value)
{
    for (size_t i = 0; i < count; i++) {
        if (word[i] != value) {
            return false;
        }
    }
    return true;
}

static bool is_acceptable(const uint32_t word[WORDS])
{
    return !all_are(word, MEDIUM, 0) &&
           !all_are(word + MEDIUM, ROOT - MEDIUM, 0) &&
           !all_are(word + MEDIUM, ROOT - MEDIUM, UINT32_MAX) &&
           !all_are(word + ROOT, WORDS - ROOT, 0) &&
           !all_are(word + ROOT, WORDS - ROOT, UINT32_MAX);
}

/* Bits go from 0 to 1 only. */
static bool fits(const sdv_mcard *card, const uint32_t word[WORDS])
{
    for (unsigned i = 0; i < WORDS; i++) {
        if ((sdv_mcard_otp(card, FIRST + i) & ~word[i]) != 0) {
            return false;
        }
    }
    return true;
}

/* What counts is what can be read back. */
static bool burn(sdv_mcard *card, const uint32_t word[WORDS])
{
    bool same = true;

    for (unsigned i = 0; i < WORDS; i++) {
        if (sdv_mcard_otp(card, FIRST + i) != word[i]) {
            (void)sdv_mcard_burn(card, FIRST + i, word[i]);
        }
    }
    for (unsigned i = 0; i < WORDS; i++) {
        same = same && sdv_mcard_otp(card, FIRST + i) == word[i];
    }
    return same;
}

/* see vault_private.h */
unsigned sdv_mvault_store_data(sdv_mcard *card, const sdv_mapdu *apdu,
                               sdv_manswer *answer)
{
    uint32_t word[WORDS];
    sdv_mline line;

    (void)answer;
    for (size_t i = 0; i < WORDS; i++) {
        word[i] = sdv_get32(apdu->data + 4 * i);
    }
    if (!is_acceptable(word) || !fits(card, word)) {
        return SDV_SW_WRONG_DATA;
    }
    if (!burn(card, word)) {
        return SDV_SW_MEMORY_FAILURE;
    }
    sdv_mline_read(card, SDV_VAULT_LINE_LIFECYCLE, &line);
    line.word[SDV_MLINE_VALUE] = SDV_VAULT_LIFECYCLE_ACTIVE;
    return sdv_mline_commit(card, &line) ? SDV_SW_OK : SDV_SW_MEMORY_FAILURE;
}
