/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/json_base64.h"

#include <errno.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "source/base64_text.h"
#include "source/mime.h"

enum { DEPTH_MAX = 32 };

/* "data:text/plain;base64,": what follows it. */
static struct slice behind_scheme(struct slice s) {
        enum { LONGEST = 128 };
        const size_t comma = slice_find_byte(slice_head(s, LONGEST), ',');

        return slice_starts(s, SLICE("data:")) && comma != SLICE_NPOS ? slice_from(s, comma + 1) : s;
}

static int undo_string(struct json_object *v) {
        _cleanup_(buffer_done) struct buffer text = {};
        const struct slice string = { json_object_get_string(v), (size_t) json_object_get_string_len(v) };
        const struct slice s = behind_scheme(string);
        struct base64 state = {};

        /* What is no base64 from there on would be lost. */
        if (!base64_holds_text(s))
                return 0;
        for (struct slice rest = s; rest.n;)
                if (!base64_is(slice_token(&rest, '\n')))
                        return 0;
        int e = base64_take(&state, s, &text);
        return e < 0 ? e : json_object_set_string_len(v, text.data, (int) text.size) ? 0 : -ENOMEM;
}

static int undo(struct json_object *v, unsigned depth) {
        int e = 0;

        if (depth > DEPTH_MAX)
                return 0;
        if (json_object_is_type(v, json_type_string))
                return undo_string(v);
        if (json_object_is_type(v, json_type_array))
                for (size_t i = 0; e == 0 && i < json_object_array_length(v); i++)
                        e = undo(json_object_array_get_idx(v, i), depth + 1);
        if (json_object_is_type(v, json_type_object)) {
                json_object_object_foreach(v, name, member) {
                        (void) name;
                        e = e < 0 ? e : undo(member, depth + 1);
                }
        }
        return e;
}

int json_undo_base64(struct json_object *v) {
        return undo(v, 0);
}
