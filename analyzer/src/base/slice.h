/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* A range of bytes: not owned, not NUL-terminated, may hold any byte. */
struct slice {
        const char *s;
        size_t n;
};

#define SLICE(literal) ((struct slice){ (literal), sizeof(literal) - 1 })
#define SLICE_NULL ((struct slice){ NULL, 0 })
/* For printf("%.*s"). */
#define SLICE_FMT(x) (int) (x).n, (x).s

static inline struct slice slice_of(const char *s) {
        return (struct slice){ s, s ? strlen(s) : 0 };
}

static inline bool slice_eq(struct slice a, struct slice b) {
        return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

static inline bool slice_starts(struct slice a, struct slice prefix) {
        /* Most strings differ in their first byte: comparing it here is cheaper than a call. */
        return prefix.n == 0 || (a.n >= prefix.n && a.s[0] == prefix.s[0] && memcmp(a.s, prefix.s, prefix.n) == 0);
}

static inline bool slice_ends(struct slice a, struct slice suffix) {
        return suffix.n == 0 || (a.n >= suffix.n && a.s[a.n - 1] == suffix.s[suffix.n - 1] &&
                                 memcmp(a.s + a.n - suffix.n, suffix.s, suffix.n) == 0);
}

static inline struct slice slice_from(struct slice a, size_t at) {
        size_t skip = at < a.n ? at : a.n;
        /* C does not allow adding to NULL, not even 0. */
        return (struct slice){ skip ? a.s + skip : a.s, a.n - skip };
}

static inline struct slice slice_head(struct slice a, size_t n) {
        return (struct slice){ a.s, n < a.n ? n : a.n };
}

/* Removes the prefix; returns whether it was present. */
static inline bool slice_eat(struct slice *a, struct slice prefix) {
        if (!slice_starts(*a, prefix))
                return false;
        *a = slice_from(*a, prefix.n);
        return true;
}

#define SLICE_NPOS SIZE_MAX

static inline size_t slice_find_byte(struct slice a, char c) {
        const char *p = a.n ? memchr(a.s, c, a.n) : NULL;
        return p ? (size_t) (p - a.s) : SLICE_NPOS;
}

/* Offset of the first occurrence, or SLICE_NPOS. For words in lines: memmem()'s setup takes longer than searching most
 * lines. */
static inline size_t slice_find(struct slice a, struct slice what) {
        for (size_t at = 0; what.n && a.n - at >= what.n; at++) {
                const char *p = memchr(a.s + at, what.s[0], a.n - at - what.n + 1);
                if (!p)
                        break;
                at = (size_t) (p - a.s);
                if (memcmp(p, what.s, what.n) == 0)
                        return at;
        }
        return SLICE_NPOS;
}

static inline bool slice_has(struct slice a, struct slice what) {
        return slice_find(a, what) != SLICE_NPOS;
}

static inline bool is_blank(char c) {
        return c == ' ' || c == '\t';
}

static inline bool is_digit(char c) {
        return c >= '0' && c <= '9';
}

/* Of ASCII. */
static inline bool is_letter(char c) {
        return (c | 32) >= 'a' && (c | 32) <= 'z';
}

static inline struct slice slice_ltrim(struct slice a) {
        size_t i = 0;

        while (i < a.n && is_blank(a.s[i]))
                i++;
        return slice_from(a, i);
}

static inline struct slice slice_rtrim(struct slice a) {
        while (a.n && (is_blank(a.s[a.n - 1]) || a.s[a.n - 1] == '\r' || a.s[a.n - 1] == '\n'))
                a.n--;
        return a;
}

static inline struct slice slice_trim(struct slice a) {
        return slice_rtrim(slice_ltrim(a));
}

/* Removes everything up to the first separator byte (included), or all of s; returns the part before it. */
static inline struct slice slice_token(struct slice *a, char sep) {
        size_t at = slice_find_byte(*a, sep);
        struct slice t = slice_head(*a, at);
        *a = at == SLICE_NPOS ? slice_from(*a, a->n) : slice_from(*a, at + 1);
        return t;
}

/* Removes a number from the start; false (and nothing removed) if there is none or it exceeds 64 bits. */
bool slice_eat_u64(struct slice *a, uint64_t *ret);
/* The same in base 16, with or without a leading 0x. */
bool slice_eat_hex(struct slice *a, uint64_t *ret);

/* Does the name match a pattern in which each '*' stands for any run of bytes? */
bool slice_glob_all(struct slice name, const char *pattern);
static inline bool slice_glob(struct slice name, const char *pattern) {
        /* Names are compared with long lists; most differ in their first byte. */
        if (name.n && *pattern != name.s[0] && *pattern != '*')
                return false;
        return slice_glob_all(name, pattern);
}
/* The same for several patterns, separated by blanks: does one match? */
bool slice_glob_any(struct slice name, const char *patterns);
