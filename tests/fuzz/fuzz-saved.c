/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A saved report of anybody's making: it is refused, or all that reads reports can take it. */
#include <json-c/json.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "output/export.h"
#include "saved/json.h"

static void must_be_json(const char *text, size_t n) {
        struct json_tokener *t = json_tokener_new();

        MUST(t && memchr(text, '\0', n) == NULL);
        json_tokener_set_flags(t, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
        struct json_object *o = json_tokener_parse_ex(t, text, (int) n);
        MUST(o && json_tokener_get_error(t) == json_tokener_success);
        json_object_put(o);
        json_tokener_free(t);
}

/* The page's only script is its own, which it ends in. */
static void must_be_harmless(const char *page) {
        const char *script = strstr(page, "<script");

        MUST(script && !strstr(script + 1, "<script") && !strstr(page, "<img") && !strstr(page, "href=\"javascript"));
}

static void check_writers(const struct saved *s) {
        const struct export_options options = { .origin = "vmlife" };

        for (size_t i = 0; i <= n_exports; i++) {
                char *text = NULL;
                size_t n;
                FILE *f = open_memstream(&text, &n);

                MUST(f && (i < n_exports ? exports[i]->write(s, &options, f) : write_json(&s->scan, f)) == 0 &&
                     fclose(f) == 0);
                if (i == n_exports || strcmp(exports[i]->name, "kcidb") == 0 || strcmp(exports[i]->name, "sarif") == 0)
                        must_be_json(text, n);
                else if (strcmp(exports[i]->name, "html") == 0)
                        must_be_harmless(text);
                free(text);
        }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
        static int in = -1;
        static char path[64];
        struct saved s = {};

        if (in < 0) {
                in = memfd_create("report", 0);
                MUST(in >= 0);
                snprintf(path, sizeof(path), "/proc/self/fd/%d", in);
        }
        MUST(ftruncate(in, 0) == 0 && pwrite(in, data, size, 0) == (ssize_t) size);
        if (saved_read(&s, path) == 0)
                check_writers(&s);
        saved_done(&s);
        return 0;
}
