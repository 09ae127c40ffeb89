/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/function_name.h"
#include "kind/guilty.h"
#include "kind/headline.h"

/* mm/kasan/report.c, between rulers:
 * BUG: KASAN: use-after-free in F+0x1/0x2        (from 6.4: slab-use-after-free)
 * Read of size 8 at addr ffff888100000000 by task comm/12
 * (up to 4.10 the address stands in the headline: "... in F+0x1/0x2 at addr ffff888100000000", "Read of size 8 by task
 * comm/12", "Object at ffff888100000000, in cache kmalloc-16 size: 16")
 * CPU, trace
 * Allocated by task 12: frames; Freed by task 13: frames; Last potentially related work creation: frames
 * The buggy address belongs to ..., page, Memory state around the buggy address */

static const char *const triggers[] = { "BUG: KASAN: ", NULL };

static bool starts(struct slice text) {
        return slice_starts(text, SLICE("BUG: KASAN: "));
}

/* "Read of size 8 at addr ffff888100000000 by task comm/12", "Free of addr ...". */
static const struct access_words {
        struct slice says;
        const char *type, *word;
} accesses[] = {
        { SLICE("Read of size "), "read", "Read" }, { SLICE("Write of size "), "write", "Write" },
        { SLICE("Read at addr "), "read", "Read" }, { SLICE("Write at addr "), "write", "Write" },
        { SLICE("Free of addr "), "free", "Free" },
};

static const struct access_words *access_of(struct slice s) {
        for (size_t i = 0; i < ARRAY_SIZE(accesses); i++)
                if (slice_starts(s, accesses[i].says))
                        return &accesses[i];
        return NULL;
}

/* "Object at ffff888100000000, in cache kmalloc-16 size: 16", up to 4.10. */
struct old_object {
        uint64_t at;
        struct slice cache, size;
};

static bool read_old_object(struct slice s, struct old_object *ret) {
        static const struct slice size_is = SLICE(" size: ");
        struct old_object o;
        uint64_t ignored;

        if (!slice_eat(&s, SLICE("Object at ")) || !slice_eat_hex(&s, &o.at) || !slice_eat(&s, SLICE(", in cache ")))
                return false;
        const size_t at = slice_find(s, size_is);
        if (at == SLICE_NPOS)
                return false;
        o.cache = slice_head(s, at);
        o.size = s = slice_from(s, at + size_is.n);
        *ret = o;
        return slice_eat_u64(&s, &ignored) && s.n == 0;
}

/* Such a line as a whole, with numbers where it has them: in mails people write of such lines, and devices are called
 * what a user likes. */
static bool own_line(struct slice s) {
        const struct access_words *w = access_of(s);
        uint64_t ignored;

        if (!w || !slice_eat(&s, w->says))
                return false;
        if (slice_ends(w->says, SLICE(" size ")) && !slice_eat_u64(&s, &ignored))
                return false;
        const bool of_headline = slice_ends(w->says, SLICE(" size ")) && slice_starts(s, SLICE(" by task "));
        if (!of_headline && slice_ends(w->says, SLICE(" size ")) && !slice_eat(&s, SLICE(" at addr ")))
                return false;
        if ((!of_headline && !slice_eat_hex(&s, &ignored)) || !slice_eat(&s, SLICE(" by task ")))
                return false;
        for (size_t at; (at = slice_find_byte(s, '/')) != SLICE_NPOS;)
                s = slice_from(s, at + 1);
        return slice_eat_u64(&s, &ignored) && s.n == 0;
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct old_object ignored;

        if (starter)
                return PART_OVER;
        if (class == LINE_FRAME)
                r->has_frames = true;
        if (class == LINE_RULER && (r->has_frames || r->n_lines > 3)) {
                r->complete = true;
                return PART_LAST;
        }
        if (class == LINE_CUT_HERE)
                return PART_OVER;
        if (class == LINE_BLANK)
                return PART_MAYBE;
        if (class != LINE_OTHER || own_line(slice_trim(l->text)) || read_old_object(slice_trim(l->text), &ignored))
                return PART_BODY;
        return l->caller ? PART_BODY : PART_MAYBE;
}

/* "... in F+0x1/0x2 at addr ffff888100000000", of old kernels. */
static bool address_of_title(struct slice title, uint64_t *ret) {
        static const struct slice says = SLICE(" at addr ");
        const size_t at = slice_find(title, says);
        struct slice s;

        if (at == SLICE_NPOS)
                return false;
        s = slice_from(title, at + says.n);
        return slice_eat_hex(&s, ret) && slice_trim(s).n == 0;
}

static int parse_access(struct slice s, struct slice title, struct finding *f, const char **word) {
        const struct access_words *words = access_of(s);
        struct access a = { .cpu = -1, .stack = -1 };
        struct slice comm;

        if (!words)
                return 0;
        s = slice_from(s, words->says.n);
        a.type = words->type;
        *word = words->word;
        if (slice_has(words->says, SLICE(" of size"))) {
                if (!slice_eat_u64(&s, &a.size))
                        return 0;
                if (slice_eat(&s, SLICE(" at addr ")) ?
                            !slice_eat_hex(&s, &a.address) :
                            !slice_starts(s, SLICE(" by task ")) || !address_of_title(title, &a.address))
                        return 0;
        } else if (!slice_eat_hex(&s, &a.address)) {
                return 0;
        }
        if (slice_eat(&s, SLICE(" by task ")))
                a.has_task = comm_pid(s, &comm, &a.task);
        struct access *slot = finding_add_access(f);
        if (!slot)
                return -ENOMEM;
        *slot = a;
        return 0;
}

static int add_hex(struct finding *f, struct slice key, uint64_t value) {
        char *hex = arena_printf(&f->arena, "0x%" PRIx64, value);
        return hex ? finding_add_field(f, key, slice_of(hex)) : -ENOMEM;
}

static int add_old_object(const struct old_object *o, struct finding *f) {
        int e = add_hex(f, SLICE("object"), o->at);
        if (e == 0)
                e = finding_add_field(f, SLICE("cache"), o->cache);
        return e == 0 ? finding_add_field(f, SLICE("object_size"), o->size) : e;
}

/* The text of the next line that is not blank, and its number; n_lines if there is none. */
static size_t next_text(const struct report *r, size_t i) {
        for (i++; i < r->n_lines && r->lines[i].class == LINE_BLANK;)
                i++;
        return i;
}

/* "[32, 40) 'name'", from 5.x with a line: "'name:12'". */
static bool is_frame_object(struct slice s) {
        uint64_t ignored;

        return slice_eat(&s, SLICE("[")) && slice_eat_u64(&s, &ignored) && slice_eat(&s, SLICE(", ")) &&
               slice_eat_u64(&s, &ignored) && slice_eat(&s, SLICE(") '")) && slice_ends(s, SLICE("'"));
}

/* Behind the words, the frame's objects, which the lines from i on list. */
static int add_frame_objects(const struct report *r, size_t i, struct finding *f, char **words) {
        enum { MOST = 32 };

        for (size_t n = 0; i < r->n_lines && n <= MOST; i++, n++) {
                const struct slice object = slice_trim(report_text(r, i));
                if (!is_frame_object(object))
                        break;
                *words = arena_printf(&f->arena, "%s, %.*s", *words, SLICE_FMT(n < MOST ? object : SLICE("and more")));
                if (!*words)
                        return -ENOMEM;
        }
        return 0;
}

/* What is on the stack, or is a variable, is no object of a cache: "and is located at offset 138 in frame:"
 * (before 6.0: "addr ffff888100000000 is located in stack of task a/1 at offset 138 in frame:"), the frame's function,
 * "This frame has 2 objects:", each in a line, as "[48, 49) 'a'"; or "The buggy address belongs to the variable:" and
 * its name. */
static int parse_place(const struct report *r, struct finding *f) {
        static const struct slice at_offset = SLICE("at offset "), in_frame = SLICE(" in frame:");

        for (size_t i = 1; i < r->n_lines; i++) {
                const struct slice s = slice_trim(report_text(r, i));
                const bool variable = slice_starts(s, SLICE("The buggy address belongs to the variable:"));
                const size_t at = slice_find(s, at_offset), next = next_text(r, i);
                struct frame_view v;
                char *words;
                int e = 0;

                if ((!variable && (at == SLICE_NPOS || !slice_ends(s, in_frame))) || next >= r->n_lines)
                        continue;
                const struct slice place = slice_trim(report_text(r, next));
                struct slice name = place;
                if (!symbol_eat(&name, true, &v))
                        continue;
                words = variable ?
                                arena_printf(&f->arena, "in the variable %.*s", SLICE_FMT(place)) :
                                arena_printf(&f->arena, "%.*s %.*s",
                                             SLICE_FMT(slice_head(slice_from(s, at), s.n - at - 1)), SLICE_FMT(place));
                if (!words)
                        return -ENOMEM;
                if (!variable)
                        e = add_frame_objects(r, next_text(r, next_text(r, next)), f, &words);
                return e == 0 ? finding_add_field(f, SLICE("located"), slice_of(words)) : e;
        }
        return 0;
}

/* The object that the address is in or beside, and where in it:
 * The buggy address belongs to the object at ffff888100000000
 *  which belongs to the cache kmalloc-16 of size 16
 * The buggy address is located 8 bytes inside of
 *  freed 16-byte region [ffff888100000000, ffff888100000010)  (before 6.3 without "freed" or "allocated") */
static int parse_object(const struct report *r, struct finding *f) {
        static const struct slice cache = SLICE("which belongs to the cache "),
                                  located = SLICE("The buggy address is located ");
        struct slice where = SLICE_NULL;
        struct old_object old;
        int e = 0;

        for (size_t i = 1; e == 0 && i < r->n_lines; i++) {
                struct slice s = slice_trim(report_text(r, i));
                uint64_t object;

                if (slice_eat(&s, SLICE("The buggy address belongs to the object at "))) {
                        if (slice_eat_hex(&s, &object))
                                e = add_hex(f, SLICE("object"), object);
                } else if (slice_eat(&s, cache)) {
                        size_t size = slice_find(s, SLICE(" of size "));
                        e = finding_add_field(f, SLICE("cache"), slice_head(s, size));
                        if (e == 0 && size != SLICE_NPOS)
                                e = finding_add_field(f, SLICE("object_size"), slice_from(s, size + 9));
                } else if (slice_eat(&s, located)) {
                        where = s;
                } else if (where.n && slice_has(s, SLICE("-byte region ["))) {
                        char *words = arena_printf(&f->arena, "%.*s %.*s", SLICE_FMT(where),
                                                   SLICE_FMT(slice_head(s, slice_find(s, SLICE(" [")))));
                        e = words ? finding_add_field(f, SLICE("located"), slice_of(words)) : -ENOMEM;
                        where = SLICE_NULL;
                } else if (read_old_object(s, &old)) {
                        e = add_old_object(&old, f);
                }
        }
        return e == 0 && !finding_field(f, "located") ? parse_place(r, f) : e;
}

/* Kinds without an access of their own in the title. */
static const struct {
        struct slice says;
        const char *kind;
        bool is_free;
} types[] = {
        { SLICE("double-free or invalid-free"), "invalid-free", true },
        { SLICE("double-free"), "double-free", true },
        { SLICE("invalid-free"), "invalid-free", true },
};

/* The stack of the access is that of the first access; of the others the finding keeps the names. */
static int parse(const struct report *r, struct finding *f) {
        struct slice title = slice_trim(report_text(r, 0));
        const char *word = NULL, *blamed = NULL;
        struct frame_view at = {};
        bool is_free = false;
        int e;

        slice_eat(&title, SLICE("BUG: KASAN: "));
        size_t in = slice_find(title, SLICE(" in ")), on = slice_find(title, SLICE(" on address"));
        struct slice type = slice_head(title, in == SLICE_NPOS ? on : in);
        if (in != SLICE_NPOS) {
                struct slice s = slice_from(title, in + 4);
                symbol_eat(&s, true, &at);
        }
        f->detector = "kasan";
        f->severity = SEVERITY_CRITICAL;
        type = slice_trim(type).n ? slice_trim(type) : SLICE("unknown");
        f->kind = arena_dup(&f->arena, slice_head(type, slice_find_byte(type, ' ')));
        for (size_t i = 0; i < ARRAY_SIZE(types); i++)
                if (slice_starts(type, types[i].says)) {
                        f->kind = types[i].kind;
                        is_free = types[i].is_free;
                        break;
                }
        if (!f->kind || !(f->message = arena_dup(&f->arena, slice_trim(report_text(r, 0)))))
                return -ENOMEM;

        for (size_t i = 1; i < r->n_lines && !word; i++) {
                e = parse_access(slice_trim(report_text(r, i)), slice_trim(report_text(r, 0)), f, &word);
                if (e < 0)
                        return e;
        }
        e = parse_object(r, f);
        if (e == 0)
                e = dump_all(r, 0, f);
        if (e < 0)
                return e;
        const struct stack *s = f->former ? dump_main(f) : dump_own(f);
        if (f->n_accesses && s)
                f->accesses[0].stack = s - f->stacks;
        const char *name = at.function.n ? arena_dup(&f->arena, at.function) : NULL;
        if (!f->former && blame_may_be_cut(report_text(r, 0), at.function))
                name = blame_whole(name, s);
        blamed = blame_named(name, at.module.n > 0, s, NULL);
        if (blamed && f->n_accesses)
                f->accesses[0].function = blame_name(&f->arena, blamed);

        e = 0;
        if (is_free)
                word = NULL;
        else if (!word || strcmp(word, "Free") == 0) {
                e = finding_corrupt(f, "the line that describes the access is missing");
                word = NULL;
        }
        if (e == 0)
                e = headline_damage(r, f, true);
        if (e == 0 && !s && f->n_stacks)
                e = finding_corrupt(f, "the stack trace of the access is missing");
        if (e == 0 && r->end != END_MARK && !r->complete && !s)
                e = finding_corrupt(f, "the report's end is missing");
        char *pattern = arena_printf(&f->arena, "KASAN: %s%s%s in @", is_free ? "invalid-free" : f->kind,
                                     word ? " " : "", word ? word : "");
        return e < 0 ? e : pattern ? blame_title(f, pattern, blamed) : -ENOMEM;
}

static const struct kind_name known[] = { { "kasan", NULL }, { "kasan", "double-free" }, { "kasan", "invalid-free" } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_kasan = {
        .name = "kasan",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
