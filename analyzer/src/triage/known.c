/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/known.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/macros.h"
#include "boot/boot.h"
#include "line/frame.h"
#include "report/finding.h"
#include "triage/literals.h"

/* After so many findings that a pattern could not decide it is left alone: each costs as much as all the others. */
enum { STOPPED_MAX = 16 };

int known_new(struct known **ret, uint64_t today) {
        struct known *k = calloc(1, sizeof(*k));
        struct arena *a = calloc(1, sizeof(*a));

        if (!k || !a) {
                free(k);
                free(a);
                return -ENOMEM;
        }
        *k = (struct known){ .arena = a, .today = today };
        *ret = k;
        return 0;
}

struct known *known_free(struct known *k) {
        if (!k)
                return NULL;
        for (size_t i = 0; i < k->n_issues; i++) {
                pattern_free(k->issues[i]->title);
                pattern_free(k->issues[i]->rule);
                for (size_t n = 0; n < k->issues[i]->n_ranges; n++)
                        pattern_free(k->issues[i]->ranges[n].suffix);
        }
        for (size_t i = 0; i < k->n_routes; i++) {
                pattern_free(k->routes[i]->function);
                pattern_free(k->routes[i]->file);
        }
        literals_free(k->issue_words);
        literals_free(k->route_words);
        arena_free(k->arena);
        free(k->arena);
        free(k);
        return NULL;
}

/* --- does an issue match? Each returns 1, 0 or what pattern_match() says else --- */

static int one_of(const char *const *list, size_t n, const char *s) {
        for (size_t i = 0; i < n; i++)
                if (strcmp(list[i], s) == 0)
                        return 1;
        return n == 0;
}

static int by_text(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int signature_fits(const struct known_issue *i, const char *signature) {
        return i->n_signatures == 0 ||
               bsearch(&signature, i->signatures, i->n_signatures, sizeof(*i->signatures), by_text);
}

static int title_fits(struct pattern *p, const struct known_subject *s) {
        int e = !p ? 1 : pattern_match(p, slice_of(s->title));

        for (size_t i = 0; p && e == 0 && i < s->n_alt_titles; i++)
                e = pattern_match(p, slice_of(s->alt_titles[i]));
        return e;
}

static int rule_fits(struct pattern *p, const struct known_subject *s) {
        return !p ? 1 : s->rule ? pattern_match(p, slice_of(s->rule)) : 0;
}

static int range_fits(const struct known_range *r, const struct kernel_versions *k) {
        if ((r->since.set && version_against(k, &r->since.version) < 0) ||
            (r->until.set && version_against(k, &r->until.version) > 0))
                return 0;
        return r->suffix ? pattern_match(r->suffix, k->release.suffix) : 1;
}

/* A log that does not name its kernel matches no range: what may be new is not hidden. */
static int kernel_fits(const struct known_issue *i, const struct kernel_versions *k) {
        int e = i->n_ranges == 0;

        for (size_t n = 0; k->has_release && e == 0 && n < i->n_ranges; n++)
                e = range_fits(&i->ranges[n], k);
        return e;
}

/* The cheap ones first. */
static int issue_fits(const struct known_issue *i, const struct known_subject *s) {
        int e = one_of(i->detectors, i->n_detectors, s->detector);

        if (e == 1)
                e = signature_fits(i, s->signature) ||
                    (s->former_signature && *s->former_signature && signature_fits(i, s->former_signature));
        if (e == 1)
                e = kernel_fits(i, &s->kernel);
        if (e == 1)
                e = rule_fits(i->rule, s);
        return e == 1 ? title_fits(i->title, s) : e;
}

/* --- which issues can match at all --- */

static int add_issue_words(struct literals *l, uint32_t n, const struct known_issue *i) {
        int e = 0;

        if (i->n_signatures == 0)
                return literals_add(l, n, pattern_literal(i->title ? i->title : i->rule));
        for (size_t k = 0; e == 0 && k < i->n_signatures; k++)
                e = literals_add(l, n, slice_of(i->signatures[k]));
        return e;
}

static int prepare(struct known *k) {
        int e = 0;

        if (k->route_words)
                return 0;
        struct literals *issues = literals_new(), *routes = literals_new();
        if (!issues || !routes)
                e = -ENOMEM;
        for (uint32_t n = 0; e == 0 && n < k->n_issues; n++)
                e = add_issue_words(issues, n, k->issues[n]);
        for (uint32_t n = 0; e == 0 && n < k->n_routes; n++) {
                struct pattern *const patterns[] = { k->routes[n]->function, k->routes[n]->file };
                for (size_t i = 0; e == 0 && i < ARRAY_SIZE(patterns); i++)
                        e = patterns[i] ? literals_add(routes, n, pattern_literal(patterns[i])) : 0;
        }
        if (e == 0)
                e = literals_finish(issues);
        if (e == 0)
                e = literals_finish(routes);
        if (e < 0) {
                literals_free(issues);
                literals_free(routes);
                return e;
        }
        k->issue_words = issues;
        k->route_words = routes;
        return 0;
}

/* As in issue_fits(): what an issue is found by is in one of these. */
static const uint32_t *possible_issues(const struct known *k, const struct known_subject *s, size_t *n) {
        literals_begin(k->issue_words);
        literals_text(k->issue_words, slice_of(s->signature));
        literals_text(k->issue_words, slice_of(s->former_signature));
        literals_text(k->issue_words, slice_of(s->title));
        for (size_t i = 0; i < s->n_alt_titles; i++)
                literals_text(k->issue_words, slice_of(s->alt_titles[i]));
        literals_text(k->issue_words, slice_of(s->rule));
        return literals_entries(k->issue_words, n);
}

int known_find(struct known *k, const struct known_subject *s, const struct known_issue **ret,
               enum known_status *status) {
        const struct known_issue *in_force = NULL, *expired = NULL;
        size_t n_possible;

        if (prepare(k) < 0)
                return -ENOMEM;
        const uint32_t *possible = possible_issues(k, s, &n_possible);
        for (size_t n = 0; n < n_possible; n++) {
                struct known_issue *i = k->issues[possible[n]];
                int e = i->stopped < STOPPED_MAX ? issue_fits(i, s) : 0;

                if (e == -ENOMEM)
                        return e;
                i->stopped += e < 0;
                if (e != 1)
                        continue;
                i->matched++;
                if (i->says.expired && !expired)
                        expired = i;
                if (!i->says.expired && !in_force)
                        in_force = i;
        }
        *ret = in_force ? in_force : expired;
        *status = in_force ? STATUS_KNOWN : STATUS_NEW;
        return 0;
}

static bool found_in(struct pattern *p, const char *const *texts, size_t n) {
        for (size_t i = 0; p && i < n; i++)
                if (pattern_match(p, slice_of(texts[i])) == 1)
                        return true;
        return false;
}

const char *known_owner_of(struct known *k, const char *const *functions, size_t n_functions, const char *const *files,
                           size_t n_files) {
        size_t n_possible;

        if (prepare(k) < 0) {
                log_oom();
                return NULL;
        }
        literals_begin(k->route_words);
        for (size_t i = 0; i < n_functions; i++)
                literals_text(k->route_words, slice_of(functions[i]));
        for (size_t i = 0; i < n_files; i++)
                literals_text(k->route_words, slice_of(files[i]));
        const uint32_t *possible = literals_entries(k->route_words, &n_possible);
        for (size_t i = 0; i < n_possible; i++) {
                const struct known_route *r = k->routes[possible[i]];
                if (found_in(r->function, functions, n_functions) || found_in(r->file, files, n_files))
                        return r->owner;
        }
        return NULL;
}

/* --- findings of a scan --- */

int known_mark(struct known *k, struct finding *f, const struct boot *b) {
        struct known_subject s = {
                .signature = f->signature,
                .former_signature = f->former_signature,
                .title = f->title,
                .detector = f->detector,
                .rule = f->rule,
                .alt_titles = f->alt_titles,
                .n_alt_titles = f->n_alt_titles,
        };

        versions_of(b->release, b->version, &s.kernel);
        const struct known_issue *issue = NULL;
        int e = known_find(k, &s, &issue, &f->status);
        f->issue = issue ? &issue->says : NULL;
        return e;
}

/* Files of the functions to blame; where none is known, the one that the kernel named in its message, which is only
 * where it noticed. */
static size_t files_to_blame(const struct finding *f, const char **ret, size_t max) {
        size_t n = 0;

        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t k = 0; k < f->stacks[i].n_frames && n < max; k++) {
                        const struct frame *fr = &f->stacks[i].frames[k];
                        for (size_t m = 0; fr->file && fr->function && m < f->n_functions; m++)
                                if (slice_eq(function_base(slice_of(fr->function)), slice_of(f->functions[m]))) {
                                        ret[n++] = fr->file;
                                        break;
                                }
                }
        const char *at = finding_field(f, "at");
        if (n == 0 && at)
                ret[n++] = at;
        return n;
}

void known_route(struct known *k, struct finding *f) {
        const char *files[16];

        f->owner = f->issue ? f->issue->owner : NULL;
        if (!f->owner)
                f->owner = known_owner_of(k, f->functions, f->n_functions, files,
                                          files_to_blame(f, files, ARRAY_SIZE(files)));
}

/* --- what people must know of their lists --- */

static bool has_expired_match(const struct known_issue *i) {
        return i->says.expired && i->matched;
}

static bool was_stopped(const struct known_issue *i) {
        return i->stopped;
}

static bool is_idle(const struct known_issue *i) {
        return !i->matched && !i->says.expired && !i->stopped;
}

static bool is_over(const struct known_issue *i) {
        return !i->matched && i->says.expired;
}

/* One line for all of a sort: a list serves many logs, and most of it matches nothing in each. */
static void say_which(const struct known *k, bool (*is)(const struct known_issue *i), const char *what) {
        enum { NAMED = 5 };
        char names[512] = "";
        size_t n = 0, at = 0;

        for (size_t i = 0; i < k->n_issues; i++) {
                if (!is(k->issues[i]))
                        continue;
                if (n++ < NAMED && at < sizeof(names)) {
                        int more = snprintf(names + at, sizeof(names) - at, "%s%.64s", at ? ", " : "",
                                            k->issues[i]->says.name);
                        at += more > 0 ? (size_t) more : 0;
                }
        }
        if (n == 0)
                return;
        /* Names are the file's. */
        for (char *p = names; *p; p++)
                if ((unsigned char) *p < 0x20 || *p == 0x7f)
                        *p = '?';
        log_warning("%zu known issue%s %s: %s%s", n, n == 1 ? "" : "s", what, names, n > NAMED ? ", ..." : "");
}

void known_say(const struct known *k) {
        say_which(k, has_expired_match, "expired: findings that they match count as new; renew or remove");
        say_which(k, was_stopped, "not tried in full: a pattern takes too many steps; simplify it");
        say_which(k, is_over, "expired and matched nothing; to be removed");
        say_which(k, is_idle, "matched nothing here");
}
