/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/machine.h"

#include <errno.h>
#include <inttypes.h>

#include "line/fields.h"
#include "line/frame.h"

static int keep(struct finding *f, const char **member, struct slice text) {
        if (*member || !text.n)
                return 0;
        *member = arena_dup(&f->arena, text);
        return *member ? 0 : -ENOMEM;
}

/* "G        W  O       6.1.192-x #1": the letters, each once, and what follows them. */
static int read_tainted(struct slice s, struct finding *f) {
        char letters[64];
        size_t n = 0;
        struct slice word;

        while ((s = slice_ltrim(s)).n && s.s[0] >= 'A' && s.s[0] <= 'Z' && n + 2 < sizeof(letters)) {
                word = slice_token(&s, ' ');
                if (word.n > 20)
                        return 0;
                for (size_t i = 0; i < word.n && n + 2 < sizeof(letters); i++) {
                        if (n)
                                letters[n++] = ' ';
                        letters[n++] = word.s[i];
                }
        }
        int e = keep(f, &f->taint, (struct slice){ letters, n });
        return e < 0 ? e : keep(f, &f->release, slice_token(&s, ' '));
}

/* "CPU: 0 PID: 42 Comm: x Not tainted 6.1.0 #1"; a task may have such words in its name, which stands before. */
static int read_cpu_line(struct slice s, struct finding *f) {
        static const struct slice comm = SLICE("Comm: "), not = SLICE("Not tainted"), tainted = SLICE("Tainted: ");
        size_t at = slice_find(s, comm);

        if (at == SLICE_NPOS)
                return 0;
        s = slice_from(s, at + comm.n);
        at = field_find_taint(s);
        s = slice_from(s, at == SLICE_NPOS ? s.n : at + 1);
        if (slice_eat(&s, tainted))
                return read_tainted(s, f);
        if (!slice_eat(&s, not ))
                return 0;
        s = slice_ltrim(s);
        int e = keep(f, &f->taint, not );
        return e < 0 ? e : keep(f, &f->release, slice_token(&s, ' '));
}

/* "0010:f+0x1/0x2 [mod]" and what other machines print there, as a frame is printed. */
static int read_place(struct slice text, struct finding *f, bool *in_kernel) {
        struct frame_view v;
        const bool module = trap_parse(text, &v) && v.module.n > 0;

        *in_kernel = trap_parse(text, &v);
        if (!*in_kernel || f->rip)
                return 0;
        f->rip = v.size ? arena_printf(&f->arena, "%.*s+0x%" PRIx64 "/0x%" PRIx64 "%s%.*s%s", SLICE_FMT(v.function),
                                       v.offset, v.size, module ? " [" : "", SLICE_FMT(v.module), module ? "]" : "") :
                          arena_dup(&f->arena, v.function);
        return f->rip ? 0 : -ENOMEM;
}

/* Up to 4.16 "Code:" of an oops came behind the registers of the task's user, just before the kernel's place again:
 * "RIP: f+0x1/0x2 RSP: ffff888100000000". */
static bool place_follows(const struct report *r, size_t i) {
        struct frame_view v;
        struct slice s;

        if (i + 1 >= r->n_lines || r->lines[i + 1].class != LINE_RIP)
                return false;
        s = slice_trim(report_text(r, i + 1));
        return slice_eat(&s, SLICE("RIP: ")) && symbol_eat(&s, false, &v) && slice_starts(s, SLICE(" RSP: "));
}

int machine_read(const struct report *r, struct finding *f) {
        bool in_kernel = false; /* the last place was */
        int e = 0;

        for (size_t i = 0; e == 0 && i < r->n_lines; i++) {
                struct slice s;

                switch (r->lines[i].class) {
                case LINE_CPU:
                        e = read_cpu_line(slice_trim(report_text(r, i)), f);
                        break;
                case LINE_RIP:
                        e = read_place(slice_trim(report_text(r, i)), f, &in_kernel);
                        break;
                case LINE_DUMP:
                        s = slice_trim(report_text(r, i));
                        if (slice_eat(&s, SLICE("Hardware name: ")))
                                e = keep(f, &f->hardware, slice_trim(s));
                        else if (slice_eat(&s, SLICE("Code: ")) && (in_kernel || place_follows(r, i)))
                                e = keep(f, &f->code, slice_trim(s));
                        break;
                default:
                        break;
                }
        }
        return e;
}
