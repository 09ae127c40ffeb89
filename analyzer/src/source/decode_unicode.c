/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <iconv.h>

#include "base/macros.h"
#include "source/decode.h"

/* UTF-16 and UTF-32, as PowerShell and some serial programs write them, with or without a byte order mark. */

enum { BLOCK = 64 * 1024 };

static const struct encoding {
        const char *name;
        struct slice mark;
        size_t unit;  /* bytes of a character of ASCII, */
        size_t place; /* and which of them is not 0 */
} encodings[] = {
        { "UTF-32LE", SLICE("\377\376\0\0"), 4, 0 },
        { "UTF-32BE", SLICE("\0\0\376\377"), 4, 3 },
        { "UTF-16LE", SLICE("\377\376"), 2, 0 },
        { "UTF-16BE", SLICE("\376\377"), 2, 1 },
};

/* Without a mark: three in four characters are ASCII, and a log in UTF-8 holds no such pattern of zeros. */
static bool fits(const struct encoding *e, struct slice head) {
        size_t ascii = 0, n = head.n / e->unit;

        for (size_t i = 0; i < n; i++) {
                const char *c = head.s + i * e->unit;
                bool zeros = true;

                for (size_t k = 0; k < e->unit; k++)
                        zeros = zeros && (k == e->place || c[k] == '\0');
                ascii += zeros && c[e->place] > 0;
        }
        return n >= 8 && ascii > n / 4 * 3;
}

static const struct encoding *encoding_of(struct slice head) {
        for (size_t i = 0; i < ARRAY_SIZE(encodings); i++)
                if (slice_starts(head, encodings[i].mark))
                        return &encodings[i];
        if (slice_find_byte(head, '\0') == SLICE_NPOS)
                return NULL;
        for (size_t i = 0; i < ARRAY_SIZE(encodings); i++)
                if (fits(&encodings[i], head))
                        return &encodings[i];
        return NULL;
}

static bool is_unicode(struct slice head) {
        return encoding_of(head) != NULL;
}

struct unicode {
        struct decoded decoded;
        iconv_t iconv;
        size_t unit, left; /* left: bytes of a character whose rest is to come */
        char block[BLOCK];
};

static void unicode_done(void *state) {
        struct unicode *u = state;

        if (u->iconv != (iconv_t) -1)
                iconv_close(u->iconv);
}

static int unicode_begin(void *state) {
        struct unicode *u = state;
        struct slice head;

        u->iconv = (iconv_t) -1;
        int e = input_peek(u->decoded.in, BLOCK / 16, &head);
        if (e < 0)
                return e;
        const struct encoding *as = encoding_of(head);
        if (!as)
                return -EILSEQ;
        u->iconv = iconv_open("UTF-8", as->name);
        if (u->iconv == (iconv_t) -1)
                return -errno;
        u->unit = as->unit;
        if (slice_starts(head, as->mark))
                (void) input_read(u->decoded.in, u->block, as->mark.n);
        return 0;
}

/* What is no character becomes U+FFFD, one for each unit. */
static int convert(struct unicode *u, char *from, size_t n, struct buffer *out) {
        static const char replacement[] = "\357\277\275";

        for (;;) {
                int e = buffer_reserve(out, 4 * n + 16);
                if (e < 0)
                        return e;
                char *to = out->data + out->size;
                size_t room = out->room - out->size;
                const size_t r = iconv(u->iconv, &from, &n, &to, &room);
                out->size = (size_t) (to - out->data);
                if (r != (size_t) -1 || errno == EINVAL) {
                        memmove(u->block, from, n);
                        u->left = n;
                        return 0;
                }
                if (errno != EILSEQ || n < u->unit)
                        return -EBADMSG;
                e = buffer_add(out, replacement, sizeof(replacement) - 1);
                if (e < 0)
                        return e;
                from += u->unit;
                n -= u->unit;
        }
}

static int unicode_more(void *state, struct buffer *out) {
        struct unicode *u = state;
        ssize_t n = input_read(u->decoded.in, u->block + u->left, sizeof(u->block) - u->left);

        if (n < 0)
                return (int) n;
        if (n == 0 && u->left == 0)
                return 0;
        if (n == 0) { /* half a character at the end */
                u->left = 0;
                return buffer_add(out, "?", 1) < 0 ? -ENOMEM : 1;
        }
        int e = convert(u, u->block, u->left + (size_t) n, out);
        return e < 0 ? e : 1;
}

const struct decoder decoder_unicode = {
        .name = "unicode",
        .is = is_unicode,
        .size = sizeof(struct unicode),
        .begin = unicode_begin,
        .done = unicode_done,
        .more = unicode_more,
};
