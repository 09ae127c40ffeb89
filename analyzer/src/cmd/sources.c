/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/sources.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "cmd/time_argument.h"

/* "0", "-1", or an id of 32 hex digits: as in journalctl, -b's argument may be the next word. */
static bool is_boot(const char *word) {
        struct slice s = slice_of(word);
        uint64_t n;

        slice_eat(&s, SLICE("-"));
        if (s.n == 32)
                return strspn(s.s, "0123456789abcdef") == 32;
        return slice_eat_u64(&s, &n) && s.n == 0;
}

static int set_boot(void *to, const char *arg, const struct cmd_option *o) {
        (void) o;
        *(const char **) to = arg ? arg : "0";
        return 0;
}

static int set_threads(void *to, const char *arg, const struct cmd_option *o) {
        struct slice rest = slice_of(arg);
        uint64_t n;

        (void) o;
        if (slice_eat_u64(&rest, &n) && rest.n == 0 && n >= 1 && n <= 64) {
                *(unsigned *) to = (unsigned) n;
                return 0;
        }
        log_error("-j takes a number of threads from 1 to 64, not \"%s\"", arg);
        return -EINVAL;
}

static bool parse_when(const char *arg, const struct cmd_option *o, uint64_t *ret) {
        if (when_parse(arg, ret))
                return true;
        log_error("--%s cannot read the time \"%s\"; write 2026-11-23 10:00:00, @seconds, today, or -2h", o->name, arg);
        return false;
}

static int set_since(void *to, const char *arg, const struct cmd_option *o) {
        struct source_options *s = to;

        s->has_since = parse_when(arg, o, &s->since_us);
        return s->has_since ? 0 : -EINVAL;
}

static int set_until(void *to, const char *arg, const struct cmd_option *o) {
        struct source_options *s = to;

        s->has_until = parse_when(arg, o, &s->until_us);
        return s->has_until ? 0 : -EINVAL;
}

const struct cmd_option sources_options[] = {
        { 'D', "directory", "DIR", "read the journals in DIR", set_text, .at = offsetof(struct sources, folder) },
        { 'b', "boot", "BOOT", "this boot only: 0 or none the last, -1 the one before, or a boot's id", set_boot,
          .at = offsetof(struct sources, options.boot), .optional = true, .may_follow = is_boot },
        { 0, "since", "TIME", "journal entries from TIME on (as in journalctl)", set_since, .at = offsetof(struct sources, options) },
        { 0, "until", "TIME", "journal entries up to TIME", set_until, .at = offsetof(struct sources, options) },
        { 'j', "threads", "N", "read N journal files at once (default: as many as there are CPUs)", set_threads,
          .at = offsetof(struct sources, options.threads) },
        {},
};

int sources_read(struct scan *s, const struct sources *from, const struct words *names) {
        int e, bad = 0;

        if (from->folder && (e = source_read(s, from->folder, &from->options)) < 0)
                bad = e;
        for (size_t i = 0; i < names->n; i++)
                if ((e = source_read(s, names->items[i], &from->options)) < 0)
                        bad = e;
        if (!from->folder && names->n == 0 && (e = source_read(s, "journal", &from->options)) < 0)
                bad = e;
        return bad;
}
