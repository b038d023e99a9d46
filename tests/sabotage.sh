#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Break the RTL in one place after the other and see that a test notices.
#
# usage: sabotage.sh CSV PROGRAM...
#
# The csv lists the breaks.  Break 0 is none: with it all programs must pass.
# With any other they run, the quickest first, until one fails: for a module of
# rtl/crypto those of tests/rtl, whose top has nothing else in it, and for the
# rest those that run whole slots.
set -u
csv=$1
shift
export SDV_TEST_BUILD=sabotage SDV_TEST_KERNEL=direct
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
missed=0

# A broken card may hang a test: that is noticed too.
passes() {
    SDV_TEST_SABOTAGE=$1 timeout 300 "$2" --fail-fast \
        </dev/null >"$work/log" 2>&1
}

for program; do
    start=$(date +%s%N)
    if ! passes 0 "$program"; then
        cat "$work/log" >&2
        echo "$program fails without any break" >&2
        exit 1
    fi
    echo "$(($(date +%s%N) - start)) $program" >>"$work/times"
done
sort -n "$work/times" | cut -d' ' -f2 >"$work/programs"
grep '/tests/rtl/' "$work/programs" >"$work/of_crypto"
grep -v '/tests/rtl/' "$work/programs" >"$work/of_slots"

catcher() {
    list=of_slots
    [ ! -e "rtl/crypto/$2.sv" ] || list=of_crypto
    while read -r program; do
        passes "$1" "$program" || { basename "$program"; return; }
    done <"$work/$list"
    return 1
}

printf '%4s  %-20s %-52s %s\n' id module break 'caught by'
tail -n +2 "$csv" >"$work/breaks"
while IFS=, read -r id module what; do
    if ! result=$(catcher "$id" "$module"); then
        result='NOT CAUGHT'
        missed=$((missed + 1))
    fi
    printf '%4s  %-20s %-52s %s\n' "$id" "$module" "$what" "$result"
done <"$work/breaks"

echo "$(wc -l <"$work/breaks") breaks, $missed not caught"
[ "$missed" -eq 0 ]
