/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "write/json.h"
#include "write/write.h"

int write_text(const struct scan *s, FILE *f);

const struct format formats[] = {
        { "json", write_json },
        { "ndjson", write_ndjson },
        { "text", write_text },
};
const size_t n_formats = ARRAY_SIZE(formats);

const struct format *format_of(const char *name) {
        for (size_t i = 0; i < n_formats; i++)
                if (strcmp(formats[i].name, name) == 0)
                        return &formats[i];
        return NULL;
}
