/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file folder.h
 * @brief A folder of the test's own, which is also the working folder.
 */
#ifndef SDV_TEST_FOLDER_H
#define SDV_TEST_FOLDER_H

/** Make it and go there. */
void folder_start(void);

/** Remove it with everything in it. */
void folder_finish(void);

#endif /* SDV_TEST_FOLDER_H */
