/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <inttypes.h>
#include <time.h>

#include "base/macros.h"
#include "base/table.h"
#include "judge/judge.h"
#include "output/cases.h"
#include "output/export.h"
#include "output/xml.h"

/* JUnit's XML, in the part of it that all readers agree on: a suite for each boot, a case for each test. A suite is
 * named by the machine and the label "job", where these are known, for they are the same night by night. */

struct out {
        FILE *f;
        int error;
};

static void attribute(struct out *o, const char *key, const char *value) {
        if (!value)
                return;
        fprintf(o->f, " %s=\"", key);
        if (o->error == 0)
                o->error = print_xml_string(o->f, value);
        fputc('"', o->f);
}

static void property(struct out *o, const char *name, const char *value) {
        if (!value)
                return;
        fputs("      <property", o->f);
        attribute(o, "name", name);
        attribute(o, "value", value);
        fputs("/>\n", o->f);
}

static void print_excerpt(struct out *o, const struct saved *s, const struct finding *x) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct slice lines;

        if (o->error == 0)
                o->error = store_excerpt(&s->scan.store, x, &scratch, &lines);
        if (o->error == 0)
                o->error = print_xml(o->f, lines);
}

/* The detector's own test. */
static void print_detector_failure(struct out *o, const struct test_case *c) {
        fputs("      <failure", o->f);
        attribute(o, "type", c->detector);
        attribute(o, "message", c->why);
        fputs("/>\n", o->f);
}

static void print_failure(struct out *o, const struct saved *s, const struct finding *x) {
        fputs("      <failure", o->f);
        attribute(o, "type", x->kind);
        attribute(o, "message", x->title);
        fputs(">", o->f);
        if (x->rule) {
                o->error = o->error ? o->error : print_xml_string(o->f, x->rule);
                fputs(": ", o->f);
        }
        o->error = o->error ? o->error : print_xml_string(o->f, x->why);
        fprintf(o->f, "\nrelevance %s, severity %s, %" PRIu64 " time%s, signature %s\n\n", relevance_name(x->relevance),
                severity_name(x->severity), x->count, x->count == 1 ? "" : "s", x->signature);
        print_excerpt(o, s, x);
        fputs("</failure>\n", o->f);
}

static void print_case(struct out *o, const struct saved *s, const struct test_case *c) {
        fputs("    <testcase", o->f);
        attribute(o, "classname", c->detector);
        attribute(o, "name", c->finding ? c->finding->title : "silence");
        fputs(" time=\"0\"", o->f);
        if (c->outcome == OUTCOME_PASS) {
                fputs("/>\n", o->f);
                return;
        }
        fputs(">\n", o->f);
        if (c->outcome == OUTCOME_FAIL && c->finding)
                print_failure(o, s, c->finding);
        else if (c->outcome == OUTCOME_FAIL)
                print_detector_failure(o, c);
        else {
                fputs("      <skipped", o->f);
                attribute(o, "message", c->why);
                fputs("/>\n", o->f);
        }
        if (c->outcome == OUTCOME_SKIP && c->finding) {
                fputs("      <system-out>", o->f);
                print_excerpt(o, s, c->finding);
                fputs("</system-out>\n", o->f);
        }
        fputs("    </testcase>\n", o->f);
}

static void print_properties(struct out *o, const struct boot *b) {
        fputs("    <properties>\n", o->f);
        property(o, "verdict", verdict_name(b->verdict));
        property(o, "kernel", b->release);
        property(o, "boot", *b->id ? b->id : NULL);
        property(o, "machine", *b->machine ? b->machine : NULL);
        if (b->loaded)
                property(o, "inject", b->inject);
        for (size_t i = 0; i < b->n_labels; i++)
                property(o, b->labels[i].name, b->labels[i].value);
        for (size_t i = 0; i < b->n_reasons; i++)
                property(o, "not-proven", b->reasons[i]);
        fputs("    </properties>\n", o->f);
}

/* A name, and how many suites have it so far. */
struct counted {
        char *name;
        unsigned n;
};

static bool has_name(const void *item, const void *key) {
        return strcmp(((const struct counted *) item)->name, key) == 0;
}

/* The next number of that name, from 1; 0 when out of memory. */
static unsigned number_of(struct table *names, struct arena *arena, char *name) {
        const uint64_t hash = hash_slice(HASH_START, slice_of(name));
        struct counted *c = table_get(names, hash, has_name, name);

        if (!c && (c = arena_alloc(arena, sizeof(*c)))) {
                c->name = name;
                if (table_add(names, hash, c) < 0)
                        return 0;
        }
        return c ? ++c->n : 0;
}

/* Boots of one name are numbered. In the arena; NULL when out of memory. */
static char *suite_name(const struct boot *b, const char *label, struct table *names, struct arena *arena) {
        const char *job = boot_label_value(b, "job"), *machine = boot_machine(b);

        if (!machine && !job)
                return arena_dup(arena, slice_of(label));
        char *name = arena_printf(arena, "%s%s%s", machine ? machine : "", machine && job ? " " : "", job ? job : "");
        const unsigned n = name ? number_of(names, arena, name) : 0;
        return n == 0 ? NULL : n == 1 ? name : arena_printf(arena, "%s, boot %u", name, n);
}

static void print_suite(struct out *o, const struct saved *s, uint32_t boot, const struct cases *cases,
                        const char *name) {
        const struct boot *b = s->scan.boots.items[boot];

        fputs("  <testsuite", o->f);
        attribute(o, "name", name);
        fprintf(o->f, " tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" time=\"%.3f\"", cases->n,
                cases->failed, cases->skipped, boot_seconds(b));
        if (b->first.has_real) {
                char iso[32];
                time_t sec = (time_t) (b->first.real_us / 1000000);
                struct tm tm;
                if (gmtime_r(&sec, &tm) && strftime(iso, sizeof(iso), "%Y-%m-%dT%H:%M:%S", &tm))
                        attribute(o, "timestamp", iso);
        }
        attribute(o, "hostname", b->host);
        fputs(">\n", o->f);
        print_properties(o, b);
        for (size_t i = 0; i < cases->n; i++)
                print_case(o, s, &cases->items[i]);
        fputs("  </testsuite>\n", o->f);
}

/* Readers want the sums before the suites. */
static int count_all(const struct saved *s, const struct by_boot *by_boot, size_t sums[3]) {
        for (uint32_t i = 0; i < s->scan.boots.n; i++) {
                _cleanup_(cases_done) struct cases cases = {};
                int e = cases_of_boot(s, by_boot, i, &cases);
                if (e < 0)
                        return e;
                sums[0] += cases.n;
                sums[1] += cases.failed;
                sums[2] += cases.skipped;
        }
        return 0;
}

static int write_form(const struct saved *s, const struct export_options *options, FILE *f) {
        struct out o = { .f = f };
        _cleanup_(by_boot_done) struct by_boot by_boot = {};
        _cleanup_(table_done) struct table names = {};
        _cleanup_(arena_free) struct arena arena = {};
        size_t sums[3] = {};

        (void) options;
        o.error = by_boot_make(&s->scan, &by_boot);
        if (o.error == 0)
                o.error = count_all(s, &by_boot, sums);
        fprintf(f,
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"vmlife\" tests=\"%zu\" "
                "failures=\"%zu\" errors=\"0\" skipped=\"%zu\">\n",
                sums[0], sums[1], sums[2]);
        for (uint32_t i = 0; o.error == 0 && i < s->scan.boots.n; i++) {
                _cleanup_(cases_done) struct cases cases = {};
                o.error = cases_of_boot(s, &by_boot, i, &cases);
                char *label = o.error == 0 ? boot_label(&s->scan, &by_boot, i, &cases.arena) : NULL;
                char *name = label ? suite_name(s->scan.boots.items[i], label, &names, &arena) : NULL;
                if (name)
                        print_suite(&o, s, i, &cases, name);
                else
                        o.error = -ENOMEM;
        }
        fputs("</testsuites>\n", f);
        return o.error;
}

const struct export export_junit = { "junit", "test results for continuous integration systems", write_form, false };
