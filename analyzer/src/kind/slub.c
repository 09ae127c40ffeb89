/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/function_name.h"
#include "kind/guilty.h"
#include "kind/headline.h"

/* mm/slub.c, with slub_debug: ruler, "BUG kmalloc-8 (Not tainted): Poison overwritten", dashes, "Allocated in f
 * age=1 cpu=0 pid=2" with frames (older: "INFO: Allocated in"), "Freed in ...", the slab, the object's bytes,
 * trace, "FIX kmalloc-8: Restoring ...". */

extern const struct kind kind_slub;

/* Who checks, in the stack of who allocates or frees. */
static const char *const machinery[] = {
        "check_*",
        "*_consistency_checks*",
        "alloc_debug_*",
        "free_debug_*",
        "free_to_partial_list*",
        "alloc_single_from_*",
        "object_err*",
        "slab_err*",
        "__slab_err*",
        "slab_bug*",
        "flush_all_cpus*",
        "deactivate_slab*",
        "validate_slab*",
        NULL,
};

static const char *const triggers[] = {
        "ainted): ",
        "ainted: ",
        "oison overwritten",
        "edzone overwritten",
        "Padding overwritten",
        "Object already free",
        "Freepointer corrupt",
        "Freechain corrupt",
        "Objects remaining",
        "Invalid object pointer",
        "Attempt to free object",
        "INFO: Allocated in ",
        "INFO: Freed in ",
        "INFO: Slab 0x",
        NULL,
};

static const struct {
        const char *says, *kind;
} kinds_of[] = {
        { "Object already free*", "double-free" },
        { "*oison overwritten*", "use-after-free" },
        { "*edzone overwritten*", "out-of-bounds" },
        { "*Padding overwritten*", "out-of-bounds" },
        { "Freepointer corrupt*", "corruption" },
        { "Objects remaining*", "leak" },
        { "Object corrupt*", "corruption" },
        { "Freechain corrupt*", "corruption" },
        { "Freelist Pointer check fails*", "corruption" },
        { "Freelist cycle detected*", "corruption" },
        { "Invalid object pointer*", "invalid-free" },
        { "Attempt to free object*", "invalid-free" },
        { "No slab cache for object*", "invalid-free" },
        { "page slab pointer corrupt*", "invalid-free" },
};

static const char *kind_of(struct slice what) {
        for (size_t i = 0; i < ARRAY_SIZE(kinds_of); i++)
                if (slice_glob(what, kinds_of[i].says))
                        return kinds_of[i].kind;
        return NULL;
}

/* "BUG <cache> (<taint>): <what>", up to 2.6.39 "BUG <cache>: <what>" */
static bool parse_banner(struct slice text, struct slice *cache, struct slice *what) {
        struct slice s = slice_trim(text);
        size_t at;

        if (!slice_eat(&s, SLICE("BUG ")))
                return false;
        at = slice_find(s, SLICE(" (Not tainted"));
        if (at == SLICE_NPOS)
                at = slice_find(s, SLICE(" (Tainted: "));
        if (at == SLICE_NPOS) {
                *cache = slice_token(&s, ':');
                *what = slice_ltrim(s);
                return cache->n && slice_find_byte(*cache, ' ') == SLICE_NPOS && kind_of(*what);
        }
        if (at == 0)
                return false;
        *cache = slice_head(s, at);
        s = slice_from(s, at);
        at = slice_find(s, SLICE("): "));
        if (at == SLICE_NPOS)
                return false;
        *what = slice_from(s, at + 3);
        return true;
}

/* What follows the banner, where the banner was lost. */
static bool is_detail(struct slice s) {
        return slice_starts(s, SLICE("INFO: Allocated in ")) || slice_starts(s, SLICE("INFO: Freed in ")) ||
               slice_starts(s, SLICE("INFO: Slab 0x"));
}

/* These whole: behind a device's name that begins so the driver's own words follow after a colon. */
static bool own_line(struct slice s) {
        return (is_detail(s) || slice_starts(s, SLICE("Slab 0x")) || slice_starts(s, SLICE("INFO: 0x"))) &&
               !slice_has(slice_from(s, SLICE("INFO: ").n), SLICE(": "));
}

static bool starts(struct slice text) {
        struct slice cache, what;
        return parse_banner(text, &cache, &what) || is_detail(text);
}

/* Where the stack came, as dump_stack() or as that of the WARN that takes its place from 6.12 on. */
enum { PHASE_STACK = 1 };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice cache, what;

        if (starter == &kind_slub && !parse_banner(l->text, &cache, &what))
                return PART_BODY;
        if (kind_is(starter, KIND_WARN) && r->phase != PHASE_STACK)
                return PART_BODY;
        if (starter || class == LINE_RULER || class == LINE_CUT_HERE)
                return PART_OVER;
        if (class == LINE_OTHER) {
                struct slice s = slice_trim(l->text);
                if (slice_starts(s, SLICE("FIX "))) {
                        r->complete = true;
                        return PART_BODY;
                }
                return l->caller && !r->complete ? PART_BODY : r->complete ? PART_OVER : PART_MAYBE;
        }
        if (class == LINE_CPU || class == LINE_TRACE_HEAD)
                r->phase = PHASE_STACK;
        if (class == LINE_FRAME)
                r->has_frames = true;
        return class == LINE_DASHES ? PART_BODY : part_dump(r, l, class, NULL);
}

/* A banner of words that SLUB is not known to use is one only where SLUB's report follows. */
static bool stands(const struct report *r) {
        struct slice cache, what;
        return r->n_lines > 1 || !parse_banner(report_text(r, 0), &cache, &what) || kind_of(what);
}

/* "INFO: Allocated in f" of "INFO: Allocated in f+0x29/0x90 [m] age=1 cpu=1 pid=2", "INFO: Slab" of the slab's line:
 * the rest are the run's numbers, and those of the build. */
static const char *title_of_detail(struct finding *f, struct slice s) {
        slice_eat(&s, SLICE("INFO: "));
        const size_t in = slice_find(s, SLICE(" in "));

        if (slice_starts(s, SLICE("Slab ")) || in == SLICE_NPOS)
                return arena_printf(&f->arena, "INFO: %.*s", SLICE_FMT(slice_head(s, slice_find_byte(s, ' '))));
        struct slice function = slice_from(s, in + SLICE(" in ").n);
        function = slice_head(function, slice_find_byte(function, ' '));
        function = function_base(slice_head(function, slice_find_byte(function, '+')));
        if (slice_starts(function, SLICE("0x")))
                function = SLICE("ADDR");
        return arena_printf(&f->arena, "INFO: %.*s in %.*s", SLICE_FMT(slice_head(s, in)), SLICE_FMT(function));
}

static int parse(const struct report *r, struct finding *f) {
        struct slice cache, what;
        const char *title;
        bool whole = false, syzbot = false; /* the title says where, too; it is one of syzbot's */
        int e;

        f->detector = "slub";
        f->severity = SEVERITY_CRITICAL;
        f->kind = "slab";
        if (parse_banner(report_text(r, 0), &cache, &what)) {
                /* Names in it are addresses and numbers, which differ from boot to boot. */
                if (kind_of(what))
                        f->kind = kind_of(what);
                e = finding_add_field(f, SLICE("cache"), cache);
                const char *says = without_numbers(&f->arena, what);
                title = says ? arena_printf(&f->arena, "BUG: %s", says) : NULL;
                if (title && slice_starts(what, SLICE("Objects remaining")))
                        title = arena_printf(&f->arena, "BUG: Objects remaining in %.*s on __kmem_cache_shutdown()",
                                             SLICE_FMT(cache));
                whole = slice_starts(what, SLICE("Objects remaining"));
                /* syzbot's titles are of kernels that say the taint, and name no function. */
                syzbot = slice_has(report_text(r, 0), SLICE("ainted"));
        } else {
                whole = true;
                title = title_of_detail(f, slice_trim(report_text(r, 0)));
                e = finding_corrupt(f, "the line that says what is wrong with the object is missing");
        }
        if (!title || !(f->message = arena_dup(&f->arena, slice_trim(report_text(r, 0)))))
                return -ENOMEM;
        if (e == 0)
                e = dump_all(r, 0, f);
        if (e < 0)
                return e;
        const struct stack *s = dump_main(f);
        const char *blamed = s ? blame_stack(s, machinery) : NULL;
        if (blamed) {
                const char *name = blame_name(&f->arena, blamed);
                e = name ? finding_add_function(f, slice_of(name)) : -ENOMEM;
                if (e == 0 && !whole) {
                        const char *where = arena_printf(&f->arena, "%s in %s", title, name);
                        e = where ? finding_add_alt_title(f, syzbot ? where : title) : -ENOMEM;
                        title = syzbot ? title : where;
                }
        }
        if (e == 0)
                e = headline_damage(r, f, true);
        return e < 0 ? e : blame_title_only(f, title);
}

KIND_NAMES(kinds_of, "slub", kinds_of[i].kind, { "slub", "slab" })

const struct kind kind_slub = {
        .name = "slub",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .own_line = own_line,
        .part = part,
        .stands = stands,
        .parse = parse,
};
