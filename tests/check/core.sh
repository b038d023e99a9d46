#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The core library links into a program without any other library.
#
# usage: core.sh LIBRARY PROGRAM
set -eu
${CC:-gcc} -std=c11 -Wall -Wextra -Wconversion -Werror -O2 -ffreestanding \
    -fno-builtin -nostdlib -static -Wl,-e,core_start \
    -Wl,--whole-archive "$1" -Wl,--no-whole-archive \
    "$(dirname "$0")/core.c" -o "$2"
