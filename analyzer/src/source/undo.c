/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/undo.h"

#include <ctype.h>
#include <string.h>

#include "line/clock.h"
#include "line/escapes.h"
#include "line/template.h"
#include "source/logcat.h"

/* Makes each line shorter, or leaves it; their number stays what it is. Returns the new end. */
static char *shorten_lines(char *p, char *end, size_t (*shorten)(char *p, size_t n)) {
        char *to = p;

        while (p < end) {
                char *newline = memchr(p, '\n', (size_t) (end - p));
                const size_t n = (size_t) ((newline ? newline : end) - p), left = shorten(p, n);
                if (to != p)
                        memmove(to, p, left);
                to += left;
                p += n;
                if (newline) {
                        *to++ = '\n';
                        p++;
                }
        }
        return to;
}

/* Returns the new end. by is not longer than what. */
static char *replace(char *p, char *end, struct slice what, struct slice by) {
        char *to = p;

        while (p < end) {
                char *at = memmem(p, (size_t) (end - p), what.s, what.n);
                const size_t n = (size_t) ((at ? at : end) - p);
                if (to != p)
                        memmove(to, p, n);
                to += n;
                p += n;
                if (at) {
                        to = mempcpy(to, by.s, by.n);
                        p += what.n;
                }
        }
        return to;
}

/* What pages and chats make of a log: blanks that do not break, "0x" with the sign for "times". */
static const struct slice hard_blank = SLICE("\u00a0"), times = SLICE("0\u00d7");

/* Undoes it. Returns the new end. */
static char *soften(char *p, char *end) {
        end = replace(p, end, hard_blank, SLICE(" "));
        return replace(p, end, times, SLICE("0x"));
}

/* Takes '\\' off that stands before a mark of Markdown's or CEF's. Returns the new end. */
static char *unmark(char *p, char *end) {
        char *to = p;

        while (p < end) {
                char *at = memchr(p, '\\', (size_t) (end - p));
                const size_t n = (size_t) ((at ? at : end) - p);
                if (to != p)
                        memmove(to, p, n);
                to += n;
                p += n;
                if (at && (++p == end || !strchr("_*[]<>#`~-+.!|(){}=", *p)))
                        *to++ = '\\';
                else if (at)
                        *to++ = *p++;
        }
        return to;
}

/* Is there a '\' within a name ("i915\_gem") or behind one ("rule\=")? The kernel itself prints one before ACPI's
 * names: "\_SB_.PCI0". */
static bool is_marked_down(struct slice s) {
        for (size_t i = 1; i + 1 < s.n; i++)
                if (s.s[i] == '\\' && (s.s[i + 1] == '_' || s.s[i + 1] == '=') &&
                    (isalnum((unsigned char) s.s[i - 1]) || s.s[i - 1] == '_'))
                        return true;
        return false;
}

/* Do most lines begin with a zero byte? */
static bool is_padded(struct slice s) {
        size_t n = 0, padded = 0;

        while (s.n) {
                const struct slice line = slice_token(&s, '\n');
                n++;
                padded += line.n > 1 && line.s[0] == '\0';
        }
        return padded > n / 2;
}

static size_t unpad(char *p, size_t n) {
        size_t zeros = 0;

        while (zeros < n && p[zeros] == '\0')
                zeros++;
        if (zeros)
                memmove(p, p + zeros, n - zeros);
        return n - zeros;
}

/* An element's tag of HTML: "<code>", "</pre>". The kernel's own are in capitals: "<TASK>". */
static size_t element(struct slice s) {
        struct slice name = s;

        if (!slice_eat(&name, SLICE("<")))
                return 0;
        slice_eat(&name, SLICE("/"));
        const size_t end = slice_find_byte(s, '>');
        return name.n && name.s[0] >= 'a' && name.s[0] <= 'z' && end != SLICE_NPOS ? end + 1 : 0;
}

static bool is_mark_of_text(char c) {
        return c == '`' || c == '*' || c == '_';
}

static bool begins_with_time(struct slice s) {
        struct stamp ignored = {};

        if (begins_with_kernels_time(s))
                return true;
        slice_eat(&s, SLICE("["));
        return clock_wall(&s, &ignored);
}

/* Marks of whoever wrote the text around a log, directly before a line's own beginning: Markdown's for code and
 * emphasis, tags of HTML. 0 where the line begins with no time behind them. */
static size_t frame_of(struct slice line) {
        const size_t blanks = line.n - slice_ltrim(line).n;
        size_t n = blanks;

        for (;;) {
                const struct slice s = slice_from(line, n);
                const size_t more = s.n && is_mark_of_text(s.s[0]) ? 1 : element(s);
                if (more == 0)
                        break;
                n += more;
                n += slice_from(line, n).n - slice_ltrim(slice_from(line, n)).n;
        }
        return n > blanks && begins_with_time(slice_from(line, n)) ? n : 0;
}

/* A mark before most lines is a part of what all of them begin with, and is learned. */
static bool is_framed(struct slice s) {
        size_t framed = 0, plain = 0;

        while (s.n) {
                const struct slice line = slice_token(&s, '\n');
                if (frame_of(line))
                        framed++;
                else
                        plain += begins_with_time(slice_ltrim(line));
        }
        return framed > 0 && framed <= plain;
}

/* The same marks at its end, or tags. */
static size_t without_end(struct slice line, char mark) {
        struct slice s = slice_rtrim(line);

        while (s.n && is_mark_of_text(mark) && s.s[s.n - 1] == mark)
                s.n--;
        for (const char *open; slice_ends(s, SLICE(">")) && (open = memrchr(s.s, '<', s.n)) &&
                               element(slice_from(s, (size_t) (open - s.s))) == (size_t) (s.s + s.n - open);)
                s = slice_rtrim(slice_head(s, (size_t) (open - s.s)));
        return s.n;
}

/* Blanks before them stay: a message's further lines are known by those. */
static size_t unframe(char *p, size_t n) {
        const struct slice line = { p, n };
        const size_t at = frame_of(line), blanks = n - slice_ltrim(line).n;

        if (at == 0)
                return n;
        const struct slice frame = slice_rtrim(slice_head(line, at)), rest = slice_from(line, at);
        const size_t left = without_end(rest, frame.s[frame.n - 1]);
        memmove(p + blanks, rest.s, left);
        return blanks + left;
}

/* "[215/9091]" behind blanks at a line's end: where in its lines a terminal stood whose screen was copied (tmux). The
 * number of bytes without it. */
static size_t without_position(struct slice line) {
        enum { APART = 4 }; /* blanks, at least */
        const struct slice s = slice_rtrim(line);
        const char *open = s.n ? memrchr(s.s, '[', s.n) : NULL;
        struct slice mark = open ? slice_from(s, (size_t) (open - s.s) + 1) : SLICE_NULL;
        uint64_t n;

        if (!slice_eat_u64(&mark, &n) || !slice_eat(&mark, SLICE("/")) || !slice_eat_u64(&mark, &n) ||
            !slice_eq(mark, SLICE("]")))
                return line.n;
        const struct slice before = slice_head(s, (size_t) (open - s.s)), text = slice_rtrim(before);
        return before.n >= text.n + APART ? text.n : line.n;
}

static bool is_of_screen(struct slice s) {
        while (s.n) {
                const struct slice line = slice_token(&s, '\n');
                if (without_position(line) < line.n)
                        return true;
        }
        return false;
}

static size_t drop_position(char *p, size_t n) {
        return without_position((struct slice){ p, n });
}

void undo_see(struct undo *u, struct slice beginning) {
        *u = (struct undo){
                .written_escapes = escapes_in(beginning) && !memchr(beginning.s, '\033', beginning.n),
                .softened = slice_has(beginning, hard_blank) || slice_has(beginning, times),
                .marked_down = is_marked_down(beginning),
                .padded = is_padded(beginning),
                .of_logcat = logcat_in(beginning),
                .framed = is_framed(beginning),
                .of_screen = is_of_screen(beginning),
        };
}

char *undo_escapes(char *p, char *end) {
        return shorten_lines(p, end, escapes_drop);
}

char *undo_changes(const struct undo *u, char *p, char *end) {
        if (u->padded)
                end = shorten_lines(p, end, unpad);
        if (u->of_logcat)
                end = shorten_lines(p, end, logcat_join);
        if (u->of_screen)
                end = shorten_lines(p, end, drop_position);
        if (u->framed)
                end = shorten_lines(p, end, unframe);
        if (u->softened)
                end = soften(p, end);
        return u->marked_down ? unmark(p, end) : end;
}
