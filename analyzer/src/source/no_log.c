/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/content.h"

#include "base/macros.h"

/* The length of the character in UTF-8 that the bytes begin with, 1 if they are invalid. */
static size_t character(struct slice s) {
        const unsigned char c = (unsigned char) s.s[0];
        const size_t n = c >= 0xf0 && c < 0xf8 ? 4 : c >= 0xe0 && c < 0xf0 ? 3 : c >= 0xc2 && c < 0xe0 ? 2 : 1;

        for (size_t i = 1; i < n; i++)
                if (i >= s.n || ((unsigned char) s.s[i] & 0xc0) != 0x80)
                        return 1;
        return n;
}

/* Serial logs hold stray bytes, and letters of any language are text, in old encodings too; but a file that has many
 * stray bytes and control characters among them is no log. Blocks of zeros are what a file system leaves of a log when
 * the machine dies. */
static bool is_binary(struct slice head) {
        enum { BLOCK = 16 };
        size_t controls = 0, stray = 0, size = 0;

        for (; head.n; size++) {
                const unsigned char c = (unsigned char) head.s[0];
                const size_t n = character(head);
                size_t zeros = 0;

                while (zeros < head.n && head.s[zeros] == '\0')
                        zeros++;
                if (zeros >= BLOCK && (size > 0 || zeros < head.n)) {
                        head = slice_from(head, zeros);
                        continue;
                }
                stray += n == 1 && c >= 0x80;
                controls += c == 0x7f || (c < 0x20 && !(c == '\t' || c == '\n' || c == '\r' || c == '\b' ||
                                                        c == '\033' || c == '\036'));
                head = slice_from(head, n);
        }
        return controls + stray > size / 4 && controls > size / 32;
}

bool content_is_packed(struct slice head) {
        static const struct slice magics[] = {
                SLICE("\037\213"), SLICE("\3757zXZ"),         SLICE("\050\265\057\375"),
                SLICE("BZh"),      SLICE("\004\042\115\030"), SLICE("\037\235"),
                SLICE("LZIP"),     SLICE("\135\0\0"),         SLICE("PK\003\004"),
                SLICE("070701"),   SLICE("070707"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
                if (slice_starts(head, magics[i]))
                        return true;
        return slice_starts(slice_from(head, 257), SLICE("ustar"));
}

/* Contents that only look like text, or that a person may take for a log. */
const char *content_no_log(struct slice head) {
        static const struct {
                struct slice magic;
                const char *what;
        } magics[] = {
                { SLICE("\177ELF"), "an ELF program or object" },
                { SLICE("\211PNG"), "an image" },
                { SLICE("%PDF"), "a PDF document" },
                { SLICE("Rar!\032\007"), "a RAR archive: unpack it first" },
                { SLICE("7z\274\257\047\034"), "a 7-Zip archive: unpack it first" },
                { SLICE("KDUMP   "),
                  "a dump of a kernel's memory: makedumpfile --dump-dmesg, or crash's `log`, gives the log in it" },
        };

        for (size_t i = 0; i < ARRAY_SIZE(magics); i++)
                if (slice_starts(head, magics[i].magic))
                        return magics[i].what;
        return is_binary(head) ? "binary: neither text nor a journal" : NULL;
}
