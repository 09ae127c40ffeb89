/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "report/finding.h"

/* Each writes the first n characters of the SHA-256 of what it is given, in hex, and a NUL. */
void hash_bytes(char *hex, size_t n, struct slice bytes);
void hash_strings(char *hex, size_t n, const char *const *strings, size_t n_strings);

/* The signature says what the report is: the same across boots, builds, addresses, CPUs and compilers. Version 2 is
 * made of the functions to blame today; former is the same report with those of version 1, which known issues and
 * reports of earlier releases hold. */
void signature_make(struct finding *f, const struct finding *former);
/* The signature of version 1; where nobody made one, the signature. */
const char *signature_v1(const struct finding *f);
static inline bool signature_is_v1(const struct finding *f) {
        return f->signature[1] == '1';
}
/* By which findings are compared: the signature, or where one of them has that of version 1 alone, that. */
static inline const char *signature_among(const struct finding *f, bool v1) {
        return v1 ? signature_v1(f) : f->signature;
}
/* Are they of the same report? */
bool signature_same(const struct finding *a, const struct finding *b);
/* The id says which event it was: the same however often that source is read, by whatever release. Needs the signature.
 */
void id_make(struct finding *f, const struct boot *boot);
