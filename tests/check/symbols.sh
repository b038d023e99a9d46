#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The shared library exports the functions of the public headers and no other.
#
# usage: symbols.sh LIBRARY HEADER...
set -eu
library=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Function declarations: a name before a parenthesis, comments taken out.
cat "$@" | ${CC:-gcc} -fpreprocessed -dD -E -P -xc - |
    grep -v '^ *#' | grep -o '\bsdv_[a-z0-9_]*(' | tr -d '(' |
    sort -u >"$work/declared"
nm -D --defined-only "$library" | awk '$2 ~ /[TDBRW]/ { print $3 }' |
    sed 's/@.*//' | sort -u >"$work/exported"

if ! diff "$work/declared" "$work/exported" >"$work/diff"; then
    echo "$library and its headers differ" >&2
    sed -n 's/^< /  declared, not exported: /p
        s/^> /  exported, not declared: /p' "$work/diff" >&2
    exit 1
fi
