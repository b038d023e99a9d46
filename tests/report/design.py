# SPDX-License-Identifier: Apache-2.0
"""What is measured, and the files that it consists of."""

import csv
import os
import re
from pathlib import Path

HERE = Path(os.path.relpath(Path(__file__).parent))
ROOT = Path(os.path.relpath(HERE / ".." / ".."))
RTL = ROOT / "rtl"
FAMILY = ROOT / "docs" / "spec" / "aes_family.csv"
SPEC = RTL / "sdv_spec_pkg.sv"
CHOICE = RTL / "crypto" / "sdv_aes_member.sv"
HEADERS = sorted(RTL.rglob("*.svh"))


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def settings(text):
    """'A=1 B=2' as a dictionary."""
    return dict(pair.split("=") for pair in text.split())


def members():
    """The family, each with its number and all its parameters."""
    listed = rows(FAMILY)
    for number, row in enumerate(listed):
        row["number"] = number
        row["settings"] = {"Decrypt": row["decrypt"], "Keys": row["keys"],
                           **settings(row["parameters"])}
        row["sizes"] = {"128": [128], "256": [256]}.get(row["keys"],
                                                        [128, 256])
    return listed


def engines():
    """Engines with all their parameters; a member is given by its name."""
    listed = rows(HERE / "engines.csv")
    numbers = {row["name"]: str(row["number"]) for row in members()}
    for row in listed:
        row["settings"] = {name: numbers.get(value, value) for name, value
                           in settings(row["parameters"]).items()}
    return listed


def open_cores():
    """Cores of others; figures that one does not have are None."""
    listed = rows(HERE / "open_cores.csv")
    for row in listed:
        for column in ("cells", "ff", "depth", "clocks128", "clocks256"):
            row[column] = int(row[column]) if row[column] else None
    return listed


def files_of(*modules):
    """Modules and all below them, packages first; a file is one module."""
    places = {path.stem: path for path in sorted(RTL.rglob("*.sv"))}
    found, wanted = set(), list(modules)
    while wanted:
        name = wanted.pop()
        if name in places and name not in found:
            found.add(name)
            text = places[name].read_text(encoding="utf-8")
            text = re.sub(r"//.*", "", text)
            wanted += set(re.findall(r"\w+", text)) & places.keys()
    order = {"sdv_spec_pkg": 0, "sdv_pkg": 1}
    return [places[name] for name in
            sorted(found, key=lambda name: (order.get(name, 2), name))]
