/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stddef.h>

#include "report/finding.h"
#include "report/topic.h"

/* What vmlife's words mean. From these texts come vmlife explain, vmlife-explain(7) and the journal's message catalog;
 * a test holds them against the tables of rules, kinds and verdicts. */

/* In the order in which a reader would want them. */
struct topics {
        const char *heading;
        const struct topic *items;
        size_t n; /* see topics_item() */
};
extern const struct topics topics_rules, topics_detectors, topics_kinds, topics_verdicts, topics_levels, topics_words,
        topics_changes, topics_events, topics_members, topics_parts, topics_labels;
extern const struct topics *const topics_all[]; /* ended by NULL */
/* Other words that text, titles or people have for one. */
extern const struct synonym { const char *words, *of; /* words: with commas between */ } synonyms[];
extern const size_t n_synonyms;
/* The i-th of them, and of detectors and kinds those that the kinds' own files have behind; NULL past the last. */
const struct topic *topics_item(const struct topics *t, size_t i);

/* The topic of a word: as it stands in a table, in any case, of one or of many, with
 * spaces or lines between its parts, or another word for it; a kind without its detector, the first that has
 * it; a finding's title, that of its kind. NULL: there is none. */
const struct topic *topic_of(const char *word);
/* The i-th topic of a word: of a kind that several detectors have it is each one's. NULL past the last. */
const struct topic *topic_of_many(const char *word, size_t i);
/* Its detector's, for a kind; NULL for others. Where a kind says nothing of something, this does. */
const struct topic *topic_parent(const struct topic *t);
/* The best that there is for a finding: its rule's, its kind's, its detector's; NULL: none. */
const struct topic *topic_of_finding(const struct finding *f);

/* For the journal: what a finding's entry carries as MESSAGE_ID. Never NULL. */
const char *topic_message_id(const struct finding *f);
/* Of a finding about which nothing more is known. */
#define MESSAGE_ID_FINDING "c9035a5dc1854c3ea1a6cdf9c2494eeb"
