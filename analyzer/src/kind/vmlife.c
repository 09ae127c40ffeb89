/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "kind/guilty.h"
#include "kind/warn.h"
#include "line/frame.h"

/* Our own records: a WARN whose message is
 *   i915 vmlife: rule=<id> token=<t> ctx_id=<n> ... injected=<0|1> by=<func+0x1/0x2> ... name=<a context's name>
 * Values hold no blanks; keys that are new here are kept. The name comes last and takes the rest of the line: a
 * task chose it, and what looks like a key in it is none. */

static bool find_record(struct slice message, struct slice *ret) {
        if (!slice_starts(message, SLICE("i915 vmlife: rule=")))
                return false;
        struct slice record = slice_from(message, strlen("i915 vmlife: "));
        *ret = slice_token(&record, '\n');
        return true;
}

static bool claims(const struct report *r) {
        struct slice record;
        return find_record(warn_message(r), &record);
}

static int parse(const struct report *r, struct finding *f) {
        struct slice record = SLICE_NULL;
        int e = warn_parse(r, f, "WARNING in @", NULL);
        if (e < 0)
                return e;

        /* Not f->message: that ends where a hostile log puts a NUL. */
        find_record(warn_message(r), &record);
        while (record.n) {
                struct slice rest = record, value = slice_token(&record, ' '), key = slice_token(&value, '=');
                if (key.n == 0)
                        continue;
                if (slice_eq(key, SLICE("name"))) {
                        value = slice_from(rest, strlen("name="));
                        record = SLICE_NULL;
                }
                e = finding_add_field(f, key, value);
                if (e < 0)
                        return e;
        }

        const char *rule = finding_field(f, "rule"), *by = finding_field(f, "by"),
                   *injected = finding_field(f, "injected");
        f->detector = "vmlife";
        f->kind = rule && *rule ? rule : "unknown";
        f->severity = SEVERITY_HIGH;
        if (injected)
                f->injected = strcmp(injected, "1") == 0 ? INJECTED_YES : INJECTED_NO;
        if (by) {
                struct slice s = slice_of(by);
                struct frame_view at;
                if (symbol_eat(&s, true, &at)) {
                        f->n_functions = 0;
                        e = finding_add_function(f, at.function);
                        if (e < 0)
                                return e;
                }
        }
        f->title = arena_printf(&f->arena, "vmlife: %s in %s", f->kind,
                                f->n_functions ? f->functions[0] : blame_nobody);
        return f->title ? 0 : -ENOMEM;
}

static const struct kind_name known[] = { { "vmlife", NULL } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_vmlife = {
        .name = "vmlife",
        .names = names,
        .claims = claims,
        .parse = parse,
};
