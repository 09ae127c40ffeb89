/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/note.h"

#include <errno.h>

#include "base/macros.h"
#include "boot/fault.h"

/* "Linux version 6.1.0-vmlife (user@host) (gcc ...) #1 SMP ..." */
static int take_version(struct boot *b, struct slice rest, const struct line *l) {
        struct slice version = rest, release = slice_token(&rest, ' ');

        (void) l;
        if (!b->release && (!(b->release = arena_dup(&b->arena, release)) || !(b->version = arena_dup(&b->arena, version))))
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

/* "i915 vmlife: inject=<rule>", when the switch is moved while the module is loaded. */
static int take_inject(struct boot *b, struct slice rest, const struct line *l) {
        struct slice rule = slice_token(&rest, ' ');
        int e = fault_add(b, FAULT_SET, rule, l);
        return e < 0 ? e : keep(b, &b->inject, rule);
}

static int take_load(struct boot *b, struct slice rest, const struct line *l) {
        int e = keep(b, &b->load, l->text);
        if (e == 0)
                e = keep(b, &b->variant, value_of(rest, SLICE("version")));
        if (e == 0)
                e = keep(b, &b->tree, value_of(rest, SLICE("tree")));
        if (e == 0)
                e = keep(b, &b->rules, value_of(rest, SLICE("rules")));
        if (e == 0)
                e = keep(b, &b->inject, value_of(rest, SLICE("inject")));
        if (e == 0)
                e = fault_add(b, FAULT_SET, value_of(rest, SLICE("inject")), l);
        b->loaded = true;
        return e;
}

static int add_passes(struct boot *b, struct slice site, uint64_t n) {
        for (size_t i = 0; i < b->n_passes; i++)
                if (slice_eq(slice_of(b->passes[i].site), site)) {
                        /* The module was loaded more than once. */
                        b->passes[i].n += n;
                        return 0;
                }
        struct passes *p = arena_grow(&b->arena, b->passes, b->n_passes, sizeof(*p));
        if (!p)
                return -ENOMEM;
        b->passes = p;
        p[b->n_passes] = (struct passes) { arena_dup(&b->arena, site), n };
        return p[b->n_passes++].site ? 0 : -ENOMEM;
}

static int take_unload(struct boot *b, struct slice rest, const struct line *l) {
        struct slice sites = value_of(rest, SLICE("sites")), n;
        uint64_t v;

        while (sites.n) {
                struct slice count = slice_token(&sites, ','), site = slice_token(&count, ':');
                if (site.n && slice_eat_u64(&count, &v)) {
                        int e = add_passes(b, site, v);
                        if (e < 0)
                                return e;
                }
        }
        n = value_of(rest, SLICE("reports"));
        if (slice_eat_u64(&n, &v))
                b->reports += v;
        n = value_of(rest, SLICE("suppressed"));
        if (slice_eat_u64(&n, &v)) {
                b->suppressed += v;
                b->has_suppressed = true;
        }
        return keep(b, &b->unload, l->text);
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
        if (!slice_eat_u64(&rounds, &t.rounds))
                return 0;
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

        (void) l;
        if (slice_eat_u64(&rest, &n) && slice_starts(rest, SLICE(" kernel messages")))
                b->lost += n;
        return 0;
}

/* "** 5 printk messages dropped **": the console's. */
static int take_dropped(struct boot *b, struct slice rest, const struct line *l) {
        struct slice s = slice_trim(l->text);
        uint64_t n;

        (void) rest;
        if (slice_eat(&s, SLICE("** ")) && slice_eat_u64(&s, &n) && slice_starts(s, SLICE(" printk messages dropped")))
                b->lost += n;
        return 0;
}

const struct note notes[] = {
        { "Linux version ", false, true, take_version },
        { "Command line: ", false, false, take_command_line },
        { "vmlife: load ", true, false, take_load },
        { "vmlife: unload ", true, false, take_unload },
        { "vmlife: inject=", true, false, take_inject },
        { "i915: Running i915_gem_vmlife", false, false, take_running },
        { "vmlife: selftest ", true, false, take_selftest },
        { "Missed ", false, false, take_missed },
        { "printk messages dropped", true, false, take_dropped },
};
const size_t n_notes = ARRAY_SIZE(notes);

const struct note *note_of(struct slice text, struct slice *rest) {
        struct slice s = slice_ltrim(text);

        for (size_t i = 0; i < n_notes; i++) {
                struct slice word = slice_of(notes[i].word);
                size_t at = notes[i].anywhere ? slice_find(slice_head(s, 256), word) : slice_starts(s, word) ? 0 : SLICE_NPOS;
                if (at != SLICE_NPOS) {
                        *rest = slice_from(s, at + word.n);
                        return &notes[i];
                }
        }
        return NULL;
}
