/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/classify.h"

#include <assert.h>
#include <pthread.h>

#include "base/by_byte.h"
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
        { SLICE("--- interrupt: "), LINE_CONTEXT },              /* powerpc */
        { SLICE("--- Exception: "), LINE_CONTEXT },              /* the same before 4.10 */
        { SLICE("Last Breaking-Event-Address:"), LINE_CONTEXT }, /* s390 */
        { SLICE("Call Trace:"), LINE_TRACE_HEAD },
        { SLICE("Call trace:"), LINE_TRACE_HEAD },
        { SLICE("Backtrace:"), LINE_TRACE_HEAD },
        { SLICE("Stack:"), LINE_DUMP },
        { SLICE("RIP: "), LINE_RIP },
        { SLICE("CPU: "), LINE_CPU },
        { SLICE("Pid: "), LINE_CPU },
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
        /* arm, arm64, riscv, powerpc */
        { SLICE("NIP: "), LINE_DUMP },
        { SLICE("REGS: "), LINE_DUMP },
        { SLICE("MSR: "), LINE_DUMP },
        { SLICE("GPR00: "), LINE_DUMP },
        { SLICE("CFAR: "), LINE_DUMP },
        { SLICE("DAR: "), LINE_DUMP },
        { SLICE("SOFTE: "), LINE_DUMP },
        { SLICE("LR ["), LINE_DUMP },
        { SLICE("LR = "), LINE_DUMP },
        { SLICE("Instruction dump:"), LINE_DUMP },
        { SLICE("pstate: "), LINE_DUMP },
        { SLICE("Mem abort info:"), LINE_DUMP },
        { SLICE("Data abort info:"), LINE_DUMP },
        { SLICE("ESR = 0x"), LINE_DUMP },
        { SLICE("EC = 0x"), LINE_DUMP },
        { SLICE("SET = "), LINE_DUMP },
        { SLICE("EA = "), LINE_DUMP },
        { SLICE("FSC = 0x"), LINE_DUMP },
        { SLICE("Access size = "), LINE_DUMP },
        { SLICE("SSE = "), LINE_DUMP },
        { SLICE("SF = "), LINE_DUMP },
        { SLICE("ISV = "), LINE_DUMP },
        { SLICE("CM = "), LINE_DUMP },
        { SLICE("GCS = "), LINE_DUMP },
        { SLICE("user pgtable: "), LINE_DUMP },
        { SLICE("swapper pgtable: "), LINE_DUMP },
        { SLICE("Current user pgtable: "), LINE_DUMP },
        { SLICE("Current swapper pgtable: "), LINE_DUMP },
        { SLICE("pgd = "), LINE_DUMP },
        { SLICE("lr : "), LINE_DUMP },
        { SLICE("LR is at "), LINE_DUMP },
        /* powerpc's monitor */
        { SLICE("cpu 0x"), LINE_DUMP },
        { SLICE("Vector: "), LINE_DUMP },
        { SLICE("current = 0x"), LINE_DUMP },
        { SLICE("paca    = 0x"), LINE_DUMP },
        { SLICE("pid   = "), LINE_DUMP },
        { SLICE("[link register   ] "), LINE_DUMP },
        { SLICE("ra : "), LINE_DUMP },
        { SLICE("ra    : "), LINE_DUMP },
        { SLICE("Krnl GPRS: "), LINE_DUMP },
        { SLICE("Krnl Code: "), LINE_DUMP },
        { SLICE("Flags: "), LINE_DUMP },
        { SLICE("Control: "), LINE_DUMP },
        { SLICE("Process "), LINE_DUMP },
        { SLICE("Stack: ("), LINE_DUMP },
        { SLICE("Exception stack("), LINE_DUMP },
        { SLICE("Register r"), LINE_DUMP },
        { SLICE("Tainted: "), LINE_DUMP },
        /* what decode_stacktrace.sh makes of the code, with rulers of its own */
        { SLICE("All code"), LINE_DUMP },
        { SLICE("Code starting with the faulting instruction"), LINE_DUMP },
        { SLICE("irq event stamp: "), LINE_LOCKS },
        { SLICE("hardirqs last "), LINE_LOCKS },
        { SLICE("softirqs last "), LINE_LOCKS },
        { SLICE("no locks held by "), LINE_LOCKS },
        { SLICE("Preemption disabled at:"), LINE_LOCKS },
};

/* By their first bytes. Filled once, read only after. */
static struct by_byte prefixes_with;
static pthread_once_t prefixes_once = PTHREAD_ONCE_INIT;

static void index_prefixes(void) {
        static_assert(ARRAY_SIZE(prefixes) <= BY_BYTE_MAX, "indexes are bytes");
        for (size_t i = ARRAY_SIZE(prefixes); i-- > 0;)
                by_byte_add(&prefixes_with, (uint8_t) prefixes[i].prefix.s[0], i);
}

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

/* "x29: ffff80000a0bb9a0 x28: ...", "r7 : c0d4e000  r6 : ...", "bec0: 00000000 c1201f18": a register or a place of the
 * stack with what it holds, and more of them; as many digits as a word of the machine has. */
static bool is_registers(struct slice s) {
        bool any = false;

        while ((s = slice_ltrim(s)).n) {
                struct slice b = s, word = slice_token(&b, ' ');
                size_t digits = word.n;
                uint64_t value;

                /* A name, with the colon at it or behind a blank. */
                if (word.n > 1 && word.n <= 9 && word.s[word.n - 1] == ':') {
                        s = b;
                        continue;
                }
                /* arm's saved ones: "r7:82c0d1f8 r6:81cd8c1c". */
                const size_t colon = slice_find_byte(word, ':');
                if (colon != SLICE_NPOS && colon <= 3) {
                        word = slice_from(word, colon + 1);
                        digits = word.n;
                }
                b = slice_ltrim(b);
                if (word.n <= 3 && slice_eat(&b, SLICE(": "))) {
                        s = b;
                        continue;
                }
                if (address_eat(&s)) {
                        any = true;
                        continue;
                }
                if ((digits != 8 && digits != 16) || !slice_eat_hex(&word, &value) || word.n)
                        return false;
                any = true;
                slice_token(&s, ' ');
        }
        return any;
}

/* "[000000000000000c] pgd=0000000000000000, ...", arm's "[0000000c] *pgd=0d3e2831, ..." */
static bool is_page_table_walk(struct slice s) {
        uint64_t address;

        if (!slice_eat(&s, SLICE("[")) || !slice_eat_hex(&s, &address) || !slice_eat(&s, SLICE("] ")))
                return false;
        slice_eat(&s, SLICE("*"));
        return slice_starts(s, SLICE("pgd="));
}

/* "  2a:*\t49 8b 1c 04 \tmov    (%r12,%rax,1),%rbx": an instruction, its bytes or, as arm's are
 * shown, its words, and its name. */
static bool is_instruction(struct slice s) {
        enum { OFFSET_DIGITS = 4 };
        const size_t colon = slice_find_byte(slice_head(s, OFFSET_DIGITS + 1), ':');
        struct slice offset = slice_head(s, colon == SLICE_NPOS ? 0 : colon);
        uint64_t value;
        size_t n = 0;

        if (!slice_eat_hex(&offset, &value) || offset.n)
                return false;
        s = slice_from(s, colon + 1);
        slice_eat(&s, SLICE("*"));
        if (!s.n || !is_blank(s.s[0]))
                return false;
        for (s = slice_ltrim(s); s.n; s = slice_ltrim(s), n++) {
                struct slice rest = s, word = slice_token(&rest, ' ');
                word = slice_head(word, slice_find_byte(word, '\t'));
                const size_t digits = word.n;
                if ((digits != 2 && digits != 4 && digits != 8) || !slice_eat_hex(&word, &value) || word.n)
                        break;
                s = slice_from(s, digits);
        }
        return n > 0 && s.n && (is_letter(s.s[0]) || memchr(".(", s.s[0], 2));
}

enum line_class line_classify(struct slice text) {
        struct slice s = slice_trim(text);
        struct frame_view frame;

        if (s.n == 0)
                return LINE_BLANK;
        /* Most lines of a report, and nothing else looks so. */
        if (frame_parse_plain(s, &frame))
                return LINE_FRAME;
        if (s.n >= 16 && all_of(s, '='))
                return LINE_RULER;
        if (s.n >= 16 && all_of(s, '-'))
                return LINE_DASHES;
        pthread_once(&prefixes_once, index_prefixes);
        BY_BYTE_EACH(&prefixes_with, s.s[0], i) {
                const struct slice prefix = prefixes[i].prefix;
                const enum line_class class = prefixes[i].class;
                if (slice_starts(s, prefix))
                        return class == LINE_CONTEXT && s.n > prefix.n + 8 && frame_parse(text, &frame) ? LINE_FRAME :
                                                                                                          class;
        }
        if (is_lock_list(s))
                return LINE_LOCKS;
        if (trap_parse(s, &frame))
                return LINE_RIP;
        if (frame_parse(text, &frame))
                return LINE_FRAME;
        return is_registers(s) || is_page_table_walk(s) || is_instruction(s) ? LINE_DUMP : LINE_OTHER;
}
