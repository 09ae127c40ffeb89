/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* The checksum at the end of what gzip packed (RFC 1952), which libarchive does not compare. Zero-initialise. */
struct gzip_sum {
        unsigned char tail[8]; /* the last bytes of the packed file: checksum and size, */
        uint64_t packed;       /* of so many */
        bool several;          /* another file may begin behind the first */
        uint64_t bytes;        /* unpacked so far, */
        uint32_t crc;          /* and their checksum */
};

void gzip_sum_packed(struct gzip_sum *g, struct slice some);
void gzip_sum_unpacked(struct gzip_sum *g, struct slice some);
/* At the end: is the checksum or the size another than the file says? Of several files that were put one behind the
 * other it cannot be told. */
bool gzip_sum_differs(const struct gzip_sum *g);
