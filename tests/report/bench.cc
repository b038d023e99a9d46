// SPDX-License-Identifier: Apache-2.0
// One member of the AES family, Verilated alone: clocks from block to block,
// and how fast it simulates.
//
// usage: bench clocks DECRYPTS KEYS       JSON, one entry for each kind of run
//        bench speed SIZE BLOCKS          JSON: clocks, seconds
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>

#include "Vbench.h"
#include "verilated.h"

namespace
{

using Block = std::array<uint32_t, 4>; // lowest bits first

struct Kind {
    bool size256, decrypt, same_key;
};

// The examples of FIPS-197, appendix C: one text, two keys.
const Block plain = {0xCCDDEEFF, 0x8899AABB, 0x44556677, 0x00112233};
const Block cipher128 = {0x70B4C55A, 0xD8CDB780, 0x6A7B0430, 0x69C4E0D8};
const Block cipher256 = {0x4B496089, 0xEAFC4990, 0x516745BF, 0x8EA2B7CA};

class Member
{
  public:
    Member()
    {
        for (int level : {1, 0, 1}) {
            top.rst_ni = static_cast<CData>(level);
            top.eval();
        }
        top.ready_i = 1;
    }

    // One clock; `taken` and `given` say what happens at its edge.
    void clock()
    {
        top.clk_i = 0;
        top.eval();
        taken = top.valid_i && top.ready_o;
        given = top.valid_o && top.ready_i;
        if (given) {
            std::memcpy(result.data(), &top.block_o, sizeof(result));
        }
        top.clk_i = 1;
        top.eval();
        clocks++;
    }

    void offer(const Kind &kind, const Block &block)
    {
        top.valid_i = 1;
        top.size256_i = kind.size256;
        top.decrypt_i = kind.decrypt;
        top.same_key_i = kind.same_key;
        std::memcpy(&top.block_i, block.data(), sizeof(block));
    }

    // Bytes 00, 01, ... 1F, changed by `salt`.
    void key(bool size256, uint32_t salt)
    {
        for (unsigned word = 0; word < 8; word++) {
            const bool used = size256 || word < 4;
            const uint32_t bytes = 0x00010203u + 0x04040404u * word;
            top.key_i[7 - word] = used ? bytes ^ salt : 0;
        }
    }

    // A block after a rest.
    Block once(const Kind &kind, const Block &block)
    {
        offer(kind, block);
        do {
            clock();
            if (taken) {
                top.valid_i = 0;
            }
        } while (!given);
        return result;
    }

    Vbench top;
    Block result{};
    uint64_t clocks = 0;
    bool taken = false, given = false;
};

// Nothing is measured of a member that computes something else.
bool right(bool size256, bool decrypts)
{
    Member member;
    member.key(size256, 0);
    const Block &cipher = size256 ? cipher256 : cipher128;
    return member.once({size256, false, false}, plain) == cipher &&
           (!decrypts || member.once({size256, true, true}, cipher) == plain);
}

// Blocks as fast as the member takes them; all must take as long.
bool intervals(const Kind &kind, uint64_t *interval)
{
    Member member;
    uint64_t last = 0;
    unsigned results = 0;
    member.key(kind.size256, 0);
    member.offer({kind.size256, kind.decrypt, false}, plain);
    *interval = 0;
    while (results < 20) {
        member.clock();
        if (member.taken) {
            member.offer(kind, {results, 1, 2, 3});
            member.key(kind.size256, kind.same_key ? 0 : results * 77 + 1);
        }
        if (!member.given) {
            continue;
        }
        if (results >= 2 && member.clocks - last != *interval) {
            return false;
        }
        *interval = member.clocks - last;
        last = member.clocks;
        results++;
    }
    return true;
}

int measure_clocks(bool decrypts, bool has128, bool has256)
{
    const char *comma = "";
    std::printf("[");
    for (unsigned n = 0; n < 8; n++) {
        const Kind kind = {(n & 4) != 0, (n & 2) != 0, (n & 1) != 0};
        uint64_t clocks;
        if (!(kind.size256 ? has256 : has128) || (kind.decrypt && !decrypts)) {
            continue;
        }
        if (!right(kind.size256, decrypts)) {
            std::fprintf(stderr, "error: not the answers of FIPS-197\n");
            return 1;
        }
        if (!intervals(kind, &clocks)) {
            std::fprintf(stderr, "error: clocks depend on the block\n");
            return 1;
        }
        std::printf("%s{\"size\": %d, \"decrypt\": %d, \"same_key\": %d, "
                    "\"clocks\": %u}",
                    comma, kind.size256 ? 256 : 128, kind.decrypt,
                    kind.same_key, static_cast<unsigned>(clocks));
        comma = ", ";
    }
    std::printf("]\n");
    return 0;
}

// Blocks of one key, made of results.
int measure_speed(bool size256, unsigned long blocks)
{
    Member member;
    unsigned long results = 0;
    member.key(size256, 0);
    member.offer({size256, false, false}, plain);
    const std::clock_t start = std::clock();
    while (results < blocks) {
        member.clock();
        results += member.given;
        if (member.taken) {
            member.offer({size256, false, true}, member.result);
        }
    }
    const double seconds =
        static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    std::printf("{\"clocks\": %llu, \"seconds\": %.6f}\n",
                static_cast<unsigned long long>(member.clocks), seconds);
    return 0;
}

} // namespace

int main(int argc, char **argv)
{
    const std::string what = argc == 4 ? argv[1] : "";
    if (what == "clocks") {
        const std::string keys = argv[3];
        return measure_clocks(argv[2][0] == '1', keys != "256", keys != "128");
    }
    if (what == "speed") {
        return measure_speed(std::strcmp(argv[2], "256") == 0,
                             std::strtoul(argv[3], nullptr, 10));
    }
    std::fprintf(stderr, "usage: bench clocks DECRYPTS KEYS\n"
                         "       bench speed SIZE BLOCKS\n");
    return 2;
}
