/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "findings/signature.h"

#include <inttypes.h>
#include <sha2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

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

static void make(const struct finding *f, const char *version, char *ret) {
        enum { MAX_PARTS = 2 + 8 };
        const char *parts[MAX_PARTS] = { f->detector, f->kind };
        size_t n = 2;

        for (size_t i = 0; i < f->n_functions && n < MAX_PARTS; i++)
                parts[n++] = f->functions[i];
        qsort(parts + 2, n - 2, sizeof(parts[0]), by_name);
        memcpy(ret, version, 3);
        hash_strings(ret + 3, SIGNATURE_CHARS - 3, parts, n);
}

void signature_make(struct finding *f, const struct finding *former) {
        make(f, "v2:", f->signature);
        make(former, "v1:", f->former_signature);
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
