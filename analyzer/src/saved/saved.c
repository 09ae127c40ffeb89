/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/saved.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/checked_json.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "saved/convert.h"
#include "saved/elements.h"
#include "saved/json.h"
#include "source/input.h"

/* The versions of the report that can be read: this one and those before it. What a version lacks is not there, as
 * each reader of a key allows for. */
static const char *const schemas[] = { REPORT_SCHEMA };

/* Numbers in a report that are places of an array; more than any has. */
enum { PLACES_MAX = 1 << 20 };

/* What a boot of the report, by its number there, has become. */
struct seat {
        uint32_t boot; /* index into scan.boots */
        bool taken;    /* there is one */
        bool has_verdict;
};

/* A finding of the report that belongs to a group. */
struct grouped {
        struct finding *finding;
        char group[ID_CHARS + 1];
};

/* A report while it is read. */
struct reader {
        struct saved *saved;
        const char *name;
        struct saved_report *report;
        bool has_schema, has_summary, lines;
        struct seat *seats;
        size_t n_seats;
        struct grouped *members;
        size_t n_members, room;
        uint64_t last_source; /* the highest number + 1 that boots and findings name */
        size_t first_finding; /* of this report, index into the store */
        struct arena words;   /* of elements that are no boots or findings */
};

static void reader_done(struct reader *r) {
        free(r->seats);
        free(r->members);
        arena_free(&r->words);
}

void saved_done(struct saved *s) {
        scan_done(&s->scan);
        file_set_done(&s->given);
        table_done(&s->ids);
        table_done(&s->events);
        for (size_t i = 0; i < s->n_reports; i++) {
                free(s->reports[i].name);
                free(s->reports[i].version);
        }
        free(s->reports);
        arena_free(&s->words);
        *s = (struct saved){};
}

static uint64_t hash_id(const char *id) {
        return hash_slice(HASH_START, slice_of(id));
}

static bool is_id(const void *item, const void *key) {
        return strcmp(((const struct finding *) item)->id, key) == 0;
}

static struct finding *find_id(const struct saved *s, const char *id) {
        return table_get(&s->ids, hash_id(id), is_id, id);
}

struct event_key {
        const char *id;
        uint32_t boot;
};

static uint64_t hash_event(const char *id, uint32_t boot) {
        return hash_u64(hash_id(id), boot);
}

static bool is_event(const void *item, const void *key) {
        const struct finding *f = item;
        const struct event_key *e = key;

        return f->boot == e->boot && strcmp(f->id, e->id) == 0;
}

/* In reports of versions that had no log_id, boots of logs that begin alike are several, and their events have the same
 * ids. */
static struct finding *find_event(const struct saved *s, const char *id, uint32_t boot) {
        return table_get(&s->events, hash_event(id, boot), is_event, &(struct event_key){ .id = id, .boot = boot });
}

static int remember(struct saved *s, struct finding *f) {
        int e = find_id(s, f->id) ? 0 : table_add(&s->ids, hash_id(f->id), f);

        return e < 0 ? e : table_add(&s->events, hash_event(f->id, f->boot), f);
}

static void forget(struct saved *s, struct finding *f) {
        table_remove(&s->ids, hash_id(f->id), f);
        table_remove(&s->events, hash_event(f->id, f->boot), f);
}

static struct reading reading_of(struct reader *r, const char *element, uint64_t index, struct arena *arena) {
        return (struct reading){ .report = r->name, .element = element, .index = index, .arena = arena };
}

/* --- schema, tool, summary --- */

static int take_schema(struct reader *r, uint64_t index, struct json_object *v) {
        const char *is = json_object_get_type(v) == json_type_string ? json_object_get_string(v) : "";

        (void) index;
        for (size_t i = 0; i < ARRAY_SIZE(schemas); i++)
                if (strcmp(is, schemas[i]) == 0) {
                        r->has_schema = true;
                        return 0;
                }
        if (strncmp(is, "vmlife-report/", strlen("vmlife-report/")) == 0)
                log_error("%s has the schema %s, this vmlife reads up to %s: read it with the vmlife that wrote it, or "
                          "a newer one",
                          r->name, is, REPORT_SCHEMA);
        else
                log_error("%s is not a report of vmlife: its schema is \"%s\"", r->name, is);
        return -EBADMSG;
}

static int take_tool(struct reader *r, uint64_t index, struct json_object *v) {
        struct reading in = reading_of(r, "tool", index, &r->words);

        if (json_object_get_type(v) != json_type_object)
                reading_fail(&in, "it", "is not an object");
        const char *version = read_text(&in, v, "version");
        if (version && !r->report->version) {
                r->report->version = strdup(version);
                if (!r->report->version)
                        reading_oom(&in);
        }
        return in.error;
}

/* NDJSON's first line. */
static int take_head(struct reader *r, uint64_t index, struct json_object *v) {
        struct json_object *schema = NULL, *tool = NULL;

        json_object_object_get_ex(v, "schema", &schema);
        int e = take_schema(r, index, schema);
        return e == 0 && json_object_object_get_ex(v, "tool", &tool) ? take_tool(r, index, tool) : e;
}

static bool same_question(const struct question *a, const struct question *b) {
        return a->fail_on == b->fail_on && a->fail_severity == b->fail_severity && focus_same(&a->focus, &b->focus) &&
               a->only_new == b->only_new && a->has_require == b->has_require &&
               a->require_origin == b->require_origin && memcmp(a->require, b->require, sizeof(a->require)) == 0;
}

static int take_summary(struct reader *r, uint64_t index, struct json_object *v) {
        struct reading in = reading_of(r, "summary", index, &r->saved->words);
        struct question q;

        convert_question(&in, read_object(&in, v, "asked"), &q);
        if (in.error == 0 && r->saved->n_reports > 1 && !same_question(&q, &r->saved->scan.question))
                log_warning("%s was made with other --fail-on or --require options than the report before it: their "
                            "verdicts are not comparable",
                            r->name);
        r->saved->scan.question = q;
        r->has_summary = true;
        return in.error;
}

/* --- sources --- */

static int add_source(struct reader *r, const char *name, const char *type) {
        uint32_t at;

        if (r->report->n_sources == PLACES_MAX)
                return -EBADMSG;
        if (scan_add_source(&r->saved->scan, name, type, &at) < 0)
                return log_oom();
        r->report->n_sources++;
        return 0;
}

static int take_source(struct reader *r, uint64_t index, struct json_object *v) {
        struct reading in = reading_of(r, "sources", index, &r->words);

        /* In a line, "type" is the line's. */
        int type = read_choice(&in, v, r->lines ? "source_type" : "type", source_types, (int) n_source_types);
        int e = in.error == 0 ? add_source(r, "", source_types[MAX(type, 0)]) : in.error;
        if (e < 0)
                return e;
        struct source_info *s = scan_source(&r->saved->scan, r->saved->scan.n_sources - 1);
        in.arena = &s->arena;
        convert_source(&in, v, s);
        return in.error;
}

/* The place that a report's number for a source has here; whether it is there is seen at the end. A part of the lines
 * of a report is one too, and so is what follow writes: what they come from has the report's name then. */
static int place_source(struct reader *r, struct reading *in, uint64_t number, uint32_t *ret) {
        if (number >= PLACES_MAX)
                reading_fail(in, "source", "is a number beyond any that there can be");
        while (r->lines && in->error == 0 && r->report->n_sources <= number)
                if (add_source(r, r->name, "journal") < 0)
                        in->error = -ENOMEM;
        r->last_source = MAX(r->last_source, number + 1);
        *ret = r->report->source + (uint32_t) number;
        return in->error;
}

/* --- boots --- */

static int seat_of(struct reader *r, struct reading *in, uint64_t number, struct seat **ret) {
        if (number >= PLACES_MAX) {
                reading_fail(in, "boot", "is a number beyond any that there can be");
                return in->error;
        }
        if (number >= r->n_seats) {
                size_t n = MAX((size_t) number + 1, r->n_seats * 2);
                struct seat *p = realloc(r->seats, n * sizeof(*p));
                if (!p)
                        return reading_oom(in);
                memset(p + r->n_seats, 0, (n - r->n_seats) * sizeof(*p));
                r->seats = p;
                r->n_seats = n;
        }
        *ret = &r->seats[number];
        return 0;
}

/* A boot that may be known from another report, by its id or by how its text begins. */
static int find_boot(struct reader *r, struct reading *in, const char *id, const char *start, const struct boot *like,
                     uint32_t source, uint32_t *ret) {
        struct scan *s = &r->saved->scan;
        const int e = *id || !*start ? scan_find_boot(s, id, source, ret) :
                                       boots_find_start(&s->boots, start, like, source, ret);

        return e < 0 ? reading_oom(in) : 0;
}

/* Is there more than findings that speak of it? */
static bool is_told(const struct boot *b) {
        return b->first.has_mono || b->first.has_real;
}

/* Takes over what a report says of a boot, where it knows more than another did. told's memory is moved or freed. */
static void settle(struct boot *known, struct boot *told) {
        const bool findings = is_told(known) && known->verdict == VERDICT_FINDINGS;

        if (boot_reads_further(told, known)) {
                struct boot old = *known;
                *known = *told;
                memcpy(known->id, old.id, sizeof(known->id));
                if (*old.start)
                        memcpy(known->start, old.start, sizeof(known->start));
                told->arena = old.arena;
        }
        if (findings)
                known->verdict = VERDICT_FINDINGS;
        arena_free(&told->arena);
}

static int take_boot(struct reader *r, uint64_t index, struct json_object *v) {
        struct boot told = {};
        struct reading in = reading_of(r, "boots", index, &told.arena);
        struct seat *seat = NULL;
        bool has_verdict;

        convert_boot(&in, v, &told, &has_verdict);
        if (in.error < 0 || place_source(r, &in, told.source, &told.source) < 0 || seat_of(r, &in, index, &seat) < 0 ||
            (!seat->taken && find_boot(r, &in, told.id, told.start, &told, told.source, &seat->boot) < 0)) {
                arena_free(&told.arena);
                return in.error;
        }
        seat->taken = true;
        seat->has_verdict = has_verdict;
        settle(r->saved->scan.boots.items[seat->boot], &told);
        return 0;
}

/* --- findings --- */

/* A boot that findings are of, and that the report has not spoken of (yet). */
static int infer_boot(struct reader *r, struct reading *in, const struct finding_place *place, const struct finding *f,
                      uint32_t *ret) {
        const size_t n = r->saved->scan.boots.n;

        int e = find_boot(r, in, place->boot_id, place->log_id, NULL, f->source, ret);
        if (e < 0 || r->saved->scan.boots.n == n)
                return e;
        struct boot *b = r->saved->scan.boots.items[*ret];
        b->release = place->kernel ? arena_dup(&b->arena, slice_of(place->kernel)) : NULL;
        return place->kernel && !b->release ? reading_oom(in) : 0;
}

static int place_boot(struct reader *r, struct reading *in, const struct finding_place *place, struct finding *f) {
        struct seat *seat = NULL;

        /* An id says more than a number: lines of a stream may have come from several runs. */
        if (!place->has_boot || *place->boot_id)
                return infer_boot(r, in, place, f, &f->boot);
        int e = seat_of(r, in, place->boot, &seat);
        if (e == 0 && seat->taken && *place->log_id &&
            strcmp(r->saved->scan.boots.items[seat->boot]->start, place->log_id) != 0)
                return infer_boot(r, in, place, f, &f->boot);
        if (e == 0 && !seat->taken) {
                e = infer_boot(r, in, place, f, &seat->boot);
                seat->taken = e == 0;
        }
        f->boot = e == 0 ? seat->boot : 0;
        return e;
}

static bool later(const struct stamp *a, const struct stamp *b) {
        return a->has_mono && b->has_mono ? a->mono_us > b->mono_us :
                                            a->has_real && b->has_real && a->real_us > b->real_us;
}

/* The same event, told again. */
static void widen(struct finding *known, const struct finding *told) {
        known->count = MAX(known->count, told->count);
        if (later(&known->first, &told->first))
                known->first = told->first;
        if (later(&told->last, &known->last))
                known->last = told->last;
}

static int join_group(struct reader *r, struct finding *f, const char *group) {
        if (r->n_members == r->room) {
                size_t room = MAX(r->room * 2, (size_t) 64);
                struct grouped *p = realloc(r->members, room * sizeof(*p));
                if (!p)
                        return log_oom();
                r->members = p;
                r->room = room;
        }
        r->members[r->n_members].finding = f;
        memcpy(r->members[r->n_members++].group, group, ID_CHARS + 1);
        return 0;
}

static int keep_finding(struct reader *r, struct finding *f, const char *group) {
        struct finding *known = find_event(r->saved, f->id, f->boot);

        r->report->findings++;
        if (known) {
                widen(known, f);
                finding_free(f);
                return 0;
        }
        /* The store owns it from here on, whatever comes. */
        int e = store_keep(&r->saved->scan.store, f);
        if (e < 0 || remember(r->saved, f) < 0)
                return log_oom();
        return *group ? join_group(r, f, group) : 0;
}

static int take_finding(struct reader *r, uint64_t index, struct json_object *v) {
        struct finding *f = calloc(1, sizeof(*f));
        struct finding_place place = {};

        if (!f)
                return log_oom();
        struct reading in = reading_of(r, "findings", index, &f->arena);
        convert_finding(&in, v, f, &place);
        if (in.error < 0 || place_source(r, &in, f->source, &f->source) < 0 || place_boot(r, &in, &place, f) < 0) {
                finding_free(f);
                return in.error;
        }
        return keep_finding(r, f, place.group);
}

/* --- what follow says of a finding later --- */

static void leave_group(struct reader *r, const struct finding *f) {
        size_t n = 0;

        for (size_t i = 0; i < r->n_members; i++)
                if (r->members[i].finding != f)
                        r->members[n++] = r->members[i];
        r->n_members = n;
}

/* The finding that a line is about; NULL: somebody filtered it out. */
static struct finding *subject(struct reader *r, struct reading *in, struct json_object *v) {
        char id[ID_CHARS + 1];

        if (!read_digits(in, v, "id", "", ID_CHARS, id) && in->error == 0)
                reading_fail(in, "id", "is missing");
        return in->error == 0 ? find_id(r->saved, id) : NULL;
}

/* A JSON merge patch, of one level: a finding has no member that is patched inside. */
static int take_update(struct reader *r, uint64_t index, struct json_object *v) {
        struct reading in = reading_of(r, "update", index, &r->words);
        struct finding_place place = {};
        struct finding *f = subject(r, &in, v);

        if (!f)
                return in.error;
        _cleanup_(json_putp) struct json_object *o = json_of_finding(&r->saved->scan, f);
        struct finding *new = calloc(1, sizeof(*new));
        int e = o && new ? 0 : -ENOMEM;
        json_object_object_foreach(v, key, value) {
                if (e < 0)
                        break;
                if (!value)
                        json_object_object_del(o, key);
                else
                        e = json_object_object_add(o, key, json_object_get(value)) < 0 ? -ENOMEM : 0;
        }
        if (e < 0) {
                free(new);
                return log_oom();
        }
        in.arena = &new->arena;
        convert_finding(&in, o, new, &place);
        if (in.error < 0) {
                finding_free(new);
                return in.error;
        }
        const bool regrouped = json_object_object_get_ex(v, "group", NULL);
        new->boot = f->boot;
        new->source = f->source;
        if (!regrouped)
                new->link = f->link;
        if (store_replace(&r->saved->scan.store, f, new) < 0)
                return log_oom();
        if (!regrouped)
                return 0;
        leave_group(r, f);
        return *place.group ? join_group(r, f, place.group) : 0;
}

static int take_withdrawn(struct reader *r, uint64_t index, struct json_object *v) {
        struct reading in = reading_of(r, "withdrawn", index, &r->words);
        struct finding *f = subject(r, &in, v);

        if (!f)
                return in.error;
        leave_group(r, f);
        forget(r->saved, f);
        store_drop(&r->saved->scan.store, f);
        return 0;
}

/* --- the end of a report --- */

/* From the last to the first: each is put behind the cause, before those that came later. A group whose cause somebody
 * filtered out is none. */
static void link_groups(struct reader *r) {
        for (size_t i = r->n_members; i-- > 0;) {
                struct finding *f = r->members[i].finding, *cause = find_event(r->saved, r->members[i].group, f->boot);

                f->cause = cause;
                if (!cause || cause == f)
                        continue;
                f->next_in_group = cause->next_in_group;
                cause->next_in_group = f;
        }
}

/* Reports from before there were verdicts: what was found is known, and nothing of what watched. */
static int judge_untold(struct reader *r) {
        static const char *reasons[] = { "the report does not say what watched this boot" };
        struct scan *s = &r->saved->scan;
        _cleanup_free_ bool *untold = calloc(s->boots.n + 1, sizeof(*untold));

        if (!untold)
                return log_oom();
        for (size_t i = 0; i < r->n_seats; i++)
                if (r->seats[i].taken && !r->seats[i].has_verdict)
                        untold[r->seats[i].boot] = true;
        for (size_t i = 0; i < s->boots.n; i++) {
                struct boot *b = s->boots.items[i];
                untold[i] = (untold[i] || !is_told(b)) && b->n_reasons == 0;
                if (!untold[i])
                        continue;
                b->verdict = VERDICT_NOT_PROVEN;
                b->reasons = reasons;
                b->n_reasons = 1;
        }
        for (size_t i = r->first_finding; i < s->store.n; i++)
                if (untold[s->store.items[i]->boot] && finding_counts(s->store.items[i], &s->question))
                        s->boots.items[s->store.items[i]->boot]->verdict = VERDICT_FINDINGS;
        return 0;
}

static int finish(struct reader *r) {
        if (!r->lines && (!r->has_schema || !r->has_summary)) {
                log_error("%s is not a report of vmlife: it has no %s", r->name, r->has_schema ? "summary" : "schema");
                return -EBADMSG;
        }
        if (r->report->n_sources < r->last_source) {
                log_error("%s: a boot or a finding refers to source %" PRIu64 ", and there are %u sources", r->name,
                          r->last_source - 1, r->report->n_sources);
                return -EBADMSG;
        }
        link_groups(r);
        return judge_untold(r);
}

/* --- reading --- */

/* What each element is, by its name in JSON and the type of its line in NDJSON. All others are of later versions, or
 * say nothing new: findings say which group they are in. */
static const struct element {
        const char *key, *type;
        bool object; /* it must be one */
        int (*take)(struct reader *r, uint64_t index, struct json_object *v);
} elements[] = {
        { "schema", NULL, false, take_schema },       { "tool", NULL, true, take_tool },
        { NULL, "report", true, take_head },          { "sources", "source", true, take_source },
        { "boots", "boot", true, take_boot },         { "findings", "finding", true, take_finding },
        { NULL, "update", true, take_update },        { NULL, "withdrawn", true, take_withdrawn },
        { "summary", "summary", true, take_summary },
};

static int take_element(void *userdata, const char *key, uint64_t index, struct json_object *v, bool line) {
        struct reader *r = userdata;

        r->lines = line;
        for (size_t i = 0; i < ARRAY_SIZE(elements); i++) {
                const char *name = line ? elements[i].type : elements[i].key;
                if (!name || strcmp(name, key) != 0)
                        continue;
                if (!elements[i].object || json_object_get_type(v) == json_type_object)
                        return elements[i].take(r, index, v);
                struct reading in = reading_of(r, key, index, NULL);
                reading_fail(&in, "it", "is not an object");
                return in.error;
        }
        return 0;
}

static int add_report(struct saved *s, const char *name) {
        struct saved_report *p = realloc(s->reports, (s->n_reports + 1) * sizeof(*p));

        if (!p)
                return log_oom();
        s->reports = p;
        p[s->n_reports] = (struct saved_report){ .name = strdup(name), .source = (uint32_t) s->scan.n_sources };
        if (!p[s->n_reports].name)
                return log_oom();
        s->n_reports++;
        return 0;
}

/* 1: the file was not read yet; 0: it was; -errno. */
static int is_new(struct saved *s, int fd) {
        struct stat st;

        if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
                return 1;
        const int e = file_set_add(&s->given, &st);
        return e < 0 ? log_oom() : e;
}

int saved_read(struct saved *s, const char *name) {
        _cleanup_(closep) int fd = strcmp(name, "-") == 0 ? STDIN_FILENO : open(name, O_RDONLY | O_CLOEXEC);
        _cleanup_(input_done) struct input in = { .name = fd == STDIN_FILENO ? "standard input" : name, .fd = fd };
        struct slice head;

        if (fd < 0) {
                int e = -errno;
                log_error("cannot open %s: %s", name, strerror(-e));
                return e;
        }
        int e = is_new(s, fd);
        if (e == 0)
                log_warning("%s was given more than once, maybe by another name; it is read once", in.name);
        if (e <= 0)
                return e;
        e = input_peek(&in, 1, &head);
        if (e < 0) {
                log_error("cannot read %s: %s", in.name, input_error(&in, e));
                return e;
        }
        if (head.n == 0) {
                log_error("%s is empty: it is not a report", in.name);
                return -ENODATA;
        }
        e = add_report(s, name);
        if (e < 0)
                return e;
        _cleanup_(reader_done) struct reader r = { .saved = s,
                                                   .name = in.name,
                                                   .report = &s->reports[s->n_reports - 1],
                                                   .first_finding = s->scan.store.n };
        e = elements_read(&in, take_element, &r);
        return e == 0 ? finish(&r) : e;
}
