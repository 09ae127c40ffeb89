/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Many findings and many boots: what was put in comes out, and memory stays small. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"
#include "boot/boot.h"
#include "cmocka_all.h"
#include "findings/store.h"

static const char *dup(struct finding *f, const char *format, unsigned i) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        const char *s = arena_printf(&f->arena, format, i);
#pragma GCC diagnostic pop
        assert_non_null(s);
        return s;
}

/* A finding of each kind of member, all of them in its arena. */
static struct finding *make(unsigned i, size_t lines) {
        struct finding *f = calloc(1, sizeof(*f));

        assert_non_null(f);
        f->detector = dup(f, "kcsan", i);
        f->kind = dup(f, "data-race", i);
        f->title = dup(f, "KCSAN: data-race in f%u / g", i);
        f->why = dup(f, "because %u", i);
        f->relevance = RELEVANCE_RELATED;
        assert_int_equal(finding_add_function(f, slice_of(dup(f, "f%u", i))), 0);
        for (unsigned k = 0; k < 9; k++) {
                struct stack *s = finding_add_stack(f, "access");
                assert_non_null(s);
                for (unsigned n = 0; n < 17; n++) {
                        struct frame *fr = stack_add_frame(f, s);
                        assert_non_null(fr);
                        fr->function = dup(f, "frame%u", (i + n) % 50);
                        fr->module = n % 2 ? dup(f, "i915", 0) : NULL;
                        fr->offset = n;
                }
                struct access *a = finding_add_access(f);
                assert_non_null(a);
                a->type = "write";
                a->function = dup(f, "f%u", i);
                a->address = i;
                struct lock *l = finding_add_lock(f, "held");
                assert_non_null(l);
                l->name = dup(f, "&lock%u", k);
                struct task *t = finding_add_task(f);
                assert_non_null(t);
                t->comm = dup(f, "task%u", k);
        }
        assert_int_equal(finding_add_field(f, SLICE("key"), slice_of(dup(f, "%u", i))), 0);
        f->excerpt = (struct slice){ arena_alloc(&f->arena, lines), lines };
        memset((char *) (uintptr_t) f->excerpt.s, 'a' + (int) (i % 26), lines);
        snprintf(f->signature, sizeof(f->signature), "v1:%032u", i);
        return f;
}

static void check(const struct store *s, unsigned i, size_t lines) {
        _cleanup_(buffer_done) struct buffer scratch = {};
        const struct finding *f = s->items[i];
        struct slice excerpt;
        char title[64];

        snprintf(title, sizeof(title), "KCSAN: data-race in f%u / g", i);
        assert_string_equal(f->title, title);
        assert_int_equal(f->n_stacks, 9);
        assert_int_equal(f->stacks[8].n_frames, 17);
        assert_string_equal(f->stacks[8].frames[1].module, "i915");
        assert_null(f->stacks[8].frames[16].module);
        assert_int_equal(f->stacks[8].frames[16].offset, 16);
        assert_string_equal(f->locks[8].name, "&lock8");
        assert_string_equal(f->locks[8].role, "held");
        assert_string_equal(f->tasks[3].comm, "task3");
        assert_int_equal(f->accesses[8].address, i);
        assert_string_equal(f->accesses[8].type, "write");
        assert_int_equal(strtoul(finding_field(f, "key"), NULL, 10), i);
        assert_int_equal(store_excerpt(s, f, &scratch, &excerpt), 0);
        assert_int_equal(excerpt.n, lines);
        assert_int_equal(excerpt.s[0], 'a' + i % 26);
        assert_int_equal(excerpt.s[lines - 1], 'a' + i % 26);
}

/* 150 MiB of lines: most of them have to move to the file. */
static void test_what_goes_in_comes_out(void **state) {
        (void) state;
        struct store s = {};
        enum { N = 300, LINES = 512 * 1024 };

        for (unsigned i = 0; i < N; i++) {
                struct finding *f = make(i, LINES);
                assert_int_equal(store_add(&s, f), 0);
        }
        assert_int_equal(s.n, N);
        assert_true(s.pack.excerpts <= 64 * 1024 * 1024);
        assert_non_null(s.pack.file);
        for (unsigned i = 0; i < N; i++)
                check(&s, i, LINES);
        store_fold(&s);
        assert_int_equal(s.n, N);
        check(&s, N - 1, LINES);
        store_done(&s);
}

/* The same again is folded, another phase is kept apart until the judge has spoken. */
static void test_folding(void **state) {
        (void) state;
        struct store s = {};

        for (unsigned i = 0; i < 40; i++) {
                struct finding *f = make(i % 10, 100);
                f->phase = i / 20;
                assert_int_equal(store_add(&s, f), 0);
        }
        assert_int_equal(s.n, 20);
        assert_int_equal(s.items[0]->count, 2);
        store_fold(&s);
        assert_int_equal(s.n, 10);
        assert_int_equal(s.items[0]->count, 4);
        check(&s, 9, 100);
        store_done(&s);
}

static void test_many_boots(void **state) {
        (void) state;
        struct boots b = {};
        enum { N = 100000 };

        for (int round = 0; round < 2; round++)
                for (uint32_t i = 0; i < N; i++) {
                        char id[33];
                        uint32_t at;
                        snprintf(id, sizeof(id), "%032x", i * 2654435761u);
                        assert_int_equal(boots_find(&b, id, 0, &at), 0);
                        assert_int_equal(at, i);
                }
        assert_int_equal(b.n, N);
        boots_done(&b);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_what_goes_in_comes_out),
                cmocka_unit_test(test_folding),
                cmocka_unit_test(test_many_boots),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
