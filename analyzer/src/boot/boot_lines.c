/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/boot_lines.h"

#include <errno.h>

#include "base/macros.h"
#include "boot/event.h"
#include "boot/fault.h"
#include "line/own_words.h"

/* "Linux version 6.1.0-vmlife (user@host) (gcc ...) #1 SMP ..." */
static int take_version(struct boot *b, struct slice rest, const struct line *l) {
        struct slice version = rest, release = slice_token(&rest, ' ');

        (void) l;
        b->from_start = true;
        if (!b->release &&
            (!(b->release = arena_dup(&b->arena, release)) || !(b->version = arena_dup(&b->arena, version))))
                return -ENOMEM;
        return 0;
}

static int take_command_line(struct boot *b, struct slice rest, const struct line *l) {
        (void) l;
        if (!b->command_line && !(b->command_line = arena_dup(&b->arena, slice_trim(rest))))
                return -ENOMEM;
        return 0;
}

/* The value of key= in a record of ours; NULL slice if it is not there. */
static struct slice value_of(struct slice record, struct slice key) {
        while (record.n) {
                struct slice value = slice_token(&record, ' ');
                if (slice_eat(&value, key) && slice_eat(&value, SLICE("=")))
                        return value;
        }
        return SLICE_NULL;
}

static int keep(struct boot *b, const char **slot, struct slice value) {
        if (value.n && !(*slot = arena_dup(&b->arena, value)))
                return -ENOMEM;
        return 0;
}

/* Does a line of the variant carry the token that its load line introduced? One copied from elsewhere does not. */
static bool has_token(struct boot *b, struct slice rest) {
        if (!b->token || slice_eq(value_of(rest, SLICE("token")), slice_of(b->token)))
                return true;
        b->foreign++;
        return false;
}

/* "i915 vmlife: inject=<rule>", or with a token "inject token=<hex> inject=<rule> fault=<fault>", when the switch is
 * moved while the module is loaded. */
static int take_inject(struct boot *b, struct slice rest, const struct line *l) {
        struct slice rule = slice_eat(&rest, SLICE("=")) ? slice_head(rest, slice_find_byte(rest, ' ')) :
                                                           value_of(rest, SLICE("inject"));

        if (!has_token(b, rest))
                return 0;
        int e = fault_add(b, FAULT_SET, rule, l);
        return e < 0 ? e : keep(b, &b->inject, rule);
}

/* "off=<rule>,<rule> panic=<rule>", or "off=none": the rules that are not reported from here on. One that was off for a
 * while was blind meanwhile, so that it stays in the list. */
static int take_off(struct boot *b, struct slice rest) {
        enum { OFF_MAX = 64 };
        struct slice rules = value_of(rest, SLICE("off"));

        while (rules.n) {
                struct slice rule = slice_head(slice_token(&rules, ','), 64);
                size_t i = 0;

                while (i < b->n_off && !slice_eq(slice_of(b->off[i]), rule))
                        i++;
                if (!rule.n || slice_eq(rule, SLICE("none")) || i < b->n_off || i == OFF_MAX)
                        continue;
                const char **p = arena_grow(&b->arena, b->off, b->n_off, sizeof(*p));
                if (!p || !(p[b->n_off] = arena_dup(&b->arena, rule)))
                        return -ENOMEM;
                b->off = p;
                b->n_off++;
        }
        return 0;
}

/* "i915 vmlife: rules token=<hex> off=<rules> panic=<rules>", when rules are switched while the module is loaded. */
static int take_rules(struct boot *b, struct slice rest, const struct line *l) {
        (void) l;
        return has_token(b, rest) ? take_off(b, rest) : 0;
}

/* "lockdep=0 lockdep_off=12.345678": the variant found it off, at that time of the kernel's log clock. What hangs
 * on lockdep saw nothing from then on, even if the report that turned it off is not in this log. */
static int take_lockdep_off(struct boot *b, struct slice rest, const struct line *l) {
        struct slice off = value_of(rest, SLICE("lockdep_off")), seconds = slice_token(&off, '.');
        struct stamp at = l->time;
        uint64_t s, us;

        if (!slice_eat_u64(&seconds, &s) || !slice_eat_u64(&off, &us) || s > UINT32_MAX || us >= 1000000)
                return 0;
        at.has_mono = true;
        at.mono_us = s * 1000000 + us;
        watch_quiet(b, DETECTOR_LOCKDEP, "the variant found it turned off", &at);
        return watch_present(b, DETECTOR_LOCKDEP, PRESENCE_YES, slice_trim(l->text), &l->time);
}

/* "lockdep=1 kcsan=0" of the load line: what the kernel was built with. KCSAN may be built in and off, so
 * that its own word is wanted too. */
static int take_built_in(struct boot *b, enum detector d, struct slice value, const struct line *l) {
        if (slice_eq(value, SLICE("0")))
                return watch_present(b, d, PRESENCE_NO, slice_trim(l->text), &l->time);
        if (slice_eq(value, SLICE("1")) && d != DETECTOR_KCSAN)
                return watch_present(b, d, PRESENCE_YES, slice_trim(l->text), &l->time);
        return 0;
}

static int take_load(struct boot *b, struct slice rest, const struct line *l) {
        /* Each load has a token of its own; but nothing is loaded again that was not unloaded. */
        if (b->loaded && !b->unloading && !has_token(b, rest))
                return 0;
        b->token = NULL;
        int e = keep(b, &b->token, value_of(rest, SLICE("token")));
        if (e == 0)
                e = keep(b, &b->load, l->text);
        if (e == 0)
                e = keep(b, &b->variant, value_of(rest, SLICE("version")));
        if (e == 0)
                e = keep(b, &b->tree, value_of(rest, SLICE("tree")));
        if (e == 0)
                e = keep(b, &b->rules, value_of(rest, SLICE("rules")));
        if (e == 0)
                e = take_off(b, rest);
        if (e == 0)
                e = keep(b, &b->inject, value_of(rest, SLICE("inject")));
        if (e == 0)
                e = fault_add(b, FAULT_SET, value_of(rest, SLICE("inject")), l);
        if (e == 0)
                e = take_lockdep_off(b, rest, l);
        if (e == 0)
                e = take_built_in(b, DETECTOR_LOCKDEP, value_of(rest, SLICE("lockdep")), l);
        if (e == 0)
                e = take_built_in(b, DETECTOR_KCSAN, value_of(rest, SLICE("kcsan")), l);
        if (e == 0)
                e = watch_present(b, DETECTOR_VMLIFE, PRESENCE_YES, slice_trim(l->text), &l->time);
        b->loaded = true;
        b->unloading = false;
        return e;
}

/* More than any driver has hooks, or any boot runs selftests; a hostile log must not grow without end. */
enum { PASSES_MAX = 1024, SELFTESTS_MAX = 8192 };

static int add_passes(struct boot *b, struct slice site, uint64_t n) {
        for (size_t i = 0; i < b->n_passes; i++)
                if (slice_eq(slice_of(b->passes[i].site), site)) {
                        /* The module was loaded more than once. */
                        b->passes[i].n += n;
                        return 0;
                }
        if (b->n_passes == PASSES_MAX) {
                b->excess = true;
                return 0;
        }
        struct passes *p = arena_grow(&b->arena, b->passes, b->n_passes, sizeof(*p));
        if (!p)
                return -ENOMEM;
        b->passes = p;
        p[b->n_passes] = (struct passes){ arena_dup(&b->arena, site), n };
        return p[b->n_passes++].site ? 0 : -ENOMEM;
}

/* The counts stand in each line of one unload; those of a later one come on top. */
static void count_unload(uint64_t *total, uint64_t *this_one, struct slice value, bool again) {
        uint64_t v;

        if (!slice_eat_u64(&value, &v))
                return;
        *total += v - (again ? MIN(*this_one, v) : 0);
        *this_one = v;
}

static int take_unload(struct boot *b, struct slice rest, const struct line *l) {
        struct slice sites = value_of(rest, SLICE("sites"));
        const bool again = b->unloading;
        uint64_t v;

        if (!has_token(b, rest))
                return 0;
        while (sites.n) {
                struct slice count = slice_token(&sites, ','), site = slice_token(&count, ':');
                if (site.n && slice_eat_u64(&count, &v)) {
                        int e = add_passes(b, site, v);
                        if (e < 0)
                                return e;
                }
        }
        count_unload(&b->reports, &b->unload_reports, value_of(rest, SLICE("reports")), again);
        count_unload(&b->unchecked, &b->unload_unchecked, value_of(rest, SLICE("unchecked")), again);
        if (value_of(rest, SLICE("suppressed")).n) {
                count_unload(&b->suppressed, &b->unload_suppressed, value_of(rest, SLICE("suppressed")), again);
                b->has_suppressed = true;
        }
        b->unloading = true;
        int e = take_lockdep_off(b, rest, l);
        return again || e < 0 ? e : keep(b, &b->unload, l->text);
}

/* "i915: Running i915_gem_vmlife_mock_selftests/vmlife_vm_early_put" */
static int take_running(struct boot *b, struct slice rest, const struct line *l) {
        (void) rest;
        return fault_add(b, FAULT_TEST_BEGIN, SLICE_NULL, l);
}

/* "vmlife: selftest name=x rounds=100 reads=5 inject=none err=0" */
static int take_selftest(struct boot *b, struct slice rest, const struct line *l) {
        struct selftest t = {};
        struct slice rounds = value_of(rest, SLICE("rounds")), err = value_of(rest, SLICE("err"));
        uint64_t error;

        bool negative = slice_eat(&err, SLICE("-"));
        if (!has_token(b, rest) || !slice_eat_u64(&rounds, &t.rounds))
                return 0;
        if (b->n_selftests == SELFTESTS_MAX) {
                b->excess = true;
                return 0;
        }
        if (slice_eat_u64(&err, &error) && error < INT32_MAX)
                t.error = negative ? -(int64_t) error : (int64_t) error;
        int e = keep(b, &t.name, value_of(rest, SLICE("name")));
        if (e == 0)
                e = keep(b, &t.inject, value_of(rest, SLICE("inject")));
        if (e == 0)
                e = fault_add(b, FAULT_TEST_END, value_of(rest, SLICE("inject")), l);
        struct selftest *p = e == 0 ? arena_grow(&b->arena, b->selftests, b->n_selftests, sizeof(*p)) : NULL;
        if (!p)
                return -ENOMEM;
        b->selftests = p;
        p[b->n_selftests++] = t;
        return 0;
}

/* "Missed 12 kernel messages": journald's word for what the ring buffer overwrote. */
static int take_missed(struct boot *b, struct slice rest, const struct line *l) {
        uint64_t n;

        if (slice_eat_u64(&rest, &n) && slice_starts(rest, SLICE(" kernel messages")))
                return boot_lost(b, n, &l->time);
        return 0;
}

/* "** 5 printk messages dropped **": the console's. */
static int take_dropped(struct boot *b, struct slice rest, const struct line *l) {
        struct slice s = slice_trim(l->text);
        uint64_t n;

        (void) rest;
        if (slice_eat(&s, SLICE("** ")) && slice_eat_u64(&s, &n) && slice_starts(s, SLICE(" printk messages dropped")))
                return boot_lost(b, n, &l->time);
        return 0;
}

static bool is_identifier(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_digit(s.s[i]) && s.s[i] != '_' && ((s.s[i] | 32) < 'a' || (s.s[i] | 32) > 'z'))
                        return false;
        return s.n > 0;
}

/* "F: 12 callbacks suppressed" */
static int take_suppressed(struct boot *b, struct slice rest, const struct line *l) {
        enum { LIMITS_MAX = 64 };
        struct slice s = slice_trim(l->text), function = slice_token(&s, ':');
        uint64_t n;

        (void) rest;
        s = slice_ltrim(s);
        if (!is_identifier(function) || !slice_eat_u64(&s, &n) || !slice_eq(s, SLICE(" callbacks suppressed")))
                return 0;
        for (size_t i = 0; i < b->n_limits; i++)
                if (slice_eq(slice_of(b->limits[i].function), function)) {
                        b->limits[i].n += n;
                        return 0;
                }
        if (b->n_limits == LIMITS_MAX)
                return 0;
        struct limit *p = arena_grow(&b->arena, b->limits, b->n_limits, sizeof(*p));
        if (!p || !(p[b->n_limits].function = arena_dup(&b->arena, slice_head(function, 128))))
                return -ENOMEM;
        b->limits = p;
        p[b->n_limits++].n = n;
        return 0;
}

/* "kcsan: strict mode configured", "kcsan: selftest: 4/4 tests passed" */
static int take_kcsan(struct boot *b, struct slice rest, const struct line *l) {
        struct slice mode = slice_trim(rest);
        size_t at = slice_find(mode, SLICE(" mode configured"));

        if (at != SLICE_NPOS && !b->kcsan_mode)
                return keep(b, &b->kcsan_mode, slice_head(mode, at));
        if (slice_eat(&mode, SLICE("selftest: ")) && !b->kcsan_selftest)
                return keep(b, &b->kcsan_selftest, mode);
        return sign_take(b, l);
}

static int take_sign(struct boot *b, struct slice rest, const struct line *l) {
        (void) rest;
        return sign_take(b, l);
}

static int take_event(struct boot *b, struct slice rest, const struct line *l) {
        (void) rest;
        return event_take(b, l);
}

/* The line with an oops's count, whatever the trap is called. */
static int take_oops_count(struct boot *b, struct slice rest, const struct line *l) {
        (void) rest;
        if (is_oops_count(l->text, NULL))
                watch_quiet(b, DETECTOR_LOCKDEP, "an oops turns it off", &l->time);
        return 0;
}

/* The stacks that come next are no report's. */
static int take_request(struct boot *b, struct slice rest, const struct line *l) {
        (void) rest;
        b->stacks_asked = l->record->number;
        b->stacks_asked_in = l->record->source;
        return 0;
}

/* "  task                        PC stack   pid father", "Freezing of tasks failed after 20.01 seconds (1 tasks
 * refusing to freeze, wq_busy=0):": what stands amid other lines may be a user's. */
static int take_tasks(struct boot *b, struct slice rest, const struct line *l) {
        const struct slice s = slice_trim(l->text);

        if ((slice_starts(s, SLICE("task  ")) && slice_ends(s, SLICE(" father"))) ||
            slice_starts(s, SLICE("Freezing of ")) || slice_starts(s, SLICE("Freezing user space ")))
                return take_request(b, rest, l);
        return 0;
}

const struct note notes[] = {
        { "Linux version ", false, true, false, take_version },
        { "Command line: ", false, false, false, take_command_line },
        { "i915 vmlife: load ", false, false, true, take_load },
        { "i915 vmlife: unload ", false, false, true, take_unload },
        { "i915 vmlife: inject", false, false, true, take_inject },
        { "i915 vmlife: rules ", false, false, false, take_rules },
        { "i915: Running i915_gem_vmlife", false, false, true, take_running },
        { "i915 vmlife: selftest ", false, false, true, take_selftest },
        { "Missed ", false, false, false, take_missed },
        { "printk messages dropped", true, false, false, take_dropped },
        /* What collectors say in texts: loss.h. */
        { "/dev/kmsg buffer overrun", true, false, false, NULL },
        { " messages lost due to rate", true, false, false, NULL },
        { "B blob data]", true, false, false, NULL },
        { " callbacks suppressed", true, false, false, take_suppressed },
        /* What the kernel says of its detectors: signs[] in detector.c. */
        { "Lock dependency validator: ", false, false, true, take_sign },
        { "BUG: MAX_", false, false, false, take_sign },
        { "turning off the locking", false, false, false, take_sign },
        { "Disabling lock debugging", false, false, false, take_sign },
        { "INFO: lockdep is turned", false, false, false, take_sign },
        { "DEBUG_LOCKS_WARN_ON(", false, false, false, take_sign },
        { "BUG: spinlock ", false, false, false, take_sign },
        { " [#1]", true, false, false, take_oops_count },
        { "Kernel panic - not", false, false, false, take_sign },
        { "kcsan: ", false, false, true, take_kcsan },
        { "kfence: ", false, false, true, take_sign },
        { "kmemleak: ", false, false, false, take_sign },
        { "kasan: KernelAddress", false, false, true, take_sign },
        { "KernelAddressSanitizer", false, false, true, take_sign },
        { "ODEBUG: ", false, false, false, take_sign },
        { "Future hung task", false, false, false, take_sign },
        /* Stacks that somebody asked for. */
        { "sysrq: Show ", false, false, false, take_request },
        { "sysrq: SysRq : Show ", false, false, false, take_request },
        { "SysRq : Show ", false, false, false, take_request },
        { "PC stack   pid", true, false, false, take_tasks },
        { "refusing to freeze", true, false, false, take_tasks },
        /* What explains reports: event.c knows the whole line. */
        { "Out of memory: Kill", false, false, false, take_event },
        { "Memory cgroup out of memory: Kill", false, false, false, take_event },
        { "[Hardware Error]: ", true, false, false, take_event },
        { "EDAC MC", false, false, false, take_event },
        { "above threshold, cpu clock", true, false, false, take_event },
        /* Lines that a cgroup's name stands within: scan/parted.h. */
        { "cpuset=", true, false, false, NULL },
        { "mems_allowed=", true, false, false, NULL },
        { "out of empty cpuset", true, false, false, NULL },
};
const size_t n_notes = ARRAY_SIZE(notes);

static const struct note *find_note(struct slice s, bool within, struct slice *rest) {
        for (size_t i = 0; i < n_notes; i++) {
                if (notes[i].within != within)
                        continue;
                struct slice word = slice_of(notes[i].word);
                size_t at = within ? slice_find(slice_head(s, 256), word) : slice_starts(s, word) ? 0 : SLICE_NPOS;
                if (at != SLICE_NPOS) {
                        *rest = slice_from(s, at + word.n);
                        return &notes[i];
                }
        }
        return NULL;
}

/* What a line begins with is the kernel's; amid it may stand what a user chose. */
const struct note *note_of(struct slice text, struct slice *rest) {
        const struct slice s = slice_ltrim(text);
        const struct note *begins = find_note(s, false, rest);

        return begins ? begins : find_note(s, true, rest);
}
