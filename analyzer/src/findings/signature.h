/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "report/finding.h"

/* Each writes the first n characters of the SHA-256 of its input, in hex, and a NUL. */
void hash_bytes(char *hex, size_t n, struct slice bytes);
void hash_strings(char *hex, size_t n, const char *const *strings, size_t n_strings);

/* The signature identifies the report: the same across boots, builds, addresses, CPUs and compilers. It is computed
 * from the blamed functions. */
void signature_make(struct finding *f);
/* That of version 1 for the same report, which known issues and reports of earlier releases use. former: the report
 * parsed as it was then. Needs the signature. */
void signature_make_former(struct finding *f, const struct finding *former);
/* The signature of version 1; without one, the signature. */
const char *signature_v1(const struct finding *f);
static inline bool signature_is_v1(const struct finding *f) {
        return f->signature[1] == '1';
}
/* The signature for comparison: the signature, or that of version 1 if one of the findings has only that. */
static inline const char *signature_among(const struct finding *f, bool v1) {
        return v1 ? signature_v1(f) : f->signature;
}
/* Are they of the same report? */
bool signature_same(const struct finding *a, const struct finding *b);
/* The id identifies the event: the same each time that source is read, by any release. Needs both signatures. */
void id_make(struct finding *f, const struct boot *boot);

/* Are they two logs' reports of one event? They say the same, numbers and all, or a report with that signature began at
 * the same microsecond of the kernel's clock; and no clock that both have contradicts. */
bool event_same(const struct finding *a, const struct finding *b);
/* Two such have in common one of the keys by which the first was kept and one by which the second is looked for: their
 * words and time, their words where one has no kernel's clock, or signature and moment. So many findings with the same
 * words at other times are no long way to each other. A key of 0 is none. */
enum { EVENT_KEYS = 3 };
void event_kept_by(const struct finding *f, uint64_t keys[static EVENT_KEYS]);
void event_sought_by(const struct finding *f, uint64_t keys[static EVENT_KEYS]);
/* Of two that a key keeps: does what finds the second find the first as well? Then the second need not be kept. */
bool event_stands_for(const struct finding *kept, const struct finding *f);
/* Did it begin at a moment that no other report with its signature shares? */
bool event_has_moment(const struct finding *f);
