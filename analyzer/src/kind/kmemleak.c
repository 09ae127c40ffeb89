/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* mm/kmemleak.c, in the log with "kmemleak: " before each line, in debugfs without:
 * unreferenced object 0xffff888100000000 (size 32):
 *   comm "insmod", pid 12, jiffies 42
 *   hex dump (first 32 bytes):
 *     00 01 ...
 *   backtrace (crc 12345678):
 *     f+0x1/0x2 */

/* The trace begins in allocators, general ones and those of a subsystem; who asked them forgot. */
static const char *const machinery[] = {
        "*alloc*",        "create_object*", "kmemleak*",  "pcpu_*",   "idr_*",    "ida_*",
        "list_lru_init*", "kvasprintf*",    "kasprintf*", "kstrdup*", "kmemdup*", NULL,
};

static const struct headline headline = {
        "unreferenced object*", "kmemleak", "leak", "memory leak in @", SEVERITY_MEDIUM, OWES_STACK, machinery,
};

/* What the log says where kmemleak.verbose is off: the objects themselves are in debugfs. */
static const struct headline told = {
        "* new suspected memory leaks*",
        "kmemleak",
        "suspected",
        "memory leaks are suspected",
        SEVERITY_MEDIUM,
        OWES_NOTHING,
        NULL,
};

static const char *const triggers[] = { "unreferenced object", "new suspected memory leaks", "BUG: memory leak", NULL };

static bool is_count(struct slice text) {
        struct slice s = headline_text(text);
        uint64_t n;

        return slice_eat_u64(&s, &n) && slice_starts(s, SLICE(" new suspected memory leaks"));
}

static bool starts(struct slice text) {
        struct slice s = headline_text(text);
        if (slice_eq(s, SLICE("BUG: memory leak")))
                return true; /* syzkaller's word before what debugfs says */
        if (is_count(text))
                return slice_starts(slice_trim(text), SLICE("kmemleak: "));
        return slice_starts(s, SLICE("unreferenced object 0x")) ||
               slice_starts(s, SLICE("unreferenced object (percpu) 0x"));
}

static bool is_hex_dump(struct slice s) {
        for (int i = 0; i < 4; i++)
                if (s.n < (size_t) (3 * i + 2) || !memchr("0123456789abcdef", s.s[3 * i], 16) ||
                    !memchr("0123456789abcdef", s.s[3 * i + 1], 16) ||
                    (s.n > (size_t) (3 * i + 2) && s.s[3 * i + 2] != ' '))
                        return false;
        return true;
}

/* "comm "insmod", pid 12, jiffies 42" */
static bool own_line(struct slice s) {
        const size_t at = slice_find(s, SLICE("\", pid "));
        uint64_t n;

        if (!slice_starts(s, SLICE("comm \"")) || at == SLICE_NPOS)
                return false;
        s = slice_from(s, at + SLICE("\", pid ").n);
        return slice_eat_u64(&s, &n) && slice_eat(&s, SLICE(", jiffies ")) && slice_eat_u64(&s, &n) &&
               (s.n == 0 || slice_starts(s, SLICE(" (age ")));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_ltrim(headline_text(l->text));

        /* The count ends the last of the objects it counts. */
        if (is_count(l->text))
                return PART_LAST;
        if (starter)
                return starter == r->kind && r->n_lines == 1 ? PART_BODY : PART_OVER;
        if (class == LINE_FRAME) {
                r->has_frames = r->complete = true;
                return PART_BODY;
        }
        if (class == LINE_BLANK)
                return r->has_frames ? PART_LAST : PART_MAYBE;
        if (slice_starts(s, SLICE("comm \"")) || slice_starts(s, SLICE("hex dump (")) ||
            slice_starts(s, SLICE("backtrace")) || is_hex_dump(s) || slice_starts(s, SLICE("[<")) ||
            slice_starts(s, SLICE("... and ")))
                return PART_BODY;
        return r->complete && (class == LINE_OTHER) ? l->caller ? PART_OVER : PART_FOREIGN : PART_MAYBE;
}

/* "comm "insmod", pid 12, jiffies 42 (age 8.1s)" */
static int parse_comm(struct slice s, struct finding *f) {
        size_t end = slice_find(s, SLICE("\", pid "));
        uint64_t pid;

        if (!slice_eat(&s, SLICE("comm \"")) || end == SLICE_NPOS)
                return 0;
        struct slice comm = slice_head(s, end - 6), number = slice_from(s, end - 6 + 7);
        struct task *t = slice_eat_u64(&number, &pid) ? finding_add_task(f) : NULL;
        if (!t)
                return 0;
        t->role = "allocator";
        t->pid = pid;
        return (t->comm = arena_dup(&f->arena, comm)) ? 0 : -ENOMEM;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice s = headline_text(report_text(r, 0));
        int e = 0;

        if (is_count(report_text(r, 0)))
                return headline_parse(r, f, &told);
        for (size_t i = 1; i < r->n_lines && e == 0 && f->n_tasks == 0; i++)
                e = parse_comm(slice_ltrim(headline_text(report_text(r, i))), f);
        size_t size = slice_find(s, SLICE("(size "));
        uint64_t n;
        if (e == 0 && size != SLICE_NPOS) {
                struct slice number = slice_from(s, size + 6);
                if (slice_eat_u64(&number, &n))
                        e = finding_add_field(
                                f, SLICE("size"),
                                slice_head(slice_from(s, size + 6), slice_from(s, size + 6).n - number.n));
        }
        return e < 0 ? e : headline_parse(r, f, &headline);
}

static const struct kind_name known[] = { { "kmemleak", "leak" }, { "kmemleak", "suspected" } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_kmemleak = {
        .name = "kmemleak",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
