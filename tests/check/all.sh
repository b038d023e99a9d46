#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run the steps of `make check`, all of them, and say which failed.
#
# usage: all.sh MAKE TARGET...
set -u
make=$1
shift
failed=

for target; do
    echo "== $target"
    "$make" "$target" || failed="$failed $target"
done

if [ -n "$failed" ]; then
    echo "failed:$failed" >&2
    exit 1
fi
echo "all checks passed"
