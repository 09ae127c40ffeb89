/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "saved/convert.h"
#include "base/macros.h"

static void read_members(struct reading *r, struct json_object *o, const struct layout *l, const struct member **m,
                         void *item);

static void read_structure(struct reading *r, struct json_object *o, const struct layout *l, void *item) {
        const struct member *m = l->members;
        read_members(r, o, l, &m, item);
}

/* Room for the items of a member, all of them 0 and numbers that stand for an index -1. */
static bool make_items(struct reading *r, const struct member *m, void *item, size_t n) {
        const struct layout *l = m->of();
        char *items = n ? arena_items(r->arena, n, l->size) : NULL;

        if (n && !items)
                reading_oom(r);
        for (size_t i = 0; items && i < n; i++)
                EACH_MEMBER(l, part)
                        if (part->form == FORM_INDEX)
                                member_set_number(items + i * l->size, part, UINT64_MAX);
        member_point(item, m, items);
        return items;
}

static void read_items(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        size_t n;
        struct json_object *array = read_array(r, o, m->key, &n);

        if (!make_items(r, m, item, n))
                return;
        for (size_t i = 0; i < n && r->error == 0; i++) {
                member_set_n(item, m, i + 1);
                read_structure(r, read_item(r, array, m->key, i), m->of(), member_item(item, m, i));
        }
}

static void read_map(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        struct json_object *map = read_object(r, o, m->key);
        const struct member *parts = m->of()->members;
        size_t n = 0;

        if (!map || !make_items(r, m, item, (size_t) json_object_object_length(map)))
                return;
        json_object_object_foreach(map, key, value) {
                void *entry = member_item(item, m, n);
                const char *name = arena_dup(r->arena, slice_of(key));

                if (!name)
                        reading_oom(r);
                member_point(entry, &parts[0], name);
                if (parts[1].form == FORM_TEXT)
                        member_point(entry, &parts[1], value_string(r, m->key, value));
                else if (json_object_get_type(value) == json_type_int && json_object_get_int64(value) >= 0)
                        member_set_number(entry, &parts[1], json_object_get_uint64(value));
                else
                        reading_fail(r, m->key, "holds what is no count");
                if (r->error < 0)
                        return;
                member_set_n(item, m, ++n);
        }
}

static void read_record(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        struct json_object *record = read_object(r, o, m->key);
        void *p = record ? arena_alloc(r->arena, m->of()->size) : NULL;

        if (record && !p)
                reading_oom(r);
        if (p)
                read_structure(r, record, m->of(), p);
        member_point(item, m, p);
}

/* The detectors, by name: a later version may watch more. */
static void read_detectors(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        size_t n;
        struct json_object *array = read_array(r, o, m->key, &n);

        for (size_t i = 0; i < n && r->error == 0; i++) {
                struct json_object *v = read_item(r, array, m->key, i);
                enum detector d = detector_of(slice_of(need_text(r, v, "name")));

                if (d == DETECTOR_NONE)
                        continue;
                struct watch *w = member_item(item, m, d);
                read_structure(r, v, m->of(), w);
                if (w->quiet)
                        w->quiet_at = read_stamp(r, v, "until");
        }
}

/* Numbers, flags and choices: is it there? */
static bool read_number(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        uint64_t v = 0;
        int64_t i = 0;
        int choice;

        switch (m->form) {
        case FORM_COUNT:
                if (!read_count(r, o, m->key, &v))
                        return false;
                v = m->size == sizeof(uint32_t) ? MIN(v, (uint64_t) UINT32_MAX) : v;
                break;
        case FORM_HEX:
                if (!read_hex(r, o, m->key, &v))
                        return false;
                break;
        case FORM_FLAG:
                v = read_flag(r, o, m->key);
                break;
        case FORM_CHOICE:
                choice = read_choice(r, o, m->key, m->words, (int) m->n_words);
                if (choice < 0)
                        return false;
                v = (uint64_t) choice;
                break;
        default:
                if (!read_integer(r, o, m->key, &i))
                        return false;
                v = (uint64_t) i;
        }
        member_set_number(item, m, v);
        return true;
}

static bool read_member(struct reading *r, struct json_object *o, const struct member *m, void *item) {
        const char *s;
        size_t n;

        switch (m->form) {
        case FORM_TEXT:
                s = read_text(r, o, m->key);
                member_point(item, m, s);
                return s && (*s || !(m->flags & NEED));
        case FORM_TEXTS:
                member_point(item, m, read_texts(r, o, m->key, &n));
                member_set_n(item, m, n);
                return true;
        case FORM_DIGITS:
                return read_digits(r, o, m->key, m->prefix, m->size - 1 - strlen(m->prefix), member_in(item, m));
        case FORM_STAMP:
                *(struct stamp *) member_in(item, m) = read_stamp(r, o, m->key);
                return true;
        case FORM_LINES:
                *(struct slice *) member_in(item, m) = slice_of(read_text(r, o, m->key));
                return true;
        case FORM_ITEMS:
                read_items(r, o, m, item);
                return true;
        case FORM_MAP:
                read_map(r, o, m, item);
                return true;
        case FORM_INLINE:
                read_detectors(r, o, m, item);
                return true;
        case FORM_RECORD:
                read_record(r, o, m, item);
                return true;
        default:
                return read_number(r, o, m, item);
        }
}

/* From line *m on, to the end of the group that it is in; o is NULL where the group is not there. */
static void read_members(struct reading *r, struct json_object *o, const struct layout *l, const struct member **m,
                         void *item) {
        for (; *m < l->members + l->n_members && (*m)->form != FORM_UNGROUP; ++*m) {
                const struct member *line = *m;
                bool is_there;

                if (line->form == FORM_GROUP) {
                        struct json_object *group = read_object(r, o, line->key);
                        is_there = group;
                        ++*m;
                        read_members(r, group, l, m, item);
                } else if (line->key && line->form != FORM_OWN)
                        is_there = read_member(r, o, line, item);
                else
                        continue;
                if (!is_there && (line->flags & NEED) && r->error == 0)
                        reading_fail(r, line->key, "is missing");
                if (line->flags & HAS)
                        *((bool *) item + line->with) = is_there;
        }
}

static void read_place(struct reading *r, struct json_object *o, struct finding *f, struct finding_place *place) {
        struct json_object *source = read_object(r, o, "source");

        if (!read_count(r, source, "line", &f->number))
                read_count(r, source, "entry", &f->number);
        place->has_boot = read_count(r, o, "boot", &place->boot);
        read_digits(r, o, "boot_id", "", 32, place->boot_id);
        read_digits(r, o, "log_id", "", 32, place->log_id);
        place->kernel = f->release = read_text(r, o, "kernel");
        if (r->error == 0 && !place->has_boot && !*place->boot_id && !*place->log_id)
                reading_fail(r, "boot", "is missing");
        if (read_digits(r, o, "group", "", ID_CHARS, place->group))
                f->link = read_text(r, o, "link");
}

void convert_finding(struct reading *r, struct json_object *o, struct finding *f, struct finding_place *place) {
        f->count = 1;
        read_structure(r, o, finding_layout(), f);
        if (r->error == 0 && f->count == 0)
                reading_fail(r, "count", "is 0");
        for (size_t i = 0; r->error == 0 && i < f->n_accesses; i++)
                if (f->accesses[i].stack < -1 || f->accesses[i].stack >= (int64_t) f->n_stacks)
                        reading_fail(r, "accesses", "name a stack that is not there");
        read_place(r, o, f, place);
}

void convert_boot(struct reading *r, struct json_object *o, struct boot *b, bool *has_verdict) {
        read_structure(r, o, boot_layout(), b);
        *has_verdict = read_text(r, o, "verdict");
}

void convert_source(struct reading *r, struct json_object *o, struct source_info *s) {
        read_structure(r, o, source_info_layout(), s);
}

void convert_question(struct reading *r, struct json_object *asked, struct question *q) {
        size_t n;
        const char *fail_on = read_text(r, asked, "fail_on");
        struct json_object *require = read_array(r, asked, "require", &n);

        const char *focus = read_text(r, asked, "focus");

        *q = (struct question){ .has_require = require };
        if (focus && !focus_parse(focus, &q->focus))
                reading_fail(r, "focus", "is no module, path or none");
        if (fail_on && !fail_on_parse(slice_of(fail_on), q))
                reading_fail(r, "fail_on", "is no level that there is");
        for (size_t i = 0; i < n && r->error == 0; i++) {
                const char *name = value_string(r, "require", json_object_array_get_idx(require, i));
                enum detector d = detector_of(slice_of(name));
                q->require_origin = q->require_origin || slice_eq(slice_of(name), SLICE(REQUIRE_ORIGIN));
                if (d != DETECTOR_NONE)
                        q->require[d] = true;
        }
}
