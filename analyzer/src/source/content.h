/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "source/source.h"

/* What bytes hold, by how they begin: head is the first CONTENT_HEAD of them, or all. */
enum { CONTENT_HEAD = 8192 };

/* --- known_formats.c: the table of formats whose fields are known --- */

typedef int (*format_reader_t)(struct scan *s, struct input *in, const struct source_options *o);
/* Who reads it; NULL: it is none of these. */
format_reader_t content_format(struct slice head);

/* --- no_log.c: what is no text --- */

/* Compressed, or an archive? */
bool content_is_packed(struct slice head);
/* What it is, where it is no log: "an image"; NULL where it may be one. */
const char *content_no_log(struct slice head);

/* --- likely_log.c: of a folder's files and an archive's members some are logs --- */

/* Is this one, as far as the beginning tells? beginning: what input_beginning() gives. */
bool content_is_likely_log(const struct scan *s, struct input *in, struct slice beginning);
