/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "scan/scan.h"

#define MEMBER(form, ...) DESCRIBE_##form(__VA_ARGS__)
#include "scan/source.def"

const char *const source_types[] = {
        "journal", "journal-json", "journal-verbose", "export", "text", "kmsg", "dmesg-json", "igt", "pstore",
};
const size_t n_source_types = ARRAY_SIZE(source_types);

int scan_add_source(struct scan *s, const char *name, const char *type, uint32_t *ret) {
        if ((s->n_sources & (s->n_sources - 1)) == 0) {
                struct source_info *p = realloc(s->sources, (s->n_sources ? s->n_sources * 2 : 1) * sizeof(*p));
                if (!p)
                        return -ENOMEM;
                s->sources = p;
        }
        s->sources[s->n_sources] = (struct source_info){ .type = type, .complete = true };
        *ret = (uint32_t) s->n_sources++;
        return scan_name_source(s, *ret, name);
}

void scan_drop_source(struct scan *s) {
        const size_t source = --s->n_sources;

        arena_free(&s->sources[source].arena);
        store_drop_source(&s->store, (uint32_t) source);
        while (s->boots.n && s->boots.items[s->boots.n - 1]->source == source)
                boots_drop_last(&s->boots);
}

bool scan_drop_quotes(struct scan *s, uint32_t source) {
        size_t n = 0;

        for (size_t i = 0; i < s->store.n; i++)
                n += s->store.items[i]->source == source;
        if (s->sources[source].within > 0 || s->sources[source].unrecognized <= n)
                return false;
        store_drop_source(&s->store, source);
        return true;
}

int scan_name_source(struct scan *s, uint32_t source, const char *name) {
        struct source_info *in = &s->sources[source];

        in->name = arena_dup(&in->arena, slice_of(name));
        return in->name ? 0 : -ENOMEM;
}
