/* SPDX-License-Identifier: Apache-2.0 */
/* Labels of derived keys; they are written in docs/spec/labels.csv. */
#ifndef SDV_LABELS_H
#define SDV_LABELS_H

#include <sdvault/spec.h>

/** @param label  SDV_LABEL_* */
static inline const char *label_text(unsigned label)
{
#define LABEL_ROW(name, value, text) [value] = (text),
    static const char *const texts[] = {SDV_LABEL_TABLE(LABEL_ROW)};
#undef LABEL_ROW

    return texts[label];
}

#endif /* SDV_LABELS_H */
