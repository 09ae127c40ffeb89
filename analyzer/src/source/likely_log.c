/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/content.h"

#include "base/cleanup.h"
#include "line/clock.h"
#include "source/decode.h"

/* Does any line have a kernel's time, or a syslog's? */
static bool looks_like_log(struct slice head) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        struct record r = { .console = true, .origin = ORIGIN_UNVERIFIED };
        struct line l;

        while (head.n) {
                struct slice line = slice_token(&head, '\n');
                if (line_parse(line, &r, &scratch, &l) == 0 && (l.time.has_mono || l.time.has_real))
                        return true;
        }
        return false;
}

/* Syslog or what journalctl prints: lines begin with a time of day. Whether one is the kernel's may show late. */
static bool has_kernel_among_programs(struct input *in) {
        enum { LOOKED_AT = 1024 * 1024 };
        struct stamp t = {};
        struct slice text, line = SLICE_NULL;

        if (input_peek(in, LOOKED_AT, &text) < 0)
                return false;
        const struct slice all = text;
        while (text.n && (line = slice_token(&text, '\n'), slice_starts(line, SLICE("-- "))))
                ;
        return clock_wall(&line, &t) && (slice_has(all, SLICE(" kernel: ")) || slice_has(all, SLICE(" kernel - ")));
}

static size_t count_byte(struct slice s, char c) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += s.s[i] == c;
        return n;
}

/* Rows of as many columns each, below remarks. The last one may be cut. */
static bool is_divided_by(struct slice text, char divider) {
        size_t columns = 0, rows = 0;

        while (text.n) {
                const struct slice line = slice_token(&text, '\n');

                if (slice_starts(line, SLICE("#")))
                        continue;
                if (rows++ == 0)
                        columns = count_byte(line, divider);
                else if (text.n && count_byte(line, divider) != columns)
                        return false;
        }
        return rows > 1 && columns;
}

static bool is_table(const struct input *in, struct slice beginning) {
        return is_decoded(in, &decoder_csv) || is_divided_by(beginning, '\t') || is_divided_by(beginning, '|');
}

/* Of a folder's files and an archive's members some are logs, as far as the beginning tells. */
bool content_is_likely_log(const struct scan *s, struct input *in, struct slice beginning) {
        /* A table of titles or expectations has a report's words; a log's rows have times, or stacks. */
        if (is_table(in, beginning) && !slice_has(beginning, SLICE("+0x")) && !looks_like_log(beginning))
                return false;
        return looks_like_log(slice_head(beginning, CONTENT_HEAD)) || scan_hit(s, beginning) ||
               has_kernel_among_programs(in);
}
