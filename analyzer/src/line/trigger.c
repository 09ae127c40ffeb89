/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/trigger.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* The one trick, known as Teddy (Geoffrey Langdale, for Hyperscan): of each word, five bytes, its window, are
 * looked for. The words are dealt out to eight buckets, one bit each, and for each of the window's places two
 * tables of sixteen bytes say which buckets a byte suits there: one by its low half, one by its high half. A byte
 * shuffle looks up 16 or 32 bytes of text in such a table at once, so that a few shuffles and ANDs tell for 32
 * positions at a time which buckets may have a word there. Mostly none, and the rare rest is compared.
 *
 * The portable way does the same a byte at a time, with one table of 256 for all places. */

enum { WINDOW = TRIGGER_MIN, BUCKETS = 8, WINDOWS = 4096 };

struct word {
        const char *s;
        size_t n;
        size_t at;       /* where in the word its window is */
        uint32_t window; /* its first bytes */
};

struct trigger_set {
        const char *(*find)(const struct trigger_set *t, const char *p, const char *end);
        uint8_t low[WINDOW][16], high[WINDOW][16]; /* buckets, by half of a byte */
        uint64_t whole[256];                       /* buckets, by byte: place i in bits 8i to 8i+7 */
        size_t bucket[BUCKETS + 1];                /* where each begins in words */
        uint64_t windows[WINDOWS / 64];            /* bits, by a hash of what windows begin with */
        size_t n;
        struct word words[];
};

static uint32_t load32(const char *p) {
        uint32_t v;
        memcpy(&v, p, sizeof(v));
        return v;
}

static unsigned hash_of(uint32_t window) {
        return window * 0x9e3779b1u >> 20;
}

/* The tables suit bytes in any mixture, of all words of a bucket: most places that suit have no word's window. */
static inline bool has_window(const struct trigger_set *t, const char *p) {
        const unsigned h = hash_of(load32(p));
        return t->windows[h / 64] >> h % 64 & 1;
}

/* Which word, if any, has its window at p? The text is [begin, end). */
static const char *verify(const struct trigger_set *t, unsigned buckets, const char *begin, const char *p,
                          const char *end) {
        const uint32_t window = load32(p);

        for (; buckets; buckets &= buckets - 1) {
                unsigned b = (unsigned) __builtin_ctz(buckets);

                for (size_t i = t->bucket[b]; i < t->bucket[b + 1]; i++) {
                        const struct word *w = &t->words[i];
                        if (w->window == window && (size_t) (p - begin) >= w->at &&
                            (size_t) (end - p) >= w->n - w->at && memcmp(p - w->at, w->s, w->n) == 0)
                                return p - w->at;
                }
        }
        return NULL;
}

static const char *find_portable(const struct trigger_set *t, const char *p, const char *end) {
        uint64_t state = 0;

        /* A byte on, each place's buckets become those of the place behind; the last place's suited all. */
        for (const char *q = p; q < end; q++) {
                state = (state << 8 | 0xff) & t->whole[(uint8_t) *q];
                unsigned buckets = (unsigned) (state >> 8 * (WINDOW - 1));
                if (buckets) {
                        const char *hit = verify(t, buckets, p, q - (WINDOW - 1), end);
                        if (hit)
                                return hit;
                }
        }
        return NULL;
}

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>

/* The two are one algorithm on 16 and 32 bytes. Every step looks at `width` positions and reads the rest of a window
 * more; the last step goes back so that it ends with the text. */

__attribute__((target("ssse3"))) static const char *find_ssse3(const struct trigger_set *t, const char *p,
                                                               const char *end) {
        enum { WIDTH = 16, READS = WIDTH + WINDOW - 1 };
        const __m128i half = _mm_set1_epi8(15);
        const char *const begin = p;
        __m128i low[WINDOW], high[WINDOW];

        if (end - p < READS)
                return find_portable(t, p, end);
        for (int i = 0; i < WINDOW; i++) {
                low[i] = _mm_loadu_si128((const __m128i *) (const void *) t->low[i]);
                high[i] = _mm_loadu_si128((const __m128i *) (const void *) t->high[i]);
        }
        for (;;) {
                __m128i suits = _mm_set1_epi8(-1);
                for (int i = 0; i < WINDOW; i++) {
                        __m128i c = _mm_loadu_si128((const __m128i *) (const void *) (p + i));
                        suits = _mm_and_si128(suits, _mm_shuffle_epi8(low[i], _mm_and_si128(c, half)));
                        suits = _mm_and_si128(suits,
                                              _mm_shuffle_epi8(high[i], _mm_and_si128(_mm_srli_epi16(c, 4), half)));
                }
                unsigned maybe = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(suits, _mm_setzero_si128())) ^ 0xffff;
                if (maybe) {
                        uint8_t buckets[WIDTH];
                        _mm_storeu_si128((__m128i *) (void *) buckets, suits);
                        for (; maybe; maybe &= maybe - 1) {
                                int at = __builtin_ctz(maybe);
                                if (!has_window(t, p + at))
                                        continue;
                                const char *hit = verify(t, buckets[at], begin, p + at, end);
                                if (hit)
                                        return hit;
                        }
                }
                if (end - p == READS)
                        return NULL;
                p = end - p < READS + WIDTH ? end - READS : p + WIDTH;
        }
}

__attribute__((target("avx2"))) static const char *find_avx2(const struct trigger_set *t, const char *p,
                                                             const char *end) {
        enum { WIDTH = 32, READS = WIDTH + WINDOW - 1 };
        const __m256i half = _mm256_set1_epi8(15);
        const char *const begin = p;
        __m256i low[WINDOW], high[WINDOW];

        if (end - p < READS)
                return find_ssse3(t, p, end);
        for (int i = 0; i < WINDOW; i++) {
                low[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *) (const void *) t->low[i]));
                high[i] = _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *) (const void *) t->high[i]));
        }
        for (;;) {
                __m256i suits = _mm256_set1_epi8(-1);
                for (int i = 0; i < WINDOW; i++) {
                        __m256i c = _mm256_loadu_si256((const __m256i *) (const void *) (p + i));
                        suits = _mm256_and_si256(suits, _mm256_shuffle_epi8(low[i], _mm256_and_si256(c, half)));
                        suits = _mm256_and_si256(
                                suits, _mm256_shuffle_epi8(high[i], _mm256_and_si256(_mm256_srli_epi16(c, 4), half)));
                }
                unsigned maybe = ~(unsigned) _mm256_movemask_epi8(_mm256_cmpeq_epi8(suits, _mm256_setzero_si256()));
                if (maybe) {
                        uint8_t buckets[WIDTH];
                        _mm256_storeu_si256((__m256i *) (void *) buckets, suits);
                        for (; maybe; maybe &= maybe - 1) {
                                int at = __builtin_ctz(maybe);
                                if (!has_window(t, p + at))
                                        continue;
                                const char *hit = verify(t, buckets[at], begin, p + at, end);
                                if (hit)
                                        return hit;
                        }
                }
                if (end - p == READS)
                        return NULL;
                p = end - p < READS + WIDTH ? end - READS : p + WIDTH;
        }
}
#endif

int trigger_set_engine(struct trigger_set *t, enum trigger_engine engine) {
        switch (engine) {
        case TRIGGER_PORTABLE:
                t->find = find_portable;
                return 0;
#if defined(__x86_64__) || defined(__i386__)
        case TRIGGER_SSSE3:
                if (!__builtin_cpu_supports("ssse3"))
                        return -ENOTSUP;
                t->find = find_ssse3;
                return 0;
        case TRIGGER_AVX2:
                if (!__builtin_cpu_supports("avx2"))
                        return -ENOTSUP;
                t->find = find_avx2;
                return 0;
#endif
        default:
                return -ENOTSUP;
        }
}

/* --- building the tables: where to compare is chosen so that noise seldom suits --- */

/* How often a byte stands in kernel messages, roughly, in thousandths; small letters count double, for they come in
 * runs. Words are found whatever these say. */
static float weight(uint8_t c) {
        static const struct {
                const char *bytes;
                float each;
        } classes[] = {
                { " ", 160 },     { "e", 85 },     { "0", 70 },      { "oinrsta", 52 },
                { "fcmplu", 36 }, { "1[]", 32 },   { "dbg", 24 },    { "23456789.:T", 17 },
                { "xkhyv", 10 },  { "C_IPA-", 7 }, { "RS=B,ME", 4 }, { "OHU()wNFDKL/!G", 2 },
        };

        for (size_t i = 0; i < ARRAY_SIZE(classes); i++)
                if (c && strchr(classes[i].bytes, c))
                        return classes[i].each / 1000;
        return 0.0005f;
}

/* Sums of weights, so that those of a set of bytes need no loop: by high half, which half of the low halves, and
 * the set of low halves there. */
struct sums {
        float of[16][2][256];
};

static void make_sums(struct sums *s) {
        for (unsigned high = 0; high < 16; high++)
                for (unsigned half = 0; half < 2; half++)
                        for (unsigned set = 1; set < 256; set++) {
                                unsigned low = half << 3 | (unsigned) __builtin_ctz(set);
                                s->of[high][half][set] = s->of[high][half][set & (set - 1)] +
                                                         weight((uint8_t) (high << 4 | low));
                        }
}

/* Bytes whose halves suit the places of a bucket: the halves of the windows in it, in any mixture. */
struct halves {
        uint16_t low[WINDOW], high[WINDOW];
};

static void add_halves(struct halves *h, const char *window) {
        for (size_t i = 0; i < WINDOW; i++) {
                h->low[i] |= (uint16_t) (1u << ((uint8_t) window[i] & 15));
                h->high[i] |= (uint16_t) (1u << ((uint8_t) window[i] >> 4));
        }
}

/* How often a bucket fires on noise. */
static float rate(const struct halves *h, const struct sums *s) {
        float p = 1;

        for (size_t i = 0; i < WINDOW; i++) {
                float place = 0;
                for (unsigned high = h->high[i]; high; high &= high - 1) {
                        unsigned at = (unsigned) __builtin_ctz(high);
                        place += s->of[at][0][h->low[i] & 255] + s->of[at][1][h->low[i] >> 8];
                }
                p *= place;
        }
        return p;
}

/* Bytes do not follow one another by chance: words that kernel messages are full of, by the count of their four-byte
 * pieces in consoles' logs without the lines that hold a trigger. Most that suits a window with such a piece is one. */
static float more_for_words(const char *window) {
        static const char pieces[] =
                "able ing  ble  ion tion  is nabl lock supp ptio ible sup  not  res i915 ning unni page emor mory  mem "
                "memo init ting node  lin  to age  sion con rese  on erne rnel ance  CPU nce  sing atio ent  ende irq  "
                "lloc allo ory  kern line nter cloc evic issi ode  time vice  pro  rec sabl call  loc red   at ted   "
                "ker nel ages read  in  prin rint rrup rupt rder ocks and  terr erru  the task stac canc ance devi";
        const float each = 0.001f;

        for (size_t i = 0; i + 4 <= WINDOW; i++)
                for (size_t at = 0; at + 4 < sizeof(pieces); at++)
                        if (load32(window + i) == load32(pieces + at))
                                return each;
        return 0;
}

/* Each word gets the window and the bucket that make noise fire least the more: alike windows come together. */
static void deal_out(struct word *words, size_t n, uint8_t *bucket_of, const struct sums *sums) {
        struct halves buckets[BUCKETS] = {};
        float rates[BUCKETS] = {};

        for (size_t i = 0; i < n; i++) {
                float least = -1;

                for (size_t at = 0; at + WINDOW <= words[i].n; at++) {
                        const float known = more_for_words(words[i].s + at);
                        for (uint8_t b = 0; b < BUCKETS; b++) {
                                struct halves with = buckets[b];
                                add_halves(&with, words[i].s + at);
                                float more = rate(&with, sums) - rates[b] + known;
                                if (least < 0 || more < least) {
                                        least = more;
                                        words[i].at = at;
                                        bucket_of[i] = b;
                                }
                        }
                }
                words[i].window = load32(words[i].s + words[i].at);
                add_halves(&buckets[bucket_of[i]], words[i].s + words[i].at);
                rates[bucket_of[i]] = rate(&buckets[bucket_of[i]], sums);
        }
}

/* Short words first: they have the least choice of windows, and make longer ones that hold them needless. */
static int by_length(const void *a, const void *b) {
        const struct word *x = a, *y = b;
        return x->n < y->n ? -1 : x->n > y->n;
}

static size_t drop_needless(struct word *words, size_t n) {
        size_t kept = 0;

        for (size_t i = 0; i < n; i++) {
                bool needless = false;
                for (size_t k = 0; k < kept && !needless; k++)
                        needless = strstr(words[i].s, words[k].s) != NULL;
                if (!needless)
                        words[kept++] = words[i];
        }
        return kept;
}

int trigger_set_new(struct trigger_set **ret, const char *const *words, size_t n) {
        _cleanup_free_ struct word *all = calloc(n + 1, sizeof(*all));
        _cleanup_free_ uint8_t *bucket_of = calloc(n + 1, 1);
        _cleanup_free_ struct sums *sums = calloc(1, sizeof(*sums));
        _cleanup_free_ struct trigger_set *t = calloc(1, sizeof(*t) + n * sizeof(struct word));

        if (!all || !bucket_of || !sums || !t)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                all[i] = (struct word){ .s = words[i], .n = strlen(words[i]) };
                if (all[i].n < TRIGGER_MIN)
                        return -EINVAL;
        }
        qsort(all, n, sizeof(*all), by_length);
        n = drop_needless(all, n);
        make_sums(sums);
        deal_out(all, n, bucket_of, sums);

        for (unsigned b = 0; b < BUCKETS; b++) {
                t->bucket[b] = t->n;
                for (size_t i = 0; i < n; i++) {
                        if (bucket_of[i] != b)
                                continue;
                        t->words[t->n++] = all[i];
                        t->windows[hash_of(all[i].window) / 64] |= 1ull << hash_of(all[i].window) % 64;
                        for (size_t k = 0; k < WINDOW; k++) {
                                uint8_t c = (uint8_t) all[i].s[all[i].at + k];
                                t->low[k][c & 15] |= (uint8_t) (1u << b);
                                t->high[k][c >> 4] |= (uint8_t) (1u << b);
                                t->whole[c] |= (uint64_t) 1 << b << 8 * k;
                        }
                }
        }
        t->bucket[BUCKETS] = t->n;
        for (int engine = TRIGGER_ENGINES; engine-- > 0;)
                if (trigger_set_engine(t, (enum trigger_engine) engine) == 0)
                        break;
        *ret = t;
        t = NULL;
        return 0;
}

struct trigger_set *trigger_set_free(struct trigger_set *t) {
        free(t);
        return NULL;
}

const char *trigger_find(const struct trigger_set *t, const char *p, const char *end) {
        return t->find(t, p, end);
}
