/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "source/json_author.h"

#include <ctype.h>
#include <strings.h>

#include "base/macros.h"
#include "base/slice.h"

enum evidence {
        EVIDENCE_NONE,
        EVIDENCE_TRANSPORT,
        EVIDENCE_FACILITY,
        EVIDENCE_PRIORITY,
        EVIDENCE_NAME,
        EVIDENCE_PROCESS
};

/* Names of members without their case and what divides their words: "log.syslog.facility.code" of the Elastic schema
 * comes as objects in objects, and counts by its last two words. */
static const struct {
        const char *name;
        enum evidence evidence;
} members[] = {
        { "transport", EVIDENCE_TRANSPORT },
        { "journaltransport", EVIDENCE_TRANSPORT },
        { "journaldtransport", EVIDENCE_TRANSPORT },
        { "facility", EVIDENCE_FACILITY },
        { "facilitycode", EVIDENCE_FACILITY },
        { "facilityname", EVIDENCE_FACILITY },
        { "facilitylabel", EVIDENCE_FACILITY },
        { "facilitynum", EVIDENCE_FACILITY },
        { "syslogfacility", EVIDENCE_FACILITY },
        { "syslogfacilitycode", EVIDENCE_FACILITY },
        { "pri", EVIDENCE_PRIORITY },
        { "priority", EVIDENCE_PRIORITY },
        { "syslogpri", EVIDENCE_PRIORITY },
        { "syslogpriority", EVIDENCE_PRIORITY },
        { "syslogidentifier", EVIDENCE_NAME },
        { "ident", EVIDENCE_NAME },
        { "tag", EVIDENCE_NAME },
        { "program", EVIDENCE_NAME },
        { "programname", EVIDENCE_NAME },
        { "appname", EVIDENCE_NAME },
        { "syslogtag", EVIDENCE_NAME },
        { "processname", EVIDENCE_NAME },
        { "_pid", EVIDENCE_PROCESS },
        { "_uid", EVIDENCE_PROCESS },
        { "_comm", EVIDENCE_PROCESS },
        { "_exe", EVIDENCE_PROCESS },
        { "journalduid", EVIDENCE_PROCESS },
        { "journaldpid", EVIDENCE_PROCESS },
};

/* What was found, the strongest first. */
struct found {
        enum author by[EVIDENCE_PROCESS + 1];
};

/* "_TRANSPORT" after "journald": "journaldtransport". out holds NAME_MAX_ + 1. */
enum { NAME_MAX_ = 63 };
static void plain_name(const char *outer, const char *name, char *out) {
        size_t n = 0;

        for (const char *part = outer; part; part = part == name ? NULL : name)
                for (const char *p = part; *p && n < NAME_MAX_; p++)
                        if (isalnum((unsigned char) *p))
                                out[n++] = (char) tolower((unsigned char) *p);
        out[n] = '\0';
}

static enum evidence evidence_of(const char *outer, const char *name) {
        char alone[NAME_MAX_ + 1], with[NAME_MAX_ + 1];

        plain_name(name, name, alone);
        plain_name(outer, name, with);
        for (size_t i = 0; i < ARRAY_SIZE(members); i++)
                if (strcmp(members[i].name, alone) == 0 || strcmp(members[i].name, with) == 0 ||
                    (members[i].name[0] == '_' && strcasecmp(members[i].name, name) == 0))
                        return members[i].evidence;
        return EVIDENCE_NONE;
}

/* "kernel", "kernel:", "kern.info", "syslog.kern": the whole word, for a program may be called "kernel2" or "kernel ".
 */
static bool names_kernel(struct slice s) {
        if (slice_ends(s, SLICE(":")))
                s.n--;
        while (s.n) {
                struct slice word = slice_token(&s, '.');
                if (slice_eq(word, SLICE("kernel")) || slice_eq(word, SLICE("kern")))
                        return true;
        }
        return false;
}

/* Syslog's priority, "pri":"12", has the facility in its upper bits. Below 8 it may be a level alone, as journald's. */
static void take_priority(struct found *f, struct slice s) {
        enum { LEVELS = 8, LARGEST = 191 };
        uint64_t n;

        if (slice_eat_u64(&s, &n) && s.n == 0 && n <= LARGEST)
                f->by[EVIDENCE_PRIORITY] = n < LEVELS ? AUTHOR_KERNEL : AUTHOR_PROCESS;
}

/* What the priority says. Where the facility is said by itself, a priority may be anything. */
static enum author author_by_priority(const struct found *f, struct json_priorities *p) {
        const enum author by = f->by[EVIDENCE_PRIORITY];

        if (f->by[EVIDENCE_FACILITY] != AUTHOR_UNSAID || f->by[EVIDENCE_NAME] == AUTHOR_PROCESS ||
            f->by[EVIDENCE_PROCESS] == AUTHOR_PROCESS)
                return AUTHOR_UNSAID;
        if (!p->learned) {
                p->kernels += by == AUTHOR_KERNEL;
                p->others += by == AUTHOR_PROCESS;
                return AUTHOR_UNSAID;
        }
        return by == AUTHOR_PROCESS && p->kernels > p->others ? AUTHOR_PROCESS : AUTHOR_UNSAID;
}

static void take_member(struct found *f, enum evidence evidence, struct json_object *v) {
        struct slice s = { json_object_get_string(v), strlen(json_object_get_string(v)) };
        const bool number = json_object_is_type(v, json_type_int);
        bool kernel;

        if (evidence == EVIDENCE_PRIORITY) {
                take_priority(f, s);
                return;
        }
        if (number || (s.n && s.n < 4 && is_digit(s.s[0])))
                kernel = evidence == EVIDENCE_FACILITY && json_object_get_int64(v) == 0;
        else if (!json_object_is_type(v, json_type_string) || s.n == 0)
                return;
        else
                kernel = names_kernel(s) ||
                         (evidence == EVIDENCE_FACILITY &&
                          (strncasecmp(s.s, "kern", 4) == 0 && (s.n == 4 || strncasecmp(s.s, "kernel", 6) == 0)));
        if (evidence == EVIDENCE_PROCESS)
                kernel = false;
        f->by[evidence] = json_author_within(f->by[evidence], kernel ? AUTHOR_KERNEL : AUTHOR_PROCESS);
}

static void take_members(struct found *f, struct json_object *o, const char *outer,
                         bool (*has_line)(struct json_object *o), unsigned depth) {
        enum { DEPTH_MAX = 6 };

        json_object_object_foreach(o, name, v) {
                if (json_object_is_type(v, json_type_object)) {
                        if (depth < DEPTH_MAX && !has_line(v))
                                take_members(f, v, name, has_line, depth + 1);
                        continue;
                }
                const enum evidence evidence = evidence_of(outer, name);
                if (evidence != EVIDENCE_NONE && !json_object_is_type(v, json_type_array))
                        take_member(f, evidence, v);
        }
}

enum author json_author(struct json_object *o, bool (*has_line)(struct json_object *o), struct json_priorities *p) {
        struct found f = {};

        take_members(&f, o, "", has_line, 0);
        /* Journald sets the transport, and the kernel's records may name the process that asked for them. */
        if (f.by[EVIDENCE_TRANSPORT] != AUTHOR_UNSAID)
                return f.by[EVIDENCE_TRANSPORT];
        f.by[EVIDENCE_PRIORITY] = author_by_priority(&f, p);
        for (size_t i = EVIDENCE_FACILITY; i <= EVIDENCE_PROCESS; i++)
                if (f.by[i] == AUTHOR_PROCESS)
                        return AUTHOR_PROCESS;
        return f.by[EVIDENCE_FACILITY] == AUTHOR_KERNEL || f.by[EVIDENCE_NAME] == AUTHOR_KERNEL ? AUTHOR_KERNEL :
                                                                                                  AUTHOR_UNSAID;
}

enum author json_author_within(enum author outer, enum author inner) {
        return outer == AUTHOR_PROCESS || inner == AUTHOR_PROCESS ? AUTHOR_PROCESS :
               outer == AUTHOR_KERNEL || inner == AUTHOR_KERNEL   ? AUTHOR_KERNEL :
                                                                    AUTHOR_UNSAID;
}
