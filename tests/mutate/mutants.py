#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make many mutants of the crypto blocks, all in one netlist.

usage: mutants.py COUNT FOLDER FILE.sv...

Yosys reads the files and lists faults: a pin of a cell that is inverted, stuck,
or tied to another one.  All of them go into FOLDER/mutants.v, where the input
sabotage_i of the top chooses one, from 1 on; 0 is none.  FOLDER/mutants.txt has
a line for each.

Not mutated: sdv_guard, which Verilator reads as it is so that the tests can turn
its bits over; the S-box, whose two forms are proven equal for all inputs; pins
of clocks and resets; the modules of the tests themselves.

YOSYS chooses the tool.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

TOP = "sdv_crypto_top"
SPARED = ("sdv_guard", "sdv_aes_sbox", TOP, "sdv_aes_bank", "sdv_aes_member")
SPARED_PORTS = ("CLK", "ARST")
WIDTH = 16  # of sabotage_i


def yosys(folder, name, lines):
    script = folder / f"{name}.ys"
    script.write_text("\n".join(lines) + "\n", encoding="utf-8")
    subprocess.run([os.environ.get("YOSYS", "yosys"), "-q",
                    "-l", str(folder / f"{name}.log"), str(script)], check=True)


def read(files):
    """What the mutants are made from; guards stay black boxes."""
    guards = [f for f in files if Path(f).stem == "sdv_guard"]
    others = [f for f in files if f not in guards]
    return [f"read_verilog -sv -lib -Irtl {' '.join(guards)}",
            f"read_verilog -sv -Irtl {' '.join(others)}",
            f"hierarchy -check -top {TOP}", "proc", "opt -fast", "wreduce",
            "opt -fast", "opt_clean -purge"]


def option(line, name):
    found = re.search(rf"-{name} (\S+)", line)
    return found.group(1) if found else ""


def wanted(line):
    return (not any(s in option(line, "module") for s in SPARED)
            and "meminit" not in option(line, "cell")
            and option(line, "port").lstrip("\\") not in SPARED_PORTS)


def main(count, folder, files):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    all_of_them = folder / "listed.txt"
    yosys(folder, "list", read(files) + [
        f"write_ilang {folder}/design.il",
        f"mutate -list {2 * count} -seed 1 -o {all_of_them}"])
    lines = all_of_them.read_text(encoding="utf-8").splitlines()
    lines = [line for line in lines if wanted(line)]
    # Evenly out of all of them, since the list is sorted by nothing.
    step = max(1.0, len(lines) / count)
    chosen = [lines[int(i * step)] for i in range(min(count, len(lines)))]
    (folder / "mutants.txt").write_text("\n".join(chosen) + "\n",
                                        encoding="utf-8")
    yosys(folder, "make", [f"read_ilang {folder}/design.il"] + [
        line.replace("mutate ", f"mutate -ctrl sabotage_i {WIDTH} {number} ", 1)
        for number, line in enumerate(chosen, 1)] + [
        "opt_clean", f"write_verilog -noattr {folder}/mutants.v"])
    print(f"{len(chosen)} mutants")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
