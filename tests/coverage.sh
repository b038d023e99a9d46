#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run tests on the coverage build and sum what they reached in the RTL.
#
# usage: coverage.sh FOLDER PROGRAM...
#
# FOLDER gets the annotated sources and the points that were never reached.
set -eu
out=$1
shift
rm -rf "$out"
mkdir -p "$out/runs" "$out/annotated"

SDV_TEST_BUILD=coverage SDV_TEST_KERNEL=direct SDV_COVERAGE_DIR=$out/runs \
    tests/run.sh "$@"

# Each process wrote one file; they are merged a hundred at a time, because a
# command line has an end.
find "$out/runs" -name '*.dat' -print | sort |
    xargs -n 100 sh -c 'verilator_coverage --write "$0.sum" "$0" "$@"'
verilator_coverage --write "$out/coverage.dat" "$out"/runs/*.sum
rm -rf "$out/runs"
verilator_coverage --annotate-min 1 --annotate "$out/annotated" \
    "$out/coverage.dat"
grep -rn '^%0*000000' "$out/annotated" |
    grep -v 'next point on previous line' |
    sed "s|^$out/annotated/||" >"$out/missed.txt" || :
echo "$(wc -l <"$out/missed.txt") lines with a point that no test reached:" \
    "$out/missed.txt"
