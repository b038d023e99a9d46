/* SPDX-License-Identifier: Apache-2.0 */
/**
 * @file sealed_place.h
 * @brief Where sealed licenses are outside the vault: a file, or blocks of a
 *        user area, which are read and written by SD commands.
 */
#ifndef SDV_CLI_SEALED_PLACE_H
#define SDV_CLI_SEALED_PLACE_H

#include <sdvault/sealed.h>

#include "slot.h"

/** One place. */
struct sealed_place {
    const char *file; /* NULL: a user area */
    const char *card; /* image of another card; NULL: the card itself */
    uint64_t lba;
};

/** Sealed licenses, one behind the other. */
struct sealed_list {
    uint8_t *bytes; /* malloc()ed */
    size_t count;   /* blocks of 512 bytes */
};

/**
 * Read --file, --lba and the option that names another card.
 * @return CLI_DONE or CLI_USAGE, after a line on stderr
 */
int sealed_place_read(struct cli *cli, enum cli_option card,
                      struct sealed_place *place);

/** A name for messages about license `index` there. */
void sealed_place_name(const struct sealed_place *place,
                       const struct slot *slot, size_t index, char *name,
                       size_t size);

/**
 * Make room for so many licenses, zeroed.
 * @return CLI_DONE, or another status after a line on stderr
 */
int sealed_list_make(const struct cli *cli, size_t count,
                     struct sealed_list *list);

void sealed_list_free(struct sealed_list *list);

/** License `index`. */
static inline uint8_t *sealed_at(const struct sealed_list *list, size_t index)
{
    return list->bytes + index * SDV_VAULT_SEALED_BYTES;
}

/** All of a file.  @return as sealed_list_make() */
int sealed_from_file(const struct cli *cli, const char *path,
                     struct sealed_list *list);

/** `list->count` blocks of a card.  @return as sealed_list_make() */
int sealed_from_card(struct slot *slot, uint64_t lba,
                     const struct sealed_list *list);

/** All of the list to a file that is open, and complete then. */
int sealed_to_file(const struct cli *cli, struct output *output,
                   const struct sealed_list *list);

/** All of the list to a card.  @return as sealed_list_make() */
int sealed_to_card(struct slot *slot, uint64_t lba,
                   const struct sealed_list *list);

/** What sealed_from_card() and sealed_to_card() have in common. */
typedef int sealed_move(struct slot *slot, uint64_t lba,
                        const struct sealed_list *list);

/** Run one of them on the second card of a command, in a slot of its own. */
int sealed_at_second(struct cli *cli, const struct sealed_place *place,
                     const struct sealed_list *list, sealed_move *move);

/**
 * Refuse what takes a secure channel: --pair and --bind.
 * @return CLI_DONE if neither is given
 */
int sealed_needs_session(const struct cli *cli);

#endif /* SDV_CLI_SEALED_PLACE_H */
