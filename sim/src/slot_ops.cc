// SPDX-License-Identifier: Apache-2.0
//
// The operations of a slot as kernel.h lists them: what comes in from C.
#include <new>

#include "slot_kernel.h"

namespace
{

using sdv::kClocksPerUs;
using sdv::kNever;

sdv_err open_slot(const sdv_kernel_config *config, sdv_slot **slot)
{
    *slot = nullptr;
    try {
        *slot = new sdv_slot(*config);
    } catch (const std::bad_alloc &) {
        return SDV_ERR_NO_MEMORY;
    }
    return (*slot)->failed ? SDV_ERR_ASSERT : SDV_OK;
}

void close_slot(sdv_slot *slot)
{
    slot->enter();
    delete slot;
}

uint32_t read32(void *slot, uint32_t offset)
{
    return static_cast<sdv_slot *>(slot)->access(offset, false, 0);
}

void write32(void *slot, uint32_t offset, uint32_t value)
{
    static_cast<sdv_slot *>(slot)->access(offset, true, value);
}

int wait_irq(void *context, uint32_t timeout_us)
{
    sdv_slot *slot = static_cast<sdv_slot *>(context);

    slot->enter();
    return slot->run_to_irq(slot->base + uint64_t{timeout_us} * kClocksPerUs)
               ? 0
               : -1;
}

void run(sdv_slot *slot, uint64_t base_clocks)
{
    slot->enter();
    slot->run_to(slot->base + base_clocks);
}

void delay_us(void *slot, uint32_t us)
{
    run(static_cast<sdv_slot *>(slot), uint64_t{us} * kClocksPerUs);
}

void power(sdv_slot *slot, bool on)
{
    slot->top->supply_i = on;
    slot->settle();
}

void insert(sdv_slot *slot, bool inserted)
{
    slot->top->inserted_i = inserted;
    slot->settle();
}

void cut_at(sdv_slot *slot, uint64_t clock)
{
    slot->cut = clock == 0 ? kNever : clock;
    slot->event = 0;
}

void set_core_hz(sdv_slot *slot, uint32_t hz)
{
    slot->core_hz = hz;
}

void flip(sdv_slot *slot, uint64_t after, bool cmd, unsigned dat)
{
    const unsigned lines = (cmd ? 0x10u : 0u) | (dat & 0xFu);

    slot->pending_flips.push_back(
        {slot->sd + after, static_cast<uint8_t>(lines)});
    slot->event = 0;
}

sdv_clocks clocks(const sdv_slot *slot)
{
    return {slot->base, slot->sd, slot->core, slot->base - slot->skipped};
}

#if VM_TRACE
sdv_err trace(sdv_slot *slot, const char *path)
{
    slot->trace.open(path);
    return slot->trace.isOpen() ? SDV_OK : SDV_ERR_IO;
}

void trace_stop(sdv_slot *slot)
{
    slot->trace.close();
}
#else
sdv_err trace(sdv_slot *, const char *)
{
    return SDV_ERR_UNSUPPORTED;
}

void trace_stop(sdv_slot *)
{
}
#endif

uint64_t peek(const sdv_slot *slot, sdv_peek_id id)
{
    switch (id) {
    case SDV_PEEK_SD_CMD:
        return slot->top->cmd_o;
    case SDV_PEEK_SD_DAT:
        return slot->top->dat_o;
    case SDV_PEEK_SD_PERIOD:
        return slot->top->period_o;
    case SDV_PEEK_SLOT_IRQ:
        return slot->top->irq_o;
    case SDV_PEEK_SLOT_QUIET:
        return slot->top->quiet_o;
    case SDV_PEEK_CARD_QUIET:
        return slot->top->core_quiet_o;
    case SDV_PEEK_CARD_POWERED:
        return slot->top->powered_o;
    case SDV_PEEK_CARD_PULLUP:
        return slot->top->pullup_o;
    case SDV_PEEK_CARD_UNITS:
        return slot->top->units_o;
    default:
        return 0;
    }
}

const char *failure(const sdv_slot *slot)
{
    return slot->failure.c_str();
}

const sdv_slot_ops slot_ops = {
    open_slot, close_slot, read32,     write32,     wait_irq, delay_us,
    power,     insert,     cut_at,     set_core_hz, flip,     run,
    clocks,    trace,      trace_stop, peek,        failure};

const sdv_kernel_lib library = {SDV_KERNEL_ABI, &slot_ops, nullptr};

} // namespace

extern "C" __attribute__((visibility("default"))) const sdv_kernel_lib *
sdv_kernel_entry(void)
{
    return &library;
}
