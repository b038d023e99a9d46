#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run Criterion programs and sum their results.
#
# usage: run.sh PROGRAM...
#
# Every program runs, whatever becomes of the one before.  The last line is
# "N passed, N failed"; the exit status is 1 when a test failed.
set -u

log=$(mktemp)
trap 'rm -f "$log"' EXIT
passed=0
failed=0

# The figure behind a word in Criterion's last line, "Synthesis: Tested: ...".
figure() {
    sed -n "s/.*Synthesis:.*$1: \([0-9]*\).*/\1/p" "$log" | tail -n 1
}

for program; do
    name=$(basename "$(dirname "$program")")/$(basename "$program")
    start=$(date +%s)
    "$program" >"$log" 2>&1
    status=$?
    good=$(figure Passing)
    bad=$(figure Failing)
    : "${good:=0}" "${bad:=1}"
    # A program that fails without a failing test did not run them all.
    [ "$status" -eq 0 ] || [ "$bad" -gt 0 ] || bad=1
    seconds=$(($(date +%s) - start))
    printf '  %-32s %3d passed  %3d failed  %4d s\n' \
        "$name" "$good" "$bad" "$seconds"
    [ "$bad" -eq 0 ] || cat "$log"
    passed=$((passed + good))
    failed=$((failed + bad))
done

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
