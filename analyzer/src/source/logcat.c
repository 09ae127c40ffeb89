/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/logcat.h"

#include <string.h>

#include "base/macros.h"
#include "line/clock.h"

/* A line of logcat's. */
struct entry {
        struct slice time;
        uint64_t pid, tid;
        struct slice tag, text;
};

static bool is_level(char c) {
        return c >= 'A' && c <= 'Z';
}

/* "  1204  1500 D ", behind a time and perhaps a zone and a user's name. */
static bool eat_columns(struct slice *s, struct entry *e) {
        enum { MOST = 5 };
        unsigned numbers = 0;

        for (unsigned i = 0; i < MOST; i++) {
                struct slice rest = slice_ltrim(*s), word = slice_token(&rest, ' '), digits = word;
                uint64_t n;
                if (word.n == 1 && is_level(word.s[0]) && numbers >= 2) {
                        *s = rest;
                        return true;
                }
                if (slice_eat_u64(&digits, &n) && digits.n == 0) {
                        e->pid = numbers ? e->tid : n;
                        e->tid = n;
                        numbers++;
                }
                *s = rest;
        }
        return false;
}

/* "RIP     : 0010:f": the tag is at least eight wide. */
static bool read_wide(struct slice s, struct entry *e) {
        enum { WIDTH = 8 };

        for (size_t i = WIDTH; i < s.n; i++)
                if (s.s[i] == ':' && (i + 1 == s.n || s.s[i + 1] == ' ')) {
                        e->tag = slice_trim(slice_head(s, i));
                        e->text = slice_from(s, MIN(i + 2, s.n));
                        return true;
                }
        return false;
}

/* "W/RIP     (    0): 0010:f" */
static bool read_brief(struct slice s, struct entry *e) {
        const size_t close = slice_find(s, SLICE("):"));
        const char *open = close != SLICE_NPOS ? memrchr(s.s, '(', close) : NULL;

        if (s.n < 2 || !is_level(s.s[0]) || s.s[1] != '/' || !open || open < s.s + 2)
                return false;
        struct slice id = slice_trim((struct slice){ open + 1, (size_t) (s.s + close - open - 1) });
        if (!slice_eat_u64(&id, &e->pid) || id.n)
                return false;
        e->tid = e->pid;
        e->tag = slice_trim((struct slice){ s.s + 2, (size_t) (open - s.s - 2) });
        e->text = slice_from(s, close + 2);
        slice_eat(&e->text, SLICE(" "));
        return true;
}

static bool read_entry(struct slice line, struct entry *e) {
        struct slice s = line;
        struct stamp ignored = {};

        *e = (struct entry){};
        /* Without one nothing could tell programs' tags from messages. */
        if (!clock_wall(&s, &ignored))
                return false;
        e->time = slice_head(line, line.n - s.n);
        return read_brief(slice_ltrim(s), e) || (eat_columns(&s, e) && read_wide(s, e));
}

/* "-(7)[1:swapper/0]", " [7:  swapper/0:    1]": does what the kernel's printk put there hold the process id that logd
 * found? */
static bool shows_id(struct slice s, uint64_t id) {
        enum { NEAR = 48 };

        s = slice_head(s, NEAR);
        const size_t open = slice_find_byte(s, '['), close = slice_find_byte(s, ']');
        if (open == SLICE_NPOS || close == SLICE_NPOS || close < open || open > 6)
                return false;
        struct slice in = slice_head(slice_from(s, open + 1), close - open - 1);
        while (in.n) {
                struct slice part = slice_trim(slice_token(&in, ':'));
                uint64_t n;
                if (slice_eat_u64(&part, &n) && part.n == 0 && n == id)
                        return true;
        }
        return false;
}

static bool is_kernels(const struct entry *e) {
        if (e->pid == 0 && e->tid == 0)
                return true;
        const struct slice said = e->tag.n ? e->tag : e->text;
        return said.n && strchr("-( [", said.s[0]) && (shows_id(said, e->pid) || shows_id(said, e->tid));
}

static bool names_kernel(struct slice tag) {
        return slice_has(tag, SLICE("kern")) || slice_has(tag, SLICE("KERN"));
}

static char *put(char *to, struct slice s) {
        memmove(to, s.s, s.n);
        return to + s.n;
}

size_t logcat_join(char *p, size_t n) {
        enum { TAG_MAX = 128 };
        char copy[TAG_MAX];
        struct entry e;

        if (!read_entry((struct slice){ p, n }, &e) || e.tag.n > TAG_MAX)
                return n;
        struct slice tag = { copy, e.tag.n }, name = SLICE("kernel");
        if (tag.n)
                memcpy(copy, e.tag.s, tag.n);
        if (!is_kernels(&e)) {
                name = tag.n && !names_kernel(tag) ? tag : SLICE("logcat");
                tag.n = 0;
        } else if (slice_eq(tag, SLICE("kernel")))
                tag.n = 0;
        /* Whether interrupts are on is no part of the message. */
        struct slice *said = tag.n ? &tag : &e.text;
        if (slice_eq(name, SLICE("kernel")) && slice_starts(*said, SLICE("-(")))
                *said = slice_from(*said, 1);
        const size_t head = e.time.n + 1 + name.n + 2 + (tag.n ? tag.n + 2 : 0);
        if (head > (size_t) (e.text.s - p))
                return n;
        char *to = put(p + head, e.text);
        char *at = put(put(put(put(p, e.time), SLICE(" ")), name), SLICE(": "));
        if (tag.n)
                put(put(at, tag), SLICE(": "));
        return (size_t) (to - p);
}

bool logcat_in(struct slice beginning) {
        enum { LEAST = 4, LOOK = 256 };
        size_t n = 0, all = 0;
        struct entry e;

        while (beginning.n && all < LOOK) {
                const struct slice line = slice_token(&beginning, '\n');
                if (slice_trim(line).n == 0 || slice_starts(line, SLICE("--------- beginning of ")))
                        continue;
                all++;
                n += read_entry(line, &e);
        }
        return n >= LEAST && n * 2 >= all;
}
