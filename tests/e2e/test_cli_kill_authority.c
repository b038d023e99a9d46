/* SPDX-License-Identifier: Apache-2.0 */
/*
 * SIGKILL at random moments of `sdvault authority` and `content store`: the
 * next command works and goes on from what the ledger says, and no output file
 * is half-written.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <sqlite3.h>

#include "authority.h"
#include "bytes.h"
#include "killer.h"
#include "tool.h"

#define KILLS 200
#define M " --kernel model"
#define BLOCK 512
#define LINE_SIZE 256

TestSuite(cli_kill_authority, .init = tool_start, .fini = tool_finish);

/* Moments of a command, which are its system calls. */
struct moments {
    uint64_t random;
    unsigned calls; /* of the whole command */
    unsigned killed;
};

/* The line is run once to its end. */
static struct moments moments_of(const char *line, uint64_t seed)
{
    return (struct moments){.random = seed, .calls = killer_count(line)};
}

static void kill_one(struct moments *moments, const char *line)
{
    const uint64_t nth = 1 + sdv_random(&moments->random) % moments->calls;

    moments->killed += killer_run(line, (unsigned)nth);
}

static void expect_many(const struct moments *moments)
{
    cr_assert(gt(uint, moments->killed, KILLS * 9 / 10));
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

Test(cli_kill_authority, init)
{
    struct moments moments = moments_of("$S authority init auth --insecure", 1);

    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        cr_assert(zero(int, tool_run("rm -rf auth")));
        kill_one(&moments, "$S authority init auth --insecure");
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
    expect_many(&moments);
}

static void issue_line(char line[LINE_SIZE], uint64_t medium, unsigned title)
{
    snprintf(line, LINE_SIZE,
             "$S authority issue auth --medium 0x%016llx --title T%u -o l",
             (unsigned long long)medium, title);
}

Test(cli_kill_authority, issue)
{
    sdv_authority *authority = authority_start();
    const uint64_t medium = authority_medium(authority, 1, NULL);
    struct moments moments;
    char line[LINE_SIZE];

    sdv_authority_close(&authority);
    issue_line(line, medium, KILLS);
    moments = moments_of(line, 2);
    for (unsigned i = 0; i < KILLS; i++) {
        long first;

        issue_line(line, medium, i);
        cr_assert(zero(int, tool_run("rm -f l first")));
        kill_one(&moments, line);
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
    expect_many(&moments);
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

/* One more card dies; the line recovers its license. */
static void recover_line(char line[LINE_SIZE], uint64_t target, unsigned i)
{
    sdv_authority *authority = authority_open();
    uint8_t root[32];
    const uint64_t medium = authority_medium(authority, 1 + i, root);

    sdv_authority_close(&authority);
    make_blob(medium, root, i);
    snprintf(line, LINE_SIZE,
             "$S authority recover auth --medium 0x%016llx --blob blob "
             "--to-medium 0x%016llx -o l",
             (unsigned long long)medium, (unsigned long long)target);
}

Test(cli_kill_authority, recover)
{
    sdv_authority *authority = authority_start();
    const uint64_t target = authority_medium(authority, 0, NULL);
    struct moments moments;
    char line[LINE_SIZE];

    sdv_authority_close(&authority);
    recover_line(line, target, KILLS);
    moments = moments_of(line, 3);
    for (unsigned i = 0; i < KILLS; i++) {
        long first;
        int status;

        recover_line(line, target, i);
        cr_assert(zero(int, tool_run("rm -f l first")));
        kill_one(&moments, line);
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
    expect_many(&moments);
    cr_assert(eq(i64, count("SELECT count(*) FROM recoveries"), KILLS + 1));
    cr_assert(eq(i64,
                 count("SELECT count(*) FROM licenses"
                       " WHERE origin = 'recovery'"),
                 KILLS + 1));
}

#define PERSONALIZE "$S authority personalize auth c.img" M

static void make_card(unsigned serial)
{
    cr_assert(zero(int, tool_run("rm -f c.img; $S card create c.img "
                                 "--capacity 1M --seed %u",
                                 serial)));
}

Test(cli_kill_authority, personalize)
{
    sdv_authority *authority = authority_start();
    struct moments moments;

    sdv_authority_close(&authority);
    make_card(KILLS);
    moments = moments_of(PERSONALIZE, 4);
    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        make_card(i);
        kill_one(&moments, PERSONALIZE);
        status = tool_run(PERSONALIZE);
        cr_assert(status == 0 || tool_complained("ERR_MEDIUM_TAKEN"), "%u: %s",
                  i, tool_err());
        cr_assert(zero(int, tool_run("$S card info c.img" M)));
        cr_assert(tool_printed("lifecycle:     active"), "%u", i);
    }
    expect_many(&moments);
    cr_assert(eq(i64, count("SELECT count(*) FROM media"), KILLS + 1));
    cr_assert(eq(i64,
                 count("SELECT count(*) FROM media WHERE state = 'active'"),
                 KILLS + 1));
}

#define KEY "--content-key %064d"

Test(cli_kill_authority, content_store)
{
    struct moments moments;
    char line[LINE_SIZE];

    tool_make_file("a", 100000, 1);
    tool_make_file("b", 100000, 2);
    cr_assert(zero(int, tool_run("$S card create c.img --capacity 1M")));
    snprintf(line, sizeof(line), "$S content store c.img --lba 3 -i b " KEY M,
             7);
    moments = moments_of(line, 5);
    for (unsigned i = 0; i < KILLS; i++) {
        int status;

        cr_assert(zero(
            int, tool_run("$S content store c.img --lba 3 -i a " KEY M, 7)));
        kill_one(&moments, line);
        status = tool_run("$S content play c.img --lba 3 -o got " KEY M, 7);
        if (status == 0) {
            cr_assert(tool_same("got", "a") || tool_same("got", "b"), "%u", i);
        } else { /* neither: and the card says so */
            cr_assert(tool_complained("ERR_CONTENT_KEY"), "%u: %s", i,
                      tool_err());
        }
    }
    expect_many(&moments);
}
