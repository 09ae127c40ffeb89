/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/within.h"

#include "line/own_words.h"

/* Bytes of a task's name. */
enum { TASK_NAME_MAX = 15 };

/* "[   12.345678] " or "[   12.345678][  T123] " before these words: a whole prefix of the kernel's. */
static bool has_prefix(struct slice before) {
        size_t open;

        before = slice_rtrim(before);
        if (!slice_ends(before, SLICE("]")))
                return false;
        for (open = before.n; open > 0 && before.s[open - 1] != '['; open--)
                ;
        if (open < 2)
                return false;
        struct slice s = slice_ltrim(slice_from(before, open));
        uint64_t n;
        if (slice_eat_u64(&s, &n))
                return slice_eat(&s, SLICE(".")) && slice_eat_u64(&s, &n) && slice_eq(s, SLICE("]"));
        return (slice_starts(s, SLICE("T")) || slice_starts(s, SLICE("C"))) && has_prefix(slice_head(before, open - 1));
}

/* The bytes up to the end of a task's name that the line begins with; "task:%-15.15s state:" is how stacks are shown.
 */
static size_t own_words(struct slice text) {
        static const struct slice task = SLICE("task:");

        return slice_starts(text, task) ? task.n + TASK_NAME_MAX : begins_with_task(text) ? TASK_NAME_MAX : 0;
}

/* Is it a path, which a user names, and not a shell's prompt, "/tmp # "? */
static bool is_path(struct slice before) {
        return slice_starts(before, SLICE("/")) && !slice_has(before, SLICE("# ")) && !slice_has(before, SLICE("$ "));
}

/* Which kind such words begin behind others; NULL where that may not be: what a task is called is its user's choice,
 * and words that no table has are not enough without a prefix of the kernel's before them. */
static const struct kind *starts_behind(struct slice before, struct slice s, size_t own, bool loose, uint64_t named) {
        if (before.n <= own)
                return NULL;
        const struct kind *kind = kinds_start(s, named);
        if (!kind || kind->alone)
                return NULL;
        if (has_prefix(slice_from(before, own)))
                return kind;
        return loose && !is_path(before) && !(kind->doubtful && kind->doubtful(s)) ? kind : NULL;
}

const struct kind *starts_within(const struct line *l, enum line_class class, uint64_t named, struct slice *ret) {
        static const struct slice words[] = {
                SLICE("BUG: "),
                SLICE("WARNING: "),
                SLICE("INFO: "),
                SLICE("general protection fault"),
                SLICE("Oops: "),
                SLICE("kernel BUG at "),
                SLICE("Kernel BUG at "),
                SLICE("Unable to handle kernel "),
                SLICE("Internal error: "),
                SLICE("UBSAN: "),
                SLICE("BUG "),
                SLICE("unreferenced object "),
                SLICE("------------[ cut here ]"),
        };

        const size_t own = own_words(l->text); /* what a user chose comes first */

        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                for (size_t at, from = 0; (at = slice_find(slice_from(l->text, from), words[i])) != SLICE_NPOS;) {
                        at += from;
                        from = at + 1;
                        struct slice s = slice_from(l->text, at);
                        const struct kind *kind = starts_behind(slice_head(l->text, at), s, own, class == LINE_OTHER,
                                                                named);
                        if (kind) {
                                *ret = s;
                                return kind;
                        }
                }
        return NULL;
}

bool announces_stack(struct slice text) {
        static const struct slice words[] = { SLICE("sysrq: "), SLICE("SysRq : "), SLICE("Mem-Info:") };

        text = slice_ltrim(text);
        for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
                if (slice_starts(text, words[i]))
                        return true;
        return begins_with_task(text);
}

static bool is_own(const struct kind *k, struct slice text) {
        return k->own_line && k->own_line(text);
}

/* Has the report a line that begins as that one does? A dump says once what CPU and which modules it is of. */
static bool has_alike(const struct report *r, struct slice text) {
        enum { ALIKE = 7 }; /* "Modules", "CPU: 0 ", "Read of", "Hardwar" */
        const struct slice head = slice_head(text, ALIKE);

        for (size_t i = 0; i < r->n_lines; i++)
                if (slice_starts(slice_ltrim(report_text(r, i)), head))
                        return true;
        return false;
}

static bool has_class(const struct report *r, enum line_class class) {
        for (size_t i = 0; i < r->n_lines; i++)
                if (r->lines[i].class == class)
                        return true;
        return false;
}

enum whose whose_line(const struct report *open, const struct report *begun, struct slice text, enum line_class class,
                      const struct kind *starter) {
        static const struct slice once[] = { SLICE("Modules linked in:"), SLICE("Hardware name:") };

        /* What begins by itself goes on the open one or ends it; a panic's dump is all that comes behind its words. */
        if (starter || (open->panicked && class != LINE_OTHER && class != LINE_BLANK))
                return WHOSE_OPENS;
        text = slice_trim(text);
        switch (class) {
        case LINE_OTHER:
                if (is_own(open->kind, text) && !has_alike(open, text))
                        return WHOSE_OPENS;
                return is_own(begun->kind, text) ? WHOSE_BEGUN : WHOSE_NOBODYS;
        case LINE_BLANK:
                return WHOSE_NOBODYS;
        case LINE_CPU:
                return has_class(open, LINE_CPU) ? WHOSE_BEGUN : WHOSE_OPENS;
        case LINE_DUMP:
                for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
                        if (slice_starts(text, once[i]) && has_alike(open, text))
                                return WHOSE_BEGUN;
                return WHOSE_OPENS;
        default:
                return WHOSE_OPENS;
        }
}
