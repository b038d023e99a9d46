#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every public header compiles alone, as C11 and as C++17.
#
# usage: headers.sh INCLUDE_DIR...
set -eu
flags='-Wall -Wextra -Wconversion -Werror -fsyntax-only'
include=
for dir; do
    include="$include -I$dir"
done

for dir; do
    for header in "$dir"/sdvault/*.h; do
        line="#include <sdvault/$(basename "$header")>"
        echo "$line" | ${CC:-gcc} -std=c11 $flags $include -xc -
        echo "$line" | ${CXX:-g++} -std=c++17 $flags $include -xc++ -
    done
done
