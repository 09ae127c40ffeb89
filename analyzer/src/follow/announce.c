/* SPDX-License-Identifier: LGPL-2.1-or-later */
#define SD_JOURNAL_SUPPRESS_LOCATION /* where this stands in our code says nothing of the finding */
#include "follow/announce.h"

#include <errno.h>
#include <syslog.h>
#include <systemd/sd-journal.h>

#include "base/log.h"
#include "base/utf8.h"
#include "judge/judge.h"
#include "output/topic.h"

static int priority(const struct finding *f) {
        static const int of_severity[] = {
                [SEVERITY_LOW] = LOG_NOTICE,
                [SEVERITY_MEDIUM] = LOG_WARNING,
                [SEVERITY_HIGH] = LOG_ERR,
                [SEVERITY_CRITICAL] = LOG_CRIT,
        };

        if (f->injected == INJECTED_YES || f->relevance == RELEVANCE_UNRELATED || f->origin == ORIGIN_USERSPACE)
                return LOG_NOTICE;
        return of_severity[f->severity];
}

int announce_finding(const struct scan *s, const struct finding *f) {
        struct buffer title = {};
        int e = utf8_add_shown(&title, slice_of(f->title));

        if (e == 0)
                e = sd_journal_send("MESSAGE=%.*s%s%s%s%s", (int) title.size, title.data ? title.data : "",
                                    f->rule ? " (rule " : "", f->rule ? f->rule : "", f->rule ? ")" : "",
                                    f->injected == INJECTED_YES ? ", injected" : "", "PRIORITY=%d", priority(f),
                                    "MESSAGE_ID=%s", topic_message_id(f), "VMLIFE_ID=%s", f->id, "VMLIFE_SIGNATURE=%s",
                                    f->signature, "VMLIFE_DETECTOR=%s", f->detector, "VMLIFE_KIND=%s", f->kind,
                                    "VMLIFE_RULE=%s", f->rule ? f->rule : "", "VMLIFE_RELEVANCE=%s",
                                    relevance_name(f->relevance), "VMLIFE_INJECTED=%d", f->injected == INJECTED_YES,
                                    "VMLIFE_BOOT_ID=%s", scan_boot(s, f->boot)->id, NULL);
        buffer_done(&title);
        if (e < 0)
                log_warning("%s could not be written to the journal: %s", f->id, strerror(-e));
        return e;
}
