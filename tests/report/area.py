# SPDX-License-Identifier: Apache-2.0
"""Area and speed of what Yosys and nextpnr make of a module."""

import json
import re

import tools
from design import CHOICE, HEADERS, HERE, RTL, SPEC, files_of
from tools import Failure, run

LEGAL = ("dfflegalize -cell $_DFF_P_ 01 -cell $_DFF_PN0_ 01"
         " -cell $_DFF_PN1_ 01")
PINS = HERE / "sdv_report_pins.sv"
DEVICE, PACKAGE, SEED = "hx8k", "ct256", "1"
DEVICE_CELLS = 7680  # each a lookup table and a flip-flop

# Weights of the generic cells, in NAND gates of two inputs.
NANDS = {"NOT": .67, "NAND": 1, "NOR": 1, "AND": 1.33, "OR": 1.33,
         "ANDNOT": 1.33, "ORNOT": 1.33, "XOR": 2, "XNOR": 2, "MUX": 2.33}
NANDS_FF, NANDS_RESET = 5.67, 1.0


def read(files, top, settings, defer=""):
    """`defer` builds nothing before it is known which member is meant."""
    steps = [f"read_verilog {defer}-sv -I{RTL} {' '.join(map(str, files))}"]
    chosen = [f"{name} {value}" for name, value in settings.items()]
    if top == "sdv_crypto":  # the other way ends in an assertion of Yosys
        steps += [f"chparam -set {pair} {top}" for pair in chosen]
        chosen = []
    return steps + [f"hierarchy -check -top {top}" +
                    "".join(f" -chparam {pair}" for pair in chosen)]


def yosys(steps, log):
    return run([tools.YOSYS, "-p", "; ".join(steps)], log)


def count(path):
    """Cells by kind, as `stat -json` wrote them."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text[text.index("{"):])["design"]["num_cells_by_type"]


def nands(cells):
    """Size in NAND gates; an enable is a multiplexer, a synchronous reset an
    AND gate before the flip-flop."""
    total = 0
    for kind, number in cells.items():
        name, _, levels = kind.strip("$_").partition("_")
        if "DFF" not in name:
            weight = NANDS[name]
        else:
            weight = NANDS_FF + NANDS["MUX"] * name.endswith("E")
            if name.startswith("SDFF"):
                weight += NANDS["AND"]
            elif len(levels.rstrip("PN")) > 0:  # the level of a reset
                weight += NANDS_RESET
        total += weight * number
    return total


def flip_flops(cells):
    return sum(n for kind, n in cells.items() if "DFF" in kind)


def generic_steps(kept):
    return ["synth -flatten", LEGAL, "opt", "abc -g gates", "opt_clean -purge",
            f"tee -q -o {kept}.stat stat -json", "ltp -noff"]


def generic(store, name, module, settings):
    """Generic cells, flip-flops and depth of a module."""
    def measure(kept):
        said = yosys(read(files_of(module), module, settings) +
                     generic_steps(kept), kept.with_suffix(".log"))
        cells = count(kept.with_suffix(".stat"))
        depth = re.search(r"Longest topological path.*\(length=(\d+)\)", said)
        return {"cells": sum(cells.values()), "ff": flip_flops(cells),
                "depth": int(depth.group(1)),
                "kge": round(nands(cells) / 1000, 2), "kinds": cells}

    return store.figures(
        "cells", name, [module, settings, generic_steps("")],
        files_of(module) + HEADERS, measure,
        lambda f: f"{f['cells']:>8,} cells {f['ff']:>6,} FF "
                  f"depth {f['depth']:>3}")


def ice40(store, name, module, settings):
    """Lookup tables and flip-flops of the smallest FPGA family."""
    def measure(kept):
        yosys(read(files_of(module), module, settings) +
              ["synth_ice40 -nobram", f"tee -q -o {kept}.stat stat -json"],
              kept.with_suffix(".log"))
        cells = count(kept.with_suffix(".stat"))
        return {"luts": cells.get("SB_LUT4", 0), "ff": flip_flops(cells)}

    return store.figures(
        "ice40", name, [module, settings, "synth_ice40 -nobram"],
        files_of(module) + HEADERS, measure,
        lambda f: f"{f['luts']:>8,} LUTs {f['ff']:>6,} FF")


def place(store, member):
    """Clocks a second on the FPGA, between registers at the pins."""
    luts = (member.get("ice40") or {}).get("luts", 0)
    if luts > DEVICE_CELLS:  # with what is at its pins it needs still more
        return {"device": DEVICE, "cells": luts, "of": DEVICE_CELLS,
                "mhz": None}
    files = [SPEC] + files_of(member["module"])
    parts = list(dict.fromkeys(files)) + [CHOICE, PINS]

    def measure(kept):
        yosys(read(parts, PINS.stem, {"Member": member["number"]},
                   "-defer ") +
              [f"synth_ice40 -nobram -json {kept}.netlist"],
              kept.with_suffix(".yosys.log"))
        said = run([tools.NEXTPNR, f"--{DEVICE}", "--package", PACKAGE,
                    "--seed", SEED, "--json", f"{kept}.netlist"],
                   kept.with_suffix(".log"), accept=(0, 1, 255))
        return placed(said, kept.with_suffix(".log"))

    return store.figures(
        "fmax", member["name"],
        [member["module"], member["settings"], DEVICE, PACKAGE, SEED],
        files[1:] + HEADERS + [PINS], measure, brief)


def placed(said, log):
    """What nextpnr found, or that it did not fit."""
    used = re.search(r"ICESTORM_LC:\s*(\d+)/\s*(\d+)", said)
    speed = re.findall(r"Max frequency for clock .*: ([\d.]+) MHz", said)
    if used is None:
        raise Failure(f"nextpnr-ice40: {tools.complaint(said)} ({log})")
    figures = {"device": DEVICE, "cells": int(used.group(1)),
               "of": int(used.group(2)), "mhz": None}
    if figures["cells"] <= figures["of"]:
        if not speed:
            raise Failure(f"nextpnr-ice40: {tools.complaint(said)} ({log})")
        figures["mhz"] = float(speed[-1])
    return figures


def brief(figures):
    share = f"{figures['cells']:,} of {figures['of']:,} cells"
    if figures["mhz"] is None:
        return f"does not fit: {share}"
    return f"{figures['mhz']:>8.1f} MHz  {share}"
