#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prove what the lists of this folder say, and see each broken twin fail.

usage: prove.py PROOFS.csv CONES.csv FOLDER REPORT.json [NAME ...]

With names, only lines whose name or top begins with one of them.

Columns of PROOFS.csv: name; top, a module in a file of this folder; mode;
depth, in steps; members of the AES family that it is for, if any, and which of
their parameters the top is given; further parameters of the top; defines; files
that it needs; twins, the numbers of breaks (`SDV_BREAK`) in any of them.

| mode | clocks | counterexample within depth, covers | for ever | twin fails |
|---|---|---|---|---|
| prove | any | yes | by induction | within depth |
| bounded | any | yes | no | within depth |
| clocked | one | yes | by induction | within depth |
| step | one | yes | from any state | from any state |
| comb | none | - | for all inputs | for some input |

YOSYS, SMTBMC and SOLVER choose the tools.  Columns of CONES.csv: see cones.py.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cones
from tools import Failure, lines, read, run, yosys

ONE_CLOCK = "async2sync"
# All clocks become data: nothing is known of their order.
ANY_CLOCK = "clk2fflogic"
MODES = {"prove": ANY_CLOCK, "bounded": ANY_CLOCK, "clocked": ONE_CLOCK,
         "step": ONE_CLOCK}


def translate(proof, twin, folder):
    """The problem in the solver's language; twin 0: nothing is broken."""
    smt = folder / f"{proof['number']}-{proof['top']}-{twin}.smt2"
    yosys(*read(proof, twin), "prep -flatten",
          MODES[proof["mode"]], "dffunmap", "opt_clean",
          f"write_smt2 -wires {smt}")
    return smt


def solve(smt, proof, *options):
    """What the solver says; a trace of what goes wrong is beside the file."""
    # z3 4.8 does not come back without --unroll.
    return run(os.environ.get("SMTBMC", "yosys-smtbmc"), "--noprogress",
               "-s", os.environ.get("SOLVER", "z3"), "--unroll",
               "-t", proof["depth"], "--dump-vcd", str(smt.with_suffix(".vcd")),
               *options, str(smt))


def expect_hold(smt, proof):
    """No counterexample, every cover reached, and induction if wanted."""
    wanted = [("within the depth", ()), ("a cover statement", ("-c",))]
    if proof["mode"] != "bounded":
        wanted.append(("by induction", ("-i",)))
    for what, options in wanted:
        status, output = solve(smt, proof, *options)
        if status != 0:
            raise Failure(f"fails {what}:\n{output}")


def expect_fail(smt, proof, twin):
    """An assertion fails, and not the solver or the assumptions."""
    options, words = (), "BMC failed!"
    if proof["mode"] == "step":
        options, words = ("-i",), "Temporal induction failed!"
    _, output = solve(smt, proof, *options)
    if words not in output or "Assert failed" not in output:
        raise Failure(f"twin {twin} does not fail:\n{output}")


def prove_steps(proof, folder):
    """Both halves of a line about registers."""
    expect_hold(translate(proof, "0", folder), proof)
    for twin in proof["twins"].split():
        expect_fail(translate(proof, twin, folder), proof, twin)


def prove_comb(proof, _folder):
    """Both halves of a line about gates only, by the solver inside Yosys."""
    def solved(twin, wanted):
        yosys(*read(proof, twin), "prep -flatten",
              "memory_map", "chformal -cover -remove", "opt -full",
              "techmap", "opt",
              f"sat -prove-asserts -set-assumes {wanted}")
    solved("0", "-verify")
    for twin in proof["twins"].split():
        try:
            solved(twin, "-falsify")
        except Failure as failure:
            raise Failure(f"twin {twin} does not fail:\n{failure}") from failure


def verdict_of(proof, folder):
    """Prove one line; the word for the report, and why if it fails."""
    if not proof["twins"].split() and not proof.get("open"):
        raise Failure("there is no twin")
    if proof["mode"] == "cone":
        cones.prove(proof)
        return "no path"
    if proof["mode"] == "comb":
        prove_comb(proof, folder)
        return "proven"
    if proof["mode"] not in MODES:
        raise Failure(f"there is no mode {proof['mode']}")
    prove_steps(proof, folder)
    return "bounded" if proof["mode"] == "bounded" else "proven"


def result_of(proof, folder):
    """One line, timed and printed."""
    start, why = time.monotonic(), ""
    try:
        verdict = verdict_of(proof, folder)
    except Failure as failure:
        verdict, why = "FAILED", f"\n{proof['top']}: {failure}"
    seconds = time.monotonic() - start
    print(f"  {verdict:<8} {proof['mode']:<8} {proof['top']:<19} "
          f"{proof['name']:<44} {seconds:6.1f} s  twins {proof['twins']}{why}",
          flush=True)
    return {"top": proof["top"], "name": proof["name"], "mode": proof["mode"],
            "depth": proof["depth"], "twins": proof["twins"].split(),
            "verdict": verdict, "seconds": round(seconds, 2)}


def listed(proofs, cone_list, names):
    """All lines, members one by one, those that are wanted."""
    everything = list(lines(proofs, gates=False)) + cones.lines_of(cone_list)
    for number, proof in enumerate(everything):
        proof["number"] = f"{number:03}"
        if not names or any(proof[key].startswith(name) for name in names
                            for key in ("name", "top")):
            yield proof


def main(proofs, cone_list, folder, report, *names):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    start = time.monotonic()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        results = list(pool.map(lambda proof: result_of(proof, folder),
                                listed(proofs, cone_list, names)))
    failed = sum(r["verdict"] == "FAILED" for r in results)
    seconds = time.monotonic() - start
    Path(report).write_text(json.dumps(
        {"proofs": results, "failed": failed, "seconds": round(seconds, 1)},
        indent=2) + "\n", encoding="utf-8")
    print(f"{len(results)} proofs, {failed} failed, {seconds:.0f} s")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
