/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "forged.h"

#include "cmocka_all.h"
#include "vmlife.h"

#include <stdlib.h>
#include <string.h>

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

char *what_is_said(struct json_object *r) {
        static const char *const of_finding[] = {
                "signature", "title",     "kind",  "relevance", "why",   "injected",
                "origin",    "corrupted", "count", "rule",      "tasks",
        };
        static const char *const of_boot[] = {
                "verdict", "reasons", "caveats", "lost", "variant", "release", "version", "command_line", "events",
        };
        struct json_object *o = json_object_new_array(), *b = json_object_array_get_idx(member(r, "boots"), 0);

        json_object_array_add(o, json_object_new_int((int) json_object_array_length(member(r, "boots"))));
        for (size_t i = 0; i < ARRAY_SIZE(of_boot); i++)
                json_object_array_add(o, json_object_get(json_object_object_get(b, of_boot[i])));
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
                        json_object_array_add(o, json_object_get(json_object_object_get(finding(r, i), of_finding[k])));
        char *text = strdup(json_object_to_json_string_ext(o, JSON_C_TO_STRING_PLAIN));
        json_object_put(o);
        return text;
}
