/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/tail.h"

#include <string.h>

#include "line/tag.h"

/* A field's value may be of digits alone in one line, and not in the next: "trace_id=000003e8". */
static bool are_values(const struct template *t, const struct template *with, size_t i) {
        const uint8_t a = t->parts[i].type, b = with->parts[i].type;

        return i > 0 && t->parts[i - 1].type == PART_MARK && t->parts[i - 1].open == '=' &&
               (a == PART_WORD || a == PART_NUMBER) && (b == PART_WORD || b == PART_NUMBER);
}

static bool alike(struct template *t, const struct template *with) {
        if (t->n != with->n)
                return false;
        for (size_t i = 0; i < t->n; i++)
                if (are_values(t, with, i) && t->parts[i].type != with->parts[i].type) {
                        t->parts[i].type = PART_WORD;
                        t->parts[i].any = true;
                } else if (!template_same_part(&t->parts[i], &with->parts[i]))
                        return false;
        for (size_t i = 0; i < t->n; i++)
                if (t->parts[i].type == PART_WORD &&
                    !slice_eq(template_part(t, &t->parts[i]), template_part(with, &with->parts[i])))
                        t->parts[i].any = true;
        return true;
}

void tail_see(struct tail *tail, struct slice rest, unsigned kind) {
        enum { COLUMN = 2 }; /* so many blanks tell a column; it may be as wide as it likes */
        const size_t blanks = rest.n - slice_ltrim(rest).n;
        struct template t;

        rest = slice_from(rest, blanks > COLUMN ? blanks - COLUMN : 0);
        tail->kinds |= (uint64_t) 1 << kind;
        if (rest.n == 0 || !template_make(&t, rest))
                tail->differs = true;
        else if (tail->lines == 0)
                tail->t = t;
        else if (!alike(&tail->t, &t))
                tail->differs = true;
        tail->lines++;
}

/* It begins with what ends the text: blanks, a mark, a bracket, a sign that is in no word of the kernel's. */
static bool is_apart(const struct template *t) {
        const struct part *p = &t->parts[0];
        return p->type == PART_BLANKS || p->type == PART_MARK || p->type == PART_BRACKET ||
               (p->type == PART_WORD && !p->any && (unsigned char) t->bytes[p->at] >= 0x80);
}

static bool has_letter(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (is_letter(s.s[i]))
                        return true;
        return false;
}

/* Kernel messages end in words behind a name that a user chose, as "NAME (7): drop_caches: 3" does, and users can have
 * the kernel say so many times: a column with one word for all lines is none, unless next to all lines have it, behind
 * a sign that no message puts behind a name, or several blanks, or as a logger's pair, "component=console". */
static bool has_words(const struct template *t) {
        for (size_t i = 0; i < t->n; i++) {
                const struct part *p = &t->parts[i];
                struct slice word = template_part(t, p);
                if (p->type == PART_WORD && !p->any && has_letter(word) && !is_level(word) && !is_kernel_word(word))
                        return true;
        }
        return false;
}

/* "component=console", "module=kernel level=info": a name's letters and the sign, as loggers add fields. */
static bool is_field(struct slice s) {
        size_t n = 0;

        while (n < s.n && (is_letter(s.s[n]) || s.s[n] == '_' || s.s[n] == '.'))
                n++;
        return n > 1 && n + 1 < s.n && s.s[n] == '=' && !is_blank(s.s[n + 1]);
}

static bool is_signed(const struct template *t) {
        const struct part *p = &t->parts[t->n > 1 && t->parts[0].type == PART_BLANKS];
        const struct slice bytes = slice_from((struct slice){ t->bytes, sizeof(t->bytes) }, t->parts[0].at);
        struct slice field = bytes;

        slice_eat(&field, SLICE(":"));
        if (slice_eat(&field, SLICE(" ")) && is_field(slice_ltrim(field)))
                return true;
        return slice_starts(bytes, SLICE("\t")) || slice_starts(bytes, SLICE("  ")) || p->open == '#' ||
               p->open == '@' || p->open == '{' || p->open == '|';
}

static bool is_several(const struct tail *tail) {
        return tail->lines >= 2 && __builtin_popcountll(tail->kinds) >= 2;
}

bool tail_seen(const struct tail *tail) {
        return tail->lines > 0 && !tail->differs && is_apart(&tail->t) && (!has_words(&tail->t) || is_signed(&tail->t));
}

bool tail_sure(const struct tail *tail, size_t n, size_t have) {
        enum { LEAST = 12 };

        if (is_several(tail) && has_words(&tail->t))
                return n >= LEAST && have * 20 >= n * 19;
        return n >= LEAST && (is_several(tail) ? have * 10 >= n * 9 : have == n);
}

bool tail_give(const struct tail *tail, struct template *t) {
        size_t used = 0;

        for (size_t i = 0; i < t->n; i++)
                used = t->parts[i].at + (size_t) t->parts[i].n;
        if (t->n + tail->t.n > PARTS_MAX)
                return false;
        for (size_t i = 0; i < tail->t.n; i++) {
                const struct part *p = &tail->t.parts[i];
                if (used + p->n > PREFIX_MAX)
                        return false;
                memcpy(t->bytes + used, tail->t.bytes + p->at, p->n);
                t->parts[t->n + i] = *p;
                t->parts[t->n + i].at = (uint16_t) used;
                used += p->n;
        }
        t->tail_n = tail->t.n;
        return true;
}

bool tail_has_letters(struct slice s) {
        bool tag = false;

        for (size_t i = 0; i < s.n; i++) {
                if ((unsigned char) s.s[i] == 0xe2) { /* U+2000 to U+2FFF: marks, arrows, the lines of boxes */
                        i += 2;
                        continue;
                }
                tag = s.s[i] == '<' || (tag && s.s[i] != '>');
                if (is_letter_byte(s.s[i]) && !tag && (i == 0 || (s.s[i - 1] != '\\' && s.s[i - 1] != '^')))
                        return true;
        }
        return false;
}

bool tail_may_be_marks(struct slice s) {
        return (s.n > 1 && !tail_has_letters(s)) || (s.n == 1 && strchr("|*$;`~^", s.s[0]));
}
