#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Run the test of each requirement, without and with a break of the RTL.

usage: claims.py CSV PROGRAM

The csv names, for each requirement, its test in PROGRAM, what must appear on
the bus, and the break of tests/sabotage.csv that the test must notice.  What
appeared is read here from the transcripts that the bus monitor wrote during
the test; the test has no say in it.
"""

import csv
import os
import subprocess
import sys
import tempfile
from pathlib import Path

LIMIT = 600  # seconds: a broken card may hang a test


def run(program, test, build, brk, logs):
    """Run one test; True when it ran and passed."""
    environment = dict(os.environ, SDV_TEST_KERNEL="direct",
                       SDV_TEST_BUILD=build, SDV_TEST_SABOTAGE=str(brk),
                       SDV_TEST_LOGS=logs)
    try:
        done = subprocess.run([program, "--filter", f"claims/{test}"],
                              env=environment, stdin=subprocess.DEVNULL,
                              capture_output=True, text=True, timeout=LIMIT,
                              check=False)
    except subprocess.TimeoutExpired:
        return False, "it hangs"
    text = done.stdout + done.stderr
    if "Tested: 1 " not in text:
        return False, f"there is no test {test}"
    return done.returncode == 0, text


def missing(wanted, logs):
    """Which of the wanted words stand in no transcript."""
    lines = [line for path in sorted(Path(logs).glob("*.log"))
             for line in path.read_text(encoding="utf-8").splitlines()]
    found = {word for line in lines for word in spoken(line)}
    return [word for word in wanted if word not in found]


def spoken(line):
    """CMDn of a command that was answered; APDU names behind `apdu`."""
    words = line.split()
    if len(words) > 1 and words[1].lstrip("A").startswith("CMD"):
        return [words[1]] if "->" in words and "no" not in words else []
    if "apdu" in words[:-1]:
        return [words[words.index("apdu") + 1]]
    return []


def judge(program, row):
    """One requirement: words for the table, and whether all is well."""
    with tempfile.TemporaryDirectory() as logs:
        good, text = run(program, row["test"], "assert", 0, logs)
        absent = missing(row["bus"].split(), logs)
    if not good:
        return "fails", "-", "-", text
    with tempfile.TemporaryDirectory() as logs:
        whole, text = run(program, row["test"], "sabotage", 0, logs)
        if not whole:
            return "passes", "-", "fails without the break", text
        survives, _ = run(program, row["test"], "sabotage", row["break"], logs)
    return ("passes", "all seen" if not absent else "no " + " ".join(absent),
            "NOT NOTICED" if survives else "noticed", "")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: claims.py CSV PROGRAM")
    with open(sys.argv[1], newline="", encoding="ascii") as file:
        rows = list(csv.DictReader(file))
    red = 0
    print(f"{'claim':>5}  {'test':<10} {'result':<7} {'on the bus':<34} "
          f"{'break':>5}  with the break")
    for row in rows:
        result, bus, broken, text = judge(sys.argv[2], row)
        well = (result, bus, broken) == ("passes", "all seen", "noticed")
        red += not well
        print(f"{row['claim']:>5}  {row['test']:<10} {result:<7} "
              f"{bus + ': ' + row['bus'] if well else bus:<34} "
              f"{row['break']:>5}  {broken}", flush=True)
        if text:
            print(text, file=sys.stderr)
    print(f"{len(rows)} claims, {red} red")
    sys.exit(1 if red else 0)


if __name__ == "__main__":
    main()
