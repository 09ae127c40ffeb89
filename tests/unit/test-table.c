/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The one hash table: what was added is found, what was taken out is not, whatever lay in its way. */
#include "base/macros.h"
#include "base/table.h"
#include "cmocka_all.h"

enum { N = 500 };

static bool is_number(const void *item, const void *key) {
        return *(const unsigned *) item == *(const unsigned *) key;
}

/* Few hashes for many items, so that most collide. */
static void check_all(unsigned n_hashes) {
        static unsigned items[N];
        static bool there[N];
        struct table t = {};
        unsigned random = 1;

        for (unsigned i = 0; i < N; i++) {
                items[i] = i;
                there[i] = false;
        }
        for (unsigned step = 0; step < 10 * N; step++) {
                random = random * 1103515245 + 12345;
                const unsigned i = random / 65536 % N;

                if (there[i])
                        table_remove(&t, i % n_hashes, &items[i]);
                else
                        assert_int_equal(table_add(&t, i % n_hashes, &items[i]), 0);
                there[i] = !there[i];
                for (unsigned k = step % 7; k < N; k += 7)
                        assert_ptr_equal(table_get(&t, k % n_hashes, is_number, &k), there[k] ? &items[k] : NULL);
        }
        table_clear(&t);
        for (unsigned k = 0; k < N; k++)
                assert_null(table_get(&t, k % n_hashes, is_number, &k));
        table_done(&t);
}

static void test_table(void **state) {
        (void) state;
        check_all(N);
        check_all(3);
}

static void test_empty(void **state) {
        struct table t = {};
        (void) state;
        assert_null(table_get(&t, 1, NULL, NULL));
        table_remove(&t, 1, &t);
        table_clear(&t);
        assert_int_equal(table_add(&t, 1, &t), 0);
        assert_ptr_equal(table_get(&t, 1, NULL, NULL), &t);
        assert_null(table_get(&t, 2, NULL, NULL));
        table_done(&t);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_table),
                cmocka_unit_test(test_empty),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
