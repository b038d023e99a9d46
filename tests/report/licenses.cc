// SPDX-License-Identifier: Apache-2.0
// Clocks of licenses on lanes of one member, see sdv_report_licenses.sv.
//
// usage: licenses KEYS     JSON: open, seal, stream (null without AES-256)
//
// A license is a header of 64 bytes as associated data, a tag of 16 and a
// record of 432.  In the stream one engine opens licenses and the other seals
// those that were opened, each with a random salt.
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstring>

#include "Vlicenses.h"
#include "verilated.h"

namespace
{

using License = std::array<uint32_t, 256>; // words of the memory

enum Operation { AD = 1, SEAL = 2, OPEN = 3 };
enum { SEALER, OPENER, ENGINES };
enum { BUFFERS = 2 }; // licenses that were opened and wait, or are sealed
enum { HEADER_BYTES = 64, TAG_WORD = 16, RECORD_WORD = 20, RECORD_BYTES = 432 };
enum { TOO_LONG = 100000 };

class Bench
{
  public:
    explicit Bench(bool size256)
    {
        top.size256_i = size256;
        for (unsigned word = 0; word < 16; word++) {
            top.key_i[word] = 0x9E3779B9u * (word + 1);
        }
        for (int level : {1, 0, 1}) {
            top.rst_ni = static_cast<CData>(level);
            top.eval();
        }
        top.new_key_i = 1;
        clock();
        top.new_key_i = 0;
    }

    void clock()
    {
        top.clk_i = 0;
        top.eval();
        uint64_t read = 0;
        for (unsigned e = 0; e < ENGINES; e++) {
            const unsigned shift = 8 * e;
            done[e] = top.done_o >> e & 1;
            ok[e] = top.ok_o >> e & 1;
            read |=
                static_cast<uint64_t>(memory[e][top.mem_addr_o >> shift & 255])
                << (32 * e);
            if (top.mem_we_o >> e & 1) {
                memory[e][top.mem_waddr_o >> shift & 255] =
                    static_cast<uint32_t>(top.mem_wdata_o >> (32 * e));
            }
        }
        top.clk_i = 1;
        top.eval();
        top.mem_rdata_i = read;
        top.start_i = 0;
        top.draw_i = 0;
        top.seed_i = 0;
        clocks++;
    }

    void start(unsigned engine, Operation op)
    {
        const bool text = op != AD;
        set(top.op_i, 2, engine, op & 3u);
        set(top.addr_i, 8, engine, text ? RECORD_WORD : 0u);
        set(top.len_i, 10, engine, text ? RECORD_BYTES : HEADER_BYTES);
        set(top.tag_addr_i, 8, engine, TAG_WORD);
        top.start_i |= static_cast<CData>(1u << engine);
    }

    // Operations of one engine while the other rests; clocks until done.
    uint64_t license(unsigned engine, Operation op)
    {
        const uint64_t before = clocks;
        for (Operation each : {AD, op}) {
            start(engine, each);
            do {
                clock();
            } while (!done[engine] && clocks < TOO_LONG);
        }
        return clocks - before;
    }

    // Entropy that is always there.
    void seed()
    {
        top.entropy_valid_i = 1;
        top.entropy_i = 0x0F1E2D3C;
        top.seed_i = 1;
        do {
            clock();
        } while (!top.drawn_o && clocks < TOO_LONG);
        clock();
    }

    Vlicenses top;
    std::array<License, ENGINES> memory{};
    std::array<bool, ENGINES> done{}, ok{};
    uint64_t clocks = 0;

  private:
    template <class Port>
    static void set(Port &port, unsigned width, unsigned engine, unsigned value)
    {
        const unsigned shift = width * engine;
        const unsigned mask = ((1u << width) - 1) << shift;
        port = static_cast<Port>((port & ~mask) | value << shift);
    }
};

License fresh()
{
    License license{};
    for (unsigned word = 0; word < license.size(); word++) {
        license[word] = word < TAG_WORD || word >= RECORD_WORD ? word * 77 : 0;
    }
    return license;
}

bool same_record(const License &a, const License &b)
{
    return std::memcmp(&a[RECORD_WORD], &b[RECORD_WORD], RECORD_BYTES) == 0;
}

// Nothing is measured of lanes that do not give back what was sealed.
bool alone(Bench &bench, uint64_t *opening, uint64_t *sealing)
{
    for (unsigned i = 0; i < 2; i++) { // the first one makes the subkeys
        bench.memory[SEALER] = fresh();
        *sealing = bench.license(SEALER, SEAL);
        bench.memory[OPENER] = bench.memory[SEALER];
        *opening = bench.license(OPENER, OPEN);
        if (!bench.ok[OPENER] || same_record(bench.memory[SEALER], fresh()) ||
            !same_record(bench.memory[OPENER], fresh())) {
            return false;
        }
    }
    return true;
}

// What a stream consists of: the state of each engine.
class Stream
{
  public:
    explicit Stream(Bench &of) : bench(of), sealed(of.memory[SEALER])
    {
    }

    // Clocks until so many were opened and sealed again; 0 if it fails.
    uint64_t run(unsigned count)
    {
        const uint64_t before = bench.clocks;
        while (ended[SEALER] < count && !wrong &&
               bench.clocks - before < TOO_LONG) {
            for (unsigned e = 0; e < ENGINES; e++) {
                step(e);
            }
            bench.clock();
        }
        return ended[SEALER] < count ? 0 : bench.clocks - before;
    }

  private:
    // A license may be sealed when it was opened, and opened when there is
    // room for it.
    bool may_begin(unsigned engine) const
    {
        return engine == SEALER ? ended[SEALER] < ended[OPENER]
                                : ended[OPENER] < ended[SEALER] + BUFFERS;
    }

    void step(unsigned engine)
    {
        if (bench.done[engine] && part[engine] != NONE) {
            ended[engine] += part[engine] == TEXT;
            wrong = wrong || !bench.ok[engine];
            part[engine] = part[engine] == HEADER ? TEXT : NONE;
            if (part[engine] == TEXT) {
                bench.start(engine, engine == SEALER ? SEAL : OPEN);
            }
        }
        if (part[engine] == NONE && may_begin(engine)) {
            part[engine] = HEADER;
            bench.memory[engine] = engine == SEALER ? fresh() : sealed;
            bench.top.draw_i |= engine == SEALER;
            bench.start(engine, AD);
        }
    }

    enum Part { NONE, HEADER, TEXT };
    bool wrong = false;
    Bench &bench;
    const License sealed;
    Part part[ENGINES] = {NONE, NONE};
    unsigned ended[ENGINES] = {0, 0};
};

// Clocks a license, without those of the beginning.
double stream(Bench &bench)
{
    enum { FEW = 4, MANY = 44 };
    Stream stream(bench);
    stream.run(FEW);
    return static_cast<double>(stream.run(MANY)) / (MANY - FEW);
}

} // namespace

int main(int argc, char **argv)
{
    if (argc != 2) {
        std::fprintf(stderr, "usage: licenses KEYS\n");
        return 2;
    }
    const bool size256 = std::strcmp(argv[1], "128") != 0;
    uint64_t opening, sealing;
    Bench bench(size256);
    if (!alone(bench, &opening, &sealing) || bench.top.error_o) {
        std::fprintf(stderr, "error: a license does not come back\n");
        return 1;
    }
    std::printf("{\"open\": %u, \"seal\": %u, \"stream\": ",
                static_cast<unsigned>(opening), static_cast<unsigned>(sealing));
    if (!size256) {
        std::printf("null}\n"); // the generator needs AES-256
        return 0;
    }
    bench.seed();
    std::printf("%.1f}\n", stream(bench));
    return 0;
}
