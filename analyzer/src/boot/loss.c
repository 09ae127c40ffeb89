/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/loss.h"

#include "base/macros.h"

enum { HOST_MAX = 65 };

/* "systemd-journald[1]: /dev/kmsg buffer overrun, some messages lost.", "systemd-journald[1]: Missed 12 kernel
 * messages", "rsyslogd: imjournal: 12 messages lost due to rate-limiting". */
static bool is_loss(struct slice s, uint64_t *n) {
        uint64_t ignored;

        *n = 1;
        if (slice_eat(&s, SLICE("systemd-journald["))) {
                if (!slice_eat_u64(&s, &ignored) || !slice_eat(&s, SLICE("]: ")))
                        return false;
                if (slice_eat(&s, SLICE("Missed ")))
                        return slice_eat_u64(&s, n) && slice_starts(s, SLICE(" kernel messages"));
                return slice_starts(s, SLICE("/dev/kmsg buffer overrun"));
        }
        if (!slice_eat(&s, SLICE("rsyslogd")))
                return false;
        s = slice_from(s, slice_find(s, SLICE(": ")));
        return slice_eat(&s, SLICE(": ")) &&
               (slice_eat(&s, SLICE("imjournal: ")) || slice_eat(&s, SLICE("imklog: ")) ||
                slice_eat(&s, SLICE("imkmsg: "))) &&
               slice_eat_u64(&s, n) && slice_starts(s, SLICE(" messages lost"));
}

/* "[12B blob data]", in place of a message of the kernel's: journalctl's texts hold back one that a byte of a user's
 * string makes unprintable, and it may have been a report's. */
static bool is_held_back(const struct line *l) {
        struct slice s = slice_trim(l->text);
        uint64_t ignored;

        return l->origin != ORIGIN_USERSPACE && !l->stray && slice_eat(&s, SLICE("[")) && slice_eat_u64(&s, &ignored) &&
               slice_eq(s, SLICE("B blob data]"));
}

bool loss_said(const struct line *l, uint64_t *n) {
        static const struct slice tags[] = { SLICE("systemd-journald["), SLICE("rsyslogd") };
        const size_t prefix = (size_t) (l->text.s - l->raw.s);

        if (!l->record->console || l->continues)
                return false;
        if (is_loss(slice_ltrim(l->text), n))
                return true;
        if (is_held_back(l)) {
                *n = 1;
                return true;
        }
        /* A program's tag may have been taken for a part of the prefix. */
        if (l->origin != ORIGIN_USERSPACE && !l->stray)
                return false;
        for (size_t i = 0; i < ARRAY_SIZE(tags); i++) {
                const size_t at = slice_find(l->raw, tags[i]);
                if (at != SLICE_NPOS && at <= prefix + HOST_MAX && is_loss(slice_from(l->raw, at), n))
                        return true;
        }
        return false;
}
