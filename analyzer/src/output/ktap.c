/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "judge/judge.h"
#include "output/cases.h"
#include "output/export.h"
#include "output/terminal.h"

/* KTAP, version 1: a subtest for each boot, and in it a line for each test; what a finding says stands before its
 * line. */

/* As a terminal may show it. '#' begins a directive, and a line ends at its end. */
static void print_name(FILE *f, const char *s) {
        const struct terminal t = { .f = f };
        struct slice rest = slice_of(s);

        while (rest.n) {
                const size_t at = slice_find_byte(rest, '#');
                show(&t, slice_head(rest, at));
                if (at != SLICE_NPOS)
                        fputc('@', f);
                rest = at == SLICE_NPOS ? SLICE_NULL : slice_from(rest, at + 1);
        }
}

static int print_excerpt(FILE *f, const struct saved *s, const struct finding *x) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        const struct terminal t = { .f = f };
        struct slice lines;

        int e = store_excerpt(&s->scan.store, x, &scratch, &lines);
        while (e == 0 && lines.n) {
                fputs("  # ", f);
                show(&t, slice_token(&lines, '\n'));
                fputc('\n', f);
        }
        return e;
}

static int print_case(FILE *f, const struct saved *s, const struct test_case *c, size_t number) {
        int e = c->finding ? print_excerpt(f, s, c->finding) : 0;

        fprintf(f, "  %sok %zu ", c->outcome == OUTCOME_FAIL ? "not " : "", number);
        print_name(f, c->detector);
        if (c->finding) {
                fputs(": ", f);
                print_name(f, c->finding->title);
        }
        if (c->outcome == OUTCOME_SKIP) {
                fputs(" # SKIP ", f);
                print_name(f, c->why);
        }
        fputc('\n', f);
        return e;
}

static int print_boot(FILE *f, const struct saved *s, const struct by_boot *by_boot, uint32_t boot) {
        _cleanup_(cases_done) struct cases cases = {};
        const struct boot *b = s->scan.boots.items[boot];

        int e = cases_of_boot(s, by_boot, boot, &cases);
        char *label = e == 0 ? boot_label(&s->scan, by_boot, boot, &cases.arena) : NULL;
        if (e < 0 || !label)
                return -ENOMEM;
        fputs("  KTAP version 1\n  # Subtest: ", f);
        print_name(f, label);
        fprintf(f, "\n  1..%zu\n", cases.n);
        for (size_t i = 0; e == 0 && i < cases.n; i++)
                e = print_case(f, s, &cases.items[i], i + 1);
        for (size_t i = 0; i < b->n_labels; i++) {
                fputs("  # label: ", f);
                print_name(f, b->labels[i].name);
                fputc('=', f);
                print_name(f, b->labels[i].value);
                fputc('\n', f);
        }
        /* Lines that begin with "# " and are no subtest's name are shown as they are. */
        for (size_t i = 0; i < b->n_reasons; i++) {
                fputs("  # not proven: ", f);
                print_name(f, b->reasons[i]);
                fputc('\n', f);
        }
        fprintf(f, "%sok %u ", cases.failed ? "not " : "", boot + 1);
        print_name(f, label);
        if (!cases.failed && b->verdict == VERDICT_NOT_PROVEN)
                fputs(" # SKIP not proven", f);
        fputc('\n', f);
        return e;
}

static int write_form(const struct saved *s, const struct export_options *o, FILE *f) {
        _cleanup_(by_boot_done) struct by_boot by_boot = {};
        int e = by_boot_make(&s->scan, &by_boot);

        (void) o;
        fprintf(f, "KTAP version 1\n# written by vmlife " VMLIFE_VERSION "\n1..%zu\n", s->scan.boots.n);
        for (uint32_t i = 0; e == 0 && i < s->scan.boots.n; i++)
                e = print_boot(f, s, &by_boot, i);
        return e;
}

const struct export export_ktap = { "ktap", "test results in the kernel's test format", write_form, false };
