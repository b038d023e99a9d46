/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

static char folder[64];

void folder_start(void)
{
    snprintf(folder, sizeof(folder), "/tmp/sdv-test-XXXXXX");
    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
}

static int drop(const char *path, const struct stat *stat, int type,
                struct FTW *place)
{
    (void)stat;
    (void)type;
    (void)place;
    return remove(path);
}

void folder_finish(void)
{
    cr_assert(zero(int, chdir("/")));
    cr_assert(zero(int, nftw(folder, drop, 8, FTW_DEPTH | FTW_PHYS)));
}
