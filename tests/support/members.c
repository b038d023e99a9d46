/* SPDX-License-Identifier: Apache-2.0 */
#include "members.h"

#include <string.h>

#include "aes_family.h"

#define ROW(number, name, decrypts, keys) {number, name, decrypts, keys},

static const struct aes_member members[AES_MEMBERS] = {AES_FAMILY_TABLE(ROW)};

const struct aes_member *member_of(unsigned param)
{
    return &members[param % TWO_LANES];
}

bool member_takes(const struct aes_member *member, size_t key_len)
{
    return member->keys == 384 || member->keys == 8 * key_len;
}

bool member_is_fast(const struct aes_member *member)
{
    return strstr(member->name, "-table") != NULL;
}

/* Those that the second lane of the top can be. */
static bool has_second(const struct aes_member *member)
{
    return strcmp(member->name, "enc-both-table") == 0 ||
           strcmp(member->name, "enc-both-2-table") == 0;
}

static bool any(const struct aes_member *member)
{
    (void)member;
    return true;
}

static bool decrypting(const struct aes_member *member)
{
    return member->decrypts;
}

static bool with_long_keys(const struct aes_member *member)
{
    return member_takes(member, 32);
}

static struct criterion_test_params
choose(bool (*wanted)(const struct aes_member *), bool pairs)
{
    static unsigned params[2 * AES_MEMBERS];
    size_t count = 0;
    for (unsigned i = 0; i < AES_MEMBERS; i++) {
        if (wanted(&members[i])) {
            params[count++] = i;
        }
        if (pairs && has_second(&members[i])) {
            params[count++] = i | TWO_LANES;
        }
    }
    return cr_make_param_array(unsigned, params, count);
}

struct criterion_test_params members_each(void)
{
    return choose(any, false);
}

struct criterion_test_params members_that_decrypt(void)
{
    return choose(decrypting, false);
}

struct criterion_test_params members_with_long_keys(void)
{
    return choose(with_long_keys, false);
}

struct criterion_test_params members_on_lanes(void)
{
    return choose(any, true);
}

crypto_lab *member_open(unsigned param)
{
    crypto_lab *lab = lab_open();
    lab_member(lab, param % TWO_LANES, (param & TWO_LANES) != 0);
    return lab;
}
