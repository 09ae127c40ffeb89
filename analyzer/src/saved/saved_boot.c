/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "judge/judge.h"
#include "saved/convert.h"

static void read_watch(struct reading *r, struct json_object *o, struct boot *b) {
        static const char *const presences[] = { "unknown", "no", "yes" };
        const char *name = need_text(r, o, "name");
        enum detector d = detector_of(slice_of(name));

        /* A later version may watch more. */
        if (d == DETECTOR_NONE)
                return;
        struct watch *w = &b->watch[d];
        w->present = (enum presence) MAX(read_choice(r, o, "present", presences, 3), 0);
        w->shown_by = read_text(r, o, "shown_by");
        w->since = read_stamp(r, o, "since");
        w->quiet = read_text(r, o, "quiet");
        if (w->quiet)
                w->quiet_at = read_stamp(r, o, "until");
        w->limited = read_text(r, o, "limited");
        w->spent = read_texts(r, o, "spent", &w->n_spent);
}

static void read_losses(struct reading *r, struct json_object *coverage, struct boot *b) {
        size_t n;
        struct json_object *array = read_array(r, coverage, "losses", &n);

        b->losses = n ? arena_new(r->arena, struct loss, n) : NULL;
        if (n && !b->losses)
                reading_oom(r);
        for (size_t i = 0; i < n && r->error == 0; i++) {
                struct json_object *o = read_item(r, array, "losses", i);
                struct loss *l = &b->losses[b->n_losses++];
                read_count(r, o, "messages", &l->n);
                l->after = read_stamp(r, o, "after");
                l->before = read_stamp(r, o, "before");
        }
}

static void read_limits(struct reading *r, struct json_object *coverage, struct boot *b) {
        size_t n;
        struct json_object *array = read_array(r, coverage, "rate_limited", &n);

        b->limits = n ? arena_new(r->arena, struct limit, n) : NULL;
        if (n && !b->limits)
                reading_oom(r);
        for (size_t i = 0; i < n && r->error == 0; i++) {
                struct json_object *o = read_item(r, array, "rate_limited", i);
                struct limit *l = &b->limits[b->n_limits++];
                l->function = need_text(r, o, "function");
                read_count(r, o, "messages", &l->n);
        }
}

static void read_coverage(struct reading *r, struct json_object *coverage, struct boot *b) {
        size_t n;
        struct json_object *detectors = read_array(r, coverage, "detectors", &n);

        b->from_start = read_flag(r, coverage, "from_start");
        for (size_t i = 0; i < n && r->error == 0; i++)
                read_watch(r, read_item(r, detectors, "detectors", i), b);
        read_losses(r, coverage, b);
        read_limits(r, coverage, b);
}

static void read_variant(struct reading *r, struct json_object *variant, struct boot *b) {
        b->loaded = variant;
        b->variant = read_text(r, variant, "version");
        b->tree = read_text(r, variant, "tree");
        b->rules = read_text(r, variant, "rules");
        b->inject = read_text(r, variant, "inject");
        b->load = read_text(r, variant, "load");
        b->unload = read_text(r, variant, "unload");
}

static void read_selftests(struct reading *r, struct json_object *exposure, struct boot *b) {
        size_t n;
        struct json_object *array = read_array(r, exposure, "selftests", &n);

        b->selftests = n ? arena_new(r->arena, struct selftest, n) : NULL;
        if (n && !b->selftests)
                reading_oom(r);
        for (size_t i = 0; i < n && r->error == 0; i++) {
                struct json_object *o = read_item(r, array, "selftests", i);
                struct selftest *t = &b->selftests[b->n_selftests++];
                t->name = read_text(r, o, "name");
                t->inject = read_text(r, o, "inject");
                read_count(r, o, "rounds", &t->rounds);
                read_integer(r, o, "error", &t->error);
        }
}

static void read_passes(struct reading *r, struct json_object *exposure, struct boot *b) {
        struct json_object *passes = read_object(r, exposure, "passes");

        if (!passes)
                return;
        b->passes = arena_new(r->arena, struct passes, (size_t) json_object_object_length(passes) + 1);
        if (!b->passes) {
                reading_oom(r);
                return;
        }
        json_object_object_foreach(passes, site, count) {
                struct passes *p = &b->passes[b->n_passes++];
                p->site = arena_dup(r->arena, slice_of(site));
                if (!p->site)
                        reading_oom(r);
                if (json_object_get_type(count) != json_type_int || json_object_get_int64(count) < 0)
                        reading_fail(r, "passes", "holds what is no count");
                if (r->error < 0)
                        return;
                p->n = json_object_get_uint64(count);
        }
}

static void read_exposure(struct reading *r, struct json_object *exposure, struct boot *b) {
        struct json_object *kcsan = read_object(r, exposure, "kcsan");

        read_selftests(r, exposure, b);
        read_passes(r, exposure, b);
        read_count(r, exposure, "reports", &b->reports);
        b->has_suppressed = read_count(r, exposure, "suppressed", &b->suppressed);
        read_count(r, exposure, "unchecked", &b->unchecked);
        b->kcsan_mode = read_text(r, kcsan, "mode");
        b->kcsan_selftest = read_text(r, kcsan, "selftest");
}

void convert_boot(struct reading *r, struct json_object *o, struct boot *b, uint64_t *source, bool *has_verdict) {
        static const char *verdicts[VERDICT_NOT_PROVEN + 1];

        for (int v = 0; v <= VERDICT_NOT_PROVEN; v++)
                verdicts[v] = verdict_name((enum verdict) v);
        read_digits(r, o, "id", "", 32, b->id);
        read_digits(r, o, "machine", "", 32, b->machine);
        b->host = read_text(r, o, "host");
        b->release = read_text(r, o, "release");
        b->version = read_text(r, o, "version");
        b->command_line = read_text(r, o, "command_line");
        read_count(r, o, "source", source);
        int verdict = read_choice(r, o, "verdict", verdicts, VERDICT_NOT_PROVEN + 1);
        *has_verdict = verdict >= 0;
        b->verdict = (enum verdict) MAX(verdict, 0);
        b->reasons = read_texts(r, o, "reasons", &b->n_reasons);
        read_coverage(r, read_object(r, o, "coverage"), b);
        read_count(r, o, "lost", &b->lost);
        b->first = read_stamp(r, o, "first_seen");
        b->last = read_stamp(r, o, "last_seen");
        read_variant(r, read_object(r, o, "variant"), b);
        read_exposure(r, read_object(r, o, "exposure"), b);
}

void convert_question(struct reading *r, struct json_object *asked, struct question *q) {
        size_t n;
        const char *fail_on = read_text(r, asked, "fail_on");
        struct json_object *require = read_array(r, asked, "require", &n);

        *q = (struct question) { .has_require = require };
        if (fail_on && !fail_on_parse(slice_of(fail_on), q))
                reading_fail(r, "fail_on", "is no level that there is");
        for (size_t i = 0; i < n && r->error == 0; i++) {
                enum detector d = detector_of(slice_of(read_string(r, "require", json_object_array_get_idx(require, i))));
                if (d != DETECTOR_NONE)
                        q->require[d] = true;
        }
}
