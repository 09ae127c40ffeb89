/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "cmd/question.h"

#include <errno.h>

#include "base/log.h"
#include "judge/judge.h"

static const char *detector(size_t i) {
        return i < N_DETECTORS ? detector_name((enum detector) i) : i == N_DETECTORS ? REQUIRE_ORIGIN : NULL;
}

static int set_fail_on(void *to, const char *arg, const struct cmd_option *o) {
        return fail_on_parse(slice_of(arg), to) ? 0 : option_choice(o, arg);
}

static int set_focus(void *to, const char *arg, const struct cmd_option *o) {
        if (focus_parse(arg, to))
                return 0;
        log_error("--%s takes a module, a path from the kernel tree's top, or none, not \"%s\"", o->name, arg);
        return -EINVAL;
}

int question_check(const struct question *q) {
        if (question_can_hold(q))
                return 0;
        /* diff adds "new" by itself: that is not what the user wrote. */
        struct question asked = *q;
        asked.only_new = false;
        log_error("--fail-on %s can never hold with --focus none, which relates nothing: give a severity "
                  "(--fail-on high)",
                  fail_on_name(&asked));
        return -EINVAL;
}

static int set_require(void *to, const char *arg, const struct cmd_option *o) {
        char typed[64];
        struct slice bad;
        int e = require_parse(arg, to, &bad);

        if (e == -EINVAL) {
                snprintf(typed, sizeof(typed), "%.*s", SLICE_FMT(bad));
                return option_choice(o, typed);
        }
        return e;
}

const struct cmd_option question_options[] = {
        { 0, "fail-on", "LEVEL",
          "exit with 1 for findings of this relevance or severity or higher; new counts only findings that are neither "
          "known nor injected: @; any is the default",
          set_fail_on, .values = fail_on_level },
        { 0, "focus", "WHAT",
          "judge as related what concerns WHAT: a module (xe), a file or folder of the kernel tree (fs/ext4, "
          "drivers/gpu), or none, to go by "
          "severity alone; i915, for which the contract's rules hold, is the default",
          set_focus, .at = offsetof(struct question, focus) },
        { 0, "require", "LIST",
          "exit with 3 if a boot without findings is not proven clean by these detectors, separated by commas: @",
          set_require, .values = detector, .list = true },
        {},
};
