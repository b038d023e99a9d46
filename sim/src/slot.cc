// SPDX-License-Identifier: Apache-2.0
//
// The direct kernel: one slot, its clocks and the time in which nothing
// happens.  Page: docs/simulator.md.
#include <algorithm>

#include "slot_kernel.h"

namespace
{

using sdv::kBaseHz;
using sdv::kNever;

constexpr uint16_t kNoTick = 0xFFFF; // tick_left_o: SDCLK is off
constexpr uint64_t kMargin = 4;     // clocks that are evaluated before an event
constexpr uint64_t kTickMargin = 2; // ... and before a tick of SDCLK
constexpr uint64_t kSettle = 8;     // ... and after an access
constexpr uint64_t kHandClocks = 16;     // ... and for a hand to be noticed
constexpr uint64_t kLongSkip = 1u << 30; // skip_i has 32 bits

// Only the top of the sabotage build has that input.
template <class Top>
auto set_sabotage(Top *top, unsigned number, int)
    -> decltype(top->sabotage_i, void())
{
    top->sabotage_i = static_cast<uint16_t>(number);
}

template <class Top> void set_sabotage(Top *, unsigned, long)
{
}

} // namespace

sdv_slot::sdv_slot(const sdv_kernel_config &config)
    : Shell(config), top(new Vsdv_slot_top(this)), root(top->rootp),
      skipping(!config.no_skip)
{
#if VM_TRACE
    traceEverOn(true);
    top->trace(&trace, 99);
#endif
    // Inputs start at random values when power-up is random.
    sdv::set_clocks(top.get(), 0);
    top->reg_req_i = top->reg_we_i = 0;
    top->reg_addr_i = 0;
    top->reg_wdata_i = top->skip_i = 0;
    top->nvm_done_i = top->flip_i = 0;
    top->handle_i = reinterpret_cast<uintptr_t>(static_cast<Shell *>(this));
    top->apparatus_id_i = config.apparatus_id;
    top->inserted_i = config.inserted;
    top->supply_i = 1;
    set_sabotage(top.get(), config.sabotage, 0);
    // Verilator sees no falling edge on a reset that starts at 0.
    top->rst_ni = 1;
    top->eval();
    top->rst_ni = 0;
    top->eval();
    // It sees none either on a reset inside that happens to start at 0: every
    // clock rises while reset is low.
    for (int i = 0; i < 4; i++) {
        evaluate(sdv::kAllClocks - 1);
    }
    top->rst_ni = 1;
    top->eval();
#if !VM_TRACE
    one_pass = edges.learn(top.get());
#endif
    base = sd = core = 0;
    skip_from = kSettle;
}

sdv_slot::~sdv_slot()
{
#if VM_TRACE
    trace.close();
#endif
    top->final();
    write_coverage();
}

// Raise these clocks, and lower them again.
inline void sdv_slot::evaluate(unsigned clocks)
{
    if (one_pass) {
        edges.run(top.get(), clocks);
        if (root->powered_o != powered) {
            powered = root->powered_o;
            top->eval();
        }
        return;
    }
    sdv::set_clocks(top.get(), clocks);
    top->eval();
#if VM_TRACE
    trace.dump(base * 20); // the waveform shows both levels of a clock
#endif
    sdv::set_clocks(top.get(), 0);
    top->eval();
#if VM_TRACE
    trace.dump(base * 20 + 10);
#endif
}

// What comes now can switch the card off: let eval() see it.
inline void sdv_slot::note_resets()
{
    if (one_pass) {
        edges.note(top->rootp);
    }
}

// The clocks that rise with this base clock.  A part in which no register
// would change sees no edge.  A build with assertions shows the control sides
// every edge, and all it can without skipping: the clock counts are compared.
inline unsigned sdv_slot::moving(bool tick)
{
    const bool all = sdv::IsChecked<Vsdv_slot_top>::value;
    const bool core_rests =
        (skipping || !all) && root->core_quiet_o && nvm_done == 0;
    unsigned clocks = sdv::kBaseClock;

    if (core_tick() && !core_rests) {
        clocks |= sdv::kCoreClock;
        if (all || root->vault_move_o) {
            clocks |= sdv::kVaultClock;
        }
    }
    if (all || root->host_move_o) {
        clocks |= sdv::kHostCtlClock;
    }
    if (tick) {
        clocks |= sdv::kCardClock;
        if (all || root->card_move_o) {
            clocks |= sdv::kCardCtlClock;
        }
    }
    return clocks;
}

// One base clock.
inline void sdv_slot::tick()
{
    if (base >= event) {
        events();
    }
    const bool tick = root->sd_tick_o;

    if (tick) {
        sd++;
        if (hooks.monitor != nullptr) {
            report();
        }
    }
    evaluate(moving(tick));
    base++;
}

// Show the monitor what receivers sample at this rising edge.
void sdv_slot::report()
{
    const sdv_monitor_pins pins = {sd, top->cmd_o != 0, top->dat_o};

    hooks.clock(hooks.monitor, &pins);
}

// What C has to do before the next base clock; sets when to come again.
void sdv_slot::events()
{
    event = kNever;
    storage_events();
    top->nvm_done_i = nvm_done;
    if (cut <= base) {
        note_resets();
        top->supply_i = 0;
        cut = kNever;
        skip_from = base + kSettle;
    }
    event = std::min(event, cut);
    if (!pending_flips.empty() || top->flip_i != 0) {
        flips();
    }
}

// An inverted line is inverted from one rising edge of SDCLK to the next.
void sdv_slot::flips()
{
    uint64_t next = kNever;

    if (top->sd_tick_o) {
        if (top->flip_i != 0) {
            // The monitor is to see the line come back.
            skip_from = std::max(skip_from, base + top->period_o + 1);
        }
        top->flip_i = 0;
    }
    for (sdv::Flip &flip : pending_flips) {
        if (top->sd_tick_o && flip.after == sd + 1) {
            top->flip_i ^= flip.lines;
            flip.after = 0;
        } else {
            next = std::min(next, flip.after - sd);
        }
    }
    pending_flips.erase(
        std::remove_if(pending_flips.begin(), pending_flips.end(),
                       [](const sdv::Flip &flip) { return flip.after == 0; }),
        pending_flips.end());
    if (top->flip_i != 0) {
        next = 1;
    }
    // An SD clock takes one base clock at least, and a stopped one may start.
    if (top->tick_left_o == kNoTick) {
        next = std::min<uint64_t>(next, 1);
    }
    if (next != kNever) {
        event = std::min(event, base + std::max<uint64_t>(next, 2) - 1);
    }
}

// How many base clocks can be left out now.
uint64_t sdv_slot::dead_clocks(uint64_t limit) const
{
    const uint64_t left = top->tick_left_o;
    const uint64_t end =
        std::min({limit, event, base + top->timer_left_o, base + kLongSkip});
    uint64_t dead;

    // A card that waits for the storage is quiet until it has heard of it.
    if (base < skip_from || end <= base + kMargin || nvm_done != 0) {
        return 0;
    }
    dead = end - base - kMargin;
    if (left == kNoTick) {
        return top->stopped_quiet_o ? dead : 0;
    }
    if (top->quiet_o && dead >= top->period_o) {
        return dead - dead % top->period_o;
    }
    // The first of the two clocks of a skip, and the tick, are evaluated.
    return left > kTickMargin ? std::min(dead, left - kTickMargin) : 0;
}

// Leave base clocks out: they end with the second of these two.
void sdv_slot::jump(uint64_t clocks)
{
    top->skip_i = static_cast<uint32_t>(clocks);
    tick();
    top->skip_i = 0;
    if (top->tick_left_o != kNoTick && clocks > top->tick_left_o) {
        sd += clocks / top->period_o;
    }
    tick();
    base += clocks;
    skipped += clocks;
    skip_core(clocks);
}

// One base clock, or as many as can be left out; not past `limit`.
inline void sdv_slot::advance(uint64_t limit)
{
    uint64_t dead = 0;

    if (skipping && root->core_quiet_o &&
        (root->tick_left_o > kTickMargin || root->quiet_o)) {
        dead = dead_clocks(limit);
    }
    if (dead != 0) {
        jump(dead);
    } else {
        tick();
    }
}

void sdv_slot::run_to(uint64_t limit)
{
    while (base < limit && !failed) {
        advance(limit);
    }
}

// Does the interrupt line rise before `limit`?
bool sdv_slot::run_to_irq(uint64_t limit)
{
    while (!root->irq_o && base < limit && !failed) {
        advance(limit);
    }
    return root->irq_o && !failed;
}

// A register access: two base clocks.
uint32_t sdv_slot::access(uint32_t offset, bool write, uint32_t value)
{
    if (sdv::IsChecked<Vsdv_slot_top>::value) {
        enter();
    }
    if (failed) {
        return UINT32_MAX;
    }
    if (write) {
        note_resets();
    }
    top->reg_req_i = 1;
    top->reg_we_i = write;
    top->reg_addr_i = offset & 0x1FC;
    top->reg_wdata_i = value;
    tick();
    top->reg_req_i = 0;
    tick();
    skip_from = base + kSettle;
    return failed ? UINT32_MAX : top->reg_rdata_o;
}

// After the hand has done something: until the card has seen it.
void sdv_slot::settle()
{
    enter();
    note_resets();
    skip_from = base + kSettle;
    run_to(base + kHandClocks * (kBaseHz / core_hz));
}
