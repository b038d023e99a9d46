/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGKILL at random moments of `sdvault authority` and `content store`: the
 * next command works and goes on from what the ledger says, and no output file
 * is half-written.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>

#include "authority.h"
#include "bytes.h"
#include "spin.h"
#include "tool.h"

#define KILLS 200
#define M " --kernel model"
#define BLOCK 512

TestSuite(cli_authority_kill, .init = tool_start, .fini = tool_finish);

/* Moments up to one that is, after some kills, near the end of a command. */
struct killer {
    uint64_t random;
    unsigned long most; /* rounds of spin() */
    unsigned killed;    /* before they had ended */
};

static struct killer killer_of(uint64_t seed)
{
    return (struct killer){.random = seed, .most = 4 * SPIN_MS};
}

/* Start a command and kill it, maybe after its end. */
static void kill_one(struct killer *killer, const char *line)
{
    const pid_t pid = tool_start_line(line);
    int status;

    spin(sdv_random(&killer->random) % killer->most);
    kill(pid, SIGKILL);
    cr_assert(eq(int, waitpid(pid, &status, 0), pid));
    if (WIFSIGNALED(status)) {
        killer->killed++;
        killer->most += killer->most / 16;
    } else {
        killer->most -= killer->most / 8;
    }
}

static void expect_many(const struct killer *killer)
{
    cr_assert(gt(uint, killer->killed, KILLS / 4), "%u of %u were killed",
              killer->killed, KILLS);
}

/* Bytes of a file, -1 when there is none. */
static long size_of(const char *path)
{
    struct stat stat_;

    return stat(path, &stat_) == 0 ? (long)stat_.st_size : -1;
}

static int64_t count(const char *sql)
{
    sqlite3 *db;
    sqlite3_stmt *statement;
    int64_t value;

    cr_assert(zero(int, sqlite3_open("auth/ledger.db", &db)));
    cr_assert(zero(int, sqlite3_prepare_v2(db, sql, -1, &statement, NULL)));
    cr_assert(eq(int, sqlite3_step(statement), SQLITE_ROW));
    value = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    sqlite3_close(db);
    return value;
}

Test(cli_authority_kill, init)
{
    struct killer killer = killer_of(1);

    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        cr_assert(zero(int, tool_run("rm -rf auth")));
        kill_one(&killer, "$S authority init auth --insecure");
        status = tool_run("$S authority init auth --insecure");
        cr_assert(status == 0 || tool_complained("ERR_EXISTS"), "%u: %s", i,
                  tool_err());
        cr_assert(eq(int,
                     tool_run("$S authority issue auth --medium "
                              "0x0123456789abcdef --title T -o l"),
                     1));
        cr_assert(tool_complained("ERR_MEDIUM_UNKNOWN"), "%u: %s", i,
                  tool_err());
    }
    expect_many(&killer);
}

Test(cli_authority_kill, issue)
{
    struct killer killer = killer_of(2);
    sdv_authority *authority = authority_start();
    const uint64_t medium = authority_medium(authority, 1, NULL);
    char line[256];

    sdv_authority_close(&authority);
    for (unsigned i = 0; i < KILLS; i++) {
        long first;

        snprintf(line, sizeof(line),
                 "$S authority issue auth --medium 0x%016llx --title T%u -o l",
                 (unsigned long long)medium, i);
        cr_assert(zero(int, tool_run("rm -f l first")));
        kill_one(&killer, line);
        first = size_of("l");
        cr_assert(first == -1 || first == BLOCK, "%u: %ld bytes", i, first);
        cr_assert(
            zero(int, tool_run("test ! -e l || cp l first; %s --json", line)),
            "%u: %s", i, tool_err());
        cr_assert(eq(long, size_of("l"), BLOCK));
        if (tool_printed("\"again\":true") && first == BLOCK) {
            cr_assert(tool_same("l", "first"), "%u: not the same", i);
        }
    }
    expect_many(&killer);
    cr_assert(zero(i64, count("SELECT count(*) FROM licenses"
                              " WHERE state <> 'delivered'")));
}

static void write_blob(const uint8_t *blob)
{
    FILE *file = fopen("blob", "wb");

    cr_assert(ne(ptr, file, NULL));
    cr_assert(eq(sz, fwrite(blob, 1, BLOCK, file), BLOCK));
    cr_assert(zero(int, fclose(file)));
}

/* A backup of one more license of a medium, in the file "blob". */
static void make_blob(uint64_t medium, const uint8_t root[32], unsigned i)
{
    sdv_authority *authority = authority_open();
    sdv_issue request = authority_request(medium);
    sdv_issued issued;
    uint8_t blob[BLOCK];

    snprintf(request.record.title, sizeof(request.record.title), "T%u", i);
    cr_assert(zero(int, sdv_authority_issue(authority, &request, &issued)));
    cr_assert(zero(int, sdv_authority_delivered(authority, &issued)));
    authority_backup(root, &issued, 0, 0, blob);
    write_blob(blob);
    sdv_authority_close(&authority);
}

/* Each round has a card of its own that dies. */
Test(cli_authority_kill, recover)
{
    struct killer killer = killer_of(3);
    sdv_authority *authority = authority_start();
    const uint64_t target = authority_medium(authority, 0, NULL);
    char line[256];

    for (unsigned i = 0; i < KILLS; i++) {
        uint8_t root[32];
        const uint64_t medium = authority_medium(authority, 1 + i, root);
        long first;
        int status;

        make_blob(medium, root, i);
        snprintf(line, sizeof(line),
                 "$S authority recover auth --medium 0x%016llx --blob blob "
                 "--to-medium 0x%016llx -o l",
                 (unsigned long long)medium, (unsigned long long)target);
        cr_assert(zero(int, tool_run("rm -f l first")));
        kill_one(&killer, line);
        first = size_of("l");
        cr_assert(first == -1 || first == BLOCK, "%u: %ld bytes", i, first);
        status = tool_run("test ! -e l || cp l first; %s", line);
        if (status != 0) { /* only what was handed over is refused */
            cr_assert(tool_complained("ERR_RECOVERED"), "%u: %s", i,
                      tool_err());
            cr_assert(eq(long, first, BLOCK), "%u: the license is lost", i);
        }
        cr_assert(eq(long, size_of("l"), BLOCK));
        cr_assert(first == -1 || tool_same("l", "first"), "%u", i);
    }
    sdv_authority_close(&authority);
    expect_many(&killer);
    cr_assert(eq(i64, count("SELECT count(*) FROM recoveries"), KILLS));
    cr_assert(eq(i64,
                 count("SELECT count(*) FROM licenses"
                       " WHERE origin = 'recovery'"),
                 KILLS));
}

Test(cli_authority_kill, personalize)
{
    struct killer killer = killer_of(4);
    sdv_authority *authority = authority_start();

    sdv_authority_close(&authority);
    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        cr_assert(zero(int, tool_run("rm -f c.img; $S card create c.img "
                                     "--capacity 1M --seed %u",
                                     i + 1)));
        kill_one(&killer, "$S authority personalize auth c.img" M);
        status = tool_run("$S authority personalize auth c.img" M);
        cr_assert(status == 0 || tool_complained("ERR_MEDIUM_TAKEN"), "%u: %s",
                  i, tool_err());
        cr_assert(zero(int, tool_run("$S card info c.img" M)));
        cr_assert(tool_printed("lifecycle:     active"), "%u", i);
    }
    expect_many(&killer);
    cr_assert(eq(i64, count("SELECT count(*) FROM media"), KILLS));
    cr_assert(eq(i64,
                 count("SELECT count(*) FROM media WHERE state = 'active'"),
                 KILLS));
}

#define KEY "--content-key %064d"

Test(cli_authority_kill, content_store)
{
    struct killer killer = killer_of(5);
    char line[256];

    tool_make_file("a", 100000, 1);
    tool_make_file("b", 100000, 2);
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
    snprintf(line, sizeof(line), "$S content store c.img --lba 3 -i b " KEY M,
             7);
    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        cr_assert(zero(
            int, tool_run("$S content store c.img --lba 3 -i a " KEY M, 7)));
        kill_one(&killer, line);
        status = tool_run("$S content play c.img --lba 3 -o got " KEY M, 7);
        if (status == 0) {
            cr_assert(tool_same("got", "a") || tool_same("got", "b"), "%u", i);
        } else { /* neither: and the card says so */
            cr_assert(tool_complained("ERR_CONTENT_KEY"), "%u: %s", i,
                      tool_err());
        }
    }
    expect_many(&killer);
}
