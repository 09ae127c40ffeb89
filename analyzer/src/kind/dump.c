/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/dump.h"

#include <assert.h>
#include <errno.h>
#include <pthread.h>

#include "base/by_byte.h"
#include "base/macros.h"
#include "kind/dispatchers.h"
#include "kind/kind.h"
#include "line/fields.h"

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

/* A line of a trace. A name alone is a frame where the trace has no other ones: else it is a frame that was cut. */
static bool parse_frame(const struct report *r, size_t i, struct frame_view *ret) {
        struct frame_view before;

        if (frame_parse(report_text(r, i), ret))
                return true;
        for (size_t k = i; k-- > 0;) {
                const enum line_class class = r->lines[k].class;
                if (class == LINE_RIP && trap_parse(report_text(r, k), &before) && before.size)
                        return false;
                if (class == LINE_FRAME)
                        return !frame_parse(report_text(r, k), &before) && frame_parse_name(report_text(r, i), ret);
        }
        return frame_parse_name(report_text(r, i), ret);
}

static int add_line(const struct report *r, size_t i, struct finding *f, struct stack *s) {
        struct frame_view v;
        struct slice text = report_text(r, i);

        if (r->lines[i].class == LINE_FRAME ? parse_frame(r, i, &v) :
            r->lines[i].class == LINE_RIP   ? trap_parse(text, &v) :
                                              false)
                return dump_add_frame(f, s, &v);
        return 0;
}

int dump_frames(const struct report *r, size_t *i, struct finding *f, struct stack *s) {
        for (; *i < r->n_lines; (*i)++) {
                switch (r->lines[*i].class) {
                case LINE_FRAME:
                case LINE_CONTEXT:
                case LINE_TASK_END:
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

/* The lines that say whose stack comes next. */
static const struct {
        struct slice says;
        const char *what;
} heads[] = {
        { SLICE("Allocated by task "), "allocated" },
        { SLICE("Allocated:"), "allocated" },
        { SLICE("allocated by task "), "allocated" },
        { SLICE("Allocated in "), "allocated" },
        { SLICE("INFO: Allocated in "), "allocated" },
        { SLICE("allocated in:"), "allocated" },
        { SLICE("ref_tracker: allocated in:"), "allocated" },
        { SLICE("Freed by task "), "freed" },
        { SLICE("Freed:"), "freed" },
        { SLICE("freed by task "), "freed" },
        { SLICE("rcu freeing by task "), "freed" },
        { SLICE("Freed in "), "freed" },
        { SLICE("INFO: Freed in "), "freed" },
        { SLICE("freed in:"), "freed" },
        { SLICE("ref_tracker: freed in:"), "freed" },
        { SLICE("Last potentially related work creation:"), "work" },
        { SLICE("Second to last potentially related work creation:"), "work-before" },
        { SLICE("Last call_rcu():"), "work" },
        { SLICE("Second to last call_rcu():"), "work-before" },
        { SLICE("Allocation stack of page"), "page-allocated" },
        { SLICE("Free stack of page"), "page-freed" },
        { SLICE("First call_rcu() call stack"), "work-before" },
        { SLICE("Last call_rcu() call stack"), "work" },
        { SLICE("page last allocated via "), "page-allocated" },
        { SLICE("page last free "), "page-freed" },
        { SLICE("page allocated via "), "page-allocated" },
        { SLICE("NMI backtrace for cpu "), "nmi" },
        { SLICE("backtrace:"), "backtrace" },
        { SLICE("backtrace (crc "), "backtrace" },
        { SLICE("stack backtrace:"), "backtrace" },
        { SLICE("Uninit was created at:"), "created" },
        { SLICE("Uninit was stored to memory at:"), "stored" },
        { SLICE("Kernel panic - not syncing"), "panic" },
        { SLICE("Last Breaking-Event-Address:"), "branch" }, /* s390: the last jump that was taken */
        { SLICE("Preemption disabled at:"), "preempt-disabled" },
        { SLICE("Object allocated at:"), "allocated" },
        { SLICE("i915 vmlife: the reference of "), "taken" },
        { SLICE("i915 vmlife: the reference on "), "taken" },
        { SLICE("i915 vmlife: references on "), "taken" },
};

bool dump_ends_cpu_line(struct slice text) {
        return slice_has(text, SLICE(" Not tainted")) || slice_has(text, SLICE(" Tainted: "));
}

/* "x Kdump: loaded Not tainted 6.1.0 #1": a comm may hold blanks. */
static struct slice comm_of(struct slice s) {
        const size_t end = field_find_taint(s);

        return field_name_of_task(slice_head(s, end == SLICE_NPOS ? slice_find_byte(s, ' ') : end));
}

/* By their first bytes. Filled once, read only after. */
static struct by_byte heads_with;
static pthread_once_t heads_once = PTHREAD_ONCE_INIT;

static void index_heads(void) {
        static_assert(ARRAY_SIZE(heads) <= BY_BYTE_MAX, "indexes are bytes");
        for (size_t i = ARRAY_SIZE(heads); i-- > 0;)
                by_byte_add(&heads_with, (uint8_t) heads[i].says.s[0], i);
}

/* Behind a colon the line ends, or the first frame stands: an interface may be called "Freed", and its messages are
 * sentences. */
static bool may_follow(struct slice says, struct slice rest) {
        struct frame_view v;

        return !slice_ends(says, SLICE(":")) || (rest = slice_trim(rest)).n == 0 || frame_parse_any(rest, &v);
}

static const char *head_of(struct slice text) {
        struct slice s = slice_ltrim(text);

        if (s.n == 0)
                return NULL;
        pthread_once(&heads_once, index_heads);
        BY_BYTE_EACH(&heads_with, s.s[0], i)
                if (slice_starts(s, heads[i].says) && may_follow(heads[i].says, slice_from(s, heads[i].says.n)))
                        return heads[i].what;
        return NULL;
}

bool dump_says_taken(struct slice text) {
        const char *what = head_of(text);
        return what && strcmp(what, "taken") == 0;
}

/* Is it the place that the registers named there? */
static bool is_place_of(const struct frame *trap, const struct frame_view *v) {
        return trap->rip && slice_eq(slice_of(trap->function), v->function) && trap->offset == v->offset &&
               trap->size == v->size;
}

static bool is_trap_of(const struct stack *s, const struct frame_view *v) {
        return is_place_of(s->frames, v);
}

/* Some architectures begin the trace with it. */
static bool repeats_trap(const struct stack *s, const struct frame_view *v) {
        return s->n_frames == 1 && is_trap_of(s, v);
}

/* "RIP: 0033:0x45", "RIP: 0023:...": the trap came from user space, where the kernel's part of a trace ends. */
static bool rip_of_user(struct slice text) {
        struct slice s = slice_ltrim(text);
        return slice_eat(&s, SLICE("RIP: ")) && !slice_starts(s, SLICE("0010:")) && !slice_starts(s, SLICE("e030:")) &&
               !slice_starts(s, SLICE("e033:"));
}

/* Reports of these begin with words, not with frames. */
static bool heads_its_frames(const struct finding *f) {
        static const char *const detectors[] = { "oops", "warn", "kasan", "bug", "list" };

        for (size_t i = 0; f->detector && i < ARRAY_SIZE(detectors); i++)
                if (strcmp(f->detector, detectors[i]) == 0)
                        return true;
        return false;
}

/* A trace begins: frames that came before it without a head are another CPU's. */
static void tell_apart(struct finding *f, size_t first) {
        for (size_t i = first; i < f->n_stacks; i++) {
                struct stack *s = &f->stacks[i];
                if (s->frames[0].rip)
                        s->n_frames = 1;
                else if (strcmp(s->what, "backtrace") == 0)
                        s->what = "other";
        }
}

/* Where the walk over a report's dumps is. */
struct walk {
        const struct report *r;
        struct finding *f;
        size_t first;        /* its first stack */
        bool headed;         /* a trace's head came; before it no frames are expected */
        const char *pending; /* a head came, its frames did not yet */
        bool traced;         /* "Call Trace:" came for the current stack */
        bool ended;          /* after the end of an oops the registers come once more */
        bool open;           /* there is a current stack: the last one */
};

static struct stack *last_stack(const struct walk *w) {
        return &w->f->stacks[w->f->n_stacks - 1];
}

/* Is the current stack that of a trap, whose trace may still come? */
static bool awaits_trace(const struct walk *w) {
        return w->open && !w->traced && last_stack(w)->frames[0].rip;
}

static void take_trace_head(struct walk *w) {
        if (!w->headed && (kind_is(w->r->kind, KIND_WARN) || heads_its_frames(w->f)))
                tell_apart(w->f, w->first);
        w->headed = true;
        w->open = awaits_trace(w);
        /* What was said of the past had no frames of its own. */
        if (!w->open && (!w->pending || strcmp(w->pending, "allocated") == 0 || strcmp(w->pending, "freed") == 0))
                w->pending = "backtrace";
        w->traced = true;
        w->ended = false;
}

/* The place that a trap's registers name; false if it does not belong to the stack. */
static bool take_trap(struct walk *w, struct slice text, struct frame_view *v) {
        if (rip_of_user(text)) {
                w->open = w->traced = false;
                w->pending = NULL;
                return false;
        }
        if (w->ended || !trap_parse(text, v))
                return false;
        /* powerpc names whom an interrupt met, and again with the registers. */
        if (w->open && is_place_of(&last_stack(w)->frames[last_stack(w)->n_frames - 1], v) && !w->f->former)
                return false;
        /* i386 and older kernels name the place in the headline's next line, with the registers, and at the end. */
        if (w->f->n_stacks > w->first && is_trap_of(last_stack(w), v)) {
                w->open = w->open || last_stack(w)->n_frames == 1;
                return false;
        }
        if (!w->traced && w->open) {
                if (last_stack(w)->frames[0].rip)
                        return false; /* printed twice */
                w->open = false;
        }
        return true;
}

static int take_frame(struct walk *w, const struct frame_view *v, bool rip);

/* Where a trap hit arm's trace begins, and only the callee's name is told: who cut the registers left no other one. */
static int take_callee(struct walk *w, const struct frame_view *v) {
        const struct frame_view hit = { .function = v->callee, .reliable = v->reliable };

        if (w->open || w->f->former || v->callee.n == 0 || !w->f->detector || strcmp(w->f->detector, "oops") != 0)
                return 0;
        return take_frame(w, &hit, true);
}

static int take_frame(struct walk *w, const struct frame_view *v, bool rip) {
        if (w->open && !rip && repeats_trap(last_stack(w), v))
                return 0;
        if (!w->open && !finding_add_stack(w->f, w->pending ? w->pending : "backtrace"))
                return -ENOMEM;
        if (!w->open)
                w->pending = NULL;
        w->open = true;
        struct stack *s = last_stack(w);
        int e = dump_add_frame(w->f, s, v);
        if (e == 0)
                s->frames[s->n_frames - 1].rip = rip;
        s->guessed = (s->n_frames < 2 || s->guessed) && (rip || (v->addressed && !v->reliable));
        return e;
}

/* powerpc's "--- interrupt: 901 at f+0x1/0x2": behind the frames of an interrupt, whom it met. */
static int take_interrupted(struct walk *w, struct slice text) {
        const size_t at = slice_find(text, SLICE(" at "));
        struct slice s = slice_from(text, at == SLICE_NPOS ? text.n : at + strlen(" at "));
        struct frame_view v;

        /* The compiler's labels within a function are no names. */
        if (w->f->former || !w->open || !slice_starts(slice_ltrim(text), SLICE("---")) ||
            slice_starts(s, SLICE(".L")) || !symbol_eat(&s, false, &v) || slice_trim(s).n)
                return 0;
        return take_frame(w, &v, true);
}

static int take_line(struct walk *w, size_t i) {
        const enum line_class class = w->r->lines[i].class;
        struct slice text = report_text(w->r, i);
        const char *what = class == LINE_FRAME ? NULL : head_of(text);
        struct frame_view v;
        int e;

        if (what) {
                w->headed = w->headed || strcmp(what, "backtrace") == 0;
                w->pending = what;
                w->open = w->traced = w->ended = false;
                return 0;
        }
        switch (class) {
        case LINE_CPU: /* a dump begins; some put the line behind the registers */
                w->open = w->f->n_tasks == 0 && !w->f->former && awaits_trace(w);
                w->traced = false;
                return dump_cpu_line(w->r, i, w->f);
        case LINE_END_TRACE:
                w->ended = true;
                w->open = awaits_trace(w);
                w->traced = false;
                w->pending = NULL;
                return 0;
        case LINE_TRACE_HEAD:
                take_trace_head(w);
                return 0;
        case LINE_RIP:
                return take_trap(w, text, &v) ? take_frame(w, &v, true) : 0;
        case LINE_FRAME:
                if (!parse_frame(w->r, i, &v))
                        return 0;
                e = take_callee(w, &v);
                return e < 0 ? e : take_frame(w, &v, false);
        case LINE_CONTEXT:
                return take_interrupted(w, text);
        case LINE_TASK_END:
                if (w->open)
                        last_stack(w)->whole = true;
                return 0;
        default:
                return 0;
        }
}

/* Before 4.10 a kernel without frame pointers marks all frames with '?': no remains of another stack, but all that
 * there is. Such a stack goes on to where stacks end, or a word beyond. */
static bool is_guessed(const struct stack *s) {
        enum { LEAST = 4 };
        const size_t n = s->n_frames;

        return s->guessed && !s->former && n >= LEAST &&
               (is_outermost(slice_of(s->frames[n - 1].function)) || is_outermost(slice_of(s->frames[n - 2].function)));
}

int dump_all(const struct report *r, size_t i, struct finding *f) {
        struct walk w = { .r = r, .f = f, .first = f->n_stacks };
        int e = 0;

        for (; e == 0 && i < r->n_lines; i++)
                e = take_line(&w, i);
        for (size_t k = w.first; k < f->n_stacks; k++)
                f->stacks[k].guessed = is_guessed(&f->stacks[k]);
        return e;
}

struct stack *dump_stack_of(const struct finding *f, const char *what) {
        for (size_t i = 0; i < f->n_stacks; i++)
                if (strcmp(f->stacks[i].what, what) == 0)
                        return &f->stacks[i];
        return NULL;
}

struct stack *dump_own(const struct finding *f) {
        static const char *const others[] = {
                "allocated",        "freed", "work",   "work-before", "page-allocated", "page-freed",
                "preempt-disabled", "taken", "branch", "other"
        };
        struct stack *s = dump_stack_of(f, "backtrace");

        for (size_t i = 0; i < f->n_stacks && !s; i++) {
                s = &f->stacks[i];
                for (size_t k = 0; k < ARRAY_SIZE(others) && s; k++)
                        if (strcmp(s->what, others[k]) == 0)
                                s = NULL;
        }
        return s;
}

struct stack *dump_main(const struct finding *f) {
        struct stack *s = dump_own(f);
        return s ? s : f->n_stacks ? &f->stacks[0] : NULL;
}

struct stack *dump_trap(const struct finding *f) {
        for (size_t i = 0; i < f->n_stacks; i++)
                if (f->stacks[i].n_frames && f->stacks[i].frames[0].rip)
                        return &f->stacks[i];
        return NULL;
}

int dump_cpu_line(const struct report *r, size_t i, struct finding *f) {
        struct slice text = report_text(r, i), next = i + 1 < r->n_lines ? report_text(r, i + 1) : SLICE_NULL;
        struct slice s = slice_ltrim(text);
        uint64_t cpu = UINT64_MAX, pid;

        if (f->n_tasks)
                return 0;
        if (slice_eat(&s, SLICE("CPU: "))) {
                size_t at = slice_eat_u64(&s, &cpu) ? slice_find(s, SLICE(" PID: ")) : SLICE_NPOS;
                if (at == SLICE_NPOS)
                        return 0;
                s = slice_from(s, at + 6);
        } else if (!slice_eat(&s, SLICE("Pid: ")))
                return 0;
        if (!slice_eat_u64(&s, &pid) || (!slice_eat(&s, SLICE(" Comm: ")) && !slice_eat(&s, SLICE(", comm: "))))
                return 0;
        const char *comm = dump_ends_cpu_line(text) || !dump_ends_cpu_line(next) ?
                                   arena_dup(&f->arena, comm_of(s)) :
                                   arena_printf(&f->arena, "%.*s\n%.*s", SLICE_FMT(slice_rtrim(s)),
                                                SLICE_FMT(comm_of(slice_ltrim(next))));
        struct task *t = finding_add_task(f);
        if (!t || !comm)
                return -ENOMEM;
        t->comm = comm;
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

/* Whom the sentence is about. */
static bool told_in(struct slice s, struct slice *comm, uint64_t *pid) {
        static const struct slice behind[] = { SLICE(" is trying to "), SLICE(" just changed the state of lock"),
                                               SLICE(" is freeing memory ") };
        size_t at;

        for (size_t i = 0; i < ARRAY_SIZE(behind); i++)
                if ((at = slice_find(s, behind[i])) != SLICE_NPOS)
                        return comm_pid(slice_head(s, at), comm, pid);
        if (slice_starts(s, SLICE("in_atomic(): ")) && (at = slice_find(s, SLICE(" pid: "))) != SLICE_NPOS) {
                s = slice_from(s, at + strlen(" pid: "));
                if (!slice_eat_u64(&s, pid) || !slice_eat(&s, SLICE(", name: ")))
                        return false;
                *comm = s;
                return s.n > 0;
        }
        /* m68k, and older kernels: "Process sh (pid: 9, task=0012a000)"; powerpc's monitor: "pid   = 1, comm = sh" */
        if (slice_starts(s, SLICE("Process ")) && (at = slice_find(s, SLICE(" (pid: "))) != SLICE_NPOS) {
                *comm = slice_head(slice_from(s, strlen("Process ")), at - MIN(at, strlen("Process ")));
                s = slice_from(s, at + strlen(" (pid: "));
                return slice_eat_u64(&s, pid) && slice_starts(s, SLICE(",")) && comm->n;
        }
        if (slice_eat(&s, SLICE("pid   = "))) {
                if (!slice_eat_u64(&s, pid) || !slice_eat(&s, SLICE(", comm = ")))
                        return false;
                *comm = s;
                return s.n > 0;
        }
        if ((at = slice_find(s, SLICE(" by task "))) != SLICE_NPOS && slice_has(slice_head(s, at), SLICE(" addr ")))
                return comm_pid(slice_from(s, at + strlen(" by task ")), comm, pid);
        return false;
}

int dump_told_task(const struct report *r, struct finding *f) {
        enum { NEAR = 16 };
        struct slice comm;
        uint64_t pid;

        for (size_t i = 0; i < r->n_lines && i < NEAR && !f->n_tasks; i++) {
                if ((r->lines[i].class != LINE_OTHER && r->lines[i].class != LINE_DUMP) ||
                    !told_in(slice_trim(report_text(r, i)), &comm, &pid))
                        continue;
                const char *name = arena_dup(&f->arena, comm);
                struct task *t = finding_add_task(f);
                if (!t || !name)
                        return -ENOMEM;
                t->comm = name;
                t->pid = pid;
                t->cpu = -1;
                t->role = "reporter";
        }
        return 0;
}
