/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/trigger.h"

#include <errno.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

/* The one trick, known as Teddy (Geoffrey Langdale, for Hyperscan): of each word, five bytes, its window, are
 * looked for. The words are dealt out to sixteen buckets, in two sets of eight, one bit each, and for each of the
 * window's places a table of sixteen bytes says which of a set's buckets a byte suits there, by its low half. A byte
 * shuffle looks up 16 or 32 bytes of text in such a table at once, so that ten shuffles and nine ANDs and ORs tell for
 * 32 positions at a time whether a word may be there. Mostly none, and the rare rest is compared. (One set suits three
 * times as many positions, which take longer than its five shuffles save. Tables by the high half as well double the
 * work, and as many positions are left: nearly all text is small letters, which have but two high halves.)
 *
 * A shuffle looks at the low half of an index, unless its highest bit is set: then it gives 0. So these engines find
 * words of ASCII only; all are.
 *
 * The portable way does the same a byte at a time, with one table of 256 for all places. */

enum { WINDOW = TRIGGER_MIN, SETS = 2, BUCKETS = 8 * SETS, HASHES = 4096 };
/* An engine marks positions in groups of 64, and so many groups at a time: a step stays in the first-level cache. */
enum { GROUP = 64, GROUPS = 64, STEP = GROUP * GROUPS };

struct word {
        const char *s;
        size_t n;
        size_t at;       /* where in the word its window is */
        uint32_t window; /* its first bytes */
        uint64_t owners;
};

/* What an engine found in a step. */
struct marks {
        size_t n;
        uint16_t at[STEP + 1]; /* where windows may begin */
        size_t newlines;
        bool escapes;
};

struct trigger_set {
        /* Looks at n groups of positions from p on, the first of them at `from` of the step; the bytes of windows that
         * begin in the last of them are there. */
        void (*mark)(const struct trigger_set *t, const char *p, size_t n, size_t from, struct marks *ret);
        uint8_t low[SETS][WINDOW][16]; /* eight buckets each, by the low half of a byte */
        bool ascii;                    /* all windows are */
        uint8_t six[SETS][WINDOW][64]; /* the same by the low six bits */
        uint64_t whole[SETS][256];     /* the same by byte: place i in bits 8i to 8i+7 */
        uint16_t first[HASHES];        /* by a hash of what windows begin with: the first such word's index + 1 */
        size_t n;
        struct word words[]; /* by that hash */
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
        return t->first[hash_of(load32(p))] != 0;
}

/* The next word behind `after` (NULL: the first) that has its window at p; NULL if none has. The text is [begin, end).
 */
static const struct word *verify(const struct trigger_set *t, const struct word *after, const char *begin,
                                 const char *p, const char *end) {
        const uint32_t window = load32(p);
        const unsigned hash = hash_of(window);
        const struct word *w = after ? after + 1 : &t->words[t->first[hash] - 1u];

        for (; w < t->words + t->n && hash_of(w->window) == hash; w++)
                if (w->window == window && (size_t) (p - begin) >= w->at && (size_t) (end - p) >= w->n - w->at &&
                    p[-(ptrdiff_t) w->at] == w->s[0] && memcmp(p - w->at, w->s, w->n) == 0)
                        return w;
        return NULL;
}

/* The place of the first bit, if one is set; that is cleared. */
static inline __attribute__((always_inline)) void add_first(struct marks *ret, size_t from, uint64_t *bits) {
        ret->at[ret->n] = (uint16_t) (from + (size_t) __builtin_ctzll(*bits | (uint64_t) 1 << (GROUP - 1)));
        ret->n += *bits != 0;
        *bits &= *bits - 1;
}

/* The places of a group, which begins at `from` of the step. How many there are cannot be foretold: mostly two at most,
 * which need no branch. */
static inline __attribute__((always_inline)) void add_places(struct marks *ret, size_t from, uint64_t bits) {
        add_first(ret, from, &bits);
        add_first(ret, from, &bits);
        while (bits)
                add_first(ret, from, &bits);
}

static void mark_portable(const struct trigger_set *t, const char *p, size_t n, size_t from, struct marks *ret) {
        uint64_t states[SETS] = {};

        /* A byte on, each place's buckets become those of the place behind; the last place's suited all. */
        for (size_t i = 0; i < n * GROUP + WINDOW - 1; i++) {
                const size_t at = i - (WINDOW - 1);
                uint64_t any = 0;
                for (size_t k = 0; k < SETS; k++) {
                        states[k] = (states[k] << 8 | 0xff) & t->whole[k][(uint8_t) p[i]];
                        any |= states[k];
                }
                if (i >= WINDOW - 1 && any >> 8 * (WINDOW - 1))
                        ret->at[ret->n++] = (uint16_t) (from + at);
                if (i < n * GROUP) {
                        ret->newlines += p[i] == '\n';
                        ret->escapes = ret->escapes || p[i] == '\033';
                }
        }
}

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>

/* The two are one algorithm on 16 and 32 bytes. Lanes of newlines count down from 0, by at most a step's bytes. */

__attribute__((target("ssse3"))) static void mark_ssse3(const struct trigger_set *t, const char *p, size_t n,
                                                        size_t from, struct marks *ret) {
        enum { WIDTH = 16 };
        const __m128i zero = _mm_setzero_si128();
        __m128i first[WINDOW], second[WINDOW], escapes = zero;

        for (int i = 0; i < WINDOW; i++) {
                first[i] = _mm_loadu_si128((const __m128i *) (const void *) t->low[0][i]);
                second[i] = _mm_loadu_si128((const __m128i *) (const void *) t->low[1][i]);
        }
        for (size_t g = 0; g < n; g++) {
                __m128i newlines = zero;
                uint64_t bits = 0;
                for (int k = 0; k < GROUP / WIDTH; k++, p += WIDTH) {
                        __m128i suits = _mm_set1_epi8(-1), others = suits;
#pragma GCC unroll WINDOW
                        for (int i = 0; i < WINDOW; i++) {
                                const __m128i c = _mm_loadu_si128((const __m128i *) (const void *) (p + i));
                                suits = _mm_and_si128(suits, _mm_shuffle_epi8(first[i], c));
                                others = _mm_and_si128(others, _mm_shuffle_epi8(second[i], c));
                        }
                        suits = _mm_or_si128(suits, others);
                        const unsigned none = (unsigned) _mm_movemask_epi8(_mm_cmpeq_epi8(suits, zero));
                        bits |= (uint64_t) (none ^ 0xffff) << k * WIDTH;
                        const __m128i c = _mm_loadu_si128((const __m128i *) (const void *) p);
                        newlines = _mm_sub_epi8(newlines, _mm_cmpeq_epi8(c, _mm_set1_epi8('\n')));
                        escapes = _mm_or_si128(escapes, _mm_cmpeq_epi8(c, _mm_set1_epi8('\033')));
                }
                add_places(ret, from + g * GROUP, bits);
                newlines = _mm_sad_epu8(newlines, zero);
                ret->newlines += (size_t) (_mm_extract_epi16(newlines, 0) + _mm_extract_epi16(newlines, 4));
        }
        ret->escapes = ret->escapes || _mm_movemask_epi8(escapes);
}

__attribute__((target("avx2,bmi"))) static inline __m256i twice(const uint8_t table[16]) {
        return _mm256_broadcastsi128_si256(_mm_loadu_si128((const __m128i *) (const void *) table));
}

/* What an AVX2 engine knows: the tables, what it saw. */
struct avx2 {
        __m256i first[WINDOW], second[WINDOW], newlines, escapes;
};

/* Marks the positions of some vectors. There are more tables than registers: each is loaded once for all vectors. */
__attribute__((target("avx2,bmi"), always_inline)) static inline void mark_vectors(struct avx2 *a, const char *p,
                                                                                   size_t n, size_t from,
                                                                                   struct marks *ret) {
        enum { WIDTH = 32, MOST = 4 };
        __m256i suits[MOST], others[MOST];
        uint64_t none[MOST];

#pragma GCC unroll 4
        for (size_t k = 0; k < n; k++) {
                const __m256i c = _mm256_loadu_si256((const __m256i *) (const void *) (p + k * WIDTH));
                suits[k] = _mm256_shuffle_epi8(a->first[0], c);
                others[k] = _mm256_shuffle_epi8(a->second[0], c);
                a->newlines = _mm256_sub_epi8(a->newlines, _mm256_cmpeq_epi8(c, _mm256_set1_epi8('\n')));
                a->escapes = _mm256_or_si256(a->escapes, _mm256_cmpeq_epi8(c, _mm256_set1_epi8('\033')));
        }
        for (size_t i = 1; i < WINDOW; i++)
#pragma GCC unroll 4
                for (size_t k = 0; k < n; k++) {
                        const __m256i c = _mm256_loadu_si256((const __m256i *) (const void *) (p + k * WIDTH + i));
                        suits[k] = _mm256_and_si256(suits[k], _mm256_shuffle_epi8(a->first[i], c));
                        others[k] = _mm256_and_si256(others[k], _mm256_shuffle_epi8(a->second[i], c));
                }
#pragma GCC unroll 4
        for (size_t k = 0; k < n; k++) {
                suits[k] = _mm256_cmpeq_epi8(_mm256_or_si256(suits[k], others[k]), _mm256_setzero_si256());
                none[k] = (uint32_t) _mm256_movemask_epi8(suits[k]);
        }
#pragma GCC unroll 4
        for (size_t k = 0; k < n; k += 2)
                add_places(ret, from + k * WIDTH, ~(none[k] | none[k + 1] << WIDTH));
}

__attribute__((target("avx2,bmi"))) static void mark_avx2(const struct trigger_set *t, const char *p, size_t n,
                                                          size_t from, struct marks *ret) {
        struct avx2 a = { .newlines = _mm256_setzero_si256(), .escapes = _mm256_setzero_si256() };
        size_t g = 0;

        for (int i = 0; i < WINDOW; i++) {
                a.first[i] = twice(t->low[0][i]);
                a.second[i] = twice(t->low[1][i]);
        }
        for (; g + 2 <= n; g += 2)
                mark_vectors(&a, p + g * GROUP, 4, from + g * GROUP, ret);
        if (g < n)
                mark_vectors(&a, p + g * GROUP, 2, from + g * GROUP, ret);
        const __m256i newlines = _mm256_sad_epu8(a.newlines, _mm256_setzero_si256());
        ret->newlines += (size_t) (_mm256_extract_epi64(newlines, 0) + _mm256_extract_epi64(newlines, 1) +
                                   _mm256_extract_epi64(newlines, 2) + _mm256_extract_epi64(newlines, 3));
        ret->escapes = ret->escapes || _mm256_movemask_epi8(a.escapes);
}

/* A shuffle of 64 bytes looks at the low six bits of each: fewer positions suit. */
__attribute__((target("avx512bw,avx512vbmi,popcnt,bmi"))) static void mark_avx512(const struct trigger_set *t,
                                                                                  const char *p, size_t n, size_t from,
                                                                                  struct marks *ret) {
        const __m512i newline = _mm512_set1_epi8('\n'), escape = _mm512_set1_epi8('\033');
        __m512i first[WINDOW], second[WINDOW];
        uint64_t escapes = 0;

        for (int i = 0; i < WINDOW; i++) {
                first[i] = _mm512_loadu_si512(t->six[0][i]);
                second[i] = _mm512_loadu_si512(t->six[1][i]);
        }
        for (size_t g = 0; g < n; g++, p += GROUP) {
                const __m512i begin = _mm512_loadu_si512(p);
                __m512i suits = _mm512_permutexvar_epi8(begin, first[0]),
                        others = _mm512_permutexvar_epi8(begin, second[0]);
#pragma GCC unroll WINDOW
                for (int i = 1; i < WINDOW; i++) {
                        const __m512i c = _mm512_loadu_si512(p + i);
                        suits = _mm512_and_si512(suits, _mm512_permutexvar_epi8(c, first[i]));
                        others = _mm512_and_si512(others, _mm512_permutexvar_epi8(c, second[i]));
                }
                suits = _mm512_or_si512(suits, others);
                add_places(ret, from + g * GROUP, _mm512_test_epi8_mask(suits, suits));
                ret->newlines += (size_t) __builtin_popcountll(_mm512_cmpeq_epi8_mask(begin, newline));
                escapes |= _mm512_cmpeq_epi8_mask(begin, escape);
        }
        ret->escapes = ret->escapes || escapes;
}
#endif

int trigger_set_engine(struct trigger_set *t, enum trigger_engine engine) {
        switch (engine) {
        case TRIGGER_PORTABLE:
                t->mark = mark_portable;
                return 0;
#if defined(__x86_64__) || defined(__i386__)
        case TRIGGER_SSSE3:
                if (!t->ascii || !__builtin_cpu_supports("ssse3"))
                        return -ENOTSUP;
                t->mark = mark_ssse3;
                return 0;
        case TRIGGER_AVX2:
                if (!t->ascii || !__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("bmi"))
                        return -ENOTSUP;
                t->mark = mark_avx2;
                return 0;
        case TRIGGER_AVX512:
                if (!__builtin_cpu_supports("avx512bw") || !__builtin_cpu_supports("avx512vbmi"))
                        return -ENOTSUP;
                t->mark = mark_avx512;
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

/* The same of bytes with one low half, of all. */
static void make_weights(float weights[16]) {
        float all = 0;

        for (unsigned c = 0; c < 128; c++) {
                weights[c & 15] += weight((uint8_t) c);
                all += weight((uint8_t) c);
        }
        for (unsigned half = 0; half < 16; half++)
                weights[half] /= all;
}

/* For each place of each bucket, the low halves that suit: those of the windows in it, in any mixture; and how often
 * bytes have one of them. The product over the places is how often the bucket fires on noise. */
struct buckets {
        float rates[WINDOW][BUCKETS];
        float lacks[WINDOW][16][BUCKETS]; /* by a low half: what it would add */
};

static void make_buckets(struct buckets *b, const float weights[16]) {
        for (size_t i = 0; i < WINDOW; i++)
                for (size_t half = 0; half < 16; half++)
                        for (size_t k = 0; k < BUCKETS; k++)
                                b->lacks[i][half][k] = weights[half];
}

/* How often each bucket would fire with that window, too. */
static void rates_with(const struct buckets *b, const char *window, float ret[restrict BUCKETS]) {
        for (size_t k = 0; k < BUCKETS; k++)
                ret[k] = 1;
        for (size_t i = 0; i < WINDOW; i++)
                for (size_t k = 0; k < BUCKETS; k++)
                        ret[k] *= b->rates[i][k] + b->lacks[i][window[i] & 15][k];
}

static void add_window(struct buckets *b, const char *window, size_t k) {
        for (size_t i = 0; i < WINDOW; i++) {
                b->rates[i][k] += b->lacks[i][window[i] & 15][k];
                b->lacks[i][window[i] & 15][k] = 0;
        }
}

/* Bytes do not follow one another by chance: the pieces of words that kernel messages are full of, as counted in
 * consoles' logs without the lines that hold a trigger. Most that suits a window with such a piece is one. */
static const char pieces[] =
        "read|test|able|ing |thre|ble |ion |ture| is |tion|nabl|task| tas|writ|supp| sup|ptio|ible|ping|lock|"
        " res| not|not |i915|ot s|915:|ning|unni|Runn|15: |s no|nnin|st_a|5: R| Run|: Ru|emor|ed f|mory| mem|"
        "memo|s re|page|ting|ng a| at |d at|sion|age |node| lin|init|ed a|led |al p| con| to |rese|ance| on |"
        "sive|nce |sing|atio|irq |ent |ende|time|kcsa|csan| rec|ory |issi|ode |cloc|line|call| pro| loc|rnel|"
        "erne|red | CPU| ret|soft|sabl|isab|rder|RCU |lloc| sta|asan|allo|kasa| irq| ker|kern|orde|nel |ages|"
        "trie|nter|hard|st d| sof| cal|terr|ry: |ocks|upt |rint|evic| ini| Int|rupt|Inte|or I|_LOC|vice|erru|"
        "ment|and |rrup|sed |ory:|ce [|prin|ter_|spin| cpu| of |inte|held| hel|Free| usi|LOCK| has| RCU| the|"
        "ted |ock | log|one |MAX_|ce: |usin|zone|list| MAX|intk| pag|cons|ask |eld |cpu |on c|n cp|free|tack|"
        "eque|jiff|iffi|ckin|bjec|ject|onte|race|ace:|oubl|g lo|oint|lize|ck s|ine:| inv|ck f|ode[|ted[|edul|"
        "essa|ntro|loca";

/* Has a window one of these? may: by their hashes, whether there is any. */
static bool has_piece(const char *window, const bool may[HASHES]) {
        for (size_t i = 0; i + 4 <= WINDOW; i++)
                for (size_t at = 0; may[hash_of(load32(window + i))] && at + 4 < sizeof(pieces); at += 5)
                        if (load32(window + i) == load32(pieces + at))
                                return true;
        return false;
}

/* Each word gets the window and the bucket that make noise fire least the more: alike windows come together. */
static void deal_out(struct word *words, size_t n, uint8_t *bucket_of, struct buckets *buckets) {
        static const float piece = 0.001f;
        float weights[16] = {}, rates[BUCKETS] = {}, with[BUCKETS];
        bool may[HASHES] = {};

        make_weights(weights);
        make_buckets(buckets, weights);
        for (size_t at = 0; at + 4 < sizeof(pieces); at += 5)
                may[hash_of(load32(pieces + at))] = true;
        for (size_t i = 0; i < n; i++) {
                float least = INFINITY;

                for (size_t at = 0; at + WINDOW <= words[i].n; at++) {
                        const float known = has_piece(words[i].s + at, may) ? piece : 0;
                        rates_with(buckets, words[i].s + at, with);
                        for (uint8_t b = 0; b < BUCKETS; b++) {
                                const float more = with[b] - rates[b] + known;
                                if (more < least) {
                                        least = more;
                                        words[i].at = at;
                                        bucket_of[i] = b;
                                }
                        }
                }
                const char *window = words[i].s + words[i].at;
                words[i].window = load32(window);
                rates_with(buckets, window, with);
                rates[bucket_of[i]] = with[bucket_of[i]];
                add_window(buckets, window, bucket_of[i]);
        }
}

/* Short words first: they have the least choice of windows, and make longer ones that hold them needless. */
static int by_length(const void *a, const void *b) {
        const struct word *x = a, *y = b;
        return x->n < y->n ? -1 : x->n > y->n;
}

static int by_hash(const void *a, const void *b) {
        const struct word *x = a, *y = b;
        return (int) hash_of(x->window) - (int) hash_of(y->window);
}

static size_t drop_needless(struct word *words, size_t n) {
        size_t kept = 0;

        for (size_t i = 0; i < n; i++) {
                bool needless = false;
                for (size_t k = 0; k < kept && !needless; k++)
                        if ((needless = strstr(words[i].s, words[k].s) != NULL))
                                words[k].owners |= words[i].owners;
                if (!needless)
                        words[kept++] = words[i];
        }
        return kept;
}

int trigger_set_new(struct trigger_set **ret, const char *const *words, const uint64_t *owners, size_t n) {
        _cleanup_free_ struct word *all = calloc(n + 1, sizeof(*all));
        _cleanup_free_ uint8_t *bucket_of = calloc(n + 1, 1);
        _cleanup_free_ struct buckets *buckets = calloc(1, sizeof(*buckets));
        _cleanup_free_ struct trigger_set *t = calloc(1, sizeof(*t) + n * sizeof(struct word));

        if (!all || !bucket_of || !buckets || !t)
                return -ENOMEM;
        for (size_t i = 0; i < n; i++) {
                all[i] = (struct word){ .s = words[i], .n = strlen(words[i]), .owners = owners ? owners[i] : 0 };
                if (all[i].n < TRIGGER_MIN)
                        return -EINVAL;
        }
        qsort(all, n, sizeof(*all), by_length);
        n = drop_needless(all, n);
        deal_out(all, n, bucket_of, buckets);

        t->ascii = true;
        for (size_t i = 0; i < n; i++)
                for (size_t k = 0; k < WINDOW; k++) {
                        const uint8_t c = (uint8_t) all[i].s[all[i].at + k];
                        const unsigned set = bucket_of[i] / 8, bucket = bucket_of[i] % 8;
                        t->low[set][k][c & 15] |= (uint8_t) (1u << bucket);
                        t->ascii = t->ascii && c < 0x80;
                        t->six[set][k][c & 63] |= (uint8_t) (1u << bucket);
                        t->whole[set][c] |= (uint64_t) 1 << bucket << 8 * k;
                }
        qsort(all, n, sizeof(*all), by_hash);
        for (size_t i = n; i-- > 0;) {
                t->words[i] = all[i];
                t->first[hash_of(all[i].window)] = (uint16_t) (i + 1);
        }
        t->n = n;
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

/* --- the search --- */

/* The last positions, fewer than a group. */
static void mark_rest(const struct trigger_set *t, const char *p, size_t n, size_t from, struct marks *m) {
        char padded[GROUP + WINDOW - 1] = {};
        const size_t newlines = m->newlines;
        const bool escapes = m->escapes;

        memcpy(padded, p, n + WINDOW - 1);
        t->mark(t, padded, 1, from, m);
        while (m->n && m->at[m->n - 1] >= from + n)
                m->n--;
        m->newlines = newlines;
        m->escapes = escapes;
}

/* Where windows begin among the n positions from p on, at most a step; newlines and escapes in whole groups. */
static void find_windows(const struct trigger_set *t, const char *p, size_t n, struct marks *m) {
        const size_t whole = n / GROUP * GROUP;
        size_t kept = 0;

        m->n = m->newlines = 0;
        m->escapes = false;
        t->mark(t, p, n / GROUP, 0, m);
        if (n > whole)
                mark_rest(t, p + whole, n - whole, whole, m);
        /* Which have one cannot be foretold either. */
        for (size_t i = 0; i < m->n; i++) {
                m->at[kept] = m->at[i];
                kept += has_window(t, p + m->at[i]);
        }
        m->n = kept;
}

const char *trigger_find(const struct trigger_set *t, const char *p, const char *end) {
        const char *const begin = p;
        struct marks m;

        while (end - p >= WINDOW) {
                const size_t n = MIN((size_t) (end - p) - (WINDOW - 1), (size_t) STEP);

                find_windows(t, p, n, &m);
                for (size_t i = 0; i < m.n; i++) {
                        const char *q = p + m.at[i];
                        const struct word *w = verify(t, NULL, begin, q, end);
                        if (w)
                                return q - w->at;
                }
                p += n;
        }
        return NULL;
}

uint64_t trigger_owners(const struct trigger_set *t, struct slice s) {
        const char *const end = s.s + s.n;
        uint64_t owners = 0;
        struct marks m;

        for (const char *p = s.s; end - p >= WINDOW;) {
                const size_t n = MIN((size_t) (end - p) - (WINDOW - 1), (size_t) STEP);

                find_windows(t, p, n, &m);
                for (size_t i = 0; i < m.n; i++) {
                        const char *q = p + m.at[i];
                        for (const struct word *w = NULL; (w = verify(t, w, s.s, q, end));)
                                owners |= w->owners;
                }
                p += n;
        }
        return owners;
}

/* Sixteen bytes at a time: a comparison gives -1 where it holds, so each lane of seen counts down. */
static size_t count_newlines(const char *p, const char *end) {
        typedef signed char lanes __attribute__((vector_size(16)));
        size_t n = 0;

        while (end - p >= (ptrdiff_t) sizeof(lanes)) {
                lanes seen = {};
                for (int i = 0; i < 127 && end - p >= (ptrdiff_t) sizeof(lanes); i++, p += sizeof(lanes)) {
                        lanes v;
                        memcpy(&v, p, sizeof(v));
                        seen += v == '\n';
                }
                for (size_t i = 0; i < sizeof(lanes); i++)
                        n += (size_t) -seen[i];
        }
        for (; p < end; p++)
                n += *p == '\n';
        return n;
}

int trigger_lines_add(struct trigger_lines *l, size_t at, size_t newlines) {
        if (l->n == l->room) {
                const size_t room = l->room ? l->room * 2 : 64;
                struct trigger_line *items = reallocarray(l->items, room, sizeof(*items));
                if (!items)
                        return -ENOMEM;
                l->items = items;
                l->room = room;
        }
        l->items[l->n++] = (struct trigger_line){ (uint32_t) at, (uint32_t) newlines };
        return 0;
}

int trigger_find_lines(const struct trigger_set *t, struct slice text, struct trigger_lines *ret) {
        const char *const begin = text.s, *const end = text.s + text.n, *p = begin, *behind = begin;
        struct marks m;
        int e = 0;

        ret->n = ret->newlines = 0;
        ret->escapes = false;
        while (e == 0 && end - p >= WINDOW) {
                const size_t n = MIN((size_t) (end - p) - (WINDOW - 1), (size_t) STEP);
                const char *counted = p;
                size_t newlines = ret->newlines;

                find_windows(t, p, n, &m);
                for (size_t i = 0; e == 0 && i < m.n; i++) {
                        const char *q = p + m.at[i];
                        if (q < behind || !verify(t, NULL, begin, q, end))
                                continue;
                        /* Of a line the first is enough. */
                        const char *newline = memchr(q, '\n', (size_t) (end - q));
                        behind = newline ? newline + 1 : end;
                        newlines += count_newlines(counted, q);
                        counted = q;
                        e = trigger_lines_add(ret, (size_t) (q - begin), newlines);
                }
                /* The engine counted whole groups only. */
                ret->newlines += m.newlines + count_newlines(p + n / GROUP * GROUP, p + n);
                ret->escapes = ret->escapes || m.escapes || memchr(p + n / GROUP * GROUP, '\033', n % GROUP);
                p += n;
        }
        ret->newlines += count_newlines(p, end);
        ret->escapes = ret->escapes || (p < end && memchr(p, '\033', (size_t) (end - p)));
        return e;
}
