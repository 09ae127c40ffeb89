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

static bool is_build_id(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (!is_digit(s.s[i]) && (s.s[i] < 'a' || s.s[i] > 'f'))
                        return false;
        return true;
}

/* " [module]", " [module 5ad4e5a8f0]" with the build's id, and what of it is left where a line was cut. */
static void eat_module(struct slice *s, struct slice *ret) {
        struct slice b = *s;

        if (!slice_eat(&b, SLICE(" [")))
                return;
        struct slice in = slice_token(&b, ']'), name = slice_token(&in, ' ');
        if (name.n == 0 || slice_eq(name, SLICE("inline")))
                return;
        for (size_t i = 0; i < name.n; i++)
                if (!symbol_bytes[(uint8_t) name.s[i]] && name.s[i] != '-')
                        return;
        /* What a task is called may end within the bracket. */
        if (!is_build_id(in))
                return;
        *ret = name;
        *s = b;
}

/* "mm/slab.c:12", or "mm/slab.c:?" where the line is not known: a path with a dot or a slash, a colon, a number. */
static bool is_place(struct slice word, struct slice *file, unsigned *line) {
        size_t colon = word.n;
        uint64_t number = 0;

        while (colon > 0 && word.s[colon - 1] != ':')
                colon--;
        if (colon < 3 || word.s[0] == '(')
                return false;
        struct slice path = slice_head(word, colon - 1), digits = slice_from(word, colon);
        if (!slice_eq(digits, SLICE("?")) && (!slice_eat_u64(&digits, &number) || digits.n || number > 10000000))
                return false;
        if (slice_eq(path, SLICE("??")))
                path = SLICE_NULL;
        else if (slice_find_byte(path, '.') == SLICE_NPOS && slice_find_byte(path, '/') == SLICE_NPOS)
                return false;
        *file = path;
        *line = path.n ? (unsigned) number : 0;
        return true;
}

/* The bytes up to the parenthesis that closes the one that was eaten, which goes too; NULL where none does. */
static struct slice eat_parenthesis(struct slice *s) {
        size_t depth = 1;

        for (size_t i = 0; i < s->n; i++) {
                if (s->s[i] == '(')
                        depth++;
                else if (s->s[i] == ')' && --depth == 0) {
                        struct slice inner = slice_head(*s, i);
                        *s = slice_from(*s, i + 1);
                        return inner;
                }
        }
        return SLICE_NULL;
}

/* What decode_stacktrace.sh puts after a name: " (inlined.h:12 outer.c:34 (discriminator 2))". The last place is the
 * function's own. */
static bool eat_decoded_place(struct slice *s, struct frame_view *f) {
        struct slice b = *s;
        bool found = false;

        if (!slice_eat(&b, SLICE(" (")))
                return false;
        for (struct slice in = eat_parenthesis(&b); in.n;) {
                struct slice word = slice_token(&in, ' ');
                if (is_place(word, &f->file, &f->line))
                        found = true;
                else if (slice_eq(word, SLICE("(discriminator")))
                        slice_token(&in, ' ');
                else
                        return false;
        }
        if (found)
                *s = b;
        return found;
}

/* decode_stacktrace.sh takes the brackets off a module's name, which ends the line. */
static void eat_bare_module(struct slice *s, struct slice *ret) {
        struct slice b = *s;

        if (!slice_eat(&b, SLICE(" ")) || (b = slice_rtrim(b)).n == 0 || b.s[0] < 'a' || b.s[0] > 'z')
                return;
        for (size_t i = 0; i < b.n; i++)
                if (!symbol_bytes[(uint8_t) b.s[i]] && b.s[i] != '-')
                        return;
        *ret = b;
        *s = slice_from(b, b.n);
}

/* The sign, with blanks around it or without: editors and those who type a screen put them there. */
static bool eat_sign(struct slice *s, struct slice sign) {
        struct slice b = slice_ltrim(*s);

        if (!slice_eat(&b, sign))
                return false;
        *s = slice_ltrim(b);
        return true;
}

/* "+0x", before the offset's digits. */
static bool eat_offset(struct slice *s) {
        struct slice b = *s;

        if (!eat_sign(&b, SLICE("+")) || !slice_eat(&b, SLICE("0x")))
                return false;
        *s = b;
        return true;
}

bool symbol_eat(struct slice *s, bool bare, struct frame_view *ret) {
        struct slice b = *s;
        struct frame_view f = { .reliable = true };

        slice_eat(&b, SLICE("."));     /* a function's code, where its name is a descriptor: ppc64 */
        if (slice_eat(&b, SLICE(":"))) /* ":module:function", before 2.6.25 */
                f.module = slice_token(&b, ':');
        f.function = eat_name(&b);
        if (f.function.n == 0 || is_digit(f.function.s[0]))
                return false;
        if (eat_offset(&b)) {
                if (!slice_eat_hex(&b, &f.offset))
                        return false;
                if (eat_sign(&b, SLICE("/")) && !slice_eat_hex(&b, &f.size))
                        return false;
                eat_module(&b, &f.module);
        } else if (eat_decoded_place(&b, &f)) {
                f.decoded = true;
                eat_module(&b, &f.module);
                if (f.module.n == 0)
                        eat_bare_module(&b, &f.module);
        } else if (bare)
                eat_module(&b, &f.module);
        else
                return false;
        *s = b;
        *ret = f;
        return true;
}

/* "drivers/gpu/x.c:12" or "x.c:12 [inline]" or "x.c:12 (inlined by)" */
static bool eat_file(struct slice *s, struct frame_view *f) {
        struct slice b = slice_ltrim(*s);
        struct slice word = slice_head(b, slice_find_byte(b, ' ')), file;
        unsigned line;

        if (!is_place(word, &file, &line) || slice_find_byte(file, '.') == SLICE_NPOS)
                return false;
        f->file = file;
        f->line = line;
        *s = slice_from(b, word.n);
        return true;
}

/* The same place once more: who decodes a log that was decoded already adds it again. */
static void eat_again(struct slice *s, const struct frame_view *f) {
        struct slice b = *s;
        struct frame_view again = {};

        while (eat_file(&b, &again) && again.line == f->line && slice_eq(again.file, f->file))
                *s = b;
}

/* What stands in place of an address that nobody is to know: "(ptrval)", "(____ptrval____)", "(null)" of the kernel,
 * behind blanks up to an address's width; crosses and the like of those who send logs. No name with a place in it. */
static bool is_hidden(struct slice s) {
        enum { LONGEST = 24 };

        if (s.n == 0 || s.n > LONGEST)
                return false;
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] == '+' || s.s[i] == '/' || s.s[i] == '<' || s.s[i] == '[' || s.s[i] == ']')
                        return false;
        return true;
}

bool address_eat(struct slice *s) {
        struct slice b = *s, in;
        uint64_t address;

        if (!slice_eat(&b, SLICE("[<")))
                return false;
        in = slice_token(&b, '>');
        if (!slice_eat(&b, SLICE("]")))
                return false;
        const struct slice whole = in;
        if (!(slice_eat_hex(&in, &address) && in.n == 0) && !is_hidden(whole))
                return false;
        *s = slice_ltrim(b);
        return true;
}

/* The address before a name, or none. */
static bool eat_address(struct slice *s) {
        struct slice b = *s;

        if (slice_eat(&b, SLICE("[] "))) { /* a page took it for a mark of its own */
                *s = slice_ltrim(b);
                return true;
        }
        return !slice_starts(b, SLICE("[<")) || address_eat(s);
}

/* Sixteen digits, or eight, and what follows an address there. */
static bool eat_word(struct slice *s, struct slice after) {
        struct slice b = *s;
        uint64_t ignored;

        if (!slice_eat_hex(&b, &ignored) || (s->n - b.n != 8 && s->n - b.n != 16) || !slice_eat(&b, after))
                return false;
        *s = slice_ltrim(b);
        return true;
}

/* PowerPC's "[c000000010f93150] [c000000008028668] ", the stack's and the code's address; its monitor puts no brackets
 * around the second. */
static void eat_words(struct slice *s) {
        for (size_t i = 0; i < 2; i++) {
                struct slice b = *s;

                if (!slice_eat(&b, SLICE("["))) {
                        if (i > 0 && eat_word(&b, SLICE(" ")))
                                *s = b;
                        return;
                }
                if (!eat_word(&b, SLICE("] ")))
                        return;
                *s = b;
        }
}

/* ARM's "callee from caller+0x1/0x2", before 5.16 "[<c0100000>] (callee [mod]) from [<c0100000>] (caller+0x1/0x2
 * [mod])": the place is in the caller; the callee is the line before it. Leaves what the second holds. */
static bool eat_callee(struct slice *s, struct slice *ret) {
        struct slice b = *s;
        struct frame_view callee;
        const bool old = slice_eat(&b, SLICE("("));

        if (!symbol_eat(&b, true, &callee) || (old && !slice_eat(&b, SLICE(")"))) || !slice_eat(&b, SLICE(" from ")) ||
            !eat_address(&b))
                return false;
        if (old) {
                if (!slice_eat(&b, SLICE("(")))
                        return false;
                struct slice in = eat_parenthesis(&b);
                if (in.n == 0 || slice_trim(b).n)
                        return false;
                b = in;
        }
        *s = b;
        *ret = callee.function;
        return true;
}

/* The frame's function; on ARM the one that the callee was called from. */
static bool eat_symbol_or_caller(struct slice *s, struct frame_view *f) {
        struct slice behind = *s, callee = SLICE_NULL;

        if (symbol_eat(s, true, f) && !slice_starts(*s, SLICE(" from ")))
                return true;
        if (eat_callee(&behind, &callee))
                *s = behind;
        else if (f->function.n)
                return true;
        if (!symbol_eat(s, true, f))
                return false;
        f->callee = callee;
        return true;
}

/* arm64's " (P)", " (PC)", from 6.13 on: how the unwinder came by the frame. */
static void eat_provenance(struct slice *s) {
        struct slice b = *s;

        if (!slice_eat(&b, SLICE(" (")))
                return;
        struct slice in = eat_parenthesis(&b);
        for (size_t i = 0; i < in.n; i++)
                if (in.s[i] < 'A' || in.s[i] > 'Z')
                        return;
        if (in.n)
                *s = b;
}

/* Older kernels put the context's mark and the first frame into one line, at times with a time between. */
static void eat_context(struct slice *s) {
        static const struct slice marks[] = { SLICE("<IRQ>"), SLICE("<EOI>"), SLICE("<NMI>"), SLICE("<<EOE>>"),
                                              SLICE("<UNK>") };

        for (size_t i = 0; s->n && s->s[0] == '<' && i < ARRAY_SIZE(marks); i++) {
                if (!slice_eat(s, marks[i]))
                        continue;
                *s = slice_ltrim(*s);
                struct slice b = *s;
                uint64_t v;
                if (slice_eat(&b, SLICE("[")) && (b = slice_ltrim(b), slice_eat_u64(&b, &v)) &&
                    slice_eat(&b, SLICE(".")) && slice_eat_u64(&b, &v) && slice_eat(&b, SLICE("]")))
                        *s = slice_ltrim(b);
                i = SIZE_MAX; /* there may be one more */
        }
}

/* What digits stand for, and one: as the kernel prints them. */
static const uint8_t digits[256] = {
        ['0'] = 1, ['1'] = 2,  ['2'] = 3,  ['3'] = 4,  ['4'] = 5,  ['5'] = 6,  ['6'] = 7,  ['7'] = 8,
        ['8'] = 9, ['9'] = 10, ['a'] = 11, ['b'] = 12, ['c'] = 13, ['d'] = 14, ['e'] = 15, ['f'] = 16,
};

/* Up to sixteen digits, and a byte behind them. */
static const char *eat_digits(const char *p, const char *end, uint64_t *ret) {
        const char *const begin = p;

        uint64_t v = 0;

        for (; p < end && p - begin < 16 && digits[(uint8_t) *p]; p++)
                v = v << 4 | (uint64_t) (digits[(uint8_t) *p] - 1);
        *ret = v;
        return p > begin ? p : NULL;
}

bool frame_parse_plain(struct slice s, struct frame_view *ret) {
        const bool reliable = !slice_eat(&s, SLICE("? "));
        struct slice module = SLICE_NULL;
        uint64_t offset, size;

        if (s.n == 0 || is_digit(*s.s) || *s.s == '.')
                return false;
        const char *p = s.s, *const end = s.s + s.n;
        while (p < end && symbol_bytes[(uint8_t) *p])
                p++;
        const struct slice function = slice_head(s, (size_t) (p - s.s));
        if (function.n == 0 || end - p < 8 || memcmp(p, "+0x", 3) != 0 || !(p = eat_digits(p + 3, end, &offset)) ||
            end - p < 4 || memcmp(p, "/0x", 3) != 0 || !(p = eat_digits(p + 3, end, &size)) || size == 0)
                return false;
        if (p < end) {
                module = (struct slice){ p + 2, (size_t) (end - p) };
                if (module.n < 4 || p[0] != ' ' || p[1] != '[' || end[-1] != ']')
                        return false;
                module.n -= 3;
                for (size_t i = 0; i < module.n; i++)
                        if (!symbol_bytes[(uint8_t) module.s[i]])
                                return false;
                if (slice_eq(module, SLICE("inline")))
                        return false;
        }
        *ret = (struct frame_view){
                .function = function,
                .module = module,
                .offset = offset,
                .size = size,
                .reliable = reliable,
        };
        return true;
}

/* What is none of the plain ones. */
static bool parse_other(struct slice s, struct frame_view *ret) {
        struct frame_view f = {};
        bool reliable = true;

        /* s390 puts one that it guessed into parentheses. */
        if (slice_starts(s, SLICE("([<")) && slice_ends(s, SLICE(")"))) {
                s = slice_head(slice_from(s, 1), s.n - 2);
                reliable = false;
        }
        /* sparc's "[f0067d00 : f+0x1/0x2 ]", of which each half may be a line. */
        if (slice_ends(s, SLICE(" ]")) && !slice_starts(s, SLICE("[<"))) {
                struct slice b = s;
                s = slice_head(s, s.n - 2);
                if (slice_eat(&b, SLICE("[")) && eat_word(&b, SLICE(" : ")))
                        s = slice_head(b, b.n - 2);
        }
        /* kmemleak's name stands before each of its lines. */
        slice_eat(&s, SLICE("kmemleak: "));
        s = slice_ltrim(s);
        eat_context(&s);

        eat_words(&s);
        const bool addressed = slice_starts(s, SLICE("["));
        if (!eat_address(&s))
                return false;
        if (slice_eat(&s, SLICE("? ")))
                reliable = false;
        if (!eat_address(&s))
                return false;
        if (slice_starts(s, SLICE("0x"))) {
                struct slice whole = s;
                uint64_t address;
                if (!slice_eat_hex(&s, &address) || slice_trim(s).n)
                        return false;
                *ret = (struct frame_view){ .function = slice_rtrim(whole), .reliable = reliable };
                return true;
        }
        if (!eat_symbol_or_caller(&s, &f))
                return false;
        f.reliable = reliable;
        f.addressed = addressed;
        eat_provenance(&s);
        if (eat_file(&s, &f)) {
                eat_again(&s, &f);
                eat_module(&s, &f.module);
        } else {
                if (!f.decoded && f.size && eat_decoded_place(&s, &f)) /* behind an offset */
                        eat_module(&s, &f.module);
                if (f.module.n == 0 && f.size)
                        eat_bare_module(&s, &f.module);
        }
        s = slice_trim(s);
        if (slice_eat(&s, SLICE("(unreliable)")))
                f.reliable = false;
        if (slice_eat(&s, SLICE("[inline]")) || slice_eat(&s, SLICE("(inlined by)")))
                f.inlined = true;
        s = slice_trim(s);
        /* A bare word is a frame only with an offset or a place, and nothing may follow. */
        if (s.n || (f.offset == 0 && f.size == 0 && f.file.n == 0 && !f.decoded))
                return false;
        *ret = f;
        return true;
}

bool frame_parse(struct slice text, struct frame_view *ret) {
        const struct slice s = slice_trim(text);

        return frame_parse_plain(s, ret) || parse_other(s, ret);
}

bool frame_parse_name(struct slice text, struct frame_view *ret) {
        struct slice s = slice_trim(text);
        struct frame_view f = {};
        const bool reliable = !slice_eat(&s, SLICE("? "));

        if (s.n < 3 || !(s.s[0] == '_' || (s.s[0] >= 'a' && s.s[0] <= 'z')) || !symbol_eat(&s, true, &f) || s.n ||
            f.function.n < 3)
                return false;
        /* Viewers copy the writer's name as a line of its own; no function is called so. */
        if (slice_eq(f.function, SLICE("kernel")))
                return false;
        f.reliable = reliable;
        *ret = f;
        return true;
}

bool frame_parse_any(struct slice text, struct frame_view *ret) {
        return frame_parse(text, ret) || frame_parse_name(text, ret);
}

/* "epc   : 802d9eb8 ", the address that is named next. */
static bool eat_mips_epc(struct slice *s) {
        struct slice b = *s;
        uint64_t address;

        if (!slice_eat(&b, SLICE("epc   : ")) || !slice_eat_hex(&b, &address) || !slice_eat(&b, SLICE(" ")))
                return false;
        *s = b;
        return true;
}

/* powerpc's monitor: "pc: c00000000009a5ec: f+0x1/0x2"; sparc: "TPC: <f+0x1/0x2>"; m68k: "PC: [<0012a1b4>] f+0x1/0x2",
 * the address is taken off with those of others; parisc: "IAOQ[0]: f+0x1/0x2". */
static bool eat_other_pc(struct slice *s) {
        struct slice b = *s;

        if (slice_eat(&b, SLICE("pc: ")) ? eat_word(&b, SLICE(": ")) :
                                           slice_eat(&b, SLICE("TPC: <")) || slice_eat(&b, SLICE("IAOQ[0]: ")) ||
                                                   (slice_eat(&b, SLICE("PC: ")) && slice_starts(b, SLICE("[<")))) {
                *s = b;
                return true;
        }
        return false;
}

bool trap_parse(struct slice text, struct frame_view *ret) {
        struct slice s = slice_ltrim(text);

        if (slice_eat(&s, SLICE("Krnl PSW : "))) { /* s390: the mask, the address, "(f+0x1/0x2)" */
                size_t at = slice_find(s, SLICE(" ("));
                s = slice_from(s, at == SLICE_NPOS ? s.n : at + 2);
                return symbol_eat(&s, false, ret);
        }
        if (slice_eat(&s, SLICE("RIP: "))) {
                /* The selector tells the kernel's code from a user's. */
                if (!slice_eat(&s, SLICE("0010:")) && !slice_eat(&s, SLICE("e030:")))
                        return false;
                /* A name alone, or with its file. What the compiler put into a function has its line before it. */
                if (frame_parse_name(s, ret))
                        return true;
                if (frame_parse(s, ret) && ret->file.n && ret->size == 0)
                        return !ret->inlined;
        } else if (!slice_eat(&s, SLICE("pc : ")) && !slice_eat(&s, SLICE("PC is at ")) &&
                   !slice_eat(&s, SLICE("pc is at ")) && !slice_eat(&s, SLICE("epc : ")) && !eat_mips_epc(&s) &&
                   !slice_eat(&s, SLICE("NIP ")) && !slice_eat(&s, SLICE("IP: ")) && !slice_eat(&s, SLICE("EIP: ")) &&
                   !slice_eat(&s, SLICE("EIP is at ")) && !eat_other_pc(&s))
                return false;
        eat_words(&s);
        /* Older kernels: "0010:[<addr>]  [<addr>] f+0x1/0x2". */
        while (slice_eat(&s, SLICE("[<"))) {
                slice_token(&s, ']');
                s = slice_ltrim(s);
        }
        return symbol_eat(&s, false, ret);
}

struct slice function_base(struct slice name) {
        static const struct slice suffixes[] = {
                SLICE(".isra"),     SLICE(".constprop"), SLICE(".part"),   SLICE(".cold"), SLICE(".llvm"),
                SLICE(".lto_priv"), SLICE(".clone"),     SLICE(".cfi_jt"), SLICE(".cfi"),  SLICE(".unlikely"),
        };
        size_t cut = name.n;

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
        SLICE("arch/"),    SLICE("block/"),    SLICE("certs/"), SLICE("crypto/"),   SLICE("drivers/"),
        SLICE("fs/"),      SLICE("include/"),  SLICE("init/"),  SLICE("io_uring/"), SLICE("ipc/"),
        SLICE("kernel/"),  SLICE("lib/"),      SLICE("mm/"),    SLICE("net/"),      SLICE("rust/"),
        SLICE("samples/"), SLICE("security/"), SLICE("sound/"), SLICE("tools/"),    SLICE("virt/"),
};

bool is_source_top(struct slice folder) {
        for (size_t i = 0; i < ARRAY_SIZE(tops); i++)
                if (slice_eq(folder, slice_head(tops[i], tops[i].n - 1)))
                        return true;
        return false;
}

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

struct slice path_without_dots(struct slice path, char *buf, size_t size) {
        struct slice rest = path;
        size_t n = 0;

        if (slice_find(path, SLICE("/../")) == SLICE_NPOS || path.n >= size)
                return path;
        while (rest.n) {
                const struct slice part = slice_head(rest, MIN(slice_find_byte(rest, '/'), rest.n - 1) + 1);

                rest = slice_from(rest, part.n);
                if (!slice_eq(part, SLICE("../"))) {
                        memcpy(buf + n, part.s, part.n);
                        n += part.n;
                        continue;
                }
                if (n == 0)
                        return path;
                for (n--; n && buf[n - 1] != '/'; n--)
                        ;
        }
        return (struct slice){ buf, n };
}
