/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/trigger.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* Wu and Manber's multi-pattern search with blocks of two bytes: all words are cut to the length of the
 * shortest, and the last two bytes of the window say how far it may jump. Kernel noise shares few such
 * pairs with the words, so most steps jump over the whole window. */

struct word {
        const char *s;
        size_t n;
        uint16_t next; /* the next word of the same bucket, index + 1 */
};

struct trigger_set {
        size_t window; /* length of the shortest word */
        size_t n;
        uint8_t shift[65536];
        uint16_t bucket[65536]; /* by the window's last pair: first word, index + 1 */
        struct word words[];
};

static uint16_t pair(const char *p) {
        return (uint16_t) ((uint8_t) p[0] | (uint8_t) p[1] << 8);
}

int trigger_set_new(struct trigger_set **ret, const char *const *words, size_t n) {
        struct trigger_set *t = calloc(1, sizeof(*t) + n * sizeof(struct word));
        if (!t)
                return -ENOMEM;

        t->n = n;
        t->window = 255;
        for (size_t i = 0; i < n; i++) {
                t->words[i] = (struct word) { .s = words[i], .n = strlen(words[i]) };
                if (t->words[i].n < TRIGGER_MIN || n > UINT16_MAX - 1) {
                        free(t);
                        return -EINVAL;
                }
                if (t->words[i].n < t->window)
                        t->window = t->words[i].n;
        }

        memset(t->shift, (int) (t->window - 1), sizeof(t->shift));
        for (size_t i = 0; i < n; i++) {
                for (size_t at = 0; at + 2 <= t->window; at++) {
                        uint8_t jump = (uint8_t) (t->window - 2 - at);
                        uint16_t p = pair(t->words[i].s + at);
                        if (jump < t->shift[p])
                                t->shift[p] = jump;
                }
                uint16_t last = pair(t->words[i].s + t->window - 2);
                t->words[i].next = t->bucket[last];
                t->bucket[last] = (uint16_t) (i + 1);
        }
        *ret = t;
        return 0;
}

struct trigger_set *trigger_set_free(struct trigger_set *t) {
        free(t);
        return NULL;
}

const char *trigger_find(const struct trigger_set *t, const char *p, const char *end) {
        const size_t window = t->window;

        while ((size_t) (end - p) >= window) {
                uint16_t last = pair(p + window - 2);
                uint8_t jump = t->shift[last];

                if (jump > 0) {
                        p += jump;
                        continue;
                }
                for (uint16_t i = t->bucket[last]; i; i = t->words[i - 1].next) {
                        const struct word *w = &t->words[i - 1];
                        if ((size_t) (end - p) >= w->n && memcmp(p, w->s, w->n) == 0)
                                return p;
                }
                p++;
        }
        return NULL;
}
