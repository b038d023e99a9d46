#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""See that clocks are crossed in the three crossing cells and nowhere else.

usage: crossings.py FILE.sv...

Yosys flattens sdv_card down to the three cells, which stay closed.  For each
register, memory port and cell, everything that reaches it through logic alone
is looked up and must belong to its own clock.  Only the data of an sdv_sync
may come from the other clock, straight from a register: logic makes glitches.
ctl_clk_i is clk_i with edges left out, so the two are one clock; so are
vault_clk_i and core_clk_i.  A cell that crosses nothing is a fault as well.
sdv_mailbox and sdv_blkbuf are looked into in the same way; sdv_sync is the
primitive that is trusted.

A twin of the card with a bare crossing is checked first and must fail.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

TWIN = os.path.relpath(Path(__file__).with_name("crossings_twin.sv"))

# Clock that each pin belongs to.  An `early` pin may be metastable and
# `quiet` mixes the clocks: both may leave the card, no register may see them.
SYNC = {"rst_ni": "clk_i", "q_o": "clk_i", "early_o": "never"}
MAILBOX = {
    "src_rst_ni": "src_clk_i", "send_i": "src_clk_i", "data_i": "src_clk_i",
    "dst_rst_ni": "dst_clk_i", "valid_o": "dst_clk_i", "data_o": "dst_clk_i",
    "early_o": "never", "quiet_o": "never"}
BLKBUF = {
    "wr_rst_ni": "wr_clk_i", "wr_free_o": "wr_clk_i", "wr_we_i": "wr_clk_i",
    "wr_idx_i": "wr_clk_i", "wr_data_i": "wr_clk_i",
    "wr_commit_i": "wr_clk_i", "rd_rst_ni": "rd_clk_i",
    "rd_avail_o": "rd_clk_i", "rd_idx_i": "rd_clk_i",
    "rd_data_o": "rd_clk_i", "rd_release_i": "rd_clk_i", "quiet_o": "never"}
# The same clock with edges left out.
SAME = {"ctl_clk_i": "clk_i", "vault_clk_i": "core_clk_i"}
CELLS = {"sdv_sync": SYNC, "sdv_mailbox": MAILBOX, "sdv_blkbuf": BLKBUF}


def card_pin(name):
    """Clock of an input of sdv_card; its reset belongs to none."""
    if name == "rst_ni":
        return "reset"
    core = ("flash_", "word_", "entropy_")
    return "core_clk_i" if name.startswith(core) else "clk_i"


def flatten(files, top):
    """The netlist of `top`, the three cells left closed."""
    kept = " ".join(f"*{cell}*" for cell in CELLS if cell != top)
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        script = "; ".join((
            f"read_verilog -sv -Irtl {' '.join(files)}",
            f"hierarchy -check -top {top}", "proc",
            f"setattr -mod -set keep_hierarchy 1 {kept}",
            "flatten", "opt_clean", "memory_collect",
            f"write_json {file.name}"))
        run = subprocess.run(
            [os.environ.get("YOSYS", "yosys"), "-q", "-p", script],
            stderr=subprocess.PIPE, text=True, check=False)
        if run.returncode:
            sys.exit(run.stderr)
        return json.loads(Path(file.name).read_text("utf-8"))["modules"][top]


def plain(name):
    """Path of a flattened cell: $flatten\\a.\\b.$x becomes a.b.$x."""
    return name.replace("$flatten", "").replace("\\", "")


class Cell:
    """One cell of the netlist."""

    def __init__(self, name, data):
        # Registers have no name of their own; their place has.
        place = data["attributes"].get("src", "") if "$" in name else ""
        self.name = plain(name) + (f" [{place}]" if place else "")
        self.pins = data["connections"]
        self.ways = data["port_directions"]
        match = re.search(r"\\(sdv_\w+)", "\\" + data["type"])
        self.crossing = match.group(1) if match else None
        self.memory = data["type"].startswith("$mem")
        self.register = "CLK" in self.pins

    def inputs(self):
        return (p for p in self.pins if self.ways[p] == "input")

    def outputs(self):
        return (p for p in self.pins if self.ways[p] == "output")


class Netlist:
    """Who drives a bit, and which clock that belongs to."""

    def __init__(self, module, pin_clock):
        self.cells = [Cell(*item) for item in module["cells"].items()]
        self.inputs = {}   # bit: name of an input
        self.driver = {}   # bit: (cell, pin)
        self.pin_clock = pin_clock
        for name, port in module["ports"].items():
            if port["direction"] == "input":
                self.inputs.update((bit, name) for bit in port["bits"])
        for cell in self.cells:
            for pin in cell.outputs():
                for bit in cell.pins[pin]:
                    self.driver[bit] = (cell, pin)

    def clock(self, cell, pin, index=0):
        """The input that is the clock at a pin."""
        bit = cell.pins[pin][index]
        if bit not in self.inputs:
            sys.exit(f"{cell.name}: {pin} is not an input of the module")
        name = self.inputs[bit]
        return SAME.get(name, name)

    def memory_clock(self, cell):
        """Clock of what a memory holds; a table that is never written: any."""
        clocks = {self.clock(cell, "WR_CLK", i)
                  for i in range(len(cell.pins["WR_CLK"]))}
        if len(clocks) > 1:
            sys.exit(f"{cell.name}: written with both clocks")
        return clocks.pop() if clocks else "any"

    def cell_clock(self, cell, pin):
        """Clock that a pin of a closed cell belongs to."""
        owner = CELLS[cell.crossing].get(pin)
        return owner if owner == "never" else self.clock(cell, owner)

    def receivers(self):
        """(cell, pin, clock) of every pin that samples something."""
        for cell in self.cells:
            if cell.crossing:
                for pin in cell.inputs():
                    if pin in CELLS[cell.crossing]:
                        yield cell, pin, self.cell_clock(cell, pin)
            elif cell.memory:
                for pin in ("WR_ADDR", "WR_DATA", "WR_EN"):
                    yield cell, pin, self.memory_clock(cell)
            elif cell.register:
                for pin in cell.inputs():
                    if pin != "CLK":
                        yield cell, pin, self.clock(cell, "CLK")

    def sources(self, bits):
        """What reaches `bits` ({name: clock}), and the cells of logic passed."""
        found, logic, seen, todo = {}, set(), set(), list(bits)
        while todo:
            bit = todo.pop()
            if bit in seen or isinstance(bit, str):
                continue
            seen.add(bit)
            if bit in self.inputs:
                name = self.inputs[bit]
                found[name] = self.pin_clock(name)
                continue
            cell, pin = self.driver[bit]
            if cell.crossing:
                found[f"{cell.name}.{pin}"] = self.cell_clock(cell, pin)
            elif cell.register:
                found[cell.name] = self.clock(cell, "CLK")
            else:
                logic.add(cell.name)
                if cell.memory:
                    found[cell.name] = self.memory_clock(cell)
                    todo += cell.pins["RD_ADDR"]
                else:
                    todo += [b for p in cell.inputs() for b in cell.pins[p]]
        return found, logic


def bare_crossings(netlist):
    """Crossings outside of the cells."""
    for cell, pin, clock in netlist.receivers():
        found, _ = netlist.sources(cell.pins[pin])
        # The reset itself may reach a synchronizer's reset: that releases it.
        fine = {clock, "any"}
        if cell.crossing == "sdv_sync" and pin == "rst_ni":
            fine.add("reset")
        for source, other in found.items():
            if other not in fine:
                yield f"{source} ({other}) reaches {cell.name}.{pin} ({clock})"


def useless(netlist, cell):
    """What is wrong with how a crossing cell is used; nothing when it is
    fine."""
    if cell.crossing != "sdv_sync":
        clocks = [netlist.clock(cell, p) for p in cell.pins if "clk" in p]
        if len(set(clocks)) == 1:
            yield f"{cell.name}: both its clocks are {clocks[0]}"
        return
    own = netlist.clock(cell, "clk_i")
    for bit in cell.pins["d_i"]:
        found, logic = netlist.sources([bit])
        if logic or len(found) > 1:
            yield f"{cell.name}: logic before the synchronizer"
        elif own in found.values():
            yield f"{cell.name}: nothing crosses in it"


def check(files, top, pin_clock):
    """The closed cells in `top` by kind, and the faults."""
    netlist = Netlist(flatten(files, top), pin_clock)
    faults = list(bare_crossings(netlist))
    kinds = Counter()
    for cell in netlist.cells:
        if cell.crossing:
            kinds[cell.crossing] += 1
            faults += useless(netlist, cell)
    return kinds, [f"{top}: {fault}" for fault in faults]


def check_all(files):
    """sdv_card and the two cells that are made of sdv_sync."""
    kinds, faults = check(files, "sdv_card", card_pin)
    total = Counter(kinds)
    for name in ("sdv_mailbox", "sdv_blkbuf"):
        pins = CELLS[name]
        inner, more = check(files, name, lambda pin, pins=pins: pins[pin])
        total.update({kind: n * kinds[name] for kind, n in inner.items()})
        faults += more
    return total, faults


def main():
    if not check([TWIN], "sdv_card", card_pin)[1]:
        sys.exit(f"{TWIN}: its bare crossing was not found")
    total, faults = check_all(sys.argv[1:])
    for fault in sorted(faults):
        print(fault, file=sys.stderr)
    cells = ", ".join(f"{total[cell]} {cell}" for cell in CELLS)
    print(f"  clock crossings: {cells}; {len(faults)} faults")
    sys.exit(1 if faults else 0)


if __name__ == "__main__":
    main()
