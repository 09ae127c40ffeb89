/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/template.h"

#include <string.h>

#include "base/macros.h"
#include "line/clock.h"
#include "line/fields.h"

static bool is_word_byte(char c) {
        return is_letter(c) || is_digit(c) || (unsigned char) c >= 0x80 || (c && strchr("_-./@+%#~\\$", c));
}

char closing_bracket(char open) {
        return open == '[' ? ']' : open == '(' ? ')' : open == '<' ? '>' : open == '{' ? '}' : '\0';
}

/* The bytes from an opening bracket to behind its closing one; 0 where that does not come soon. */
static size_t bracket(struct slice s) {
        enum { LONGEST = 160 };
        const char open = s.s[0], close = closing_bracket(open);
        size_t depth = 0;

        for (size_t i = 0; i < s.n && i < LONGEST; i++) {
                if (s.s[i] == open)
                        depth++;
                else if (s.s[i] == close && --depth == 0)
                        return i + 1;
        }
        return 0;
}

static size_t number(struct slice s) {
        size_t i = 0;

        while (i < s.n &&
               (is_digit(s.s[i]) || (i + 1 < s.n && i && strchr(".,:", s.s[i]) && s.s[i] && is_digit(s.s[i + 1]))))
                i++;
        return i;
}

bool is_letter_byte(char c) {
        return is_letter(c) || is_digit(c) || (unsigned char) c >= 0x80;
}

/* Marks at its end are none of the word's, nor is a number between marks, "kern.log-33-", as grep has it. */
static size_t word(struct slice s) {
        size_t i = 0, digits = 0;

        while (i < s.n && is_word_byte(s.s[i]))
                i++;
        while (i > 0 && !is_letter_byte(s.s[i - 1]))
                i--;
        if (i == s.n || s.s[i] != '-')
                return i;
        while (digits < i && is_digit(s.s[i - 1 - digits]))
                digits++;
        return digits && digits + 1 < i && s.s[i - 1 - digits] == '-' ? i - digits - 1 : i;
}

/* "[3:360]" is a processor and a task. */
static bool is_timed(struct slice in) {
        struct stamp t = {};
        return clock_any(&in, &t) && (in.n == 0 || !is_digit(in.s[0]));
}

bool is_kernel_word(struct slice w) {
        for (size_t i = 0; i + 4 <= w.n; i++)
                if ((w.s[i] | 32) == 'k' && (w.s[i + 1] | 32) == 'e' && (w.s[i + 2] | 32) == 'r' &&
                    (w.s[i + 3] | 32) == 'n')
                        return true;
        return false;
}

/* Blanks, and a letter before a bracket where others have a blank: Samsung's says whether interrupts are on, "] I[7:
 * task: 1] " beside "]  [7: task: 1] ". */
static size_t blanks(struct slice s) {
        const size_t n = s.n - slice_ltrim(s).n;

        if (n == 0 || n + 2 >= s.n || s.s[n] < 'A' || s.s[n] > 'Z' || s.s[n + 1] != '[')
                return n;
        return is_digit(s.s[n + 2]) || is_blank(s.s[n + 2]) ? n + 1 : n;
}

size_t template_next_part(struct slice s, struct part *p) {
        struct slice rest = s;
        struct stamp t = {};
        enum origin origin;
        uint32_t caller;
        size_t n;

        *p = (struct part){ .type = PART_MARK, .open = s.s[0] };
        if (is_blank(s.s[0])) {
                p->type = PART_BLANKS;
                return blanks(s);
        }
        if (clock_kernel(&rest, &t)) {
                *p = (struct part){ .type = PART_BRACKET, .open = '[', .timed = true };
                return s.n - rest.n;
        }
        if (s.s[0] != '[' && s.s[0] != '<') {
                p->type = field_kmsg(&rest, &t, &origin, &caller) ? PART_KMSG :
                          field_decoded(&rest, &origin)           ? PART_DECODED :
                          clock_any(&rest, &t)                    ? PART_CLOCK :
                                                                    PART_MARK;
                if (p->type != PART_MARK)
                        return s.n - rest.n;
        }
        /* A brace before a quotation is an object's, whose text is within. */
        if (closing_bracket(s.s[0]) && !(s.s[0] == '{' && s.n > 1 && (s.s[1] == '"' || s.s[1] == '\'')) &&
            (n = bracket(s)) > 0) {
                p->type = PART_BRACKET;
                p->timed = is_timed(slice_head(slice_from(s, 1), n - 2));
                return n;
        }
        n = number(s);
        const size_t letters = word(s);
        if (n > 0 && n >= letters) {
                p->type = PART_NUMBER;
                return n;
        }
        n = letters;
        if (n > 0) {
                p->type = PART_WORD;
                return n;
        }
        return 1;
}

bool template_make(struct template *t, struct slice prefix) {
        *t = (struct template){};
        if (prefix.n > PREFIX_MAX)
                return false;
        memcpy(t->bytes, prefix.s, prefix.n);
        struct slice s = slice_rtrim(prefix);
        t->pad = prefix.n - s.n;
        for (size_t at = 0; at < s.n;) {
                struct part *p = &t->parts[t->n];
                if (t->n == PARTS_MAX)
                        return false;
                size_t n = template_next_part(slice_from(s, at), p);
                p->at = (uint16_t) at;
                p->n = (uint16_t) n;
                at += n;
                t->n++;
        }
        return true;
}

char template_quote(struct slice prefix, struct slice rest) {
        static const char marks[] = { '"', '\'', '`' };

        for (size_t m = 0; m < sizeof(marks); m++) {
                size_t n = 0;
                for (size_t i = 0; i < prefix.n; i++)
                        n += prefix.s[i] == marks[m];
                if (n % 2 && slice_find_byte(rest, marks[m]) != SLICE_NPOS)
                        return marks[m];
        }
        return '\0';
}

/* --- a line by a template --- */

/* Of the labels that Loki's client prints, the one that journald set: {host="vm", transport="journal"}. */
static void read_labels(struct slice labels, enum origin *origin) {
        static const struct slice name = SLICE("transport=\"");
        const size_t at = slice_find(labels, name);

        if (at != SLICE_NPOS && !slice_starts(slice_from(labels, at + name.n), SLICE("kernel\"")))
                *origin = ORIGIN_USERSPACE;
}

struct slice kernel_label(struct slice labels) {
        static const struct slice value = SLICE("\"kernel\"");
        const size_t at = slice_find(labels, value);
        size_t begin = at;

        if (!slice_starts(labels, SLICE("{")) || at == SLICE_NPOS)
                return SLICE_NULL;
        while (begin > 1 && !strchr(" ,", labels.s[begin - 1]))
                begin--;
        return begin < at ? slice_head(slice_from(labels, begin), at - begin + value.n) : SLICE_NULL;
}

/* own: the template's. */
static void read_bracket(struct slice own, struct slice whole, struct prefix *ret) {
        struct slice s = whole, in = slice_head(slice_from(whole, 1), whole.n - 2);

        if (s.s[0] == '<' && field_priority(&s, &ret->origin))
                return;
        if (s.s[0] == '{') {
                const struct slice label = kernel_label(own);
                read_labels(s, &ret->origin);
                if (label.n && !slice_has(s, label))
                        ret->origin = ORIGIN_USERSPACE;
        }
        if (s.s[0] == '[' && (clock_kernel(&s, &ret->time) || field_caller(&s, &ret->caller)))
                return;
        if (!clock_any(&in, &ret->time) && whole.s[0] == '[')
                field_task(in, &ret->caller);
}

/* Do the words differ in a level behind a facility only: "kern.info", "kern.warning"? */
static bool differ_in_level(struct slice own, struct slice s) {
        const char *dot = own.n ? memrchr(own.s, '.', own.n) : NULL;
        const size_t n = dot ? (size_t) (dot + 1 - own.s) : 0;

        return n > 1 && slice_starts(s, slice_head(own, n)) && is_severity(slice_from(own, n)) &&
               is_severity(slice_from(s, n));
}

/* In a level that is a digit between dashes: Cisco's "%KERN-3-SYSTEM_MSG", "%KERN-6-SYSTEM_MSG". */
static bool differ_in_digit(struct slice own, struct slice s) {
        size_t at = 0;

        if (own.n != s.n)
                return false;
        while (at < s.n && own.s[at] == s.s[at])
                at++;
        return at > 0 && at + 1 < s.n && is_digit(own.s[at]) && is_digit(s.s[at]) && s.s[at - 1] == '-' &&
               s.s[at + 1] == '-' && slice_eq(slice_from(own, at + 1), slice_from(s, at + 1));
}

/* The same word, behind which a text may follow after a mark that could be a word's; or any, where words differ. */
static size_t match_word(struct slice own, bool any, bool loose, struct slice s) {
        /* A level of one letter: Android's "W/kernel", glog's "W1125". */
        if (own.n > 2 && s.n > 2 && is_letter_byte(s.s[0]) &&
            (own.s[1] == '/' ||
             (is_digit(own.s[1]) && is_severity(slice_head(own, 1)) && is_severity(slice_head(s, 1))))) {
                const size_t n = match_word(slice_from(own, 1), false, false, slice_from(s, 1));
                if (n > 0)
                        return n + 1;
        }
        if (slice_starts(s, own) && (s.n == own.n || !is_letter_byte(s.s[own.n])))
                return own.n;
        const size_t n = word(s);
        /* How much it matters differs from line to line. */
        const struct slice other = slice_head(s, n);
        return any || (loose && !is_kernel_word(own)) || (is_severity(own) && is_severity(other)) ||
                               differ_in_level(own, other) || differ_in_digit(own, other) ?
                       n :
                       0;
}

/* Is it the mark behind a file's name or a line's number, as grep gives them before the line? */
static bool is_greps(const struct template *t, const struct part *p) {
        const size_t i = (size_t) (p - t->parts);
        const struct part *first = &t->parts[0], *next = p + 1;

        if ((p->open != ':' && p->open != '-') || i == 0 || i + 1 >= t->n)
                return false;
        if (i == 1 && first->type == PART_WORD)
                return next->timed || (next->type == PART_NUMBER && is_greps(t, p + 2));
        return p[-1].type == PART_NUMBER && (i == 1 || (i == 3 && first->type == PART_WORD));
}

static bool match_any_part(const struct template *t, const struct part *p, bool first, bool loose, struct slice *s,
                           struct prefix *ret) {
        size_t n;

        if (p->type == PART_BLANKS) {
                n = blanks(*s);
                *s = slice_from(*s, n);
                return first || n > 0;
        }
        if (s->n == 0)
                return false;
        switch ((enum part_type) p->type) {
        case PART_CLOCK:
                ret->timed = true;
                return clock_any(s, &ret->time);
        case PART_KMSG:
                return field_kmsg(s, &ret->time, &ret->origin, &ret->caller);
        case PART_DECODED:
                return field_decoded(s, &ret->origin);
        case PART_BRACKET:
                ret->timed = ret->timed || p->timed;
                n = s->s[0] == p->open ? bracket(*s) : 0;
                if (n == 0 || (p->timed && !is_timed(slice_head(slice_from(*s, 1), n - 2))))
                        return false;
                read_bracket(template_part(t, p), slice_head(*s, n), ret);
                break;
        case PART_NUMBER:
                n = number(*s);
                /* A field's value had digits alone by chance: "id=00000131" where another line has "id=0000013f". */
                if (p > t->parts && p[-1].type == PART_MARK && p[-1].open == '=')
                        n = MAX(n, word(*s));
                break;
        case PART_WORD:
                n = match_word(template_part(t, p), p->any, loose, *s);
                break;
        default:
                if (p->any) {
                        n = is_blank(s->s[0]) ? s->n - slice_ltrim(*s).n : !is_letter_byte(s->s[0]);
                        break;
                }
                /* Python quotes with one mark or the other; grep divides a number from what it was looking for by ':',
                 * from lines around that by '-'. */
                n = s->s[0] == p->open ||
                    ((p->open == '"' || p->open == '\'') && (s->s[0] == '"' || s->s[0] == '\'')) ||
                    (is_greps(t, p) && (s->s[0] == ':' || s->s[0] == '-'));
                if (n && t->quote && (s->s[0] == '"' || s->s[0] == '\'' || s->s[0] == '`'))
                        ret->quote = s->s[0];
        }
        *s = slice_from(*s, n);
        return n > 0;
}

/* Most lines by far have the kernel's time, and many a caller: they are read without a call for all that a part can be.
 */
static inline bool match_common_part(const struct part *p, struct slice *s, struct prefix *ret) {
        if (p->type != PART_BRACKET || p->open != '[' || s->n == 0 || s->s[0] != '[')
                return false;
        ret->timed = ret->timed || p->timed;
        return p->timed ? clock_kernel(s, &ret->time) : field_caller(s, &ret->caller);
}

/* loose: words that the kernel's name is not in need not be the same. */
static bool match_part(const struct template *t, const struct part *p, bool first, bool loose, struct slice *s,
                       struct prefix *ret) {
        return match_common_part(p, s, ret) || match_any_part(t, p, first, loose, s, ret);
}

/* The text without its tail, which is sought from the end; where there is none, all of it. */
static struct slice cut_tail(const struct template *t, struct slice text, struct prefix *ret) {
        enum { FARTHEST = 160 };
        const struct slice whole = slice_rtrim(text);
        const bool apart = t->parts[t->n].type == PART_BLANKS; /* by one blank, or by a column's width of them */

        for (size_t n = 1; n <= whole.n && n <= FARTHEST; n++) {
                struct slice s = slice_from(whole, whole.n - n);
                struct prefix p = *ret;
                size_t i = apart;

                if (apart && (n == whole.n || !is_blank(s.s[-1])))
                        continue;

                while (i < t->tail_n && match_part(t, &t->parts[t->n + i], false, false, &s, &p))
                        i++;
                if (i == t->tail_n && s.n == 0) {
                        *ret = p;
                        return slice_rtrim(slice_head(whole, whole.n - n));
                }
        }
        return text;
}

bool template_match(const struct template *t, struct slice line, bool loose, const struct prefix *initial,
                    struct prefix *ret) {
        struct slice s = line;

        *ret = *initial;
        if (t->n && t->parts[0].type != PART_BLANKS)
                s = slice_ltrim(s);
        for (size_t i = 0; i < t->n; i++)
                if (!match_part(t, &t->parts[i], i == 0, loose, &s, ret))
                        return false;
        size_t pad = 0;
        while (pad < t->pad && pad < s.n && is_blank(s.s[pad]))
                pad++;
        /* Where nothing else ends the last part, a blank must. */
        if (t->n && t->pad && pad == 0 && s.n && t->parts[t->n - 1].type != PART_BRACKET &&
            t->parts[t->n - 1].type != PART_MARK)
                return false;
        ret->text = slice_from(s, pad);
        ret->width = line.n - ret->text.n;
        if (t->suffix_n) {
                const struct slice suffix = { t->suffix, t->suffix_n }, end = slice_rtrim(ret->text);
                if (slice_ends(end, suffix))
                        ret->text = slice_rtrim(slice_head(end, end.n - suffix.n));
        }
        if (t->tail_n)
                ret->text = cut_tail(t, ret->text, ret);
        return true;
}

bool template_same_part(const struct part *a, const struct part *b) {
        return a->type == b->type && a->timed == b->timed &&
               (a->open == b->open || (a->type != PART_BRACKET && a->type != PART_MARK));
}

bool template_is_caller(const struct template *t, const struct part *p) {
        struct slice b = template_part(t, p);
        uint32_t caller;
        return p->type == PART_BLANKS || (p->type == PART_BRACKET && field_caller(&b, &caller));
}

bool begins_with_kernels_time(struct slice line) {
        struct stamp ignored = {};
        struct part p;

        for (line = slice_ltrim(line); line.n; line = slice_from(line, template_next_part(line, &p))) {
                if (clock_kernel(&line, &ignored))
                        return true;
                template_next_part(line, &p);
                if (p.type != PART_BLANKS && p.type != PART_DECODED && p.open != '<')
                        return false;
        }
        return false;
}

bool has_outer(const struct template *t) {
        const struct slice prefix = { t->bytes, t->n ? (size_t) t->parts[t->n - 1].at + t->parts[t->n - 1].n : 0 };

        return prefix.n > 0 && !begins_with_kernels_time(prefix);
}
