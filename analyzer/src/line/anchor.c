/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/anchor.h"

#include <pthread.h>

#include "base/by_byte.h"
#include "base/macros.h"

static bool is_word_byte(char c) {
        return is_letter(c) || is_digit(c) || c == '_' || (unsigned char) c >= 0x80;
}

/* The rest of a line's words, each after what the table has. */
static bool any(struct slice s) {
        (void) s;
        return true;
}

/* ": 0000 [#1]", ", probably for non-canonical address" */
static bool goes_on(struct slice s) {
        return slice_starts(s, SLICE(": ")) || slice_starts(s, SLICE(", "));
}

static bool hex(struct slice s) {
        uint64_t v;
        return slice_eat_hex(&s, &v);
}

static bool digit(struct slice s) {
        return s.n && is_digit(s.s[0]);
}

/* "3 PID: 360 Comm: ", "3 UID: 0 PID: 360 Comm: " */
static bool processor(struct slice s) {
        uint64_t n;

        if (!slice_eat_u64(&s, &n) || !slice_eat(&s, SLICE(" ")))
                return false;
        if (slice_eat(&s, SLICE("UID: ")) && (!slice_eat_u64(&s, &n) || !slice_eat(&s, SLICE(" "))))
                return false;
        return slice_eat(&s, SLICE("PID: ")) && slice_eat_u64(&s, &n) && slice_starts(s, SLICE(" Comm: "));
}

/* mips: "0 Unable to handle kernel paging request at ..." */
static bool faulting(struct slice s) {
        uint64_t n;
        return slice_eat_u64(&s, &n) && slice_starts(s, SLICE(" Unable to handle kernel "));
}

/* powerpc's monitor: "cpu 0x1: Vector: 700 (Program Check) at [...]" */
static bool vector(struct slice s) {
        uint64_t n;
        return slice_eat_hex(&s, &n) && slice_starts(s, SLICE(": Vector: "));
}

/* "0010:function+0x1/0x2" and older forms. */
static bool segment(struct slice s) {
        uint64_t v;
        size_t n = s.n;
        return slice_eat_hex(&s, &v) && n - s.n == 4 && slice_starts(s, SLICE(":"));
}

/* "ff 48 8b <0f> 0b" */
static bool bytes_of_code(struct slice s) {
        for (unsigned i = 0; i < 3; i++) {
                uint64_t v;
                slice_eat(&s, SLICE("<"));
                slice_eat(&s, SLICE("("));
                size_t n = s.n;
                if (!slice_eat_hex(&s, &v) || (n - s.n != 2 && n - s.n != 8))
                        return false;
                slice_eat(&s, SLICE(">"));
                slice_eat(&s, SLICE(")"));
                if (!slice_eat(&s, SLICE(" ")))
                        return false;
        }
        return true;
}

/* "0xffff888100000000 (size 32):", "(percpu) 0x7e3bce5b888458 (size 40):" */
static bool leaked(struct slice s) {
        slice_eat(&s, SLICE("(percpu) "));
        return slice_eat(&s, SLICE("0x")) && hex(s);
}

/* 'kworker/3:1", pid 38, jiffies 42' */
static bool allocator(struct slice s) {
        return slice_has(slice_head(s, 32), SLICE("\", pid "));
}

/* "Xorg:1269 blocked for more than" */
static bool blocked(struct slice s) {
        return slice_has(slice_head(s, 64), SLICE(" blocked for more than ")) ||
               slice_has(slice_head(s, 64), SLICE(" is blocked on "));
}

static bool of_lockdep(struct slice s) {
        static const struct slice words[] = {
                SLICE("possible "),
                SLICE("suspicious RCU usage"),
                SLICE("inconsistent lock state"),
                SLICE("held lock freed!"),
                SLICE("lock held when returning to user space"),
                SLICE("bad unlock balance"),
                SLICE("bad contention detected"),
                SLICE("Nested lock was not taken"),
                SLICE("chain_key collision"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(words); i++)
                if (slice_starts(s, words[i]))
                        return true;
        return false;
}

/* From 6.19 on: "fs/dcache.c:829 at dput+0xf5/0x110, CPU#7: comm/12", with the condition before it or not. */
static bool of_warning(struct slice s) {
        const size_t at = slice_find(s, SLICE(" at "));
        const struct slice head = slice_head(s, at), rest = slice_from(s, at == SLICE_NPOS ? s.n : at);
        const size_t colon = slice_find(head, SLICE(".c:"));

        return (colon != SLICE_NPOS ? digit(slice_from(head, colon + 3)) : slice_has(head, SLICE(".h:"))) &&
               slice_has(rest, SLICE("+0x")) && slice_has(rest, SLICE(", CPU#"));
}

/* Complete lines end where the words end, with what the end is found by. */
static const struct {
        struct slice words;
        bool (*rest)(struct slice s);
        const char *end; /* NULL: the words do not tell; "": with them */
} anchors[] = {
        { SLICE("------------[ cut here ]------------"), any, "" },
        { SLICE("---[ end trace "), any, "]---" },
        { SLICE("---[ end Kernel panic - not syncing"), any, NULL },
        { SLICE("Call Trace:"), any, "" },
        { SLICE("Call trace:"), any, "" },
        { SLICE("stack backtrace:"), any, "" },
        { SLICE("Kernel panic - not syncing"), any, NULL },
        { SLICE("RIP: "), segment, NULL },
        { SLICE("RSP: "), segment, NULL },
        { SLICE("CPU: "), processor, NULL },
        { SLICE("Modules linked in:"), any, NULL },
        { SLICE("Hardware name: "), any, NULL },
        { SLICE("Code: "), bytes_of_code, NULL },
        { SLICE("RAX: "), hex, NULL },
        { SLICE("RDX: "), hex, NULL },
        { SLICE("RBP: "), hex, NULL },
        { SLICE("R10: "), hex, NULL },
        { SLICE("R13: "), hex, NULL },
        { SLICE("FS:  "), hex, NULL },
        { SLICE("CR2: "), hex, NULL },
        { SLICE("ORIG_RAX: "), hex, NULL },
        { SLICE("pstate: "), hex, NULL },
        { SLICE("x29: "), hex, NULL },
        { SLICE("x26: "), hex, NULL },
        { SLICE("x23: "), hex, NULL },
        { SLICE("epc : "), hex, NULL },
        { SLICE("PC is at "), any, NULL },
        { SLICE("LR is at "), any, NULL },
        { SLICE("BUG: KASAN: "), any, NULL },
        { SLICE("BUG: KCSAN: "), any, NULL },
        { SLICE("BUG: KFENCE: "), any, NULL },
        { SLICE("BUG: KMSAN: "), any, NULL },
        { SLICE("BUG: unable to handle "), any, NULL },
        { SLICE("BUG: kernel NULL pointer dereference"), any, NULL },
        { SLICE("BUG: sleeping function called from"), any, NULL },
        { SLICE("BUG: workqueue lockup"), any, NULL },
        { SLICE("BUG: scheduling while atomic"), any, NULL },
        { SLICE("Unable to handle kernel "), any, NULL },
        { SLICE("CPU "), faulting, NULL },
        { SLICE("cpu 0x"), vector, NULL },
        { SLICE("BUG: Kernel NULL pointer dereference"), any, NULL },
        { SLICE("BUG: Unable to handle kernel "), any, NULL },
        { SLICE("Faulting instruction address: 0x"), hex, NULL },
        { SLICE("Krnl PSW : "), hex, NULL },
        { SLICE("TPC: <"), any, NULL },
        { SLICE("IAOQ[0]: "), any, NULL },
        { SLICE("Oops[#"), digit, NULL },
        { SLICE("epc   : "), hex, NULL },
        { SLICE("Internal error: Oops"), any, NULL },
        { SLICE("Oops: "), any, NULL },
        { SLICE("general protection fault"), goes_on, NULL },
        { SLICE("kernel BUG at "), any, "!" },
        { SLICE("Kernel BUG at "), any, NULL },
        { SLICE("BUG: failure at "), any, NULL },
        { SLICE("watchdog: BUG: "), any, NULL },
        { SLICE("NMI watchdog: "), any, NULL },
        { SLICE("BUG: memory leak"), any, NULL },
        { SLICE("UBSAN: "), any, NULL },
        { SLICE("unreferenced object "), leaked, NULL },
        { SLICE("comm \""), allocator, NULL },
        { SLICE("hex dump (first "), digit, NULL },
        { SLICE("in_atomic(): "), digit, NULL },
        { SLICE("(detected by "), digit, NULL },
        { SLICE("rcu: INFO: "), any, NULL },
        { SLICE("INFO: task "), blocked, NULL },
        { SLICE("WARNING: CPU: "), digit, NULL },
        { SLICE("WARNING: "), of_lockdep, NULL },
        { SLICE("WARNING: "), of_warning, NULL },
        { SLICE("kmemleak: "), digit, NULL },
        { SLICE("refcount_t: "), any, NULL },
        { SLICE("Read of size "), digit, NULL },
        { SLICE("Write of size "), digit, NULL },
        { SLICE("Allocated by task "), digit, NULL },
        { SLICE("Freed by task "), digit, NULL },
        { SLICE("The buggy address belongs to "), any, NULL },
        { SLICE("Reported by Kernel Concurrency Sanitizer on:"), any, "" },
        { SLICE("other info that might help us debug this:"), any, "" },
        { SLICE("INFO: lockdep is turned off."), any, "" },
        { SLICE("NMI backtrace for cpu "), digit, NULL },
        { SLICE("Linux version "), digit, NULL },
        { SLICE("Kernel command line: "), any, NULL },
        { SLICE("BIOS-e820: [mem 0x"), any, NULL },
};

/* By their first bytes. Filled once, read only after. */
static struct by_byte anchors_with;
static bool tells[256]; /* such bytes, and the one that a device's bus is told by */
static pthread_once_t anchors_once = PTHREAD_ONCE_INIT;

static void index_anchors(void) {
        for (size_t i = ARRAY_SIZE(anchors); i-- > 0;) {
                by_byte_add(&anchors_with, (uint8_t) anchors[i].words.s[0], i);
                tells[(uint8_t) anchors[i].words.s[0]] = true;
        }
        tells[':'] = true;
}

/* "i915 0000:00:02.0: ": a device's own words. colon is where its bus begins. */
static bool device(struct slice line, size_t colon, struct anchor *ret) {
        static const char shape[] = "0000:00:00.0: ";
        size_t at = colon - 4;

        if (colon < 6 || line.n - at < sizeof(shape) - 1)
                return false;
        for (size_t i = 0; shape[i]; i++) {
                char c = line.s[at + i];
                if (shape[i] == '0' ? !(is_digit(c) || (c >= 'a' && c <= 'f')) : c != shape[i])
                        return false;
        }
        if (line.s[at - 1] != ' ')
                return false;
        for (at--; at > 0 && (is_word_byte(line.s[at - 1]) || line.s[at - 1] == '-'); at--)
                ;
        *ret = (struct anchor){ at, SLICE_NPOS, ANCHOR_KINDS - 1 };
        return line.s[at] != ' ';
}

static bool at_anchor(struct slice line, size_t at, struct anchor *ret) {
        struct slice s = slice_from(line, at);

        BY_BYTE_EACH(&anchors_with, s.s[0], i) {
                struct slice rest = s;

                if (!slice_eat(&rest, anchors[i].words) || !anchors[i].rest(rest))
                        continue;
                *ret = (struct anchor){ at, SLICE_NPOS, (unsigned) i % ANCHOR_KINDS };
                if (anchors[i].end) {
                        struct slice end = slice_of(anchors[i].end);
                        size_t more = end.n ? slice_find(rest, end) : 0;
                        if (more != SLICE_NPOS)
                                ret->end = line.n - rest.n + more + end.n;
                }
                return true;
        }
        return false;
}

bool anchor_find(struct slice line, struct anchor *ret) {
        pthread_once(&anchors_once, index_anchors);
        line = slice_head(line, 512);
        for (size_t i = 0; i < line.n; i++) {
                const char c = line.s[i];
                if (!tells[(uint8_t) c])
                        continue;
                if (c == ':' && i > 5 && device(line, i, ret))
                        return true;
                /* A word begins after what is no letter; dashes before dashes are one word. */
                if (i && ((is_word_byte(line.s[i - 1]) && is_word_byte(c)) || (c == '-' && line.s[i - 1] == '-')))
                        continue;
                if (at_anchor(line, i, ret))
                        return true;
        }
        return false;
}
