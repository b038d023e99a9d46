// SPDX-License-Identifier: Apache-2.0
//
// One pass through a model instead of two evaluations of it.
//
// Verilator's eval() finds out which clocks have an edge, three times a call,
// and wants a call for each level of a clock.  Here the kernel knows which
// clocks rise: it learns once which triggers that means, and from then on
// sets them and runs the clocked logic.  This is right because nothing in a
// slot looks at a clock's level or at its falling edge; edges of resets are
// left to eval().  Assertions look at values that eval() samples: with them
// it is called, but once a clock.
//
// The names used are Verilator's own.  Where they are not there, learn() says
// no, and the kernel evaluates twice.
#ifndef SDV_ONE_EVAL_H
#define SDV_ONE_EVAL_H

#include "Vsdv_slot_top.h"
#include "Vsdv_slot_top___024root.h"

using Root = Vsdv_slot_top___024root;

void Vsdv_slot_top___024root___eval_triggers__act(Root *root)
    __attribute__((weak));
void Vsdv_slot_top___024root___eval_nba(Root *root) __attribute__((weak));

namespace sdv
{

template <class...> using Void = void;

// Does the model have assertions?
template <class Top, class = void> struct IsChecked {
    static constexpr bool value = false;
};
template <class Top> struct IsChecked<Top, Void<decltype(Top::checked_o)>> {
    static constexpr bool value = true;
};

// The clocks that rise in an evaluation.
enum : unsigned {
    kBaseClock = 1,
    kHostCtlClock = 2,
    kCardClock = 4,
    kCardCtlClock = 8,
    kCoreClock = 16,
    kVaultClock = 32,
    kAllClocks = 64
};

inline void set_clocks(Vsdv_slot_top *top, unsigned clocks)
{
    top->clk_i = (clocks & kBaseClock) != 0;
    top->host_ctl_clk_i = (clocks & kHostCtlClock) != 0;
    top->card_clk_i = (clocks & kCardClock) != 0;
    top->card_ctl_clk_i = (clocks & kCardCtlClock) != 0;
    top->core_clk_i = (clocks & kCoreClock) != 0;
    top->vault_clk_i = (clocks & kVaultClock) != 0;
}

// A version of Verilator that keeps its triggers differently.
template <class R, class = void> struct Edges {
    bool learn(Vsdv_slot_top *)
    {
        return false;
    }
    void run(Vsdv_slot_top *, unsigned)
    {
    }
    void note(R *)
    {
    }
};

template <class R>
struct Edges<R,
             Void<decltype(R::__VactTriggered), decltype(R::__VnbaTriggered)>> {
    // Learn with all resets at rest and all clocks low.
    bool learn(Vsdv_slot_top *top)
    {
        if (Vsdv_slot_top___024root___eval_triggers__act == nullptr ||
            Vsdv_slot_top___024root___eval_nba == nullptr) {
            return false;
        }
        for (unsigned clocks = 0; clocks < kAllClocks; clocks++) {
            set_clocks(top, clocks);
            note(top->rootp);
            rising[clocks] = top->rootp->__VactTriggered;
            set_clocks(top, 0);
            note(top->rootp);
        }
        return true;
    }

    // These clocks rise.
    void run(Vsdv_slot_top *top, unsigned clocks)
    {
        if (IsChecked<Vsdv_slot_top>::value) {
            note(top->rootp); // that all clocks are low
            set_clocks(top, clocks);
            top->eval();
            set_clocks(top, 0);
        } else {
            top->rootp->__VnbaTriggered = rising[clocks];
            Vsdv_slot_top___024root___eval_nba(top->rootp);
            // Verilator 5.006 clears the triggers before it looks for edges,
            // 5.032 after it has run them: an eval() that comes next, because
            // a reset falls, would run this edge once more.
            top->rootp->__VnbaTriggered.clear();
        }
    }

    // Resets are where they are: eval() finds edges from here.
    void note(R *root)
    {
        Vsdv_slot_top___024root___eval_triggers__act(root);
    }

    decltype(R::__VactTriggered) rising[kAllClocks];
};

} // namespace sdv

#endif // SDV_ONE_EVAL_H
