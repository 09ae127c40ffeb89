/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Texts that hold a kernel's words and are none of its logs: changelogs, source, lists of tests. */
#include <stdio.h>
#include <string.h>

#include "cmocka_all.h"
#include "vmlife.h"

/* A text that quotes reports' first words, each behind what is not a logger's, is no log: nothing is found, and that is
 * said. */
static void test_quotes(void **state) {
        static const char *const forms[] = {
                "    - drm/acme: fix %s\n",
                "tests/titles.py::test[%s] PASSED\n",
                "\t\t\tcompile(\"%s\"),\n",
                "        if grep '%s' dmesg.txt; then exit 1; fi\n",
        };
        static const char *const words[] = {
                "general protection fault in acme_flip",
                "kernel BUG at fs/acme.c:12!",
                "BUG: KASAN: use-after-free in acme_flip+0x1/0x2",
                "possible recursive locking detected",
                "BUG: scheduling while atomic",
                "general protection fault upon acme_flip()",
        };

        char path[600];

        (void) state;
        snprintf(path, sizeof(path), "%s/text", new_folder());
        for (size_t k = 0; k < 4; k++) {
                FILE *out = fopen(path, "w");
                assert_non_null(out);
                for (size_t i = 0; i < 60; i++) {
                        const char *mark = strstr(forms[k], "%s"), *word = i % 5 ? "small things" : words[i / 5 % 6];
                        fprintf(out, "%.*s%s%s", (int) (mark - forms[k]), forms[k], word, mark + 2);
                }
                fclose(out);
                struct run r = vmlife("scan %s", path);
                assert_int_equal(r.status, 2);
                run_done(&r);
        }
}

int main(void) {
        static const struct CMUnitTest tests[] = { cmocka_unit_test(test_quotes) };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
