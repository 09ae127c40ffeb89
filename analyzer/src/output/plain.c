/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "output/export.h"
#include "output/text.h"

/* The text that scan --format text prints, of saved reports. */
static int write_form(const struct saved *s, const struct export_options *o _unused_, FILE *f) {
        const struct style style = { .terminal = terminal_of(f, COLOR_NEVER), .verbose = 1 };
        return write_text(&s->scan, &style, f);
}

const struct export export_text = { "text", "the text that scan --format text prints", write_form, true };
