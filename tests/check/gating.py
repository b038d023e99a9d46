#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prove that a control side may rest whenever its ctl_move_o is 0.

usage: gating.py TOP FILE.sv...

A register behind ctl_clk_i must keep its value at an edge before which
ctl_move_o is 0, and a memory behind it must not be written.  That is a
statement about one edge: Yosys flattens TOP, every register is cut in two, the
value that it has (free) and the one that it would take, and the SAT solver
looks for values at which the two differ though ctl_move_o is 0.  So the proof
holds for all values, also for those that no run reaches.

Two things are taken for granted.  The synchronizers are left out: what
they look at does not move while they rest, and if it did, it would be seen
later.  And what comes out of them is taken to be silent, see SILENT.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# Messages that only come to a control side that waits for them.
SILENT = {"sdv_card": ("answer", "u_back.config_valid"), "sdv_host": ()}
GATED = "ctl_clk_i"
SYNCHRONIZER = "sdv_sync.sv"
CLOCKS = ("CLK", "WR_CLK")
VALUE, NEXT = "Q", "D"


def yosys(script):
    """Run a script; what it prints."""
    run = subprocess.run([os.environ.get("YOSYS", "yosys"), "-Q", "-p", script],
                         capture_output=True, text=True, check=False)
    if run.returncode:
        sys.exit(run.stdout[-2000:] + run.stderr)
    return run.stdout


class Cut:
    """A flattened module without its registers and memories."""

    def __init__(self, module):
        self.module = module
        self.cells = module["cells"]
        self.next_bit = 1 + max(
            bit for net in module["netnames"].values()
            for bit in net["bits"] if isinstance(bit, int))
        self.faults = []    # bits that must all be 0
        self.gated = 0      # registers and memories that were looked at

    def clocks(self, cell):
        """The inputs that are clocks of a cell."""
        ports = self.module["ports"]
        bits = {b for p in CLOCKS for b in cell["connections"].get(p, ())}
        return {name for name, port in ports.items() if set(port["bits"]) & bits}

    def fresh(self):
        self.next_bit += 1
        return self.next_bit - 1

    def add(self, kind, pins, parameters):
        """A cell of logic with one output bit; that bit."""
        out = self.fresh()
        ways = {pin: "input" for pin in pins} | {"Y": "output"}
        self.cells[f"$gating${out}"] = {
            "type": kind, "port_directions": ways, "attributes": {},
            "parameters": parameters | {"Y_WIDTH": 1},
            "connections": pins | {"Y": [out]}}
        return out

    def differ(self, now, then):
        return self.add("$ne", {"A": now, "B": then},
                        {"A_SIGNED": 0, "B_SIGNED": 0,
                         "A_WIDTH": len(now), "B_WIDTH": len(then)})

    def any_of(self, bits):
        return self.add("$reduce_or", {"A": bits},
                        {"A_SIGNED": 0, "A_WIDTH": len(bits)})

    def cut_all(self):
        """Take out what has a clock, and note what must not happen to it."""
        for name, cell in list(self.cells.items()):
            if not set(cell["connections"]) & set(CLOCKS):
                continue
            pins = cell["connections"]
            del self.cells[name]
            place = cell["attributes"].get("src", "")
            if GATED not in self.clocks(cell) or SYNCHRONIZER in place:
                continue
            self.gated += 1
            if NEXT in pins:
                self.faults.append(self.differ(pins[VALUE], pins[NEXT]))
            else:
                self.faults.append(self.any_of(pins["WR_EN"]))

    def finish(self):
        """One output that is 1 where a register would change."""
        self.module["ports"]["changes"] = {
            "direction": "output", "bits": [self.any_of(self.faults)]}
        self.module["netnames"]["changes"] = {
            "hide_name": 0, "bits": self.module["ports"]["changes"]["bits"],
            "attributes": {}}


def netlist(top, files, cut_file):
    """Flatten `top`, cut it and write it to a file; what was looked at."""
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        yosys("; ".join((
            f"read_verilog -sv -Irtl {' '.join(files)}",
            f"hierarchy -check -top {top}", "proc", "flatten", "opt_clean",
            "memory_collect", f"write_json {file.name}")))
        modules = json.loads(Path(file.name).read_text("utf-8"))["modules"]
    cut = Cut(modules[top])
    cut.cut_all()
    cut.finish()
    cut_file.write_text(json.dumps({"modules": {top: cut.module}}), "utf-8")
    return cut.gated


def proven(top, cut_file, move):
    """Is there no way to change something while ctl_move_o is `move`?"""
    known = " ".join(f"-set {name} 0" for name in SILENT[top])
    found = yosys(f"read_json {cut_file}; hierarchy -top {top}; "
                  f"sat -set ctl_move_o {move} {known} -prove changes 0 {top}")
    return "SAT proof finished - no model found: SUCCESS!" in found


def main():
    top, files = sys.argv[1], sys.argv[2:]
    with tempfile.TemporaryDirectory() as folder:
        cut_file = Path(folder) / "cut.json"
        gated = netlist(top, files, cut_file)
        if not gated:
            sys.exit(f"{top}: nothing is behind {GATED}")
        if proven(top, cut_file, 1):
            sys.exit(f"{top}: nothing ever changes, so nothing is proven")
        if not proven(top, cut_file, 0):
            sys.exit(f"{top}: a register behind {GATED} changes while "
                     "ctl_move_o is 0")
    print(f"  {top}: {gated} registers and memories rest with {GATED}")


if __name__ == "__main__":
    main()
