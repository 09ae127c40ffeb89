/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/known_text.h"

#include <errno.h>
#include <json-c/json.h>
#include <string.h>

#include "base/macros.h"

/* --- places in a text that is known to be JSON --- */

static size_t behind_blanks(struct slice s, size_t at) {
        while (at < s.n && strchr(" \t\r\n,:", s.s[at]))
                at++;
        return at;
}

static size_t behind_string(struct slice s, size_t at) {
        for (at++; at < s.n && s.s[at] != '"'; at++)
                at += s.s[at] == '\\';
        return MIN(at + 1, s.n);
}

static size_t behind_value(struct slice s, size_t at) {
        size_t depth = 0;

        do {
                const char c = at < s.n ? s.s[at] : '\0';

                if (c == '"') {
                        at = behind_string(s, at);
                        continue;
                }
                depth += c == '[' || c == '{';
                if ((c == ']' || c == '}') && depth-- == 0)
                        return at;
                at++;
        } while (at < s.n && (depth || !strchr(", \t\r\n]}", s.s[at])));
        return MIN(at, s.n);
}

/* The value of the object's member "issues", with its brackets. */
static struct slice issues_of(struct slice s) {
        for (size_t at = behind_blanks(s, 0) + 1; (at = behind_blanks(s, at)) < s.n && s.s[at] == '"';) {
                const size_t key = behind_string(s, at), value = behind_blanks(s, key), end = behind_value(s, value);

                if (slice_eq((struct slice){ s.s + at, key - at }, SLICE("\"issues\"")))
                        return (struct slice){ s.s + value, end - value };
                at = end;
        }
        return SLICE_NULL;
}

/* --- how the entries are laid out --- */

struct layout {
        struct slice indent; /* of an entry */
        size_t unit;         /* blanks a level; 0: an entry is one line */
        bool lines;          /* each begins one */
};

static struct slice indent_before(struct slice text, const char *at) {
        const char *begin = at;

        while (begin > text.s && strchr(" \t", begin[-1]))
                begin--;
        return (struct slice){ begin, (size_t) (at - begin) };
}

static struct layout layout_of(struct slice text, struct slice list) {
        const size_t first = behind_blanks(list, 1);
        const struct slice entry = { list.s + first, behind_value(list, first) - first };
        struct layout l = { .indent = indent_before(text, entry.s) };

        if (first + 1 >= list.n) /* it has none yet */
                return (struct layout){ SLICE("    "), 2, true };
        l.lines = l.indent.s > text.s && l.indent.s[-1] == '\n';
        if (slice_find_byte(entry, '\n') != SLICE_NPOS)
                l.unit = l.lines && l.indent.n ? MAX(l.indent.n / 2, 1u) : 2;
        return l;
}

/* --- the text --- */

/* json-c indents a level by two blanks. */
static int add_entry(struct buffer *out, struct json_object *issue, const struct layout *l) {
        const int form = JSON_C_TO_STRING_SPACED | JSON_C_TO_STRING_NOSLASHESCAPE;
        const char *text = json_object_to_json_string_ext(issue, l->unit ? form | JSON_C_TO_STRING_PRETTY : form);
        const struct slice unit = l->indent.n ? slice_head(l->indent, l->unit) : SLICE("  ");
        struct slice rest = slice_of(text ? text : "");
        int e = text ? 0 : -ENOMEM;

        for (bool first = true; e == 0 && rest.n; first = false) {
                const struct slice line = slice_token(&rest, '\n'), words = slice_ltrim(line);

                if (!first && (e = buffer_add(out, "\n", 1)) == 0)
                        e = buffer_add_slice(out, l->indent);
                for (size_t level = 0; e == 0 && level < (line.n - words.n) / 2; level++)
                        e = buffer_add_slice(out, unit);
                if (e == 0)
                        e = buffer_add_slice(out, words);
        }
        return e;
}

int known_text_add(struct slice text, struct json_object *issue, struct buffer *ret) {
        const struct slice list = issues_of(text);

        if (list.n < 2 || list.s[0] != '[')
                return -EBADMSG;
        const struct slice before = slice_rtrim((struct slice){ text.s, (size_t) (list.s - text.s) + list.n - 1 }),
                           after = slice_from(text, before.n);
        const bool empty = before.s[before.n - 1] == '[';
        const struct layout l = layout_of(text, list);
        int e = buffer_add_slice(ret, before);

        if (e == 0 && !empty)
                e = buffer_add_slice(ret, SLICE(","));
        if (e == 0)
                e = l.lines ? buffer_add_slice(ret, SLICE("\n")) : buffer_add_slice(ret, SLICE(" "));
        if (e == 0 && l.lines)
                e = buffer_add_slice(ret, l.indent);
        if (e == 0)
                e = add_entry(ret, issue, &l);
        if (e == 0 && empty && slice_starts(after, SLICE("]")))
                e = buffer_add_slice(ret, SLICE("\n  "));
        return e == 0 ? buffer_add_slice(ret, after) : e;
}
