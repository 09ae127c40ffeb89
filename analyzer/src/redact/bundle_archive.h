/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdint.h>

#include "base/slice.h"

/* A compressed tar archive through libarchive: compressed as the name ends. It is NAME only once it is whole. The
 * library is loaded here, as for reading: see source/archive.c. */
struct bundle_pack;

/* Can this become a bundle: does the name end in a known way, and is nothing there but a file? The filter, or -EINVAL,
 * and it says why not. */
int bundle_pack_check(const char *name);
/* 0 or -errno, which it says. */
int bundle_pack_open(struct bundle_pack **ret, const char *name);
/* A member from memory, or size bytes of a file from its start on. 0 or -errno, said. */
int bundle_pack_add(struct bundle_pack *p, const char *path, struct slice content);
int bundle_pack_add_file(struct bundle_pack *p, const char *path, int fd, uint64_t size);
/* Ends and names it: 0 or -errno, said. Without this nothing is left. */
int bundle_pack_finish(struct bundle_pack *p);
struct bundle_pack *bundle_pack_free(struct bundle_pack *p);
