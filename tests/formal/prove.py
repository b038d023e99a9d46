#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prove what tests/formal/proofs.csv lists, and see each broken twin fail.

usage: prove.py CSV FOLDER REPORT.json

Columns: name; top, a module in a file of this folder; mode; depth, in steps;
files that it needs; twins, the numbers of breaks (`SDV_BREAK) in any of them.

Every mode looks for a counterexample in the first `depth` steps and reaches
each cover statement, so that nothing holds because nothing can happen.  Mode
`bounded` stops there; mode `prove` adds k-induction: it holds for ever.
A twin must fail an assertion within the same steps.

YOSYS, SMTBMC and SOLVER choose the tools.
"""

import csv
import json
import os
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(os.path.relpath(Path(__file__).parent))
BREAK = HERE / "support" / "sdv_sabotage_pkg.sv"
SUPPORT = [f for f in sorted(BREAK.parent.glob("*.sv")) if f != BREAK]
TIME_LIMIT = 600  # seconds that one run of a solver may take


class Failure(Exception):
    """A proof that does not hold, or a tool that does not work."""


def run(*command):
    """Exit status and output of a tool."""
    try:
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True,
                              stderr=subprocess.STDOUT, timeout=TIME_LIMIT,
                              check=False)
    except FileNotFoundError as missing:
        raise Failure(f"there is no {missing.filename}") from missing
    except subprocess.TimeoutExpired as late:
        raise Failure(f"no answer after {TIME_LIMIT} s") from late
    return done.returncode, done.stdout


def translate(proof, twin, folder):
    """The problem in the solver's language; twin 0: nothing is broken."""
    smt = folder / f"{proof['top']}-{twin}.smt2"
    defines = "-D SDV_ASSERT=1 -D SDV_FORMAL=1"
    files = SUPPORT + proof["files"].split() + [HERE / f"{proof['top']}.sv"]
    if twin != "0":
        defines += f" -D SDV_SABOTAGE=1 -D SDV_TWIN={twin}"
        files = [BREAK] + files
    status, output = run(
        os.environ.get("YOSYS", "yosys"), "-q", "-p", "; ".join((
            f"read_verilog -sv -formal -Irtl {defines} {' '.join(map(str, files))}",
            f"prep -flatten -top {proof['top']}",
            # All clocks become data: nothing is known of their order.
            "clk2fflogic", "dffunmap", "opt_clean",
            f"write_smt2 -wires {smt}")))
    if status != 0:
        raise Failure(f"yosys:\n{output}")
    return smt


def solve(smt, proof, *options):
    """What the solver says; a trace of what goes wrong is beside the file."""
    # z3 4.8 does not come back without --unroll.
    return run(os.environ.get("SMTBMC", "yosys-smtbmc"),
               "-s", os.environ.get("SOLVER", "z3"), "--unroll",
               "-t", proof["depth"], "--dump-vcd", str(smt.with_suffix(".vcd")),
               *options, str(smt))


def expect_hold(smt, proof):
    """No counterexample, every cover reached, and induction if wanted."""
    wanted = [("within the depth", ()), ("a cover statement", ("-c",))]
    if proof["mode"] == "prove":
        wanted.append(("by induction", ("-i",)))
    elif proof["mode"] != "bounded":
        raise Failure(f"there is no mode {proof['mode']}")
    for what, options in wanted:
        status, output = solve(smt, proof, *options)
        if status != 0:
            raise Failure(f"fails {what}:\n{output}")


def expect_fail(smt, proof, twin):
    """An assertion fails, and not the solver or the assumptions."""
    _, output = solve(smt, proof)
    if "BMC failed!" not in output:
        raise Failure(f"twin {twin} does not fail:\n{output}")


def prove(proof, folder):
    """Both halves of one line of the list."""
    if not proof["twins"].split():
        raise Failure("there is no twin")
    expect_hold(translate(proof, "0", folder), proof)
    for twin in proof["twins"].split():
        expect_fail(translate(proof, twin, folder), proof, twin)


def main(listed, folder, report):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    proofs, failed = [], 0
    with open(listed, newline="", encoding="utf-8") as file:
        for proof in csv.DictReader(file):
            start = time.monotonic()
            verdict = "proven" if proof["mode"] == "prove" else "bounded"
            try:
                prove(proof, folder)
            except Failure as failure:
                verdict, failed = "FAILED", failed + 1
                print(f"{proof['top']}: {failure}", file=sys.stderr)
            seconds = time.monotonic() - start
            print(f"  {verdict:<9} {proof['top']:<20} {proof['name']:<30} "
                  f"{seconds:5.1f} s  twins {proof['twins']}")
            proofs.append({"top": proof["top"], "name": proof["name"],
                           "verdict": verdict, "seconds": round(seconds, 2)})
    Path(report).write_text(json.dumps(
        {"proofs": proofs, "failed": failed}, indent=2) + "\n",
        encoding="utf-8")
    print(f"{len(proofs)} proofs, {failed} failed")
    return 1 if failed or not proofs else 0


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
