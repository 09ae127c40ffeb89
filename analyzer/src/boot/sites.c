/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/sites.h"

#include <errno.h>
#include <json-c/json.h>
#include <limits.h>
#include <stdlib.h>

#include "base/checked_json.h"
#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"

#define SITES_SCHEMA "vmlife-sites/1"

/* A tree has some dozens of sites. */
enum { FILE_MAX = 16 * 1024 * 1024 };

struct sites *sites_free(struct sites *s) {
        while (s) {
                struct sites *next = s->next;
                arena_free(&s->arena);
                free(s->path);
                free(s);
                s = next;
        }
        return NULL;
}

static int take_site(struct reading *r, struct json_object *o, struct site *ret) {
        const char *hook = need_text(r, o, "hook"), *reach = need_text(r, o, "reach");
        uint64_t line = 0;

        *ret = (struct site){
                .function = need_text(r, o, "function"),
                .file = need_text(r, o, "file"),
                .rules = read_text(r, o, "rule"),
                .reachable = strcmp(reach, "mock") == 0,
        };
        if (!read_count(r, o, "line", &line) || line == 0 || line > INT_MAX)
                reading_fail(r, "line", "is not the number of a line");
        ret->line = (unsigned) line;
        ret->name = arena_printf(r->arena, "%s@%s", hook, ret->function);
        return r->error < 0 ? r->error : ret->name ? 0 : reading_oom(r);
}

static int take(struct sites *s, struct json_object *o) {
        struct reading r = { .report = s->path, .element = "tree", .arena = &s->arena };
        struct json_object *schema, *list;
        size_t n;

        if (!json_object_object_get_ex(o, "schema", &schema) || !json_object_is_type(schema, json_type_string) ||
            strcmp(json_object_get_string(schema), SITES_SCHEMA) != 0) {
                log_error("%s is not what `kernel/annotate --sites TREE` prints: its schema is not \"" SITES_SCHEMA
                          "\"",
                          s->path);
                return -EBADMSG;
        }
        s->kernel = need_text(&r, o, "kernel");
        s->fix = need_text(&r, o, "fix");
        list = read_array(&r, o, "sites", &n);
        if (r.error == 0 && n == 0)
                reading_fail(&r, "sites", "is missing or empty");
        if (r.error == 0 && !(s->items = arena_new(&s->arena, struct site, n)))
                return reading_oom(&r);
        r.element = "sites";
        for (; r.error == 0 && s->n < n; s->n++) {
                r.index = s->n;
                take_site(&r, read_item(&r, list, "sites", s->n), &s->items[s->n]);
        }
        return r.error;
}

int sites_read(struct sites **list, const char *path) {
        _cleanup_(sites_freep) struct sites *s = calloc(1, sizeof(*s));
        _cleanup_(buffer_done) struct buffer text = {};
        _cleanup_(json_putp) struct json_object *o = NULL;
        char why[192];

        if (!s || !(s->path = strdup(path)))
                return log_oom();
        int e = file_read(path, &text);
        if (e == 0 && text.size > FILE_MAX)
                e = -EFBIG;
        if (e < 0) {
                log_error("cannot read the hooks' sites in %s: %s", path, strerror(-e));
                return e;
        }
        e = json_parse(buffer_all(&text), JSON_TOKENER_DEFAULT_DEPTH, &o, why, sizeof(why));
        if (e == -ENOMEM)
                return log_oom();
        if (e == 0 && !json_object_is_type(o, json_type_object))
                snprintf(why, sizeof(why), "it is not a JSON object");
        if (e < 0 || !json_object_is_type(o, json_type_object)) {
                log_error("%s is not what `kernel/annotate --sites TREE` prints: %s", path, why);
                return -EBADMSG;
        }
        e = take(s, o);
        if (e < 0)
                return e;
        s->next = *list;
        *list = s;
        s = NULL;
        return 0;
}

/* "6.1" fits 6.1.192-vmlife-kcsan, not 6.12.3. */
static bool is_release(const char *release, const char *kernel) {
        struct slice s = slice_of(release);
        return slice_eat(&s, slice_of(kernel)) && (s.n == 0 || !is_digit(s.s[0]));
}

static bool fits(const struct sites *s, const struct boot *b) {
        static const struct slice key = SLICE(" fix=");
        const char *release = b->tree ? b->tree : b->release;
        struct slice load = slice_of(b->load);
        size_t at = slice_find(load, key);

        if (!release || !is_release(release, s->kernel))
                return false;
        if (at == SLICE_NPOS)
                return true;
        load = slice_from(load, at + key.n);
        return slice_eq(slice_token(&load, ' '), slice_of(s->fix));
}

const struct sites *sites_of(const struct sites *list, const struct boot *b) {
        while (list && !fits(list, b))
                list = list->next;
        return list;
}

/* Of the variant's own functions, not of its selftests. */
static bool is_check(struct slice function) {
        return slice_starts(function, SLICE("vmlife_check_")) || slice_starts(function, SLICE("vmlife_report")) ||
               slice_starts(function, SLICE("__i915_vmlife_"));
}

/* The frame that a check was called from; NULL where none is there. */
static struct frame *caller_of_check(struct stack *s) {
        bool check = false;

        for (size_t i = 0; i < s->n_frames; i++) {
                struct frame *f = &s->frames[i];
                if (f->rip || !f->reliable)
                        continue;
                if (is_check(slice_of(f->function)))
                        check = true;
                else if (check)
                        return f;
        }
        return NULL;
}

static bool has_rule(const char *rules, const char *rule) {
        struct slice rest = slice_of(rules);

        while (rest.n)
                if (slice_eq(slice_token(&rest, ','), slice_of(rule)))
                        return true;
        return false;
}

/* Without what a compiler adds to a name: .isra.0, .cold. */
static struct slice name_of(const char *function) {
        struct slice s = slice_of(function);
        return slice_token(&s, '.');
}

void sites_locate(const struct sites *s, struct finding *f) {
        if (!f->rule)
                return;
        for (size_t i = 0; i < f->n_stacks; i++) {
                struct frame *at = caller_of_check(&f->stacks[i]);
                const struct site *site = NULL;
                size_t n = 0;

                for (size_t k = 0; at && !at->file && k < s->n; k++)
                        if (has_rule(s->items[k].rules, f->rule) &&
                            slice_eq(name_of(at->function), slice_of(s->items[k].function))) {
                                site = &s->items[k];
                                n++;
                        }
                if (n == 1) {
                        at->file = site->file;
                        at->line = site->line;
                }
        }
}
