/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/shape.h"

#include "base/macros.h"
#include "line/clock.h"
#include "line/fields.h"
#include "line/tag.h"

/* Parts up to the kernel's tag, or what names it otherwise, and, if it follows, the kernel's time. 0: no tag. */
size_t shape_behind_tag(const struct template *t) {
        for (size_t i = 1; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (p->type != PART_MARK || p->open != ':' || t->parts[i - 1].type != PART_WORD ||
                    !is_kernel_word(template_part(t, &t->parts[i - 1])))
                        continue;
                size_t next = i + 1 < t->n && t->parts[i + 1].type == PART_BLANKS ? i + 2 : i + 1;
                return next < t->n && t->parts[next].type == PART_BRACKET && t->parts[next].timed ? next + 1 : i + 1;
        }
        return behind_name(t);
}

/* A prefix after which the kernel's own words begin: its time, or its name as a tag. Parts up to there; 0. */
size_t shape_terminal(const struct template *t) {
        const size_t tag = shape_behind_tag(t);

        for (size_t i = 0; i < (tag ? tag : t->n); i++) {
                const struct part *p = &t->parts[i];
                struct slice b = template_part(t, p);
                struct stamp ignored = {};

                if (p->type == PART_KMSG || (p->type == PART_BRACKET && p->timed && clock_kernel(&b, &ignored)))
                        return i + 1;
        }
        return tag;
}

static bool same_bracket(const struct part *a, const struct part *b) {
        return a->type == PART_BRACKET && b->type == PART_BRACKET && a->open == b->open;
}

static bool is_gap(const struct part *p) {
        return p->type == PART_BLANKS || p->type == PART_MARK;
}

/* What may differ behind the kernel's time: a processor and a task in brackets may look like a time of day ("[5:45]"
 * beside "[3:360]"), and a mark before brackets says whether interrupts are on ("-(3)[360:x]" beside " (3)[360:x]"). */
static bool may_differ(const struct template *a, const struct template *b, size_t i) {
        const struct part *p = &a->parts[i], *q = &b->parts[i];

        return same_bracket(p, q) || (is_gap(p) && is_gap(q) && i + 1 < a->n && same_bracket(p + 1, q + 1));
}

/* Makes one template of two, words that differ becoming any; false where they are not alike. */
bool shape_merge(struct template *t, const struct template *with) {
        if (t->n != with->n || t->quote != with->quote)
                return false;
        const size_t end = shape_terminal(t);
        for (size_t i = 0; i < t->n; i++) {
                const struct part *a = &t->parts[i], *b = &with->parts[i];
                if (!template_same_part(a, b) && !(end > 0 && i >= end && may_differ(t, with, i)))
                        return false;
                if (a->type == PART_BRACKET && a->open == '{' &&
                    (kernel_label(template_part(t, a)).n > 0) != (kernel_label(template_part(with, b)).n > 0))
                        return false;
                if (a->type == PART_WORD && !slice_eq(template_part(t, a), template_part(with, b)) &&
                    (is_kernel_word(template_part(t, a)) || is_kernel_word(template_part(with, b))))
                        return false;
        }
        for (size_t i = 0; i < t->n; i++) {
                struct part *a = &t->parts[i];
                const struct part *b = &with->parts[i];
                a->timed = a->timed && b->timed;
                if (is_gap(a) && !template_same_part(a, b))
                        *a = (struct part){ .type = PART_MARK, .any = true, .at = a->at, .n = a->n };
                a->any = a->any || b->any ||
                         (a->type == PART_WORD && !slice_eq(template_part(t, a), template_part(with, b)));
        }
        t->pad = MIN(t->pad, with->pad);
        return true;
}

static bool is_known_field(const struct part *p) {
        return p->type == PART_CLOCK || p->type == PART_DECODED || p->type == PART_KMSG || p->timed;
}

/* The same as shape_terminal() where another time is what shows it first ("[Sat Sep 20 11:53:55 2025] "), or dmesg's
 * level: behind those, for a tag shows the rest. A logger's own words may follow, on all lines then, or a message that
 * begins with a word and what a user chose: "input: ". */
size_t shape_words_from(const struct template *t) {
        const size_t kernels = shape_terminal(t);
        size_t end = 0;

        if (has_plain_tag(t))
                return kernels;
        for (size_t i = 0; i < t->n && (end == 0 || end != kernels); i++) {
                const struct part *p = &t->parts[i];
                if (is_known_field(p))
                        end = i + 1;
                else if (end > 0 && !template_is_caller(t, p) && !(p->type == PART_BRACKET && p->open == '<'))
                        break;
        }
        return end ? end : kernels;
}

/* Do all parts have a meaning of their own, or name the kernel? Behind the marks of a quotation, if there are any. */
bool shape_is_plain(const struct template *t) {
        bool told = false;
        size_t quote = 0;

        while (quote < t->n && ((t->parts[quote].type == PART_MARK && t->parts[quote].open == '>') ||
                                (quote > 0 && t->parts[quote].type == PART_BLANKS)))
                quote++;
        for (size_t i = quote; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (p->type == PART_CLOCK || p->type == PART_KMSG || p->type == PART_DECODED ||
                    (p->type == PART_BRACKET && p->timed))
                        told = true;
                else if (p->type == PART_WORD && is_kernel_word(template_part(t, p)))
                        told = true;
                else if (p->type == PART_NUMBER || (p->type == PART_WORD && i > quote + 4) ||
                         (p->type == PART_MARK && p->open != ':'))
                        return false;
        }
        return told || t->n == 0;
}

/* Is there something in it that any two words do not have? */
bool shape_has_numbers(const struct template *t) {
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].type == PART_CLOCK || t->parts[i].type == PART_NUMBER || t->parts[i].timed)
                        return true;
        return false;
}

/* Does the line begin with a time, or with fields that only logs have? Behind a syslog's priority and version. */
bool shape_begins_line(struct slice line) {
        enum origin ignored;
        struct part p;

        line = slice_ltrim(line);
        if (field_priority(&line, &ignored))
                slice_eat(&line, SLICE("1 "));
        if (line.n == 0)
                return false;
        template_next_part(line, &p);
        return p.type == PART_CLOCK || p.type == PART_KMSG || p.type == PART_DECODED || p.timed;
}

/* Only marks, such as a quotation's, or blanks? Rests have those too. */
bool shape_is_marks(const struct template *t) {
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].type != PART_BLANKS && t->parts[i].type != PART_MARK)
                        return false;
        return true;
}

/* Is there more than a caller behind the kernel's time or name? */
bool shape_goes_on(const struct template *t, size_t end) {
        for (size_t i = end; end && i < t->n; i++)
                if (!template_is_caller(t, &t->parts[i]))
                        return true;
        return false;
}

/* Is it the first parts of another prefix, up to the kernel's time or name, and a caller at most? */
bool shape_is_head(const struct template *t, const struct template *of, size_t end) {
        if (t->n < end || (t->quote && t->quote != of->quote))
                return false;
        for (size_t i = 0; i < t->n; i++)
                if (i < end ? !template_same_part(&t->parts[i], &of->parts[i]) :
                              !template_is_caller(t, &t->parts[i]) && !t->parts[i].timed)
                        return false;
        return true;
}

/* Nothing but who called, which not all lines of a kernel have; a time, which no message begins with; or the kernel's
 * time or name somewhere. */
static bool is_named_behind(const struct template *t, size_t at) {
        while (at < t->n && (template_is_caller(t, &t->parts[at]) || is_gap(&t->parts[at])))
                at++;
        return at == t->n || shape_terminal(t) > at || is_known_field(&t->parts[at]);
}

/* Levels and tasks differ between the lines that two prefixes were made from: words are alike but for the kernel's
 * name.
 */
bool shape_is_beginning(const struct template *t, const struct template *of) {
        if (t->n == 0 || t->n >= of->n || shape_is_marks(t) || is_named_behind(of, t->n))
                return false;
        for (size_t i = 0; i < t->n; i++) {
                const struct part *a = &t->parts[i], *b = &of->parts[i];
                if (!template_same_part(a, b) || (a->type == PART_WORD && is_kernel_word(template_part(t, a)) !=
                                                                                  is_kernel_word(template_part(of, b))))
                        return false;
        }
        return true;
}

/* Words, and then the kernel's time, before any other? A program's unfinished line, or what somebody typed, may be what
 * one line has there; all have what a logger writes. */
bool shape_words_before_time(const struct template *t) {
        bool words = false;

        for (size_t i = 0; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                if (is_known_field(p))
                        return words && p->timed;
                words = words || p->type == PART_WORD;
        }
        return false;
}

bool shape_lacks_time(const struct template *t, const struct template *kernels) {
        const size_t end = shape_terminal(kernels);
        bool differs = false;

        if (end == 0 || !kernels->parts[end - 1].timed || t->n + 1 != end)
                return false;
        for (size_t i = 0; i < t->n; i++) {
                const struct part *a = &t->parts[i], *b = &kernels->parts[i];
                if (!template_same_part(a, b))
                        return false;
                if (a->type != PART_WORD || a->any || b->any ||
                    slice_eq(template_part(t, a), template_part(kernels, b)))
                        continue;
                /* A program may say the kernel's time, too. */
                if (is_kernel_word(template_part(t, a)))
                        return false;
                differs = true;
        }
        return differs;
}
