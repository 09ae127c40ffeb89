/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "source/journal.h"
#include "source/journal_map.h"

/* To step from entry to entry through libsystemd costs ten times what the search of a message does, and a message that
 * many entries have lies in the file once. So the kernel's entries are followed where they lie, as the match's list
 * names them, and of each data object that they share it is remembered what it is. libsystemd then reads the entries
 * that were found; what it reads decides, so that this need only find no fewer. Data that is compressed, which few
 * messages of a kernel are, is not unpacked here: entries that have it are given to libsystemd too.
 *
 * Whatever is not as the format says is an error: the file is then read entry by entry. */

/* What a data object is to the search, in two bits for every eight bytes of the file: objects begin at such. */
enum what { UNKNOWN, OTHER, NOISE /* a message without trigger */, WANTED };

struct search {
        struct journal_map map;
        const struct journal_file *file;
        const struct journal_filter *filter;
        const struct trigger_set *triggers;
        struct journal_index *index;
        uint8_t *known;
        uint64_t seqnum, real_us; /* of the entry before */
        sd_id128_t boot;
};

static void search_done(struct search *s) {
        free(s->known);
        journal_map_done(&s->map);
}

static int look_at(struct search *s, uint64_t at, enum what *ret) {
        struct journal_data d;

        int r = journal_map_data(&s->map, at, &d);
        if (r < 0)
                return r;
        if (d.compressed)
                *ret = WANTED;
        else if (!slice_eat(&d.payload, SLICE("MESSAGE=")))
                *ret = OTHER;
        else
                *ret = trigger_in(s->triggers, d.payload) ? WANTED : NOISE;
        return 0;
}

/* The same, but looked at once. */
static int recall(struct search *s, uint64_t at, enum what *ret) {
        if (at & 7 || at >= s->map.end)
                return -EBADMSG;
        uint8_t *four = &s->known[at >> 5];
        const unsigned shift = at >> 2 & 6;
        *ret = *four >> shift & 3;
        if (*ret != UNKNOWN)
                return 0;
        int r = look_at(s, at, ret);
        if (r == 0)
                *four |= (uint8_t) (*ret << shift);
        return r;
}

/* Is an entry worth reading? bytes: of its message, where it is not. 1, 0 or -EBADMSG. */
static int is_wanted(struct search *s, const struct journal_entry *e, uint64_t *bytes) {
        bool has_message = false;
        int r = 0;

        *bytes = 0;
        for (size_t i = 0; r == 0 && i < e->n_items; i++) {
                const uint64_t at = journal_map_item(&s->map, e, i);
                enum what what;

                r = recall(s, at, &what);
                if (r == 0 && what == NOISE && !has_message) {
                        const uint64_t whole = journal_map_payload(&s->map, at), name = strlen("MESSAGE=");
                        has_message = true;
                        *bytes = whole > name ? whole - name : 0;
                } else if (r == 0 && what == WANTED)
                        return 1;
        }
        return r;
}

static int take_entry(struct search *s, const struct journal_entry *e) {
        struct journal_index *x = s->index;
        const bool new_boot = x->entries == 0 || !sd_id128_equal(e->boot, s->boot);
        uint64_t bytes;

        int r = is_wanted(s, e, &bytes);
        if (r < 0)
                return r;
        /* A boot's first entry says when it began and on which machine. */
        if (new_boot && x->entries > 0 && s->file->n_boots == 1)
                return -EBADMSG;
        s->boot = e->boot;
        return journal_index_add(x, r > 0 || new_boot, e->seqnum, bytes, e->mono_us);
}

/* 1; 0: this and what follows is not wanted; -errno */
static int pass_entry(struct search *s, uint64_t at) {
        struct journal_entry e;

        int r = journal_map_entry(&s->map, at, &e);
        if (r < 0)
                return r;
        /* libsystemd finds its places by these. */
        if (e.seqnum <= s->seqnum || (s->filter->has_since && e.real_us < s->real_us))
                return -EBADMSG;
        s->seqnum = e.seqnum;
        s->real_us = e.real_us;
        if ((s->filter->has_boot && !sd_id128_equal(e.boot, s->filter->boot)) ||
            (s->filter->has_since && e.real_us < s->filter->since_us))
                return 1;
        if (s->filter->has_until && e.real_us > s->filter->until_us)
                return 0;
        const struct journal_point *first = &s->file->first;
        if (s->index->entries == 0 &&
            (e.mono_us != first->mono_us || e.real_us != first->real_us || !sd_id128_equal(e.boot, first->boot)))
                return -EBADMSG;
        r = take_entry(s, &e);
        return r < 0 ? r : 1;
}

/* 1 if the entry at that place has this field, 0 if not. */
static int has_field(struct search *s, uint64_t at, uint64_t data) {
        struct journal_entry e;

        int r = journal_map_entry(&s->map, at, &e);
        for (size_t i = 0; r == 0 && i < e.n_items; i++)
                if (journal_map_item(&s->map, &e, i) == data)
                        return 1;
        return r;
}

/* Where journald says what was lost: its message id, which any program can send, with its transport, which none can.
 * *driver: the transport's field. 1, 0: nowhere. */
static int find_losses(struct search *s, struct journal_places *ret, uint64_t *driver) {
        uint64_t data;

        int r = journal_map_find(&s->map, SLICE("_TRANSPORT"), SLICE("driver"), driver);
        if (r > 0)
                r = journal_map_find(&s->map, SLICE("MESSAGE_ID"), SLICE(LOST_MESSAGE_ID), &data);
        if (r <= 0)
                return r;
        r = journal_map_places(&s->map, data, ret);
        return r < 0 ? r : 1;
}

/* What libsystemd's match finds: the kernel's entries and, where there are any, those that say what was lost. */
static int pass_entries(struct search *s) {
        struct journal_places lists[2] = {};
        uint64_t at[2] = {}, data, driver;

        int r = journal_map_find(&s->map, SLICE("_TRANSPORT"), SLICE("kernel"), &data);
        if (r <= 0)
                return r < 0 ? r : -EBADMSG;
        r = journal_map_places(&s->map, data, &lists[0]);
        if (r == 0)
                r = find_losses(s, &lists[1], &driver);
        bool more[2] = { true, r > 0 };
        for (;;) {
                for (size_t i = 0; r >= 0 && i < 2; i++)
                        if (more[i] && at[i] == 0) {
                                r = journal_places_next(&s->map, &lists[i], &at[i]);
                                more[i] = r > 0;
                        }
                if (r < 0 || (!more[0] && !more[1]))
                        return r;
                const size_t i = !more[0] || (more[1] && at[1] < at[0]);
                const uint64_t here = at[i];
                r = i == 0 ? 1 : has_field(s, here, driver);
                if (r > 0) {
                        r = pass_entry(s, here);
                        if (r <= 0)
                                return r;
                }
                for (size_t k = 0; k < 2; k++)
                        at[k] = at[k] == here ? 0 : at[k];
        }
}

int journal_search(const struct journal_file *f, const struct journal_filter *filter,
                   const struct trigger_set *triggers, struct journal_index *x) {
        _cleanup_(search_done) struct search s = {
                .file = f,
                .filter = filter,
                .triggers = triggers,
                .index = x,
        };
        _cleanup_(closep) int fd = journal_file_open(f);

        int r = fd < 0 ? fd : journal_map_open(&s.map, fd);
        if (r < 0)
                return r;
        s.known = calloc(1, (size_t) (s.map.end >> 5) + 1);
        if (!s.known)
                return -ENOMEM;
        x->grows = s.map.online;
        r = pass_entries(&s);
        return r < 0 ? r : x->entries == 0 ? -EBADMSG : 0;
}
