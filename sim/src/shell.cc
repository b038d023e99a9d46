// SPDX-License-Identifier: Apache-2.0
//
// See shell.h.  The storage calls of sim/rtl/sdv_storage.sv end here, and so
// do failed assertions, which would end the process otherwise.
#include "shell.h"

#include <algorithm>
#include <cstring>
#if VM_COVERAGE
#include <cstdlib>
#include <unistd.h>
#include <verilated_cov.h>
#endif

namespace sdv
{

Shell::Shell(const sdv_kernel_config &config) : hooks(config.hooks)
{
    // Seed 0 would mean a seed of Verilator's own choice.
    randSeed(static_cast<int>((config.seed ^ config.seed >> 32) & 0x7FFFFFFE) |
             1);
    randReset(2);
}

void Shell::skip_core(uint64_t base_clocks)
{
    const uint64_t phase = core_phase + base_clocks * core_hz;

    core += phase / kBaseHz;
    core_phase = static_cast<uint32_t>(phase % kBaseHz);
}

void Shell::write_coverage()
{
#if VM_COVERAGE
    const char *folder = std::getenv("SDV_COVERAGE_DIR");
    std::string path =
        std::string(folder != nullptr ? folder : "") + "/XXXXXX.dat";

    if (folder != nullptr) {
        close(mkstemps(&path[0], 4)); // slots of many processes write here
        coveragep()->write(path.c_str());
    }
#endif
}

void Shell::stop(const char *file, int line)
{
    const char *slash = std::strrchr(file, '/');

    if (!failed) {
        failed = true;
        failure = std::string("assertion failed: ") +
                  (slash != nullptr ? slash + 1 : file) + ":" +
                  std::to_string(line) + ", base clock " + std::to_string(base);
    }
}

void Shell::start(sdv_port port, const sdv_nvm_request &request)
{
    due[port] = base + hooks.start(hooks.storage, port, &request);
    event = std::min(event, due[port]);
}

bool Shell::finish(sdv_port port, uint32_t *word)
{
    nvm_done &= static_cast<uint8_t>(~(1u << port));
    event = 0; // the input is lowered with the next base clock
    return hooks.finish(hooks.storage, port, word);
}

void Shell::lost()
{
    std::fill(std::begin(due), std::end(due), kNever);
    nvm_done = 0;
    event = 0;
    hooks.lost(hooks.storage);
    // What has had no clock yet had no power to lose.
    if (hooks.monitor != nullptr && sd != 0) {
        hooks.reset(hooks.monitor, sd);
    }
}

void Shell::storage_events()
{
    for (unsigned port = 0; port < SDV_PORTS; port++) {
        if (due[port] <= base) {
            due[port] = kNever;
            nvm_done |= static_cast<uint8_t>(1u << port);
        }
        event = std::min(event, due[port]);
    }
}

} // namespace sdv

using sdv::Shell;

static Shell &shell_of(unsigned long long handle)
{
    return *reinterpret_cast<Shell *>(handle);
}

// ---- imported by sim/rtl/sdv_storage.sv ----

extern "C" {

void sdv_nvm_flash(unsigned long long handle, unsigned op, unsigned secure,
                   unsigned address, unsigned count)
{
    sdv_nvm_request request = {};

    request.op = op;
    request.region = secure != 0 ? SDV_REGION_SECURE : SDV_REGION_USER;
    request.address = address;
    request.count = count;
    shell_of(handle).start(SDV_PORT_FLASH, request);
}

void sdv_nvm_word(unsigned long long handle, unsigned write, unsigned otp,
                  unsigned hold, unsigned address, unsigned data)
{
    sdv_nvm_request request = {};

    request.op = write != 0 ? SDV_NVM_OP_PROGRAM : SDV_NVM_OP_READ;
    request.region = otp != 0 ? SDV_REGION_OTP : SDV_REGION_EEPROM;
    request.address = address;
    request.count = 1;
    request.data = data;
    request.hold = hold != 0;
    shell_of(handle).start(SDV_PORT_WORD, request);
}

unsigned sdv_nvm_flash_end(unsigned long long handle)
{
    uint32_t none;

    return shell_of(handle).finish(SDV_PORT_FLASH, &none) ? 0 : 1;
}

unsigned sdv_nvm_word_end(unsigned long long handle)
{
    uint32_t word;

    (void)shell_of(handle).finish(SDV_PORT_WORD, &word);
    return word;
}

unsigned sdv_nvm_get(unsigned long long handle, unsigned index)
{
    const sdv_kernel_hooks &hooks = shell_of(handle).hooks;

    return hooks.get(hooks.storage, index);
}

void sdv_nvm_put(unsigned long long handle, unsigned index, unsigned data)
{
    const sdv_kernel_hooks &hooks = shell_of(handle).hooks;

    hooks.put(hooks.storage, index, data);
}

unsigned sdv_nvm_entropy(unsigned long long handle)
{
    const sdv_kernel_hooks &hooks = shell_of(handle).hooks;

    return hooks.entropy(hooks.storage);
}

void sdv_nvm_lost(unsigned long long handle)
{
    shell_of(handle).lost();
}

} // extern "C"

// ---- called by Verilator, which is told not to bring its own ----

static void stop_running(const char *file, int line)
{
    static_cast<Shell *>(Verilated::threadContextp())->stop(file, line);
}

void vl_stop(const char *file, int line, const char *)
{
    stop_running(file, line);
}

void vl_finish(const char *file, int line, const char *)
{
    stop_running(file, line);
}

void vl_fatal(const char *file, int line, const char *, const char *)
{
    stop_running(file, line);
}
