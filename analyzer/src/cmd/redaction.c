/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/redaction.h"

#include <errno.h>

#include "base/log.h"
#include "base/macros.h"

static int add_word(void *to, const char *arg, const struct cmd_option *o) {
        struct redaction *r = to;

        (void) o;
        if (r->n_words == ARRAY_SIZE(r->words)) {
                log_error("--redact-word can be given at most %zu times", ARRAY_SIZE(r->words));
                return -EINVAL;
        }
        r->words[r->n_words++] = arg;
        r->on = true;
        return 0;
}

static int set_key(void *to, const char *arg, const struct cmd_option *o) {
        struct redaction *r = to;

        (void) o;
        r->key = arg;
        r->on = true;
        return 0;
}

const struct cmd_option redaction_options[] = {
        { 0, "redact", NULL,
          "replace host names, machine IDs, UUIDs, MAC and IP addresses, users and tasks by pseudonyms", set_flag,
          .at = offsetof(struct redaction, on) },
        { 0, "redact-key", "FILE",
          "the same, with the bytes of FILE as key: equal names get equal pseudonyms in all output made with that key "
          "(default: a new key each time)",
          set_key, .at = 0 },
        { 0, "redact-word", "WORD", "the same, and replace WORD too; repeat for several words", add_word, .at = 0 },
        {},
};
