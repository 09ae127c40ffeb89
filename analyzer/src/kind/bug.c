/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* BUG(): "kernel BUG at file.c:12!", mostly after "[ cut here ]", then an oops with registers and trace. A kernel
 * without CONFIG_DEBUG_BUGVERBOSE says "Kernel BUG at function+0x1/0x2 [verbose debug info unavailable]".
 *
 * Some checks say first, in a line of their own, what they found, and then BUG() or WARN(): the line and the
 * dump are one event. */

static const char *const usercopy_machinery[] = { "usercopy*", "__check_object_size*", "check_*_object*", NULL };
static const char *const dentry_machinery[] = { "umount_check*", "d_walk*", "do_one_tree*", "shrink_dcache*", NULL };
static const char *const sysfs_machinery[] = {
        "sysfs_*",          "__sysfs_*",      "kobject_*",         "kset_*", "device_add*",
        "device_register*", "device_create*", "internal_create_*", NULL,
};
static const char *const gem_machinery[] = { NULL };

/* By what the check said. The last is what BUG() alone says. */
static const struct headline headlines[] = {
        { "GEM_BUG_ON(*)", "bug", "gem-bug-on", "kernel BUG in @", SEVERITY_HIGH, OWES_STACK, gem_machinery },
        { "list_* corruption*", "list", "list-corruption", "BUG: corrupted list in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        { "usercopy: *ernel memory *", "bug", "bad-usercopy", "BUG: bad usercopy in @", SEVERITY_CRITICAL, OWES_STACK,
          usercopy_machinery },
        { "BUG: Dentry *still in use*", "bug", "dentry-in-use", "BUG: Dentry still in use in unmount", SEVERITY_HIGH,
          OWES_NOTHING, dentry_machinery },
        { "rust_kernel: panicked at *", "bug", "rust-panic", "@", SEVERITY_HIGH, OWES_STACK, NULL },
        { "VFS: Busy inodes after unmount*", "bug", "busy-inodes", "VFS: Busy inodes after unmount (use-after-free)",
          SEVERITY_CRITICAL, OWES_NOTHING, NULL },
        /* Before 4.18 a warning says so, since then these words and a stack. */
        { "sysfs: cannot create duplicate filename *", "warn", "duplicate-filename",
          "sysfs: cannot create duplicate filename in @", SEVERITY_MEDIUM, OWES_STACK, sysfs_machinery },
        { "Kernel BUG at *", "bug", "bug", "kernel BUG in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "kernel BUG at *", "bug", "bug", "kernel BUG in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "BUG: failure at *:*/*()!", "bug", "bug", "kernel BUG in @", SEVERITY_HIGH, OWES_STACK, NULL },
};

/* By the file that BUG() stands in, where the line before it is missing. */
static const struct {
        struct slice file;
        size_t headline;
} files[] = {
        { SLICE("lib/list_debug.c"), 1 },
        { SLICE("mm/usercopy.c"), 2 },
};

static const char *const triggers[] = {
        "kernel BUG at ",      "Kernel BUG at ",      "BUG: failure at ",     "GEM_BUG_ON(",
        "list_add corruption", "list_del corruption", "usercopy: ",           "still in use (",
        "panicked at ",        "Busy inodes after",   "sysfs: cannot create", NULL,
};

/* Where in "mm/acme.c:12/acme_check()!" the function's name begins, with the slash; SLICE_NPOS: it is nothing of the
 * kind. */
static size_t before_function(struct slice s) {
        size_t slash = s.n;

        while (slash > 0 && s.s[slash - 1] != '/')
                slash--;
        struct slice digits = slice_head(s, slash ? slash - 1 : 0);
        size_t colon = digits.n;
        while (colon > 0 && is_digit(digits.s[colon - 1]))
                colon--;
        return slash && colon && colon < digits.n && digits.s[colon - 1] == ':' && slice_ends(s, SLICE("()!")) ?
                       slash - 1 :
                       SLICE_NPOS;
}

static bool parse_banner(struct slice text, struct slice *place) {
        struct slice s = slice_trim(text);

        if (slice_eat(&s, SLICE("Kernel BUG at "))) {
                const size_t end = slice_find(s, SLICE(" [verbose debug info unavailable]"));
                *place = slice_head(s, end);
                return end != SLICE_NPOS;
        }
        /* Architectures without an instruction for it: a call, whose line names the function too. */
        if (slice_eat(&s, SLICE("BUG: failure at "))) {
                const size_t slash = before_function(s);
                *place = source_path(slice_head(s, slash));
                return slash != SLICE_NPOS;
        }
        if (!slice_eat(&s, SLICE("kernel BUG at ")))
                return false;
        if (s.n && s.s[s.n - 1] == '!')
                s.n--;
        *place = source_path(s);
        return true;
}

bool is_bug_banner(struct slice text) {
        struct slice ignored;
        return parse_banner(text, &ignored);
}

/* Did powerpc's monitor take over, which says once more what the bug was? */
static bool is_monitored(const struct report *r) {
        for (size_t i = 0; i < r->n_lines; i++)
                if (slice_has(report_text(r, i), SLICE("Vector: 700 (Program Check) at [")))
                        return !r->has_frames;
        return false;
}

/* What the trap says that BUG() is made of, of its own or by powerpc's monitor. */
static bool is_own_oops(struct slice text) {
        return slice_has(text, SLICE("[#")) || slice_has(text, SLICE(": Vector: 700 "));
}

/* The mark of a warning's end, which arm64 printed before its trace up to 4.8. */
static bool ends_before_trace(const struct report *r, enum line_class class) {
        bool warned = false;

        if (class != LINE_END_TRACE || r->has_frames || r->has_banner)
                return false;
        for (size_t i = 0; i < r->n_lines; i++)
                warned = warned || slice_starts(report_text(r, i), SLICE("WARNING: "));
        return warned;
}

/* A BUG() that is a call ends in a panic, whose stack is its own. */
static bool is_own_panic(const struct report *r, struct slice text) {
        return !r->has_frames && slice_starts(slice_trim(report_text(r, r->n_lines - 1)), SLICE("BUG: failure at ")) &&
               slice_eq(slice_trim(text), SLICE("Kernel panic - not syncing: BUG!"));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (is_own_panic(r, l->text))
                return PART_BODY;
        r->complete = r->has_banner && r->has_frames;
        if (ends_before_trace(r, class))
                return PART_BODY;
        if ((!r->has_banner || r->mixed) && part_is_anothers_frame(r, class))
                return PART_FOREIGN;
        if (is_bug_banner(l->text) && (!r->has_banner || is_monitored(r)))
                r->has_banner = true;
        else if (r->has_banner && (kind_is(starter, KIND_WARN) || kind_is(starter, KIND_BUG)))
                return PART_OVER; /* all its words came: another CPU's */
        else if (kind_is(starter, KIND_OOPS) ? r->has_frames || !is_own_oops(l->text) :
                                               !kind_is(starter, KIND_WARN) && !kind_is(starter, KIND_BUG))
                return part_dump(r, l, class, starter);
        else if (r->has_frames || r->n_lines > 32)
                return part_dump(r, l, class, starter);
        return PART_BODY;
}

static bool find_banner(const struct report *r, struct slice *place) {
        for (size_t i = 0; i < r->n_lines && i < 40; i++)
                if (parse_banner(report_text(r, i), place))
                        return true;
        return false;
}

static bool claims(const struct report *r) {
        struct slice ignored;
        return kind_is(r->kind, KIND_BUG) || (kind_is(r->kind, KIND_WARN) && find_banner(r, &ignored));
}

/* Without a stack the function is the one that the line names, if it does. */
static int parse_call(const struct report *r, struct finding *f, const struct headline *h) {
        const struct slice s = slice_trim(report_text(r, 0));
        const size_t slash = slice_starts(s, SLICE("BUG: failure at ")) ? before_function(s) : SLICE_NPOS;
        int e = headline_begin(r, f, h);

        if (e < 0 || f->former || dump_main(f) || slash == SLICE_NPOS)
                return e < 0 ? e : headline_rest(r, f, h);
        const char *name = arena_dup(&f->arena, slice_head(slice_from(s, slash + 1), s.n - slash - 1 - strlen("()!")));
        return name ? headline_end(r, f, h, name) : -ENOMEM;
}

static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_in(headlines, ARRAY_SIZE(headlines), r, NULL);
        struct slice file = SLICE_NULL;

        if (!h)
                h = &headlines[ARRAY_SIZE(headlines) - 1];
        if (find_banner(r, &file)) {
                int e = finding_add_field(f, SLICE("at"), file);
                if (e < 0)
                        return e;
                for (size_t i = 0; i < ARRAY_SIZE(files); i++)
                        if (slice_starts(file, files[i].file))
                                h = &headlines[files[i].headline];
        }
        if (strcmp(h->kind, "rust-panic") != 0)
                return parse_call(r, f, h);

        /* Rust says where, and in the next line what. */
        struct slice says = r->n_lines > 1 ? slice_trim(report_text(r, 1)) : SLICE("panicked");
        const char *title = arena_printf(&f->arena, "%.*s in @", SLICE_FMT(says));
        struct headline rust = *h;
        if (!title)
                return -ENOMEM;
        static const char *const machinery[] = {
                "rust_helper_*", "*panic*", "core::*", "<core::*", "*rust_begin_unwind*", NULL,
        };
        rust.title = title;
        rust.machinery = machinery;
        return headline_parse(r, f, &rust);
}

/* A network interface of the name "GEM_BUG_ON(x)" begins its messages with that and a colon. */
static bool starts(struct slice text) {
        struct slice name = slice_head(text, slice_find_byte(text, ' '));

        if (slice_starts(text, SLICE("BUG: failure at ")) && !is_bug_banner(text))
                return false;
        return headline_of(headlines, ARRAY_SIZE(headlines), text) &&
               !(slice_starts(name, SLICE("GEM_BUG_ON(")) && slice_ends(name, SLICE(":")));
}

const struct kind kind_bug = {
        .name = "bug",
        .general = KIND_BUG,
        HEADLINES(headlines),
        .starts = starts,
        .triggers = triggers,
        .part = part,
        .claims = claims,
        .parse = parse,
};
