# SPDX-License-Identifier: Apache-2.0
"""The limits that the crypto blocks were built to, and what they reach."""


def interval(row, size, decrypt=0, same_key=1):
    """Clocks from block to block; None when the member has no such block."""
    for run in (row.get("simulation") or {}).get("blocks", ()):
        if (run["size"], run["decrypt"], run["same_key"]) == (size, decrypt,
                                                              same_key):
            return run["clocks"]
    return None


def clocks_a_byte(row):
    """AES-128, or AES-256 of a member that has no other; the key is known."""
    clocks = interval(row, 128) or interval(row, 256)
    return clocks / 16 if clocks else None


def product(row):
    """Cells times clocks a byte."""
    if not row.get("area") or clocks_a_byte(row) is None:
        return None
    return row["area"]["cells"] * clocks_a_byte(row)


def area(row, what):
    return (row.get("area") or {}).get(what)


def license(row, lanes, what):
    """Clocks of a license of suite 2."""
    for run in row.get("licenses") or ():
        if run["lanes"] == lanes:
            return run.get(what)
    return None


def two_lanes(row):
    """Clocks of opening on two lanes, as a share of those on one."""
    one, two = license(row, 1, "open"), license(row, 2, "open")
    return two / one if one and two else None


def deepest(members, rounds):
    """The most gates in a row of those that only encrypt."""
    found = [area(row, "depth") for row in members
             if row["module"] == "sdv_aes" and row["decrypt"] == "0" and
             row["settings"]["Rounds"] == rounds and
             row["settings"]["Gates"] == "1"]
    return None if not found or None in found else max(found)


def targets(members):
    """[(what, whether the limit itself is good, limit, reached)]"""
    row = {member["name"]: member for member in members}
    return [
        ("AES-128, one round a clock: clocks a block", True, 10,
         interval(row["enc-both"], 128)),
        ("AES-256, one round a clock", True, 14,
         interval(row["enc-both"], 256)),
        ("AES-128, two rounds a clock", True, 5,
         interval(row["enc-both-2"], 128)),
        ("AES-256, two rounds a clock", True, 7,
         interval(row["enc-both-2"], 256)),
        ("`enc-128`: cells", False, 4800, area(row["enc-128"], "cells")),
        ("`enc-both`: cells", False, 9000, area(row["enc-both"], "cells")),
        ("`both-both`: cells", False, 14000, area(row["both-both"], "cells")),
        ("one round a clock, encrypting: depth", True, 32,
         deepest(members, "1")),
        ("two rounds a clock, encrypting: depth", True, 60,
         deepest(members, "2")),
        ("`enc-128`: cells × clocks a byte", False, 3000,
         product(row["enc-128"])),
        ("open a license, one lane: clocks", True, 852,
         license(row["enc-both"], 1, "open")),
        ("seal a license, one lane", True, 852,
         license(row["enc-both"], 1, "seal")),
        ("open a license, two lanes: share of one lane's clocks", True, 0.6,
         two_lanes(row["enc-both"])),
        ("open and seal in a stream, two lanes: clocks a license", True, 860,
         license(row["enc-both"], 2, "stream")),
        ("open and seal in a stream, two rounds a clock", True, 860,
         license(row["enc-both-2"], 1, "stream")),
    ]


def met(target):
    _, itself, limit, reached = target
    return reached is not None and (reached < limit or
                                    (itself and reached == limit))


def named(members):
    """The targets for the report."""
    return [{"target": target[0], "limit": target[2], "reached": target[3],
             "met": met(target)} for target in targets(members)]
