/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"
#include "report/finding.h"

/* Each writes the first n characters of the SHA-256 of what it is given, in hex, and a NUL. */
void hash_bytes(char *hex, size_t n, struct slice bytes);
void hash_strings(char *hex, size_t n, const char *const *strings, size_t n_strings);

/* The signature says what the report is: the same across boots, builds, addresses, CPUs and compilers. */
void signature_make(struct finding *f);
/* The id says which event it was: the same however often that source is read. Needs the signature. */
void id_make(struct finding *f, const struct boot *boot);
