/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/content.h"

#include "base/macros.h"
#include "source/values.h"

/* "6,339,5140900,-;message": what a read of /dev/kmsg gives. */
static bool is_kmsg(struct slice head) {
        uint64_t n;

        return slice_eat_u64(&head, &n) && slice_eat(&head, SLICE(",")) && slice_eat_u64(&head, &n) &&
               slice_eat(&head, SLICE(",")) && slice_eat_u64(&head, &n) && slice_eat(&head, SLICE(",")) &&
               slice_find_byte(slice_head(head, 64), ';') != SLICE_NPOS;
}

/* Fields of the journal, one a line, the reserved ones first or near. */
static bool is_export(struct slice head) {
        struct slice first = slice_token(&head, '\n');
        size_t equals = slice_find_byte(first, '=');

        if (equals == SLICE_NPOS || equals == 0 || equals > 64)
                return false;
        for (size_t i = 0; i < equals; i++)
                if (!(first.s[i] == '_' || is_digit(first.s[i]) || (first.s[i] >= 'A' && first.s[i] <= 'Z')))
                        return false;
        return slice_starts(first, SLICE("__CURSOR=")) || slice_starts(first, SLICE("__REALTIME_TIMESTAMP=")) ||
               slice_has(head, SLICE("\n__REALTIME_TIMESTAMP=")) ||
               slice_starts(head, SLICE("__REALTIME_TIMESTAMP=")) || slice_has(head, SLICE("\n_BOOT_ID=")) ||
               slice_starts(head, SLICE("_BOOT_ID="));
}

static bool is_igt(struct slice head) {
        while (head.n && (is_blank(head.s[0]) || head.s[0] == '\n' || head.s[0] == '\r'))
                head = slice_from(head, 1);
        return slice_starts(head, SLICE("{")) &&
               (slice_has(head, SLICE("\"TestrunResult\"")) || slice_has(head, SLICE("\"results_version\"")));
}

/* What journalctl -o verbose prints: an entry's cursor in brackets, then its fields, indented. */
static bool is_verbose(struct slice head) {
        struct slice first = SLICE_NULL;

        while (head.n && (first = slice_token(&head, '\n'), slice_starts(first, SLICE("-- "))))
                ;
        return slice_has(first, SLICE(" [s=")) && slice_has(first, SLICE(";b=")) && slice_starts(head, SLICE("    "));
}

/* "NAME" and what divides it from its value. */
static bool is_name(struct slice s, struct slice name) {
        return slice_eat(&s, name) && slice_starts(slice_ltrim(s), SLICE(":"));
}

/* Is it a member of the first values themselves, or of the items of a list that holds them, and not only of an object
 * in one? name: with its quotation marks. */
static bool has_member(struct slice head, struct slice name) {
        unsigned depth = 0, list = 0;
        bool quoted = false, opened = false; /* opened: a list, of which no item came yet */

        for (size_t i = 0; i < head.n; i++) {
                const char c = head.s[i];
                if (quoted && c == '\\')
                        i++;
                else if (c == '"') {
                        if (!quoted && depth == list + 1 && is_name(slice_from(head, i), name))
                                return true;
                        quoted = !quoted;
                } else if (!quoted && c == '{') {
                        list = opened ? depth : list;
                        depth++;
                } else if (!quoted && c == '}' && depth > 0)
                        depth--;
                opened = !quoted && (c == '[' || (opened && c <= ' '));
        }
        return false;
}

/* A collector may keep journald's fields and call the message otherwise, or put all into an object of its own. */
static bool is_journal_json(struct slice head) {
        return values_begin_here(head) && has_member(head, SLICE("\"MESSAGE\"")) &&
               (slice_has(head, SLICE("\"__CURSOR\"")) || slice_has(head, SLICE("\"__REALTIME_TIMESTAMP\"")) ||
                slice_has(head, SLICE("\"_BOOT_ID\"")) || slice_has(head, SLICE("\"_TRANSPORT\"")));
}

static bool is_dmesg_json(struct slice head) {
        return values_begin_here(head) && slice_has(head, SLICE("\"msg\"")) && slice_has(head, SLICE("\"pri\"")) &&
               slice_has(head, SLICE("\"time\""));
}

/* The first line that fits. */
static const struct {
        bool (*is)(struct slice head);
        format_reader_t read;
} formats[] = {
        { is_kmsg, source_kmsg },
        { is_export, source_export },
        { is_igt, source_igt },
        { is_verbose, source_verbose },
        { is_journal_json, source_journal_json },
        { is_dmesg_json, source_dmesg_json },
};

format_reader_t content_format(struct slice head) {
        for (size_t i = 0; i < ARRAY_SIZE(formats); i++)
                if (formats[i].is(head))
                        return formats[i].read;
        return NULL;
}
