/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "output/topic.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/macros.h"
#include "kind/kind.h"

const struct topics *const topics_all[] = { &topics_rules,   &topics_detectors, &topics_kinds,   &topics_verdicts,
                                            &topics_levels,  &topics_words,     &topics_changes, &topics_events,
                                            &topics_members, &topics_parts,     &topics_labels,  NULL };

/* The i-th that a kind's own file explains: of kinds, "DETECTOR/KIND", or of detectors. */
static const struct topic *topic_of_kinds(size_t i, bool of_kind) {
        for (size_t k = 0; kinds[k]; k++)
                for (size_t n = 0; n < kinds[k]->n_topics; n++)
                        if (!strchr(kinds[k]->topics[n].word, '/') != of_kind && i-- == 0)
                                return &kinds[k]->topics[n];
        return NULL;
}

const struct topic *topics_item(const struct topics *t, size_t i) {
        if (i < t->n)
                return &t->items[i];
        i -= t->n;
        return t == &topics_kinds ? topic_of_kinds(i, true) : t == &topics_detectors ? topic_of_kinds(i, false) : NULL;
}

static char plain(char c) {
        return c == ' ' || c == '_' ? '-' : c >= 'A' && c <= 'Z' ? (char) (c - 'A' + 'a') : c;
}

/* People type words as titles, mails and JSON have them. */
static bool is_same(struct slice typed, struct slice word) {
        if (typed.n != word.n)
                return false;
        for (size_t i = 0; i < word.n; i++)
                if (plain(typed.s[i]) != plain(word.s[i]))
                        return false;
        return true;
}

static bool is_word(struct slice typed, const char *word) {
        return is_same(typed, slice_of(word));
}

static bool is_among(struct slice typed, const char *words) {
        struct slice rest = slice_of(words);

        while (rest.n)
                if (is_same(typed, slice_trim(slice_token(&rest, ','))))
                        return true;
        return false;
}

static const struct topic *in(const struct topics *t, struct slice word) {
        const struct topic *x;

        for (size_t i = 0; (x = topics_item(t, i)); i++)
                if (is_word(word, x->word))
                        return x;
        return NULL;
}

/* "circular-locking", a kind without its detector: the i-th of that name. */
static const struct topic *bare_kind(const char *word, size_t i) {
        const struct topic *x;

        for (size_t k = 0; (x = topics_item(&topics_kinds, k)); k++) {
                const char *slash = strchr(x->word, '/');

                if (slash && is_word(slice_of(word), slash + 1) && i-- == 0)
                        return x;
        }
        return NULL;
}

static const struct topic *in_any(struct slice word) {
        const struct topic *t = NULL;

        for (size_t i = 0; !t && word.n && topics_all[i]; i++)
                t = in(topics_all[i], word);
        for (size_t i = 0; !t && word.n && i < n_synonyms; i++)
                if (is_among(word, synonyms[i].words))
                        t = in_any(slice_of(synonyms[i].of));
        return t;
}

/* Text speaks of one boot and of two boots. */
static const struct topic *of_other_number(const char *word) {
        const size_t n = strlen(word);
        char many[64];

        if (n && word[n - 1] == 's')
                return in_any((struct slice){ word, n - 1 });
        return (size_t) snprintf(many, sizeof(many), "%ss", word) < sizeof(many) ? in_any(slice_of(many)) : NULL;
}

/* Of "owner:" and "read-write (marked)", as text prints them, the word. */
static const struct topic *as_printed(const char *word) {
        const size_t n = strlen(word), behind = slice_find(slice_of(word), SLICE(" ("));

        if (n > 1 && word[n - 1] == ':')
                return in_any((struct slice){ word, n - 1 });
        return n && word[n - 1] == ')' && behind != SLICE_NPOS ? in_any((struct slice){ word, behind }) : NULL;
}

/* The title of a finding, pasted: "KASAN: use-after-free Read in f" is about kasan/use-after-free, "general protection
 * fault in f" about that kind; at least its detector is known. */
static const struct topic *of_title(const char *word) {
        const char *in_function = strstr(word, " in "), *colon = strstr(word, ": ");
        const struct topic *t = NULL;
        char part[128];

        if (!in_function)
                return NULL;
        if (!colon || colon > in_function) {
                snprintf(part, sizeof(part), "%.*s", (int) (in_function - word), word);
                t = in_any(slice_of(part));
                return t ? t : bare_kind(part, 0);
        }
        for (const char *end = in_function; !t && end > colon + 1; end--)
                if (*end == ' ' && (size_t) (end - word) < sizeof(part)) {
                        snprintf(part, sizeof(part), "%.*s/%.*s", (int) (colon - word), word, (int) (end - colon - 2),
                                 colon + 2);
                        t = in(&topics_kinds, slice_of(part));
                        if (!t && strncmp(part, "vmlife/", 7) == 0)
                                t = in(&topics_rules, slice_of(part + 7));
                }
        snprintf(part, sizeof(part), "%.*s", (int) (colon - word), word);
        if (!t)
                t = in_any(slice_of(part));
        return t ? t : bare_kind(part, 0);
}

const struct topic *topic_of_many(const char *word, size_t i) {
        const struct topic *t = topic_of(word);

        if (i == 0 || !t)
                return t;
        if (t == bare_kind(word, 0))
                return bare_kind(word, i);
        /* "list": text heads people's lists so, and it is a detector, too. */
        const struct topic *other = i == 1 ? of_other_number(word) : NULL;
        return other != t ? other : NULL;
}

const struct topic *topic_of(const char *word) {
        const struct topic *t = in_any(slice_of(word));

        if (!t)
                t = as_printed(word);

        if (!t)
                t = bare_kind(word, 0);
        if (!t)
                t = of_other_number(word);
        if (!t)
                t = of_title(word);
        const char *slash = strchr(word, '/');
        if (t || !slash)
                return t;
        /* The kernel's own words for a kind, of which there are new ones: the detector explains them. Our own
         * records' kinds are rules. */
        const struct slice detector = { word, (size_t) (slash - word) };
        t = is_word(detector, "vmlife") ? in(&topics_rules, slice_of(slash + 1)) : NULL;
        return t ? t : in(&topics_detectors, detector);
}

const struct topic *topic_parent(const struct topic *t) {
        const char *slash = strchr(t->word, '/');

        return slash ? in(&topics_detectors, (struct slice){ t->word, (size_t) (slash - t->word) }) : NULL;
}

const struct topic *topic_of_finding(const struct finding *f) {
        const struct topic *t = f->rule ? in(&topics_rules, slice_of(f->rule)) : NULL, *k;

        for (size_t i = 0; !t && (k = topics_item(&topics_kinds, i)); i++) {
                size_t n = strlen(f->detector);

                if (strncmp(k->word, f->detector, n) == 0 && k->word[n] == '/' && strcmp(k->word + n + 1, f->kind) == 0)
                        t = k;
        }
        return t ? t : in(&topics_detectors, slice_of(f->detector));
}

const char *topic_message_id(const struct finding *f) {
        const struct topic *t = topic_of_finding(f);

        if (t && !t->message_id)
                t = topic_parent(t);
        return t && t->message_id ? t->message_id : MESSAGE_ID_FINDING;
}
