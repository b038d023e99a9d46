/* SPDX-License-Identifier: Apache-2.0 */
/* SIGKILL at random moments of programming: a power cut and nothing else. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <sdvault/image.h>

#include "bytes.h"
#include "spin.h"

enum { BLOCKS = 1024, FIRST = 100, COUNT = 400, KILLS = 200 };

static void pattern(uint8_t sector[512], unsigned round, unsigned index)
{
    uint64_t state = (uint64_t)round << 32 | index;

    for (unsigned i = 0; i < 512; i += 8) {
        sdv_put64(sector + i, sdv_random(&state));
    }
}

/* The child: program sectors of this round until the end comes. */
static void program_for_ever(const char *path, unsigned round)
{
    sdv_image *image;
    uint8_t sector[512];

    if (sdv_image_open(path, &image) != SDV_OK) {
        _exit(1);
    }
    for (unsigned i = 0;; i = (i + 1) % COUNT) {
        pattern(sector, round, FIRST + i);
        if (sdv_image_program(image, SDV_REGION_USER, FIRST + i, sector) !=
            SDV_OK) {
            _exit(2);
        }
    }
}

static void run_and_kill(const char *path, unsigned round, uint64_t *seed)
{
    const unsigned long rounds = sdv_random(seed) % (2 * SPIN_MS);
    const pid_t child = fork();
    int status;

    cr_assert(ge(int, child, 0));
    if (child == 0) {
        program_for_ever(path, round);
    }
    spin(rounds);
    cr_assert(zero(int, kill(child, SIGKILL)));
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    cr_assert(eq(int, WTERMSIG(status), SIGKILL), "ended by itself");
}

/* Every sector holds the pattern of one whole round; others are untouched. */
static void check_sectors(sdv_image *image, unsigned rounds)
{
    const uint8_t *data = sdv_image_data(image, SDV_REGION_USER);
    static const uint8_t zeros[512];

    for (unsigned i = 0; i < BLOCKS; i++) {
        const uint8_t *sector = data + 512u * i;
        bool known = memcmp(sector, zeros, 512) == 0;

        for (unsigned r = rounds + 1; !known && r-- > 0;) {
            uint8_t wanted[512];

            pattern(wanted, r, i);
            known = i >= FIRST && i < FIRST + COUNT &&
                    memcmp(sector, wanted, 512) == 0;
        }
        cr_assert(known, "round %u, sector %u", rounds, i);
    }
}

Test(image_kill, leaves_whole_sectors_and_an_image_that_opens)
{
    char folder[] = "/tmp/image-kill-XXXXXX";
    uint64_t seed = 1;

    cr_assert(ne(ptr, mkdtemp(folder), NULL));
    cr_assert(zero(int, chdir(folder)));
    cr_assert(zero(int, sdv_image_create("card", BLOCKS, true, 1)));
    for (unsigned round = 0; round < KILLS; round++) {
        sdv_image *image;

        run_and_kill("card", round, &seed);
        cr_assert(zero(int, sdv_image_open("card", &image)));
        check_sectors(image, round);
        sdv_image_close(&image);
    }
    cr_assert(zero(int, unlink("card")));
    cr_assert(zero(int, rmdir(folder)));
}
