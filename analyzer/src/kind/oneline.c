/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"
#include "line/own_words.h"

/* Reports that are one line, with or without a dump after it: of the memory manager, file systems, network, the
 * unwinder, and whatever else the kernel itself calls a BUG. */

static const char *const page_machinery[] = {
        "*alloc*",    "free_page*",  "__free_page*",    "___free_page*",  "free_unref*",
        "free_pcp*",  "__free_one*", "check_new_page*", "free_pages*",    "__page_frag*",
        "page_frag*", "rmqueue*",    "get_page*",       "release_pages*", "__put_*page*",
        "put_page*",  "free_large*", "free_frozen*",    "__free_frozen*", "__folio_put*",
        "folio_put*", NULL,
};

static const struct headline headlines[] = {
        { "BUG: Bad page state in process *", "mm", "bad-page-state", "BUG: Bad page state in @", SEVERITY_CRITICAL,
          OWES_STACK, page_machinery },
        { "BUG: Bad page map in process *", "mm", "bad-page-map", "BUG: Bad page map in @", SEVERITY_CRITICAL,
          OWES_STACK, page_machinery },
        { "BUG: Bad page cache in process *", "mm", "bad-page-cache", "BUG: Bad page cache in @", SEVERITY_CRITICAL,
          OWES_STACK, page_machinery },
        { "BUG: Bad rss-counter state*", "mm", "bad-rss-counter", "BUG: Bad rss-counter state", SEVERITY_HIGH,
          OWES_NOTHING, NULL },
        { "BUG: non-zero pgtables_bytes on freeing mm*", "mm", "page-tables-leaked",
          "BUG: non-zero pgtables_bytes on freeing mm", SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "BUG: non-zero nr_* on freeing mm*", "mm", "page-tables-leaked", "BUG: non-zero nr_ptes on freeing mm",
          SEVERITY_HIGH, OWES_NOTHING, NULL },
        { "BUG: MAX_STACK_TRACE_ENTRIES too low!*", "lockdep", "limit", "BUG: MAX_STACK_TRACE_ENTRIES too low!",
          SEVERITY_LOW, OWES_NOTHING, NULL },
        { "BUG: MAX_LOCKDEP_ENTRIES too low!*", "lockdep", "limit", "BUG: MAX_LOCKDEP_ENTRIES too low!", SEVERITY_LOW,
          OWES_NOTHING, NULL },
        { "BUG: MAX_LOCKDEP_CHAINS too low!*", "lockdep", "limit", "BUG: MAX_LOCKDEP_CHAINS too low!", SEVERITY_LOW,
          OWES_NOTHING, NULL },
        { "BUG: MAX_LOCKDEP_CHAIN_HLOCKS too low!*", "lockdep", "limit", "BUG: MAX_LOCKDEP_CHAIN_HLOCKS too low!",
          SEVERITY_LOW, OWES_NOTHING, NULL },
        { "BUG: MAX_LOCKDEP_KEYS too low!*", "lockdep", "limit", "BUG: MAX_LOCKDEP_KEYS too low!", SEVERITY_LOW,
          OWES_NOTHING, NULL },
        { "BUG: MAX_LOCK_DEPTH too low!*", "lockdep", "limit", "BUG: MAX_LOCK_DEPTH too low!", SEVERITY_LOW,
          OWES_NOTHING, NULL },
        { "BUG: looking up invalid subclass*", "lockdep", "invalid-subclass", "BUG: looking up invalid subclass in @",
          SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "BUG: key * has not been registered!*", "lockdep", "key-not-registered",
          "BUG: key has not been registered in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "WARNING: kernel stack regs at * has bad 'bp' value*", "unwind", "bad-frame-pointer",
          "WARNING: kernel stack regs has bad 'bp' value", SEVERITY_LOW, OWES_NOTHING, NULL },
        { "WARNING: kernel stack regs at * has bad value*", "unwind", "bad-frame-pointer",
          "WARNING: kernel stack regs has bad value", SEVERITY_LOW, OWES_NOTHING, NULL },
        { "WARNING: kernel stack regs at * has bad * value*", "unwind", "bad-frame-pointer",
          "WARNING: kernel stack regs has bad value", SEVERITY_LOW, OWES_NOTHING, NULL },
        { "WARNING: kernel stack frame pointer at * has bad value*", "unwind", "bad-frame-pointer",
          "WARNING: kernel stack frame pointer has bad value", SEVERITY_LOW, OWES_NOTHING, NULL },
        { "WARNING: stack recursion*", "unwind", "stack-recursion", "WARNING: stack recursion", SEVERITY_MEDIUM,
          OWES_NOTHING, NULL },
        { "kobject (*): tried to init an initialized object*", "warn", "kobject",
          "kobject: tried to init an initialized object in @", SEVERITY_MEDIUM, OWES_STACK, NULL },
        { "unregister_netdevice: waiting for * to become free*", "net", "device-leak",
          "unregister_netdevice: waiting for DEV to become free", SEVERITY_HIGH, OWES_NOTHING, NULL },
};

static const char *const triggers[] = { "BUG: ", "WARNING: ", "unregister_netdevice: waiting",
                                        "tried to init an initialized", NULL };

/* Lines that begin with "BUG: " and report no bug. */
static bool is_remark(struct slice s) {
        static const char *const remarks[] = {
                "*messages suppressed*",
                "*unexpected failures*",
                "*missing its host route*",
                "See *",
                "*http://*",
                "*https://*",
                "/*",
        };

        for (size_t i = 0; i < ARRAY_SIZE(remarks); i++)
                if (slice_glob(s, remarks[i]))
                        return true;
        return false;
}

/* Advice, limits of the machine, and what programs write to the log begin with the same word. */
static bool is_notice(struct slice s) {
        static const char *const notices[] = {
                "/*",
                "See *",
                "*http://*",
                "*https://*",
                "*deprecated*",
                "*will be removed*",
                "*not compiled with*",
                "*mitigation*",
                "*vulnerable*",
                "*data leaks possible*",
                "*BIOS*",
                "*performance*",
                "* is prohibited *",
                "*will be prohibited*",
                "Requested *",
                "mapping *",
                "bogus *",
                "*option*",
                "*parameter*",
                "*ignored*",
                "*ignoring*",
                "*messages suppressed*",
                "*at your own risk*",
                "*not supported*",
                "*unsupported*",
                "*disabled*",
                "*disabling*",
                "*unexpected failures*",
                "*bootloader*",
                "The *",
                "the *",
                "You *",
                "you *",
                "Your *",
                "*missing its host route*",
                "*instead of *",
        };

        for (size_t i = 0; i < ARRAY_SIZE(notices); i++)
                if (slice_glob(s, notices[i]))
                        return true;
        /* "WARNING: fbcon: ...": a part of the kernel or a program that talks to the user. */
        size_t colon = slice_find(s, SLICE(": "));
        return colon != SLICE_NPOS && slice_find_byte(slice_head(s, colon), ' ') == SLICE_NPOS &&
               slice_find_byte(slice_head(s, colon), '(') == SLICE_NPOS;
}

/* Of other lines what the kernel calls a bug or a warning at the start of a line, unless it is a notice. */
static bool is_other(struct slice text) {
        struct slice s = slice_trim(text);

        /* A sentence with a capital is advice; the kernel's own checks go on in small letters. */
        if (slice_eat(&s, SLICE("BUG: ")))
                return s.n > 0 && s.n < 200 && !is_remark(s);
        return slice_eat(&s, SLICE("WARNING: ")) && s.n > 0 && s.n < 200 && s.s[0] >= 'a' && s.s[0] <= 'z' &&
               !slice_has(s, SLICE(": ")) && !is_notice(s);
}

static bool starts(struct slice text) {
        return headline_of(headlines, ARRAY_SIZE(headlines), text) || is_other(text);
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        if (r->n_lines == 1)
                r->header = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        const struct headline *h = r->header;

        /* A network interface may be named BUG; the dump that follows its words is that of a task without memory. */
        if (!h && begins_with_task(l->text))
                return PART_OVER;
        /* The warning that lockdep adds to its own words. */
        if (h && !r->has_frames && strcmp(h->detector, "lockdep") == 0 && kind_is(starter, KIND_WARN))
                return PART_BODY;
        r->complete = r->has_frames || !h || h->owes == OWES_NOTHING;
        return part_dump(r, l, class, starter);
}

static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        struct slice s = headline_text(report_text(r, 0));

        if (h)
                return headline_parse(r, f, h);
        bool bug = slice_starts(s, SLICE("BUG: "));
        struct headline other = { .detector = bug ? "bug" : "warn",
                                  .kind = "message",
                                  .severity = bug ? SEVERITY_HIGH : SEVERITY_LOW,
                                  .owes = OWES_NOTHING };
        /* The pattern's mark is no part of a message. */
        char *title = without_numbers(&f->arena, s);
        if (!title)
                return -ENOMEM;
        for (char *c = title; *c; c++)
                if (*c == '@')
                        *c = ' ';
        other.title = title;
        int e = headline_parse(r, f, &other);
        /* Words that no table has may be a part of some that it has. */
        return e == 0 && r->end == END_LOG && !r->has_frames ?
                       finding_corrupt(f, "the log ended before its stack trace") :
                       e;
}

/* Words that no table has are a report with what follows them. A network interface named BUG, as any user may name one
 * in a namespace, begins its messages with them too, which are sentences. */
static bool stands(const struct report *r) {
        struct slice s = slice_trim(report_text(r, 0));

        slice_token(&s, ' ');
        return r->has_frames || headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0)) ||
               slice_find_byte(s, ' ') == SLICE_NPOS;
}

/* Lines of no more than themselves, which come at any time. */
static bool alone(struct slice text) {
        const struct headline *h = headline_of(headlines, ARRAY_SIZE(headlines), text);
        return h && (strcmp(h->detector, "net") == 0 || strcmp(h->detector, "unwind") == 0);
}

/* Words that no table has: "BUG: port 1(veth0) entered blocking state". */
static bool doubtful(struct slice text) {
        return !headline_of(headlines, ARRAY_SIZE(headlines), text);
}

KIND_NAMES(headlines, headlines[i].detector, headlines[i].kind, { "bug", "message" }, { "warn", "message" })

const struct kind kind_message = {
        .name = "message",
        .headlines = headlines,
        .n_headlines = ARRAY_SIZE(headlines),
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .alone = alone,
        .stands = stands,
        .doubtful = doubtful,
        .parse = parse,
};
