# SPDX-License-Identifier: Apache-2.0
"""Members in simulation: clocks of a block, and clocks a second."""

import json
import re
import shutil

import tools
from design import HEADERS, HERE, RTL, files_of
from tools import Failure, run

BENCH = HERE / "bench.cc"
WAIVERS = RTL / "lint.vlt"
VERILATE = ["--cc", "--exe", "--build", "-Wno-fatal", "-O3", "--noassert",
            "--x-assign", "fast", "--x-initial", "fast",
            "--output-split", "1000000", "--prefix", "Vmember"]
COMPILE = ["-MAKEFLAGS", "OPT_FAST=-O3 OPT_SLOW=-O3 OPT_GLOBAL=-O3"]
REPEATS = 3
RUN_TIME = 1.0       # seconds of a timed run, about
COUNTED = (100, 500)  # blocks; the difference is without the start


def build(member, kept):
    """The bench with this member in it."""
    folder = kept.with_suffix(".obj").resolve()
    settings = [f"-G{name}={value}"
                for name, value in member["settings"].items()]
    run([tools.VERILATOR] + VERILATE + COMPILE + settings +
        ["--top-module", member["module"], "--Mdir", folder, "-o", "bench",
         f"-I{RTL}", WAIVERS] + files_of(member["module"]) +
        [BENCH.resolve()], kept.with_suffix(".log"))
    return folder


def ask(folder, kept, *words):
    return json.loads(run([folder / "bench", *words],
                          kept.with_suffix(".run.log")))


def counted(folder, kept, size, blocks):
    """Instructions and clocks of a run."""
    log = kept.with_suffix(".callgrind.log")
    said = run([tools.VALGRIND, "--tool=callgrind",
                f"--callgrind-out-file={folder / 'callgrind.out'}",
                folder / "bench", "speed", size, blocks], log)
    instructions = re.search(r"Collected\s*:\s*(\d+)", said)
    clocks = re.search(r'"clocks": (\d+)', said)
    if not instructions or not clocks:
        raise Failure(f"{tools.VALGRIND}: {tools.complaint(said)} ({log})")
    return int(instructions.group(1)), int(clocks.group(1))


def instructions_a_clock(folder, kept, size):
    """Without the start of the process; None when nothing can count them."""
    if shutil.which(tools.VALGRIND) is None:
        return None
    short, long = (counted(folder, kept, size, n) for n in COUNTED)
    return round((long[0] - short[0]) / (long[1] - short[1]))


def speed(folder, kept, size):
    """The best of some runs: what disturbs can only slow down."""
    blocks = 1000
    first = ask(folder, kept, "speed", size, blocks)
    blocks = max(int(blocks * RUN_TIME / max(first["seconds"], 1e-3)), 1000)
    runs = [ask(folder, kept, "speed", size, blocks) for _ in range(REPEATS)]
    best = max(runs, key=lambda one: one["clocks"] / one["seconds"])
    return {"clocks_a_second": round(best["clocks"] / best["seconds"]),
            "blocks_a_second": round(blocks / best["seconds"]),
            "instructions_a_clock": instructions_a_clock(folder, kept, size)}


def simulate(store, member):
    """Clocks of each kind of block, and the speed of the smallest key."""
    def measure(kept):
        folder = build(member, kept)
        figures = {"blocks": ask(folder, kept, "clocks", member["decrypt"],
                                 member["keys"])}
        figures.update(speed(folder, kept, member["sizes"][0]))
        return figures

    return store.figures(
        "simulate", member["name"],
        [member["settings"], member["module"], VERILATE, REPEATS, RUN_TIME],
        files_of(member["module"]) + HEADERS + [BENCH, WAIVERS], measure,
        brief)


def brief(figures):
    return (f"{figures['blocks'][0]['clocks']:>8} clocks a block "
            f"{figures['clocks_a_second'] / 1e3:>8,.0f} k clocks/s")
