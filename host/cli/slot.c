/* SPDX-License-Identifier: Apache-2.0 */
#include "slot.h"

#include <errno.h>
#include <string.h>

#include <sdvault/apparatus.h>

/* ---- the common options ---- */

static int read_kernel(struct slot *slot)
{
    static const char *const words[] = {"direct", "model", "systemc", NULL};
    int kernel = 0;
    const int status = cli_word(slot->cli, OPT_KERNEL, words, &kernel);

    if (status != CLI_DONE) {
        return status;
    }
    if (kernel == 2) {
        return cli_usage(slot->cli, "--kernel systemc: not built yet; use "
                                    "direct or model");
    }
    slot->config.kernel = kernel == 0 ? SDV_KERNEL_DIRECT : SDV_KERNEL_MODEL;
    if (kernel == 1 && (cli_value(slot->cli, OPT_TRACE) != NULL ||
                        cli_value(slot->cli, OPT_LOG) != NULL)) {
        return cli_usage(slot->cli, "the model has no wires to trace or log: "
                                    "use --kernel direct");
    }
    return CLI_DONE;
}

/* A waveform on standard output leaves it to nothing else. */
static int read_trace(struct slot *slot)
{
    const char *trace = cli_value(slot->cli, OPT_TRACE);

    if (trace == NULL || slot->second) {
        return CLI_DONE;
    }
    slot->config.build = SDV_BUILD_TRACE;
    if (!is_dash(trace)) {
        return CLI_DONE;
    }
    if (slot->cli->data_on_stdout) {
        return cli_usage(slot->cli, "--trace -: standard output is taken");
    }
    slot->cli->data_on_stdout = true;
    return CLI_DONE;
}

static int read_latency(struct slot *slot)
{
    static const char *const words[] = {"0", "real", NULL};
    int latency = 0;
    const int status = cli_word(slot->cli, OPT_LATENCY, words, &latency);

    if (status == CLI_DONE && latency == 1) {
        slot->config.latency = sdv_latency_real();
    }
    return status;
}

static int read_apparatus(struct slot *slot)
{
    const char *path =
        cli_value(slot->cli, slot->second ? OPT_APPARATUS2 : OPT_APPARATUS);
    sdv_apparatus apparatus;
    sdv_err err;

    if (path == NULL) {
        return CLI_DONE;
    }
    err = sdv_apparatus_load(path, &apparatus);
    if (err != SDV_OK) {
        return cli_fail(slot->cli, path, err, NULL);
    }
    slot->config.apparatus_id = apparatus.id;
    return CLI_DONE;
}

static int read_options(struct slot *slot)
{
    int status = read_kernel(slot);

    if (status == CLI_DONE) {
        status = read_trace(slot);
    }
    if (status == CLI_DONE) {
        status = read_latency(slot);
    }
    if (status == CLI_DONE) {
        status = cli_seed(slot->cli, &slot->config.seed);
    }
    return status == CLI_DONE ? read_apparatus(slot) : status;
}

static int open_outputs(struct slot *slot)
{
    const char *log = cli_value(slot->cli, OPT_LOG);
    const char *trace = cli_value(slot->cli, OPT_TRACE);
    int status = CLI_DONE;

    if (slot->second) {
        return CLI_DONE;
    }
    if (log != NULL) {
        status = output_open(slot->cli, log, &slot->log);
        slot->config.log = slot->log.temporary;
    }
    if (status == CLI_DONE && trace != NULL) {
        status = output_open(slot->cli, trace, &slot->trace);
        slot->trace.data = true;
    }
    return status;
}

/* ---- opening ---- */

static int open_sim(struct slot *slot)
{
    sdv_err err;

    errno = 0;
    err = sdv_sim_open(&slot->config, &slot->sim);
    if (err != SDV_OK) {
        return cli_fail(slot->cli, slot->image, err,
                        err == SDV_ERR_KERNEL ? "`make all` builds all of them"
                                              : NULL);
    }
    if (slot->trace.path != NULL) {
        err = sdv_sim_trace(slot->sim, slot->trace.temporary);
    }
    return err == SDV_OK ? CLI_DONE
                         : cli_fail(slot->cli, slot->trace.path, err, NULL);
}

static int open_card(struct slot *slot)
{
    sdv_err err = sdv_sdhci_init(&slot->sdhci, sdv_sim_mmio(slot->sim));

    slot->bus = &slot->sdhci.bus;
    if (cli_value(slot->cli, OPT_CYCLES) != NULL) {
        cycles_init(&slot->cycles, &slot->sdhci.bus, slot->sim);
        slot->bus = &slot->cycles.bus;
    }
    if (err == SDV_OK) {
        err = sdv_card_open(&slot->card, slot->bus, NULL);
    }
    return err == SDV_OK ? CLI_DONE : slot_fail(slot, err);
}

static int open_slot(struct slot *slot, struct cli *cli, const char *image,
                     bool second)
{
    int status;

    memset(slot, 0, sizeof(*slot));
    slot->cli = cli;
    slot->second = second;
    slot->image = image;
    slot->config = (sdv_sim_config)SDV_SIM_CONFIG_INIT;
    slot->config.image = image;
    status = read_options(slot);
    if (status == CLI_DONE) {
        status = open_outputs(slot);
    }
    if (status == CLI_DONE) {
        status = open_sim(slot);
    }
    if (status == CLI_DONE) {
        status = open_card(slot);
    }
    return status == CLI_DONE ? CLI_DONE : slot_close(slot, status);
}

int slot_open(struct slot *slot, struct cli *cli, const char *image)
{
    return open_slot(slot, cli, image, false);
}

int slot_open_second(struct slot *slot, struct cli *cli, const char *image)
{
    return open_slot(slot, cli, image, true);
}

int slot_find_secure(struct slot *slot, bool *found)
{
    static const char *const words[] = {"assd", "cmd56", NULL};
    static const sdv_via doors[] = {SDV_VIA_ASSD, SDV_VIA_CMD56, SDV_VIA_ANY};
    int door = 2;
    const int status = cli_word(slot->cli, OPT_DOOR, words, &door);
    sdv_err err;

    *found = false;
    if (status != CLI_DONE) {
        return status;
    }
    err = sdv_assd_open(&slot->assd, &slot->card, doors[door]);
    *found = err == SDV_OK;
    return err == SDV_OK || err == SDV_ERR_NO_SECURE ? CLI_DONE
                                                     : slot_fail(slot, err);
}

int slot_open_secure(struct slot *slot)
{
    bool found;
    const int status = slot_find_secure(slot, &found);

    return status == CLI_DONE && !found
               ? cli_fail(slot->cli, slot->image, SDV_ERR_NO_SECURE, NULL)
               : status;
}

int slot_fail(const struct slot *slot, sdv_err err)
{
    const sdv_err stopped = sdv_sim_status(slot->sim);

    if (stopped != SDV_OK) {
        return cli_fail(slot->cli, slot->image, stopped,
                        sdv_sim_detail(slot->sim));
    }
    return cli_fail(slot->cli, slot->image, err, slot->bus->detail);
}

int slot_check_range(const struct slot *slot, uint64_t lba, uint64_t blocks)
{
    const uint64_t end = sdv_card_blocks(&slot->card);

    if (lba > end || blocks > end - lba) {
        char detail[64];

        (void)snprintf(detail, sizeof(detail), "it has %u blocks",
                       (unsigned)end);
        return cli_fail(slot->cli, slot->image, SDV_ERR_RANGE, detail);
    }
    return CLI_DONE;
}

/* ---- closing ---- */

static int first_failure(int a, int b)
{
    return a != CLI_DONE ? a : b;
}

/* A log of what failed is worth more than one of what worked. */
static int keep(struct slot *slot, struct output *output, int status)
{
    if (slot->sim == NULL) { /* nothing was written */
        output_drop(output);
        return status;
    }
    return first_failure(status, output_commit(slot->cli, output));
}

int slot_close(struct slot *slot, int status)
{
    sdv_sim *sim = slot->sim;

    if (sim != NULL && slot->card.bus != NULL) {
        if (status <= CLI_REFUSED && slot->cycles.inner != NULL) {
            cycles_show(&slot->cycles, slot->cli,
                        slot->config.kernel == SDV_KERNEL_DIRECT,
                        slot->config.seed);
        }
        sdv_card_close(&slot->card);
    }
    if (sim != NULL && slot->trace.path != NULL) {
        sdv_sim_trace_stop(sim);
    }
    if (sim != NULL) {
        sdv_sim_close(&sim);
    }
    status = keep(slot, &slot->trace, status);
    status = keep(slot, &slot->log, status);
    slot->sim = NULL;
    return status;
}
