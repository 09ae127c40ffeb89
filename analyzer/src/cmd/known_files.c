/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/known_files.h"

#include <errno.h>
#include <time.h>

#include "base/log.h"
#include "base/macros.h"
#include "cmd/question.h"
#include "scan/scan.h"

static int add_file(void *to, const char *arg, const struct cmd_option *o) {
        struct known_files *f = to;

        (void) o;
        if (f->n == ARRAY_SIZE(f->paths)) {
                log_error("--known can be given at most %zu times; put the issues into fewer files",
                          ARRAY_SIZE(f->paths));
                return -EINVAL;
        }
        f->paths[f->n++] = arg;
        return 0;
}

const struct cmd_option known_options[] = {
        { 0, "known", "FILE",
          "read known issues from FILE: the report marks findings that an issue matches as known, all others as new; "
          "repeat for several files",
          .set = add_file },
        {},
};

int known_files_read(const struct known_files *files, const struct question *q, bool compares, struct known **ret) {
        struct known *k = NULL;

        *ret = NULL;
        if (question_check(q) < 0)
                return -EINVAL;
        if (files->n == 0) {
                if (!q->only_new || compares)
                        return 0;
                log_error("--fail-on=%s needs a list of what is known: add --known=FILE", fail_on_name(q));
                return -EINVAL;
        }
        int e = known_new(&k, (uint64_t) time(NULL) / 86400);
        if (e < 0)
                return log_oom();
        for (size_t i = 0; e == 0 && i < files->n; i++)
                e = known_read(k, files->paths[i]);
        if (e < 0) {
                known_free(k);
                return e;
        }
        *ret = k;
        return 0;
}
