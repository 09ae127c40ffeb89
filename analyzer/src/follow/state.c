/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/state.h"

#include <errno.h>
#include <stdlib.h>

#include "base/macros.h"
#include "boot/fault.h"
#include "kind/kind.h"

/* Far more than real logs have; what a damaged file may ask for. */
enum { ITEMS_MAX = 1 << 20 };

static void code_stamp(struct codec *c, struct stamp *t) {
        CODE(c, t->has_mono);
        CODE(c, t->has_real);
        CODE(c, t->mono_us);
        CODE(c, t->real_us);
}

static void bad(struct codec *c) {
        if (c->error == 0)
                c->error = -EBADMSG;
}

/* --- boots --- */

static void code_watch(struct codec *c, struct watch *w) {
        CODE(c, w->present);
        codec_string(c, &w->shown_by);
        code_stamp(c, &w->since);
        codec_string(c, &w->quiet);
        code_stamp(c, &w->quiet_at);
        codec_string(c, &w->limited);
        CODE_ARRAY(c, w->spent, w->n_spent, ITEMS_MAX);
        for (size_t i = 0; i < w->n_spent; i++)
                codec_string(c, &w->spent[i]);
        CODE(c, w->more_spent);
}

static void code_boot_arrays(struct codec *c, struct boot *b) {
        CODE_ARRAY(c, b->losses, b->n_losses, ITEMS_MAX);
        for (size_t i = 0; i < b->n_losses; i++) {
                code_stamp(c, &b->losses[i].after);
                code_stamp(c, &b->losses[i].before);
                CODE(c, b->losses[i].n);
        }
        CODE_ARRAY(c, b->limits, b->n_limits, ITEMS_MAX);
        for (size_t i = 0; i < b->n_limits; i++) {
                codec_string(c, &b->limits[i].function);
                CODE(c, b->limits[i].n);
        }
        CODE_ARRAY(c, b->faults, b->n_faults, ITEMS_MAX);
        for (size_t i = 0; i < b->n_faults; i++) {
                CODE(c, b->faults[i].event);
                CODE(c, b->faults[i].source);
                CODE(c, b->faults[i].number);
                codec_string(c, &b->faults[i].rule);
        }
        CODE_ARRAY(c, b->asked, b->n_asked, ITEMS_MAX);
        for (size_t i = 0; i < b->n_asked; i++) {
                codec_string(c, &b->asked[i].rule);
                CODE(c, b->asked[i].seen);
        }
        CODE_ARRAY(c, b->passes, b->n_passes, ITEMS_MAX);
        for (size_t i = 0; i < b->n_passes; i++) {
                codec_string(c, &b->passes[i].site);
                CODE(c, b->passes[i].n);
        }
        CODE_ARRAY(c, b->selftests, b->n_selftests, ITEMS_MAX);
        for (size_t i = 0; i < b->n_selftests; i++) {
                codec_string(c, &b->selftests[i].name);
                codec_string(c, &b->selftests[i].inject);
                CODE(c, b->selftests[i].rounds);
                CODE(c, b->selftests[i].error);
        }
}

static void write_prints(struct codec *c, const struct prints *p) {
        for (size_t i = 0; i < p->n_slots; i++)
                if (p->slots[i])
                        CODE(c, p->slots[i]);
}

static void code_repeats(struct codec *c, struct repeats *r, struct arena *a) {
        uint64_t n = r->young.n + r->old.n, print = 0;

        CODE(c, r->latest_us);
        CODE(c, r->going_back);
        codec_u64(c, &n);
        if (!c->reading) {
                write_prints(c, &r->old);
                write_prints(c, &r->young);
                return;
        }
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                codec_u64(c, &print);
                if (c->error == 0)
                        c->error = repeats_remember(r, a, print);
        }
}

static void code_boot(struct codec *c, struct boot *b) {
        const char **const strings[] = {
                &b->host, &b->release, &b->version, &b->command_line, &b->kcsan_mode, &b->kcsan_selftest,
                &b->load, &b->unload, &b->variant, &b->tree, &b->rules, &b->inject,
        };
        uint64_t *const numbers[] = {
                &b->records, &b->lost, &b->reports, &b->suppressed, &b->unchecked, &b->unload_reports,
                &b->unload_suppressed, &b->unload_unchecked,
        };
        bool *const flags[] = { &b->from_start, &b->loaded, &b->unloading, &b->has_suppressed };

        c->arena = &b->arena;
        codec_bytes(c, b->machine, sizeof(b->machine));
        codec_bytes(c, b->start, sizeof(b->start));
        b->machine[32] = b->start[32] = '\0';
        CODE(c, b->source);
        for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
                codec_string(c, strings[i]);
        for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
                codec_u64(c, numbers[i]);
        for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
                CODE(c, *flags[i]);
        code_stamp(c, &b->first);
        code_stamp(c, &b->last);
        for (int d = 0; d < N_DETECTORS; d++)
                code_watch(c, &b->watch[d]);
        code_boot_arrays(c, b);
        code_repeats(c, &b->repeats, &b->arena);
}

/* The id comes first: by it the boot is made. */
static void code_boots(struct codec *c, struct scan *s, const struct state_choice *choice) {
        uint64_t n = 0, detectors = N_DETECTORS;

        for (size_t i = 0; i < s->boots.n; i++) {
                choice->remap[i] = (uint32_t) n;
                n += !choice->keep || choice->keep[i];
        }
        codec_u64(c, &detectors);
        codec_u64(c, &n);
        if (detectors != N_DETECTORS)
                bad(c);
        for (size_t i = 0, done = 0; done < n && c->error == 0; i++) {
                char id[33] = {};
                uint32_t at = (uint32_t) i;

                if (!c->reading && choice->keep && !choice->keep[i])
                        continue;
                if (!c->reading)
                        memcpy(id, scan_boot(s, i)->id, 33);
                codec_bytes(c, id, 33);
                id[32] = '\0';
                if (c->reading && c->error == 0) {
                        int e = scan_find_boot(s, id, 0, &at);
                        if (e < 0)
                                c->error = e;
                        else if (at != i)
                                bad(c);
                }
                if (c->error == 0)
                        code_boot(c, scan_boot(s, at));
                done++;
        }
}

/* --- findings --- */

/* What is judged by: see judge/group.c, judge/causality.c, judge/coverage.c. */
static void code_finding(struct codec *c, struct finding *f) {
        const char **const strings[] = {
                &f->detector, &f->kind, &f->title, &f->rule, &f->follows, &f->why, &f->cursor, &f->ended,
        };

        for (size_t i = 0; i < ARRAY_SIZE(strings); i++)
                codec_string(c, strings[i]);
        CODE_ARRAY(c, f->functions, f->n_functions, ITEMS_MAX);
        for (size_t i = 0; i < f->n_functions; i++)
                codec_string(c, &f->functions[i]);
        CODE_ARRAY(c, f->alt_titles, f->n_alt_titles, ITEMS_MAX);
        for (size_t i = 0; i < f->n_alt_titles; i++)
                codec_string(c, &f->alt_titles[i]);
        CODE_ARRAY(c, f->accesses, f->n_accesses, ITEMS_MAX);
        for (size_t i = 0; i < f->n_accesses; i++) {
                struct access *a = &f->accesses[i];
                CODE(c, a->address);
                CODE(c, a->size);
                CODE(c, a->has_task);
                CODE(c, a->task);
        }
        CODE_ARRAY(c, f->tasks, f->n_tasks, ITEMS_MAX);
        for (size_t i = 0; i < f->n_tasks; i++)
                CODE(c, f->tasks[i].pid);
        CODE_ARRAY(c, f->fields, f->n_fields, ITEMS_MAX);
        for (size_t i = 0; i < f->n_fields; i++) {
                codec_string(c, &f->fields[i].key);
                codec_string(c, &f->fields[i].value);
                if (!f->fields[i].key || !f->fields[i].value)
                        bad(c);
        }
        CODE(c, f->origin);
        CODE(c, f->severity);
        CODE(c, f->relevance);
        CODE(c, f->injected);
        CODE(c, f->source);
        CODE(c, f->number);
        CODE(c, f->phase);
        CODE(c, f->count);
        code_stamp(c, &f->first);
        code_stamp(c, &f->last);
        codec_bytes(c, f->signature, sizeof(f->signature));
        codec_bytes(c, f->id, sizeof(f->id));
        f->signature[SIGNATURE_CHARS] = f->id[ID_CHARS] = '\0';
        if (!f->detector || !f->kind || !f->title || !f->why)
                bad(c);
}

static void restore_finding(struct codec *c, struct scan *s, uint32_t boot) {
        struct finding *f = calloc(1, sizeof(*f));

        if (!f) {
                c->error = -ENOMEM;
                return;
        }
        c->arena = &f->arena;
        f->boot = boot;
        code_finding(c, f);
        if (c->error < 0) {
                finding_free(f);
                return;
        }
        /* store_add() counts one, and finds its like again. */
        const uint64_t count = f->count;
        const size_t n = s->store.n;
        int e = store_add(&s->store, f);
        if (e < 0)
                c->error = e;
        else if (s->store.n == n + 1)
                s->store.items[n]->count = count;
}

static bool is_kept(const struct scan *s, const struct state_choice *choice, size_t i, size_t left_out) {
        const struct finding *f = s->store.items[i];
        return (!choice->keep || choice->keep[f->boot]) && (i >= left_out || f->relevance == RELEVANCE_CERTAIN);
}

static void write_findings(struct codec *c, struct scan *s, const struct state_choice *choice, uint64_t *forgotten) {
        const size_t left_out = s->store.n > STATE_FINDINGS_MAX ? s->store.n - STATE_FINDINGS_MAX : 0;
        uint64_t n = 0;

        for (size_t i = 0; i < s->store.n; i++) {
                n += is_kept(s, choice, i, left_out);
                *forgotten += i < left_out && !is_kept(s, choice, i, left_out);
        }
        codec_u64(c, &n);
        for (size_t i = 0; i < s->store.n; i++) {
                if (!is_kept(s, choice, i, left_out))
                        continue;
                CODE(c, choice->remap[s->store.items[i]->boot]);
                code_finding(c, s->store.items[i]);
        }
}

static void read_findings(struct codec *c, struct scan *s) {
        uint64_t n = 0;

        codec_u64(c, &n);
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                uint64_t boot = 0;

                codec_u64(c, &boot);
                if (boot >= s->boots.n)
                        bad(c);
                else
                        restore_finding(c, s, (uint32_t) boot);
        }
}

/* --- open reports --- */

static size_t kind_index(const struct kind *k) {
        for (size_t i = 0; kinds[i]; i++)
                if (kinds[i] == k)
                        return i;
        return SIZE_MAX;
}

static const struct kind *kind_named(const char *name) {
        for (size_t i = 0; name && kinds[i]; i++)
                if (strcmp(kinds[i]->name, name) == 0)
                        return kinds[i];
        return NULL;
}

/* r->header is a kind's own pointer, which it makes again from the first line. */
static void code_report(struct codec *c, struct report *r, struct report_line **lines) {
        CODE(c, r->caller);
        CODE(c, r->source);
        CODE(c, r->origin);
        CODE(c, r->number);
        codec_own_string(c, &r->cursor);
        code_stamp(c, &r->first);
        code_stamp(c, &r->last);
        codec_buffer(c, &r->bytes);
        CODE_ARRAY(c, *lines, r->n_lines, REPORT_LINES_MAX);
        for (size_t i = 0; i < r->n_lines; i++) {
                struct report_line *l = &(*lines)[i];
                CODE(c, l->at);
                CODE(c, l->raw_n);
                CODE(c, l->text_at);
                CODE(c, l->text_n);
                CODE(c, l->class);
                if ((uint64_t) l->at + l->raw_n >= (uint64_t) r->bytes.size || (uint64_t) l->text_at + l->text_n > r->bytes.size)
                        bad(c);
        }
        CODE(c, r->n_own);
        CODE(c, r->n_adopted);
        if (r->n_own > r->n_lines || r->n_adopted > ARRAY_SIZE(r->adopted) || r->n_lines == 0) {
                bad(c);
                return;
        }
        for (size_t i = 0; i < r->n_adopted; i++)
                CODE(c, r->adopted[i]);
        CODE(c, r->has_banner);
        CODE(c, r->has_frames);
        CODE(c, r->complete);
        CODE(c, r->phase);
        CODE(c, r->over);
        CODE(c, r->panicked);
        CODE(c, r->goes_on);
        CODE(c, r->shown);
        CODE(c, r->foreign);
        CODE(c, r->mixed);
}

static void arenap(struct arena *a) {
        arena_free(a);
}

static void restore_report(struct codec *c, struct scan *s) {
        _cleanup_(arenap) struct arena arena = {};
        struct report_line *lines = NULL;
        const char *kind = NULL;
        struct report *r = calloc(1, sizeof(*r));

        if (!r) {
                c->error = -ENOMEM;
                return;
        }
        c->arena = &arena;
        codec_string(c, &kind);
        CODE(c, r->boot);
        r->kind = kind_named(kind);
        code_report(c, r, &lines);
        if (!r->kind || r->boot >= s->boots.n)
                bad(c);
        if (c->error == 0 && !(r->lines = calloc(r->n_lines, sizeof(*lines))))
                c->error = -ENOMEM;
        if (c->error < 0) {
                r->n_lines = 0;
                report_free(r);
                return;
        }
        memcpy(r->lines, lines, r->n_lines * sizeof(*lines));
        r->room = r->n_lines;
        int e = scan_restore(s, r);
        if (e < 0)
                c->error = e == -ENOBUFS ? -EBADMSG : e;
}

static void code_reports(struct codec *c, struct scan *s, const struct state_choice *choice) {
        const size_t open = scan_n_open(s);
        uint64_t n = 0;

        for (size_t i = 0; i < open; i++) {
                uint32_t boot = scan_open_report(s, i)->boot;
                n += !choice->keep || choice->keep[boot];
        }
        codec_u64(c, &n);
        for (uint64_t i = 0; c->reading && i < n && c->error == 0; i++)
                restore_report(c, s);
        for (size_t i = 0; !c->reading && i < open; i++) {
                struct report copy = *scan_open_report(s, i);
                const char *kind = kinds[kind_index(copy.kind)]->name;

                if (choice->keep && !choice->keep[copy.boot])
                        continue;
                codec_string(c, &kind);
                CODE(c, choice->remap[copy.boot]);
                code_report(c, &copy, &copy.lines);
        }
}

/* --- all --- */

static void code_sources(struct codec *c, struct scan *s) {
        uint64_t n = s->n_sources;

        codec_u64(c, &n);
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                struct source_info *in = NULL;
                char *name = c->reading ? NULL : scan_source(s, i)->name;
                uint32_t at;

                codec_own_string(c, &name);
                if (c->reading) {
                        /* The type is a literal; the follower knows which. */
                        int e = c->error < 0 ? 0 : scan_add_source(s, name ? name : "", "journal", &at);
                        free(name);
                        if (e < 0)
                                c->error = e;
                        if (c->error < 0)
                                return;
                }
                in = scan_source(s, i);
                CODE(c, in->entries);
                CODE(c, in->bytes);
                CODE(c, in->lost);
                CODE(c, in->repeated);
                CODE(c, in->incomplete);
        }
}

void state_code(struct codec *c, struct scan *s, const struct state_choice *choice, uint64_t *forgotten) {
        code_sources(c, s);
        code_boots(c, s, choice);
        if (c->reading)
                read_findings(c, s);
        else
                write_findings(c, s, choice, forgotten);
        code_reports(c, s, choice);
}
