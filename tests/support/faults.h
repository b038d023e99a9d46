/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file faults.h
 * @brief One bit of a controller turns over: every bit in every state.
 *
 * A scenario runs once; the levels of its inputs are recorded.  Then they are
 * played again from reset, once for each bit of each value that a guard had,
 * up to the edge that makes that value, at which the bit turns over.  The
 * inputs go on as they were.
 */
#ifndef SDV_TEST_FAULTS_H
#define SDV_TEST_FAULTS_H

#include "crypto_lab.h"

struct fault_scenario {
    const char *name;
    void (*run)(crypto_lab *lab);
    const char *guards; /* part of the paths of the guards that are hit */
    uint8_t error;      /* bit of crypto_out::errors that has to rise */
};

/** What was done, and what went wrong. */
struct fault_count {
    unsigned guards, states, pairs;
    unsigned late;      /* the error output did not rise within two clocks */
    unsigned leaks;     /* a valid output after the flip */
    unsigned unreached; /* states declared in the RTL that no guard was in */
};

/**
 * Every pair of a scenario, counted.  In the first clock of a scenario what it
 * is about has a clock and rests.
 */
struct fault_count faults_all(crypto_lab *lab,
                              const struct fault_scenario *scenario);

#endif /* SDV_TEST_FAULTS_H */
