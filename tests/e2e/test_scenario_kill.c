/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGKILL of a simulator that writes: a power cut and nothing else.  The image
 * opens, and sectors that were not written are as they were.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bytes.h"
#include "slot.h"
#include "spin.h"

#define KILLS 200
#define BLOCKS 64
#define FIRST 128 /* of the blocks that are being written */
#define MAX_ROUNDS 1600000

/* Write for ever; ends by SIGKILL only. */
static void write_on(slot *s, uint64_t round, int ready)
{
    static uint8_t data[512 * BLOCKS];

    slot_resume(s);
    if (write(ready, "", 1) != 1) {
        _exit(1);
    }
    for (;;) {
        slot_pattern(data, sizeof(data), round++);
        if (sdv_card_write(&s->card, FIRST, BLOCKS, data) != SDV_OK ||
            sdv_card_erase(&s->card, FIRST, BLOCKS / 2) != SDV_OK) {
            _exit(1);
        }
    }
}

static void kill_a_writer(slot *s, uint64_t round, unsigned long rounds)
{
    int ends[2];
    int status = 0;
    bool killed;
    char byte;
    pid_t child;

    cr_assert(eq(int, pipe(ends), 0));
    child = fork();
    cr_assert(ge(int, child, 0));
    if (child == 0) {
        write_on(s, round, ends[1]);
    }
    cr_assert(eq(int, (int)read(ends[0], &byte, 1), 1));
    spin(rounds);
    kill(child, SIGKILL);
    cr_assert(eq(int, waitpid(child, &status, 0), child));
    killed = WIFSIGNALED(status);
    close(ends[0]);
    close(ends[1]);
    cr_assert(killed, "the writer ended by itself: %d", status);
}

static void expect_untouched(slot *s, const uint8_t *user, uint64_t round)
{
    sdv_image *image;
    const uint8_t *now;
    const size_t end = (size_t)(FIRST + BLOCKS) * 512;
    size_t size;

    cr_assert(eq(int, sdv_image_open(s->image, &image), SDV_OK), "kill %llu",
              (unsigned long long)round);
    now = sdv_image_data(image, SDV_REGION_USER);
    size = sdv_image_size(image, SDV_REGION_USER);
    cr_assert(eq(int, memcmp(user, now, (size_t)FIRST * 512), 0));
    cr_assert(eq(int, memcmp(user + end, now + end, size - end), 0));
    sdv_image_close(&image);
}

SCENARIO(kill, image_survives_200_kills)
{
    static uint8_t user[512 * 1024];
    const slot_options options = {.blocks = 1024, .disturbed = true};
    uint64_t random = slot_seed();
    slot s;

    slot_open(&s, param, &options);
    slot_pattern(user, sizeof(user), 5);
    cr_assert(eq(int, sdv_card_write(&s.card, 0, 1024, user), SDV_OK));
    slot_leave(&s);
    for (uint64_t round = 0; round < KILLS; round++) {
        kill_a_writer(&s, round, sdv_random(&random) % MAX_ROUNDS + 1);
        expect_untouched(&s, user, round);
    }
    s.options.disturbed = true;
    slot_resume(&s); /* and the card works */
    slot_pattern(user, 512, 6);
    cr_assert(eq(int, sdv_card_write(&s.card, FIRST, 1, user), SDV_OK));
    slot_close(&s);
}
