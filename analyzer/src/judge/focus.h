/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "report/finding.h"

/* Whose code makes a finding related: --focus. */
enum focus_form {
        FOCUS_I915,   /* the default: with the contract's rules */
        FOCUS_MODULE, /* a module or driver by its name */
        FOCUS_PATH,   /* a file or folder of the kernel tree */
        FOCUS_NONE,   /* nobody's: severity alone decides */
};

struct focus {
        enum focus_form form;
        const char *name;   /* as it was given; NULL for the default */
        const char *module; /* of a path its last part */
};

/* "i915", "xe", "drivers/gpu/drm/xe", "none". False for what is none. The focus points into the word. */
bool focus_parse(const char *word, struct focus *ret);
/* As it was given, or "i915". */
const char *focus_name(const struct focus *f);

/* Do both relate the same code, however each is written? */
bool focus_same(const struct focus *a, const struct focus *b);

/* Does anything show that the name exists: a kind of report that is named so, a frame of it, or its name as a word in a
 * report's lines, such as "Modules linked in:"? Otherwise it may be mistyped, and relates nothing. */
struct store;
bool focus_is_shown(const struct focus *f, const struct store *s);

/* Is the frame in that code? By its module; built into the image by its file, where printed, or by a name that begins
 * as the module's do. */
bool focus_has_frame(const struct focus *f, const struct frame *fr);
/* Is the file in the path that is in focus? False for other forms. */
bool focus_has_file(const struct focus *f, const char *file);
