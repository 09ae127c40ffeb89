/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/warn.h"

#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/guilty.h"
#include "kind/headline.h"
#include "kind/machinery.h"

/* ------------[ cut here ]------------
 * message
 * WARNING: at file.c:12 F+0x1/0x2 [module]()                     (up to 3.10; without a function: arm64 up to 4.8)
 * WARNING: CPU: 0 PID: 1 at file.c:12 F+0x1/0x2 [module]         (up to 6.18)
 * WARNING: file.c:12 at F+0x1/0x2 [module], CPU#0: comm/1        (from 6.19)
 * WARNING: [a > b] file.c:12 at F+0x1/0x2 [module], CPU#0: comm/1 (the same with CONFIG_DEBUG_BUGVERBOSE_DETAILED)
 * modules, registers, trace
 * ---[ end trace 0000000000000000 ]--- */

struct banner {
        struct slice file;
        struct frame_view at; /* no function where the kernel did not know it */
};

/* "file.c:12" */
static bool is_file_line(struct slice s) {
        struct slice file = slice_token(&s, ':');
        uint64_t line;

        return slice_find_byte(file, '.') != SLICE_NPOS && slice_eat_u64(&s, &line) && s.n == 0;
}

/* "ffffff9ea20c9bd0 [verbose debug info unavailable]", of a kernel that does not know its files. */
static bool is_address_only(struct slice s) {
        uint64_t address;

        return slice_eat_hex(&s, &address) && slice_eq(slice_trim(s), SLICE("[verbose debug info unavailable]"));
}

/* "file.c:12 F+0x1/0x2 [module]()", "file.c:12 F()", "file.c:12": all of the line. */
static bool parse_old_banner(struct slice s, struct banner *ret) {
        if (is_address_only(s)) {
                *ret = (struct banner){ .file = SLICE("?") };
                return true;
        }
        struct banner b = { .file = slice_token(&s, ' ') };

        if (!is_file_line(b.file))
                return false;
        if (s.n && !symbol_eat(&s, true, &b.at))
                return false;
        slice_eat(&s, SLICE("()"));
        if (slice_trim(s).n)
                return false;
        b.file = source_path(b.file);
        *ret = b;
        return true;
}

/* "F+0x1/0x2 [module]"; decoders and those who shorten logs leave "F" or "F (file.c:12)". */
static void eat_place(struct slice s, struct frame_view *ret) {
        struct frame_view at;
        struct slice rest = s;

        if (symbol_eat(&s, false, ret))
                return;
        if (symbol_eat(&rest, true, &at) && (slice_trim(rest).n == 0 || slice_starts(slice_ltrim(rest), SLICE("("))))
                *ret = at;
}

/* "[condition] " before "file.c:12": the condition is the source's, and may have brackets of its own. */
static void skip_condition(struct slice *s) {
        if (!slice_starts(*s, SLICE("[")))
                return;
        for (size_t at, from = 0; (at = slice_find(slice_from(*s, from), SLICE("] "))) != SLICE_NPOS; from += at + 2) {
                struct slice rest = slice_from(*s, from + at + 2), file = rest;
                if (is_file_line(slice_token(&file, ' ')) && slice_starts(file, SLICE("at "))) {
                        *s = rest;
                        return;
                }
        }
}

static bool parse_banner(struct slice text, struct banner *ret) {
        struct slice s = slice_ltrim(text);
        struct banner b = {};
        uint64_t n;

        if (!slice_eat(&s, SLICE("WARNING: ")))
                return false;
        if (slice_eat(&s, SLICE("CPU: "))) {
                if (!slice_eat_u64(&s, &n))
                        return false;
                size_t at = slice_find(s, SLICE(" at "));
                if (at == SLICE_NPOS)
                        return false;
                s = slice_from(s, at + 4);
                b.file = source_path(slice_token(&s, ' '));
                eat_place(s, &b.at);
                *ret = b;
                return true;
        }
        if (slice_find(s, SLICE(", CPU#")) == SLICE_NPOS)
                return slice_eat(&s, SLICE("at ")) && parse_old_banner(s, ret);
        if (slice_eat(&s, SLICE("at "))) {
                b.file = SLICE("?");
                symbol_eat(&s, true, &b.at);
                *ret = b;
                return true;
        }
        skip_condition(&s);
        b.file = slice_token(&s, ' ');
        b.file = source_path(b.file);
        if (slice_find_byte(b.file, ':') == SLICE_NPOS || !slice_eat(&s, SLICE("at ")))
                return false;
        symbol_eat(&s, true, &b.at);
        *ret = b;
        return true;
}

static const char *const triggers[] = {
        "[ cut here ]", "WARNING: ", "vmlife: rule=", "refcount_t: ", "ODEBUG: ", NULL
};

/* Our own record is one line, and begins with these words: behind others they may be anybody's. In a log that does not
 * say who printed, other CPUs' lines may lie before it. */
static bool is_record(struct slice text) {
        return slice_starts(text, SLICE("i915 vmlife: rule="));
}

/* x86 from 4.14 to 5.4: "refcount_t hit zero at f+0x1/0x2 [module] in comm[12], uid/euid: 0/0", by the handler of a
 * trap: the words between are what happened, and the place is whose count it was. */
static bool names_counter(struct slice text, struct slice *says, struct frame_view *at) {
        struct slice s = text;

        if (!slice_eat(&s, SLICE("refcount_t ")))
                return false;
        const size_t n = slice_find(s, SLICE(" at "));
        if (n == SLICE_NPOS || !slice_has(s, SLICE(", uid/euid: ")))
                return false;
        *says = slice_head(s, n);
        s = slice_from(s, n + strlen(" at "));
        return symbol_eat(&s, false, at) && slice_has(s, SLICE(" in "));
}

struct slice warn_of_counter(struct slice text) {
        struct frame_view ignored;
        struct slice says;

        return names_counter(text, &says, &ignored) ? says : SLICE_NULL;
}

bool warn_is_of_refcount(struct slice text) {
        return slice_starts(text, SLICE("refcount_t: ")) &&
               (slice_has(text, SLICE("; use-after-free")) || slice_has(text, SLICE("; leaking memory")) ||
                slice_has(text, SLICE("unknown saturation event")));
}

bool warn_is_of_objects(struct slice text) {
        return slice_starts(text, SLICE("ODEBUG: ")) && slice_has(text, SLICE(" object type: "));
}

static bool starts(struct slice text) {
        struct banner b;

        /* Our own record, and what these two say, count even where the line above them was lost. */
        return slice_starts(text, SLICE("------------[ cut here ]")) || parse_banner(text, &b) || is_record(text) ||
               warn_is_of_refcount(text) || warn_is_of_objects(text);
}

/* What refcount_t and debugobjects say is a report with the place that follows, or where it is the whole line, as
 * filters of levels leave it: behind a device's name that begins so a driver's words follow. Up to 4.14 refcount_t's
 * came before "cut here". */
static bool stands(const struct report *r) {
        const struct slice text = slice_trim(report_text(r, 0));

        if (r->has_banner)
                return true;
        /* Where other lines follow it was only the last that somebody copied; without times what he wrote below it may
         * be a message. */
        const bool alone = r->n_lines == 1 || (!r->timed && !r->has_frames && r->end == END_QUIET);
        if (alone && r->lines[0].class == LINE_CUT_HERE && r->console && r->foreign > 0)
                return r->end != END_PROSE && r->end != END_LOG && r->end != END_QUIET;
        if (slice_starts(text, SLICE("ODEBUG: ")))
                return slice_has(text, SLICE(" object type: ")) && slice_has(text, SLICE(" hint: "));
        if (!slice_starts(text, SLICE("refcount_t: ")))
                return true;
        return r->end != END_NEXT &&
               (slice_ends(text, SLICE("; use-after-free.")) || slice_ends(text, SLICE("; leaking memory.")));
}

/* arm64 ended a warning before its trace, up to 4.8: then "Call trace:" is the next line. */
enum { PHASE_ENDED = 1, PHASE_TRACED };

/* kernel/watchdog.c warned with the lockup's words up to 4.x. */
static bool is_lockup(struct slice text) {
        return slice_starts(slice_trim(text), SLICE("Watchdog detected hard LOCKUP on cpu"));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        enum { BETWEEN = 4 }; /* others' lines, between the mark of its end and its trace */
        struct banner b;

        if (!r->has_banner) {
                /* Or a BUG() ends what "cut here" began. */
                if (parse_banner(l->text, &b) || kind_is(starter, KIND_OOPS) || is_bug_banner(l->text)) {
                        r->has_banner = true;
                        return PART_BODY;
                }
                if (class == LINE_CUT_HERE)
                        return PART_OVER;
                if (part_is_anothers_frame(r, class))
                        return PART_FOREIGN;
                /* The message: any text. */
                if (!starter || kind_is(starter, KIND_WARN) || kind_is(starter, KIND_BUG)) {
                        enum part p = class == LINE_OTHER && r->n_lines < 32 ? PART_BODY : part_dump(r, l, class, NULL);
                        /* Its own frames come later: these are another CPU's. */
                        r->has_frames = false;
                        return p;
                }
        }
        if (r->mixed && part_is_anothers_frame(r, class))
                return PART_FOREIGN;
        /* A message that would start a report, where it comes after the banner (from 7.0 on). */
        const bool before_trace = !r->has_frames || (r->caller == CALLER_NONE && r->phase != PHASE_TRACED);
        if ((kind_is(starter, KIND_WARN) || kind_is(starter, KIND_BUG)) && !is_bug_banner(l->text) && r->has_banner &&
            before_trace && class == LINE_OTHER && !parse_banner(l->text, &b))
                return PART_BODY;
        if (starter && r->has_banner && !r->has_frames && is_lockup(l->text))
                return PART_BODY;
        /* The trap that a BUG() is, with its count; a warning is none, so that the oops is another CPU's. */
        if (kind_is(starter, KIND_OOPS) && !r->has_frames && slice_has(l->text, SLICE("[#")) && !warn_file(r).n)
                return PART_BODY;
        r->complete = r->has_banner && r->has_frames;
        if (r->phase == PHASE_ENDED && class != LINE_TRACE_HEAD && class != LINE_BLANK)
                return class == LINE_OTHER && !starter && l->caller == CALLER_NONE && r->foreign < BETWEEN ?
                               PART_FOREIGN :
                               PART_OVER;
        if (class == LINE_TRACE_HEAD)
                r->phase = PHASE_TRACED;
        if (class == LINE_END_TRACE && r->phase != PHASE_TRACED && !r->has_frames && r->has_banner) {
                r->phase = PHASE_ENDED;
                return PART_BODY;
        }
        return part_dump(r, l, class, starter);
}

/* A bare warning has no message: what follows it at once is the panic that came of it, and what a panic prints. */
static bool comes_of_it(struct slice text) {
        return panic_follows_report(text) || slice_starts(text, SLICE("Dumping ftrace buffer:")) ||
               slice_starts(text, SLICE("Kernel Offset: ")) || slice_starts(text, SLICE("Rebooting in "));
}

struct slice warn_message(const struct report *r) {
        struct slice m = SLICE_NULL;
        bool begun = false, gap = false;
        struct banner b;

        if (!kind_is(r->kind, KIND_WARN))
                return m;
        for (size_t i = 0; i < r->n_lines; i++) {
                struct slice text = slice_trim(report_text(r, i));

                if (r->lines[i].class == LINE_CUT_HERE || parse_banner(text, &b)) {
                        if (m.n)
                                break;
                        begun = begun || r->lines[i].class != LINE_CUT_HERE;
                        continue;
                }
                /* What comes between "cut here" and the message may be a name with a line end. */
                if (!begun && r->lines[i].class != LINE_OTHER && r->lines[i].class < LINE_RIP) {
                        gap = true;
                        continue;
                }
                /* Up to 3.10 the message came after the machine's name. */
                if (r->lines[i].class == LINE_DUMP && slice_starts(text, SLICE("Hardware name: ")))
                        continue;
                if (r->lines[i].class != LINE_OTHER || comes_of_it(text))
                        break;
                if (is_record(text))
                        return text;
                /* Several lines are one message: the line ends lie between them in the report's bytes. */
                if (!m.n)
                        m = text;
                else if (!gap && !memchr(m.s, '\n', m.n) && r->lines[i].text_at == r->lines[i].at)
                        m.n = (size_t) (text.s + text.n - m.s);
        }
        return m;
}

struct slice warn_file(const struct report *r) {
        struct banner b = {};

        for (size_t i = 0; kind_is(r->kind, KIND_WARN) && i < r->n_lines; i++)
                if (parse_banner(report_text(r, i), &b))
                        return b.file;
        return SLICE_NULL;
}

int warn_parse(const struct report *r, struct finding *f, const char *title, const char *const *own) {
        struct banner b = {};
        int e;

        f->detector = "warn";
        f->kind = "warning";
        f->severity = SEVERITY_MEDIUM;

        struct slice message = warn_message(r);
        if (message.n && !(f->message = arena_dup(&f->arena, message)))
                return -ENOMEM;
        struct slice line = SLICE_NULL;
        for (size_t i = 0; i < r->n_lines && !b.file.n; i++)
                parse_banner(line = report_text(r, i), &b);
        names_counter(message, &(struct slice){}, &b.at);
        if (b.file.n)
                e = finding_add_field(f, SLICE("at"), b.file);
        else
                e = finding_corrupt(f, "the line that names the warning's place is missing");
        if (e == 0)
                e = dump_all(r, 0, f);
        if (e < 0)
                return e;
        const struct stack *s = dump_trap(f) ? dump_trap(f) : dump_main(f),
                           counts = s ? headline_stack(f, s) : (struct stack){};

        /* Where the kernel prints no RIP line, or the trace begins with the caller, the banner's own function
         * is the top frame. */
        const char *at = arena_dup(&f->arena, b.at.function), *file = arena_dup(&f->arena, slice_token(&b.file, ':'));
        if (!at || !file)
                return -ENOMEM;
        if (!f->former && blame_may_be_cut(line, b.at.function))
                at = blame_whole(at, s);
        const struct frame banner = { .function = at, .module = b.at.module.n && !f->former ? "" : NULL, .file = file };
        const char *blamed = b.at.function.n && !(f->former ? was_machinery_frame : is_machinery_frame)(&banner, own) ?
                                     at :
                             s ? blame_stack(&counts, own) :
                                 NULL;
        if (!blamed && b.at.function.n && !own)
                blamed = at;
        e = headline_damage(r, f, true);
        return e < 0 ? e : blame_title(f, title, blamed);
}

/* WARNs that are a check of their own: told by the file that they stand in and what they say. */
static const char *const kobject_machinery[] = { "kobject_*", "kset_*", NULL };
static const char *const proc_machinery[] = { "proc_*", "__proc_*", NULL };
static const char *const urb_machinery[] = { "usb_submit_urb*", NULL };
static const char *const usercopy_machinery[] = { "usercopy*", NULL };

static const char *const watchdog_machinery[] = {
        "watchdog_*", "*perf_event*", "*pmu_handle_irq*", "*nmi*", NULL,
};

static const struct site {
        const char *file;     /* pattern for file:line */
        const char *function; /* pattern for the banner's function; NULL is any */
        const char *message;  /* pattern; NULL is any */
        const char *detector, *kind, *title;
        enum severity severity;
        const char *const *machinery;
} sites[] = {
        { "lib/kobject.c:*", "kobject*", NULL, "warn", "kobject", "WARNING: kobject bug in @", SEVERITY_MEDIUM,
          kobject_machinery },
        { "fs/proc/generic.c:*", "*proc_register*", NULL, "warn", "proc-registration",
          "WARNING: proc registration bug in @", SEVERITY_MEDIUM, proc_machinery },
        { "mm/*", "usercopy_warn*", NULL, "warn", "bad-usercopy", "WARNING: bad usercopy in @", SEVERITY_HIGH,
          usercopy_machinery },
        { "mm/vmalloc.c:*", "__vmalloc*", NULL, "warn", "zero-size-vmalloc", "WARNING: zero-size vmalloc in @",
          SEVERITY_LOW, NULL },
        { "mm/*", "*k*alloc*", NULL, "warn", "kmalloc", "WARNING: kmalloc bug in @", SEVERITY_LOW, NULL },
        { "drivers/usb/core/urb.c:*", "usb_submit_urb*", NULL, "warn", "warning", "WARNING in @/usb_submit_urb",
          SEVERITY_MEDIUM, urb_machinery },
        { "lib/list_debug.c:*", NULL, NULL, "list", "list-corruption", "BUG: corrupted list in @", SEVERITY_CRITICAL,
          NULL },
        { "kernel/locking/lockdep.c:*", NULL, NULL, "lockdep", "locking-bug", "WARNING: locking bug in @",
          SEVERITY_MEDIUM, NULL },
        { "*", NULL, "DEBUG_LOCKS_WARN_ON(*", "lockdep", "locking-bug", "WARNING: locking bug in @", SEVERITY_MEDIUM,
          NULL },
        { "kernel/watchdog*.c:*", NULL, "Watchdog detected hard LOCKUP*", "hard-lockup", "hard-lockup",
          "BUG: hard lockup in @", SEVERITY_CRITICAL, watchdog_machinery },
        { "lib/ref_tracker.c:*", NULL, NULL, "warn", "ref-tracker", "WARNING in @", SEVERITY_HIGH, NULL },
        { "*", NULL, "*drm_WARN_ON*", "warn", "drm-warn", "WARNING in @", SEVERITY_MEDIUM, NULL },
        { "*", NULL, NULL, "warn", "warning", "WARNING in @", SEVERITY_MEDIUM, NULL },
};

static int parse(const struct report *r, struct finding *f) {
        struct slice message = warn_message(r);
        const struct site *s = &sites[ARRAY_SIZE(sites) - 1];
        struct banner b = {};

        struct slice line = SLICE_NULL;
        for (size_t i = 0; i < r->n_lines && !b.file.n; i++)
                parse_banner(line = report_text(r, i), &b);
        for (size_t i = 0; b.file.n && i < ARRAY_SIZE(sites); i++)
                if (slice_glob(b.file, sites[i].file) &&
                    (!sites[i].function || slice_glob(b.at.function, sites[i].function)) &&
                    (!sites[i].message || slice_glob(message, sites[i].message))) {
                        s = &sites[i];
                        break;
                }
        int e = warn_parse(r, f, s->title, s->machinery);
        f->detector = s->detector;
        f->kind = s->kind;
        f->severity = s->severity;
        return e;
}

KIND_NAMES(sites, sites[i].detector, sites[i].kind)

const struct kind kind_warn = {
        .name = "warn",
        .general = KIND_WARN,
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .stands = stands,
        .parse = parse,
};
