/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The prefilter, by each of its engines, against a search for each word. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/macros.h"
#include "boot/boot_lines.h"
#include "cmocka_all.h"
#include "kind/kind.h"
#include "line/trigger.h"

static unsigned seed = 7;

static unsigned chance(unsigned n) {
        return ((seed = seed * 1103515245 + 12345) >> 8) % n;
}

/* Where the word ends that ends first, NULL if there is none. */
static const char *first_end(const char *const *words, size_t n_words, const char *text, size_t n) {
        const char *first = NULL;

        for (size_t i = 0; i < n_words; i++) {
                const char *p = memmem(text, n, words[i], strlen(words[i]));
                if (p && (!first || p + strlen(words[i]) < first))
                        first = p + strlen(words[i]);
        }
        return first;
}

/* What trigger_find() promises: a word, and no other wholly before it. */
static void check(const struct trigger_set *t, const char *const *words, size_t n_words, const char *text, size_t n) {
        const char *hit = trigger_find(t, text, text + n), *end = first_end(words, n_words, text, n);
        bool is_word = false;

        if (!end) {
                assert_null(hit);
                return;
        }
        assert_non_null(hit);
        assert_true(hit >= text && hit < end);
        for (size_t i = 0; i < n_words && !is_word; i++)
                is_word = (size_t) (text + n - hit) >= strlen(words[i]) && memcmp(hit, words[i], strlen(words[i])) == 0;
        assert_true(is_word);
}

/* What trigger_find_lines() promises, by a look at each line. */
static void check_lines(const struct trigger_set *t, const char *text, size_t n) {
        struct trigger_lines found = {};
        struct slice rest = { text, n };
        size_t i = 0, newlines = 0, before = 0;

        assert_int_equal(trigger_find_lines(t, rest, &found), 0);
        while (rest.n) {
                const char *start = rest.s;
                struct slice line = slice_token(&rest, '\n');
                if (trigger_in(t, line)) {
                        assert_true(i < found.n);
                        assert_in_range(found.items[i].at, start - text, start + line.n - 1 - text);
                        assert_int_equal(found.items[i].newlines, newlines);
                        i++;
                }
                newlines += start + line.n < text + n;
        }
        assert_int_equal(found.n, i);
        for (size_t k = 0; k < n; k++)
                before += text[k] == '\n';
        assert_int_equal(found.newlines, before);
        assert_int_equal(found.escapes, n && memchr(text, '\033', n));
        free(found.items);
}

/* Text that ends where the next page must not be touched. */
static char *page_end;

static int map_page(void **state) {
        size_t page = (size_t) sysconf(_SC_PAGESIZE);
        char *p = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        (void) state;
        if (p == MAP_FAILED || mprotect(p + page, page, PROT_NONE) < 0)
                return -1;
        page_end = p + page;
        return 0;
}

/* The owner of each word in the text is found, and no owner without a word or a part of one that is a word itself. Of
 * word i it is bit i. */
static void check_owners(const struct trigger_set *t, const char *const *words, size_t n_words, const char *text,
                         size_t n) {
        const uint64_t owners = trigger_owners(t, (struct slice){ text, n });
        uint64_t least = 0, most = 0;

        for (size_t i = 0; i < n_words; i++) {
                if (!memmem(text, n, words[i], strlen(words[i])))
                        continue;
                least |= (uint64_t) 1 << i % 64;
                for (size_t k = 0; k < n_words; k++)
                        if (strstr(words[k], words[i]))
                                most |= (uint64_t) 1 << k % 64;
        }
        assert_int_equal(least & ~owners, 0);
        assert_int_equal(owners & ~most, 0);
}

static void run_engine(enum trigger_engine engine, const char *const *words, size_t n_words, const char *alphabet,
                       unsigned rounds) {
        struct trigger_set *t;
        uint64_t owners[512];

        for (size_t i = 0; i < n_words; i++)
                owners[i] = (uint64_t) 1 << i % 64;
        assert_int_equal(trigger_set_new(&t, words, owners, n_words), 0);
        if (trigger_set_engine(t, engine) < 0) {
                printf("# skip: this machine lacks engine %d\n", engine);
                trigger_set_free(t);
                return;
        }
        for (unsigned round = 0; round < rounds; round++) {
                size_t n = chance(round % 4 ? 160 : 30);
                char *text = page_end - n;

                for (size_t i = 0; i < n; i++)
                        text[i] = alphabet ? alphabet[chance((unsigned) strlen(alphabet))] : (char) chance(256);
                for (unsigned k = chance(3); k > 0; k--) {
                        /* A whole word, or one that is cut. */
                        const char *w = words[chance((unsigned) n_words)];
                        size_t keep = chance(3) ? strlen(w) : chance((unsigned) strlen(w));
                        if (keep <= n)
                                memcpy(text + chance((unsigned) (n - keep + 1)), w, keep);
                }
                check(t, words, n_words, text, n);
                check_owners(t, words, n_words, text, n);
        }
        trigger_set_free(t);
}

/* Longer than what is searched at once, with words at any place in it. */
static void test_lines(void **state) {
        static const char *const words[] = { "BUG: ", "WARNING: ", "[ cut here ]", "ab\177ab" };
        static const char alphabet[] = "abBUG: \177\n\377WARN[ cuthere]";
        enum { SIZE = 20000 };
        char *text = malloc(SIZE);
        struct trigger_set *t;

        (void) state;
        assert_non_null(text);
        assert_int_equal(trigger_set_new(&t, words, NULL, ARRAY_SIZE(words)), 0);
        for (int e = 0; e < TRIGGER_ENGINES; e++) {
                if (trigger_set_engine(t, (enum trigger_engine) e) < 0)
                        continue;
                for (unsigned round = 0; round < 300; round++) {
                        const size_t n = chance(round % 3 ? SIZE : 200);
                        for (size_t i = 0; i < n; i++)
                                text[i] = alphabet[chance(sizeof(alphabet) - 1)];
                        for (unsigned k = chance(40); k > 0; k--) {
                                const char *w = words[chance(ARRAY_SIZE(words))];
                                if (strlen(w) <= n)
                                        memcpy(text + chance((unsigned) (n - strlen(w) + 1)), w, strlen(w));
                        }
                        if (n && chance(2))
                                text[chance((unsigned) n)] = '\033';
                        check_lines(t, text, n);
                }
        }
        trigger_set_free(t);
        free(text);
}

static void test_few_words(void **state) {
        static const char *const words[] = { "BUG: ",  "WARNING: ", "[ cut here ]", "INFO: ", "vmlife: rule=",
                                             "ABABAC", "RNINW",     "a BUG: in",    "BUG: " };

        (void) state;
        for (int e = 0; e < TRIGGER_ENGINES; e++) {
                run_engine((enum trigger_engine) e, words, ARRAY_SIZE(words), "ABUGWRNI: [ch", 30000);
                run_engine((enum trigger_engine) e, words, ARRAY_SIZE(words), NULL, 10000);
        }
}

static void test_one_word(void **state) {
        static const char *const words[] = { "\377\200\1\n\377" }, *const ascii[] = { "\177\1\n\1\177" };
        struct trigger_set *t;

        (void) state;
        for (int e = 0; e < TRIGGER_ENGINES; e++)
                run_engine((enum trigger_engine) e, ascii, 1, "\377\177\201\1\n", 5000);
        /* Shuffles know ASCII only. */
        run_engine(TRIGGER_PORTABLE, words, 1, "\377\200\1\n", 5000);
        assert_int_equal(trigger_set_new(&t, words, NULL, 1), 0);
        assert_int_equal(trigger_set_engine(t, TRIGGER_AVX2), -ENOTSUP);
        assert_true(trigger_in(t, slice_of("a\377\200\1\n\377b")));
        trigger_set_free(t);
}

static void test_many_random_words(void **state) {
        (void) state;
        for (int set = 0; set < 20; set++) {
                char bytes[200][24];
                const char *words[200];

                for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
                        size_t n = TRIGGER_MIN + chance(18);
                        for (size_t k = 0; k < n; k++)
                                bytes[i][k] = (char) (set % 2 ? 1 + chance(127) : 'a' + chance(5));
                        bytes[i][n] = '\0';
                        words[i] = bytes[i];
                }
                for (int e = 0; e < TRIGGER_ENGINES; e++)
                        run_engine((enum trigger_engine) e, words, ARRAY_SIZE(words), "abcde", 300);
        }
}

/* The words that the analyzer looks for. */
static void test_real_words(void **state) {
        const char *words[512];
        size_t n = 0;

        (void) state;
        for (size_t i = 0; kinds[i]; i++)
                for (const char *const *w = kinds[i]->triggers; w && *w; w++)
                        words[n++] = *w;
        for (size_t i = 0; i < n_notes; i++)
                words[n++] = notes[i].word;
        for (int e = 0; e < TRIGGER_ENGINES; e++)
                run_engine((enum trigger_engine) e, words, n, "abcdefghilmnoprstuvwBUGWARNIF:[] =", 10000);
}

static void test_refused(void **state) {
        struct trigger_set *t;

        (void) state;
        assert_int_equal(trigger_set_new(&t, (const char *[]){ "abc" }, NULL, 1), -22);
        assert_int_equal(trigger_set_new(&t, NULL, NULL, 0), 0);
        assert_null(trigger_find(t, "abcdefgh", "abcdefgh" + 8));
        trigger_set_free(t);
}

int main(void) {
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup(test_few_words, map_page),
                cmocka_unit_test(test_one_word),
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_many_random_words),
                cmocka_unit_test(test_real_words),
                cmocka_unit_test(test_refused),
        };
        return cmocka_run_group_tests(tests, NULL, NULL);
}
