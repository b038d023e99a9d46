/* SPDX-License-Identifier: Apache-2.0 */
#include "spin.h"

/* see spin.h */
void spin(unsigned long rounds)
{
    for (volatile unsigned long i = 0; i < rounds; i++) {
    }
}
