/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON as it is written: what needs an escape has it wherever it stands, for bytes are looked at by the eight. */
#include <stdio.h>
#include <string.h>

#include "base/json_text.h"
#include "base/macros.h"
#include "cmocka_all.h"

static const struct {
        const char *in, *out;
} cases[] = {
        { "~", "~" },
        { "#", "#" },
        { "##", "##" },
        { "##vso[", "\\u0023#vso[" },
        { "\x7f", "\\u007f" },
        { "\xc2\x85", "\\u0085" },                 /* a control of C1 */
        { "\xe2\x80\xae", "\\u202e" },             /* right-to-left override */
        { "\xf3\xa0\x81\x81", "\\udb40\\udc41" },  /* an invisible tag, in two halves */
        { "\xc3\xa4", "\xc3\xa4" },                /* a letter */
        { "\x7f##[", "\\u007f\\u0023#[" },         /* one after the other */
        { "\xe2\x80\xae##[", "\\u202e\\u0023#[" }, /* the same, wider */
        { "\xc3\xa4##[", "\xc3\xa4\\u0023#[" },    /* behind a letter */
        { "#\x7f\x7f", "#\\u007f\\u007f" },
};

static void expect(const char *in, const char *out) {
        _cleanup_(buffer_done) struct buffer b = {};
        char *printed = NULL;
        size_t n;
        FILE *f = open_memstream(&printed, &n);

        assert_non_null(f);
        json_text_print(f, in);
        fclose(f);
        assert_string_equal(printed, out);
        free(printed);
        assert_int_equal(json_text_add(&b, in), 0);
        assert_int_equal(buffer_add(&b, "", 1), 0);
        assert_string_equal(b.data, out);
}

static void test_everywhere(void **state) {
        enum { WIDEST = 18 };
        static const char plain[] = "abcdefghijklmnopqr";
        char in[64], out[128];

        (void) state;
        for (size_t k = 0; k < ARRAY_SIZE(cases); k++)
                for (int before = 0; before <= WIDEST; before++)
                        for (int behind = 0; behind <= WIDEST; behind++) {
                                snprintf(in, sizeof(in), "%.*s%s%.*s", before, plain, cases[k].in, behind, plain);
                                snprintf(out, sizeof(out), "%.*s%s%.*s", before, plain, cases[k].out, behind, plain);
                                expect(in, out);
                        }
}

int main(void) {
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_everywhere) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
