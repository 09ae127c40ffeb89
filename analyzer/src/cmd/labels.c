/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/labels.h"

#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/macros.h"

static struct label *slot_of(struct labels *l, const char *name) {
        for (size_t i = 0; i < l->n; i++)
                if (strcmp(l->items[i].name, name) == 0)
                        return &l->items[i];
        return l->n < ARRAY_SIZE(l->items) ? &l->items[l->n++] : NULL;
}

static int add_label(void *to, const char *arg, const struct cmd_option *o) {
        struct labels *l = to;
        struct label label;

        int e = label_parse(arg, &l->arena, &label);
        if (e == -ENOMEM)
                return log_oom();
        if (e < 0) {
                log_error("--%s takes NAME=VALUE, and a name is letters, digits, '_', '-' and '.'; not \"%s\"", o->name,
                          arg);
                return e;
        }
        struct label *slot = slot_of(l, label.name);
        if (!slot) {
                log_error("--%s can be given at most %zu times", o->name, ARRAY_SIZE(l->items));
                return -EINVAL;
        }
        /* Which of two is meant, only the caller knows. */
        if (slot->value && strcmp(slot->value, label.value) != 0) {
                log_error("--%s %s is both \"%s\" and \"%s\": give it once", o->name, label.name, slot->value,
                          label.value);
                return -EINVAL;
        }
        *slot = label;
        return 0;
}

const struct cmd_option label_options[] = {
        { 0, "label", "NAME=VALUE",
          "attach what a CI system knows of the log (build, commit, config, job, url, machine): each boot in the "
          "report and in its exports carries it, but in Prometheus's; repeat for several",
          .set = add_label },
        {},
};

void labels_done(struct labels *l) {
        arena_free(&l->arena);
}
