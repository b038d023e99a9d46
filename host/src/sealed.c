/* SPDX-License-Identifier: Apache-2.0 */
/* The header of a sealed license. */
#include <string.h>

#include <sdvault/sealed.h>

#include "big_endian.h"

#define HEADER_BYTES SDV_SEALED_TAG /* all that stands before the tag */
#define BOTH (SDV_VAULT_BINDING_MEDIUM | SDV_VAULT_BINDING_APPARATUS)

static const uint8_t magic[SDV_SEALED_MAGIC_BYTES] = {'S', 'D', 'V', 'L'};

/* No library is linked to the core; neither is sdv_id_valid(). */
static int is_id(uint64_t id)
{
    return id != 0 && id != UINT64_MAX;
}

/* The rules of single fields, up to the binding. */
static sdv_err check_form(const uint8_t *block, unsigned purposes)
{
    const uint8_t suite = block[SDV_SEALED_SUITE];
    const uint8_t purpose = block[SDV_SEALED_PURPOSE];
    const uint8_t binding = block[SDV_SEALED_BINDING];

    if (memcmp(block, magic, sizeof(magic)) != 0) {
        return SDV_ERR_SEALED_MAGIC;
    }
    if (block[SDV_SEALED_VERSION] != SDV_VAULT_VERSION) {
        return SDV_ERR_SEALED_VERSION;
    }
    if (suite != SDV_VAULT_SUITE_128 && suite != SDV_VAULT_SUITE_256) {
        return SDV_ERR_SEALED_SUITE;
    }
    if (purpose < SDV_VAULT_PURPOSE_ISSUE ||
        purpose > SDV_VAULT_PURPOSE_STORE ||
        !(purposes & SDV_PURPOSE_BIT(purpose))) {
        return SDV_ERR_SEALED_PURPOSE;
    }
    if (!(binding & SDV_VAULT_BINDING_MEDIUM) || (binding & ~BOTH)) {
        return SDV_ERR_SEALED_BINDING;
    }
    return SDV_OK;
}

/* Whom it is for. */
static sdv_err check_ids(const sdv_sealed *header, uint64_t medium_id)
{
    const int bound = header->binding & SDV_VAULT_BINDING_APPARATUS;

    if (!is_id(header->medium_id) ||
        (medium_id != 0 && header->medium_id != medium_id)) {
        return SDV_ERR_SEALED_MEDIUM;
    }
    if (bound ? !is_id(header->apparatus_id) : header->apparatus_id != 0) {
        return SDV_ERR_SEALED_APPARATUS;
    }
    return SDV_OK;
}

static void read_fields(const uint8_t *block, sdv_sealed *header)
{
    header->suite = block[SDV_SEALED_SUITE];
    header->purpose = block[SDV_SEALED_PURPOSE];
    header->binding = block[SDV_SEALED_BINDING];
    header->medium_id =
        be_get(block + SDV_SEALED_MEDIUM, SDV_SEALED_MEDIUM_BYTES);
    header->apparatus_id =
        be_get(block + SDV_SEALED_APPARATUS, SDV_SEALED_APPARATUS_BYTES);
    memcpy(header->license_id, block + SDV_SEALED_LICENSE,
           sizeof(header->license_id));
    header->generation = be_get32(block + SDV_SEALED_GENERATION);
    memcpy(header->salt, block + SDV_SEALED_SALT, sizeof(header->salt));
}

sdv_err sdv_sealed_parse(const uint8_t block[SDV_VAULT_SEALED_BYTES],
                         unsigned purposes, uint64_t medium_id,
                         sdv_sealed *header)
{
    sdv_err err = check_form(block, purposes);

    if (err == SDV_OK) {
        read_fields(block, header);
        err = check_ids(header, medium_id);
    }
    if (err == SDV_OK && be_get32(block + SDV_SEALED_RESERVED) != 0) {
        err = SDV_ERR_SEALED_RESERVED;
    }
    if (err != SDV_OK) {
        memset(header, 0, sizeof(*header));
    }
    return err;
}

sdv_err sdv_sealed_compose(const sdv_sealed *header,
                           uint8_t block[SDV_VAULT_SEALED_BYTES])
{
    sdv_sealed again;
    sdv_err err;

    memset(block, 0, HEADER_BYTES);
    memcpy(block, magic, sizeof(magic));
    block[SDV_SEALED_VERSION] = SDV_VAULT_VERSION;
    block[SDV_SEALED_SUITE] = header->suite;
    block[SDV_SEALED_PURPOSE] = header->purpose;
    block[SDV_SEALED_BINDING] = header->binding;
    be_put(block + SDV_SEALED_MEDIUM, SDV_SEALED_MEDIUM_BYTES,
           header->medium_id);
    be_put(block + SDV_SEALED_APPARATUS, SDV_SEALED_APPARATUS_BYTES,
           header->apparatus_id);
    memcpy(block + SDV_SEALED_LICENSE, header->license_id,
           sizeof(header->license_id));
    be_put(block + SDV_SEALED_GENERATION, SDV_SEALED_GENERATION_BYTES,
           header->generation);
    memcpy(block + SDV_SEALED_SALT, header->salt, sizeof(header->salt));
    err = sdv_sealed_parse(block, ~0u, 0, &again);
    if (err != SDV_OK) {
        memset(block, 0, HEADER_BYTES);
    }
    return err;
}
