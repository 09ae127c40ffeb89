/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/emit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/checked_json.h"
#include "base/json_text.h"
#include "base/macros.h"
#include "base/table.h"
#include "boot/fault.h"
#include "findings/signature.h"
#include "judge/judge.h"
#include "saved/json.h"
#include "triage/known.h"

/* A count that rises alone is told at most so often; a boot's line at least. */
static const uint64_t count_every_us = 60 * 1000000ull, boot_every_us = 3600 * 1000000ull;

void teller_done(struct teller *t) {
        for (size_t i = 0; i < t->n; i++)
                free(t->items[i]);
        free(t->items);
        table_done(&t->by_id);
        free(t->marks);
        ahead_clear(&t->ahead);
        *t = (struct teller){};
}

/* A line told of the boot: how many records it had by then is not known. */
static void take_ahead(const struct teller *t, struct boot_mark *m, const struct ahead_line *x) {
        m->ordinal = x->ordinal;
        m->verdict = x->verdict;
        m->told_us = MAX(t->now_us, 1u);
        m->told_records = UINT64_MAX;
}

int teller_know_boots(struct teller *t, const struct scan *s) {
        if (s->boots.n > t->marks_room) {
                size_t room = MAX(s->boots.n, t->marks_room * 2);
                struct boot_mark *p = reallocarray(t->marks, room, sizeof(*p));
                if (!p)
                        return -ENOMEM;
                t->marks = p;
                t->marks_room = room;
        }
        for (size_t i = t->ahead.n ? 0 : t->n_marks; i < s->boots.n; i++) {
                struct boot_mark *m = &t->marks[i];
                const struct ahead_line *x = ahead_find(&t->ahead, AHEAD_BOOT, boot_identity(s->boots.items[i]));
                if (i >= t->n_marks)
                        *m = (struct boot_mark){ .ordinal = x ? x->ordinal : t->n_boots++, .changed_us = t->now_us };
                if (x)
                        take_ahead(t, m, x);
        }
        t->n_marks = MAX(t->n_marks, s->boots.n);
        return 0;
}

/* --- what was told --- */

static uint64_t hash_id(const char *id) {
        return hash_slice(HASH_START, slice_of(id));
}

static bool has_id(const void *item, const void *key) {
        return strcmp(((const struct told *) item)->id, key) == 0;
}

static struct told *find(const struct teller *t, const char *id) {
        return table_get(&t->by_id, hash_id(id), has_id, id);
}

static struct told *add(struct teller *t, const struct told *told) {
        if (t->n == t->room) {
                size_t room = t->room ? t->room * 2 : 64;
                struct told **p = reallocarray(t->items, room, sizeof(*p));
                if (!p)
                        return NULL;
                t->items = p;
                t->room = room;
        }
        struct told *x = malloc(sizeof(*x));
        if (!x)
                return NULL;
        *x = *told;
        x->at = t->n;
        if (table_add(&t->by_id, hash_id(x->id), x) < 0) {
                free(x);
                return NULL;
        }
        return t->items[t->n++] = x;
}

static struct told *add_id(struct teller *t, const char *id) {
        struct told told = {};

        memcpy(told.id, id, sizeof(told.id));
        return add(t, &told);
}

static void drop(struct teller *t, struct told *x) {
        table_remove(&t->by_id, hash_id(x->id), x);
        t->items[x->at] = t->items[--t->n];
        t->items[x->at]->at = x->at;
        free(x);
}

/* --- lines --- */

static bool is_judged(const char *key) {
        EACH_MEMBER(finding_layout(), m)
                if (m->flags & JUDGED && strcmp(m->key, key) == 0)
                        return true;
        return false;
}

static uint64_t hash(uint64_t h, const char *s) {
        return hash_u64(hash_slice(h, slice_of(s)), 0xff);
}

static const char *string(struct json_object *o, const char *key) {
        struct json_object *v = NULL;
        return json_object_object_get_ex(o, key, &v) && v ? json_object_get_string(v) : "";
}

/* The same of a finding and of its line. */
enum { N_JUDGED = 9 };
static uint64_t hash_all(const char *const values[static N_JUDGED]) {
        uint64_t h = HASH_START;

        for (size_t i = 0; i < N_JUDGED; i++)
                h = hash(h, values[i]);
        return h;
}

static uint64_t hash_judged(const struct finding *f) {
        return hash_all((const char *[N_JUDGED]){
                f->rule,
                relevance_name(f->relevance),
                f->why,
                f->injected == INJECTED_YES ? "true" : "false",
                f->cause ? f->cause->id : NULL,
                f->cause == f ? "the likely first cause" : f->link,
                f->status == STATUS_NONE ? NULL : known_status_name(f->status),
                f->owner,
                f->issue ? f->issue->name : NULL,
        });
}

static uint64_t hash_judged_line(struct json_object *o) {
        struct json_object *issue = NULL;

        json_object_object_get_ex(o, "issue", &issue);
        return hash_all((const char *[N_JUDGED]){
                string(o, "rule"),
                string(o, "relevance"),
                string(o, "why"),
                string(o, "injected"),
                string(o, "group"),
                string(o, "link"),
                string(o, "status"),
                string(o, "owner"),
                issue ? string(issue, "name") : "",
        });
}

static uint64_t hash_body(struct json_object *o) {
        uint64_t h = HASH_START;

        json_object_object_foreach(o, key, v) {
                if (!is_judged(key) && strcmp(key, "type") != 0 && strcmp(key, "follow") != 0 &&
                    strcmp(key, "revision") != 0)
                        h = hash(hash(h, key), json_object_to_json_string_ext(v, JSON_C_TO_STRING_PLAIN));
        }
        return h | 1;
}

/* Adds a member; the first failure sticks. */
static void put(struct json_object *o, const char *key, struct json_object *v, int *e) {
        if (!v || json_object_object_add(o, key, v) < 0) {
                json_object_put(v);
                *e = -ENOMEM;
        }
}

static int print(struct buffer *out, struct json_object *o, int e) {
        const char *s = e == 0 ? json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN |
                                                                           JSON_C_TO_STRING_NOSLASHESCAPE) :
                                 NULL;

        e = s ? json_text_add(out, s) : -ENOMEM;
        return e == 0 ? buffer_add(out, "\n", 1) : e;
}

static struct json_object *follow_member(const char *key, const char *value) {
        struct json_object *o = json_object_new_object(), *v = json_object_new_string(value);

        if (!o || !v || json_object_object_add(o, key, v) < 0) {
                json_object_put(v);
                json_object_put(o);
                return NULL;
        }
        return o;
}

static int tell_finding(struct json_object *o, const struct finding *f, struct buffer *out) {
        int e = 0;

        put(o, "follow", follow_member("ended", f->ended), &e);
        put(o, "type", json_object_new_string("finding"), &e);
        return print(out, o, e);
}

/* whole: the body changed too. Members that are no longer there are null, as a merge patch has it. */
static int tell_update(struct json_object *from, struct told *x, bool whole, struct buffer *out) {
        _cleanup_(json_putp) struct json_object *o = json_object_new_object();
        int e = o ? 0 : -ENOMEM;

        x->revision++;
        if (e == 0) {
                put(o, "id", json_object_new_string(x->id), &e);
                put(o, "revision", json_object_new_int64(x->revision), &e);
        }
        if (e == 0) {
                json_object_object_foreach(from, key, v) {
                        if ((whole || is_judged(key)) && strcmp(key, "id") != 0)
                                put(o, key, json_object_get(v), &e);
                }
        }
        EACH_MEMBER(finding_layout(), m)
                if (m->flags & JUDGED && e == 0 && !json_object_object_get_ex(o, m->key, NULL))
                        e = json_object_object_add(o, m->key, NULL) < 0 ? -ENOMEM : 0;
        if (e == 0)
                put(o, "type", json_object_new_string("update"), &e);
        return print(out, o, e);
}

/* The same report came in a test that still runs: whether its fault was asked for, and with that whether it is one
 * more of the same or another finding, is known at the test's end. */
static bool must_wait(const struct teller *t, const struct scan *view, const struct finding *f) {
        const struct boot *b = view->boots.items[f->boot];

        if (t->last || t->marks[f->boot].over || b->n_faults == 0 ||
            b->faults[b->n_faults - 1].event != FAULT_TEST_BEGIN || b->faults[b->n_faults - 1].number > f->number)
                return false;
        for (size_t i = 0; i < view->store.n; i++) {
                const struct finding *other = view->store.items[i];
                if (other != f && other->boot == f->boot && signature_same(other, f) && find(t, other->id))
                        return true;
        }
        return false;
}

static void wait_for(struct teller *t, uint64_t until_us) {
        const int64_t s = until_us > t->now_us ? (int64_t) ((until_us - t->now_us) / 1000000 + 1) : 0;

        if (t->next_in_s < 0 || s < t->next_in_s)
                t->next_in_s = s;
}

static int tell_one(struct teller *t, const struct scan *view, struct finding *f, struct buffer *out) {
        struct told *x = find(t, f->id);
        const bool heavy = f->excerpt.n > 0; /* findings that were read back have lost what was told of them */

        if (x) {
                x->seen = true;
                x->found = false;
                x->boot = f->boot;
                if (x->ahead)
                        return 0;
        } else if (must_wait(t, view, f))
                return 0;
        const uint64_t judged_now = hash_judged(f);
        const bool counted = x && x->count != f->count, look = x && x->body && heavy;
        const bool due = t->last || t->marks[f->boot].over || (x && t->now_us >= x->at_us + count_every_us);
        if (counted && !due)
                wait_for(t, x->at_us + count_every_us);
        if (x && !look && judged_now == x->judged && !(counted && due))
                return 0;

        int e = t->maintainers && heavy ? maintainers_find(t->maintainers, f) : 0;
        if (e < 0)
                return e;
        _cleanup_(json_putp) struct json_object *o = json_of_finding(view, f);
        e = o ? 0 : -ENOMEM;
        if (e == 0)
                put(o, "boot", json_object_new_int64((int64_t) t->marks[f->boot].ordinal), &e);
        if (e < 0)
                return e;
        const uint64_t body = look || (!x && f->open) ? hash_body(o) : 0;
        if (!x) {
                x = add_id(t, f->id);
                if (!x)
                        return -ENOMEM;
                x->boot = f->boot;
                x->judged = judged_now;
                x->body = body;
                x->count = f->count;
                x->at_us = t->now_us;
                x->seen = true;
                t->n_findings++;
                /* The lines are what counts; who announces says what goes wrong. */
                if (t->announce)
                        (void) t->announce(view, f);
                return tell_finding(o, f, out);
        }
        const bool whole = look && body != x->body;
        if (look)
                x->body = f->open ? body : 0;
        if (!whole && judged_now == x->judged && !(counted && due))
                return 0;
        x->judged = judged_now;
        x->count = f->count;
        x->at_us = t->now_us;
        return tell_update(o, x, whole, out);
}

static uint64_t number(struct json_object *o, const char *key) {
        struct json_object *v = NULL;
        return json_object_object_get_ex(o, key, &v) ? json_object_get_uint64(v) : 0;
}

static int take_boot(struct teller *t, struct json_object *o) {
        const char *verdict = string(o, "verdict");
        struct json_object *follow = NULL;
        struct ahead_line *x = ahead_add(&t->ahead, AHEAD_BOOT,
                                         *string(o, "id") ? string(o, "id") : string(o, "log_id"));

        if (!x)
                return -ENOMEM;
        json_object_object_get_ex(o, "follow", &follow);
        x->ordinal = MIN(number(o, "boot"), (uint64_t) UINT32_MAX);
        x->body = hash_body(o);
        for (int v = VERDICT_CLEAN; v <= VERDICT_NOT_PROVEN; v++)
                if (strcmp(verdict, verdict_name((enum verdict) v)) == 0)
                        x->verdict = (uint8_t) v;
        x->over = follow && strcmp(string(follow, "why"), "over") == 0;
        return 0;
}

static int take_loss(struct teller *t, struct json_object *o) {
        struct ahead_line *x = ahead_add(&t->ahead, AHEAD_LOSS, string(o, "id"));

        if (!x)
                return -ENOMEM;
        x->body = hash_body(o);
        return 0;
}

static int take_told(struct teller *t, struct json_object *o, bool lost) {
        const char *type = string(o, "type"), *id = string(o, "id");
        const bool update = strcmp(type, "update") == 0;

        /* Its boots are counted on, or two would have one number. */
        if (strcmp(type, "boot") == 0 || strcmp(type, "finding") == 0)
                t->n_boots = MAX(t->n_boots, MIN(number(o, "boot"), (uint64_t) UINT32_MAX) + 1);
        if (strcmp(type, "boot") == 0)
                return take_boot(t, o);
        if (strcmp(type, "loss") == 0)
                return take_loss(t, o);
        if (strlen(id) != ID_CHARS)
                return 0;
        struct told *x = find(t, id);
        if (strcmp(type, "withdrawn") == 0 && x) {
                drop(t, x);
                return 0;
        }
        if (!update && strcmp(type, "finding") != 0)
                return 0;
        if (!x && !(x = add_id(t, id)))
                return -ENOMEM;
        t->n_findings += !update;
        x->boot = UINT32_MAX;
        x->revision = (uint32_t) number(o, "revision");
        x->judged = hash_judged_line(o);
        x->count = number(o, "count");
        if (!update || json_object_object_get_ex(o, "excerpt", NULL))
                x->body = hash_body(o);
        x->at_us = t->now_us;
        x->ahead = true;
        x->found = lost;
        return 0;
}

int teller_take_line(struct teller *t, struct slice line, bool lost) {
        struct json_tokener *tokener = json_tokener_new();

        if (!tokener)
                return -ENOMEM;
        _cleanup_(json_putp) struct json_object *o = line.n < INT32_MAX ?
                                                             json_tokener_parse_ex(tokener, line.s, (int) line.n) :
                                                             NULL;
        json_tokener_free(tokener);
        return o && json_object_is_type(o, json_type_object) ? take_told(t, o, lost) : 0;
}

static int print_withdrawn(const struct told *x, struct buffer *out) {
        _cleanup_(json_putp) struct json_object *o = json_object_new_object();
        int e = o ? 0 : -ENOMEM;

        if (e == 0)
                put(o, "id", json_object_new_string(x->id), &e);
        if (e == 0)
                put(o, "type", json_object_new_string("withdrawn"), &e);
        return print(out, o, e);
}

static int tell_withdrawn(struct teller *t, struct buffer *out) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < t->n;) {
                struct told *x = t->items[i];
                const bool gone = x->found && !x->ahead;
                if (!gone && (x->seen || x->ahead)) {
                        i++;
                        continue;
                }
                if (!gone)
                        e = print_withdrawn(x, out);
                drop(t, x);
        }
        return e;
}

/* --- boots --- */

static const char *why_boot(const struct teller *t, const struct boot_mark *m, const struct boot *b) {
        if (m->told_us == 0)
                return "first";
        if (m->over && !m->told_over)
                return "over";
        if (t->last && m->told_records != b->records)
                return "stopped";
        if (m->verdict != (uint8_t) b->verdict)
                return "verdict";
        return m->told_records != b->records && t->now_us >= m->told_us + boot_every_us ? "hour" : NULL;
}

/* The output has this very line already. */
static bool has_line(const struct ahead_line *x, const struct boot_mark *m, struct json_object *o) {
        return x && x->body == hash_body(o) && (x->over || !m->over);
}

static int tell_boot(const struct teller *t, const struct boot *b, struct boot_mark *m, struct buffer *out) {
        const struct ahead_line *x = ahead_find(&t->ahead, AHEAD_BOOT, boot_identity(b));
        const char *why = why_boot(t, m, b);

        if (b->records == 0 || (x ? !t->caught_up : !why))
                return 0;
        _cleanup_(json_putp) struct json_object *o = json_of_boot(b);
        int e = o ? 0 : -ENOMEM;
        if (e == 0)
                put(o, "boot", json_object_new_int64((int64_t) m->ordinal), &e);
        if (e < 0)
                return e;
        if (!has_line(x, m, o)) {
                if (!why)
                        return 0;
                put(o, "follow", follow_member("why", why), &e);
                put(o, "type", json_object_new_string("boot"), &e);
                e = print(out, o, e);
        }
        m->told_us = MAX(t->now_us, 1u);
        m->told_records = b->records;
        m->verdict = (uint8_t) b->verdict;
        m->told_over = m->over;
        return e;
}

static int tell_boots(struct teller *t, const struct scan *view, struct buffer *out) {
        int e = 0;

        for (size_t i = 0; e == 0 && i < view->boots.n; i++)
                e = tell_boot(t, view->boots.items[i], &t->marks[i], out);
        if (t->caught_up)
                ahead_clear(&t->ahead);
        return e;
}

int teller_tell(struct teller *t, const struct scan *view, struct buffer *out) {
        int e = tell_boots(t, view, out);

        t->next_in_s = -1;
        for (size_t i = 0; i < t->n; i++)
                t->items[i]->seen = false;
        for (size_t i = 0; t->caught_up && i < t->n; i++)
                t->items[i]->ahead = false;
        for (size_t i = 0; e == 0 && i < view->store.n; i++)
                e = tell_one(t, view, view->store.items[i], out);
        return e == 0 ? tell_withdrawn(t, out) : e;
}

int teller_tell_loss(const struct teller *t, const char *chain, uint64_t first, const char *boot_id, uint64_t n,
                     bool at_least, const char *why, struct buffer *out) {
        _cleanup_(json_putp) struct json_object *o = json_object_new_object();
        char number[24], id[ID_CHARS + 1];
        int e = o ? 0 : -ENOMEM;

        snprintf(number, sizeof(number), "%" PRIu64, first);
        hash_strings(id, ID_CHARS, (const char *[]){ "loss", chain, number }, 3);
        if (e == 0)
                put(o, "id", json_object_new_string(id), &e);
        if (e == 0 && boot_id && *boot_id)
                put(o, "boot_id", json_object_new_string(boot_id), &e);
        if (e == 0) {
                put(o, "entries", json_object_new_uint64(n), &e);
                put(o, "at_least", json_object_new_boolean(at_least), &e);
                put(o, "why", json_object_new_string(why), &e);
                put(o, "type", json_object_new_string("loss"), &e);
        }
        const struct ahead_line *x = ahead_find(&t->ahead, AHEAD_LOSS, id);
        return e == 0 && x && x->body == hash_body(o) ? 0 : print(out, o, e);
}

/* --- kept --- */

static void code_mark(struct codec *c, struct boot_mark *m) {
        CODE(c, m->ordinal);
        CODE(c, m->told_records);
        CODE(c, m->verdict);
        CODE(c, m->over);
        CODE(c, m->told_over);
        codec_bytes(c, m->chain, sizeof(m->chain));
        CODE(c, m->chain_us);
}

static void code_told(struct codec *c, struct told *x) {
        codec_bytes(c, x->id, sizeof(x->id));
        x->id[ID_CHARS] = '\0';
        CODE(c, x->revision);
        CODE(c, x->judged);
        CODE(c, x->body);
        CODE(c, x->count);
        CODE(c, x->ahead);
        CODE(c, x->found);
}

/* Of a boot that was not read again yet it is not known which. */
static bool is_kept(const struct told *x, const bool *keep) {
        return !keep || x->boot == UINT32_MAX || keep[x->boot];
}

/* Times of this machine's clock mean nothing to another process: they begin anew. */
void teller_code(struct codec *c, struct teller *t, const bool *keep, const uint32_t *remap, size_t n_boots) {
        uint64_t n = 0, marks = 0;

        CODE(c, t->n_boots);
        CODE(c, t->n_findings);
        ahead_code(c, &t->ahead);
        for (size_t i = 0; i < t->n_marks; i++)
                marks += !keep || keep[i];
        codec_u64(c, &marks);
        if (c->reading && marks != n_boots && c->error == 0)
                c->error = -EBADMSG;
        if (c->reading && c->error == 0 && marks && !(t->marks = calloc(n_boots, sizeof(*t->marks))))
                c->error = -ENOMEM;
        if (c->reading)
                t->n_marks = t->marks_room = c->error == 0 ? n_boots : 0;
        for (size_t i = 0; i < t->n_marks; i++)
                if (c->reading || !keep || keep[i])
                        code_mark(c, &t->marks[i]);
        for (size_t i = 0; c->reading && i < t->n_marks; i++)
                t->marks[i].changed_us = t->marks[i].told_us = MAX(t->now_us, 1u);

        for (size_t i = 0; i < t->n; i++)
                n += is_kept(t->items[i], keep);
        codec_u64(c, &n);
        if (!c->reading) {
                for (size_t i = 0; i < t->n; i++)
                        if (is_kept(t->items[i], keep)) {
                                uint32_t boot = t->items[i]->boot == UINT32_MAX ? UINT32_MAX : remap[t->items[i]->boot];
                                CODE(c, boot);
                                code_told(c, t->items[i]);
                        }
                return;
        }
        for (uint64_t i = 0; i < n && c->error == 0; i++) {
                struct told told = { .at_us = t->now_us };
                CODE(c, told.boot);
                code_told(c, &told);
                if (c->error == 0 && told.boot >= n_boots && told.boot != UINT32_MAX)
                        c->error = -EBADMSG;
                if (c->error == 0 && !add(t, &told))
                        c->error = -ENOMEM;
        }
}
