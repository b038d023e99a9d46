#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the tests of the crypto blocks on mutants, and judge who survives.

usage: mutate.py FOLDER LIBRARY PROGRAMS REPORT.json

FOLDER is that of mutants.py, LIBRARY the model made from it, PROGRAMS where the
tests are.  Those that tests.csv lists run on each mutant, one line after the
other, until one fails.  For a mutant that no
program kills, Yosys tries to show that it is equivalent: the same outputs and
next state of its module for all inputs and states.  The rest must be in
survivors.csv with a reason, and be less than one in a hundred.

JOBS is the number of mutants at a time, YOSYS chooses the tool.
"""

import csv
import json
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent
TIME_LIMIT = 120  # seconds for a program, or a look for equivalence


def describe(line):
    """Where a mutant is, without the numbers that each run of Yosys gives."""
    words = line.replace("\\", "/").split()
    given = dict(zip(words[1::2], words[2::2]))
    place = given.get("-src", given["-cell"])
    return {"module": given["-module"].rsplit("/", 1)[-1].split("=")[0],
            "place": place, "mode": given["-mode"],
            "pin": f"{given['-port']}[{given['-portbit']}]"}


class Campaign:
    """The tests, in order, on one mutant after the other."""

    def __init__(self, folder, library, programs):
        self.folder = folder
        self.programs = Path(programs)
        with open(HERE / "tests.csv", newline="", encoding="utf-8") as file:
            self.tests = list(csv.DictReader(file))
        place = folder / "crypto-sabotage" / "libsdv-crypto-sabotage.so"
        place.parent.mkdir(parents=True, exist_ok=True)
        place.unlink(missing_ok=True)
        place.symlink_to(Path(library).resolve())

    def passes(self, number, test):
        env = dict(os.environ, SDV_TEST_BUILD="sabotage",
                   SDV_TEST_SABOTAGE=str(number),
                   SDV_KERNEL_DIR=str(self.folder.resolve()))
        try:
            return subprocess.run(
                [self.programs / test["program"], "--filter", test["tests"],
                 "--fail-fast", "-j1"], env=env, timeout=TIME_LIMIT,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False  # a core that hangs is noticed too

    def check(self):
        """None may fail when there is no fault."""
        for test in self.tests:
            if not self.passes(0, test):
                sys.exit(f"{test['program']} fails without any mutant")

    def killer(self, number):
        for test in self.tests:
            if not self.passes(number, test):
                return test["program"]
        return None

    def equivalent(self, number, line):
        """Whether next state and outputs of its module are the same."""
        words = line.split()
        module = words[words.index("-module") + 1]
        script = self.folder / f"equivalent-{number}.ys"
        script.write_text("\n".join((
            f"read_ilang {self.folder}/design.il",
            f"copy {module} gold", line, f"copy {module} gate",
            "select gold gate", "async2sync", "dffunmap", "memory_map",
            "opt_clean", "select -clear",
            "equiv_make gold gate equiv", "select equiv",
            "equiv_simple", "equiv_induct", "equiv_status -assert",
        )) + "\n", encoding="utf-8")
        try:
            done = subprocess.run(
                [os.environ.get("YOSYS", "yosys"), "-q", str(script)],
                timeout=TIME_LIMIT, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL, check=False)
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def judge(self, number, line):
        mutant = dict(describe(line), number=number)
        mutant["killed_by"] = self.killer(number)
        if mutant["killed_by"] is None:
            mutant["equivalent"] = self.equivalent(number, line)
        print(json.dumps(mutant), flush=True)
        return mutant


def main(folder, library, programs, report):
    start = time.monotonic()
    folder = Path(folder)
    lines = (folder / "mutants.txt").read_text(encoding="utf-8").splitlines()
    campaign = Campaign(folder, library, programs)
    campaign.check()
    with ThreadPoolExecutor(int(os.environ.get("JOBS", "2"))) as pool:
        mutants = list(pool.map(campaign.judge, range(1, len(lines) + 1), lines))
    with open(HERE / "survivors.csv", newline="", encoding="utf-8") as file:
        reasons = {(r["module"], r["place"], r["mode"], r["pin"]): r["reason"]
                   for r in csv.DictReader(file)}
    killed = [m for m in mutants if m["killed_by"]]
    same = [m for m in mutants if m.get("equivalent")]
    left = [m for m in mutants if not m["killed_by"] and not m["equivalent"]]
    for m in left:
        key = (m["module"], m["place"], m["mode"], m["pin"])
        m["reason"] = reasons.get(key)
        print(f"  survives  {' '.join(key)}: {m['reason'] or 'NO REASON'}")
    rate = 100 * len(killed) / (len(killed) + len(left))
    Path(report).write_text(json.dumps({
        "mutants": len(mutants), "killed": len(killed),
        "equivalent": len(same), "survivors": left, "rate": round(rate, 2),
        "seconds": round(time.monotonic() - start),
        "killed_by": {p: sum(m["killed_by"] == p for m in killed)
                      for p in sorted({m["killed_by"] for m in killed})},
        "modules": {p: sum(m["module"] == p for m in mutants)
                    for p in sorted({m["module"] for m in mutants})},
    }, indent=2) + "\n", encoding="utf-8")
    print(f"{len(mutants)} mutants: {len(killed)} killed, {len(same)} shown "
          f"equivalent, {len(left)} survive: {rate:.2f} % killed")
    return 0 if rate > 99 and all(m["reason"] for m in left) else 1


if __name__ == "__main__":
    if len(sys.argv) != 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
