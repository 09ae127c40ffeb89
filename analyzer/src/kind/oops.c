/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/blame_stall.h"
#include "kind/dump.h"
#include "kind/function_name.h"
#include "kind/guilty.h"
#include "kind/headline.h"
#include "line/frame.h"
#include "line/own_words.h"

/* Traps that the kernel did not expect of itself: a headline, mostly "<what>: <code> [#<n>] ...", registers,
 * trace. A page fault and a stack overflow say what they are in a line of their own before that one. */

static const struct headline headlines[] = {
        { "general protection fault: *", "oops", "general-protection-fault", "general protection fault in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "general protection fault, *", "oops", "general-protection-fault", "general protection fault in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "segment-related general protection fault: *", "oops", "general-protection-fault",
          "general protection fault in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "general protection fault for non-canonical address *", "oops", "general-protection-fault",
          "general protection fault in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* 4.x: the line before it had no end. */
        { "kasan: GPF could be caused by *general protection fault: *", "oops", "general-protection-fault",
          "general protection fault in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: unable to handle kernel NULL pointer dereference*", "oops", "null-pointer",
          "BUG: unable to handle kernel NULL pointer dereference in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: kernel NULL pointer dereference*", "oops", "null-pointer",
          "BUG: unable to handle kernel NULL pointer dereference in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: unable to handle kernel paging request*", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: unable to handle page fault*", "oops", "page-fault", "BUG: unable to handle kernel paging request in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: unable to handle kernel access to user memory*", "oops", "user-access",
          "BUG: unable to handle kernel access to user memory in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: *stack guard page was hit*", "oops", "stack-overflow", "BUG: stack guard page was hit in @",
          SEVERITY_CRITICAL, OWES_DEEP_STACK, NULL },
        { "kernel stack overflow*", "oops", "stack-overflow", "kernel stack overflow in @", SEVERITY_CRITICAL,
          OWES_DEEP_STACK, NULL },
        { "stack guard page: *[#*", "oops", "stack-overflow", "BUG: stack guard page was hit in @", SEVERITY_CRITICAL,
          OWES_DEEP_STACK, NULL },
        { "PANIC: double fault*", "oops", "double-fault", "PANIC: double fault in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        { "double fault: *[#*", "oops", "double-fault", "PANIC: double fault in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        { "divide error: *[#*", "oops", "divide-error", "divide error in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "invalid opcode: *[#*", "oops", "invalid-opcode", "invalid opcode in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "stack segment: *[#*", "oops", "stack-segment", "stack segment fault in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        { "control protection fault*[#*", "oops", "control-protection", "control protection fault in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Missing ENDBR: *", "oops", "control-protection", "control protection fault in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "CFI failure at *", "oops", "cfi", "CFI failure in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "alignment check: *[#*", "oops", "alignment", "alignment check in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "int3: *[#*", "oops", "int3", "int3 in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "00* [#*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* powerpc: arch/powerpc/mm/fault.c */
        { "BUG: Kernel NULL pointer dereference*", "oops", "null-pointer",
          "BUG: unable to handle kernel NULL pointer dereference in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: Unable to handle kernel data access*", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: Unable to handle kernel instruction fetch*", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "BUG: Unable to handle kernel unaligned access*", "oops", "alignment", "alignment check in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        /* mips names the CPU first; s390 has no address in the line */
        { "CPU * Unable to handle kernel paging request at *", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel pointer dereference in virtual*", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Kernel bug detected[#*]:", "oops", "trap", "kernel BUG in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unhandled kernel unaligned access[#*]:", "oops", "alignment", "alignment check in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "Break instruction in kernel code[#*]:", "oops", "invalid-opcode", "invalid opcode in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "Reserved instruction in kernel code[#*]:", "oops", "invalid-opcode", "invalid opcode in @", SEVERITY_HIGH,
          OWES_STACK, NULL },
        { "Oops[#*]:", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* arm, arm64, riscv: arch/.../mm/fault.c says what, die() in traps.c "Internal error: ..." or "Oops [#1]". */
        { "Unable to handle kernel NULL pointer dereference*", "oops", "null-pointer",
          "BUG: unable to handle kernel NULL pointer dereference in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel paging request*", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel access to user memory*", "oops", "user-access",
          "BUG: unable to handle kernel access to user memory in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel execution of *memory*", "oops", "user-access",
          "BUG: unable to handle kernel execution of user memory in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel write to read-only memory*", "oops", "page-fault",
          "BUG: unable to handle kernel write to read-only memory in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel execute from non-executable memory*", "oops", "page-fault",
          "BUG: unable to handle kernel execute from non-executable memory in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unable to handle kernel * at virtual address *", "oops", "page-fault",
          "BUG: unable to handle kernel memory access in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unhandled fault: *external abort*", "oops", "external-abort", "Unhandled fault in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Unhandled fault*", "oops", "fault", "Unhandled fault in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Unhandled prefetch abort: *", "oops", "fault", "Unhandled prefetch abort in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Alignment trap: not handling *", "oops", "alignment", "Alignment trap in @", SEVERITY_HIGH, OWES_STACK,
          NULL },
        { "SError Interrupt on CPU*", "oops", "serror", "kernel panic: Asynchronous SError Interrupt",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Bad mode in * handler detected*", "oops", "bad-mode", "kernel panic: bad mode", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Unhandled * exception on CPU*", "oops", "bad-mode", "kernel panic: Unhandled exception", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Insufficient stack space to handle exception!*", "oops", "stack-overflow",
          "kernel panic: kernel stack overflow", SEVERITY_CRITICAL, OWES_DEEP_STACK, NULL },
        { "Internal error: *external abort*[#*", "oops", "external-abort", "Internal error in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Internal error: *alignment*[#*", "oops", "alignment", "Internal error in @", SEVERITY_CRITICAL, OWES_STACK,
          NULL },
        /* a mail put its end into the next line */
        { "Internal error: *external abort:", "oops", "external-abort", "Internal error in @", SEVERITY_CRITICAL,
          OWES_STACK, NULL },
        { "Internal error: *:", "oops", "trap", "Internal error in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Internal error: *[#*", "oops", "trap", "Internal error in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Oops - illegal instruction [#*", "oops", "invalid-opcode", "Oops - illegal instruction in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Oops - *[#*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Oops [#*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Kernel BUG [#*", "oops", "trap", "kernel BUG in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* parisc: parisc_terminate() in arch/parisc/kernel/traps.c; the code is what the processor calls it */
        { "Bad Address (null pointer deref?): Code=* (*) at addr *", "oops", "null-pointer",
          "BUG: unable to handle kernel NULL pointer dereference in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Kernel Fault: Code=* (*) at addr *", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "High Priority Machine Check (HPMC): Code=* (*) at addr *", "oops", "machine-check",
          "High Priority Machine Check in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "Page fault: *: Code=* (*) at addr *", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        /* powerpc's monitor takes the place of the oops, and says no more */
        { "cpu 0x*: Vector: 300 (Data Access) *", "oops", "page-fault",
          "BUG: unable to handle kernel paging request in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "cpu 0x*: Vector: 380 (*) *", "oops", "page-fault", "BUG: unable to handle kernel paging request in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "cpu 0x*: Vector: 400 (*) *", "oops", "page-fault", "BUG: unable to handle kernel paging request in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "cpu 0x*: Vector: 480 (*) *", "oops", "page-fault", "BUG: unable to handle kernel paging request in @",
          SEVERITY_CRITICAL, OWES_STACK, NULL },
        { "cpu 0x*: Vector: 700 (*) *", "bug", "bug", "kernel BUG in @", SEVERITY_HIGH, OWES_STACK, NULL },
        { "cpu 0x*: Vector: * (*) at [*", "oops", "trap", "Oops in @", SEVERITY_CRITICAL, OWES_STACK, NULL },
};

static const char *const triggers[] = {
        " [#1]", /* whatever the trap is called */
        " [#2]", /* of a log that lacks the first */
        "[#1]:",
        " (code ",
        ": Code=",
        ": Vector: ",
        " ilc:", /* s390, the second and further ones too */
        "int3: 0",
        "alignment check: 0",
        "general protection fault",
        "unable to handle",
        "kernel NULL pointer",
        "Kernel NULL pointer",
        "stack guard page",
        "kernel stack overflow",
        "double fault",
        "divide error",
        "invalid opcode",
        "stack segment",
        "control protection",
        "divide_error",
        "Oops: ",
        "Missing ENDBR",
        "CFI failure at",
        "Unable to handle kernel ",
        "Internal error: ",
        "Unhandled fault",
        "Unhandled prefetch abort",
        "Alignment trap: not",
        "SError Interrupt on",
        "Bad mode in ",
        "exception on CPU",
        "Insufficient stack space",
        "Oops - ",
        "Oops [#",
        "Oops[#",
        " in kernel code[#",
        "Kernel bug detected[#",
        "unaligned access[#",
        "Kernel BUG [#",
        NULL,
};

/* "<what>: <code> [#<n>] ...", whatever the trap: what it is. */
static bool is_die(struct slice line, struct slice *what) {
        struct slice s = headline_text(line);
        size_t at = slice_find(s, SLICE(" [#"));
        uint64_t code;

        if (at == SLICE_NPOS || at < 8 || at > 80)
                return false;
        s = without_length(slice_head(s, at));
        if (s.n < 8)
                return false;
        struct slice hex = slice_from(s, s.n - 4);
        *what = slice_head(s, s.n - 6);
        return is_oops_count(line, NULL) && slice_eq(slice_head(slice_from(s, s.n - 6), 2), SLICE(": ")) &&
               slice_eat_hex(&hex, &code) && hex.n == 0 && slice_find(*what, SLICE(": ")) == SLICE_NPOS;
}

/* powerpc: "Oops: Machine check, sig: 7 [#1]". */
static bool is_signal(struct slice line) {
        return slice_starts(line, SLICE("Oops: ")) && slice_has(line, SLICE(", sig: ")) && is_oops_count(line, NULL);
}

/* Takes a mark off the line's end: open, a number, close. */
static bool drop_number(struct slice *s, struct slice open, struct slice close) {
        struct slice b = slice_rtrim(*s), number;
        size_t at = SLICE_NPOS;
        uint64_t n;

        if (!slice_ends(b, close))
                return false;
        b = slice_head(b, b.n - close.n);
        for (size_t k = b.n; k > 0 && at == SLICE_NPOS; k--)
                if (slice_starts(slice_from(b, k - 1), open))
                        at = k - 1;
        if (at == SLICE_NPOS)
                return false;
        number = slice_from(b, at + open.n);
        if (!slice_eat_u64(&number, &n) || number.n)
                return false;
        *s = slice_rtrim(slice_head(b, at));
        return true;
}

/* Machines whose die() names the task first: sparc's "comm(12): what [#1]", parisc's "comm (pid 12): what (code 15)".
 * A task's name does not reach to the line's end, where the mark stands. */
static bool is_task_die(struct slice line, struct slice *what) {
        static const struct slice open[] = { SLICE("("), SLICE(" (pid ") };
        enum { COMM_MAX = 15, WHAT_MAX = 80 };
        struct slice s = slice_trim(line);

        if (!drop_number(&s, SLICE(" [#"), SLICE("]")) && !drop_number(&s, SLICE(" (code "), SLICE(")")))
                return false;
        for (size_t at = 1; at <= COMM_MAX && at < s.n; at++)
                for (size_t i = 0; i < ARRAY_SIZE(open); i++) {
                        struct slice rest = slice_from(s, at);
                        uint64_t pid;
                        if (!slice_eat(&rest, open[i]) || !slice_eat_u64(&rest, &pid) ||
                            !slice_eat(&rest, SLICE("): ")) || rest.n == 0 || rest.n > WHAT_MAX ||
                            !is_letter(rest.s[0]))
                                continue;
                        *what = rest;
                        return true;
                }
        return false;
}

/* "what[#1]:", "what [#1]", "what: sig: 9 [#1] PREEMPT": die() of other machines, whose traps no table has. */
static bool is_counted(struct slice line, struct slice *what) {
        enum { LEAST = 8, WHAT_MAX = 72 };
        struct slice s = slice_trim(line);
        const size_t at = slice_find(s, SLICE("[#"));

        if (at == SLICE_NPOS || at < LEAST || at > WHAT_MAX || !is_letter(s.s[0]))
                return false;
        struct slice rest = slice_from(s, at + 2), head = slice_rtrim(slice_head(s, at));
        uint64_t n;
        if (!slice_eat_u64(&rest, &n) || !slice_eat(&rest, SLICE("]")))
                return false;
        slice_eat(&rest, SLICE(":"));
        for (size_t i = 0; i < rest.n; i++)
                if (rest.s[i] != ' ' && rest.s[i] != '_' && !(rest.s[i] >= 'A' && rest.s[i] <= 'Z'))
                        return false;
        const size_t sig = slice_find(head, SLICE(": sig: "));
        *what = slice_head(head, sig);
        return slice_has(*what, SLICE(" ")) && !slice_has(*what, SLICE(": ")) && !slice_has(*what, SLICE("\"")) &&
               !slice_has(*what, SLICE("'")) && !slice_has(*what, SLICE("/"));
}

/* powerpc's monitor was entered by an interrupt: somebody asked for it, and nothing is broken. */
static bool is_interrupt(struct slice line) {
        static const char *const vectors[] = { "100", "500", "501", "900", "901" };
        struct slice s = slice_from(line, slice_find(line, SLICE(": Vector: ")));

        if (!slice_eat(&s, SLICE(": Vector: ")))
                return false;
        const struct slice vector = slice_token(&s, ' ');
        for (size_t i = 0; i < ARRAY_SIZE(vectors); i++)
                if (slice_eq(vector, slice_of(vectors[i])))
                        return true;
        return false;
}

static bool names_task(struct slice text) {
        return begins_with_task(text) || begins_with_id(text);
}

bool is_oops_line(struct slice text) {
        struct slice what;

        if (is_task_die(text, &what))
                return true;
        return !names_task(text) && !is_interrupt(text) &&
               (headline_of(headlines, ARRAY_SIZE(headlines), text) || is_die(text, &what) || is_signal(text) ||
                is_counted(text, &what));
}

/* The line with the count of oopses came, which all of them have. */
enum { PHASE_DIED = 1 };

bool oops_goes_on(const struct kind *kind, struct slice text) {
        static const struct slice of_bug[] = {
                SLICE("invalid opcode"),
                SLICE("Oops: invalid opcode"),
                SLICE("Internal error: Oops - BUG"),
                SLICE("Kernel BUG"),
                SLICE("Oops: Exception in "),
                SLICE("monitor event"),
                SLICE("illegal operation"),
                SLICE("Kernel bug detected"),
                SLICE("Break instruction in "),
                SLICE("Internal error: UBSAN"),
        };
        struct slice s = slice_trim(text), code = s, what;

        /* What names the task at once is an oops by itself, whatever a user may have had printed before it. */
        if (is_task_die(s, &what) || !is_oops_count(s, NULL))
                return false;
        if (kind_is(kind, KIND_OOPS))
                return slice_starts(s, SLICE("Internal error: Oops")) || slice_starts(s, SLICE("Oops[#")) ||
                       slice_starts(s, SLICE("Oops [#")) || slice_starts(s, SLICE("Oops: Kernel access ")) ||
                       (slice_eat(&code, SLICE("Oops: ")) && code.n && is_digit(code.s[0]));
        for (size_t i = 0; i < ARRAY_SIZE(of_bug); i++)
                if (slice_starts(s, of_bug[i]))
                        return true;
        return false;
}

/* What sparc says of the fault before its die() names the task. */
static bool is_sparcs(struct slice first) {
        return slice_starts(first, SLICE("Unable to handle kernel ")) || slice_starts(first, SLICE("kernel BUG at "));
}

/* Does a mark at the line's end tell alone, whatever the words are? Then the dump has to show what they are. */
static bool is_loose(struct slice first) {
        struct slice what;

        return is_task_die(first, &what) || slice_has(first, SLICE(": Code=")) ||
               (!headline_of(headlines, ARRAY_SIZE(headlines), first) && !is_die(first, &what) && !is_signal(first));
}

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice what;
        bool first = r->phase != PHASE_DIED && kind_is(starter, KIND_OOPS) &&
                     (slice_has(l->text, SLICE("[#")) || is_task_die(l->text, &what));

        r->has_banner = true;
        r->complete = r->has_frames;
        /* Such a line counts the oops itself: the next is another's. What names the task goes on sparc's words only. */
        if (kind_is(starter, KIND_OOPS) &&
            (is_loose(report_text(r, 0)) || (is_task_die(l->text, &what) && !is_sparcs(report_text(r, 0)))))
                return PART_OVER;
        if (first)
                r->phase = PHASE_DIED;
        /* powerpc's monitor says where a BUG() stands behind the registers. */
        if (kind_is(starter, KIND_BUG) && !r->has_frames && is_bug_banner(l->text) &&
            slice_has(report_text(r, 0), SLICE(": Vector: 700 ")))
                return PART_BODY;
        /* A kernel that only warns of a wrong jump prints both. */
        if (kind_is(starter, KIND_WARN) && !r->has_frames &&
            slice_starts(slice_ltrim(report_text(r, 0)), SLICE("CFI failure at ")))
                return PART_BODY;
        /* It goes on with what a line before it said, however much others say in between. Behind the line with the
         * count that is over: another CPU's follows. */
        if (kind_is(starter, KIND_OOPS) && (first || (!r->has_frames && r->n_lines < 32 && r->phase != PHASE_DIED)))
                return PART_BODY;
        return part_dump(r, l, class, starter);
}

/* Other programs and drivers count and name tasks, too: "Link training attempt [#1]". */
static bool is_formless(struct slice first) {
        return is_loose(first) && !headline_of(headlines, ARRAY_SIZE(headlines), first);
}

/* arm says of faults in programs what it says of its own; those that are its own end in an oops. */
static bool stands(const struct report *r) {
        if (is_formless(report_text(r, 0)))
                return r->has_frames;
        return r->phase == PHASE_DIED || r->has_frames ||
               !(slice_starts(report_text(r, 0), SLICE("Unhandled ")) ||
                 slice_starts(slice_ltrim(report_text(r, 0)), SLICE("Internal error: ")) ||
                 slice_starts(report_text(r, 0), SLICE("Alignment trap: ")));
}

/* Was it the jump that failed, to a place that is no code? */
static bool is_fetch(const struct report *r) {
        for (size_t i = 0; i < r->n_lines && i < 8; i++)
                if (slice_has(report_text(r, i), SLICE("#PF: supervisor instruction fetch")))
                        return true;
        return false;
}

/* Then the place that RIP names is what was jumped to, and who jumped is to blame. */
static int parse_fetch(const struct report *r, struct finding *f, const struct headline *h) {
        int e = headline_begin(r, f, h);
        const struct stack *main = e < 0 ? NULL : dump_main(f);
        struct stack s = main ? headline_stack(f, main) : (struct stack){};

        for (; s.n_frames && s.frames[0].rip; s.n_frames--)
                s.frames++;
        return e < 0 ? e : headline_end(r, f, h, blame_stack(&s, h->machinery));
}

/* Where a jump went to no code, the registers of other architectures than x86 say from where: the caller has no frame
 * of its own yet. The words before it; behind others in the line for riscv. */
static bool eat_link(struct slice text, struct frame_view *ret) {
        static const struct slice words[] = { SLICE("lr : "), SLICE("LR is at "), SLICE(" ra : "),
                                              SLICE("[link register   ] ") };
        uint64_t address;

        for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
                size_t at = slice_find(text, words[i]);
                struct slice s = slice_from(text, at == SLICE_NPOS ? text.n : at + words[i].n);
                *ret = (struct frame_view){};
                if (i == ARRAY_SIZE(words) - 1 && (!slice_eat_hex(&s, &address) || !slice_eat(&s, SLICE(" "))))
                        continue;
                if (s.n && symbol_eat(&s, false, ret) && ret->function.n && ret->size)
                        return true;
        }
        return false;
}

/* "pc : 0x0", "PC is at 0x0", "epc : 0000000000000000": an address without a symbol is no code. */
static bool is_nowhere(struct slice text) {
        struct slice s = slice_trim(text);
        uint64_t address;

        return slice_starts(s, SLICE("pc : 0x")) || slice_starts(s, SLICE("PC is at 0x")) ||
               slice_starts(s, SLICE("epc : 0x")) || slice_starts(s, SLICE("epc : 0000000000000000 ")) ||
               (slice_eat(&s, SLICE("pc: ")) && slice_eat_hex(&s, &address) && s.n == 0);
}

/* The function that jumped to no code; NULL where that is not what happened. */
static const char *jumper(const struct report *r, struct finding *f) {
        bool nowhere = false;
        struct frame_view v;

        for (size_t i = 0; i < r->n_lines && !f->former; i++) {
                nowhere = nowhere || is_nowhere(report_text(r, i));
                if (nowhere && eat_link(report_text(r, i), &v))
                        return arena_dup(&f->arena, v.function);
        }
        return NULL;
}

static int parse_headline(const struct report *r, struct finding *f, const struct headline *h) {
        int e = headline_begin(r, f, h);
        const char *from = e < 0 ? NULL : jumper(r, f);

        return e < 0 ? e : from ? headline_end(r, f, h, from) : headline_rest(r, f, h);
}

/* Those that end in a panic are called what it is called; who was hit is to blame all the same. */
static int parse_panic(const struct report *r, struct finding *f, const struct headline *h) {
        int e = headline_begin(r, f, h);
        const struct stack *s = e < 0 ? NULL : dump_main(f);
        const char *blamed = !s ? NULL : h->owes == OWES_DEEP_STACK ? blame_stall(s) : blame_stack(s, h->machinery);

        if (blamed) {
                const char *name = blame_name(&f->arena, blamed);
                e = name ? finding_add_function(f, slice_of(name)) : -ENOMEM;
        }
        return e < 0 ? e : headline_end(r, f, h, blamed);
}

static int parse(const struct report *r, struct finding *f) {
        const struct headline *h = headline_in(headlines, ARRAY_SIZE(headlines), r, NULL);
        /* The monitor's own line has a dump's form. */
        h = h ? h : headline_of(headlines, ARRAY_SIZE(headlines), report_text(r, 0));
        struct headline other = { .detector = "oops",
                                  .kind = "trap",
                                  .severity = SEVERITY_CRITICAL,
                                  .owes = OWES_STACK };
        struct slice what;

        if (h && is_fetch(r))
                return parse_fetch(r, f, h);
        if (h && !strchr(h->title, '@'))
                return parse_panic(r, f, h);
        if (h)
                return parse_headline(r, f, h);
        /* Names of traps were words with underscores before 5.10. */
        const struct slice first = report_text(r, 0);
        const bool named = is_die(first, &what) || is_task_die(first, &what) || is_counted(first, &what);
        char *title = named && !slice_starts(what, SLICE("Oops")) ?
                              arena_printf(&f->arena, "%.*s in @", SLICE_FMT(what)) :
                              arena_dup(&f->arena, SLICE("Oops in @"));
        for (char *c = title; c && *c; c++)
                if (*c == '_' && c < strchr(title, '@'))
                        *c = ' ';
        other.title = title;
        return title ? headline_parse(r, f, &other) : -ENOMEM;
}

/* riscv: "Oops [#1]", whole: a device's name may begin with the same words. */
static bool own_line(struct slice s) {
        return slice_starts(s, SLICE("Oops")) && slice_ends(s, SLICE("]")) && is_oops_count(s, NULL);
}

const struct kind kind_oops = {
        .name = "oops",
        .general = KIND_OOPS,
        HEADLINES(headlines),
        .triggers = triggers,
        .starts = is_oops_line,
        .own_line = own_line,
        .task_first = true,
        .part = part,
        .stands = stands,
        .loose = is_formless,
        .parse = parse,
};
