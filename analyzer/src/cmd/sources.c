/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/sources.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/log.h"
#include "base/macros.h"
#include "base/time_argument.h"

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

static int set_size(void *to, const char *arg, const struct cmd_option *o) {
        static const char units[] = "KMGT";
        struct slice rest = slice_of(arg);
        uint64_t n = 0;
        unsigned shift = 0;
        const bool number = slice_eat_u64(&rest, &n);

        if (rest.n == 1 && strchr(units, rest.s[0]))
                shift = 10 * (unsigned) (strchr(units, rest.s[0]) - units + 1);
        if (number && n > 0 && rest.n == (shift > 0) && n <= UINT64_MAX >> shift) {
                *(uint64_t *) to = n << shift;
                return 0;
        }
        log_error("--%s takes a number of bytes, optionally with the suffix K, M, G or T, not \"%s\"", o->name, arg);
        return -EINVAL;
}

static bool parse_when(const char *arg, const struct cmd_option *o, uint64_t *ret) {
        if (time_argument_parse(arg, ret))
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
        { 'D', "directory", "DIR", "read the journals in DIR, and only these if there are any", set_text,
          .at = offsetof(struct sources, folder) },
        { 'b', "boot", "BOOT", "read one boot only: 0 or no BOOT is the last, -1 the one before it; or a boot ID",
          set_boot, .at = offsetof(struct sources, options.boot), .optional = true, .may_follow = is_boot },
        { 0, "since", "TIME", "read journal entries from TIME on (as in journalctl)", set_since,
          .at = offsetof(struct sources, options) },
        { 0, "until", "TIME", "read journal entries up to TIME", set_until, .at = offsetof(struct sources, options) },
        { 'j', "threads", "N", "read with N threads (default: the number of CPUs, 8 at most)", set_threads,
          .at = offsetof(struct sources, options.threads) },
        { 0, "every-entry", NULL, "read each journal entry through libsystemd; by default files are searched first",
          set_flag, .at = offsetof(struct sources, options.every_entry) },
        { 0, "max-unpacked", "SIZE", "read an archive up to SIZE unpacked bytes (K, M, G, T; default: 16G)", set_size,
          .at = offsetof(struct sources, options.max_unpacked) },
        {},
};

bool input_is_piped(void) {
        struct stat st;

        return fstat(STDIN_FILENO, &st) == 0 && (S_ISFIFO(st.st_mode) || S_ISREG(st.st_mode) || S_ISSOCK(st.st_mode));
}
