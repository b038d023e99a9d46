#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Read the RTL with Yosys: every file as for a proof, every module below one
# of the tops, and no latch, loop or undriven wire in what is synthesized.
#
# usage: yosys.sh "TOP..." FILE.sv...
set -eu
tops=$1
shift
reached=$(mktemp)
trap 'rm -f "$reached"' EXIT

for top in $tops; do
    ${YOSYS:-yosys} -q -p "read_verilog -sv -formal -DSDV_ASSERT=1 -Irtl $*;
        hierarchy -check -top $top; proc"
    ${YOSYS:-yosys} -Q -p "read_verilog -sv -Irtl $*;
        hierarchy -check -top $top; proc; opt; check -assert;
        select -assert-none t:\$dlatch; ls" >>"$reached"
    echo "  yosys reads $top"
done

for module in $(sed -n 's/^module \([a-z0-9_]*\).*/\1/p' "$@"); do
    if ! grep -q "\b$module\b" "$reached"; then
        echo "$module is in neither of: $tops" >&2
        exit 1
    fi
done
