// SPDX-License-Identifier: Apache-2.0
//
// A card on bare pins: half a base clock at a time, nothing left out.
// Page: docs/simulator.md.
#include <memory>
#include <new>

#include "Vsdv_bare_top.h"
#include "shell.h"

struct sdv_bare : sdv::Shell {
    explicit sdv_bare(const sdv_kernel_config &config);
    ~sdv_bare();

    void half_clock();

    std::unique_ptr<Vsdv_bare_top> top;
};

sdv_bare::sdv_bare(const sdv_kernel_config &config)
    : Shell(config), top(new Vsdv_bare_top(this))
{
    // Inputs start at random values when power-up is random.
    top->base_clk_i = top->clk_i = top->core_clk_i = 0;
    top->cmd_i = top->cmd_oe_i = 0;
    top->dat_i = top->dat_oe_i = 0;
    top->nvm_done_i = 0;
    top->handle_i = reinterpret_cast<uintptr_t>(static_cast<Shell *>(this));
    top->power_i = config.inserted;
    // Verilator sees no falling edge on a reset that starts at 0.
    top->rst_ni = 1;
    top->eval();
    top->rst_ni = 0;
    top->eval();
    // It sees none either on a reset inside that happens to start at 0: every
    // clock rises while reset is low.
    for (int i = 0; i < 8; i++) {
        top->clk_i = !top->clk_i;
        half_clock();
    }
    top->rst_ni = 1;
    base = core = 0;
}

sdv_bare::~sdv_bare()
{
    top->final();
    write_coverage();
}

// A rising, then a falling edge, in turn.
void sdv_bare::half_clock()
{
    if (failed) {
        return;
    }
    top->base_clk_i = !top->base_clk_i;
    top->core_clk_i = 0;
    if (top->base_clk_i) {
        if (base >= event) {
            event = sdv::kNever;
            storage_events();
            top->nvm_done_i = nvm_done;
        }
        top->core_clk_i = core_tick();
        base++;
    }
    top->eval();
}

namespace
{

sdv_err open_bare(const sdv_kernel_config *config, sdv_bare **bare)
{
    *bare = nullptr;
    try {
        *bare = new sdv_bare(*config);
    } catch (const std::bad_alloc &) {
        return SDV_ERR_NO_MEMORY;
    }
    return (*bare)->failed ? SDV_ERR_ASSERT : SDV_OK;
}

void close_bare(sdv_bare *bare)
{
    bare->enter();
    delete bare;
}

void get(const sdv_bare *bare, bool *cmd, uint8_t *dat)
{
    *cmd = bare->top->cmd_o != 0;
    *dat = bare->top->dat_o;
}

// Takes effect with the next half clock.
void set(sdv_bare *bare, const sdv_pins_host *host)
{
    Vsdv_bare_top *top = bare->top.get();

    if (host->clk && !top->clk_i) {
        bare->sd++;
        if (bare->hooks.monitor != nullptr) {
            const sdv_monitor_pins pins = {bare->sd, top->cmd_o != 0,
                                           top->dat_o};

            bare->hooks.clock(bare->hooks.monitor, &pins);
        }
    }
    top->clk_i = host->clk;
    top->cmd_i = host->cmd;
    top->cmd_oe_i = host->cmd_oe;
    top->dat_i = host->dat & 0xF;
    top->dat_oe_i = host->dat_oe & 0xF;
}

void step(sdv_bare *bare)
{
    bare->enter();
    bare->half_clock();
}

void power(sdv_bare *bare, bool on)
{
    bare->top->power_i = on;
}

sdv_clocks clocks(const sdv_bare *bare)
{
    return {bare->base, bare->sd, bare->core, bare->base};
}

const char *failure(const sdv_bare *bare)
{
    return bare->failure.c_str();
}

const sdv_bare_ops bare_ops = {open_bare, close_bare, set,    get,
                               step,      power,      clocks, failure};

const sdv_kernel_lib library = {SDV_KERNEL_ABI, nullptr, &bare_ops};

} // namespace

extern "C" __attribute__((visibility("default"))) const sdv_kernel_lib *
sdv_kernel_entry(void)
{
    return &library;
}
