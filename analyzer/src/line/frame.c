/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/frame.h"

#include "base/macros.h"

/* Bytes of C's names, with the dots and dollars that compilers put in. */
static const bool symbol_bytes[256] = {
        ['0' ... '9'] = true, ['a' ... 'z'] = true, ['A' ... 'Z'] = true, ['_'] = true, ['.'] = true, ['$'] = true,
};

/* Rust's names carry paths and generics: "<a::b as c>::d". */
static struct slice eat_name(struct slice *s) {
        size_t i = 0, depth = 0;

        for (;; i++) {
                while (i < s->n && symbol_bytes[(uint8_t) s->s[i]])
                        i++;
                if (i == s->n)
                        break;
                char c = s->s[i];
                if (c == '<')
                        depth++;
                else if (c == '>' && depth > 0)
                        depth--;
                else if (c != ':' && !(depth > 0 && (c == ' ' || c == ',' || c == '&' || c == '*')))
                        break;
        }
        struct slice name = slice_head(*s, i);
        /* A colon that ends a name belongs to the sentence. */
        while (name.n && name.s[name.n - 1] == ':')
                name.n--;
        *s = slice_from(*s, name.n);
        return name;
}

static void eat_module(struct slice *s, struct slice *ret) {
        struct slice b = *s;

        if (!slice_eat(&b, SLICE(" [")))
                return;
        struct slice in = slice_token(&b, ']'), name = slice_token(&in, ' ');
        if (name.n == 0 || slice_eq(name, SLICE("inline")))
                return;
        *ret = name;
        *s = b;
}

bool symbol_eat(struct slice *s, bool bare, struct frame_view *ret) {
        struct slice b = *s;
        struct frame_view f = { .reliable = true };

        f.function = eat_name(&b);
        if (f.function.n == 0 || is_digit(f.function.s[0]))
                return false;
        if (slice_eat(&b, SLICE("+0x"))) {
                if (!slice_eat_hex(&b, &f.offset))
                        return false;
                if (slice_eat(&b, SLICE("/")) && !slice_eat_hex(&b, &f.size))
                        return false;
        } else if (!bare)
                return false;
        eat_module(&b, &f.module);
        *s = b;
        *ret = f;
        return true;
}

/* "drivers/gpu/x.c:12" or "x.c:12 [inline]" or "x.c:12 (inlined by)" */
static bool eat_file(struct slice *s, struct frame_view *f) {
        struct slice b = slice_ltrim(*s);
        size_t blank = slice_find_byte(b, ' ');
        struct slice word = slice_head(b, blank), rest = slice_from(b, word.n);
        size_t colon = SLICE_NPOS;
        uint64_t line;

        for (size_t i = word.n; i-- > 0;)
                if (word.s[i] == ':') {
                        colon = i;
                        break;
                }
        if (colon == SLICE_NPOS || colon < 3)
                return false;
        struct slice number = slice_from(word, colon + 1);
        if (!slice_eat_u64(&number, &line) || number.n || line > 10000000)
                return false;
        f->file = slice_head(word, colon);
        if (slice_find_byte(f->file, '.') == SLICE_NPOS)
                return false;
        f->line = (unsigned) line;
        *s = rest;
        return true;
}

bool frame_parse(struct slice text, struct frame_view *ret) {
        struct slice s = slice_trim(text);
        struct frame_view f = {};
        bool reliable = true;
        uint64_t address;

        /* kmemleak's name stands before each of its lines. */
        slice_eat(&s, SLICE("kmemleak: "));
        s = slice_ltrim(s);
        /* Older kernels put the context's mark and the first frame into one line, at times with a time between. */
        while (slice_starts(s, SLICE("<")) && (slice_starts(s, SLICE("<IRQ>")) || slice_starts(s, SLICE("<EOI>")) ||
               slice_starts(s, SLICE("<NMI>")) || slice_starts(s, SLICE("<<EOE>>")) || slice_starts(s, SLICE("<UNK>")))) {
                slice_token(&s, '>');
                slice_eat(&s, SLICE(">"));
                s = slice_ltrim(s);
                struct slice b = s;
                uint64_t v;
                if (slice_eat(&b, SLICE("[")) && (b = slice_ltrim(b), slice_eat_u64(&b, &v)) && slice_eat(&b, SLICE(".")) &&
                    slice_eat_u64(&b, &v) && slice_eat(&b, SLICE("]")))
                        s = slice_ltrim(b);
        }

        if (slice_eat(&s, SLICE("[<"))) {
                if (!slice_eat_hex(&s, &address) || !slice_eat(&s, SLICE(">]")))
                        return false;
                s = slice_ltrim(s);
        }
        if (slice_eat(&s, SLICE("? ")))
                reliable = false;
        if (slice_eat(&s, SLICE("[<"))) {
                if (!slice_eat_hex(&s, &address) || !slice_eat(&s, SLICE(">]")))
                        return false;
                s = slice_ltrim(s);
        }
        if (slice_starts(s, SLICE("0x"))) {
                struct slice whole = s;
                if (!slice_eat_hex(&s, &address) || slice_trim(s).n)
                        return false;
                *ret = (struct frame_view) { .function = slice_rtrim(whole), .reliable = reliable };
                return true;
        }
        if (!symbol_eat(&s, true, &f))
                return false;
        f.reliable = reliable;
        if (eat_file(&s, &f))
                eat_module(&s, &f.module);
        s = slice_trim(s);
        if (slice_eat(&s, SLICE("[inline]")) || slice_eat(&s, SLICE("(inlined by)")))
                f.inlined = true;
        s = slice_trim(s);
        /* A bare word is a frame only with an offset or a place, and nothing may follow. */
        if (s.n || (f.offset == 0 && f.size == 0 && f.file.n == 0))
                return false;
        *ret = f;
        return true;
}

struct slice function_base(struct slice name) {
        static const struct slice suffixes[] = {
                SLICE(".isra"), SLICE(".constprop"), SLICE(".part"), SLICE(".cold"), SLICE(".llvm"),
                SLICE(".lto_priv"), SLICE(".clone"), SLICE(".cfi_jt"), SLICE(".cfi"), SLICE(".unlikely"),
        };
        size_t cut = name.n;

        if (slice_find_byte(name, '.') == SLICE_NPOS)
                return name;
        /* Few names have one, and all names of all stacks come by here. */
        if (slice_find_byte(name, '.') == SLICE_NPOS)
                return name;
        for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
                size_t at = slice_find(name, suffixes[i]);
                if (at != SLICE_NPOS && at > 0 && at < cut)
                        cut = at;
        }
        return slice_head(name, cut);
}

/* The folders at the top of a kernel tree that hold code. */
static const struct slice tops[] = {
        SLICE("arch/"), SLICE("block/"), SLICE("certs/"), SLICE("crypto/"), SLICE("drivers/"), SLICE("fs/"),
        SLICE("include/"), SLICE("init/"), SLICE("io_uring/"), SLICE("ipc/"), SLICE("kernel/"), SLICE("lib/"),
        SLICE("mm/"), SLICE("net/"), SLICE("rust/"), SLICE("samples/"), SLICE("security/"), SLICE("sound/"),
        SLICE("tools/"), SLICE("virt/"),
};

struct slice source_path(struct slice file) {
        bool absolute = slice_starts(file, SLICE("/"));
        struct slice s = file;

        if (!absolute && !slice_starts(s, SLICE(".")))
                return file;
        for (unsigned depth = 0; s.n; depth++) {
                size_t slash;

                /* The first two from the root are the machine's: /usr/lib, /home/kernel. */
                for (size_t i = 0; (!absolute || depth > 2) && i < ARRAY_SIZE(tops); i++)
                        if (slice_starts(s, tops[i]))
                                return s;
                slash = slice_find_byte(s, '/');
                if (slash == SLICE_NPOS)
                        break;
                s = slice_from(s, slash + 1);
        }
        return file;
}
