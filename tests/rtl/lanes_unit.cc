// SPDX-License-Identifier: Apache-2.0
// See lanes_unit.h.
#include "lanes_unit.h"

#include <cstring>
#include <memory>

#include "Vsdv_lanes_top.h"
#include "verilated.h"

namespace
{

using Top = Vsdv_lanes_top;

struct Unit {
    VerilatedContext context;
    std::unique_ptr<Top> top;
};

// Only the top of the sabotage build has that input.
template <class T>
auto set_sabotage(T *top, unsigned number, int)
    -> decltype(top->sabotage_i, void())
{
    top->sabotage_i = static_cast<uint16_t>(number);
}
template <class T> void set_sabotage(T *, unsigned, long)
{
}

template <class Wide, size_t N> void put(Wide &port, const uint32_t (&words)[N])
{
    static_assert(sizeof(port) == sizeof(words), "width of the port");
    std::memcpy(&port, words, sizeof(words));
}

template <class Wide, size_t N> void get(uint32_t (&words)[N], const Wide &port)
{
    static_assert(sizeof(port) == sizeof(words), "width of the port");
    std::memcpy(words, &port, sizeof(words));
}

void drive_siv(Top *top, const lanes_in *in)
{
    top->rst_ni = !in->reset;
    top->wipe_i = in->wipe;
    top->lanes_i = in->lanes;
    top->start_i = in->start;
    top->op_i = in->op;
    put(top->key_i, in->key);
    top->size256_i = in->size256;
    top->new_key_i = in->new_key;
    top->addr_i = in->addr;
    top->len_i = in->len;
    top->tag_addr_i = in->tag_addr;
    top->mem_rdata_i = in->mem_rdata;
}

void drive_others(Top *top, const lanes_in *in)
{
    top->seed_i = in->seed;
    top->draw_i = in->draw;
    top->entropy_valid_i = in->entropy_valid;
    top->entropy_i = in->entropy;
    top->ctr_start_i = in->ctr_start;
    top->ctr_same_key_i = in->ctr_same_key;
    put(top->ctr_key_i, in->ctr_key);
    top->ctr_size256_i = in->ctr_size256;
    put(top->ctr_counter_i, in->ctr_counter);
    top->ctr_blocks_i = in->ctr_blocks;
    top->ctr_ready_i = in->ctr_ready;
    top->valid_i = in->valid;
    top->same_key_i = in->same_key;
    put(top->block_key_i, in->block_key);
    top->block_size256_i = in->block_size256;
    put(top->block_i, in->block);
}

void look(const Top *top, lanes_out *out)
{
    get(out->random, top->random_o);
    get(out->ctr_block, top->ctr_block_o);
    get(out->block, top->block_o);
    out->mem_addr = top->mem_addr_o;
    out->mem_we = top->mem_we_o;
    out->mem_waddr = top->mem_waddr_o;
    out->mem_wdata = top->mem_wdata_o;
    out->busy = top->busy_o;
    out->done = top->done_o;
    out->ok = top->ok_o;
    out->entropy_req = top->entropy_req_o;
    out->drawn = top->drawn_o;
    out->ctr_busy = top->ctr_busy_o;
    out->ctr_valid = top->ctr_valid_o;
    out->ready = top->ready_o;
    out->block_done = top->block_done_o;
    out->lane_taken = top->lane_taken_o;
    out->error = top->error_o;
}

void *open_top(uint64_t seed, unsigned sabotage)
{
    auto *unit = new Unit;
    unit->context.randReset(2);
    unit->context.randSeed(static_cast<int>(seed | 1));
    unit->top = std::make_unique<Top>(&unit->context);
    set_sabotage(unit->top.get(), sabotage, 0);
    for (int level : {1, 0, 1}) {
        unit->top->rst_ni = static_cast<CData>(level);
        unit->top->eval();
    }
    return unit;
}

void close_top(void *handle)
{
    auto *unit = static_cast<Unit *>(handle);
    unit->top->final();
    delete unit;
}

void clock_top(void *handle, const lanes_in *in, lanes_out *out)
{
    Top *top = static_cast<Unit *>(handle)->top.get();
    drive_siv(top, in);
    drive_others(top, in);
    top->clk_i = 0;
    top->eval();
    look(top, out);
    top->clk_i = 1;
    top->eval();
}

} // namespace

extern "C" __attribute__((visibility("default")))
const lanes_api lanes_api{open_top, close_top, clock_top};
