/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "line/clock.h"
#include "source/decode.h"

/* Logs that list the newest line first, as `journalctl -r` and what searches in collected logs give: they are turned
 * round. A message's further lines, which have no time of their own, stay behind its first. */

enum { PREFIX_MAX = 256 };

/* "11:53:55.123" in microseconds of the day. */
static bool time_of_day(struct slice s, uint64_t *ret) {
        uint64_t h, m, sec, fraction = 0;

        if (s.n < 8 || !slice_eat_u64(&s, &h) || !slice_eat(&s, SLICE(":")) || !slice_eat_u64(&s, &m) ||
            !slice_eat(&s, SLICE(":")) || !slice_eat_u64(&s, &sec) || h > 23 || m > 59 || sec > 60)
                return false;
        if (slice_eat(&s, SLICE(".")) || slice_eat(&s, SLICE(",")))
                for (uint64_t unit = 100000; unit && s.n && is_digit(s.s[0]); unit /= 10, s = slice_from(s, 1))
                        fraction += (uint64_t) (s.s[0] - '0') * unit;
        *ret = ((h * 60 + m) * 60 + sec) * 1000000 + fraction;
        return true;
}

/* When a line was printed: by the kernel's clock where that is there, else a time of day. */
static bool time_of_line(struct slice line, uint64_t *ret) {
        struct slice head = slice_head(line, PREFIX_MAX);
        struct stamp t = {};
        bool found = false;

        for (size_t i = 0; i < head.n; i++) {
                struct slice rest = slice_from(line, i);
                if (head.s[i] == '[' && clock_kernel(&rest, &t) && t.has_mono) {
                        *ret = t.mono_us;
                        return true;
                }
                if (!found && is_digit(head.s[i]) && (i == 0 || !is_digit(head.s[i - 1])))
                        found = time_of_day(rest, ret);
        }
        return found;
}

/* "9,": a table's first column, a number that counts lines or seconds, or nanoseconds since 1970. Six digits behind the
 * point at most. */
static bool number_of_line(struct slice line, uint64_t *ret) {
        enum { DIGITS = 6 };
        uint64_t whole, part = 0;

        slice_eat(&line, SLICE("\""));
        if (!slice_eat_u64(&line, &whole))
                return false;
        if (slice_eat(&line, SLICE("."))) {
                size_t n = 0;
                for (; line.n && is_digit(line.s[0]); line = slice_from(line, 1), n++)
                        part = n < DIGITS ? part * 10 + (uint64_t) (line.s[0] - '0') : part;
                for (; n < DIGITS; n++)
                        part *= 10;
                if (whole > UINT64_MAX / 1000000 - 1)
                        return false;
                whole *= 1000000;
        }
        slice_eat(&line, SLICE("\""));
        *ret = whole + part;
        return line.n && strchr(",;\t|", line.s[0]) && line.s[0];
}

typedef bool (*order_of_line_t)(struct slice line, uint64_t *ret);

/* What begins before it ends. */
static const struct {
        struct slice begin, end;
} pairs[] = {
        { SLICE("[ cut here ]"), SLICE("---[ end trace ") },
        { SLICE(" <TASK>"), SLICE(" </TASK>") },
        { SLICE(" <IRQ>"), SLICE(" </IRQ>") },
};

/* How many pairs end before they begin: more than one where the lines are turned round. */
static int backward_pairs(struct slice head) {
        int n = 0;

        for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
                size_t begin = slice_find(head, pairs[i].begin), end = slice_find(head, pairs[i].end);
                if (begin != SLICE_NPOS && end != SLICE_NPOS)
                        n += begin < end ? -1 : 1;
        }
        return n;
}

/* What lines of a report have, in the order in which they come. */
static const struct {
        struct slice words;
        size_t place;
        bool ends; /* the line ends so */
} steps[] = {
        { SLICE("------------[ cut here ]------------"), 1, true },
        { SLICE("BUG: "), 2, false },
        { SLICE("WARNING: "), 2, false },
        { SLICE("Call Trace:"), 3, true },
        { SLICE("Call trace:"), 3, true },
        { SLICE(" <TASK>"), 4, true },
        { SLICE(" </TASK>"), 5, true },
        { SLICE("---[ end trace "), 6, false },
};
enum { FIRST_STEP = 1, LAST_STEP = 6 };

static size_t step_of(struct slice line) {
        line = slice_rtrim(line);
        while (slice_ends(line, SLICE("\"")))
                line.n--;
        for (size_t i = 0; i < ARRAY_SIZE(steps); i++)
                if (steps[i].ends ? slice_ends(line, steps[i].words) : slice_has(line, steps[i].words))
                        return steps[i].place;
        return 0;
}

/* Lines of one moment tell by their words alone: then no two steps of a report are in order, as they are wherever one
 * lies the right way, whatever strings of users stand beside it. */
static bool is_reversed_moment(struct slice head, size_t least) {
        size_t before = 0, back = 0;

        while (head.n) {
                const size_t step = step_of(slice_token(&head, '\n'));
                if (step == 0)
                        continue;
                /* From one report to the next they leap. */
                if (before && step > before && !(before <= FIRST_STEP + 1 && step >= LAST_STEP - 1))
                        return false;
                back += step < before && !(step <= FIRST_STEP + 1 && before >= LAST_STEP - 1);
                before = step;
        }
        return back >= least;
}

/* How the lines' times follow each other. */
struct course {
        int down, up, timed;
};

static struct course course_of(struct slice head, order_of_line_t order) {
        struct course c = {};
        uint64_t last = 0, t;

        while (head.n) {
                if (!order(slice_token(&head, '\n'), &t))
                        continue;
                c.down += c.timed && t < last;
                c.up += c.timed && t > last;
                c.timed++;
                last = t;
        }
        return c;
}

/* By what the lines are in order, the newest first; NULL where they are not. */
static order_of_line_t reversed_by(struct slice head) {
        enum { MOMENT = 8, ENOUGH = 4 };
        const struct course times = course_of(head, time_of_line);
        const int signs = times.down + backward_pairs(head) * 2;

        if (times.down == 0 && times.up == 0 && times.timed >= MOMENT)
                return is_reversed_moment(head, 2) ? time_of_line : NULL;
        if (times.down > 0 && signs >= ENOUGH && times.up * 8 <= signs)
                return time_of_line;
        /* A report has one time where those are whole seconds: what goes back besides must be its words. */
        if (times.down > 0 && times.up == 0 && times.timed >= MOMENT)
                return is_reversed_moment(head, 1) ? time_of_line : NULL;
        const struct course numbers = course_of(head, number_of_line);
        if (times.timed * 4 > numbers.timed) /* a device's place on its bus looks like a time */
                return NULL;
        return numbers.down >= ENOUGH && numbers.up == 0 && is_reversed_moment(head, 1) ? number_of_line : NULL;
}

static bool is_reversed(struct slice head) {
        return reversed_by(head) != NULL;
}

struct reversed {
        struct decoded decoded;
        order_of_line_t order; /* what a message's first line has */
        size_t left;           /* bytes of it that were not given out */
        bool read;
};

static int reversed_begin(void *state) {
        struct reversed *r = state;
        struct slice head;
        int e = input_beginning(r->decoded.in, &head);

        r->order = e == 0 ? reversed_by(head) : NULL;
        r->order = r->order ? r->order : time_of_line;
        return e;
}

static int read_all(struct reversed *r) {
        int e = decoded_whole(r->decoded.in, &r->decoded.text);

        r->read = true;
        r->left = r->decoded.text.size;
        return e == 0 && r->decoded.text.size && r->decoded.text.data[r->decoded.text.size - 1] != '\n' ?
                       buffer_add(&r->decoded.text, "\n", 1) :
                       e;
}

/* The last message that was not given out: from a line with a time on. */
static int reversed_more(void *state, struct buffer *out) {
        struct reversed *r = state;
        int e = r->read ? 0 : read_all(r);

        if (e < 0 || r->left == 0)
                return e;
        size_t end = MIN(r->left + (r->left == r->decoded.text.size - 1), r->decoded.text.size), begin = r->left;
        uint64_t ignored;
        do {
                const char *newline = begin > 1 ? memrchr(r->decoded.text.data, '\n', begin - 1) : NULL;
                begin = newline ? (size_t) (newline + 1 - r->decoded.text.data) : 0;
        } while (begin > 0 && !r->order(buffer_slice(&r->decoded.text, begin, end - begin), &ignored));
        r->left = begin;
        e = buffer_add(out, r->decoded.text.data + begin, end - begin);
        return e < 0 ? e : 1;
}

const struct decoder decoder_reversed = {
        .name = "newest first",
        .is = is_reversed,
        .size = sizeof(struct reversed),
        .begin = reversed_begin,
        .more = reversed_more,
        .problem = decoded_newest_problem,
};
