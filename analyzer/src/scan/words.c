/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/words.h"

#include <string.h>

#include "base/text_hash.h"
#include "line/frame.h"
#include "line/own_words.h"

/* A user can put a task's name where a mark of a report's structure would be read. */
static bool is_forged(struct slice text, enum line_class class) {
        if (class == LINE_OTHER || class == LINE_BLANK)
                return false;
        /* The address before a frame may have no letter, as a task's number has none. */
        return begins_with_task(text) || (class != LINE_FRAME && begins_with_id(text)) || begins_with_name(text);
}

/* What the table has of reports is theirs, of a task called "x [9] y" too. A row of the table of tasks begins with a
 * number. */
static bool is_of_task(struct slice text) {
        if (tells_of_task(text))
                return true;
        return !slice_starts(text, SLICE("[")) && begins_with_id(text) && !begins_with_task(text);
}

static struct words ask(struct slice text) {
        struct words w = { .class = LINE_FRAME };
        struct frame_view plain;

        /* Most lines are frames, which in their plain form have no room for a name and what follows it. */
        if (frame_parse_plain(slice_trim(text), &plain))
                return w;
        w.class = line_classify(text);
        w.forged = is_forged(text, w.class);
        if (w.class == LINE_OTHER || w.forged) {
                w.is_name = begins_with_name(text);
                w.of_task = is_of_task(text);
        }
        return w;
}

struct words *words_of(struct known_words *k, struct slice text) {
        if (text.n == 0 || text.n > WORDS_LONGEST) {
                k->other = ask(text);
                return &k->other;
        }
        const uint64_t hash = text_hash(text);
        typeof(&k->sets[0]) set = &k->sets[hash % WORDS_SETS];
        for (size_t i = 0; i < WORDS_WAYS; i++) {
                struct known_text *t = &set->texts[i];
                if (set->hashes[i] == hash && t->n == text.n && memcmp(t->text, text.s, text.n) == 0)
                        return &t->words;
        }
        const size_t i = set->oldest++ % WORDS_WAYS;
        set->hashes[i] = hash;
        set->texts[i] = (struct known_text){ .words = ask(text), .n = text.n };
        memcpy(set->texts[i].text, text.s, text.n);
        return &set->texts[i].words;
}

const struct kind *words_start(struct words *w, struct slice text, uint64_t named) {
        if (w->named != named) {
                w->starter = kinds_start(text, named);
                w->named = named;
        }
        return w->starter;
}
