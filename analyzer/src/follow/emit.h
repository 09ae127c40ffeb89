/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/codec.h"
#include "follow/told_ahead.h"
#include "scan/scan.h"
#include "triage/maintainers.h"

/* Emits the changes between the lines written so far and a view, one JSON object per line:
 *
 *   boot       a boot as `scan` has it; again when its verdict changes, each hour, and when it is over
 *   finding    a finding as `scan` has it, once
 *   update     what changed of a finding that was told: a JSON merge patch (RFC 7386) of the object with that id
 *   withdrawn  the finding with that id is retracted: its report continued and became another, which has its own line
 *   loss       entries of the journal that were removed before they were read; its id is the same if repeated
 *
 * A reader that applies the lines in order has at any time what `scan` would find. analyzer/schema/follow.schema.json
 * has the details. */

struct told {
        char id[ID_CHARS + 1];
        uint32_t boot, revision;
        uint64_t judged, body; /* hashes of what was told; body 0: it cannot change any more */
        uint64_t count;
        uint64_t at_us; /* when it was told last */
        bool seen;      /* in the view that is being told */
        bool ahead;     /* emitted before a crash; its source is still to be read again */
        bool found;     /* in an output whose state is lost: what it tells of may be gone from the source */
        size_t at;      /* its index in the teller's items */
};

/* Data of a boot besides the scan's. */
struct boot_mark {
        uint64_t ordinal;    /* how many boots there were before it */
        uint64_t records;    /* of the boot when it was looked at last */
        uint64_t changed_us; /* when they changed last: this machine's CLOCK_MONOTONIC */
        uint64_t told_us;    /* when its line was written last; 0: never */
        uint64_t told_records;
        uint8_t verdict; /* told last */
        bool over, told_over;
        uint8_t chain[16]; /* the journald whose entries are read of it, */
        uint64_t chain_us; /* up to this time of the boot */
};

struct teller {
        struct told **items;
        size_t n, room;
        struct table by_id;
        struct boot_mark *marks; /* of each boot of the scan */
        size_t n_marks, marks_room;
        struct ahead ahead;                    /* until all that there is was read */
        uint64_t n_boots;                      /* ever */
        uint64_t n_findings;                   /* ever told */
        uint64_t now_us;                       /* CLOCK_MONOTONIC, set by the caller */
        bool caught_up;                        /* all that there is was read */
        bool last;                             /* nothing comes after this: what waits is told now */
        const struct maintainers *maintainers; /* name the people of each finding; NULL: nobody is named */
        /* Hears of each finding as it is told the first time, and of one that was not saved as told again; NULL. */
        int (*announce)(const struct scan *view, const struct finding *f);
        int64_t next_in_s; /* seconds until something that waits is to be told; -1: nothing waits */
};

void teller_done(struct teller *t);
/* Marks of all boots of the scan. 0 or -ENOMEM. */
int teller_know_boots(struct teller *t, const struct scan *s);
/* A line that was written after the state was saved, as the output has it; lost: no state knows the output at all.
 * 0 or -ENOMEM. */
int teller_take_line(struct teller *t, struct slice line, bool lost);
/* Appends the lines for what changed. 0 or -ENOMEM. */
int teller_tell(struct teller *t, const struct scan *view, struct buffer *out);
/* chain, first: whose numbers the lost ones had, and the first of them; with these its id is the same when it is told
 * again. */
int teller_tell_loss(const struct teller *t, const char *chain, uint64_t first, const char *boot_id, uint64_t n,
                     bool at_least, const char *why, struct buffer *out);
/* As state_code(); remap as there, NULL keep: all. */
void teller_code(struct codec *c, struct teller *t, const bool *keep, const uint32_t *remap, size_t n_boots);
