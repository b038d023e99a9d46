#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Measure the AES family and the crypto engines.

usage: report.py FOLDER REPORT.json [NAME...]

Keeps in FOLDER what was measured, until a source or a tool of it changes, and
writes the tables of docs/crypto.md and its plot.  NAME measures only those
members and engines, and writes nothing there.  JOBS, YOSYS, NEXTPNR,
VERILATOR, VALGRIND and CXX may be set.
"""

import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import area
import design
import page
import simulate
import targets
from tools import Failure, Store, warn


class Report:
    """Figures of everything, and what could not be measured."""

    def __init__(self, store, names):
        members, engines = design.members(), design.engines()
        unknown = set(names) - {row["name"] for row in members + engines}
        if unknown:
            raise Failure(f"there is no {', '.join(sorted(unknown))}")
        self.store = store
        self.members = [r for r in members if not names or r["name"] in names]
        self.engines = [r for r in engines if not names or r["name"] in names]
        self.failed = []

    def note(self, row, what, measure):
        """One figure of one row; a failure is told and does not stop us."""
        try:
            row[what] = measure()
        except Failure as failure:
            row[what] = None
            self.failed.append(f"{row['name']}: {what}: {failure}")
            warn(f"{row['name']}: {what}: {failure}")

    def jobs(self):
        """What may run beside other things: it depends on no time."""
        for row in self.members + self.engines:
            yield row, {"area": lambda r=row: area.generic(
                self.store, r["name"], r["module"], r["settings"])}
        for row in self.members:
            yield row, {"licenses": lambda r=row: [
                simulate.licenses(self.store, r, lanes) for lanes in (1, 2)]}
        for row in self.members:
            yield row, {
                "ice40": lambda r=row: area.ice40(
                    self.store, r["name"], r["module"], r["settings"]),
                "fmax": lambda r=row: area.place(self.store, r)}

    def work(self, job):
        row, figures = job
        for what, measure in figures.items():
            self.note(row, what, measure)

    def measure(self, jobs):
        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(self.work, self.jobs()))
        for row in self.members:
            self.note(row, "simulation",
                      lambda r=row: simulate.simulate(self.store, r))


def main(folder, path, *names):
    start = time.monotonic()
    try:
        store = Store(Path(folder))
        report = Report(store, names)
    except Failure as failure:
        sys.exit(f"report: {failure}")
    report.measure(int(os.environ.get("JOBS", "2")))
    seconds = time.monotonic() - start
    figures = {"tools": store.tools, "seconds": round(seconds),
               "members": report.members, "engines": report.engines,
               "open_cores": design.open_cores(), "failed": report.failed}
    if not names:
        figures["targets"] = targets.named(report.members)
        page.write(figures)
    Path(path).write_text(json.dumps(figures, indent=1) + "\n",
                          encoding="utf-8")
    print(f"{len(report.members)} members, {len(report.engines)} engines, "
          f"{len(report.failed)} figures missing, {seconds:.0f} s")
    return 1 if report.failed else 0


if __name__ == "__main__":
    if len(sys.argv) < 3:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:]))
