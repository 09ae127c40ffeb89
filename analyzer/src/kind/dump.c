/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/dump.h"

#include <errno.h>

int dump_add_frame(struct finding *f, struct stack *s, const struct frame_view *v) {
        struct frame *fr = stack_add_frame(f, s);
        if (!fr)
                return -ENOMEM;
        fr->function = arena_dup(&f->arena, v->function);
        if (!fr->function)
                return -ENOMEM;
        if (v->module.n && !(fr->module = arena_dup(&f->arena, v->module)))
                return -ENOMEM;
        if (v->file.n && !(fr->file = arena_dup(&f->arena, v->file)))
                return -ENOMEM;
        fr->line = v->line;
        fr->offset = v->offset;
        fr->size = v->size;
        fr->reliable = v->reliable;
        fr->inlined = v->inlined;
        return 0;
}

/* "RIP: 0010:f+0x1/0x2": the selector tells the kernel's code from a user's. */
static bool rip_frame(struct slice text, struct frame_view *ret) {
        struct slice s = slice_ltrim(text);

        if (!slice_eat(&s, SLICE("RIP: ")) || !slice_eat(&s, SLICE("0010:")))
                return false;
        if (slice_eat(&s, SLICE("[<"))) {
                slice_token(&s, ']');
                s = slice_ltrim(s);
        }
        return symbol_eat(&s, false, ret);
}

static int add_line(const struct report *r, size_t i, struct finding *f, struct stack *s) {
        struct frame_view v;
        struct slice text = report_text(r, i);

        if (r->lines[i].class == LINE_FRAME ? frame_parse(text, &v) :
            r->lines[i].class == LINE_RIP ? rip_frame(text, &v) : false)
                return dump_add_frame(f, s, &v);
        return 0;
}

int dump_frames(const struct report *r, size_t *i, struct finding *f, struct stack *s) {
        for (; *i < r->n_lines; (*i)++) {
                switch (r->lines[*i].class) {
                case LINE_FRAME:
                case LINE_CONTEXT:
                case LINE_TASK_END:
                case LINE_TRACE_HEAD:
                case LINE_RIP: {
                        int e = add_line(r, *i, f, s);
                        if (e < 0)
                                return e;
                        break;
                }
                default:
                        return 0;
                }
        }
        return 0;
}

int dump_rest(const struct report *r, size_t i, struct finding *f, struct stack *s) {
        for (; i < r->n_lines; i++) {
                int e = r->lines[i].class == LINE_CPU ? dump_cpu_line(report_text(r, i), f) : add_line(r, i, f, s);
                if (e < 0)
                        return e;
        }
        return 0;
}

int dump_cpu_line(struct slice text, struct finding *f) {
        struct slice s = slice_ltrim(text);
        uint64_t cpu, pid;

        if (f->n_tasks || !slice_eat(&s, SLICE("CPU: ")) || !slice_eat_u64(&s, &cpu))
                return 0;
        size_t at = slice_find(s, SLICE(" PID: "));
        if (at == SLICE_NPOS)
                return 0;
        s = slice_from(s, at + 6);
        if (!slice_eat_u64(&s, &pid) || !slice_eat(&s, SLICE(" Comm: ")))
                return 0;
        /* A comm may hold blanks; what follows it does not vary. */
        size_t end = slice_find(s, SLICE(" Not tainted"));
        if (end == SLICE_NPOS)
                end = slice_find(s, SLICE(" Tainted: "));
        struct task *t = finding_add_task(f);
        if (!t || !(t->comm = arena_dup(&f->arena, slice_head(s, end == SLICE_NPOS ? slice_find_byte(s, ' ') : end))))
                return -ENOMEM;
        t->pid = pid;
        t->cpu = cpu < INT32_MAX ? (int64_t) cpu : -1;
        t->role = "reporter";
        return 0;
}

bool comm_pid(struct slice s, struct slice *comm, uint64_t *pid) {
        for (size_t i = s.n; i-- > 0;) {
                if (s.s[i] != '/')
                        continue;
                struct slice number = slice_from(s, i + 1);
                if (slice_eat_u64(&number, pid)) {
                        *comm = slice_head(s, i);
                        return true;
                }
        }
        return false;
}
