/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Files: whole writes, holes, sparse copies, temporary names.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "image_private.h"

enum { CHUNK = 65536 };

/* see image_private.h */
sdv_err sdv_file_write(int fd, const uint8_t *data, size_t length,
                       uint64_t offset)
{
    while (length > 0) {
        const ssize_t n = pwrite(fd, data, length, (off_t)offset);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0) {
            return SDV_ERR_IO;
        }
        data += n;
        offset += (uint64_t)n;
        length -= (size_t)n;
    }
    return SDV_OK;
}

/* Zeros the slow way, for file systems without holes. */
static sdv_err write_zeros(int fd, uint64_t offset, uint64_t length)
{
    static const uint8_t zeros[CHUNK];

    while (length > 0) {
        const size_t part = length < CHUNK ? (size_t)length : CHUNK;
        const sdv_err err = sdv_file_write(fd, zeros, part, offset);

        if (err != SDV_OK) {
            return err;
        }
        offset += part;
        length -= part;
    }
    return SDV_OK;
}

/* see image_private.h */
sdv_err sdv_file_zero(int fd, uint64_t offset, uint64_t length)
{
    if (length == 0 || fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                                 (off_t)offset, (off_t)length) == 0) {
        return SDV_OK;
    }
    return write_zeros(fd, offset, length);
}

/* Copy bytes that are there, chunk by chunk. */
static sdv_err copy_bytes(int from, uint64_t from_offset, int to,
                          uint64_t to_offset, uint64_t length)
{
    uint8_t chunk[CHUNK];

    while (length > 0) {
        const size_t part = length < CHUNK ? (size_t)length : CHUNK;
        const ssize_t n = pread(from, chunk, part, (off_t)from_offset);

        if (n < 0 && errno == EINTR) {
            continue;
        }
        if (n <= 0 ||
            sdv_file_write(to, chunk, (size_t)n, to_offset) != SDV_OK) {
            return SDV_ERR_IO;
        }
        from_offset += (uint64_t)n;
        to_offset += (uint64_t)n;
        length -= (uint64_t)n;
    }
    return SDV_OK;
}

/* Start of the next data at or after `offset`, at most `end`. */
static uint64_t next_data(int fd, uint64_t offset, uint64_t end)
{
    const off_t at = lseek(fd, (off_t)offset, SEEK_DATA);

    if (at < 0) {
        return errno == ENXIO ? end : offset; /* ENXIO: only a hole is left */
    }
    return (uint64_t)at < end ? (uint64_t)at : end;
}

/* see image_private.h */
sdv_err sdv_file_copy(int from, uint64_t from_offset, int to,
                      uint64_t to_offset, uint64_t length)
{
    const uint64_t end = from_offset + length;
    uint64_t at = from_offset;

    while ((at = next_data(from, at, end)) < end) {
        const off_t hole = lseek(from, (off_t)at, SEEK_HOLE);
        const uint64_t stop =
            hole > (off_t)at && (uint64_t)hole < end ? (uint64_t)hole : end;
        const sdv_err err =
            copy_bytes(from, at, to, to_offset + (at - from_offset), stop - at);

        if (err != SDV_OK) {
            return err;
        }
        at = stop;
    }
    return SDV_OK;
}

/* see image_private.h */
sdv_err sdv_file_temporary(const char *path, char temporary[TEMPORARY_NAME],
                           int *fd)
{
    for (unsigned attempt = 0; attempt < 1000; attempt++) {
        const int n = snprintf(temporary, TEMPORARY_NAME, "%s.%ld-%u.tmp", path,
                               (long)getpid(), attempt);

        if (n < 0 || n >= TEMPORARY_NAME) {
            return SDV_ERR_IO;
        }
        *fd = open(temporary, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (*fd >= 0) {
            return SDV_OK;
        }
        if (errno != EEXIST) {
            return SDV_ERR_IO;
        }
    }
    return SDV_ERR_IO;
}
