// SPDX-License-Identifier: Apache-2.0
// See crypto_unit.h.
#include "crypto_unit.h"

#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "Vsdv_crypto_top.h"
#include "verilated.h"
#include "verilated_vpi.h"

namespace
{

using Top = Vsdv_crypto_top;

struct Guard {
    std::string path;
    vpiHandle state, flip;
};

struct Unit {
    VerilatedContext context;
    std::unique_ptr<Top> top;
    std::vector<Guard> guards;
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

void drive_engine(Top *top, const crypto_in *in)
{
    top->unit_i = in->unit;
    top->member_i = in->member;
    top->two_lanes_i = in->two_lanes;
    top->decrypt_i = in->decrypt;
    top->wipe_i = in->wipe;
    top->start_i = in->start;
    top->size256_i = in->size256;
    top->same_key_i = in->same_key;
    put(top->key_i, in->key);
    top->valid_i = in->valid;
    top->ready_i = in->ready;
    put(top->block_i, in->block);
    top->last_i = in->last;
    top->bytes_i = in->bytes;
    top->blocks_i = in->blocks;
    top->length_i = in->length;
    put(top->fixed_i, in->fixed);
    top->op_i = in->op;
    top->restart_i = in->restart;
    top->seed_i = in->seed;
}

void drive_service(Top *top, const crypto_in *in)
{
    top->rst_ni = !in->reset;
    top->addr_i = in->addr;
    top->len_i = in->len;
    top->tag_addr_i = in->tag_addr;
    top->pers_i = in->pers;
    top->mem_rdata_i = in->mem_rdata;
    top->entropy_valid_i = in->entropy_valid;
    top->entropy_i = in->entropy;
    top->c_use_i = in->c_use;
    top->c_start_i = in->c_start;
    top->c_draw_i = in->c_draw;
    top->c_op_i = in->c_op;
    top->c_label_i = in->label;
    top->c_suite2_i = in->suite2;
    top->c_medium_id_i = in->medium_id;
    top->c_binding_i = in->binding;
    top->c_apparatus_id_i = in->apparatus_id;
    top->c_epoch_i = in->epoch;
    top->c_key_type_i = in->key_type;
    top->c_root_we_i = in->root_we;
    top->c_root_idx_i = in->root_idx;
    top->c_root_word_i = in->root_word;
}

void look(const Top *top, crypto_out *out)
{
    get(out->block, top->block_o);
    get(out->random, top->c_random_o);
    out->mem_wdata = top->mem_wdata_o;
    out->block_idx = top->block_idx_o;
    out->mem_addr = top->mem_addr_o;
    out->mem_waddr = top->mem_waddr_o;
    out->units = top->c_units_o;
    out->errors = top->errors_o;
    out->ready = top->ready_o;
    out->valid = top->valid_o;
    out->busy = top->busy_o;
    out->done = top->done_o;
    out->ok = top->ok_o;
    out->seeded = top->seeded_o;
    out->mem_we = top->mem_we_o;
    out->entropy_req = top->entropy_req_o;
    out->c_busy = top->c_busy_o;
    out->c_done = top->c_done_o;
    out->c_ok = top->c_ok_o;
    out->c_seeded = top->c_seeded_o;
    out->c_drawn = top->c_drawn_o;
    out->quiet = top->c_quiet_o;
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

void edge(Top *top)
{
    top->clk_i = 1;
    top->eval();
    top->clk_i = 0;
}

void clock_top(void *handle, const crypto_in *in, crypto_out *out)
{
    Top *top = static_cast<Unit *>(handle)->top.get();
    drive_engine(top, in);
    drive_service(top, in);
    top->eval();
    look(top, out);
    edge(top);
}

unsigned clocks_until(void *handle, const crypto_in *in, crypto_out *out,
                      unsigned limit)
{
    Top *top = static_cast<Unit *>(handle)->top.get();
    unsigned clocks = 0;
    drive_engine(top, in);
    top->eval();
    while (!top->valid_o && !top->done_o && clocks < limit) {
        edge(top);
        top->eval();
        clocks++;
    }
    look(top, out);
    edge(top);
    return clocks;
}

// ---- Faults ----

std::string path_of(vpiHandle module)
{
    return vpi_get_str(vpiFullName, module);
}

vpiHandle variable(const std::string &module, const char *name)
{
    std::string path = "TOP." + module + "." + name;
    return vpi_handle_by_name(&path[0], nullptr);
}

// Instances of sdv_guard, in the order in which VPI gives them.
void find_guards(Unit *unit, vpiHandle parent)
{
    vpiHandle modules = vpi_iterate(vpiModule, parent);
    while (vpiHandle module = modules ? vpi_scan(modules) : nullptr) {
        const std::string path = path_of(module);
        if (vpiHandle state = variable(path, "guard_q")) {
            unit->guards.push_back({path, state, variable(path, "flip")});
        }
        find_guards(unit, module);
    }
}

unsigned list_guards(void *handle, crypto_guard *list, unsigned limit)
{
    auto *unit = static_cast<Unit *>(handle);
    unit->context.assertOn(false);
    Verilated::threadContextp(&unit->context);
    if (unit->guards.empty()) {
        find_guards(unit, nullptr);
    }
    const auto count = static_cast<unsigned>(unit->guards.size());
    for (unsigned i = 0; i < count && i < limit; i++) {
        const Guard &guard = unit->guards[i];
        list[i].bits = static_cast<unsigned>(vpi_get(vpiSize, guard.state));
        snprintf(list[i].name, sizeof(list[i].name), "%s", guard.path.c_str());
    }
    return count;
}

void get_guard(void *handle, unsigned number, crypto_bits *bits)
{
    vpiHandle state = static_cast<Unit *>(handle)->guards[number].state;
    const int words = (vpi_get(vpiSize, state) + 31) / 32;
    s_vpi_value value{};
    value.format = vpiVectorVal;
    vpi_get_value(state, &value);
    *bits = {};
    for (int i = 0; i < words && i < GUARD_WORDS; i++) {
        bits->words[i] = value.value.vector[i].aval;
    }
}

void flip_guard(void *handle, unsigned number, unsigned bit)
{
    t_vpi_vecval words[GUARD_WORDS] = {};
    if (bit < NO_BIT) {
        words[bit / 32].aval = 1u << bit % 32;
    }
    s_vpi_value value{};
    value.format = vpiVectorVal;
    value.value.vector = words;
    vpi_put_value(static_cast<Unit *>(handle)->guards[number].flip, &value,
                  nullptr, vpiNoDelay);
}

} // namespace

extern "C" __attribute__((visibility("default")))
const crypto_api crypto_api{open_top,    close_top, clock_top, clocks_until,
                            list_guards, get_guard, flip_guard};
