/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "forged.h"

#include "cmocka_all.h"
#include "vmlife.h"

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"

void put_start(struct out *o) {
        put_text(o, "Linux version 6.1.192 (a@b) (gcc) #1 SMP");
        put_text(o, "Command line: quiet");
        put_text(o, "Lock dependency validator: Copyright (c) 2006 Red Hat, Inc., Ingo Molnar");
        put_text(o, "kcsan: enabled early");
        put_text(o, "kcsan: strict mode configured");
        put_text(o, "i915 vmlife: load token=fedcba9876543210 version=1.0 tree=6.1.192 rules=vm-early-put inject=none "
                    "lockdep=1 kcsan=1");
}

void put_end(struct out *o) {
        put_text(o, "i915 vmlife: unload token=fedcba9876543210 sites=a@f:5,b@g:0 reports=1 suppressed=0 unchecked=0");
}

void put_failed_stack(struct out *o) {
        static const char *const lines[] = {
                "Call Trace:",
                " <TASK>",
                " warn_alloc+0x12a/0x1a0",
                " i915_gem_object_get_pages_internal+0x10/0x20 [i915]",
                " </TASK>",
                "Mem-Info:",
        };

        for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
                put_text(o, lines[i]);
}

bool names_are_said = true;

/* Does a member of a boot or of a finding hold a task's name? */
static bool names_task(const char *member) {
        return strcmp(member, "tasks") == 0 || strcmp(member, "events") == 0;
}

/* The member, or how many there are of them. */
static void add_member(struct json_object *to, struct json_object *of, const char *name) {
        struct json_object *m = json_object_object_get(of, name);

        json_object_array_add(to, names_are_said || !names_task(name) ?
                                          json_object_get(m) :
                                          json_object_new_int(m ? (int) json_object_array_length(m) : 0));
}

char *what_is_said(struct json_object *r) {
        static const char *const of_finding[] = {
                "signature", "title", "kind", "relevance", "why",   "injected", "origin",
                "corrupted", "count", "rule", "tasks",     "taint", "release",
        };
        static const char *const of_boot[] = {
                "verdict", "reasons", "caveats", "lost", "variant", "release", "version", "command_line", "events",
        };
        struct json_object *o = json_object_new_array(), *b = json_object_array_get_idx(member(r, "boots"), 0);

        json_object_array_add(o, json_object_new_int((int) json_object_array_length(member(r, "boots"))));
        for (size_t i = 0; i < ARRAY_SIZE(of_boot); i++)
                add_member(o, b, of_boot[i]);
        struct json_object *coverage = member(b, "coverage"), *exposure = member(b, "exposure");
        json_object_array_add(o, json_object_get(member(coverage, "losses")));
        json_object_array_add(o, json_object_get(member(coverage, "rate_limited")));
        for (size_t i = 0; i < json_object_array_length(member(coverage, "detectors")); i++) {
                struct json_object *d = json_object_array_get_idx(member(coverage, "detectors"), i);
                json_object_array_add(o, json_object_get(json_object_object_get(d, "present")));
                json_object_array_add(o, json_object_get(json_object_object_get(d, "alive")));
                json_object_array_add(o, json_object_get(json_object_object_get(d, "quiet")));
        }
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "rounds")));
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "selftests")));
        json_object_array_add(o, json_object_get(json_object_object_get(exposure, "passes")));
        for (size_t i = 0; i < n_findings(r); i++)
                for (size_t k = 0; k < ARRAY_SIZE(of_finding); k++)
                        add_member(o, finding(r, i), of_finding[k]);
        char *text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
        json_object_put(o);
        return text;
}

struct fixture fixtures[FIXTURES_MAX];
size_t n_fixtures;

static void read_lines(struct fixture *x, const char *path) {
        FILE *f = fopen(path, "re");
        char line[1024];

        assert_non_null(f);
        x->name = strdup(strrchr(path, '/') + 1);
        while (x->n < LINES_MAX && fgets(line, sizeof(line), f)) {
                char *text = *line == '[' ? strstr(line, "] ") : NULL;
                text = text ? text + 2 : line;
                text[strcspn(text, "\n")] = '\0';
                if (*text && *text != '#')
                        x->lines[x->n++] = strdup(text);
        }
        fclose(f);
}

int read_fixtures(void **state) {
        glob_t logs = {};

        (void) state;
        assert_int_equal(glob("tests/unit/fixtures/kinds/*.log", 0, NULL, &logs), 0);
        for (size_t i = 0; i < logs.gl_pathc && n_fixtures < FIXTURES_MAX; i++)
                read_lines(&fixtures[n_fixtures++], logs.gl_pathv[i]);
        globfree(&logs);
        assert_true(n_fixtures >= 70);
        return 0;
}

char *said_of(enum log_form form, const struct fixture *x, put_with_t put, bool forged) {
        char path[512];
        struct out o = { .form = form, .us = 1 };

        snprintf(path, sizeof(path), "%s/rows-%s", new_folder(), forms[form].name);
        o.file = fopen(path, "we");
        assert_non_null(o.file);
        put_start(&o);
        put(&o, x, forged);
        o.us += 40000000;
        for (size_t i = 0; i < x->n; i++)
                put_text(&o, x->lines[i]);
        o.us += 40000000;
        put_end(&o);
        assert_int_equal(fclose(o.file), 0);
        struct run run = vmlife("scan %s", path);
        struct json_object *r = json_tokener_parse(run.out);
        if (!r)
                fail_msg("%s: no JSON, exit status %d: %s", path, run.status, run.err);
        char *text = what_is_said(r);
        json_object_put(r);
        run_done(&run);
        unlink(path);
        return text;
}

void says_the_same_of(enum log_form form, const struct fixture *x, put_with_t put) {
        char *plain = said_of(form, x, put, false);
        char *with = said_of(form, x, put, true);
        size_t at = 0;

        while (plain[at] && plain[at] == with[at])
                at++;
        if (plain[at] || with[at]) {
                at -= MIN(at, (size_t) 60);
                fail_msg("%s, %s:\nwithout: %.300s\nwith:    %.300s", forms[form].name, x->name, plain + at, with + at);
        }
        free(plain);
        free(with);
}
