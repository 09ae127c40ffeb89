/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/places.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <stdio.h>

#include "base/libarchive.h"
#include "base/log.h"
#include "base/macros.h"

/* The file as it is, put in by the assembler; build.mk names it as what this one is made of. */
__asm__(".section .rodata\n"
        "places_begin: .incbin \"analyzer/src/kind/functions/places.zst\"\n"
        "places_end:\n"
        ".balign 8\n"
        ".previous\n");
extern const char places_begin[] __attribute__((visibility("hidden")));
extern const char places_end[] __attribute__((visibility("hidden")));

/* clang-format off */
#define FUNCTIONS(X)                                                                                 \
        X(archive_read_new) X(archive_read_free) X(archive_read_open_memory) X(archive_read_next_header) \
        X(archive_read_data) X(archive_error_string) X(archive_read_support_filter_zstd)                 \
        X(archive_read_support_format_raw)
/* clang-format on */

struct library {
        FUNCTIONS(LIBARCHIVE_POINTER)
};

void places_done(struct places *p) {
        table_done(&p->names);
        buffer_done(&p->text);
        *p = (struct places){};
}

static int unpack(const struct library *l, struct archive *a, struct buffer *ret) {
        enum { BLOCK = 1 << 20 };
        struct archive_entry *entry;
        ssize_t n = -1;

        l->archive_read_support_filter_zstd(a);
        l->archive_read_support_format_raw(a);
        if (l->archive_read_open_memory(a, places_begin, (size_t) (places_end - places_begin)) == ARCHIVE_OK &&
            l->archive_read_next_header(a, &entry) == ARCHIVE_OK)
                do {
                        if (buffer_reserve(ret, BLOCK) < 0)
                                return -ENOMEM;
                        n = l->archive_read_data(a, ret->data + ret->size, BLOCK);
                        ret->size += n > 0 ? (size_t) n : 0;
                } while (n > 0);
        if (n == 0)
                return 0;
        const char *why = l->archive_error_string(a);
        log_warning("the list of the kernel's functions cannot be unpacked, and no file is guessed by it: %s",
                    why ? why : "it is damaged");
        return -EBADMSG;
}

/* A line with the trees; then paths, each behind a slash, and below it the names of what is there. */
static int index_names(struct places *p) {
        struct slice rest = buffer_all(&p->text);
        int e = 0;

        slice_token(&rest, '\n');
        while (rest.n && e == 0) {
                const struct slice line = slice_token(&rest, '\n');
                if (!slice_starts(line, SLICE("/")))
                        e = table_add(&p->names, hash_slice(HASH_START, line), line.s);
        }
        return e;
}

static int ask(struct places *p) {
        static const char *const names[] = { FUNCTIONS(LIBARCHIVE_NAME) };
        struct library l;

        if (p->asked)
                return 0;
        p->asked = true;
        void *handle = libarchive_open("guessing a file by a function's name", names, ARRAY_SIZE(names),
                                       &l.archive_read_new);
        if (!handle)
                return 0;
        struct archive *a = l.archive_read_new();
        int e = a ? unpack(&l, a, &p->text) : -ENOMEM;
        if (a)
                l.archive_read_free(a);
        libarchive_close(handle);
        return e == 0 ? index_names(p) : e == -ENOMEM ? e : 0;
}

struct slice places_trees(const struct places *p) {
        struct slice text = buffer_all(&p->text);

        return slice_token(&text, '\n');
}

/* Each line of the list ends in a line end, the last one too. */
static bool is_name(const void *item, const void *key) {
        return slice_eq((struct slice){ item, (size_t) ((const char *) rawmemchr(item, '\n') - (const char *) item) },
                        *(const struct slice *) key);
}

static int find(struct places *p, struct slice name, struct slice *ret) {
        int e = ask(p);

        *ret = SLICE_NULL;
        if (e < 0)
                return e;
        const char *at = table_get(&p->names, hash_slice(HASH_START, name), is_name, &name);
        if (!at)
                return 0;
        while (*at != '/' || at[-1] != '\n')
                at--;
        const char *end = memchr(at, '\n', (size_t) (p->text.data + p->text.size - at));
        *ret = (struct slice){ at + 1, (size_t) (end - at) - 1 };
        if (slice_eq(*ret, SLICE("?")))
                *ret = SLICE_NULL;
        return 1;
}

int places_of_function(struct places *p, struct slice function, struct slice *ret) {
        return find(p, function, ret);
}

int places_of_module(struct places *p, struct slice module, struct slice *ret) {
        char name[80];
        const int n = snprintf(name, sizeof(name), "[%.*s]", SLICE_FMT(module));

        *ret = SLICE_NULL;
        return n < (int) sizeof(name) ? find(p, slice_of(name), ret) : 0;
}
