/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/hosts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "line/clock.h"
#include "line/tag.h"

void hosts_done(struct hosts *h) {
        free(h->items);
        table_done(&h->names);
}

/* "<4>" and RFC 5424's version. */
static struct slice behind_priority(struct slice s) {
        uint64_t ignored;

        s = slice_ltrim(s);
        if (slice_eat(&s, SLICE("<")) && slice_eat_u64(&s, &ignored) && slice_eat(&s, SLICE(">")))
                slice_eat(&s, SLICE("1 "));
        return s;
}

/* Not a level, a processor or a number. */
static bool may_be_name(struct slice s) {
        size_t letters = 0, dots = 0, n = 0;

        for (size_t i = 0; i < s.n; i++) {
                const char c = s.s[i];
                if (!is_digit(c) && ((c | 32) < 'a' || (c | 32) > 'z') && !memchr("._-:", c, 4))
                        return false;
                letters += is_letter(c);
                dots += c == '.';
        }
        if (slice_starts(s, SLICE("cpu")) || slice_starts(s, SLICE("CPU")))
                for (n = 3; n < s.n && is_digit(s.s[n]); n++)
                        ;
        return (n == 0 || n < s.n) && (letters > 1 || dots == 3) && !is_priority(s);
}

/* A line's number, or a time of some other clock? */
static bool is_number(struct slice s) {
        size_t dots = 0;

        for (size_t i = 0; i < s.n; i++) {
                dots += s.s[i] == '.';
                if (!is_digit(s.s[i]) && s.s[i] != '.')
                        return false;
        }
        return dots < 3;
}

struct slice hosts_name(struct slice line) {
        struct slice s = behind_priority(slice_head(line, 256));
        struct stamp ignored = {};
        const bool timed = clock_wall(&s, &ignored);

        s = slice_ltrim(s);
        struct slice name = slice_token(&s, ' ');
        if (name.n == 0 || name.n >= sizeof(((struct host *) 0)->name))
                return SLICE_NULL;
        s = slice_ltrim(s);
        if (timed && !may_be_name(name))
                return SLICE_NULL;
        if (timed)
                return slice_starts(s, SLICE("kernel: ")) || slice_starts(s, SLICE("kernel - ")) ? name : SLICE_NULL;
        /* Written by a program that runs a command on many machines, or shows the output of many. */
        const bool divided = slice_ends(name, SLICE(":")) || slice_eat(&s, SLICE("|"));
        s = slice_ltrim(s);
        name.n -= slice_ends(name, SLICE(":"));
        return divided && !is_number(name) && clock_kernel(&s, &ignored) ? name : SLICE_NULL;
}

static bool is_name(const struct host *x, struct slice name) {
        return slice_eq(slice_of(x->name), name);
}

bool hosts_differ(const struct hosts *h, struct slice name) {
        return h->n == 0 || !is_name(&h->items[h->now], name);
}

/* The line from the kernel's time on, where that stands near its beginning. */
static struct slice from_kernels_time(struct slice line, uint64_t *us) {
        struct slice s = slice_head(line, 96);
        struct stamp t = {};

        for (size_t at; (at = slice_find_byte(s, '[')) != SLICE_NPOS; s = slice_from(s, at + 1)) {
                struct slice rest = slice_from(s, at);
                if (clock_kernel(&rest, &t)) {
                        *us = t.mono_us;
                        return slice_from(line, (size_t) (s.s - line.s) + at);
                }
        }
        return SLICE_NULL;
}

/* The first line names another machine. Does a line of the former machine follow before a kernel starts? If a kernel
 * starts with the first line, it may be the next boot of the former machine, which has another name while it boots:
 * then a line of the other machine must follow again, too. */
static bool goes_over(const struct hosts *h, struct slice s) {
        const struct slice first = slice_token(&s, '\n'), other = hosts_name(first);
        const bool begins = slice_has(first, SLICE("Linux version "));
        bool returned = false;

        while (s.n) {
                const struct slice line = slice_token(&s, '\n'), name = hosts_name(line);
                if (slice_has(line, SLICE("Linux version ")))
                        return false;
                returned = returned || (name.n && !hosts_differ(h, name));
                if (returned && (!begins || slice_eq(name, other)))
                        return true;
        }
        return false;
}

/* Does each have a clock of its own? The times of one kernel rise, whatever precedes them: a task, a part of the
 * machine. Equal lines at the same time under two names also come from two machines. */
static bool have_clocks(struct slice s) {
        struct slice before = SLICE_NULL, name_before = SLICE_NULL;
        uint64_t us = 0, last = 0;
        size_t n = 0, falls = 0, twice = 0;

        while (s.n) {
                const struct slice line = slice_token(&s, '\n'), name = hosts_name(line),
                                   text = from_kernels_time(line, &us);
                if (name.n == 0 || text.n == 0)
                        continue;
                falls += n && us < last;
                twice += n && slice_eq(text, before) && !slice_eq(name, name_before);
                n++;
                last = us;
                before = text;
                name_before = name;
        }
        return n == 0 || falls > 0 || twice > 0;
}

/* Do most of the kernel's lines name a machine? */
static bool name_machines(struct slice s) {
        enum { ONE_IN = 8 };
        size_t named = 0, nameless = 0;
        uint64_t ignored;

        while (s.n) {
                const struct slice line = slice_token(&s, '\n'), name = hosts_name(line);
                named += name.n > 0;
                nameless += name.n == 0 && from_kernels_time(line, &ignored).n > 0;
        }
        return nameless * ONE_IN <= named;
}

/* A look ahead costs what it reads, and each line may name another machine: on the whole no more is read so than a few
 * times what the text has, and a few dozen times at once. */
static bool may_look(struct hosts *h, size_t line, size_t ahead) {
        enum { AT_ONCE = 32, TIMES = 4 };

        h->text += line;
        if (h->looked + ahead > AT_ONCE * ahead + TIMES * h->text)
                return false;
        h->looked += ahead;
        return true;
}

bool hosts_return(struct hosts *h, struct slice ahead) {
        const size_t end = slice_find_byte(ahead, '\n');

        if (!may_look(h, end == SLICE_NPOS ? ahead.n : end, ahead.n))
                return false;
        h->named = name_machines(ahead);
        return h->named && h->n > 0 && goes_over(h, ahead) && have_clocks(ahead);
}

struct key {
        const struct hosts *hosts;
        struct slice name;
};

/* Items of the table are no pointers: those of the array move. */
static void *item_of(size_t i) {
        return (void *) (uintptr_t) (i + 1);
}

static size_t index_of(const void *item) {
        return (size_t) (uintptr_t) item - 1;
}

static bool is_same(const void *item, const void *key) {
        const struct key *k = key;

        return is_name(&k->hosts->items[index_of(item)], k->name);
}

static int set_name(struct hosts *h, size_t i, struct slice name) {
        struct host *x = &h->items[i];

        memcpy(x->name, name.s, name.n);
        x->name[name.n] = '\0';
        return table_add(&h->names, hash_slice(HASH_START, name), item_of(i));
}

/* Adds one, as the one that prints now. */
static int add(struct hosts *h, struct slice name) {
        if ((h->n & (h->n - 1)) == 0) {
                struct host *p = realloc(h->items, (h->n ? h->n * 2 : 1) * sizeof(*p));
                if (!p)
                        return -ENOMEM;
                h->items = p;
        }
        h->items[h->n] = (struct host){};
        h->now = h->n++;
        return set_name(h, h->now, name);
}

int hosts_switch(struct hosts *h, struct slice name, uint32_t boot, bool *ret_new) {
        enum { MANY = 1024 };
        const struct key key = { h, name };

        h->several = true;
        h->items[h->now].boot = boot;
        *ret_new = false;
        const void *item = table_get(&h->names, hash_slice(HASH_START, name), is_same, &key);
        if (item) {
                h->now = index_of(item);
                return 0;
        }
        if (h->n == MANY)
                return 0;
        *ret_new = true;
        return add(h, name);
}

int hosts_rename(struct hosts *h, struct slice name) {
        if (h->n == 0)
                return add(h, name);
        table_remove(&h->names, hash_slice(HASH_START, slice_of(h->items[h->now].name)), item_of(h->now));
        return set_name(h, h->now, name);
}
