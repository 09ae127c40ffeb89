/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <json-c/json.h>

#include "base/checked_json.h"
#include "base/log.h"
#include "base/macros.h"
#include "source/source.h"

/* igt's results.json: { "__type__": "TestrunResult", "tests": { "igt@test@subtest": { "dmesg": "<6> [1.000000] ...\n",
 * ... }, ... } }. Its tests come in the order in which they ran, and their messages are one boot's. */

/* It is held in memory, parsed; a real one is tens of megabytes. */
enum { FILE_MAX = 512 * 1024 * 1024, DEPTH_MAX = 64 };

static void put(struct json_object **o) {
        json_object_put(*o);
}

static int parse(struct input *in, struct json_object **ret, uint64_t *size) {
        _cleanup_(tokener_freep) struct json_tokener *t = json_tokener_new_ex(DEPTH_MAX);
        _cleanup_free_ char *block = malloc(64 * 1024);
        ssize_t n;

        if (!t || !block)
                return log_oom();
        *ret = NULL;
        while (!*ret && (n = input_read(in, block, 64 * 1024)) != 0) {
                if (n < 0) {
                        log_error("reading %s failed after %llu bytes: %s", in->name, (unsigned long long) *size,
                                  input_error(in, (int) n));
                        return (int) n;
                }
                *size += (uint64_t) n;
                if (*size > FILE_MAX) {
                        log_error("%s is larger than 512 MiB: split it", in->name);
                        return -EFBIG;
                }
                *ret = json_tokener_parse_ex(t, block, (int) n);
                enum json_tokener_error e = json_tokener_get_error(t);
                if (!*ret && e != json_tokener_continue) {
                        log_error("%s is not valid JSON near byte %llu: %s", in->name, (unsigned long long) *size,
                                  json_tokener_error_desc(e));
                        return -EBADMSG;
                }
        }
        if (!*ret) {
                log_error("%s is cut off after %llu bytes", in->name, (unsigned long long) *size);
                return -ENODATA;
        }
        return 0;
}

static int take_dmesg(struct scan *s, uint32_t source, uint32_t *boot, struct slice dmesg) {
        while (dmesg.n) {
                bool hit;
                struct record r = {
                        .message = slice_token(&dmesg, '\n'),
                        .console = true,
                        .origin = ORIGIN_UNVERIFIED,
                        .boot = *boot,
                        .source = source,
                        .number = ++scan_source(s, source)->entries,
                };
                (void) scan_wants(s, r.message, *boot, &hit);
                int e = scan_record(s, &r, hit, boot);
                if (e < 0)
                        return e;
        }
        return 0;
}

static int take_tests(struct scan *s, uint32_t source, uint32_t *boot, struct json_object *tests) {
        json_object_object_foreach(tests, name, test) {
                struct json_object *dmesg;

                if (!json_object_object_get_ex(test, "dmesg", &dmesg) || !json_object_is_type(dmesg, json_type_string))
                        continue;
                int e = scan_begin_test(s, *boot, name);
                if (e == 0)
                        e = take_dmesg(s, source, boot,
                                       (struct slice){ json_object_get_string(dmesg),
                                                       (size_t) json_object_get_string_len(dmesg) });
                if (e == 0)
                        e = scan_begin_test(s, *boot, NULL);
                if (e < 0)
                        return e;
        }
        return 0;
}

int source_igt(struct scan *s, struct input *in, const struct source_options *o _unused_) {
        _cleanup_(put) struct json_object *root = NULL;
        struct json_object *tests;
        struct slice beginning;
        uint32_t source, boot;
        uint64_t size = 0;

        int e = input_beginning(in, &beginning);
        if (e < 0)
                return log_oom();
        e = parse(in, &root, &size);
        if (e < 0)
                return e;
        if (!json_object_object_get_ex(root, "tests", &tests) || !json_object_is_type(tests, json_type_object)) {
                log_error("%s holds no tests: an igt results.json has an object \"tests\"", in->name);
                return -ENODATA;
        }
        e = scan_add_source(s, in->name, "igt", &source);
        if (e == 0)
                e = scan_text_boot(s, source, beginning, &boot);
        if (e == 0) {
                scan_source(s, source)->bytes = size;
                e = take_tests(s, source, &boot, tests);
        }
        int e2 = scan_end_source(s, source);
        if (e == -ENOMEM || e2 == -ENOMEM)
                return log_oom();
        if (e == 0 && scan_source(s, source)->entries == 0) {
                log_error("%s holds no message of a kernel: its tests have no dmesg", in->name);
                return -ENODATA;
        }
        return e < 0 ? e : e2;
}
