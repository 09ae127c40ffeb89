/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kernel's messages in Android's logcat, whose logd takes what stands before the first ": " for a tag and pads it,
 * among lines of programs. Each is to give what the plain log gives, and nothing that a program wrote counts. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/macros.h"
#include "cmocka_all.h"
#include "form.h"
#include "vmlife.h"

static const char *const names[] = { "xe-uaf.log", "lockdep-circular.log", "bug.log", "warn-new-banner.log",
                                     "vmlife.log" };
enum { LOGS = ARRAY_SIZE(names) };

static struct said *logs[LOGS];
static char path[600];

static int setup(void **state) {
        (void) state;
        snprintf(path, sizeof(path), "%s/log", new_folder());
        read_all_said(logs, names, LOGS);
        return 0;
}

static int teardown(void **state) {
        (void) state;
        free_all_said(logs, LOGS);
        return 0;
}

/* How logcat prints an entry. */
struct style {
        const char *before; /* of form.h */
        bool slashed;
        const char *printk[2]; /* what the kernel's own printk puts before messages */
};

/* The end of the tag in a message, 0 where it has none: up to two words before a colon. */
static size_t tag_end(const char *m) {
        size_t i = 0;

        for (unsigned words = 0; words < 2; words++) {
                while (m[i] && m[i] != ':' && !isspace((unsigned char) m[i]))
                        i++;
                if (m[i] == ':')
                        return i > 0 && (m[i + 1] == ' ' || m[i + 1] == '\0') ? i : 0;
                if (m[i] != ' ')
                        return 0;
                i++;
        }
        return 0;
}

static void put_entry(struct buffer *b, const struct style *s, struct place at, unsigned pid, char level,
                      const char *message) {
        while (*message == ' ')
                message++;
        const size_t n = tag_end(message);
        const char *text = n ? message + n + 1 : message;

        while (*text == ' ')
                text++;
        put_line(b, s->before, at);
        if (s->slashed)
                putf(b, "%c/%-8.*s(%5u): ", level, (int) n, message, pid);
        else
                putf(b, "%5u %5u %c %-8.*s: ", pid, pid, level, (int) n, message);
        buffer_add(b, text, strlen(text));
        buffer_add(b, "\n", 1);
}

static void put_logcat(struct buffer *b, const struct style *s, const struct said *log) {
        static const char *const others[] = {
                "ActivityManager: Start proc 4242:org.example/u0a77",
                "SurfaceFlinger: Failed to find layer",
                "kernel: what a program calls itself",
                "System: ClassLoader referenced a path",
        };

        putf(b, "--------- beginning of kernel\n");
        for (size_t i = 0; i < log->n; i++) {
                const struct place at = { log, i };
                struct buffer m = {};
                const unsigned pid = s->printk[0] ? (unsigned) (log->lines[i].us / 1000000) * 77 + 9 : 0;
                if (s->printk[0])
                        put_line(&m, s->printk[i % 3 == 0], at);
                buffer_add(&m, log->lines[i].text, strlen(log->lines[i].text) + 1);
                put_entry(b, s, at, pid, "WEID"[i % 4], m.data);
                buffer_done(&m);
                if (i % 7 == 3)
                        put_entry(b, s, at, 1200 + (unsigned) i, 'D', others[i % ARRAY_SIZE(others)]);
        }
}

static const struct style styles[] = {
        { "%A ", false, { NULL } },
        { "2026-%A ", false, { NULL } },
        { "%A +0200 ", false, { NULL } },
        { "%A  root ", false, { NULL } },
        { "%E ", false, { NULL } },
        { "%A ", true, { NULL } },
        { "%A ", false, { "(%u)[%p:%t]", "(%u)[%p:%t]" } },
        { "%A ", false, { "(%u)[%p:%t]", "-(%u)[%p:%t]" } },
};

static void test_logcat(void **state) {
        (void) state;
        for (size_t log = 0; log < LOGS; log++) {
                struct buffer plain = {};
                for (size_t i = 0; i < logs[log]->n; i++)
                        put_line(&plain, "%k %m\n", (struct place){ logs[log], i });
                _cleanup_free_ char *expected = found_in(path, &plain, 1);
                for (size_t i = 0; i < ARRAY_SIZE(styles); i++) {
                        struct buffer b = {};
                        put_logcat(&b, &styles[i], logs[log]);
                        _cleanup_free_ char *got = found_in(path, &b, 1);
                        if (strcmp(got, expected) != 0)
                                fail_msg("%s, style %zu: gives\n%snot\n%s", names[log], i, got, expected);
                }
        }
}

/* Programs choose their tags, not their ids. */
static void test_programs(void **state) {
        static const char *const tags[] = { "", "kernel: ", "K: " };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(tags); i++)
                for (size_t s = 0; s < ARRAY_SIZE(styles); s++) {
                        struct buffer b = {};
                        for (size_t k = 0; k < 40; k++)
                                put_entry(&b, &styles[s], (struct place){ logs[0], k % 8 }, 0, 'I',
                                          "usb 1-1: new device");
                        for (size_t k = 0; k < logs[0]->n; k++) {
                                struct buffer m = {};
                                putf(&m, "%s", tags[i]);
                                buffer_add(&m, logs[0]->lines[k].text, strlen(logs[0]->lines[k].text) + 1);
                                put_entry(&b, &styles[s], (struct place){ logs[0], k }, 1234, 'E', m.data);
                                buffer_done(&m);
                        }
                        write_file(path, b.data, b.size);
                        buffer_done(&b);
                        struct run r = vmlife("scan --format json %s", path);
                        struct json_object *o = json_tokener_parse(r.out);
                        assert_non_null(o);
                        if (n_findings(o) != 0)
                                fail_msg("tag \"%s\", style %zu: %s", tags[i], s, text_of(finding(o, 0), "title"));
                        json_object_put(o);
                        run_done(&r);
                }
}

/* A program wrote to /dev/kmsg before the report, and the kernel pads the task's name in a bracket of its own: that is
 * no line of the program's record. */
static void test_padded_task(void **state) {
        static const char *const tasks[] = { "           init:    1", "           bash:   77",
                                             "       (sd-pam):   12" };
        static const char *const said[] = {
                "------------[ cut here ]------------",
                "WARNING: CPU: 7 PID: 1 at fs/frob.c:270 get_frob+0x1a4/0x1b0",
                "CPU: 7 PID: 1 Comm: x Tainted: G S      W         4.19.113 #1",
                "Call trace:",
                " get_frob+0x1a4/0x1b0",
                " do_frob+0x210/0x3b0",
                "---[ end trace 28d57cdaa36082be ]---",
        };

        (void) state;
        for (size_t i = 0; i < ARRAY_SIZE(tasks); i++) {
                _cleanup_(buffer_done) struct buffer b = {};

                putf(&b, "<6>[    3.900031]  [7:    kworker/5:2:  526] probe A3\n");
                putf(&b, "<14>[    3.900062]  [7:%s] starting a service\n", tasks[i]);
                for (size_t k = 0; k < ARRAY_SIZE(said); k++)
                        putf(&b, "<4>[    3.9001%02zu]  [7:%s] %s\n", k, tasks[i], said[k]);
                write_file(path, b.data, b.size);
                struct json_object *r = scan(1, "%s", path);
                assert_int_equal(n_findings(r), 1);
                assert_string_equal(text_of(finding(r, 0), "title"), "WARNING in get_frob");
                json_object_put(r);
        }
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_padded_task),
                cmocka_unit_test(test_logcat),
                cmocka_unit_test(test_programs),
        };
        return cmocka_run_group_tests(tests, setup, teardown);
}
