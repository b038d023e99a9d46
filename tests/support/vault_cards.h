/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file vault_cards.h
 * @brief An authority and two personalized cards, made with the tool.
 *
 * In the folder of tool.h: the authority auth, the cards a.img and b.img of
 * 1 MiB, their displayed ids in a.id and b.id.
 */
#ifndef SDV_TEST_VAULT_CARDS_H
#define SDV_TEST_VAULT_CARDS_H

#include <criterion/parameterized.h>

/** Make the folder and all that.  $K is the kernel from now on. */
void vault_cards_start(const char *kernel);

/**
 * Issue a license to card a or b: the file NAME.license, its content key in
 * NAME.key, its id in NAME.lid.
 * @param options  more of them, or ""
 */
void vault_cards_issue(char card, const char *name, const char *options);

/** The kernels that SDV_TEST_KERNEL lets run. */
struct criterion_test_params vault_cards_kernels(void);

/** A test that runs on each of them; the kernel's name is *kernel. */
#define VAULT_TEST(suite, name)                                                \
    ParameterizedTestParameters(suite, name)                                   \
    {                                                                          \
        return vault_cards_kernels();                                          \
    }                                                                          \
    ParameterizedTest(char(*kernel)[8], suite, name)

#endif /* SDV_TEST_VAULT_CARDS_H */
