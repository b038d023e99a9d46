/* SPDX-License-Identifier: Apache-2.0 */
/* Files that are complete or not there. */
#ifndef SDV_FILE_H
#define SDV_FILE_H

#include <stddef.h>

#include <sdvault/error.h>

/**
 * Make a file that only its owner reads: complete, on the disk, or not at all.
 *
 * @retval SDV_ERR_EXISTS  there is such a file; it is left as it was
 * @retval SDV_ERR_IO      errno says why
 * @retval SDV_ERR_NO_MEMORY
 */
SDV_MUST_CHECK sdv_err file_create(const char *path, const void *bytes,
                                   size_t size);

/**
 * Read a short file.
 *
 * @param max         bytes that fit
 * @param[out] size   bytes that were read; `max` if there are more
 * @retval SDV_ERR_IO errno says why
 */
SDV_MUST_CHECK sdv_err file_read(const char *path, void *bytes, size_t max,
                                 size_t *size);

#endif /* SDV_FILE_H */
