/* SPDX-License-Identifier: Apache-2.0 */
#include "vault_cards.h"

#include <stdlib.h>
#include <string.h>

#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "tool.h"

static void make_card(char name)
{
    cr_assert(zero(int, tool_run("$S card create %c.img --capacity 1M", name)));
    cr_assert(zero(int, tool_run("$S authority personalize auth %c.img "
                                 "--kernel $K >made && "
                                 "sed -n 's/^medium id: *//p' made >%c.id",
                                 name, name)),
              "%s", tool_err());
}

void vault_cards_start(const char *kernel)
{
    tool_start();
    setenv("K", kernel, 1);
    cr_assert(zero(int, tool_run("$S authority init auth --insecure")));
    make_card('a');
    make_card('b');
}

void vault_cards_issue(char card, const char *name, const char *options)
{
    cr_assert(zero(int, tool_run("$S authority issue auth --medium $(cat "
                                 "%c.id) --title %s -o %s.license --key-out "
                                 "%s.key %s",
                                 card, name, name, name, options)),
              "%s", tool_err());
    cr_assert(zero(int, tool_run("dd if=%s.license bs=1 skip=24 count=16 | "
                                 "od -An -v -tx1 | tr -d ' \\n' >%s.lid",
                                 name, name)));
}

struct criterion_test_params vault_cards_kernels(void)
{
    static char kernels[][8] = {"direct", "model"};
    const char *chosen = getenv("SDV_TEST_KERNEL");
    size_t first = 0;
    size_t end = 2;

    if (chosen != NULL && strcmp(chosen, "model") == 0) {
        first = 1;
    } else if (chosen != NULL && strcmp(chosen, "direct") == 0) {
        end = 1;
    }
    return cr_make_param_array(char[8], kernels + first, end - first);
}
