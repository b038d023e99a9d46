# SPDX-License-Identifier: Apache-2.0
"""Constant time, by structure: no path from a secret to a handshake.

A line of CONES.csv names a module, its outputs that show when something
happens, and its inputs that are secret.  Yosys walks from the outputs back over
gates and registers, all of them, whatever their values: if no secret is met,
nothing that the outputs ever do can depend on one.

`files` as in PROOFS.csv.  `open` is the width of the one comparison whose outcome
may be known although it is made of secrets: the walk ends there, and finds a path
if it does not.  To see that the walk finds what there is, `controls`, outputs that
do depend on each secret, and twins must have a path.
"""

import os

from tools import Failure, lines, read, run, yosys


def lines_of(path):
    """The lines, as those of proofs."""
    return [{**line, "mode": "cone", "depth": "-"}
            for line in lines(path, gates=True)]


def union(names):
    """A selection of all of them."""
    return " ".join(names[:1] + [f"{name} %u" for name in names[1:]])


def walk(proof, twin, opened):
    """Commands that walk, see what must be there, and complain about each
    secret that is met: that is the last of them."""
    outputs = [f"o:{name}" for name in proof["outputs"].split()]
    controls = [f"o:{name}" for name in proof["controls"].split()]
    secrets = [f"i:{name}" for name in proof["secrets"].split()]
    cone = f"{union(outputs)} %ci*"
    commands = read(proof, twin) + [
        "proc", "flatten", "chformal -remove", "opt_clean",
        # A memory becomes one cell: what is written may be read.
        "memory_collect", "splitnets", "opt_clean"]
    # A name that is gone would make an empty claim.
    commands += [f"select -assert-count 1 {name}"
                 for name in outputs + secrets + controls]
    commands += [f"select -assert-any {control} %ci* {secret} %i"
                 for control in controls for secret in secrets]
    if opened:
        chosen = f"t:$eq r:A_WIDTH={opened} %i"
        commands += [f"select -assert-count 1 {chosen}", f"cutpoint {chosen}"]
    return commands + [f"select -assert-none {cone} {union(secrets)} %i"]


def expect_path(proof, twin, opened, what):
    """The last command of a walk finds a secret; the others do their work."""
    status, output = run(os.environ.get("YOSYS", "yosys"), "-q", "-p",
                         "; ".join(walk(proof, twin, opened)))
    if status == 0 or "selection is not empty" not in output:
        raise Failure(f"{what} has no path:\n{output}")


def prove(proof):
    """No path, and a path in each twin and when nothing is open."""
    yosys(*walk(proof, "0", proof["open"]))
    if proof["open"]:
        expect_path(proof, "0", "", "the walk with nothing open")
    for twin in proof["twins"].split():
        expect_path(proof, twin, proof["open"], f"twin {twin}")
