/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Clocks of LICENSE IMPORT and LICENSE EXPORT, by what the card is doing.
 *
 * While the command runs the slot is stepped base clock by base clock and the
 * units of the vault are looked at; each clock goes to one unit.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include <sdvault/license.h>
#include <sdvault/sdhci.h>
#include <sdvault/seal.h>

#include "bench.h"
#include "bytes.h"

#define TOKEN_BLOCKS 2u
#define REST 400u /* clocks without work after which a command is done */
#define LIMIT 2000000u

const char *const bench_part_names[BENCH_PARTS] = {
    "token in", "APDU", "EEPROM", "flash", "KDF", "SIV", "DRBG", "answer out"};

typedef struct secure {
    sdv_sim *sim;
    sdv_sdhci sdhci;
    sdv_card card;
    sdv_assd assd;
    uint8_t store_data[SDV_STORE_DATA_BYTES];
    uint8_t issue[SDV_VAULT_SEALED_BYTES];
    uint8_t id[SDV_LICENSE_ID_BYTES];
} secure;

static uint64_t now(const secure *s)
{
    return sdv_sim_clocks(s->sim).base;
}

/* An unlimited license for the card that store_data makes. */
static sdv_err make_license(secure *s)
{
    const uint8_t *const root = s->store_data + 24;
    sdv_record record = {.uses = SDV_VAULT_UNLIMITED,
                         .exports = SDV_VAULT_UNLIMITED,
                         .flags = SDV_VAULT_RECORD_MEDIUM_EXPORT,
                         .title = "Bench"};
    sdv_sealed header = {.suite = SDV_VAULT_SUITE_256,
                         .purpose = SDV_VAULT_PURPOSE_ISSUE,
                         .binding = SDV_VAULT_BINDING_MEDIUM,
                         .medium_id = sdv_get64(s->store_data + 16)};
    uint8_t bytes[SDV_VAULT_RECORD_BYTES];
    sdv_err err;

    memcpy(header.license_id, s->id, sizeof(s->id));
    err = sdv_record_pack(&record, bytes);
    return err == SDV_OK ? sdv_seal(root, &header, bytes, s->issue) : err;
}

static sdv_err open_card(secure *s, const char *image, bool real)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_err err = sdv_image_create(image, 1024, true, 1);

    config.image = image;
    config.latency = real ? sdv_latency_real() : config.latency;
    for (unsigned i = 0; i < sizeof(s->store_data); i++) {
        s->store_data[i] = (uint8_t)(3 * i + 1);
    }
    err = err == SDV_OK ? sdv_sim_open(&config, &s->sim) : err;
    err = err == SDV_OK ? sdv_sdhci_init(&s->sdhci, sdv_sim_mmio(s->sim)) : err;
    err = err == SDV_OK ? sdv_card_open(&s->card, &s->sdhci.bus, NULL) : err;
    err = err == SDV_OK ? sdv_assd_open(&s->assd, &s->card, SDV_VIA_ASSD) : err;
    err =
        err == SDV_OK ? sdv_license_personalize(&s->assd, s->store_data) : err;
    return err == SDV_OK ? make_license(s) : err;
}

/* ---- one command ---- */

static sdv_err move(secure *s, uint8_t opcode, sdv_dir dir, uint8_t *token)
{
    sdv_cmd command = {.opcode = opcode,
                       .arg = TOKEN_BLOCKS,
                       .resp = SDV_RESP_R1,
                       .dir = dir,
                       .block_size = SDV_TIMING_BLOCK_LEN,
                       .blocks = TOKEN_BLOCKS,
                       .data = token};

    return sdv_bus_run(&s->sdhci.bus, &command, 1);
}

/* Where the clock goes: a server before the command that waits for it. */
static bench_part part_of(uint64_t units)
{
    for (unsigned bit = 5; bit > 0; bit--) {
        if ((units >> bit & 1) != 0) {
            return (bench_part)(BENCH_APDU + bit);
        }
    }
    return BENCH_APDU;
}

/* Step until the vault has rested for a while. */
static sdv_err step_through(secure *s, bench_secure *figures)
{
    uint64_t rest = 0;
    uint64_t units;

    for (uint64_t i = 0; i < LIMIT && rest < REST; i++) {
        const sdv_err err = sdv_sim_peek(s->sim, "card.units", &units);

        if (err != SDV_OK) {
            return err;
        }
        rest = units == 0 ? rest + 1 : 0;
        if (units != 0) {
            figures->clocks[part_of(units)]++;
        }
        sdv_sim_run(s->sim, 1);
    }
    return rest == REST ? SDV_OK : SDV_ERR_DATA_TIMEOUT;
}

static sdv_err run(secure *s, const sdv_apdu *apdu, bench_secure *figures)
{
    uint8_t token[TOKEN_BLOCKS * SDV_TIMING_BLOCK_LEN] = {0};
    size_t size;
    uint64_t start;
    sdv_err err = sdv_apdu_build(apdu, token + 2, SDV_APDU_MAX, &size);

    memset(figures, 0, sizeof(*figures));
    if (err != SDV_OK) {
        return err;
    }
    sdv_put16(token, (uint16_t)(size + 2));
    start = now(s);
    err = move(s, SDV_CMD_WRITE_SEC_CMD, SDV_DIR_WRITE, token);
    figures->clocks[BENCH_IN] = now(s) - start;
    err = err == SDV_OK ? step_through(s, figures) : err;
    start = now(s);
    err = err == SDV_OK ? move(s, SDV_CMD_READ_SEC_CMD, SDV_DIR_READ, token)
                        : err;
    figures->clocks[BENCH_OUT] = now(s) - start;
    size = sdv_get16(token);
    if (err == SDV_OK && (size < 4 || size > sizeof(token))) {
        return SDV_ERR_PROTOCOL;
    }
    return err == SDV_OK ? sdv_err_from_sw(sdv_get16(token + size - 2)) : err;
}

static sdv_err run_both(secure *s, bench_secure figures[BENCH_SECURES])
{
    const sdv_apdu import = {.cla = 0x80,
                             .ins = SDV_INS_LICENSE_IMPORT,
                             .data = s->issue,
                             .size = sizeof(s->issue)};
    const sdv_apdu export = {.cla = 0x80,
                             .ins = SDV_INS_LICENSE_EXPORT,
                             .data = s->id,
                             .size = sizeof(s->id)};
    bench_secure seeding;
    sdv_err err = run(s, &import, &seeding);

    /* Another license: the random numbers are seeded now. */
    s->id[0]++;
    err = err == SDV_OK ? make_license(s) : err;
    err = err == SDV_OK ? run(s, &import, &figures[BENCH_IMPORT]) : err;
    return err == SDV_OK ? run(s, &export, &figures[BENCH_EXPORT]) : err;
}

/* see bench.h */
sdv_err bench_measure_secure(bench_figures *figures, const char *dir,
                             const char **what)
{
    char image[160];
    sdv_err err = SDV_OK;

    snprintf(image, sizeof(image), "%.128s/secure.img", dir);
    for (unsigned real = 0; real < 2 && err == SDV_OK; real++) {
        secure s = {0};

        err = open_card(&s, image, real == 1);
        err = err == SDV_OK ? run_both(&s, figures->secure[real]) : err;
        sdv_sim_close(&s.sim);
        (void)unlink(image);
    }
    *what = "a secure command";
    return err;
}

/* ---- the table ---- */

static const char *const secure_names[BENCH_SECURES] = {"import", "export"};

static uint64_t total(const bench_secure *figures)
{
    uint64_t sum = 0;

    for (unsigned p = 0; p < BENCH_PARTS; p++) {
        sum += figures->clocks[p];
    }
    return sum;
}

/* see bench.h */
void bench_show_secure(const bench_figures *figures, FILE *to)
{
    fprintf(to,
            "\nSecure commands by ASSD: base clocks (50 MHz) by part\n%-20s",
            "");
    for (unsigned p = 0; p < BENCH_PARTS; p++) {
        fprintf(to, " %10s", bench_part_names[p]);
    }
    fprintf(to, " %10s\n", "all");
    for (unsigned i = 0; i < 2 * BENCH_SECURES; i++) {
        const bench_secure *const row =
            &figures->secure[i / BENCH_SECURES][i % BENCH_SECURES];

        fprintf(to, "%-6s latency %-5s", secure_names[i % BENCH_SECURES],
                i < BENCH_SECURES ? "0" : "real");
        for (unsigned p = 0; p < BENCH_PARTS; p++) {
            fprintf(to, " %10" PRIu64, row->clocks[p]);
        }
        fprintf(to, " %10" PRIu64 "\n", total(row));
    }
}

/* see bench.h */
void bench_write_secure(const bench_figures *figures, FILE *to)
{
    fprintf(to, "  \"secure\": [\n");
    for (unsigned i = 0; i < 2 * BENCH_SECURES; i++) {
        const bench_secure *const row =
            &figures->secure[i / BENCH_SECURES][i % BENCH_SECURES];

        fprintf(to, "    {\"command\": \"%s\", \"latency\": \"%s\"",
                secure_names[i % BENCH_SECURES],
                i < BENCH_SECURES ? "0" : "real");
        for (unsigned p = 0; p < BENCH_PARTS; p++) {
            fprintf(to, ", \"%s\": %" PRIu64, bench_part_names[p],
                    row->clocks[p]);
        }
        fprintf(to, ", \"all\": %" PRIu64 "}%s\n", total(row),
                i + 1 < 2 * BENCH_SECURES ? "," : "");
    }
    fprintf(to, "  ],\n");
}
