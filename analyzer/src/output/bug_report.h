/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdio.h>

#include "output/signatures.h"

/* What is sent to the people who can mend it: one bug, in the form that kernel maintainers ask for. */
enum report_form { REPORT_MAIL, REPORT_GITLAB, REPORT_GITHUB, N_REPORT_FORMS };
/* "mail", "gitlab", "github"; NULL past the last. */
const char *report_form_name(size_t i);

struct bug_report {
        const struct signature_line *line;
        enum report_form form;
        const char *tree, *commit; /* that the kernel was built from; NULL: not given */
        struct slice config;       /* the kernel's configuration, appended; empty: not given */
        bool command_line;         /* the kernel's is wanted */
};

/* 0 or -ENOMEM. */
int bug_report_write(const struct bug_report *r, FILE *f);
