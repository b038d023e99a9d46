/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file spin.h
 * @brief Let another process run for a while, without a clock.
 */
#ifndef SDV_TEST_SPIN_H
#define SDV_TEST_SPIN_H

/** Rounds that take something like a millisecond; nothing depends on it. */
#define SPIN_MS 400000ul

/** Count to `rounds`. */
void spin(unsigned long rounds);

#endif /* SDV_TEST_SPIN_H */
