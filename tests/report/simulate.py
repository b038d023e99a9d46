# SPDX-License-Identifier: Apache-2.0
"""Members in simulation: clocks of a block, and clocks a second."""

import json
import re
import shutil

import tools
from design import CHOICE, HEADERS, HERE, RTL, files_of
from tools import Failure, run

BENCH = HERE / "bench.cc"
LICENSES = HERE / "licenses.cc"
LANES = HERE / "sdv_report_licenses.sv"
WAIVERS = RTL / "lint.vlt"
VERILATE = ["--cc", "--exe", "--build", "-Wno-fatal", "-O3", "--noassert",
            "--x-assign", "fast", "--x-initial", "fast",
            "--output-split", "1000000"]
COMPILE = "CXX={0} OPT_FAST={1} OPT_SLOW={1} OPT_GLOBAL={1}"
REPEATS = 3
RUN_TIME = 1.0       # seconds of a timed run, about
COUNTED = (100, 500)  # blocks; the difference is without the start


def build(program, top, settings, files, kept, optimize):
    """A program of ours with a module in it; its name is also the prefix."""
    folder = kept.with_suffix(".obj").resolve()
    chosen = [f"-G{name}={value}" for name, value in settings.items()]
    run([tools.VERILATOR] + VERILATE + chosen +
        ["-MAKEFLAGS", COMPILE.format(tools.CXX, optimize), "--prefix",
         f"V{program.stem}", "--top-module", top, "--Mdir", folder,
         "-o", program.stem, f"-I{RTL}", WAIVERS] + files +
        [program.resolve()], kept.with_suffix(".log"))
    return folder / program.stem


def ask(program, kept, *words):
    return json.loads(run([program, *words], kept.with_suffix(".run.log")))


def counted(program, kept, size, blocks):
    """Instructions and clocks of a run."""
    log = kept.with_suffix(".callgrind.log")
    said = run([tools.VALGRIND, "--tool=callgrind",
                f"--callgrind-out-file={program}.callgrind",
                program, "speed", size, blocks], log)
    instructions = re.search(r"Collected\s*:\s*(\d+)", said)
    clocks = re.search(r'"clocks": (\d+)', said)
    if not instructions or not clocks:
        raise Failure(f"{tools.VALGRIND}: {tools.complaint(said)} ({log})")
    return int(instructions.group(1)), int(clocks.group(1))


def instructions_a_clock(program, kept, size):
    """Without the start of the process; None when nothing can count them."""
    if shutil.which(tools.VALGRIND) is None:
        return None
    short, long = (counted(program, kept, size, n) for n in COUNTED)
    return round((long[0] - short[0]) / (long[1] - short[1]))


def speed(program, kept, size):
    """The best of some runs: what disturbs can only slow down."""
    blocks = 1000
    first = ask(program, kept, "speed", size, blocks)
    blocks = max(int(blocks * RUN_TIME / max(first["seconds"], 1e-3)), 1000)
    runs = [ask(program, kept, "speed", size, blocks) for _ in range(REPEATS)]
    best = max(runs, key=lambda one: one["clocks"] / one["seconds"])
    return {"clocks_a_second": round(best["clocks"] / best["seconds"]),
            "blocks_a_second": round(blocks / best["seconds"]),
            "instructions_a_clock": instructions_a_clock(program, kept, size)}


def simulate(store, member):
    """Clocks of each kind of block, and the speed of the smallest key."""
    files = files_of(member["module"])

    def measure(kept):
        program = build(BENCH, member["module"], member["settings"], files,
                        kept, "-O3")
        figures = {"blocks": ask(program, kept, "clocks", member["decrypt"],
                                 member["keys"])}
        figures.update(speed(program, kept, member["sizes"][0]))
        return figures

    return store.figures(
        "simulate", member["name"],
        [member["settings"], member["module"], VERILATE, REPEATS, RUN_TIME],
        files + HEADERS + [BENCH, WAIVERS], measure, brief)


def brief(figures):
    return (f"{figures['blocks'][0]['clocks']:>8} clocks a block "
            f"{figures['clocks_a_second'] / 1e3:>8,.0f} k clocks/s")


def licenses(store, member, lanes):
    """Clocks of licenses on lanes of this member."""
    settings = {"Member": member["number"], "Lanes": lanes}
    files = files_of("sdv_siv", "sdv_drbg", "sdv_lanes", member["module"])

    def measure(kept):
        program = build(LICENSES, LANES.stem, settings,
                        files + [CHOICE, LANES], kept, "-O0")
        return {"lanes": lanes, **ask(program, kept, member["keys"])}

    return store.figures(
        "licenses", f"{member['name']} {lanes}",
        [settings, member["settings"], VERILATE],
        files + HEADERS + [LANES, LICENSES, WAIVERS], measure,
        lambda f: f"{f['open']:>8,} to open  {f['seal']:>5,} to seal")
