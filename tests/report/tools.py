# SPDX-License-Identifier: Apache-2.0
"""Run a tool; keep what was measured as long as nothing of it changes."""

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
import time

YOSYS = os.environ.get("YOSYS", "yosys")
NEXTPNR = os.environ.get("NEXTPNR", "nextpnr-ice40")
VERILATOR = os.environ.get("VERILATOR", "verilator")
VALGRIND = os.environ.get("VALGRIND", "valgrind")
CXX = os.environ.get("CXX", "g++")

TIME_LIMIT = 1800  # seconds that one run of a tool may take
_printing = threading.Lock()


class Failure(Exception):
    """A tool that is missing or that does not do it: one line."""


def say(what, text):
    with _printing:
        print(f"  {what:<9} {text}", flush=True)


def run(command, log, accept=(0,)):
    """What a tool says on its two outputs; it is also left in `log`."""
    try:
        done = subprocess.run([str(word) for word in command], text=True,
                              stdout=subprocess.PIPE, errors="replace",
                              stderr=subprocess.STDOUT, timeout=TIME_LIMIT,
                              check=False)
    except FileNotFoundError:
        raise Failure(f"there is no {command[0]}: .ci/packages report"
                      " installs it") from None
    except subprocess.TimeoutExpired:
        raise Failure(f"{command[0]}: no answer in {TIME_LIMIT} s") from None
    log.parent.mkdir(parents=True, exist_ok=True)
    log.write_text(done.stdout, encoding="utf-8")
    if done.returncode not in accept:
        raise Failure(f"{command[0]}: {complaint(done.stdout)} ({log})")
    return done.stdout


def complaint(output):
    """The line that says what is wrong."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    wrong = [line for line in lines if re.search("error", line, re.I)]
    return (wrong or lines[-1:] or ["it says nothing"])[0]


def version(tool, option="--version"):
    """The first line that a tool says of itself, without its build."""
    try:
        said = subprocess.run([tool, option], text=True, check=False,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT).stdout
    except FileNotFoundError:
        raise Failure(f"there is no {tool}: .ci/packages report"
                      " installs it") from None
    return said.strip().splitlines()[0].strip('"').split(" (git")[0]


def text_of(file):
    """Without comments of SystemVerilog, which change no figure."""
    text = file.read_text(encoding="utf-8")
    if file.suffix == ".sv":
        text = re.sub(r"\s+", " ", re.sub(r"//.*", "", text))
    return text.encode()


class Store:
    """Figures by the hash of everything that they depend on."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.tools = {name: version(*command) for name, command in (
            ("yosys", (YOSYS, "-V")), ("nextpnr", (NEXTPNR,)),
            ("verilator", (VERILATOR,)), ("cxx", (CXX,)))}

    def figures(self, what, name, parts, files, measure, brief):
        """Those that are kept, or else those that measure() returns."""
        plain = re.sub("[^a-z0-9]+", "-", name.lower())
        kept = self.folder / f"{what}-{plain}"
        digest = hashlib.sha256(json.dumps([parts, self.tools]).encode())
        for file in files:
            digest.update(text_of(file))
        key = digest.hexdigest()
        try:
            old = json.loads(kept.with_suffix(".json").read_text("utf-8"))
        except (OSError, ValueError):
            old = {}
        if old.get("key") == key:
            say(what, f"{name:<22} {brief(old['figures'])}   as before")
            return old["figures"]
        start = time.monotonic()
        figures = measure(kept)
        seconds = time.monotonic() - start
        kept.with_suffix(".json").write_text(
            json.dumps({"key": key, "figures": figures}), "utf-8")
        say(what, f"{name:<22} {brief(figures)}   {seconds:.0f} s")
        return figures


def warn(text):
    with _printing:
        print(text, file=sys.stderr, flush=True)
