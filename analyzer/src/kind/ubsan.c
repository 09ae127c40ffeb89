/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* lib/ubsan.c: ruler (from 6.9 on "cut here"), "UBSAN: shift-out-of-bounds in file.c:12:3" (older: "UBSAN: Undefined
 * behaviour in ..."), what was wrong in a sentence, trace, ruler (from 6.9 on "end trace").
 * With UBSAN_TRAP, from 6.12 on: "UBSAN: shift out of bounds at f+0x1/0x2", then the oops that the trap is. */

static const char *const triggers[] = { "UBSAN: ", NULL };

static bool is_trap(struct slice text) {
        size_t at = slice_find(text, SLICE(" at "));
        struct slice s = slice_from(text, at == SLICE_NPOS ? text.n : at + 4);
        struct frame_view v;

        return symbol_eat(&s, true, &v);
}

/* "UBSAN: TYPE in FILE:LINE:COLUMN". A network interface of that name begins its messages so, too. */
static bool names_place(struct slice text) {
        size_t at = slice_find(text, SLICE(" in "));
        struct slice place = slice_rtrim(slice_from(text, at == SLICE_NPOS ? text.n : at + 4));
        size_t colon = slice_find_byte(place, ':');
        struct slice line = slice_from(place, colon == SLICE_NPOS ? place.n : colon + 1);
        uint64_t n;

        return colon != SLICE_NPOS && slice_eat_u64(&line, &n);
}

static bool starts(struct slice text) {
        return slice_starts(text, SLICE("UBSAN: ")) && (names_place(text) || is_trap(text));
}

/* "index 28 is out of range for type 'int [4]'": nearly all of its reasons name a type, as a device's name may, which
 * stands behind a colon, or a path, which begins with a slash. */
static bool own_line(struct slice s) {
        const size_t type = slice_find(s, SLICE(" type '"));

        return (type != SLICE_NPOS && s.s[0] != '/' && slice_ends(s, SLICE("'")) &&
                !slice_has(slice_head(s, type), SLICE(": "))) ||
               slice_eq(s, SLICE("division by zero")) ||
               (slice_starts(s, SLICE("passing zero to ")) && slice_has(s, SLICE("(), which is not a valid argument")));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (class == LINE_RULER && r->n_lines > 1) {
                r->complete = true;
                return PART_LAST;
        }
        if (class == LINE_OTHER && own_line(slice_trim(l->text)))
                return PART_BODY;
        /* The oops of the trap is the same event. */
        if (kind_is(starter, KIND_OOPS) && !r->has_frames && is_trap(report_text(r, 0)))
                return PART_BODY;
        return part_dump(r, l, class, starter);
}

static int parse(const struct report *r, struct finding *f) {
        struct slice s = slice_trim(report_text(r, 0));

        slice_eat(&s, SLICE("UBSAN: "));
        const bool trap = is_trap(s);
        size_t in = slice_find(s, trap ? SLICE(" at ") : SLICE(" in "));
        struct slice type = slice_head(s, in), place = slice_from(s, in + 4);
        if (slice_starts(type, SLICE("Undefined behaviour")))
                type = SLICE("undefined-behaviour");
        type = slice_trim(type).n ? slice_trim(type) : SLICE("unknown");
        char *kind = arena_dup(&f->arena, type);
        if (!kind)
                return -ENOMEM;
        for (char *c = kind; *c; c++)
                if (*c == ' ')
                        *c = '-';
        char *pattern = arena_printf(&f->arena, "UBSAN: %s in @", kind);
        if (!pattern)
                return -ENOMEM;
        struct headline h = { .detector = "ubsan", .kind = kind, .title = pattern, .severity = SEVERITY_HIGH };
        int e = finding_add_field(f, SLICE("at"), place);
        if (e == 0 && !trap && r->n_lines > 1 && r->lines[1].class == LINE_OTHER)
                f->message = arena_dup(&f->arena, slice_trim(report_text(r, 1)));
        return e < 0 ? e : headline_parse(r, f, &h);
}

static const struct kind_name known[] = { { "ubsan", NULL } };
KIND_NAMES(known, known[i].detector, known[i].kind)

const struct kind kind_ubsan = {
        .name = "ubsan",
        .names = names,
        .triggers = triggers,
        .cut_here = true,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .parse = parse,
};
