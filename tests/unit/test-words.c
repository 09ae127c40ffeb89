/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a line's text says is kept for when the text comes again: it must be what the text says each time. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "cmocka_all.h"
#include "line/own_words.h"
#include "scan/words.h"

static unsigned seed = 7;

static unsigned chance(unsigned n) {
        return ((seed = seed * 1103515245 + 12345) >> 8) % n;
}

/* Texts of every class, some of which differ in their last byte only; more of them than are kept. */
static size_t make_text(char *ret, size_t room) {
        static const char *const begins[] = {
                "",
                " ",
                "BUG: KASAN: use-after-free in f",
                "WARNING: CPU: 1 PID: 2 at mm/slub.c:",
                "------------[ cut here ]------------",
                "Call Trace:",
                " <TASK>",
                " ? read_vm+0x1/0x2",
                " [<ffffffff81000000>] f+0x1/0x2",
                "RAX: 000000000000000",
                "RIP: 0010:f+0x1/0x",
                "==================",
                "comm[12]: segfault at 0 ip ",
                "[   12]     0    12 ",
                "x: potentially unexpected fatal signal 1",
                "CPU: 0 PID: 1 Comm: x",
                "a very long line, which is longer than any that is kept, for it goes on and on and on and on and on "
                "and on and on",
        };

        return (size_t) snprintf(ret, room, "%s%u", begins[chance(ARRAY_SIZE(begins))], chance(400));
}

static void check(struct known_words *k, struct slice text) {
        const uint64_t all = ~(uint64_t) 0, named = chance(2) ? all : KIND_BIT(chance(8));
        struct words *w = words_of(k, text);

        assert_int_equal(w->class, line_classify(text));
        if (w->class == LINE_OTHER || w->forged) {
                assert_int_equal(w->is_name, begins_with_name(text));
                assert_int_equal(w->of_task,
                                 tells_of_task(text) || (text.n && text.s[0] != '[' && begins_with_id(text)));
        }
        assert_ptr_equal(words_start(w, text, named), kinds_start(text, named));
        assert_ptr_equal(words_start(w, text, all), kinds_start(text, all));
}

static void test_kept(void **state) {
        struct known_words *k = calloc(1, sizeof(*k));
        char room[256];

        (void) state;
        assert_non_null(k);
        for (unsigned i = 0; i < 40000; i++) {
                const size_t n = make_text(room, sizeof(room));
                check(k, (struct slice){ room, n });
        }
        free(k);
}

/* A frame in another form than the plain one is forged where a task's name stands before it. */
static void test_forged(void **state) {
        struct known_words *k = calloc(1, sizeof(*k));

        (void) state;
        assert_non_null(k);
        for (unsigned i = 0; i < 2; i++) {
                assert_false(words_of(k, SLICE("f+0x1/0x2"))->forged);
                assert_false(words_of(k, SLICE("CPU: 0 PID: 1 Comm: x"))->forged);
                assert_true(words_of(k, SLICE("CPU: 0[12]: segfault at 0 ip 1 sp 2 error 4"))->forged);
        }
        free(k);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_kept),
                cmocka_unit_test(test_forged),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
