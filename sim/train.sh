#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Run a kernel that records its branches: identify a card, write it, read it.
#
# usage: train.sh SDVAULT KERNEL_FOLDER
set -eu
sdvault=$1
image=$2/train.img

trap 'rm -f "$image"' EXIT
rm -f "$image"
SDV_KERNEL_DIR=$(dirname "$2")
export SDV_KERNEL_DIR
"$sdvault" card create "$image" --capacity 2M --type sdhc >/dev/null
head -c 131072 "$sdvault" | "$sdvault" card write "$image" --lba 0 >/dev/null 2>&1
"$sdvault" card read "$image" --lba 0 --blocks 256 >/dev/null
