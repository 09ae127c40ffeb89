/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/bug_report.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <time.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "kind/machinery.h"
#include "line/frame.h"
#include "output/mail_head.h"
#include "output/markdown.h"
#include "output/terminal.h"
#include "output/text.h"

/* More frames than this, or findings of the same boot, help nobody. */
enum { FRAMES_MAX = 16, OTHERS_MAX = 10 };

const char *report_form_name(size_t i) {
        static const char
                *const names[] = { [REPORT_MAIL] = "mail", [REPORT_GITLAB] = "gitlab", [REPORT_GITHUB] = "github" };

        return i < ARRAY_SIZE(names) ? names[i] : NULL;
}

static const struct boot *boot_of(const struct bug_report *r) {
        return r->line->scan->boots.items[r->line->example->boot];
}

static bool is_mail(const struct bug_report *r) {
        return r->form == REPORT_MAIL;
}

/* A log's words: a tracker must make nothing of them. */
static void words(const struct bug_report *r, const struct terminal *t, const char *s) {
        if (is_mail(r))
                show_text(t, s);
        else
                markdown_words(t->f, slice_of(s));
}

/* --- heads --- */

static void fact(const struct bug_report *r, const struct terminal *t, const char *name, const char *value) {
        if (!value || !*value)
                return;
        if (is_mail(r))
                fprintf(t->f, "%s:%*s", name, (int) (12 - strlen(name)), "");
        else
                fprintf(t->f, "- **%s:** ", name);
        words(r, t, value);
        fputc('\n', t->f);
}

struct recipients {
        const char *const *items;
        size_t n;
};

static void addresses(const struct terminal *t, const char *header, const struct recipients *all, size_t n) {
        const char *before = NULL;

        for (size_t k = 0; k < n; k++)
                for (size_t i = 0; i < all[k].n; i++) {
                        if (before)
                                fputs(before, t->f);
                        else
                                fprintf(t->f, "%s: ", header);
                        mail_person(t->f, all[k].items[i]);
                        before = ",\n ";
                }
        if (before)
                fputc('\n', t->f);
}

/* Owners of known issues come first. Whom the kernel's people put in Cc: reviewers, who is above the maintainers,
 * lists. */
static void head(const struct bug_report *r, const struct terminal *t, bool ascii) {
        const struct finding *x = r->line->example;

        if (!is_mail(r)) {
                fputs("# ", t->f);
                words(r, t, x->title);
                fputs("\n\n", t->f);
                return;
        }
        const struct recipients to[] = { { &x->owner, x->owner != NULL }, { x->maintainers, x->n_maintainers } };
        const struct recipients cc[] = { { x->reviewers, x->n_reviewers },
                                         { x->wider, x->n_wider },
                                         { x->lists, x->n_lists } };
        addresses(t, "To", to, ARRAY_SIZE(to));
        addresses(t, "Cc", cc, ARRAY_SIZE(cc));
        fputs("Subject: ", t->f);
        mail_subject(t->f, "[BUG] ", x->title);
        if (!ascii)
                fputs("\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n"
                      "Content-Transfer-Encoding: 8bit",
                      t->f);
        fputs("\n\n", t->f);
}

static void when(char *text, size_t n, const struct stamp *at) {
        const time_t seconds = (time_t) (at->real_us / 1000000);
        struct tm tm;

        *text = '\0';
        if (at->has_real && gmtime_r(&seconds, &tm) && strftime(text, n, "%F %T UTC", &tm))
                return;
        if (at->has_mono)
                snprintf(text, n, "%" PRIu64 ".%06" PRIu64 " s after the boot began", at->mono_us / 1000000,
                         at->mono_us % 1000000);
}

static void how_often(const struct bug_report *r, const struct terminal *t) {
        const struct signature_line *l = r->line;

        fprintf(t->f, "The kernel reported this %" PRIu64 " time%s in %zu boot%s", l->count, l->count == 1 ? "" : "s",
                l->n_boots, l->n_boots == 1 ? "" : "s");
        if (l->n_machines)
                fprintf(t->f, " on %zu machine%s", l->n_machines, l->n_machines == 1 ? "" : "s");
        fputs(".\n", t->f);
        if (l->injected)
                fputs("The fault was injected: this is a trial run, not a bug.\n", t->f);
        if (l->example->origin == ORIGIN_UNVERIFIED)
                fputs("The log does not record who wrote its lines.\n", t->f);
        for (size_t i = 0; i < l->example->n_corrupted; i++) {
                fputs("The report is damaged: ", t->f);
                words(r, t, l->example->corrupted[i]);
                fputs(".\n", t->f);
        }
        fputc('\n', t->f);
}

/* A mail names them in its head. */
static void people(const struct bug_report *r, const struct terminal *t, const struct finding *x) {
        if (is_mail(r))
                return;
        fact(r, t, "Owner", x->owner);
        for (size_t i = 0; i < x->n_maintainers; i++)
                fact(r, t, "Maintainer", x->maintainers[i]);
        for (size_t i = 0; i < x->n_reviewers; i++)
                fact(r, t, "Reviewer", x->reviewers[i]);
        for (size_t i = 0; i < x->n_wider; i++)
                fact(r, t, "Of a wider section", x->wider[i]);
        for (size_t i = 0; i < x->n_lists; i++)
                fact(r, t, "List", x->lists[i]);
}

/* An address without what a tracker would read as more than one. */
static bool is_plain_address(const char *s) {
        static const char *const begins[] = { "https://", "http://" };

        for (size_t i = 0; i < ARRAY_SIZE(begins); i++)
                if (strncmp(s, begins[i], strlen(begins[i])) == 0)
                        return strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:/.-_~?=%#") ==
                               strlen(s);
        return false;
}

/* Whoever keeps the known issues wrote the bug's address, and no log: it may be followed. */
static void known_as(const struct bug_report *r, const struct terminal *t, const struct finding *x) {
        const char *known = x->issue ? (x->issue->bug ? x->issue->bug : x->issue->name) : NULL;

        if (known && !is_mail(r) && is_plain_address(known))
                fprintf(t->f, "- **Known as:** <%s>\n", known);
        else
                fact(r, t, "Known as", known);
}

static void facts(const struct bug_report *r, const struct terminal *t) {
        const struct signature_line *l = r->line;
        const struct finding *x = l->example;
        const struct boot *b = boot_of(r);
        char first[64], last[64];

        /* A time since boot says something of one boot alone. */
        const bool one = l->n_boots == 1 && !l->first.has_real;
        when(first, sizeof(first), one ? &x->first : &l->first);
        when(last, sizeof(last), one && x->count > 1 ? &x->last : &l->last);
        fact(r, t, "Kernel", b->version ? b->version : b->release ? b->release : x->release);
        if (l->first_kernel && strcmp(l->first_kernel, l->last_kernel) != 0) {
                fact(r, t, "Oldest", l->first_kernel);
                fact(r, t, "Newest", l->last_kernel);
        }
        fact(r, t, "Tree", r->tree);
        fact(r, t, "Commit", r->commit);
        fact(r, t, "Hardware", x->hardware);
        fact(r, t, "Taint", x->taint);
        fact(r, t, "Severity", severity_name(x->severity));
        fact(r, t, "First seen", first);
        fact(r, t, "Last seen", last);
        const bool folder = x->guilty_file && slice_ends(slice_of(x->guilty_file), SLICE("/"));
        fact(r, t, folder ? "Folder" : "File", x->guilty_file);
        fact(r, t, "Guessed by", x->guilty_file_guess);
        fact(r, t, "Subsystem", x->subsystem);
        people(r, t, x);
        known_as(r, t, x);
        fact(r, t, "Signature", x->signature);
        if (r->command_line)
                fact(r, t, "Parameters", b->command_line ? b->command_line : "the log does not have them");
        fputc('\n', t->f);
}

/* --- the report itself --- */

static bool ends_stack(const struct frame *fr) {
        static const char *const entries[] = { "do_syscall_*",  "entry_SYSCALL*", "ret_from_fork*", "kthread",
                                               "worker_thread", "el0_svc*",       "invoke_syscall" };

        return in_patterns(function_base(slice_of(fr->function)), entries, ARRAY_SIZE(entries));
}

/* From the first frame that is no machinery to where the kernel was entered. */
static void stack(const struct terminal *t, const struct stack *s) {
        size_t i = 0, n = 0;

        while (i < s->n_frames && (!s->frames[i].reliable || is_machinery_frame(&s->frames[i], NULL)))
                i++;
        if (i == s->n_frames)
                i = 0;
        if (s->n_frames == 0)
                return;
        show_text(t, s->what);
        if (s->of) {
                fputs(" of ", t->f);
                show_text(t, s->of);
        }
        fputs(":\n", t->f);
        for (; i < s->n_frames && n < FRAMES_MAX && !ends_stack(&s->frames[i]); i++)
                if (s->frames[i].reliable) {
                        show_frame(t, &s->frames[i], 2);
                        n++;
                }
        if (i < s->n_frames && n == FRAMES_MAX)
                fputs("  ...\n", t->f);
}

/* Words of any kind: no line of them ends the block that they stand in, which four blanks before it prevent. */
static void verbatim(const struct bug_report *r, struct slice line, const struct terminal *t) {
        const struct slice words = slice_ltrim(line);

        if (!is_mail(r) &&
            !(words.n && ((words.s[0] >= 'A' && words.s[0] <= 'Z') || (words.s[0] >= 'a' && words.s[0] <= 'z'))))
                fputs("    ", t->f);
        show(t, line);
        fputc('\n', t->f);
}

static void body(const struct bug_report *r, const struct terminal *t) {
        const struct finding *x = r->line->example;

        /* Of several kernels' one is the example. */
        if (r->line->first_kernel && strcmp(r->line->first_kernel, r->line->last_kernel) != 0 && x->release) {
                fputs("As kernel ", t->f);
                words(r, t, x->release);
                fputs(" reported it:\n\n", t->f);
        }
        if (!is_mail(r))
                fputs("```\n", t->f);
        if (x->message)
                verbatim(r, slice_of(x->message), t);
        show_facts(t, x, 0);
        if (x->rip) {
                fputs("RIP: ", t->f);
                show_text(t, x->rip);
                fputc('\n', t->f);
        }
        for (size_t i = 0; i < x->n_stacks; i++)
                stack(t, &x->stacks[i]);
        if (x->code) {
                fputs("Code: ", t->f);
                show_text(t, x->code);
                fputc('\n', t->f);
        }
        fputs(is_mail(r) ? "\n" : "```\n\n", t->f);
}

/* What else the kernel reported in the boot of the example. */
static void others(const struct bug_report *r, const struct terminal *t) {
        const struct finding *x = r->line->example;
        const struct scan *s = r->line->scan;
        size_t n = 0;

        for (size_t i = 0; i < s->store.n; i++) {
                const struct finding *y = s->store.items[i];

                if (y == x || y->boot != x->boot || y->origin == ORIGIN_USERSPACE ||
                    strcmp(y->signature, x->signature) == 0)
                        continue;
                if (n == 0)
                        fputs("In the same boot:\n\n", t->f);
                if (n++ >= OTHERS_MAX)
                        continue;
                fputs("- ", t->f);
                show_time(t, &y->first);
                fputc(' ', t->f);
                words(r, t, y->title);
                if (y->count > 1)
                        fprintf(t->f, " (%" PRIu64 " times)", y->count);
                fputc('\n', t->f);
        }
        if (n > OTHERS_MAX)
                fprintf(t->f, "- and %zu more\n", n - OTHERS_MAX);
        if (n)
                fputc('\n', t->f);
}

static void how_to_read(const struct bug_report *r, const struct terminal *t) {
        const struct finding *x = r->line->example;
        const struct source_info *source = scan_source(r->line->scan, x->source);

        fputs("The whole report is ", t->f);
        if (strcmp(source->type, "text") == 0)
                fprintf(t->f, "at line %" PRIu64 " of ", x->number);
        else
                fputs("in ", t->f);
        words(r, t, source->name);
        fputs(",\nwhich can be sent on request. \"vmlife scan -vv\" prints it;\n\"vmlife explain ", t->f);
        show_text(t, x->detector);
        fputs("\" explains it.\n", t->f);
}

static void config(const struct bug_report *r, FILE *f) {
        const struct terminal t = { .f = f, .columns = 80 };
        struct slice rest = r->config;

        if (rest.n == 0)
                return;
        fputs(is_mail(r) ? "\nConfiguration:\n\n" : "\n<details><summary>Configuration</summary>\n\n```\n", f);
        while (rest.n)
                verbatim(r, slice_rtrim(slice_token(&rest, '\n')), &t);
        if (!is_mail(r))
                fputs("```\n\n</details>\n", f);
}

static void below_head(const struct bug_report *r, const struct terminal *t) {
        how_often(r, t);
        facts(r, t);
        body(r, t);
        others(r, t);
        how_to_read(r, t);
        config(r, t->f);
}

/* The head says what bytes the rest has. */
int bug_report_write(const struct bug_report *r, FILE *f) {
        _cleanup_free_ char *text = NULL;
        size_t n = 0;
        FILE *in_memory = open_memstream(&text, &n);

        if (!in_memory)
                return -ENOMEM;
        const struct terminal rest = { .f = in_memory, .columns = 80 }, t = { .f = f, .columns = 80 };
        below_head(r, &rest);
        if (fclose(in_memory) != 0)
                return -ENOMEM;
        head(r, &t, mail_is_ascii((struct slice){ text, n }));
        fwrite(text, 1, n, f);
        return 0;
}
