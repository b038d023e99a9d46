#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Use what `make install` left under a staging folder as a stranger would:
# pkg-config, a program against the shared library and one with a simulated
# slot, and the installed tool.
#
# usage: install.sh STAGE PREFIX
set -eu
stage=$1
prefix=$1$2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export PKG_CONFIG_PATH=$prefix/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$stage
export LD_LIBRARY_PATH=$prefix/lib

cat >"$work/host.c" <<'C'
#include <string.h>
#include <sdvault/card.h>
int main(void)
{
    return strcmp(sdv_err_name(SDV_OK), "OK");
}
C
cat >"$work/sim.c" <<'C'
#include <sdvault/sim.h>
int main(void)
{
    sdv_sim_config config = SDV_SIM_CONFIG_INIT;
    sdv_sim *sim = NULL;
    sdv_err err = sdv_sim_open(&config, &sim);
    sdv_sim_close(&sim);
    return err != SDV_OK;
}
C
for program in host sim; do
    package=libsdvault
    [ $program = host ] || package=libsdvault-sim
    ${CC:-gcc} -std=c11 -Werror "$work/$program.c" \
        $(pkgconf --cflags --libs $package) -o "$work/$program"
done

"$work/host"
SDV_KERNEL_DIR=$prefix/lib/sdvault "$work/sim"
"$prefix/bin/sdvault" --help >"$work/help"
grep -q sdvault "$work/help"
