/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <sha2.h>

#include "output/html/page.h"

/* The files as they are, put in by the assembler; build.mk names them as what this one is made of. */
#define FILE_IN(name, path)                                                             \
        __asm__(".section .rodata\n"                                                    \
                "html_" #name "_begin: .incbin \"analyzer/src/output/html/" path "\"\n" \
                "html_" #name "_end:\n"                                                 \
                ".balign 8\n"                                                           \
                ".previous\n");                                                         \
        extern const char html_##name##_begin[] __attribute__((visibility("hidden")));  \
        extern const char html_##name##_end[] __attribute__((visibility("hidden")))

FILE_IN(css, "report.css");
FILE_IN(js, "report.js");

struct slice html_file_css(void) {
        return (struct slice){ html_css_begin, (size_t) (html_css_end - html_css_begin) };
}

struct slice html_file_js(void) {
        return (struct slice){ html_js_begin, (size_t) (html_js_end - html_js_begin) };
}

void html_hash(struct slice s, char ret[static HASH_SOURCE_SIZE]) {
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        /* 32 bytes and one of nothing make eleven groups of three. */
        uint8_t digest[33] = {};
        char *to = ret;
        SHA2_CTX c;

        SHA256Init(&c);
        SHA256Update(&c, (const uint8_t *) s.s, s.n);
        SHA256Final(digest, &c);
        to = stpcpy(to, "sha256-");
        for (size_t i = 0; i < sizeof(digest); i += 3) {
                const uint32_t bits = (uint32_t) digest[i] << 16 | (uint32_t) digest[i + 1] << 8 | digest[i + 2];
                for (int shift = 18; shift >= 0; shift -= 6)
                        *to++ = digits[bits >> shift & 63];
        }
        to[-1] = '=';
        *to = '\0';
}
