/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sdvault/apparatus.h
 * @brief The apparatus file: what a device that drives cards knows of itself.
 *
 * Lines of text: a magic, a version, the id, a label for people, and a CRC-32
 * of all lines before it (docs/programmers_guide.md).  The file is made with
 * mode 0600.
 */
#ifndef SDV_APPARATUS_H
#define SDV_APPARATUS_H

#include <stddef.h>
#include <stdint.h>

#include <sdvault/error.h>
#include <sdvault/id.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Longest label, in bytes, without its zero. */
#define SDV_LABEL_MAX 64

/** No apparatus file is longer. */
#define SDV_APPARATUS_TEXT_MAX 512

/** An apparatus. */
typedef struct sdv_apparatus {
    uint64_t id;
    char label[SDV_LABEL_MAX + 1]; /* UTF-8 without control characters */
} sdv_apparatus;

/**
 * Read the text of an apparatus file.
 *
 * @param text            the whole file, char[size]
 * @param[out] apparatus  zeroed on error
 *
 * @retval SDV_OK             apparatus is what the file says
 * @retval SDV_ERR_APPARATUS  not such a file, another version, or damaged
 */
SDV_MUST_CHECK sdv_err sdv_apparatus_parse(const char *text, size_t size,
                                           sdv_apparatus *apparatus);

/**
 * Write the text of an apparatus file.
 *
 * @param[out] text  a string, char[SDV_APPARATUS_TEXT_MAX]; empty on error
 *
 * @retval SDV_OK      text is complete
 * @retval SDV_ERR_ID  the id is not valid
 * @retval SDV_ERR_ARG the label is empty, too long or has control characters
 */
SDV_MUST_CHECK sdv_err sdv_apparatus_format(const sdv_apparatus *apparatus,
                                            char text[SDV_APPARATUS_TEXT_MAX]);

/**
 * Load an apparatus file.
 *
 * @retval SDV_ERR_IO  cannot be read; errno says why
 * @retval other       as sdv_apparatus_parse()
 */
SDV_MUST_CHECK sdv_err sdv_apparatus_load(const char *path,
                                          sdv_apparatus *apparatus);

/**
 * Make an apparatus file: complete or not at all, and readable by its owner
 * only.
 *
 * @retval SDV_ERR_EXISTS  there is such a file; it is left as it was
 * @retval SDV_ERR_IO      cannot be written; errno says why
 * @retval other           as sdv_apparatus_format()
 */
SDV_MUST_CHECK sdv_err sdv_apparatus_create(const char *path,
                                            const sdv_apparatus *apparatus);

#ifdef __cplusplus
}
#endif

#endif /* SDV_APPARATUS_H */
