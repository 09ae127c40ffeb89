/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/classify.h"

#include <assert.h>
#include <pthread.h>

#include "base/by_byte.h"
#include "base/macros.h"
#include "line/frame.h"

/* What follows a name in the line, which may be a user's: an interface is called what he likes, but for blanks, colons
 * and slashes, and begins messages with that and ": " or " ". Words that hold a blank need no such check. */

/* Nothing, or what older kernels put into the same line: another mark, an address, a frame. */
static bool opens(struct slice s) {
        s = slice_ltrim(s);
        return s.n == 0 || s.s[0] == '<' || s.s[0] == '[' || s.s[0] == '?';
}

static bool closes(struct slice s) {
        const size_t at = slice_find_byte(s, '>');
        return at != SLICE_NPOS && opens(slice_from(s, at + 1));
}

/* "no frame pointer", "invalid frame pointer 0xc0d4ffff": arm's. */
static bool opens_backtrace(struct slice s) {
        return opens(s) || slice_has(s, SLICE(" frame pointer"));
}

static bool digit(struct slice s) {
        return s.n && is_digit(s.s[0]);
}

/* "ffff888100000000", "0xffff888100000000", "60400005 ", or that many signs in place of digits that nobody is to see.
 */
static bool value(struct slice s) {
        size_t digits = 0, signs = 0;

        s = slice_ltrim(s);
        slice_eat(&s, SLICE("0x"));
        if (slice_starts(s, SLICE("(")))
                return true;
        const struct slice word = slice_head(s, slice_find_byte(s, ' '));
        for (size_t i = 0; i < word.n; i++) {
                const char c = word.s[i];
                digits += is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
                signs += c == 'x' || c == 'X' || !is_letter(c);
        }
        return (word.n == 8 || word.n == 16) && (digits == word.n || signs == word.n);
}

/* "0010:function+0x1/0x2", "0018:ffff888100000000", "0010:[<ffffffff81000000>]", "[<ffffffff81000000>]" */
static bool segment(struct slice s) {
        size_t n = 0;

        while (n < s.n && (is_digit(s.s[n]) || (s.s[n] >= 'a' && s.s[n] <= 'f')))
                n++;
        return (n == 4 && n < s.n && s.s[n] == ':') || slice_starts(s, SLICE("[<")) || value(s);
}

static bool symbol(struct slice s) {
        struct frame_view v;
        return value(s) || slice_starts(s, SLICE("[")) || symbol_eat(&s, false, &v);
}

/* Also, from 4.13 to 4.16 where an oops ends, "function+0x1/0x2 RSP: ffff888100000000". */
static bool place(struct slice s) {
        struct frame_view v;
        return segment(s) || (symbol_eat(&s, false, &v) && slice_starts(slice_ltrim(s), SLICE("RSP: ")));
}

/* "ff 48 8b <0f> 0b", "e5933000 (e5830000)", mips's "8e220000  8e230004 <ac430000>", "Bad RIP value." */
static bool bytes_of_code(struct slice s) {
        static const struct slice none[] = { SLICE("Bad RIP"), SLICE("Bad EIP"),          SLICE("bad PC"),
                                             SLICE("Bad PC"),  SLICE("Unable to access"), SLICE("(Bad address in ") };

        s = slice_ltrim(s);
        for (size_t i = 0; i < ARRAY_SIZE(none); i++)
                if (slice_starts(s, none[i]))
                        return true;
        for (unsigned i = 0; i < 2 && s.n; i++, s = slice_ltrim(s)) {
                struct slice word = slice_token(&s, ' ');
                size_t digits = 0;

                for (size_t k = 0; k < word.n; k++)
                        if (is_digit(word.s[k]) || (word.s[k] >= 'a' && word.s[k] <= 'f'))
                                digits++;
                        else if (!memchr("<>()", word.s[k], 4))
                                return false;
                if (digits != 2 && digits != 4 && digits != 8 && s.n)
                        return false;
        }
        return true;
}

/* "events function [module] (what it works for)": the queue's name, and a symbol. */
static bool work(struct slice s) {
        slice_token(&s, ' ');
        s = slice_ltrim(s);
        slice_token(&s, ' ');
        s = slice_ltrim(s);
        return s.n == 0 || s.s[0] == '[' || s.s[0] == '(';
}

/* "", "c0101010 c0102020", "(0xc0d4e000 to 0xc0d50000)" */
static bool stack(struct slice s) {
        s = slice_ltrim(s);
        return s.n == 0 || s.s[0] == '(' || value(s);
}

static bool process(struct slice s) {
        return slice_has(s, SLICE("pid"));
}

static bool flags(struct slice s) {
        return slice_has(s, SLICE("IRQs "));
}

static bool taints(struct slice s) {
        return slice_starts(s, SLICE("["));
}

static const struct {
        struct slice prefix;
        enum line_class class;
        bool (*rest)(struct slice s); /* NULL: anything */
} prefixes[] = {
        { SLICE("------------[ cut here ]"), LINE_CUT_HERE, NULL },
        { SLICE("---[ end trace"), LINE_END_TRACE, NULL },
        { SLICE("---[ end Kernel panic"), LINE_END_TRACE, NULL },
        { SLICE("</TASK>"), LINE_TASK_END, opens },
        { SLICE("<TASK>"), LINE_CONTEXT, opens },
        { SLICE("<IRQ>"), LINE_CONTEXT, opens },
        { SLICE("</IRQ>"), LINE_CONTEXT, opens },
        { SLICE("<NMI>"), LINE_CONTEXT, opens },
        { SLICE("</NMI>"), LINE_CONTEXT, opens },
        { SLICE("<SOFTIRQ>"), LINE_CONTEXT, opens },
        { SLICE("</SOFTIRQ>"), LINE_CONTEXT, opens },
        { SLICE("<#"), LINE_CONTEXT, closes },
        { SLICE("</#"), LINE_CONTEXT, closes },
        { SLICE("<EOI>"), LINE_CONTEXT, opens },
        { SLICE("<EOE>"), LINE_CONTEXT, opens },
        { SLICE("<ENTRY_TRAMPOLINE>"), LINE_CONTEXT, opens },
        { SLICE("</ENTRY_TRAMPOLINE>"), LINE_CONTEXT, opens },
        { SLICE("--- interrupt: "), LINE_CONTEXT, NULL },              /* powerpc */
        { SLICE("--- Exception: "), LINE_CONTEXT, NULL },              /* the same before 4.10 */
        { SLICE("Last Breaking-Event-Address:"), LINE_CONTEXT, NULL }, /* s390 */
        { SLICE("Call Trace:"), LINE_TRACE_HEAD, NULL },
        { SLICE("Call trace:"), LINE_TRACE_HEAD, NULL },
        { SLICE("Backtrace:"), LINE_TRACE_HEAD, opens_backtrace },
        { SLICE("Stack:"), LINE_DUMP, stack },
        { SLICE("RIP: "), LINE_RIP, place },
        { SLICE("CPU: "), LINE_CPU, digit },
        { SLICE("Pid: "), LINE_CPU, digit },
        { SLICE("Hardware name: "), LINE_DUMP, NULL },
        { SLICE("Modules linked in:"), LINE_DUMP, NULL },
        { SLICE("Code: "), LINE_DUMP, bytes_of_code },
        { SLICE("RSP: "), LINE_DUMP, segment },
        { SLICE("RAX: "), LINE_DUMP, value },
        { SLICE("RDX: "), LINE_DUMP, value },
        { SLICE("RBP: "), LINE_DUMP, value },
        { SLICE("R10: "), LINE_DUMP, value },
        { SLICE("R13: "), LINE_DUMP, value },
        { SLICE("FS:  "), LINE_DUMP, NULL },
        { SLICE("CS:  "), LINE_DUMP, NULL },
        { SLICE("CR2: "), LINE_DUMP, value },
        { SLICE("DR0: "), LINE_DUMP, value },
        { SLICE("DR3: "), LINE_DUMP, value },
        { SLICE("PKRU: "), LINE_DUMP, value },
        { SLICE("ORIG_RAX: "), LINE_DUMP, value },
        { SLICE("Workqueue: "), LINE_DUMP, work },
        /* arm, arm64, riscv, powerpc */
        { SLICE("NIP: "), LINE_DUMP, value },
        { SLICE("REGS: "), LINE_DUMP, value },
        { SLICE("MSR: "), LINE_DUMP, value },
        { SLICE("GPR00: "), LINE_DUMP, value },
        { SLICE("CFAR: "), LINE_DUMP, value },
        { SLICE("DAR: "), LINE_DUMP, value },
        { SLICE("SOFTE: "), LINE_DUMP, digit },
        { SLICE("LR ["), LINE_DUMP, NULL },
        { SLICE("LR = "), LINE_DUMP, NULL },
        { SLICE("Instruction dump:"), LINE_DUMP, NULL },
        { SLICE("pstate: "), LINE_DUMP, value },
        { SLICE("Mem abort info:"), LINE_DUMP, NULL },
        { SLICE("Data abort info:"), LINE_DUMP, NULL },
        { SLICE("ESR = 0x"), LINE_DUMP, NULL },
        { SLICE("EC = 0x"), LINE_DUMP, NULL },
        { SLICE("SET = "), LINE_DUMP, NULL },
        { SLICE("EA = "), LINE_DUMP, NULL },
        { SLICE("FSC = 0x"), LINE_DUMP, NULL },
        { SLICE("Access size = "), LINE_DUMP, NULL },
        { SLICE("SSE = "), LINE_DUMP, NULL },
        { SLICE("SF = "), LINE_DUMP, NULL },
        { SLICE("ISV = "), LINE_DUMP, NULL },
        { SLICE("CM = "), LINE_DUMP, NULL },
        { SLICE("GCS = "), LINE_DUMP, NULL },
        { SLICE("user pgtable: "), LINE_DUMP, NULL },
        { SLICE("swapper pgtable: "), LINE_DUMP, NULL },
        { SLICE("Current user pgtable: "), LINE_DUMP, NULL },
        { SLICE("Current swapper pgtable: "), LINE_DUMP, NULL },
        { SLICE("pgd = "), LINE_DUMP, NULL },
        { SLICE("lr : "), LINE_DUMP, symbol },
        { SLICE("LR is at "), LINE_DUMP, NULL },
        /* powerpc's monitor */
        { SLICE("cpu 0x"), LINE_DUMP, NULL },
        { SLICE("Vector: "), LINE_DUMP, digit },
        { SLICE("current = 0x"), LINE_DUMP, NULL },
        { SLICE("paca    = 0x"), LINE_DUMP, NULL },
        { SLICE("pid   = "), LINE_DUMP, NULL },
        { SLICE("[link register   ] "), LINE_DUMP, NULL },
        { SLICE("ra : "), LINE_DUMP, symbol },
        { SLICE("ra    : "), LINE_DUMP, symbol },
        { SLICE("Krnl GPRS: "), LINE_DUMP, NULL },
        { SLICE("Krnl Code: "), LINE_DUMP, NULL },
        { SLICE("Flags: "), LINE_DUMP, flags },
        { SLICE("Control: "), LINE_DUMP, value },
        { SLICE("Process "), LINE_DUMP, process },
        { SLICE("Exception stack("), LINE_DUMP, NULL },
        { SLICE("Register r"), LINE_DUMP, NULL },
        { SLICE("Tainted: "), LINE_DUMP, taints },
        /* what decode_stacktrace.sh makes of the code, with rulers of its own */
        { SLICE("All code"), LINE_DUMP, NULL },
        { SLICE("Code starting with the faulting instruction"), LINE_DUMP, NULL },
        { SLICE("irq event stamp: "), LINE_LOCKS, NULL },
        { SLICE("hardirqs last "), LINE_LOCKS, NULL },
        { SLICE("softirqs last "), LINE_LOCKS, NULL },
        { SLICE("no locks held by "), LINE_LOCKS, NULL },
        { SLICE("Preemption disabled at:"), LINE_LOCKS, NULL },
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
                return slice_eat_u64(&s, &n) && slice_starts(s, SLICE(":")) && slice_find_byte(s, '{') != SLICE_NPOS;
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
                if (slice_starts(s, prefix) && (!prefixes[i].rest || prefixes[i].rest(slice_from(s, prefix.n))))
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
