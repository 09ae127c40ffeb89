/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/gzip_sum.h"

#include <pthread.h>

#include "base/macros.h"

static uint32_t table[4][256];

/* For four bytes at a time: table[k] is the sum of a byte that k others follow. */
static void make_table(void) {
        for (uint32_t i = 0; i < 256; i++) {
                table[0][i] = i;
                for (int bit = 0; bit < 8; bit++)
                        table[0][i] = table[0][i] >> 1 ^ (table[0][i] & 1 ? 0xedb88320u : 0);
        }
        for (int k = 1; k < 4; k++)
                for (uint32_t i = 0; i < 256; i++)
                        table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 0xff];
}

/* Does a file begin within these bytes, or may one at their end? */
static bool begins_within(struct slice some) {
        static const struct slice magic = SLICE("\037\213\010");

        for (size_t at; (at = slice_find_byte(some, magic.s[0])) != SLICE_NPOS; some = slice_from(some, at + 1))
                if (slice_starts(magic, slice_head(slice_from(some, at), magic.n)))
                        return true;
        return false;
}

void gzip_sum_packed(struct gzip_sum *g, struct slice some) {
        const size_t n = MIN(some.n, sizeof(g->tail)), kept = sizeof(g->tail) - n;

        g->several = g->several || begins_within(slice_from(some, g->packed == 0));
        memmove(g->tail, g->tail + n, kept);
        memcpy(g->tail + kept, some.s + some.n - n, n);
        g->packed += some.n;
}

void gzip_sum_unpacked(struct gzip_sum *g, struct slice some) {
        static pthread_once_t once = PTHREAD_ONCE_INIT;
        const unsigned char *p = (const unsigned char *) some.s, *const end = p + some.n;
        uint32_t crc = ~g->crc;

        pthread_once(&once, make_table);
        for (; end - p >= 4; p += 4) {
                crc ^= (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
                crc = table[3][crc & 0xff] ^ table[2][crc >> 8 & 0xff] ^ table[1][crc >> 16 & 0xff] ^
                      table[0][crc >> 24];
        }
        for (; p < end; p++)
                crc = crc >> 8 ^ table[0][(crc ^ *p) & 0xff];
        g->crc = ~crc;
        g->bytes += some.n;
}

static uint32_t number_at(const unsigned char *p) {
        return (uint32_t) p[0] | (uint32_t) p[1] << 8 | (uint32_t) p[2] << 16 | (uint32_t) p[3] << 24;
}

bool gzip_sum_differs(const struct gzip_sum *g) {
        const uint32_t crc = number_at(g->tail), size = number_at(g->tail + 4);

        /* Tapes and disks fill up with zeros. */
        return !g->several && g->packed > sizeof(g->tail) && (crc != 0 || size != 0) &&
               (crc != g->crc || size != (uint32_t) g->bytes);
}
