/* SPDX-License-Identifier: Apache-2.0 */
#include "date.h"

#include <string.h>
#include <time.h>

/* A time of UTC that exists; strptime() lets a 31st of February pass. */
static bool read_utc(const char *text, const char *format, uint64_t *seconds)
{
    struct tm tm = {0};
    const char *end = strptime(text, format, &tm);
    const int day = tm.tm_mday;
    time_t time;

    if (end == NULL || *end != '\0') {
        return false;
    }
    time = timegm(&tm);
    if (time < 0 || tm.tm_mday != day) {
        return false;
    }
    *seconds = (uint64_t)time;
    return true;
}

int date_option(const struct cli *cli, enum cli_option option,
                uint64_t *seconds)
{
    const char *text = cli_value(cli, option);
    uint64_t value = 0;

    if (text == NULL) {
        return CLI_DONE;
    }
    if (!number_parse(text, &value) && !read_utc(text, "%Y-%m-%d", &value) &&
        !read_utc(text, "%Y-%m-%dT%H:%M:%SZ", &value)) {
        return cli_usage(cli, "%s: not a date: %s", cli_options[option].name,
                         text);
    }
    if (value == 0) { /* 0 means that there is no limit */
        return cli_usage(cli, "%s: must be after 1970-01-01T00:00:00Z",
                         cli_options[option].name);
    }
    *seconds = value;
    return CLI_DONE;
}
