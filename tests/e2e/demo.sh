#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Send a file into a card and fetch it back, in processes of their own.
#
# usage: demo.sh [FILE]
#
# FILE is also taken from the environment (`make demo FILE=path`); without one
# it is a big file that every machine with the packages has.  SDVAULT names
# the tool.  What is made stays in the folder demo beside the tool until the
# next time.
set -eu

capacity=64 # MiB
base_mhz=50 # clock of the slot: docs/protocol.md, "Frames"
tool=${SDVAULT:-build/sdvault}
# As a user types it, if that is possible.
tool=${tool#"$PWD"/}
dir=$(dirname "$tool")/demo
card=$dir/card.img
copy=$dir/copy
log=$dir/bus.log
out=$dir/output
table=$dir/table

fail() {
    echo "demo: $*" >&2
    exit 1
}

title() {
    printf '\n%s\n' "$*"
}

size_of() {
    wc -c <"$1"
}

# The first of these that has some megabytes.
default_file() {
    for candidate in /usr/bin/verilator_bin /usr/lib/gcc/*/*/lto1 \
        /usr/lib/gcc/*/*/cc1 /usr/bin/perl /usr/lib/*/libcrypto.so.*; do
        if [ ! -f "$candidate" ] || [ ! -r "$candidate" ]; then
            continue
        fi
        size=$(size_of "$candidate")
        if [ "$size" -ge 2000000 ] && [ "$size" -le 32000000 ]; then
            echo "$candidate"
            return
        fi
    done
    fail "found no file of 2 to 32 MB: name one with FILE=path"
}

check_file() {
    [ -e "$file" ] || fail "$file: there is no such file"
    [ -f "$file" ] || fail "$file: not a plain file"
    [ -r "$file" ] || fail "$file: may not be read"
    size=$(size_of "$file")
    [ "$size" -gt 0 ] || fail "$file: has no bytes to send"
    [ "$size" -le $((capacity * 1048576)) ] ||
        fail "$file: $size bytes are too many for a card of $capacity MiB"
}

# A word as it stands on a command line.
quote() {
    case $1 in
    *[!A-Za-z0-9_./=+,:@%-]*)
        printf " '%s'" "$(printf '%s' "$1" | sed "s/'/'\\\\''/g")"
        ;;
    *) printf ' %s' "$1" ;;
    esac
}

# Show a command, run it, keep what it prints and how long it took; the end of
# everything if it fails.
run() {
    printf '$'
    for word; do
        quote "$word"
    done
    printf '\n'
    start=$(date +%s%N)
    "$@" >"$out" || {
        status=$?
        cat "$out" >&2
        exit "$status"
    }
    wall_ns=$(($(date +%s%N) - start))
}

# note STEP BYTES: a row of the table, with the clocks in $out.
note() {
    sed -n 's/^total: \([0-9]*\) SD clocks, \([0-9]*\) base.*/\1 \2/p' "$out" |
        sed "s/^/$1 $2 $blocks $wall_ns /" >>"$table"
}

show_table() {
    awk -v mhz=$base_mhz '
        BEGIN {
            printf "%-8s %11s %12s %10s %12s %8s %8s\n", "step", "bytes",
                "SD clocks", "a sector", "simulated s", "wall s", "MB/s"
        }
        {
            printf "%-8s %11d %12d ", $1, $2, $5
            if ($2 > 0)
                printf "%10.1f ", $5 / $3
            else
                printf "%10s ", "-"
            printf "%12.6f %8.2f ", $6 / mhz / 1e6, $4 / 1e9
            if ($2 > 0)
                printf "%8.2f\n", $2 / $4 * 1e3
            else
                printf "%8s\n", "-"
        }' "$table"
}

file=${1:-${FILE:-}}
[ -n "$file" ] || file=$(default_file)
check_file
[ -x "$tool" ] || fail "$tool is not there: run make demo"
blocks=$(((size + 511) / 512))
mkdir -p "$dir"
rm -f "$card" "$copy" "$log" "$table"

title "1. A blank card: one file that is the die and its flash"
run "$tool" card create "$card" --capacity ${capacity}M
cat "$out"

title "2. Power, identification, 4 bit, high speed; all registers of the card"
run "$tool" card info "$card" --cycles
sed '/^$/,/^commands/ { /^commands/!d; }' "$out"
note info 0

title "3. A file of $size bytes:" \
    "C host stack -> SDHCI registers -> wires -> card -> image"
run "$tool" card write "$card" --lba 0 -i "$file" --cycles
cat "$out"
note write "$size"

title "4. The same card in another process: power it up and read"
run "$tool" card read "$card" --lba 0 --blocks "$blocks" \
    -o "$copy" --cycles
cat "$out"
note read "$size"

title "5. Equal?"
run cmp -n "$size" "$file" "$copy"
echo "equal: $size bytes"

title "6. A short transfer on the wires: SD clock, and what passed in words"
run "$tool" card read "$card" --lba 0 --blocks 2 -o "$dir/two" --log "$log"
sed -n 2,8p "$log"
echo "     ..."
sed -n '/CMD23 /,$p' "$log"

title "Clocks of the CLK pin, with power-up; simulated time at $base_mhz MHz"
show_table
rm -f "$out" "$table" "$dir/two"
title "Kept in $dir: card.img (the card), copy, bus.log"
