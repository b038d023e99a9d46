/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands and responses mean to the bus monitor: which data may follow,
 * how wide the bus is, which card is meant.  Only what the wires have told.
 */
#include "monitor_private.h"

#define STATE_LSB 9
#define STATE_MASK 0x1E00u
#define R3_CCS (1u << SDV_OCR_CCS_LSB)
#define R3_POWERED_UP (1u << SDV_OCR_POWERED_UP_LSB)
#define COUNT_MASK 0xFFFFu
#define BUSY_CLOCKS 2u   /* from an R1b to its busy */
#define SILENT_CLOCKS 8u /* after a command that ends all, but for N_ST */

#define REFUSED                                                                \
    (SDV_STATUS_OUT_OF_RANGE | SDV_STATUS_ADDRESS_ERROR |                      \
     SDV_STATUS_BLOCK_LEN_ERROR)
#define ALL_STATUS                                                             \
    (STATE_MASK | REFUSED | SDV_STATUS_ERASE_SEQ_ERROR |                       \
     SDV_STATUS_ERASE_PARAM | SDV_STATUS_WP_VIOLATION |                        \
     SDV_STATUS_CARD_IS_LOCKED | SDV_STATUS_LOCK_UNLOCK_FAILED |               \
     SDV_STATUS_COM_CRC_ERROR | SDV_STATUS_ILLEGAL_COMMAND |                   \
     SDV_STATUS_CARD_ECC_FAILED | SDV_STATUS_CC_ERROR | SDV_STATUS_ERROR |     \
     SDV_STATUS_CSD_OVERWRITE | SDV_STATUS_WP_ERASE_SKIP |                     \
     SDV_STATUS_CARD_ECC_DISABLED | SDV_STATUS_ERASE_RESET |                   \
     SDV_STATUS_READY_FOR_DATA | SDV_STATUS_APP_CMD |                          \
     SDV_STATUS_AKE_SEQ_ERROR)

#define RULE(name, index, acmd, resp, dir, idle, ready, ident, stby, tran,     \
             data, rcv, prg, dis, door)                                        \
    {#name, index, acmd,                                                       \
     resp,  dir,   {idle, ready, ident, stby, tran, data, rcv, prg, dis},      \
     door},

static const sdv_mon_rule rules[] = {SDV_COMMAND_TABLE(RULE)};

static const sdv_mon_rule *find(uint8_t index, bool acmd)
{
    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i].index == index && rules[i].acmd == acmd) {
            return &rules[i];
        }
    }
    return NULL;
}

/* see monitor_private.h */
const sdv_mon_rule *sdv_mon_rule_of(const sdv_monitor *monitor, uint8_t index)
{
    const sdv_mon_rule *rule = monitor->app ? find(index, true) : NULL;

    return rule != NULL ? rule : find(index, false);
}

static bool is_door(const sdv_mon_rule *rule)
{
    return rule->door != SDV_DOOR_NONE;
}

static bool plain(const sdv_mon_rule *rule, unsigned index)
{
    return rule != NULL && !rule->acmd && rule->index == index;
}

static bool app(const sdv_mon_rule *rule, unsigned index)
{
    return rule != NULL && rule->acmd && rule->index == index;
}

/* see monitor_private.h */
bool sdv_mon_addressed(const sdv_monitor *monitor, const sdv_mon_rule *rule,
                       uint32_t argument)
{
    const bool has_rca =
        plain(rule, SDV_CMD_SELECT_CARD) || plain(rule, SDV_CMD_SEND_CSD) ||
        plain(rule, SDV_CMD_SEND_CID) || plain(rule, SDV_CMD_SEND_STATUS) ||
        plain(rule, SDV_CMD_GO_INACTIVE_STATE) || plain(rule, SDV_CMD_APP_CMD);

    return !has_rca || argument >> 16 == monitor->rca;
}

/* ---- commands ---- */

/* All that the card does on DAT comes to an end. */
static void silence(sdv_monitor *monitor, uint64_t clocks)
{
    monitor->data.may_write = false;
    monitor->data.may_busy = false;
    sdv_mon_dat_stop(monitor, monitor->clock + clocks);
}

static void on_plain_command(sdv_monitor *monitor)
{
    const sdv_mon_command *command = &monitor->command;

    switch (command->index) {
    case SDV_CMD_GO_IDLE_STATE:
        sdv_mon_forget(monitor);
        monitor->data.dark = false;
        silence(monitor, SILENT_CLOCKS);
        break;
    case SDV_CMD_SELECT_CARD:
        if (!command->addressed) {
            monitor->count_set = false;
            silence(monitor, SILENT_CLOCKS);
        }
        break;
    case SDV_CMD_GO_INACTIVE_STATE:
        if (command->addressed) {
            silence(monitor, SILENT_CLOCKS);
        }
        break;
    case SDV_CMD_STOP_TRANSMISSION:
        silence(monitor, SDV_TIMING_N_ST);
        break;
    default:
        break;
    }
}

/* see monitor_private.h */
void sdv_mon_on_command(sdv_monitor *monitor)
{
    const sdv_mon_command *command = &monitor->command;
    const sdv_mon_rule *rule = command->rule;
    const bool unheard =
        !command->addressed && !plain(rule, SDV_CMD_SELECT_CARD);

    if (!unheard) {
        monitor->app = false;
    }
    if (rule != NULL && !rule->acmd) {
        on_plain_command(monitor);
    }
    if (monitor->data.state != SDV_MON_BUSY) {
        monitor->data.may_busy = false;
    }
    if (rule != NULL && command->addressed && rule->resp == SDV_RESP_R1B) {
        monitor->data.may_busy = true;
        monitor->data.busy_by = 0;
    }
}

/* ---- responses ---- */

/* Bytes of the blocks that a command moves. */
static uint32_t block_length(const sdv_monitor *monitor,
                             const sdv_mon_rule *rule)
{
    if (plain(rule, SDV_CMD_SWITCH_FUNC) || app(rule, SDV_ACMD_SD_STATUS)) {
        return 64;
    }
    if (app(rule, SDV_ACMD_SEND_NUM_WR_BLOCKS)) {
        return 4;
    }
    if (app(rule, SDV_ACMD_SEND_SCR)) {
        return 8;
    }
    if (plain(rule, SDV_CMD_SEND_PSI) &&
        monitor->block_len == SDV_ASSD_PSI_BYTES) {
        return SDV_ASSD_PSI_BYTES;
    }
    if (is_door(rule)) {
        return SDV_TIMING_BLOCK_LEN;
    }
    return rule->dir == SDV_DIR_READ && !monitor->high_capacity
               ? monitor->block_len
               : SDV_TIMING_BLOCK_LEN;
}

/* How many blocks: one, or as many as CMD23 or the argument says. */
static void count_blocks(sdv_monitor *monitor, const sdv_mon_rule *rule)
{
    sdv_mon_dat *data = &monitor->data;
    const bool counted =
        plain(rule, SDV_CMD_READ_SEC_CMD) || plain(rule, SDV_CMD_WRITE_SEC_CMD);
    const bool many = plain(rule, SDV_CMD_READ_MULTIPLE_BLOCK) ||
                      plain(rule, SDV_CMD_WRITE_MULTIPLE_BLOCK);

    data->multi = counted || many;
    data->open_ended = many && (!monitor->count_set || monitor->count == 0);
    data->left = many      ? monitor->count
                 : counted ? monitor->command.argument & COUNT_MASK
                           : 1;
}

/* CMD56 goes both ways. */
static bool writes(const sdv_monitor *monitor, const sdv_mon_rule *rule)
{
    return plain(rule, SDV_CMD_GEN_CMD) ? (monitor->command.argument & 1u) == 0
                                        : rule->dir == SDV_DIR_WRITE;
}

/* Blocks may follow this answer. */
static void allow_data(sdv_monitor *monitor, const sdv_mon_rule *rule)
{
    sdv_mon_dat *data = &monitor->data;
    const bool write = writes(monitor, rule);

    monitor->secure.active = false;
    if (is_door(rule)) {
        sdv_mon_secure_begin(monitor, write);
    }
    count_blocks(monitor, rule);
    data->may_read = !write;
    data->may_write = write;
    data->len = block_length(monitor, rule);
    data->stop_at = 0;
    data->free_at = data->may_read ? monitor->command.end : monitor->clock;
}

static unsigned state_of(uint32_t status)
{
    return (status & STATE_MASK) >> STATE_LSB;
}

static void on_plain_response(sdv_monitor *monitor, uint32_t content)
{
    const sdv_mon_command *command = &monitor->command;

    switch (command->index) {
    case SDV_CMD_SEND_RELATIVE_ADDR:
        monitor->rca = content >> 16;
        break;
    case SDV_CMD_APP_CMD:
        monitor->app = (content & SDV_STATUS_APP_CMD) != 0;
        break;
    case SDV_CMD_SET_BLOCKLEN:
        if ((content & SDV_STATUS_BLOCK_LEN_ERROR) == 0) {
            monitor->block_len = command->argument;
        }
        break;
    case SDV_CMD_STOP_TRANSMISSION:
        if (state_of(content) == SDV_STATE_DATA ||
            state_of(content) == SDV_STATE_TRAN) {
            monitor->data.may_busy = false; /* nothing to program */
        }
        break;
    case SDV_CMD_CONTROL_ASSD_SYSTEM:
        if ((content & REFUSED) == 0) {
            sdv_mon_secure_forget(monitor);
        }
        break;
    default:
        break;
    }
}

static void on_app_response(sdv_monitor *monitor, uint32_t content)
{
    const sdv_mon_command *command = &monitor->command;

    if (command->index == SDV_ACMD_SD_SEND_OP_COND &&
        (content & R3_POWERED_UP) != 0) {
        monitor->high_capacity = (content & R3_CCS) != 0;
    }
    if (command->index == SDV_ACMD_SET_BUS_WIDTH && (content & REFUSED) == 0) {
        monitor->lines = (command->argument & 3u) == 2 ? 4 : 1;
    }
}

/* Some hosts send CMD12 after every secure transfer: it is answered then. */
static bool stop_may_follow(const sdv_mon_rule *rule, uint32_t content)
{
    return plain(rule, SDV_CMD_READ_SEC_CMD) ||
           plain(rule, SDV_CMD_WRITE_SEC_CMD) ||
           plain(rule, SDV_CMD_SEND_PSI) ||
           (plain(rule, SDV_CMD_STOP_TRANSMISSION) &&
            state_of(content) == SDV_STATE_TRAN);
}

/* see monitor_private.h */
void sdv_mon_on_response(sdv_monitor *monitor, uint32_t content)
{
    const sdv_mon_command *command = &monitor->command;
    const sdv_mon_rule *rule = command->rule;

    if (rule->acmd) {
        on_app_response(monitor, content);
    } else {
        on_plain_response(monitor, content);
    }
    if (rule->dir != SDV_DIR_NONE && (content & REFUSED) == 0) {
        allow_data(monitor, rule);
    }
    if (rule->resp == SDV_RESP_R1B) {
        monitor->data.busy_by = monitor->clock + BUSY_CLOCKS;
    }
    if (!plain(rule, SDV_CMD_SEND_STATUS)) {
        monitor->may_stop = stop_may_follow(rule, content);
    }
    monitor->count_set = plain(rule, SDV_CMD_SET_BLOCK_COUNT);
    if (monitor->count_set) {
        monitor->count = command->argument;
    }
}

/* see monitor_private.h */
void sdv_mon_check_status(sdv_monitor *monitor, uint32_t status)
{
    const sdv_mon_rule *rule = monitor->command.rule;
    const unsigned state = state_of(status);
    const bool app_cmd = rule->acmd || rule->index == SDV_CMD_APP_CMD;
    const bool stopped = monitor->may_stop && state == SDV_STATE_TRAN &&
                         plain(rule, SDV_CMD_STOP_TRANSMISSION);

    if (!stopped &&
        (state >= SDV_STATE_INA || rule->next[state] == SDV_STATE_NONE)) {
        sdv_mon_violation(monitor, "an answer in state %u, where %s is illegal",
                          state, rule->name);
    }
    if ((status & ~ALL_STATUS) != 0) {
        sdv_mon_violation(monitor, "reserved status bits %08X",
                          (unsigned)(status & ~ALL_STATUS));
    }
    if (app_cmd != ((status & SDV_STATUS_APP_CMD) != 0)) {
        sdv_mon_violation(monitor, "APP_CMD is %s", app_cmd ? "0" : "1");
    }
}
