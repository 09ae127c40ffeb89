/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/text_lines.h"

#include <errno.h>
#include <inttypes.h>
#include <json-c/json.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/checked_json.h"
#include "base/macros.h"
#include "base/slice.h"
#include "output/terminal.h"

static const char *string(struct json_object *o, const char *key) {
        struct json_object *v = NULL;

        return json_object_object_get_ex(o, key, &v) && v ? json_object_get_string(v) : NULL;
}

static void print(FILE *f, const char *text) {
        const struct terminal t = { .f = f };

        if (text)
                show(&t, slice_of(text));
}

static void print_time(FILE *f, struct json_object *o) {
        const char *realtime = NULL;
        struct json_object *first = NULL;

        if (json_object_object_get_ex(o, "first_seen", &first))
                realtime = string(first, "realtime");
        if (realtime) {
                print(f, realtime);
                fputc(' ', f);
        }
}

static void print_part(FILE *f, const char *before, const char *text, const char *after) {
        if (!text)
                return;
        fputs(before, f);
        print(f, text);
        fputs(after, f);
}

static void print_finding(FILE *f, struct json_object *o, const char *machine) {
        struct json_object *injected = NULL;

        print_time(f, o);
        print_part(f, "", string(o, "severity"), ": ");
        print(f, string(o, "title"));
        if (json_object_object_get_ex(o, "injected", &injected) && json_object_get_boolean(injected))
                fputs(" (injected)", f);
        print_part(f, " (", string(o, "status"), ")");
        print_part(f, ", ", string(o, "relevance"), "");
        print_part(f, ", rule ", string(o, "rule"), "");
        print_part(f, ", on ", machine, "");
        print_part(f, ", kernel ", string(o, "kernel"), "");
        print_part(f, ", owner ", string(o, "owner"), "");
        print_part(f, ", subsystem ", string(o, "subsystem"), "");
        print_part(f, ", ", string(o, "signature"), "\n");
}

static void print_labels(FILE *f, struct json_object *labels) {
        json_object_object_foreach(labels, name, value) {
                print_part(f, " ", name, "=");
                print(f, json_object_get_string(value));
        }
}

static void print_boot(FILE *f, struct json_object *o) {
        struct json_object *labels = NULL;

        print_time(f, o);
        print_part(f, "boot ", string(o, "id"), "");
        print_part(f, " of ", string(o, "host"), "");
        print_part(f, ", kernel ", string(o, "release"), "");
        print_part(f, ": ", string(o, "verdict"), "");
        if (json_object_object_get_ex(o, "labels", &labels))
                print_labels(f, labels);
        fputc('\n', f);
}

/* Of an update only a count is news: it happened again. */
static void print_update(FILE *f, struct json_object *o) {
        struct json_object *count = NULL;

        if (!json_object_object_get_ex(o, "count", &count))
                return;
        print_part(f, "again: finding ", string(o, "id"), "");
        fprintf(f, ", %" PRId64 " times by now\n", json_object_get_int64(count));
}

static void print_other(FILE *f, struct json_object *o, const char *type) {
        print_part(f, "", type, ":");
        print_part(f, " ", string(o, "id"), "");
        print_part(f, " ", string(o, "why"), "");
        fputc('\n', f);
}

struct machines {
        const char *(*of)(uint64_t boot, const void *userdata);
        const void *userdata;
};

static const char *machine_of(const struct machines *m, struct json_object *o) {
        struct json_object *boot = NULL;

        return json_object_object_get_ex(o, "boot", &boot) ? m->of(json_object_get_uint64(boot), m->userdata) : NULL;
}

static void print_line(FILE *f, struct json_object *o, const struct machines *m) {
        const char *type = string(o, "type");

        if (!type)
                return;
        if (strcmp(type, "finding") == 0)
                print_finding(f, o, machine_of(m, o));
        else if (strcmp(type, "boot") == 0)
                print_boot(f, o);
        else if (strcmp(type, "update") == 0)
                print_update(f, o);
        else
                print_other(f, o, type);
}

int text_lines(struct buffer *lines, const char *(*of)(uint64_t boot, const void *userdata), const void *userdata) {
        const struct machines machines = { of, userdata };
        struct slice rest = buffer_all(lines);
        char *text = NULL;
        size_t n = 0;
        int e = 0;

        FILE *f = open_memstream(&text, &n);
        if (!f)
                return -ENOMEM;
        while (rest.n && e == 0) {
                struct slice line = slice_token(&rest, '\n');
                _cleanup_free_ char *copy = strndup(line.s, line.n);
                _cleanup_(json_putp) struct json_object *o = copy ? json_tokener_parse(copy) : NULL;

                if (!copy)
                        e = -ENOMEM;
                if (o)
                        print_line(f, o, &machines);
        }
        if (fclose(f) != 0)
                e = -ENOMEM;
        if (e == 0) {
                lines->size = 0;
                e = n ? buffer_add(lines, text, n) : 0;
        }
        free(text);
        return e;
}
