/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/seen.h"

#include "base/text_hash.h"

bool seen_again(struct seen_lines *s, const struct line *l) {
        const struct slice text = slice_trim(l->text);

        if (!l->record->console)
                return false;
        const uint64_t hash = text_hash(text);
        for (size_t i = 0; i < s->n && i < SEEN_MAX; i++)
                if (s->line[i].hash == hash && s->line[i].n == text.n && s->line[i].boot == l->record->boot &&
                    (!l->time.has_mono || (s->line[i].mono_us == l->time.mono_us && s->line[i].mono_us > 0)))
                        return true;
        if (l->time.has_mono) {
                const size_t at = s->n++ % SEEN_MAX;
                s->line[at].hash = hash;
                s->line[at].n = text.n;
                s->line[at].boot = l->record->boot;
                s->line[at].mono_us = l->time.mono_us;
        }
        return false;
}
