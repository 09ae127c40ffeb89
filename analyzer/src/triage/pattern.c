/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/pattern.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "triage/literals.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* A title of 200 bytes takes an honest pattern some hundred steps. No JIT: units with MemoryDenyWriteExecute= forbid
 * it, and what is matched is short. */
enum { STEPS_MAX = 100000, HEAP_KIB_MAX = 4096 };

struct pattern {
        char *text;
        pcre2_code *code;
        pcre2_match_data *match;
        pcre2_match_context *limits;
};

struct pattern *pattern_free(struct pattern *p) {
        if (p) {
                free(p->text);
                pcre2_code_free(p->code);
                pcre2_match_data_free(p->match);
                pcre2_match_context_free(p->limits);
                free(p);
        }
        return NULL;
}

static int compile(struct pattern *p, const char *text, char *why, size_t n_why) {
        PCRE2_UCHAR said[128];
        PCRE2_SIZE at;
        int error;

        if (strlen(text) > PATTERN_MAX) {
                snprintf(why, n_why, "it is longer than %d bytes", PATTERN_MAX);
                return -EINVAL;
        }
        /* Bytes, not characters: what a log holds need not be UTF-8. */
        p->code = pcre2_compile((PCRE2_SPTR) text, PCRE2_ZERO_TERMINATED, PCRE2_NEVER_UTF | PCRE2_NEVER_BACKSLASH_C,
                                &error, &at, NULL);
        if (p->code)
                return 0;
        if (error == PCRE2_ERROR_NOMEMORY || error == PCRE2_ERROR_HEAP_FAILED)
                return -ENOMEM;
        pcre2_get_error_message(error, said, sizeof(said));
        snprintf(why, n_why, "%s, at byte %zu", (const char *) said, (size_t) at);
        return -EINVAL;
}

int pattern_new(struct pattern **ret, const char *text, char *why, size_t n_why) {
        struct pattern *p = calloc(1, sizeof(*p));
        int e;

        if (!p)
                return -ENOMEM;
        p->text = strdup(text);
        e = p->text ? compile(p, text, why, n_why) : -ENOMEM;
        if (e == 0) {
                /* One pair: whether it matches is all that is asked. */
                p->match = pcre2_match_data_create(1, NULL);
                p->limits = pcre2_match_context_create(NULL);
                if (!p->match || !p->limits)
                        e = -ENOMEM;
        }
        if (e < 0) {
                pattern_free(p);
                return e;
        }
        pcre2_set_match_limit(p->limits, STEPS_MAX);
        pcre2_set_heap_limit(p->limits, HEAP_KIB_MAX);
        *ret = p;
        return 0;
}

struct slice pattern_literal(const struct pattern *p) {
        return literal_of_pattern(slice_of(p->text));
}

int pattern_match(struct pattern *p, struct slice text) {
        int n = pcre2_match(p->code, (PCRE2_SPTR) (text.s ? text.s : ""), text.n, 0, 0, p->match, p->limits);

        if (n >= 0)
                return 1;
        switch (n) {
        case PCRE2_ERROR_NOMATCH:
                return 0;
        case PCRE2_ERROR_NOMEMORY:
                return -ENOMEM;
        default:
                return -ELOOP;
        }
}
