#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Break the RTL in one place after the other and see that a test notices.
#
# usage: sabotage.sh CSV BUILT_TESTS
#
# The csv names for each break the tests to run until one fails (all of
# tests/e2e when it names none).  Break 0 is none: with it they all must pass.
set -u
csv=$1
built=$2
export SDV_TEST_BUILD=sabotage SDV_TEST_KERNEL=direct
log=$(mktemp)
trap 'rm -f "$log"' EXIT
missed=0

# Run the tests of one break; says which failed, or fails itself.
first_failing() {
    for test; do
        timeout 300 "$built/$test" --fail-fast </dev/null >"$log" 2>&1 ||
            { echo "$test"; return 0; }
    done
    return 1
}

all=$(cd "$built" && ls e2e/test_* | sort)
rows=$(tail -n +2 "$csv")
used=$(echo "$rows" | cut -d, -f4 | tr ' ' '\n' | sort -u)
echo "$rows" | awk -F, '$4 == "" { exit 1 }' || used=$all

export SDV_TEST_SABOTAGE=0
if failing=$(first_failing $used); then
    echo "$failing fails without any break:" >&2
    cat "$log" >&2
    exit 1
fi

printf '%4s  %-20s %-44s %s\n' id module break result
while IFS=, read -r id module what tests; do
    export SDV_TEST_SABOTAGE=$id
    if result=$(first_failing ${tests:-$all}); then
        result="caught by $result"
    else
        result='NOT CAUGHT'
        missed=$((missed + 1))
    fi
    printf '%4s  %-20s %-44s %s\n' "$id" "$module" "$what" "$result"
done <<ROWS
$rows
ROWS

echo "$missed not caught"
[ "$missed" -eq 0 ]
