/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/seen.h"

#include "base/table.h"

/* Eight bytes at a time. */
static uint64_t hash_of_text(struct slice s) {
        uint64_t hash = HASH_START, v;

        for (; s.n >= sizeof(v); s = slice_from(s, sizeof(v))) {
                memcpy(&v, s.s, sizeof(v));
                hash = hash_u64(hash, v);
                hash ^= hash >> 32;
        }
        return hash_slice(hash, s);
}

bool seen_again(struct seen_lines *s, const struct line *l) {
        const struct slice text = slice_trim(l->text);

        if (!l->record->console)
                return false;
        const uint64_t hash = hash_of_text(text);
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
