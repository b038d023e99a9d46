#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The breaks in the RTL are those of the csv, and every module has one.
#
# usage: breaks.sh CSV MODULE.sv...
set -eu
csv=$1
shift
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0

tail -n +2 "$csv" | cut -d, -f1,2 | sort >"$work/listed"
for file; do
    module=$(basename "$file" .sv)
    sed -n 's/.*`SDV_BREAK(\([0-9]*\),.*/\1/p' "$file" |
        sed "s/\$/,$module/" >>"$work/found"
    if ! grep -q ",$module\$" "$work/found"; then
        echo "$module has no break" >&2
        status=1
    fi
done

if [ -n "$(cut -d, -f1 "$work/listed" | uniq -d)" ]; then
    echo "a number stands twice in $csv" >&2
    status=1
fi
sort -u "$work/found" | diff "$work/listed" - >"$work/diff" || status=1
sed -n 's/^< /  listed, not in the RTL: /p
    s/^> /  in the RTL, not listed: /p' "$work/diff" >&2
exit $status
