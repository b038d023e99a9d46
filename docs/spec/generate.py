#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Write everything that is made from docs/spec/*.csv.

The SystemVerilog package, the C header, the members of the AES family and
the tables between the markers
<!-- gen:NAME --> and <!-- end:NAME --> of docs/**/*.md.  With --check nothing
is written; files that would change are named and the exit status is 1.
A csv file that has no writer below is a table for the documents only.
"""

import re
import sys

from spec import ROOT, load
from spec_aes import family_header, member_module
from spec_c import header
from spec_sv import package

PACKAGE = ROOT / "rtl" / "sdv_spec_pkg.sv"
HEADER = ROOT / "host" / "include" / "sdvault" / "spec.h"
MEMBER = ROOT / "rtl" / "crypto" / "sdv_aes_member.sv"
FAMILY = ROOT / "tests" / "support" / "aes_family.h"


def markdown(rows):
    """One csv file as a Markdown table."""
    columns = list(rows[0])
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    for row in rows:
        cells = ((row[c] or "").replace("|", "\\|") for c in columns)
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"


def document(path, tables):
    """The text of a page with its tables renewed."""
    def renew(match):
        name = match.group(1)
        if name not in tables:
            sys.exit(f"{path}: there is no docs/spec/{name}.csv")
        body = markdown(tables[name])
        return f"<!-- gen:{name} -->\n{body}<!-- end:{name} -->"

    return re.sub(r"<!-- gen:(\w+) -->\n.*?<!-- end:\1 -->", renew,
                  path.read_text(encoding="utf-8"), flags=re.DOTALL)


def outputs():
    """All generated files: {path: text}."""
    tables = load()
    files = {PACKAGE: package(tables), HEADER: header(tables),
             MEMBER: member_module(tables), FAMILY: family_header(tables)}
    for path in sorted((ROOT / "docs").rglob("*.md")):
        files[path] = document(path, tables)
    return files


def main():
    check = sys.argv[1:] == ["--check"]
    if sys.argv[1:] and not check:
        sys.exit("usage: generate.py [--check]")
    stale = 0
    for path, text in outputs().items():
        if path.exists() and path.read_text(encoding="utf-8") == text:
            continue
        stale += 1
        if check:
            print(f"not as generated: {path.relative_to(ROOT)} (make gen)")
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {path.relative_to(ROOT)}")
    sys.exit(1 if check and stale else 0)


if __name__ == "__main__":
    main()
