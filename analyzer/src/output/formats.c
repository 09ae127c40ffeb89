/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <string.h>

#include "base/macros.h"
#include "output/text.h"
#include "output/write.h"
#include "saved/json.h"

static int json(const struct scan *s, const struct style *style, FILE *f) {
        (void) style;
        return write_json(s, f);
}

static int ndjson(const struct scan *s, const struct style *style, FILE *f) {
        (void) style;
        return write_ndjson(s, f);
}

const struct format formats[] = {
        { "json", json },
        { "ndjson", ndjson },
        { "text", write_text },
};
const size_t n_formats = ARRAY_SIZE(formats);

const struct format *format_by_name(const char *name) {
        for (size_t i = 0; i < n_formats; i++)
                if (strcmp(formats[i].name, name) == 0)
                        return &formats[i];
        return NULL;
}
