/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <stdio.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "source/kmsg.h"

static int unescape(struct buffer *b, struct slice s) {
        static const char digits[] = "0123456789abcdef";

        b->size = 0;
        int e = buffer_reserve(b, s.n + 1);
        for (size_t i = 0; e == 0 && i < s.n; i++) {
                const char *high = i + 3 < s.n && s.s[i] == '\\' && s.s[i + 1] == 'x' && s.s[i + 2] ?
                                           strchr(digits, s.s[i + 2]) :
                                           NULL;
                const char *low = high && s.s[i + 3] ? strchr(digits, s.s[i + 3]) : NULL;

                b->data[b->size++] =
                        low ? (char) (unsigned char) ((size_t) (high - digits) << 4 | (size_t) (low - digits)) : s.s[i];
                i += low ? 3 : 0;
        }
        return e;
}

/* ",caller=T123" among the flags. */
static uint32_t caller_of(struct slice flags) {
        uint64_t id;
        size_t at = slice_find(flags, SLICE("caller="));

        if (at == SLICE_NPOS)
                return CALLER_NONE;
        struct slice s = slice_from(flags, at + strlen("caller="));
        const bool cpu = slice_starts(s, SLICE("C"));
        s = slice_from(s, 1);
        if (!slice_eat_u64(&s, &id) || id >= UINT32_MAX / 4)
                return CALLER_NONE;
        return cpu ? CALLER_CPU((uint32_t) id) : CALLER_TASK((uint32_t) id);
}

/* Does another boot's record come? Numbers and the clock begin anew; those that are little before the last ones are of
 * a datagram that came late. */
static bool is_next_boot(const struct kmsg *k, uint64_t sequence, uint64_t us) {
        const uint64_t far = 64, second = 1000000;

        return k->copied && k->us > second && us < k->us - second &&
               (sequence == 0 || (k->next > far && sequence < k->next - far));
}

/* What is no record is skipped: the further lines, and whatever else. */
static int take(struct kmsg *k, struct slice line) {
        const struct slice whole = line;
        struct source_info *info = scan_source(k->scan, k->source);
        uint64_t priority, sequence, us;
        struct record r = { .boot = k->boot, .source = k->source };
        bool hit;

        if (line.n == 0 || is_blank(line.s[0]))
                return 0;
        if (!slice_eat_u64(&line, &priority) || !slice_eat(&line, SLICE(",")) || !slice_eat_u64(&line, &sequence) ||
            !slice_eat(&line, SLICE(",")) || !slice_eat_u64(&line, &us) || !slice_eat(&line, SLICE(",")))
                return 0;
        const struct slice flags = slice_token(&line, ';');
        r.caller = caller_of(flags);
        r.goes_on = slice_starts(flags, SLICE("c"));
        r.origin = priority >> 3 ? ORIGIN_USERSPACE : ORIGIN_KERNEL;
        r.time = (struct stamp){ .has_mono = true, .mono_us = us };
        if (sequence < k->known)
                return 0;
        if (is_next_boot(k, sequence, us)) {
                int e = scan_text_boot(k->scan, k->source, whole, &k->boot);
                if (e < 0)
                        return e;
                r.boot = k->boot;
                k->next = 0;
        }
        k->us = us;
        r.number = ++info->entries;

        /* Numbers begin at 0: what was overwritten before we came is lost too. */
        if (sequence > k->next) {
                int e = scan_lost(k->scan, k->source, k->boot, sequence - k->next, &r.time);
                if (e < 0)
                        return e;
        }
        k->next = sequence < UINT64_MAX ? sequence + 1 : sequence;

        int e = unescape(&k->message, line);
        if (e < 0)
                return e;
        r.message = buffer_all(&k->message);
        info->bytes += r.message.n;
        scan_boot(k->scan, k->boot)->records++;
        if (!scan_wants(k->scan, r.message, k->boot, &hit)) {
                boot_seen(scan_boot(k->scan, k->boot), &r.time);
                return 0;
        }
        return scan_record(k->scan, &r, hit, &k->boot);
}

static bool read_id(const char *path, char ret[static 33]) {
        FILE *f = fopen(path, "re");
        size_t n = 0;

        for (int c; f && n < 32 && (c = fgetc(f)) != EOF;)
                if (c != '-')
                        ret[n++] = (char) c;
        if (f)
                fclose(f);
        ret[n] = '\0';
        return n == 32 && strspn(ret, "0123456789abcdef") == 32;
}

/* The device is of this boot of this machine: the same ids as in the journal's. */
int kmsg_name_boot(struct kmsg *k) {
        struct utsname u;
        char id[33];

        if (!read_id("/proc/sys/kernel/random/boot_id", id))
                return scan_text_boot(k->scan, k->source, SLICE("/dev/kmsg"), &k->boot);
        int e = scan_find_boot(k->scan, id, k->source, &k->boot);
        if (e < 0)
                return e;
        struct boot *b = scan_boot(k->scan, k->boot);
        if (!*b->machine && !read_id("/etc/machine-id", b->machine))
                *b->machine = '\0';
        if (!b->host && uname(&u) == 0 && !(b->host = arena_dup(&b->arena, slice_of(u.nodename))))
                return -ENOMEM;
        return 0;
}

/* One record a read; EPIPE says that records were overwritten, and the next number how many. */
int kmsg_read_device(struct kmsg *k, int fd, uint64_t max) {
        char record[8192];

        for (; max > 0; max--) {
                ssize_t n = read(fd, record, sizeof(record));
                if (n < 0 && (errno == EINTR || errno == EPIPE))
                        continue;
                if (n < 0 && errno == EAGAIN)
                        return 0;
                if (n < 0) {
                        int e = -errno;
                        log_error("reading %s failed: %s%s", k->name, strerror(-e),
                                  e == -EPERM ? " (it needs root or CAP_SYSLOG)" : "");
                        return e;
                }
                if (n == 0)
                        return 0;
                struct slice rest = { record, (size_t) n };
                while (rest.n) {
                        int e = take(k, slice_token(&rest, '\n'));
                        if (e < 0)
                                return e;
                }
        }
        return 1;
}

static int read_copy(struct kmsg *k, struct input *in) {
        _cleanup_(line_reader_done) struct line_reader r = { .in = in };
        struct slice line;
        int e;

        while ((e = line_reader_next(&r, &line)) > 0) {
                e = take(k, line);
                if (e < 0)
                        return e;
        }
        if (e < 0)
                log_error("reading %s failed after %llu bytes: %s", in->name, (unsigned long long) r.bytes,
                          input_error(in, e));
        return e;
}

void kmsg_done(struct kmsg *k) {
        buffer_done(&k->message);
}

int source_kmsg(struct scan *s, struct input *in, const struct source_options *o _unused_) {
        _cleanup_(kmsg_done) struct kmsg k = { .scan = s, .name = in->name };
        const bool device = in->head.size == 0 && !in->read;
        k.copied = !device;
        int e = scan_add_source(s, in->name, "kmsg", &k.source);

        if (e == 0) {
                struct slice beginning;
                e = device ? kmsg_name_boot(&k) : input_beginning(in, &beginning);
                if (e == 0 && !device)
                        e = scan_text_boot(s, k.source, beginning, &k.boot);
        }
        if (e < 0)
                return log_oom();
        e = device ? kmsg_read_device(&k, in->fd, UINT64_MAX) : read_copy(&k, in);
        int e2 = scan_end_source(s, k.source);
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        if (e < 0)
                scan_source(s, k.source)->complete = false;
        if (e == 0 && scan_source(s, k.source)->entries == 0) {
                log_error("%s holds no message", in->name);
                return -ENODATA;
        }
        return e < 0 ? e : e2;
}
