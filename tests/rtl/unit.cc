// SPDX-License-Identifier: Apache-2.0
// See unit.h.
#include "unit.h"

#include <memory>

#include "Vsdv_unit_top.h"
#include "verilated.h"

#define API extern "C" __attribute__((visibility("default")))

struct unit {
    VerilatedContext context;
    std::unique_ptr<Vsdv_unit_top> top;
};

static void drive(Vsdv_unit_top *top, const struct unit_in *in)
{
    top->crc_clear_i = in->crc_clear;
    top->crc7_step_i = in->crc7_step;
    top->crc7_bit_i = in->crc7_bit;
    top->crc16_step_i = in->crc16_step;
    top->crc16_data_i = in->crc16_data;
    top->level_i = in->level;
    top->send_i = in->send;
    top->message_i = in->message;
    top->we_i = in->we;
    top->commit_i = in->commit;
    top->release_i = in->release;
    top->wr_idx_i = in->wr_idx;
    top->rd_idx_i = in->rd_idx;
    top->wr_data_i = in->wr_data;
}

API unit *unit_new(uint64_t seed)
{
    auto *made = new unit;
    made->context.randReset(2);
    made->context.randSeed(static_cast<int>(seed | 1));
    made->top = std::make_unique<Vsdv_unit_top>(&made->context);
    made->top->rst_ni = 1;
    made->top->eval();
    made->top->rst_ni = 0;
    made->top->eval();
    made->top->rst_ni = 1;
    made->top->eval();
    return made;
}

API void unit_free(unit **unit)
{
    (*unit)->top->final();
    delete *unit;
    *unit = nullptr;
}

API void unit_clock(unit *unit, bool a, bool b, const struct unit_in *in)
{
    drive(unit->top.get(), in);
    unit->top->a_clk_i = a;
    unit->top->b_clk_i = b;
    unit->top->eval();
    unit->top->a_clk_i = 0;
    unit->top->b_clk_i = 0;
    unit->top->eval();
}

API struct unit_out unit_look(unit *unit, const struct unit_in *in)
{
    const auto *top = unit->top.get();
    struct unit_out out = {};
    drive(unit->top.get(), in);
    unit->top->eval();
    out.crc7 = top->crc7_o;
    out.crc16 = top->crc16_o;
    out.level = top->level_o;
    out.valid = top->valid_o;
    out.free = top->free_o;
    out.avail = top->avail_o;
    out.message = top->message_o;
    out.rd_data = top->rd_data_o;
    return out;
}
