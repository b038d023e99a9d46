/* SPDX-License-Identifier: Apache-2.0 */
#include "slot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"

#define KINDS 4
#define MAX_OPEN 4 /* slots of one test at a time */

const slot_param slot_direct = {SDV_KERNEL_DIRECT, false, 4};

static slot_param one_each[] = {{SDV_KERNEL_DIRECT, false, 4},
                                {SDV_KERNEL_MODEL, false, 4}};
static slot_param all[] = {
    {SDV_KERNEL_DIRECT, false, 4}, {SDV_KERNEL_DIRECT, false, 1},
    {SDV_KERNEL_DIRECT, true, 4},  {SDV_KERNEL_DIRECT, true, 1},
    {SDV_KERNEL_MODEL, false, 4},  {SDV_KERNEL_MODEL, false, 1},
    {SDV_KERNEL_MODEL, true, 4},   {SDV_KERNEL_MODEL, true, 1}};

/* ---- environment ---- */

static const char *env(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value != NULL && *value != '\0' ? value : otherwise;
}

/* Which kernels run: index of the first, and how many. */
static void kernels(size_t *first, size_t *count)
{
    const char *name = env("SDV_TEST_KERNEL", "both");

    *first = strcmp(name, "model") == 0 ? 1 : 0;
    *count = strcmp(name, "both") == 0 ? 2 : 1;
}

/* see slot.h */
bool slot_wants_direct(void)
{
    return strcmp(env("SDV_TEST_KERNEL", "both"), "model") != 0;
}

/* see slot.h */
struct criterion_test_params slot_params(bool each)
{
    size_t first;
    size_t count;

    kernels(&first, &count);
    return each ? cr_make_param_array(slot_param, all + first * KINDS,
                                      count * KINDS)
                : cr_make_param_array(slot_param, one_each + first, count);
}

static sdv_build build(void)
{
    static const char *const names[] = {
        [SDV_BUILD_FAST] = "fast",         [SDV_BUILD_ASSERT] = "assert",
        [SDV_BUILD_TRACE] = "trace",       [SDV_BUILD_COVERAGE] = "coverage",
        [SDV_BUILD_SABOTAGE] = "sabotage",
    };
    const char *name = env("SDV_TEST_BUILD", "assert");

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(name, names[i]) == 0) {
            return (sdv_build)i;
        }
    }
    cr_fatal("SDV_TEST_BUILD is %s", name);
}

/* see slot.h */
uint64_t slot_seed(void)
{
    return strtoull(env("SDV_TEST_SEED", "1"), NULL, 0);
}

/* ---- slots that a failed assertion has left open ---- */

/* A test that fails jumps over its slot_close(); its stack is gone then. */
static struct {
    char dir[SLOT_PATH];
    sdv_sim *sim;
} left[MAX_OPEN];

static void remove_files(const char *dir)
{
    static const char *const names[] = {"card.img", "bus.log"};
    char path[SLOT_PATH + 16];

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        snprintf(path, sizeof(path), "%.*s/%s", SLOT_PATH, dir, names[i]);
        unlink(path);
    }
    rmdir(dir);
}

static void clear_left(void)
{
    for (size_t i = 0; i < MAX_OPEN; i++) {
        sdv_sim_close(&left[i].sim);
        if (left[i].dir[0] != '\0' && getenv("SDV_TEST_KEEP") == NULL) {
            remove_files(left[i].dir);
        }
    }
}

/* The entry of a folder; "" finds a free one. */
static size_t entry(const char *dir)
{
    size_t i = 0;

    while (i < MAX_OPEN - 1 && strcmp(left[i].dir, dir) != 0) {
        i++;
    }
    return i;
}

static void note(const char *dir)
{
    snprintf(left[entry("")].dir, SLOT_PATH, "%s", dir);
}

static void forget(const char *dir)
{
    left[entry(dir)].dir[0] = '\0';
    remove_files(dir);
}

/* ---- opening and closing ---- */

static void open_sim(slot *s)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_err err;

    config.image = s->image;
    config.apparatus_id = s->options.apparatus_id;
    config.kernel = s->param.kernel;
    config.build = s->options.sabotage != 0 ? SDV_BUILD_SABOTAGE : build();
    config.seed = s->options.seed != 0 ? s->options.seed : slot_seed();
    config.latency = s->options.latency;
    config.log = s->param.kernel == SDV_KERNEL_DIRECT ? s->log : NULL;
    config.sabotage =
        s->options.sabotage != 0
            ? s->options.sabotage
            : (unsigned)strtoul(env("SDV_TEST_SABOTAGE", "0"), NULL, 0);
    config.no_skip = s->options.no_skip;
    err = sdv_sim_open(&config, &s->sim);
    cr_assert(eq(int, err, SDV_OK), "%s", sdv_err_text(err));
    left[entry(s->dir)].sim = s->sim;
    cr_assert(eq(int, sdv_sdhci_init(&s->sdhci, sdv_sim_mmio(s->sim)), SDV_OK));
    s->bus = &s->sdhci.bus;
}

static void identify_all(slot *s)
{
    const sdv_card_options options = {
        .lines = s->param.lines, .default_speed = s->options.default_speed};
    const sdv_err err = sdv_card_open(&s->card, s->bus, &options);

    cr_assert(eq(int, err, SDV_OK), "%s: %s", sdv_err_name(err),
              s->bus->detail);
}

/* see slot.h */
void slot_open(slot *s, const slot_param *param, const slot_options *options)
{
    const char *const tmp = env("TMPDIR", "/tmp");

    memset(s, 0, sizeof(*s));
    s->param = *param;
    if (options != NULL) {
        s->options = *options;
    }
    fprintf(stderr, "%s, %s, %u lines, seed %llu\n",
            param->kernel == SDV_KERNEL_DIRECT ? "direct" : "model",
            param->sdsc ? "SDSC" : "SDHC", param->lines,
            (unsigned long long)slot_seed());
    snprintf(s->dir, sizeof(s->dir), "%.64s/sdv-slot-XXXXXX", tmp);
    cr_assert(ne(ptr, mkdtemp(s->dir), NULL));
    note(s->dir);
    atexit(clear_left);
    snprintf(s->image, sizeof(s->image), "%.100s/card.img", s->dir);
    snprintf(s->log, sizeof(s->log), "%.100s/bus.log", s->dir);
    cr_assert(eq(
        int,
        sdv_image_create(s->image, slot_blocks(s), !param->sdsc, 0x12345678u),
        SDV_OK));
    slot_resume(s);
}

/* see slot.h */
void slot_resume(slot *s)
{
    open_sim(s);
    if (!s->options.cold) {
        identify_all(s);
    }
}

/* Copy the transcript to the folder that SDV_TEST_LOGS names, under the number
 * of slots that this test has closed. */
static void keep_log(const slot *s)
{
    static unsigned closed;
    const char *const dir = env("SDV_TEST_LOGS", "");
    char path[2 * SLOT_PATH];

    if (*dir != '\0' && s->param.kernel == SDV_KERNEL_DIRECT) {
        snprintf(path, sizeof(path), "%.200s/%u.log", dir, closed++);
        cr_assert(eq(int, link(s->log, path), 0), "%s", path);
        unlink(s->log); /* the next one is a file of its own */
    }
}

/* see slot.h */
void slot_leave(slot *s)
{
    slot_log log;

    cr_assert(eq(int, sdv_sim_status(s->sim), SDV_OK), "%s",
              sdv_sim_detail(s->sim));
    sdv_sim_close(&s->sim);
    left[entry(s->dir)].sim = NULL;
    if (s->param.kernel == SDV_KERNEL_DIRECT && !s->options.disturbed) {
        slot_read_log(s, &log);
        cr_assert(eq(u64, log.violations, 0), "%s", log.first);
    }
    keep_log(s);
}

/* see slot.h */
void slot_close(slot *s)
{
    slot_leave(s);
    forget(s->dir);
}

/* see slot.h */
void slot_read_log(const slot *s, slot_log *log)
{
    FILE *file = fopen(s->log, "r");
    char line[512];

    cr_assert(ne(ptr, file, NULL), "no log");
    memset(log, 0, sizeof(*log));
    log->violations = 1; /* until the summary says otherwise */
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strstr(line, "VIOLATION") != NULL && log->first[0] == '\0') {
            snprintf(log->first, sizeof(log->first), "%.250s", line);
        }
        (void)sscanf(line,
                     "end: clock %llu, %llu commands, %llu responses, "
                     "%llu blocks, %llu bad crc, %llu violations, pins %llx",
                     &log->clock, &log->commands, &log->responses, &log->blocks,
                     &log->bad_crc, &log->violations, &log->pins);
    }
    fclose(file);
}

/* ---- commands ---- */

/* see slot.h */
uint32_t slot_blocks(const slot *s)
{
    if (s->options.blocks != 0) {
        return s->options.blocks;
    }
    return s->param.sdsc ? SLOT_SDSC_BLOCKS : SLOT_HC_BLOCKS;
}

/* see slot.h */
uint32_t slot_rca(const slot *s)
{
    return (uint32_t)s->card.rca << 16;
}

/* see slot.h */
uint32_t slot_address(const slot *s, uint32_t block)
{
    return s->param.sdsc ? block * 512u : block;
}

static sdv_err run(slot *s, sdv_cmd *cmd)
{
    const sdv_err err = sdv_bus_run(s->bus, cmd, 1);

    if (err == SDV_ERR_STATE) { /* stopped by an assertion of the RTL? */
        cr_assert(eq(int, sdv_sim_status(s->sim), SDV_OK), "%s",
                  sdv_sim_detail(s->sim));
    }
    memcpy(s->response, cmd->response, sizeof(s->response));
    return err;
}

/* see slot.h */
sdv_err slot_send(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode, .arg = arg, .resp = resp};

    return run(s, &cmd);
}

/* see slot.h */
sdv_err slot_send_app(slot *s, unsigned opcode, uint32_t arg, sdv_resp resp)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .is_acmd = true,
                   .rca = s->card.rca,
                   .arg = arg,
                   .resp = resp};

    return run(s, &cmd);
}

/* see slot.h */
sdv_err slot_move(slot *s, unsigned opcode, uint32_t arg, sdv_dir dir,
                  sdv_stop stop, uint16_t size, uint16_t blocks, uint8_t *data)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .arg = arg,
                   .resp = SDV_RESP_R1,
                   .dir = dir,
                   .stop = stop,
                   .block_size = size,
                   .blocks = blocks,
                   .data = data,
                   .data_timeout_ms = 100};

    return run(s, &cmd);
}

/* see slot.h */
sdv_err slot_read_app(slot *s, unsigned opcode, uint16_t size, uint8_t *data)
{
    sdv_cmd cmd = {.opcode = (uint8_t)opcode,
                   .is_acmd = true,
                   .rca = s->card.rca,
                   .resp = SDV_RESP_R1,
                   .dir = SDV_DIR_READ,
                   .block_size = size,
                   .blocks = 1,
                   .data = data};

    return run(s, &cmd);
}

/* see slot.h */
uint32_t slot_status(slot *s)
{
    const sdv_err err =
        slot_send(s, SDV_CMD_SEND_STATUS, slot_rca(s), SDV_RESP_R1);

    cr_assert(ge(int, err, 0), "CMD13: %s", sdv_err_name(err));
    return s->response[0];
}

/* see slot.h */
unsigned slot_state_of(uint32_t status)
{
    return status >> 9 & 0xFu;
}

/* see slot.h */
void slot_expect(slot *s, unsigned state, uint32_t bits)
{
    const uint32_t status = slot_status(s);
    const uint32_t known = 0x1E00u | SDV_STATUS_READY_FOR_DATA;

    cr_assert(eq(u32, slot_state_of(status), state), "status %08X", status);
    cr_assert(eq(u32, status & ~known, bits), "status %08X", status);
}

/* see slot.h */
void slot_identify(slot *s)
{
    cr_assert(eq(int, slot_send(s, 0, 0, SDV_RESP_NONE), SDV_OK));
    cr_assert(eq(int, slot_send(s, 8, 0x1AA, SDV_RESP_R7), SDV_OK));
    s->card.rca = 0;
    for (unsigned i = 0; i < 100; i++) {
        cr_assert(
            eq(int, slot_send_app(s, 41, 0x40FF8000u, SDV_RESP_R3), SDV_OK));
        if ((s->response[0] & 0x80000000u) != 0) {
            break;
        }
    }
    cr_assert(eq(int, slot_send(s, 2, 0, SDV_RESP_R2), SDV_OK));
    cr_assert(eq(int, slot_send(s, 3, 0, SDV_RESP_R6), SDV_OK));
    s->card.rca = (uint16_t)(s->response[0] >> 16);
    cr_assert(eq(int, slot_send(s, 7, slot_rca(s), SDV_RESP_R1B), SDV_OK));
}

/* see slot.h */
void slot_pattern(uint8_t *data, size_t bytes, uint64_t number)
{
    uint64_t state = number;

    for (size_t i = 0; i < bytes; i++) {
        data[i] = (uint8_t)(sdv_random(&state) >> 56);
    }
}
