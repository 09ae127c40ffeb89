/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "findings/signature.h"

#include <inttypes.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

#include "base/macros.h"

static void finish(SHA2_CTX *c, char *hex, size_t n) {
        static const char digits[] = "0123456789abcdef";
        uint8_t digest[SHA256_DIGEST_LENGTH];

        SHA256Final(digest, c);
        for (size_t i = 0; i < n && i < 2 * sizeof(digest); i++)
                hex[i] = digits[i % 2 ? digest[i / 2] & 15 : digest[i / 2] >> 4];
        hex[n] = '\0';
}

void hash_bytes(char *hex, size_t n, struct slice bytes) {
        SHA2_CTX c;

        SHA256Init(&c);
        SHA256Update(&c, (const uint8_t *) bytes.s, bytes.n);
        finish(&c, hex, n);
}

void hash_strings(char *hex, size_t n, const char *const *strings, size_t n_strings) {
        SHA2_CTX c;

        SHA256Init(&c);
        for (size_t i = 0; i < n_strings; i++) {
                /* With its NUL, so that "a", "bc" and "ab", "c" differ. */
                const char *s = strings[i] ? strings[i] : "";
                SHA256Update(&c, (const uint8_t *) s, strlen(s) + 1);
        }
        finish(&c, hex, n);
}

/* Titles sort A and B for KCSAN already; what the kernel does not sort would make two of one. */
static int by_name(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

/* What a signature is made of. */
struct parts {
        const char *items[2 + 8];
        size_t n;
};

static struct parts parts_of(const struct finding *f) {
        struct parts p = { .items = { f->detector, f->kind }, .n = 2 };

        for (size_t i = 0; i < f->n_functions && p.n < ARRAY_SIZE(p.items); i++)
                p.items[p.n++] = f->functions[i];
        qsort(p.items + 2, p.n - 2, sizeof(p.items[0]), by_name);
        return p;
}

static bool same_parts(const struct parts *a, const struct parts *b) {
        for (size_t i = 0; i < a->n && i < b->n; i++)
                if (strcmp(a->items[i] ? a->items[i] : "", b->items[i] ? b->items[i] : "") != 0)
                        return false;
        return a->n == b->n;
}

static void make(const struct parts *p, const char *version, char *ret) {
        memcpy(ret, version, 3);
        hash_strings(ret + 3, SIGNATURE_CHARS - 3, p->items, p->n);
}

void signature_make(struct finding *f) {
        const struct parts parts = parts_of(f);

        make(&parts, "v2:", f->signature);
}

void signature_make_former(struct finding *f, const struct finding *former) {
        const struct parts now = parts_of(f), then = parts_of(former);

        if (same_parts(&now, &then)) {
                memcpy(f->former_signature, f->signature, sizeof(f->former_signature));
                memcpy(f->former_signature, "v1:", 3);
        } else
                make(&then, "v1:", f->former_signature);
}

const char *signature_v1(const struct finding *f) {
        return f->former_signature[0] ? f->former_signature : f->signature;
}

bool signature_same(const struct finding *a, const struct finding *b) {
        const bool v1 = signature_is_v1(a) || signature_is_v1(b);

        return strcmp(signature_among(a, v1), signature_among(b, v1)) == 0;
}

void id_make(struct finding *f, const struct boot *boot) {
        char when[32];
        const char *parts[] = { *boot->id ? boot->id : boot->start, when, signature_v1(f) };

        if (f->first.has_mono)
                snprintf(when, sizeof(when), "m%" PRIu64, f->first.mono_us);
        else if (f->first.has_real)
                snprintf(when, sizeof(when), "r%" PRIu64, f->first.real_us);
        else
                snprintf(when, sizeof(when), "n%" PRIu64, f->number);
        hash_strings(f->id, ID_CHARS, parts, sizeof(parts) / sizeof(parts[0]));
}

/* Before that the clock of many machines stands still or ticks, and boots agree by chance. */
enum { CLOCK_RUNS_US = 1000000 };
/* Wall clocks of one event may be of other zones, or have been set in between. */
static const uint64_t day_us = 86400ull * 1000000;

static bool has_moment(const struct finding *f) {
        return f->first.has_mono && f->first.mono_us >= CLOCK_RUNS_US;
}

bool event_has_moment(const struct finding *f) {
        return has_moment(f);
}

/* In place of the kernel's time: of those that have one, of those that have none. */
static const uint64_t any_time = UINT64_MAX, no_time = UINT64_MAX - 1;

static uint64_t words_and(const struct finding *f, uint64_t when) {
        return f->words ? hash_u64(f->words, when) : 0;
}

static uint64_t moment_key(const struct finding *f) {
        return has_moment(f) ? hash_u64(hash_slice(HASH_START, slice_of(f->signature)), f->first.mono_us) : 0;
}

void event_kept_by(const struct finding *f, uint64_t keys[static EVENT_KEYS]) {
        const bool timed = f->first.has_mono;

        keys[0] = words_and(f, timed ? f->first.mono_us : no_time);
        keys[1] = timed ? words_and(f, any_time) : 0;
        keys[2] = moment_key(f);
}

void event_sought_by(const struct finding *f, uint64_t keys[static EVENT_KEYS]) {
        const bool timed = f->first.has_mono;

        keys[0] = words_and(f, timed ? f->first.mono_us : no_time);
        keys[1] = words_and(f, timed ? no_time : any_time);
        keys[2] = moment_key(f);
}

bool event_stands_for(const struct finding *kept, const struct finding *f) {
        static const uint64_t hour_us = 3600ull * 1000000;

        if (kept->source != f->source || kept->origin != f->origin || kept->first.has_mono != f->first.has_mono)
                return false;
        /* Without the kernel's clock, how far apart two may be is asked. */
        return kept->first.has_mono || (kept->first.has_real == f->first.has_real &&
                                        (!f->first.has_real || stamp_distance(&kept->first, &f->first) < hour_us));
}

bool event_same(const struct finding *a, const struct finding *b) {
        const bool same_words = a->words && a->words == b->words;

        if (a->first.has_mono && b->first.has_mono)
                return a->first.mono_us == b->first.mono_us && (same_words || (has_moment(a) && signature_same(a, b)));
        return same_words &&
               (a->first.has_mono || b->first.has_mono || stamp_distance(&a->first, &b->first) == UINT64_MAX ||
                stamp_distance(&a->first, &b->first) < day_us);
}
