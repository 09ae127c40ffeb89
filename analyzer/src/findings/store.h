/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "findings/pack.h"
#include "report/finding.h"

/* The findings of a scan, folded by signature within each boot: the first is kept (of a text the first
 * whole one, where the first was cut), later ones raise its count and move its last time. What an injected fault caused
 * is kept apart from what came by itself: while a log is read by the phase of the boot's selftests, at the end by the
 * judge's word. So is what broke on one device of a machine from what broke on another. */
struct store {
        struct finding **items; /* in order of first sight */
        size_t n, room;
        struct table table; /* of those that store_add() added, by boot and signature (all have one of version 2) */
        struct pack pack;
};

void store_done(struct store *s);
/* A copy whose findings share strings and arrays with the original's, which must outlive it: what a judge changes
 * in one does not show in the other. 0 or -ENOMEM. */
int store_copy(struct store *to, const struct store *from);
/* If the store has the finding of this report already, counts one more event and frees f. False: f is new, or is to
 * take the place of the other, and needs the rest of its members before store_add() gets it. Needs what says which
 * report it is: boot, origin, phase, injected, signature, fields, tasks. */
bool store_count(struct store *s, struct finding *f);
/* Takes the finding over, also on error. 0 or -ENOMEM. */
int store_add(struct store *s, struct finding *f);
/* Takes over, also on error, a finding that was counted already: nothing is folded. 0 or -ENOMEM. */
int store_keep(struct store *s, struct finding *f);
/* Replaces the finding's contents by those of the other, which is freed, also on error. Pointers to the finding stay
 * valid. */
int store_replace(struct store *s, struct finding *f, struct finding *by);
/* Takes a finding out and frees it. */
void store_drop(struct store *s, struct finding *f);
/* Takes out those of a source. */
void store_drop_source(struct store *s, uint32_t source);
/* Takes out those of a boot that a boot loader may have printed: with no time, no task, and not whole. */
void store_drop_loaders(struct store *s, uint32_t boot);
/* Puts the findings into the order in which their reports began: they came in as their reports ended. */
void store_sort(struct store *s);
/* The lines of a finding in the store; valid until the buffer changes. 0 or -errno. */
static inline int store_excerpt(const struct store *s, const struct finding *f, struct buffer *scratch,
                                struct slice *ret) {
        return pack_excerpt(&s->pack, f, scratch, ret);
}
/* Its boots are numbered anew: to[number]. Of events that are there twice then, as by several logs of a boot, the first
 * stays, with the largest count. Before store_fold(). 0 or -ENOMEM. */
int store_join_boots(struct store *s, const uint32_t *to);
/* Is there one whose only signature is of version 1, from a report of an earlier release? */
bool store_has_v1(const struct store *s);
/* Folds again, after the judge's last word, without regard to phases. 0 or -ENOMEM. */
int store_fold(struct store *s);
