/* SPDX-License-Identifier: Apache-2.0 */
/* Giving cards an identity, and giving it again to one that was cut short. */
#include <stdio.h>
#include <string.h>

#include <openssl/rand.h>

#include <sdvault/id.h>

#include "authority_internal.h"
#include "big_endian.h"

/* Offsets in a CID, and of what STORE DATA takes. */
enum { CID_PNM = 3, CID_PNM_BYTES = 5, CID_PSN = 9, CID_PSN_BYTES = 4 };
enum { CID_CRC = 15 }; /* the card makes that byte by itself */
enum {
    DATA_MEDIUM = SDV_CID_BYTES,
    DATA_ROOT = DATA_MEDIUM + 8,
    DATA_END = DATA_ROOT + SDV_KEY_BYTES
};
_Static_assert(DATA_END == SDV_STORE_DATA_BYTES, "see docs/spec/apdu.csv");

static const char product[CID_PNM_BYTES + 1] = "SDVLT";

/* ---- which card is it? ---- */

/* The CID of a card that was never written begins like this. */
static bool is_blank(const uint8_t cid[SDV_CID_BYTES])
{
    static const uint8_t start[] = {SDV_NVM_BLANK_MID,
                                    SDV_NVM_BLANK_OID >> 8,
                                    SDV_NVM_BLANK_OID & 0xFF,
                                    SDV_NVM_BLANK_PNM_HI,
                                    SDV_NVM_BLANK_PNM_LO >> 24,
                                    SDV_NVM_BLANK_PNM_LO >> 16 & 0xFF,
                                    SDV_NVM_BLANK_PNM_LO >> 8 & 0xFF,
                                    SDV_NVM_BLANK_PNM_LO & 0xFF};

    return memcmp(cid, start, sizeof(start)) == 0;
}

/* Bits of OTP go from 0 to 1 only: may `part` become `whole`? */
static bool is_part(const uint8_t *part, const uint8_t *whole)
{
    for (int i = 0; i < CID_CRC; i++) {
        if (part[i] & ~whole[i]) {
            return false;
        }
    }
    return true;
}

/* Search for the medium that a card was to become. */
struct search {
    const uint8_t *cid; /* as the card reports it */
    uint64_t wanted;    /* 0: any */
    struct medium found;
    unsigned count;
    char *detail; /* names of those that fit */
    size_t size;
};

static sdv_err compare(void *context, const struct medium *medium)
{
    struct search *search = context;
    const bool fits = is_blank(search->cid)
                          ? memcmp(search->cid + CID_PSN, medium->cid + CID_PSN,
                                   CID_PSN_BYTES) == 0
                          : is_part(search->cid, medium->cid);
    char text[SDV_ID_TEXT_SIZE];

    if (!fits || (search->wanted != 0 && search->wanted != medium->id)) {
        return SDV_OK;
    }
    if (sdv_id_format(medium->id, text) == SDV_OK) {
        const size_t used = strlen(search->detail);

        (void)snprintf(search->detail + used, search->size - used, "%s%s",
                       used != 0 ? ", " : "", text);
    }
    search->found = *medium;
    search->count++;
    return SDV_OK;
}

/* ---- a new one ---- */

static sdv_err choose_id(sdv_authority *authority, uint64_t *id)
{
    struct medium taken;
    uint8_t bytes[8];
    sdv_err err;

    do {
        if (RAND_bytes(bytes, sizeof(bytes)) != 1) {
            return SDV_ERR_CRYPTO;
        }
        *id = be_get(bytes, sizeof(bytes));
        err = sdv_id_valid(*id)
                  ? ledger_medium_find(&authority->ledger, *id, &taken)
                  : SDV_OK;
    } while (err == SDV_OK);
    return err == SDV_ERR_MEDIUM_UNKNOWN ? SDV_OK : err;
}

static sdv_err add(sdv_authority *authority, const uint8_t cid[SDV_CID_BYTES],
                   struct medium *medium)
{
    sdv_err err = choose_id(authority, &medium->id);

    memcpy(medium->cid, cid, SDV_CID_BYTES);
    memcpy(medium->cid + CID_PNM, product, CID_PNM_BYTES);
    medium->cid[CID_CRC] = 0;
    medium->state = MEDIUM_SENT;
    return err == SDV_OK ? ledger_medium_add(&authority->ledger, medium) : err;
}

static sdv_err find_or_add(sdv_authority *authority, const uint8_t *cid,
                           uint64_t wanted, struct medium *medium)
{
    char names[sizeof(authority->ledger.detail)] = "";
    struct search search = {
        .cid = cid, .wanted = wanted, .detail = names, .size = sizeof(names)};
    sdv_err err =
        ledger_media(&authority->ledger, MEDIUM_SENT, compare, &search);

    if (err != SDV_OK) {
        return err;
    }
    if (search.count > 1) {
        memcpy(authority->ledger.detail, names, sizeof(names));
        return SDV_ERR_MEDIUM_UNCLEAR;
    }
    *medium = search.found;
    if (search.count == 1) {
        return SDV_OK;
    }
    return is_blank(cid) && wanted == 0 ? add(authority, cid, medium)
                                        : SDV_ERR_MEDIUM_UNKNOWN;
}

sdv_err sdv_authority_personalize(sdv_authority *authority,
                                  const uint8_t cid[SDV_CID_BYTES],
                                  uint64_t wanted,
                                  sdv_personalization *personalization)
{
    struct medium medium;
    uint8_t *data = personalization->data;
    sdv_err err;

    memset(personalization, 0, sizeof(*personalization));
    err = ledger_begin(&authority->ledger);
    if (err == SDV_OK) {
        err = ledger_end(&authority->ledger,
                         find_or_add(authority, cid, wanted, &medium));
    }
    if (err != SDV_OK) {
        return err;
    }
    memcpy(data, medium.cid, SDV_CID_BYTES);
    be_put(data + DATA_MEDIUM, 8, medium.id);
    err = sdv_card_root(authority->master, medium.id, data + DATA_ROOT);
    if (err == SDV_OK) {
        personalization->medium_id = medium.id;
    }
    return err;
}

static sdv_err note(sdv_authority *authority, uint64_t medium_id, bool *already)
{
    struct medium medium;
    const sdv_err err =
        ledger_medium_find(&authority->ledger, medium_id, &medium);

    if (err != SDV_OK) {
        return err;
    }
    *already = medium.state != MEDIUM_SENT;
    return *already ? SDV_OK
                    : ledger_medium_set_state(&authority->ledger, medium_id,
                                              MEDIUM_ACTIVE);
}

sdv_err sdv_authority_personalized(sdv_authority *authority, uint64_t medium_id,
                                   bool *already)
{
    bool before = false;
    sdv_err err = ledger_begin(&authority->ledger);

    if (err == SDV_OK) {
        err =
            ledger_end(&authority->ledger, note(authority, medium_id, &before));
    }
    if (already != NULL) {
        *already = before;
    }
    return err;
}
