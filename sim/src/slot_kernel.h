// SPDX-License-Identifier: Apache-2.0
//
// One slot of the direct kernel.  Page: docs/simulator.md.
#ifndef SDV_SLOT_KERNEL_H
#define SDV_SLOT_KERNEL_H

#include <memory>
#include <vector>

#include "one_eval.h"
#include "shell.h"
#if VM_TRACE
#include <verilated_fst_c.h>
#endif

namespace sdv
{

struct Flip {
    uint64_t after; // number of the SD clock that ends before it
    uint8_t lines;  // CMD in bit 4, DAT in 3:0
};

} // namespace sdv

struct sdv_slot : sdv::Shell {
    explicit sdv_slot(const sdv_kernel_config &config);
    ~sdv_slot();

    unsigned moving(bool tick);
    void tick();
    void evaluate(unsigned clocks);
    void note_resets();
    void report();
    void events();
    void flips();
    uint64_t dead_clocks(uint64_t limit) const;
    void jump(uint64_t clocks);
    void advance(uint64_t limit);
    void run_to(uint64_t limit);
    bool run_to_irq(uint64_t limit);
    uint32_t access(uint32_t offset, bool write, uint32_t value);
    void settle();

    std::unique_ptr<Vsdv_slot_top> top;
    Root *root; // its signals, without a detour
    sdv::Edges<Root> edges;
    bool one_pass = false;
    bool powered = false; // as one_pass knows
    bool skipping;
    uint64_t skip_from = 0; // no skip before this base clock
    uint64_t skipped = 0;
    uint64_t cut = sdv::kNever;
    std::vector<sdv::Flip> pending_flips;
#if VM_TRACE
    VerilatedFstC trace;
#endif
};

#endif // SDV_SLOT_KERNEL_H
