/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/classify.h"

#include "base/macros.h"
#include "line/frame.h"

static const struct {
        struct slice prefix;
        enum line_class class;
} prefixes[] = {
        { SLICE("------------[ cut here ]"), LINE_CUT_HERE },
        { SLICE("---[ end trace"), LINE_END_TRACE },
        { SLICE("---[ end Kernel panic"), LINE_END_TRACE },
        { SLICE("</TASK>"), LINE_TASK_END },
        { SLICE("<TASK>"), LINE_CONTEXT },
        { SLICE("<IRQ>"), LINE_CONTEXT },
        { SLICE("</IRQ>"), LINE_CONTEXT },
        { SLICE("<NMI>"), LINE_CONTEXT },
        { SLICE("</NMI>"), LINE_CONTEXT },
        { SLICE("<SOFTIRQ>"), LINE_CONTEXT },
        { SLICE("</SOFTIRQ>"), LINE_CONTEXT },
        { SLICE("<#"), LINE_CONTEXT },
        { SLICE("</#"), LINE_CONTEXT },
        { SLICE("<EOI>"), LINE_CONTEXT },
        { SLICE("<EOE>"), LINE_CONTEXT },
        { SLICE("<ENTRY_TRAMPOLINE>"), LINE_CONTEXT },
        { SLICE("</ENTRY_TRAMPOLINE>"), LINE_CONTEXT },
        { SLICE("Call Trace:"), LINE_TRACE_HEAD },
        { SLICE("Call trace:"), LINE_TRACE_HEAD },
        { SLICE("Stack:"), LINE_DUMP },
        { SLICE("RIP: "), LINE_RIP },
        { SLICE("CPU: "), LINE_CPU },
        { SLICE("Hardware name: "), LINE_DUMP },
        { SLICE("Modules linked in:"), LINE_DUMP },
        { SLICE("Code: "), LINE_DUMP },
        { SLICE("RSP: "), LINE_DUMP },
        { SLICE("RAX: "), LINE_DUMP },
        { SLICE("RDX: "), LINE_DUMP },
        { SLICE("RBP: "), LINE_DUMP },
        { SLICE("R10: "), LINE_DUMP },
        { SLICE("R13: "), LINE_DUMP },
        { SLICE("FS:  "), LINE_DUMP },
        { SLICE("CS:  "), LINE_DUMP },
        { SLICE("CR2: "), LINE_DUMP },
        { SLICE("DR0: "), LINE_DUMP },
        { SLICE("DR3: "), LINE_DUMP },
        { SLICE("PKRU: "), LINE_DUMP },
        { SLICE("ORIG_RAX: "), LINE_DUMP },
        { SLICE("Workqueue: "), LINE_DUMP },
        { SLICE("Tainted: "), LINE_DUMP },
        { SLICE("irq event stamp: "), LINE_LOCKS },
        { SLICE("hardirqs last "), LINE_LOCKS },
        { SLICE("softirqs last "), LINE_LOCKS },
        { SLICE("no locks held by "), LINE_LOCKS },
        { SLICE("Preemption disabled at:"), LINE_LOCKS },
};

static bool all_of(struct slice s, char c) {
        for (size_t i = 0; i < s.n; i++)
                if (s.s[i] != c)
                        return false;
        return true;
}

/* "2 locks held by comm/12:" and " #0: (lock)..." */
static bool is_lock_list(struct slice s) {
        uint64_t n;

        if (slice_eat(&s, SLICE("#")))
                return slice_eat_u64(&s, &n) && slice_starts(s, SLICE(":"));
        return slice_eat_u64(&s, &n) &&
               (slice_starts(s, SLICE(" lock held by ")) || slice_starts(s, SLICE(" locks held by ")));
}

enum line_class line_classify(struct slice text) {
        struct slice s = slice_trim(text);
        struct frame_view frame;

        if (s.n == 0)
                return LINE_BLANK;
        if (s.n >= 16 && all_of(s, '='))
                return LINE_RULER;
        if (s.n >= 16 && all_of(s, '-'))
                return LINE_DASHES;
        for (size_t i = 0; i < ARRAY_SIZE(prefixes); i++)
                if (prefixes[i].prefix.s[0] == s.s[0] && slice_starts(s, prefixes[i].prefix))
                        return prefixes[i].class == LINE_CONTEXT && s.n > prefixes[i].prefix.n + 8 &&
                               frame_parse(text, &frame) ? LINE_FRAME : prefixes[i].class;
        if (is_lock_list(s))
                return LINE_LOCKS;
        if (frame_parse(text, &frame))
                return LINE_FRAME;
        return LINE_OTHER;
}
