/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/tag.h"

#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "line/clock.h"
#include "line/fields.h"

bool is_level(struct slice w) {
        static const char *const streams[] = { "stdout", "stderr",     "console", "serial", "uart",
                                               "dmesg",  "netconsole", "target",  "dut" };

        for (size_t i = 0; i < ARRAY_SIZE(streams); i++)
                if (strlen(streams[i]) == w.n && strncasecmp(streams[i], w.s, w.n) == 0)
                        return true;
        return (w.n > 1 && is_severity(w)) || slice_starts(w, SLICE("tty"));
}

/* "[12]" */
static bool is_number(struct slice s, uint64_t *ret) {
        return slice_eat(&s, SLICE("[")) && slice_eat_u64(&s, ret) && slice_eq(s, SLICE("]"));
}

bool is_programs(const struct template *t) {
        const bool clock = t->n > 0 && t->parts[0].type == PART_CLOCK;

        if (t->n < 3 || (!clock && !t->parts[0].timed))
                return false;
        /* Where bars divide columns these name the writer: "TIME| vcpu-0| I005: Guest: ". */
        if (clock && t->parts[1].type == PART_MARK && t->parts[1].open == '|')
                return false;
        /* No host is called "DEBUG": a logger says how much it matters. */
        if (t->parts[2].type == PART_WORD && is_level(template_part(t, &t->parts[2])))
                return false;
        for (size_t i = 2; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                const bool last = i + 1 == t->n || t->parts[i + 1].type == PART_BLANKS;
                if (p->type != PART_MARK || p->open != ':' || !last)
                        continue;
                const struct part *tag = &t->parts[i - 1];
                const bool numbered = tag->type == PART_BRACKET && tag->open == '[' && i > 2;
                uint64_t id = 0;
                const bool process = numbered && is_number(template_part(t, tag), &id) && id > 0;
                if (numbered)
                        tag--;
                if (tag->type != PART_WORD && !process && !(numbered && tag->type == PART_BRACKET))
                        return false;
                struct slice name = template_part(t, tag);
                /* Behind the kernel's own time words and marks are its messages', unless a tag of its follows. */
                const bool programs = process || ((clock || tag_of(t) > i) && !is_kernel_word(name));
                if (clock || (programs && !is_level(name)))
                        return programs && !is_level(name);
        }
        return false;
}

size_t tag_of(const struct template *t) {
        for (size_t i = 1; i + 1 < t->n; i++) {
                const struct part *next = &t->parts[i + 1];
                if (t->parts[i].type != PART_WORD || !slice_eq(template_part(t, &t->parts[i]), SLICE("kernel")))
                        continue;
                if (next->type == PART_BRACKET && slice_eq(template_part(t, next), SLICE("[0]")) && i + 2 < t->n)
                        next++;
                if (next->type == PART_BLANKS ? next + 1 < t->parts + t->n && next[1].open == '-' :
                                                next->type == PART_MARK && next->open == ':')
                        return i;
        }
        return 0;
}

bool is_priority(struct slice w) {
        const size_t dot = slice_find_byte(w, '.');

        return is_level(w) || (dot != SLICE_NPOS && is_level(slice_from(w, dot + 1)));
}

/* "nobody[12]: ", "(udev-worker)[12]: ", "cron: "; in RFC 5424 the name alone. */
static bool begins_with_tag(struct slice s, bool named, bool colon) {
        struct part p;
        size_t n;

        if (s.n == 0 || is_digit(s.s[0]))
                return false;
        n = template_next_part(s, &p);
        if (p.type != PART_WORD && (p.type != PART_BRACKET || p.open != '(' || p.timed))
                return false;
        if (p.type == PART_WORD && slice_eq(slice_head(s, n), SLICE("kernel")))
                return false;
        s = slice_from(s, n);
        if (!colon)
                return s.n > 0 && is_blank(s.s[0]);
        const bool numbered = s.n > 1 && s.s[0] == '[' && is_digit(s.s[1]);
        if (numbered)
                s = slice_from(s, template_next_part(s, &p));
        return (numbered || named) && s.n > 0 && s.s[0] == ':' && (s.n == 1 || is_blank(s.s[1]));
}

bool is_tagged(const struct template *t) {
        const size_t tag = tag_of(t);

        return tag && t->parts[tag + 1].type != PART_BLANKS;
}

bool has_plain_tag(const struct template *t) {
        const size_t tag = tag_of(t);

        for (size_t i = tag; i > 0; i--) {
                const struct part *p = &t->parts[i - 1];
                if (p->type == PART_MARK && p->open == ':')
                        return false;
                if (p->type == PART_CLOCK || p->timed)
                        return true;
        }
        return tag > 0;
}

/* "I0920 09:48:12.345678       1 console.go:160] ": glog's. */
static bool is_glogs(const struct template *t) {
        const struct slice level = t->n ? template_part(t, &t->parts[0]) : SLICE_NULL;

        for (size_t i = 1; i < level.n; i++)
                if (!is_digit(level.s[i]))
                        return false;
        return level.n == 5 && strchr("IWEF", level.s[0]);
}

/* Its words before that part: hosts and what else a logger writes, but for levels. */
static size_t words_before(const struct template *t, size_t tag) {
        size_t n = 0;

        for (size_t i = 0; i < tag; i++) {
                const struct part *p = &t->parts[i];
                if (p->type == PART_CLOCK || p->timed || (p->type == PART_MARK && p->open == ']' && is_glogs(t)))
                        n = 0;
                else if ((p->type == PART_WORD || p->type == PART_NUMBER) && t->parts[i - (i > 0)].type == PART_BLANKS)
                        n += !is_priority(template_part(t, p));
        }
        return n;
}

bool has_long_tag(const struct template *t) {
        return words_before(t, tag_of(t)) > 1;
}

/* "kernel", "cron[7]": of the kernel, or with a process's number. */
static bool names_writer(struct slice tag, bool *kernels) {
        uint64_t ignored;

        *kernels = slice_eq(tag, SLICE("kernel")) || slice_eq(tag, SLICE("kernel[0]"));
        return *kernels || is_number(slice_from(tag, slice_find_byte(tag, '[')), &ignored);
}

/* Does the kernel's time begin within the first bytes? What is behind it is a message. */
static bool time_begins(struct slice s, size_t n) {
        struct stamp ignored = {};

        for (size_t at = 0, next;
             at < n && (next = slice_find_byte(slice_from(slice_head(s, n), at), '[')) != SLICE_NPOS; at += next + 1) {
                struct slice rest = slice_from(s, at + next);
                if (clock_kernel(&rest, &ignored))
                        return true;
        }
        return false;
}

/* Where a tag begins that the line names its writer by, SLICE_NPOS if it has none. *words: those before it. */
static size_t find_tag(struct slice line, size_t *words, bool *kernels) {
        enum { WORDS_MAX = 12 };
        struct slice rest = line;

        /* A table's columns name the writer; what else does in the line is in its text. */
        slice_eat(&rest, SLICE("\""));
        if (rest.n && memchr(",;|\t", rest.s[0], 4))
                return SLICE_NPOS;
        rest = line;
        for (*words = 0; *words < WORDS_MAX && (rest = slice_ltrim(rest)).n; ++*words) {
                const size_t at = line.n - rest.n;
                struct slice word = slice_token(&rest, ' ');
                if (word.s[0] == '[' || time_begins(slice_from(line, at), word.n))
                        break;
                if (slice_ends(word, SLICE(":")))
                        return names_writer(slice_head(word, word.n - 1), kernels) ? at : SLICE_NPOS;
        }
        return SLICE_NPOS;
}

bool tag_prefix(struct slice line, struct template *ret, bool *kernels) {
        static const struct slice tag = SLICE("kernel:");
        char bytes[PREFIX_MAX];
        struct slice rest = line;
        size_t words, n = 0;
        struct part p;

        while (rest.n && (n = template_next_part(rest, &p)) && (p.type == PART_BLANKS || p.open == '<') && !p.timed)
                rest = slice_from(rest, n);
        if (rest.n == 0 || (p.type != PART_CLOCK && !p.timed))
                return false;
        rest = slice_from(rest, n);
        const size_t at = find_tag(rest, &words, kernels), before = line.n - rest.n + at;
        if (at == SLICE_NPOS || before + tag.n > sizeof(bytes) || (p.type != PART_CLOCK && !*kernels))
                return false;
        memcpy(mempcpy(bytes, line.s, before), tag.s, tag.n);
        return template_make(ret, (struct slice){ bytes, before + tag.n });
}

/* Does the text of a line go on to a tag behind other words? That is the end of a program's. */
static bool goes_on_to_tag(struct slice s) {
        size_t words;
        bool kernels;

        return find_tag(s, &words, &kernels) != SLICE_NPOS && words > 0;
}

/* What divides the columns of a table, of which one names the writer. */
static bool is_divider(const struct template *t, size_t i) {
        return i < t->n && t->parts[i].type == PART_MARK && strchr(",;|", t->parts[i].open);
}

static bool is_quote(const struct template *t, size_t i) {
        return i < t->n && t->parts[i].type == PART_MARK && t->parts[i].open == '"';
}

size_t column_of(const struct template *t) {
        for (size_t i = 2; i + 1 < t->n; i++) {
                const size_t quoted = is_quote(t, i - 1) && is_quote(t, i + 1);
                if (t->parts[i].type == PART_WORD && slice_eq(template_part(t, &t->parts[i]), SLICE("kernel")) &&
                    i > quoted + 1 && is_divider(t, i - 1 - quoted) && is_divider(t, i + 1 + quoted))
                        return i;
        }
        return 0;
}

/* A line that has another name in the kernel's column; words of those before may differ. */
static bool has_others_column(const struct template *kernels, size_t column, struct slice line) {
        enum { LONGEST = 64 };
        const struct prefix none = {};
        struct template before = *kernels;
        const char divider = kernels->parts[column + 1].open;
        struct prefix p;

        before.n = column;
        before.pad = before.suffix_n = before.tail_n = 0;
        for (size_t i = 0; i < before.n; i++)
                before.parts[i].any = before.parts[i].any || before.parts[i].type == PART_WORD;
        if (!template_match(&before, line, false, &none, &p))
                return false;
        const size_t end = slice_find_byte(slice_head(p.text, LONGEST), divider);
        return end != SLICE_NPOS && end > 0 && !slice_eq(slice_head(p.text, end), SLICE("kernel"));
}

/* The labels that name the kernel. 0: none. */
static size_t label_of(const struct template *t) {
        for (size_t i = 1; i < t->n; i++)
                if (kernel_label(template_part(t, &t->parts[i])).n > 0)
                        return i;
        return 0;
}

/* A line whose labels do not name the kernel where its lines' do. */
static bool has_others_label(const struct template *kernels, struct slice line) {
        const struct prefix none = {};
        struct template before = *kernels;
        struct prefix p;

        before.n = label_of(kernels) + 1;
        before.pad = before.suffix_n = before.tail_n = 0;
        return template_match(&before, line, false, &none, &p) && p.origin == ORIGIN_USERSPACE;
}

size_t behind_name(const struct template *t) {
        const size_t column = column_of(t), label = column ? 0 : label_of(t);
        size_t next = column ? column + 1 : label;

        if (next == 0)
                return 0;
        if (column && is_quote(t, next))
                next++;
        next++;
        const size_t end = next;
        while (next < t->n && (is_quote(t, next) || t->parts[next].type == PART_BLANKS))
                next++;
        return next < t->n && t->parts[next].type == PART_BRACKET && t->parts[next].timed ? next + 1 : end;
}

bool is_fellow(const struct template *kernels, struct slice line) {
        const struct prefix none = {};
        const size_t tag = tag_of(kernels), column = tag ? 0 : column_of(kernels);
        struct template before;
        struct prefix p;
        bool named = false;

        if (!tag)
                return column ? has_others_column(kernels, column, line) :
                                label_of(kernels) && has_others_label(kernels, line);
        before = *kernels;
        before.n = tag;
        before.pad = before.suffix_n = 0;
        for (size_t i = 0; i < tag; i++)
                named = named || kernels->parts[i].type == PART_WORD;
        return template_match(&before, line, false, &none, &p) &&
               (begins_with_tag(p.text, named, kernels->parts[tag + 1].type != PART_BLANKS) || goes_on_to_tag(p.text));
}

bool is_others(const struct template *t, const struct template *kernels) {
        const size_t tag = tag_of(kernels);
        bool named = false;

        for (size_t i = 0; i < MIN(tag, t->n); i++) {
                const struct part *a = &t->parts[i], *b = &kernels->parts[i];
                if (!template_same_part(a, b) ||
                    (a->type == PART_WORD && !slice_eq(template_part(t, a), template_part(kernels, b))))
                        return false;
                named = named || a->type == PART_WORD;
        }
        if (t->n <= tag)
                return named;
        if (!tag || tag_of(t) > tag)
                return tag > 0;
        struct slice name = template_part(t, &t->parts[tag]);
        return t->parts[tag].type == PART_WORD && tag_of(t) != tag && !is_level(name);
}

bool lacks_name(const struct template *t, const struct template *kernels) {
        const size_t end = behind_name(kernels);
        size_t more = 0;

        if (end == 0 || t == kernels)
                return false;
        if (is_fellow(kernels,
                      (struct slice){ t->bytes, t->n ? (size_t) t->parts[t->n - 1].at + t->parts[t->n - 1].n : 0 }))
                return true;
        /* "TIME,user,kernel," beside "TIME,kern,kernel,". */
        const size_t column = column_of(kernels);
        for (size_t i = 0; i <= column; i++) {
                if (i >= t->n || !template_same_part(&t->parts[i], &kernels->parts[i]))
                        return false;
                if (t->parts[i].type != PART_WORD)
                        continue;
                const bool own = is_kernel_word(template_part(t, &t->parts[i])),
                           kern = is_kernel_word(template_part(kernels, &kernels->parts[i]));
                if (own && !kern)
                        return false;
                more += kern && !own;
        }
        return more > 0;
}

bool is_labelled_otherwise(const struct template *t, struct slice line) {
        const struct prefix none = {};
        struct template before = *t;
        struct prefix p;
        size_t i = 0;

        while (i < t->n && (t->parts[i].type != PART_BRACKET || t->parts[i].open != '{'))
                i++;
        if (i == t->n || kernel_label(template_part(t, &t->parts[i])).n > 0)
                return false;
        before.n = i;
        before.pad = before.suffix_n = before.tail_n = 0;
        return template_match(&before, line, false, &none, &p) &&
               kernel_label(slice_head(p.text, slice_find_byte(p.text, '}'))).n > 0;
}
