/* SPDX-License-Identifier: Apache-2.0 */
/* A slot of the model kernel: card, bus and host controller in one object. */
#include <stdlib.h>

#include "bytes.h"
#include "model.h"
#include "model_private.h"

struct sdv_model {
    sdv_mcard card;
    sdv_mbus bus;
    sdv_mhost host;
    bool supply;
    bool inserted;
};

/* The card has power when all who can take it away let it. */
static void update(void *slot)
{
    sdv_model *model = slot;

    sdv_mcard_power(&model->card,
                    model->supply && model->inserted &&
                        (model->bus.power || sdv_mhost_powers(&model->host)));
}

/* see model.h */
sdv_err sdv_model_open(sdv_image *image, const sdv_sim_config *config,
                       sdv_model **model)
{
    sdv_model *m = calloc(1, sizeof(*m));

    *model = m;
    if (m == NULL) {
        return SDV_ERR_NO_MEMORY;
    }
    m->card.image = image;
    m->card.latency = config->latency;
    m->card.vault.entropy = sdv_entropy_start(config->seed);
    m->card.vault.breaks = config->sabotage == SDV_SABOTAGE_CRYPTO;
    m->supply = true;
    m->inserted = image != NULL;
    m->bus.card = &m->card;
    m->bus.inserted = &m->inserted;
    m->bus.apparatus_id = config->apparatus_id;
    m->bus.changed = update;
    m->bus.slot = m;
    m->host.card = &m->card;
    m->host.inserted = m->inserted;
    m->host.apparatus_id = config->apparatus_id;
    m->host.changed = update;
    m->host.slot = m;
    sdv_mbus_init(&m->bus);
    sdv_mhost_init(&m->host);
    return SDV_OK;
}

/* see model.h */
void sdv_model_close(sdv_model **model)
{
    if (*model != NULL) {
        sdv_mvault_forget(&(*model)->card.vault);
    }
    free(*model);
    *model = NULL;
}

/* see model.h */
const sdv_mmio *sdv_model_mmio(sdv_model *model)
{
    return &model->host.mmio;
}

/* see model.h */
sdv_bus *sdv_model_bus(sdv_model *model)
{
    return &model->bus.bus;
}

/* see model.h */
void sdv_model_power(sdv_model *model, bool on)
{
    model->supply = on;
    update(model);
}

/* see model.h */
void sdv_model_insert(sdv_model *model, bool inserted)
{
    model->inserted = inserted && model->card.image != NULL;
    if (!model->inserted) {
        model->bus.power = false;
    }
    sdv_mhost_insert(&model->host, model->inserted);
    update(model);
}

/* see model.h */
void sdv_model_set_latency(sdv_model *model, const sdv_latency *latency)
{
    model->card.latency = *latency;
}

/* see model.h */
void sdv_model_run(sdv_model *model, uint64_t ns)
{
    sdv_mcard_pass(&model->card, ns);
}

/* see model.h */
void sdv_model_fail_nvm(sdv_model *model, unsigned op, unsigned count)
{
    if (op < sizeof(model->card.fail) / sizeof(model->card.fail[0])) {
        model->card.fail[op] = count;
    }
}
