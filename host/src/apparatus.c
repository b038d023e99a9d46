/* SPDX-License-Identifier: Apache-2.0 */
/* The text of an apparatus file. */
#include <stdbool.h>
#include <string.h>

#include <sdvault/apparatus.h>

#include "text_file.h"

#define MAGIC "sdvault apparatus\nversion: 1\n"
#define ID "id: "
#define LABEL "label: "

static bool label_is_fine(const char label[SDV_LABEL_MAX + 1])
{
    if (label[0] == '\0' || memchr(label, '\0', SDV_LABEL_MAX + 1) == NULL) {
        return false;
    }
    for (; *label != '\0'; label++) {
        if ((uint8_t)*label < 0x20 || *label == 0x7F) {
            return false;
        }
    }
    return true;
}

sdv_err sdv_apparatus_format(const sdv_apparatus *apparatus,
                             char text[SDV_APPARATUS_TEXT_MAX])
{
    char id[SDV_ID_TEXT_SIZE];

    text[0] = '\0';
    if (!label_is_fine(apparatus->label)) {
        return SDV_ERR_ARG;
    }
    if (sdv_id_format(apparatus->id, id) != SDV_OK) {
        return SDV_ERR_ID;
    }
    strcpy(text, MAGIC ID);
    strcat(text, id);
    strcat(text, "\n" LABEL);
    strcat(text, apparatus->label);
    strcat(text, "\n");
    text_add_checksum(text);
    return SDV_OK;
}

static bool take_all(const char *text, size_t size, sdv_apparatus *apparatus)
{
    struct text_reader reader = {text, text, size};
    char id[SDV_ID_TEXT_SIZE];

    return text_take(&reader, MAGIC) && text_take(&reader, ID) &&
           text_take_line(&reader, id, sizeof(id)) &&
           text_take(&reader, LABEL) &&
           text_take_line(&reader, apparatus->label,
                          sizeof(apparatus->label)) &&
           text_take_checksum(&reader) && label_is_fine(apparatus->label) &&
           sdv_id_parse(id, &apparatus->id) == SDV_OK;
}

sdv_err sdv_apparatus_parse(const char *text, size_t size,
                            sdv_apparatus *apparatus)
{
    memset(apparatus, 0, sizeof(*apparatus));
    if (!take_all(text, size, apparatus)) {
        memset(apparatus, 0, sizeof(*apparatus));
        return SDV_ERR_APPARATUS;
    }
    return SDV_OK;
}
