#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The tables of docs/crypto.md and its plot.

usage: page.py REPORT.json    write them, from what was measured
       page.py --check        see that they have a line for each member, each
                              engine and each core of others that is listed
"""

import json
import re
import sys
from pathlib import Path

import design
import plot
import targets
from targets import area, clocks_a_byte, interval, license, product

PAGE = design.ROOT / "docs" / "crypto.md"
PLOT = design.ROOT / "docs" / "img" / "aes_area_speed.svg"
NONE = "-"


def table(columns, lines):
    yield "| " + " | ".join(columns) + " |"
    yield "|---" * len(columns) + "|"
    for line in lines:
        yield "| " + " | ".join(line) + " |"


def whole(value):
    return NONE if value is None else f"{value:,.0f}"


def tenths(value):
    return NONE if value is None else f"{value:,.1f}"


def two_digits(value):
    """Rounded, because the next machine gives another figure."""
    if value is None:
        return NONE
    return f"{float(f'{value:.2g}'):,.10g}"


def code(row):
    return f"`{row['name']}`"


# ---- Tables ----

def sizes(report):
    return table(
        ("member", "keys", "AES-128", "AES-256", "cells", "flip-flops",
         "depth", "kGE", "cells × clocks a byte"),
        ([code(row), "both" if row["keys"] == "384" else row["keys"],
          whole(interval(row, 128)), whole(interval(row, 256)),
          whole(area(row, "cells")), whole(area(row, "ff")),
          whole(area(row, "depth")),
          tenths(area(row, "kge")), whole(product(row))]
         for row in report["members"]))


def pair(row, decrypt, same_key):
    found = [interval(row, size, decrypt, same_key) for size in (128, 256)]
    return " / ".join(whole(clocks) for clocks in found if clocks) or NONE


def directions(report):
    return table(
        ("member", "encrypt, same key", "encrypt, another key",
         "decrypt, same key", "decrypt, another key"),
        ([code(row), pair(row, 0, 1), pair(row, 0, 0), pair(row, 1, 1),
          pair(row, 1, 0)] for row in report["members"]))


def licenses(report):
    return table(
        ("member", "suite", "open", "seal", "open, two lanes",
         "seal, two lanes", "stream, one lane", "stream, two lanes"),
        ([code(row), "1" if row["keys"] == "128" else "2"] +
         [whole(license(row, lanes, what) or None) for lanes, what in (
             (1, "open"), (1, "seal"), (2, "open"), (2, "seal"),
             (1, "stream"), (2, "stream"))] for row in report["members"]))


def fmax(row):
    found = row.get("fmax")
    if not found:
        return NONE
    if found["mhz"] is None:
        share = round(100 * found["cells"] / found["of"])
        return f"does not fit ({share} %)"
    return f"{found['mhz']:.1f}"


def megabits(row):
    found, clocks = row.get("fmax"), clocks_a_byte(row)
    if not found or not found["mhz"] or not clocks:
        return NONE
    return whole(found["mhz"] * 8 / clocks)


def fpga(report):
    return table(
        ("member", "LUTs", "flip-flops", "MHz", "Mbit/s"),
        ([code(row), whole((row.get("ice40") or {}).get("luts")),
          whole((row.get("ice40") or {}).get("ff")), fmax(row),
          megabits(row)] for row in report["members"]))


def simulated(row, what, scale=1):
    value = (row.get("simulation") or {}).get(what)
    return None if value is None else value / scale


def simulation(report):
    product_row = report["members"][0]

    def share(row):
        mine = simulated(row, "clocks_a_second")
        first = simulated(product_row, "clocks_a_second")
        return two_digits(mine / first if mine and first else None)

    return table(
        ("member", "M clocks/s", "k blocks/s", "instructions a clock",
         f"clocks/s against {code(product_row)}"),
        ([code(row), two_digits(simulated(row, "clocks_a_second", 1e6)),
          two_digits(simulated(row, "blocks_a_second", 1e3)),
          whole(simulated(row, "instructions_a_clock")), share(row)]
         for row in report["members"]))


def engines(report):
    return table(
        ("engine", "what", "module", "cells", "flip-flops", "depth", "kGE"),
        ([row["name"], row["summary"], f"`{row['module']}`",
          whole(area(row, "cells")), whole(area(row, "ff")),
          whole(area(row, "depth")), tenths(area(row, "kge"))]
         for row in report["engines"]))


# Name of the engine, the member that is its core, and how many of them.
CHOICES = [("all with one core", "enc-both", 1),
           ("all with two cores", "enc-both", 2),
           ("all with one core of two rounds", "enc-both-2", 1)]


def choices(report):
    """What more work at once costs."""
    engine = {row["name"]: row for row in report["engines"]}
    member = {row["name"]: row for row in report["members"]}
    return table(
        ("cores", "cells of `sdv_crypto`", "depth of the core", "open",
         "seal", "stream"),
        ([f"{lanes} × `{name}`", whole(area(engine[what], "cells")),
          whole(area(member[name], "depth"))] +
         [whole(license(member[name], lanes, each))
          for each in ("open", "seal", "stream")]
         for what, name, lanes in CHOICES))


def core_clocks(core):
    return core["clocks128"] or core["clocks256"]


def others(_):
    return table(
        ("core", "keys", "decrypts", "AES-128", "AES-256", "cells",
         "flip-flops", "depth", "cells × clocks a byte"),
        ([core["name"], "both" if core["keys"] == "384" else core["keys"],
          core["decrypts"], whole(core["clocks128"]),
          whole(core["clocks256"]), whole(core["cells"]), whole(core["ff"]),
          whole(core["depth"]),
          whole(core["cells"] * core_clocks(core) / 16)]
         for core in design.open_cores()))


def reached(value):
    return whole(value) if value is None or value > 2 else f"{value:.3f}"


def verdict(goal):
    if goal[3] is None:
        return "not measured"
    return "yes" if targets.met(goal) else "**no**"


def goals(report):
    return table(
        ("target", "limit", "reached", "met"),
        ([goal[0], f"{'≤' if goal[1] else '<'} {goal[2]:,}",
          reached(goal[3]), verdict(goal)]
         for goal in targets.targets(report["members"])))


def measured(report):
    tools = report["tools"]
    yield "Measured with " + "; ".join(tools[name] for name in sorted(tools)) \
        + "."


WRITERS = {"targets": goals, "sizes": sizes, "directions": directions,
           "licenses": licenses, "fpga": fpga, "simulation": simulation,
           "engines": engines, "choices": choices, "others": others,
           "measured": measured}


# ---- Plot ----

LEGEND = [("ours", True, "sdvault, S-box of gates"),
          ("table", True, "sdvault, table S-box"),
          ("other", True, "other open cores"),
          ("ours", False, "diamond: decrypts too")]
PRODUCTS = (1000, 3000, 10000, 30000, 100000, 300000)


def points(report):
    for core in design.open_cores():
        yield plot.Point(core_clocks(core) / 16, core["cells"], core["label"],
                         "other", core["decrypts"] == "0")
    for row in report["members"]:
        if product(row) is not None:
            kind = "table" if row["settings"].get("Gates") == "0" else "ours"
            yield plot.Point(clocks_a_byte(row), area(row, "cells"),
                             row["name"], kind, row["decrypt"] == "0")


def picture(report):
    return plot.draw(
        "Area against speed of AES cores",
        "clocks a byte: AES-128, or AES-256 where there is no other;"
        " left is faster",
        "generic cells; down is smaller", list(points(report)), LEGEND,
        PRODUCTS, "dotted: equal cells × clocks a byte")


# ---- Page ----

def section(name):
    return rf"(<!-- report:{name} -->\n)(.*?)(<!-- end:{name} -->)"


def write(report):
    text = PAGE.read_text(encoding="utf-8")
    for name, writer in WRITERS.items():
        body = "\n".join(writer(report)) + "\n"
        text, found = re.subn(section(name),
                              lambda m, body=body: m[1] + body + m[3], text,
                              flags=re.DOTALL)
        if found != 1:
            sys.exit(f"{PAGE}: there must be one report:{name}")
    PAGE.write_text(text, encoding="utf-8")
    PLOT.write_text(picture(report), encoding="utf-8")


def first_column(text, name):
    found = re.search(section(name), text, re.DOTALL)
    lines = found[2].splitlines()[2:] if found else []
    return [line.split("|")[1].strip(" `") for line in lines]


def check():
    """What of the page is older than the lists."""
    text = PAGE.read_text(encoding="utf-8")
    members = [row["name"] for row in design.members()]
    wanted = {name: members for name in
              ("sizes", "directions", "licenses", "fpga", "simulation")}
    wanted["engines"] = [row["name"] for row in design.engines()]
    wanted["others"] = [core["name"] for core in design.open_cores()]
    stale = [name for name, names in wanted.items()
             if first_column(text, name) != names]
    for name in stale:
        print(f"{PAGE}: the table {name} is not of what is listed"
              " (make report)", file=sys.stderr)
    labels = PLOT.read_text(encoding="utf-8")
    for name in members:
        if f">{name}</text>" not in labels:
            print(f"{PLOT}: {name} is missing (make report)", file=sys.stderr)
            stale.append(name)
    return 1 if stale else 0


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--check":
        sys.exit(check())
    write(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
