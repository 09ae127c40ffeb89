/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/facility.h"

#include <string.h>

#include "base/stamp.h"
#include "line/clock.h"
#include "line/fields.h"

enum { BEFORE, BEHIND };
enum facility { UNSAID, KERN, OTHER };

/* "kern.warn", "[user.notice]:" */
static enum facility facility_in(struct slice word) {
        while (word.n && strchr("[(<\"", word.s[0]))
                word = slice_from(word, 1);
        while (word.n && strchr("])>\",:", word.s[word.n - 1]))
                word.n--;
        const size_t dot = slice_find_byte(word, '.');
        const struct slice level = dot == SLICE_NPOS ? SLICE_NULL : slice_from(word, dot + 1);
        bool kern;

        if (level.n < 2 || !is_severity(level) || !is_facility(slice_head(word, dot), &kern))
                return UNSAID;
        return kern ? KERN : OTHER;
}

static struct slice next_word(struct slice *rest) {
        *rest = slice_ltrim(*rest);
        return slice_token(rest, ' ');
}

/* What the line names before the kernel's tag or time, and in the word behind the tag. */
static void read_line(struct slice line, enum facility ret[2]) {
        enum { WORDS_MAX = 12 };
        struct stamp ignored = {};
        struct slice rest = line;

        ret[BEFORE] = ret[BEHIND] = UNSAID;
        for (size_t i = 0; i < WORDS_MAX && rest.n; i++) {
                struct slice at = slice_ltrim(rest);
                if (clock_kernel(&at, &ignored))
                        return;
                const struct slice word = next_word(&rest);
                if (slice_eq(word, SLICE("kernel:")) || slice_eq(word, SLICE("kernel[0]:"))) {
                        ret[BEHIND] = facility_in(next_word(&rest));
                        return;
                }
                if (ret[BEFORE] == UNSAID)
                        ret[BEFORE] = facility_in(word);
        }
        ret[BEFORE] = UNSAID;
}

void facilities_learn(struct facilities *f, struct slice line) {
        enum facility in[2];

        read_line(line, in);
        for (size_t i = BEFORE; i <= BEHIND; i++) {
                f->kern[i] += in[i] == KERN;
                f->others[i] += in[i] == OTHER;
        }
}

bool facilities_deny(const struct facilities *f, struct slice line) {
        enum facility in[2];

        if (f->kern[BEFORE] <= f->others[BEFORE] && f->kern[BEHIND] <= f->others[BEHIND])
                return false;
        read_line(line, in);
        for (size_t i = BEFORE; i <= BEHIND; i++)
                if (in[i] == OTHER && f->kern[i] > f->others[i])
                        return true;
        return false;
}
