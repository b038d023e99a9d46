// SPDX-License-Identifier: Apache-2.0
//
// What a slot and a bare card have in common: the Verilator context, base
// time, the core clock, storage operations in flight, and the assertion that
// stopped the model.
#ifndef SDV_SHELL_H
#define SDV_SHELL_H

#include <cstdint>
#include <string>

#include <verilated.h>

#include "kernel.h"

namespace sdv
{

constexpr uint64_t kNever = UINT64_MAX;
constexpr uint32_t kBaseHz = SDV_TIMING_BASE_HZ;
constexpr uint32_t kClocksPerUs = kBaseHz / 1000000;

class Shell : public VerilatedContext
{
  public:
    explicit Shell(const sdv_kernel_config &config);

    // Call at every entry: an assertion of the model finds its shell so.
    void enter()
    {
        Verilated::threadContextp(this);
    }

    // Is there a core clock with the next base clock?
    bool core_tick()
    {
        core_phase += core_hz;
        if (core_phase < kBaseHz) {
            return false;
        }
        core_phase -= kBaseHz;
        core++;
        return true;
    }

    void skip_core(uint64_t base_clocks);
    void stop(const char *file, int line);
    void write_coverage(); // for make coverage; nothing in other builds

    // Storage: called by the model, and by events().
    void start(sdv_port port, const sdv_nvm_request &request);
    bool finish(sdv_port port, uint32_t *word);
    void lost();
    void storage_events(); // sets nvm_done, lowers `event`

    uint64_t base = 0;  // base clocks so far
    uint64_t event = 0; // base clock before which nothing is to be done
    bool failed = false;
    uint64_t sd = 0;
    uint64_t core = 0;
    uint32_t core_hz = kBaseHz;
    uint32_t core_phase = 0;
    uint8_t nvm_done = 0; // one bit a port
    uint64_t due[SDV_PORTS] = {kNever, kNever};
    sdv_kernel_hooks hooks;
    std::string failure;
};

} // namespace sdv

#endif // SDV_SHELL_H
