/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/own_words.h"

#include <assert.h>
#include <pthread.h>

#include "base/by_byte.h"
#include "base/macros.h"

enum { COMM_MAX = 15 };

/* What follows a task's name at the start of a line, in the trees from 5.10 to 7.2: tests/forgery/formats.tsv is made
 * from their sources. "#" stands for a number, "*" for anything. Each says more than a task's name has room for behind
 * "INFO: task ", so that a name cannot make a report look like one of these. */
static const struct slice tails[] = {
        SLICE("[#]: segfault at "),
        SLICE("[#]: bad frame in *: "),
        SLICE("[#] bad frame in * frame:"),
        SLICE("[#] * ip:* sp:* error:"),
        SLICE("[#] * ip:* cs:* sp:*"),
        SLICE("[#] ip:* sp:*: "),
        SLICE("[#] control protection ip:"),
        SLICE("[#] overflowed sigaltstack"),
        SLICE("[#] attempts to use CLI/STI"),
        SLICE("[#]: unhandled exception:"),
        SLICE("[#]: unhandled signal # code"),
        SLICE("[#]: unhandled * (#) at 0x"), /* arm64 before 4.17 */
        SLICE("[#]: User access of kernel"),
        SLICE("[#]: * (#) at * nip "),
        SLICE("[#]: bad restore token in "),
        SLICE("[#] iopl * ip:* sp:*"),
        SLICE("[#] is installing a program"),
        SLICE("[#]: memfd_create() requires"),
        SLICE("[#] bad frame in setup_"),
        SLICE("[#]: Unimplemented SPARC"),
        SLICE("[#]: bad frame in handle_"),
        SLICE("[#]: bad frame in sys_"),
        SLICE("[#]: possible hazard @ ip="),
        SLICE(" (#): drop_caches: #"),
        SLICE(" (#) used greatest stack "),
        SLICE(" (#) uses deprecated "),
        SLICE(" (#): /proc/#/oom_adj is "),
        SLICE(" (#): Attempt to access syslog"),
        SLICE(" (#): Using fanotify "),
        SLICE(" (#): Using mlock ulimits "),
        SLICE(" (#): VmData # exceed"),
        SLICE(" (#): attempted to duplicate"),
        SLICE(" (#): highest shadow stack"),
        SLICE(" (pid #) is setting "),
        SLICE(" passes broken AGP"),
        SLICE(" requested AGPx8 but "),
        SLICE(" tried to set rate=x"),
        SLICE(" invoked oom-killer: gfp"),
        SLICE(" entered refrigerator"),
        SLICE(" left refrigerator"),
        SLICE(" uses obsolete (PF_INET"),
        SLICE(" uses old SIOCAX25GETINFO"),
        SLICE(" calls setitimer() with new"),
        SLICE(" wrote to * when file position"),
        SLICE(" sent an empty control message"),
        SLICE(" (#) used obsolete PPPIOCDETACH"),
        SLICE(" using unsupported default IPA"),
        SLICE(" used emulated * instruction"),
        SLICE(" (#) read from unsupported smt_"),
        SLICE(" (#) stored to unsupported smt_"),
        SLICE(" (#): undefined instruction:"),
        SLICE(" (pid #) Use of debugfs file"),
        SLICE(" (pid #) Use of sysfs file"),
        SLICE(" (pid #): * (code #)"),
        SLICE("(#): Attempt to set a LOCK_MAND"),
        SLICE("(#) possible memory allocation"),
        SLICE("(#): * block # on * (# sectors)"),
        SLICE("(#) encountered an unaligned"),
        SLICE("(#) made unaligned access"),
        SLICE("(#) uses a deprecated O_NONBLOCK"),
        SLICE("(#): Unimplemented 32 on 64"),
        SLICE("(#): floating-point assist"),
        SLICE("(#): unaligned access to"),
        SLICE("(#): unaligned trap at *: "),
        SLICE("(#): unhandled unaligned"),
        SLICE("/#: potentially unexpected "),
        SLICE("/#: reached RLIMIT_SIGPENDING"),
        SLICE("/# is trying to acquire lock"),
        SLICE("/# is trying to lock:"),
        SLICE("/# is trying to release lock"),
        SLICE("/# is trying to contend lock"),
        SLICE("/# is freeing memory "),
        SLICE("/# is leaving the kernel with"),
        SLICE("/# is deadlocking current"),
        SLICE("/# just changed the state"),
        SLICE("/# [HC#[#]:SC#[#]"),
        SLICE(": using deprecated /proc/sgi_uv"),
        SLICE(": *, mode:*, nodemask="),
        SLICE(" cpuset=* mems_allowed="), /* before 4.20 */
        SLICE(": page allocation failure"),
        SLICE(": page allocation stall"),
        SLICE(": vmalloc error: size"),
        SLICE(": potentially unexpected fatal"),
        SLICE(": uninitialized urandom read"),
        SLICE(": Corrupted page table at"),
        SLICE(": attempt to access beyond end"),
        SLICE(": memory allocation failure"),
        SLICE(": vm.laptop_mode is depr"),
        SLICE(": calling unsupported SCSI"),
        SLICE(": '*' is using deprecated"),
        SLICE(": CONFIG_KUSER_HELPERS disabled"),
        SLICE(": DSP branch but not DSP ASE"),
        SLICE(": Exception at pc=* ("),
        SLICE(": R2 branch but r2-to-r6"),
        SLICE(": R6 branch but no MIPSr6"),
        SLICE(": read addr # > nvram_size"),
        SLICE(": write addr # > nvram_size"),
        SLICE(": unaligned epc - sending"),
        SLICE(": unhandled page fault (#) at"),
        SLICE(": unimplemented OSF mmap"),
        SLICE(":#: synchronous unrecoverable"),
};

/* By what they begin with: each line of a report is asked, at each of its first bytes. A number stands for any, and
 * behind it nothing is looked at; so does what may be anything. Filled once, read only after. */
static struct by_byte tails_with;
static bool tails_begin[256], tails_pairs[256]; /* by the first byte, by the first two */
static pthread_once_t tails_once = PTHREAD_ONCE_INIT;

static uint8_t pair_of(const char *s) {
        return (uint8_t) (s[0] + 37 * (is_digit(s[1]) ? '#' : s[1]));
}

static uint8_t key_of(const char *s, char third) {
        return (uint8_t) (pair_of(s) + 101 * (is_digit(s[1]) || s[1] == '#' || is_digit(third) ? '#' : third));
}

static void index_tails(void) {
        static_assert(ARRAY_SIZE(tails) <= BY_BYTE_MAX, "indexes are bytes");
        for (size_t i = ARRAY_SIZE(tails); i-- > 0;) {
                by_byte_add(&tails_with, key_of(tails[i].s, tails[i].s[2]), i);
                tails_begin[(uint8_t) tails[i].s[0]] = tails_pairs[pair_of(tails[i].s)] = true;
        }
}

/* Does the text begin as the pattern says? */
static bool eat_pattern(struct slice *text, struct slice pattern) {
        struct slice s = *text;

        while (pattern.n) {
                char c = pattern.s[0];
                uint64_t ignored;

                pattern = slice_from(pattern, 1);
                if (c == '*') {
                        struct slice part = { pattern.s, 0 };
                        while (part.n < pattern.n && pattern.s[part.n] != '*' && pattern.s[part.n] != '#')
                                part.n++;
                        size_t at = part.n ? slice_find(s, part) : 0;
                        if (at == SLICE_NPOS)
                                return false;
                        s = slice_from(s, at + part.n);
                        pattern = slice_from(pattern, part.n);
                } else if (c == '#') {
                        if (!slice_eat_u64(&s, &ignored))
                                return false;
                } else {
                        if (s.n == 0 || s.s[0] != c)
                                return false;
                        s = slice_from(s, 1);
                }
        }
        *text = s;
        return true;
}

static bool fits(struct slice s, struct slice pattern) {
        return eat_pattern(&s, pattern);
}

static bool fits_whole(struct slice s, struct slice pattern) {
        return eat_pattern(&s, pattern) && s.n == 0;
}

static const struct slice *tail_that_begins_so(struct slice s) {
        /* Others have the same key. */
        BY_BYTE_EACH(&tails_with, key_of(s.s, s.s[2]), i)
                if (tails[i].s[0] == s.s[0] && fits(s, tails[i]))
                        return &tails[i];
        BY_BYTE_EACH(&tails_with, key_of(s.s, '*'), i)
                if (tails[i].s[0] == s.s[0] && tails[i].s[2] == '*' && fits(s, tails[i]))
                        return &tails[i];
        return NULL;
}

/* The tail at that byte, behind which two more are at least; NULL if none is there. */
static inline const struct slice *tail_at(struct slice s, size_t at) {
        return tails_begin[(uint8_t) s.s[at]] && tails_pairs[pair_of(s.s + at)] ?
                       tail_that_begins_so(slice_from(s, at)) :
                       NULL;
}

/* "kworker/0:1     D    0    50      2 0x00004000": how kernels before 5.9 show a task, with blanks to the name's full
 * width. */
static bool is_shown_task(struct slice text) {
        static const struct slice states = SLICE("RSDTtXZPIKWN");
        enum { LEAST = 30, FLAGS = 10 };
        const struct slice s = slice_rtrim(text);
        uint64_t flags;

        if (s.n < LEAST || s.s[COMM_MAX] != ' ' || s.s[COMM_MAX + 2] != ' ' ||
            slice_find_byte(states, s.s[COMM_MAX + 1]) == SLICE_NPOS)
                return false;
        struct slice last = slice_from(s, s.n - FLAGS);
        return slice_starts(last, SLICE("0x")) && slice_eat_hex(&last, &flags) && last.n == 0;
}

bool begins_with_task(struct slice text) {
        if (is_shown_task(text))
                return true;
        pthread_once(&tails_once, index_tails);
        slice_eat(&text, SLICE("traps: "));
        for (size_t at = 0; at <= COMM_MAX && at + 2 < text.n; at++)
                if (tail_at(text, at))
                        return true;
        return false;
}

/* Of lockdep's reports, the memory manager's and traps'. */
static bool is_of_reports(struct slice tail) {
        static const struct slice begin[] = { SLICE("/# "),
                                              SLICE(" invoked oom"),
                                              SLICE(" cpuset="),
                                              SLICE(": *, mode:"),
                                              SLICE(": page allocation"),
                                              SLICE(": Corrupted "),
                                              SLICE(":#: synchronous"),
                                              SLICE("[#]: User access") };

        for (size_t i = 0; i < ARRAY_SIZE(begin); i++)
                if (slice_starts(tail, begin[i]))
                        return true;
        return false;
}

bool tells_of_task(struct slice text) {
        bool tells = false;

        pthread_once(&tails_once, index_tails);
        slice_eat(&text, SLICE("traps: "));
        for (size_t at = 0; at <= COMM_MAX && at + 2 < text.n; at++) {
                const struct slice *tail = tail_at(text, at);
                if (tail && is_of_reports(*tail))
                        return false;
                tells = tells || tail;
        }
        return tells;
}

/* "[123]: ", "[123] ", " (123): " and " (123) " behind at most a task's name: no report begins so, and kernels of other
 * years print more behind a task's name than the table holds. */
static bool is_id(struct slice s) {
        static const struct slice open[] = { SLICE("["), SLICE(" (") }, close[] = { SLICE("]"), SLICE(")") };
        uint64_t ignored;

        for (size_t i = 0; i < ARRAY_SIZE(open); i++) {
                struct slice rest = s;
                if (slice_eat(&rest, open[i]) && slice_eat_u64(&rest, &ignored) && slice_eat(&rest, close[i]))
                        return slice_starts(rest, SLICE(" ")) || slice_starts(rest, SLICE(": "));
        }
        return false;
}

/* Is one behind a name, which begins so many bytes before the bracket? Each line of a report is asked, and few have a
 * bracket there. */
static bool has_id(struct slice text, char open, size_t before) {
        const struct slice near = slice_head(text, COMM_MAX + 1 + before);

        for (size_t from = before, at; (at = slice_find_byte(slice_from(near, from), open)) != SLICE_NPOS;
             from += at + 1)
                if (is_id(slice_from(text, from + at - before)))
                        return true;
        return false;
}

bool begins_with_id(struct slice text) {
        /* The kernel's own reports name a task at once, and it may be named "a[1] x"; parisc's registers look so, and
         * no task that says something has the number 0. */
        static const struct slice own[] = { SLICE("INFO: task "), SLICE("WARNING: "), SLICE(" IAOQ["), SLICE("IAOQ[") };

        for (size_t i = 0; i < ARRAY_SIZE(own); i++)
                if (slice_starts(text, own[i]))
                        return false;
        slice_eat(&text, SLICE("traps: "));
        return has_id(text, '[', 0) || has_id(text, '(', 1);
}

/* Where the kernel prints a task's name amid a line: what stands before it and behind it. At a line's start the tails
 * are behind it. */
static const struct around {
        struct slice before, after;
} around[] = {
        { SLICE("Comm: "), SLICE(" Not tainted") },
        { SLICE("Comm: "), SLICE(" Tainted: ") },
        { SLICE("comm: "), SLICE(" Not tainted") },
        { SLICE("comm: "), SLICE(" Tainted: ") },
        { SLICE("INFO: task "), SLICE(":# blocked ") },
        { SLICE("INFO: task "), SLICE(":# is blocked ") },
        { SLICE("INFO: task "), SLICE(" blocked for more") },
        { SLICE(" by task "), SLICE("/#") },
        { SLICE(" by: "), SLICE("/#") },
        { SLICE(" held by "), SLICE("/#") },
        { SLICE("BUG: scheduling while atomic: "), SLICE("/#/0x") },
        { SLICE("BUG: Bad page state in process "), SLICE("  pfn:") },
        { SLICE("BUG: Bad page map in process "), SLICE("  pte:") },
        { SLICE("illed process # ("), SLICE(") ") },
        { SLICE("illed process # ("), SLICE("), ") },
        { SLICE("Kill process # ("), SLICE(") score ") },
        { SLICE("Process "), SLICE(" (pid: #") },
        { SLICE("comm \""), SLICE("\", pid #") },
        { SLICE(", in "), SLICE(" [#]") }, /* GPU HANG */
        { SLICE(", name: "), SLICE("") },  /* the text's last words */
};

/* Reports whose first line has a file's name, which is longer than a task's. */
static const struct around files[] = {
        { SLICE("BUG: Dentry "), SLICE("}  still in use (") },
};

/* The rest of its line behind a name of some length that holds a line end: that length, or 0. */
static size_t broken_name(struct slice s, const struct around *place) {
        bool broken = false;

        if (place && place->after.n == 0) {
                const size_t n = slice_rtrim(s).n;
                return n <= COMM_MAX ? n : 0;
        }
        for (size_t n = 0; n <= COMM_MAX && n < s.n; n++) {
                const struct slice rest = slice_from(s, n), line = slice_head(rest, slice_find_byte(rest, '\n'));

                if (place ? fits(line, place->after) : line.n > 2 && tail_at(line, 0))
                        return broken ? n : 0;
                broken = broken || s.s[n] == '\n';
        }
        return 0;
}

/* Does the text end in those words, in which "#" stands for a number? */
static bool ends_before(struct slice s, struct slice before) {
        const size_t at = slice_find_byte(before, '#');

        if (at == SLICE_NPOS)
                return slice_ends(s, before);
        const struct slice behind = slice_from(before, at + 1);
        if (!slice_ends(s, behind))
                return false;
        s = slice_head(s, s.n - behind.n);
        const size_t n = s.n;
        while (s.n && is_digit(s.s[s.n - 1]))
                s.n--;
        return s.n < n && slice_ends(s, slice_head(before, at));
}

static void mend(char *p, size_t n) {
        for (size_t i = 0; i < n; i++)
                if (p[i] == '\n')
                        p[i] = '?';
}

/* The name amid the text of which the line end there is a part begins so many bytes before it. */
static void join_amid(char *p, size_t n, size_t end) {
        const struct slice all = { p, n };

        for (size_t back = 0; back <= COMM_MAX && back <= end; back++)
                for (size_t i = 0; i < ARRAY_SIZE(around); i++)
                        if (ends_before(slice_head(all, end - back), around[i].before)) {
                                mend(p + end - back, broken_name(slice_from(all, end - back), &around[i]));
                                if (p[end] != '\n')
                                        return;
                        }
}

/* The line ends in the name of a file in the record's first words. */
static void join_file(char *p, size_t n) {
        enum { FILE_MAX = 255, WORDS = 48 };
        const struct slice all = { p, MIN(n, (size_t) FILE_MAX + WORDS) };

        for (size_t i = 0; i < ARRAY_SIZE(files); i++) {
                const size_t at = slice_starts(all, files[i].before) ? slice_find(all, files[i].after) : SLICE_NPOS;
                mend(p, at == SLICE_NPOS ? 0 : at);
        }
}

void join_names(char *p, size_t n) {
        const struct slice all = { p, n };
        size_t end = slice_find_byte(all, '\n');

        if (end == SLICE_NPOS)
                return;
        join_file(p, n);
        pthread_once(&tails_once, index_tails);
        if (end <= COMM_MAX)
                mend(p, broken_name(all, NULL));
        for (; end < n; end++)
                if (p[end] == '\n')
                        join_amid(p, n, end);
}

static bool ends_in_byte_of(struct slice text, struct slice pattern) {
        const char last = text.s[text.n - 1], c = pattern.s[pattern.n - 1];

        return last == c || (c == '#' && is_digit(last));
}

/* Does the text, which ends in no blank, end in these words and what follows them, or in the words alone? They may
 * stand in the name, too. */
static bool ends_as(struct slice text, struct slice words, struct slice rest) {
        bool ends = false;

        /* Each line is asked, and the last byte tells most apart. */
        if (!ends_in_byte_of(text, words) && !ends_in_byte_of(text, rest))
                return false;
        for (size_t at; !ends && (at = slice_find(text, words)) != SLICE_NPOS;) {
                text = slice_from(text, at + words.n);
                ends = text.n == 0 || fits_whole(text, rest);
        }
        return ends;
}

/* What netfilter logs of a packet, behind a prefix that whoever made the rule chose: nf_log_syslog.c, and ebt_log.c
 * with words of its own. In each row are more words than a task's name has room for. */
static const struct slice packets[][5] = {
        { SLICE("IN="), SLICE(" OUT="), SLICE("SRC="), SLICE("DST=") },
        { SLICE("IN="), SLICE(" OUT="), SLICE(" MAC source = "), SLICE(" MAC dest = "), SLICE(" proto = 0x") },
        { SLICE("IN="), SLICE(" OUT="), SLICE(" ARP HTYPE=") },
        { SLICE("IN="), SLICE(" OUT="), SLICE(" TRUNCATED") },
};

static bool has_words(struct slice text, const struct slice words[static 5]) {
        enum { PREFIX_MAX = 127 };

        for (size_t i = 0; i < 5 && words[i].n; i++) {
                const size_t at = slice_find(text, words[i]);
                if (at == SLICE_NPOS || (i == 0 && at > PREFIX_MAX))
                        return false;
                text = slice_from(text, at + words[i].n);
                /* The name is followed by a blank, which the next words begin with. */
                if (i == 1)
                        text = slice_from(text, MIN(slice_find_byte(text, ' '), text.n));
        }
        return true;
}

/* "SRC=10.0.0.1", "OPCODE=1", "proto = 0x0800": no name in a report stands behind one. */
static bool ends_in_field(struct slice s) {
        enum { FIELD_MAX = 48 };
        size_t n = 0;

        while (n < s.n && n < FIELD_MAX && s.s[s.n - 1 - n] != ' ' && s.s[s.n - 1 - n] != '=')
                n++;
        if (n == 0 || n == s.n || s.s[s.n - 1] == ']')
                return false;
        return s.s[s.n - 1 - n] == '=' || slice_ends(slice_head(s, s.n - n), SLICE(" proto = "));
}

/* The packet that an answer of ICMP's is about, or how much of one is missing: what in a report stands in brackets at
 * the end of a line is a task's number, or words. */
static bool ends_in_packet(struct slice s) {
        static const struct slice before = SLICE("INCOMPLETE "), begin = SLICE("SRC=");

        if (!slice_ends(s, SLICE("]")))
                return false;
        size_t open = s.n;
        while (open > 0 && s.s[open - 1] != '[')
                open--;
        return open > 0 && (slice_ends(slice_head(s, open - 1), before) || slice_starts(slice_from(s, open), begin));
}

static bool is_packet(struct slice text) {
        static const struct slice ends[] = { SLICE("TRUNCATED"), SLICE(" header"), SLICE(" payload"), SLICE(")") };
        const struct slice s = slice_rtrim(text);
        bool packet = false;

        if (!slice_has(slice_head(s, 256), SLICE("OUT=")))
                return false;
        for (size_t i = 0; !packet && i < ARRAY_SIZE(packets); i++)
                packet = has_words(s, packets[i]);
        if (!packet)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(ends); i++)
                if (slice_ends(s, ends[i]))
                        return true;
        return ends_in_field(s) || ends_in_packet(s);
}

/* "<cgroup>,mems_allowed=0-1,global_oom,task_memcg=/,task=x,pid=1,uid=0": what is left of a line that another CPU's
 * came into. Whole it begins with words of the kernel's. */
static bool is_rest_of_cpuset(struct slice text) {
        static const struct slice words = SLICE("mems_allowed");
        struct slice rest = text;

        /* Few lines have the sign. */
        for (size_t at; (at = slice_find_byte(rest, '=')) != SLICE_NPOS;) {
                const struct slice left = slice_head(rest, at);
                const bool is = slice_ends(left, words);
                const char before = is && left.n > words.n ? left.s[left.n - words.n - 1] : '\0';
                rest = slice_from(rest, at + 1);
                size_t n = 0;
                while (n < rest.n && (is_digit(rest.s[n]) || memchr(",-", rest.s[n], 2)))
                        n++;
                if (!is || n == 0 || (before != ',' && before != ' '))
                        continue;
                const struct slice end = slice_rtrim(slice_from(rest, n));
                if (end.n == 0 || slice_starts(end, SLICE("global_oom")) || slice_starts(end, SLICE("oom_memcg=")))
                        return !slice_starts(text, SLICE("oom-kill:constraint=")) && !begins_with_task(text);
        }
        return false;
}

bool begins_with_name(struct slice text) {
        text = slice_rtrim(text);
        if (text.n == 0)
                return false;
        return ends_as(text, SLICE(": Fixing fullspeed to highspeed"), SLICE(" interval: # -> #")) ||
               ends_as(text, SLICE(": potentially unexpected fatal"), SLICE(" signal #.")) || is_packet(text) ||
               is_rest_of_cpuset(text);
}

/* "i915 0000:00:02.0: " */
static bool eat_device(struct slice *s) {
        static const char shape[] = "0000:00:00.0: ";
        struct slice b = *s, driver = slice_token(&b, ' ');

        if (driver.n == 0 || driver.n > 16 || b.n < sizeof(shape) - 1)
                return false;
        for (size_t i = 0; i < driver.n; i++)
                if (!is_digit(driver.s[i]) && driver.s[i] != '_' && (driver.s[i] < 'a' || driver.s[i] > 'z'))
                        return false;
        for (size_t i = 0; i < sizeof(shape) - 1; i++)
                if (shape[i] == '0' ? !is_digit(b.s[i]) && (b.s[i] < 'a' || b.s[i] > 'f') : b.s[i] != shape[i])
                        return false;
        *s = slice_from(b, sizeof(shape) - 1);
        return true;
}

/* "[drm] ", "[drm:func [mod]] " */
static bool eat_drm(struct slice *s) {
        struct slice b = *s;

        if (!slice_eat(&b, SLICE("[drm")))
                return false;
        if (!slice_eat(&b, SLICE("] "))) {
                size_t end = slice_find(b, SLICE("] "));
                if (!slice_starts(b, SLICE(":")) || end == SLICE_NPOS)
                        return false;
                b = slice_from(b, end + 2);
        }
        *s = b;
        return true;
}

struct slice after_driver(struct slice text) {
        struct slice s = slice_trim(text);

        eat_device(&s);
        eat_drm(&s);
        slice_eat(&s, SLICE("*ERROR* "));
        return s;
}

/* What stands behind the count: "PREEMPT SMP KASAN", "PREEMPT(full)", ":". */
static bool is_configuration(struct slice s) {
        for (size_t i = 0; i < s.n; i++)
                if (is_digit(s.s[i]) || memchr("[]'\"/<>=", s.s[i], 9))
                        return false;
        return true;
}

/* What traps are called at the start of the line, in the trees from 5.10 to 7.2 and before; "0" is an error code alone.
 */
static bool begins_with_trap(struct slice s) {
        static const struct slice names[] = {
                SLICE("Oops"),
                SLICE("Internal error: "),
                SLICE("general protection"),
                SLICE("int3"),
                SLICE("invalid opcode"),
                SLICE("invalid_op"),
                SLICE("divide error"),
                SLICE("divide_error"),
                SLICE("stack segment"),
                SLICE("stack guard"),
                SLICE("stack_segment"),
                SLICE("double fault"),
                SLICE("alignment check"),
                SLICE("Bad pagetable"),
                SLICE("control protection"),
                SLICE("kernel stack overflow"),
                SLICE("simd "),
                SLICE("fpu "),
                SLICE("debug"),
                SLICE("coprocessor "),
                SLICE("invalid TSS"),
                SLICE("segment not present"),
                SLICE("bounds"),
                SLICE("overflow"),
                SLICE("machine check"),
                SLICE("device not available"),
                SLICE("trap"),
                SLICE("Unable to handle"),
                SLICE("BUG: "),
                SLICE("Kernel "),
                SLICE("kernel "),
                SLICE("Fatal "),
                SLICE("Bad mode"),
                SLICE("undefined "),
                SLICE("Unhandled "),
                SLICE("unhandled "),
                SLICE("SError"),
                SLICE("Asynchronous "),
                SLICE("synchronous "),
        };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (slice_starts(s, names[i]))
                        return true;
        return s.n <= 8 && slice_starts(s, SLICE("0"));
}

struct slice without_length(struct slice s) {
        static const struct slice word = SLICE(" ilc:");
        const size_t n = slice_rtrim(s).n;

        return n > word.n && is_digit(s.s[n - 1]) && slice_ends(slice_head(s, n - 1), word) ?
                       slice_head(s, n - 1 - word.n) :
                       s;
}

/* What s390 calls its traps (arch/s390/kernel/traps.c), whose line alone has a length. */
static bool begins_with_interruption(struct slice s) {
        static const struct slice names[] = {
                SLICE("addressing exception"),
                SLICE("data exception"),
                SLICE("execute exception"),
                SLICE("fixed point "),
                SLICE("HFP "),
                SLICE("illegal operation"),
                SLICE("operand exception"),
                SLICE("privileged operation"),
                SLICE("space switch event"),
                SLICE("special operation exception"),
                SLICE("specification exception"),
                SLICE("transaction constraint exception"),
                SLICE("translation exception"),
                SLICE("vector processing exception"),
        };

        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                if (slice_starts(s, names[i]))
                        return true;
        return false;
}

bool is_oops_count(struct slice text, struct slice *what) {
        struct slice s = slice_trim(text), ignored;
        uint64_t number;
        size_t at = slice_find(slice_head(s, 160), SLICE("[#"));

        if (at == SLICE_NPOS || at < 5)
                return false;
        struct slice rest = slice_from(s, at + 2);
        if (!slice_eat_u64(&rest, &number) || !slice_eat(&rest, SLICE("]")) || !is_configuration(rest) ||
            begins_with_task(s))
                return false;
        const struct slice whole = slice_rtrim(slice_head(s, at));
        s = without_length(whole);
        if (!begins_with_trap(s) && !(s.n < whole.n && begins_with_interruption(s)))
                return false;
        what = what ? what : &ignored;
        *what = s;
        if (slice_starts(s, SLICE("Oops")) && slice_find(s, SLICE(": ")) == SLICE_NPOS)
                return true;
        if (!slice_eat(&s, SLICE("Oops: ")))
                slice_eat(&s, SLICE("Internal error: "));
        size_t digits = 0;
        while (digits < s.n &&
               (is_digit(s.s[s.n - 1 - digits]) || (s.s[s.n - 1 - digits] >= 'a' && s.s[s.n - 1 - digits] <= 'f')))
                digits++;
        struct slice head = slice_head(s, s.n - digits);
        if (digits < 1 || digits > 16)
                return false;
        if (head.n == 0)
                return true;
        if (!slice_ends(head, SLICE(": ")) && !slice_ends(head, SLICE(", sig: ")))
                return false;
        *what = slice_head(head, head.n - 2);
        return what->n > 0 && slice_find(*what, SLICE(": ")) == SLICE_NPOS;
}
