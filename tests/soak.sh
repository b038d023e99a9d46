#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Random traffic with one seed after the other; stops at the first that fails.
#
# usage: soak.sh ROUNDS FIRST_SEED PROGRAM...
set -u
rounds=$1
seed=$2
last=$((seed + rounds - 1))
shift 2
log=$(mktemp)
trap 'rm -f "$log"' EXIT

while [ "$seed" -le "$last" ]; do
    for program; do
        if ! SDV_TEST_SEED=$seed "$program" >"$log" 2>&1; then
            cat "$log"
            echo "seed $seed failed; again: SDV_TEST_SEED=$seed $program"
            exit 1
        fi
    done
    echo "  seed $seed of $last passed"
    seed=$((seed + 1))
done
