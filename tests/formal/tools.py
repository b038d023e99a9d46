# SPDX-License-Identifier: Apache-2.0
"""What proofs and cones share: tools, lists, and the members of the family.

A line of a list that names members is a line for each of them.  `*` is every
member, `sdv_aes Rounds=1` those of that module with that parameter.
"""

import csv
import os
import subprocess
from pathlib import Path

HERE = Path(os.path.relpath(Path(__file__).parent))
FAMILY = HERE.parent.parent / "docs" / "spec" / "aes_family.csv"
BREAK = HERE / "support" / "sdv_sabotage_pkg.sv"
SUPPORT = [f for f in sorted(BREAK.parent.glob("*.sv")) if f != BREAK]
TIME_LIMIT = 600  # seconds that one run of a tool may take


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


def yosys(*commands):
    """Run commands; what Yosys says when it fails is the failure."""
    status, output = run(os.environ.get("YOSYS", "yosys"), "-q", "-p",
                         "; ".join(map(str, commands)))
    if status != 0:
        raise Failure(f"yosys:\n{output}")
    return output


def read(proof, twin):
    """Commands that read what a line needs; twin 0: nothing is broken."""
    defines = "-D SDV_FORMAL=1"
    files = list(SUPPORT)
    if twin != "0":
        defines += f" -D SDV_SABOTAGE=1 -D SDV_TWIN={twin}"
        files.insert(0, BREAK)
    for define in proof["defines"].split():
        defines += f" -D {define}=1"
    cuts = []
    for pattern in proof["files"].split():
        found = sorted(Path().glob(pattern))
        if not found:
            raise Failure(f"there is no {pattern}")
        (cuts if HERE in found[0].parent.parents else files).extend(found)
    if (HERE / f"{proof['top']}.sv").exists():
        files.append(HERE / f"{proof['top']}.sv")
    verilog = f"read_verilog -sv -formal -defer -Irtl {defines}"
    commands = [f"{verilog} {' '.join(map(str, files))}"]
    if cuts:
        commands.append(f"{verilog} -overwrite {' '.join(map(str, cuts))}")
    values = " ".join(f"-chparam {v.replace('=', ' ')}"
                      for v in proof["parameters"].split())
    commands.append(f"hierarchy -check -top {proof['top']} {values}")
    return commands


def family():
    """The members, in their order, with their parameters as a dictionary."""
    with open(FAMILY, newline="", encoding="utf-8") as file:
        members = list(csv.DictReader(file))
    for number, member in enumerate(members):
        values = dict(p.split("=") for p in member["parameters"].split())
        values.update(Decrypt=member["decrypt"], Keys=member["keys"],
                      Member=str(number))
        member["values"] = values
    return members


def chosen(selector, gates):
    """Members that a line names; without gates, one of those that differ in
    nothing but their S-box."""
    module, *wanted = selector.split()
    wanted = dict(w.split("=") for w in wanted)
    seen = set()
    for member in family():
        values = member["values"]
        alike = tuple(sorted((k, v) for k, v in values.items()
                             if k not in ("Gates", "Member")))
        if module not in ("*", member["module"]) or \
           any(values.get(k) != v for k, v in wanted.items()) or \
           (not gates and (member["module"], alike) in seen):
            continue
        seen.add((member["module"], alike))
        yield member


def lines(path, gates):
    """The lines of a list, one for each member that they name."""
    with open(path, newline="", encoding="utf-8") as file:
        for line in csv.DictReader(file):
            if not line["members"]:
                yield line
                continue
            for member in chosen(line["members"], gates):
                values = [f"{k}={v}" for k, v in member["values"].items()
                          if k in line["given"].split()]
                yield {**line, "name": f"{line['name']}: {member['name']}",
                       "parameters": " ".join(values + [line["parameters"]])}
