/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* A kernel's release as uname -r prints it, parsed so that releases can be ordered: 6.1.9 comes before 6.1.10, and
 * 6.2.0-rc3 before 6.2.0.
 *
 *     6.1.0-18-rt-amd64    numbers 6 1 0, local 18, suffix "-18-rt-amd64"
 *     6.2.0-rc3-next-2     numbers 6 2 0, rc 3, suffix "-next-2"
 */
struct kernel_version {
        uint32_t numbers[4];
        unsigned n_numbers;
        bool has_rc;
        uint32_t rc;
        uint32_t local[4]; /* the distribution's number: "-18", "-427.13.1" */
        unsigned n_local;
        struct slice suffix; /* all after the numbers and the rc; within the bytes that were parsed */
};

/* A range's end: all of s must be a version: numbers, then an rc, then a local part, the last two at will. */
bool version_parse_bound(struct slice s, struct kernel_version *ret);

/* The kernel of a boot: its release and, where the kernel's banner names it (Debian's do: "Debian 6.1.76-1"; their
 * release stays 6.1.0-N), the version of the source it was built from. */
struct kernel_versions {
        bool has_release, has_upstream;
        struct kernel_version release, upstream;
};

/* Either may be NULL. The strings must outlive *ret. */
void versions_of(const char *release, const char *banner, struct kernel_versions *ret);

/* Less than, equal to or greater than 0 as the kernel comes before, at or after the bound. Only numbers that the
 * bound gives are compared: all of 6.1.x is at 6.1. A bound with a local part is held against the release, others
 * against the source's version where it is known. The kernel must have a release. */
int version_against(const struct kernel_versions *v, const struct kernel_version *bound);
