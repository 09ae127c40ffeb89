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

/* --- structures, by their layouts --- */

static void code_members(struct codec *c, const struct layout *l, void *item);

static void code_items(struct codec *c, const struct member *m, void *item, size_t size) {
        void *items = member_pointer(item, m);
        size_t n = member_n(item, m);

        codec_array(c, &items, &n, size, ITEMS_MAX);
        member_point(item, m, items);
        member_set_n(item, m, n);
}

static void code_number(struct codec *c, const struct member *m, void *item) {
        uint64_t v = member_number(item, m);

        codec_u64(c, &v);
        if (c->reading)
                member_set_number(item, m, v);
        if (m->words && v >= m->n_words)
                bad(c);
}

/* A string that must be there. */
static void need_string(struct codec *c, const char **s) {
        codec_string(c, s);
        if (!*s)
                bad(c);
}

static void code_member(struct codec *c, const struct member *m, void *item) {
        switch (m->form) {
        case FORM_TEXT:
                (m->flags & NEED ? need_string : codec_string)(c, member_in(item, m));
                return;
        case FORM_TEXTS:
                code_items(c, m, item, sizeof(const char *));
                for (size_t i = 0; i < member_n(item, m); i++)
                        need_string(c, (const char **) member_pointer(item, m) + i);
                return;
        case FORM_DIGITS:
                codec_bytes(c, member_in(item, m), m->size);
                ((char *) member_in(item, m))[m->size - 1] = '\0';
                return;
        case FORM_STAMP:
                code_stamp(c, member_in(item, m));
                return;
        case FORM_ITEMS:
        case FORM_MAP:
                code_items(c, m, item, m->of()->size);
                /* fall through */
        case FORM_INLINE:
                for (size_t i = 0; i < member_n(item, m); i++)
                        code_members(c, m->of(), member_item(item, m, i));
                return;
        default:
                code_number(c, m, item);
        }
}

static void code_members(struct codec *c, const struct layout *l, void *item) {
        EACH_MEMBER(l, m)
                if (m->flags & STATE)
                        code_member(c, m, item);
}

/* --- boots --- */

static void write_prints(struct codec *c, const struct table *t) {
        for (size_t i = 0; i < t->n_slots; i++)
                if (t->slots[i].item)
                        codec_u64(c, &t->slots[i].hash);
}

static void code_repeats(struct codec *c, struct repeats *r) {
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
                        c->error = repeats_remember(r, print);
        }
}

static void code_boot(struct codec *c, struct boot *b) {
        c->arena = &b->arena;
        code_members(c, boot_layout(), b);
        code_repeats(c, &b->repeats);
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

static void restore_finding(struct codec *c, struct scan *s, uint32_t boot) {
        struct finding *f = calloc(1, sizeof(*f));

        if (!f) {
                c->error = -ENOMEM;
                return;
        }
        c->arena = &f->arena;
        f->boot = boot;
        code_members(c, finding_layout(), f);
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
                code_members(c, finding_layout(), s->store.items[i]);
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
                if ((uint64_t) l->at + l->raw_n >= (uint64_t) r->bytes.size ||
                    (uint64_t) l->text_at + l->text_n > r->bytes.size)
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
        CODE(c, r->behind);
        CODE(c, r->shown);
        CODE(c, r->foreign);
        CODE(c, r->mixed);
        CODE(c, r->awaited);
}

static void restore_report(struct codec *c, struct scan *s) {
        _cleanup_(arena_free) struct arena arena = {};
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
                uint32_t at;

                if (c->reading) {
                        /* The type is a literal; the follower knows which. */
                        int e = scan_add_source(s, "", "journal", &at);
                        if (e < 0) {
                                c->error = e;
                                return;
                        }
                }
                c->arena = &scan_source(s, i)->arena;
                code_members(c, source_info_layout(), scan_source(s, i));
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
