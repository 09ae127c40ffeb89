/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "cmd/options.h"
#include "diff/side.h"
#include "output/signatures.h"

/* Logs and saved reports, read for one of their bugs. */
struct gathered {
        struct side side;
        struct signatures signatures; /* the worst first */
};

/* Zero-initialise; gathered_done() gives all back. Reads all words; known may be NULL. Says itself what is wrong: 0 or
 * -errno. */
int gather(struct gathered *g, const struct words *words, struct known *known);
void gathered_done(struct gathered *g);
/* Can the word be a signature, as gathered_find() takes it? Says so where it cannot: 0 or -EINVAL. Ask before logs are
 * read. */
int signature_check(const char *word);
/* The bug with that signature: "v2:" and all digits, or the first six and more, with or without "v2:". Reports that
 * there is none, or several. 0 or -EINVAL. */
int gathered_find(const struct gathered *g, const char *signature, const struct signature_line **ret);
/* The same finding, to be written to. */
struct finding *gathered_finding(struct gathered *g, const struct finding *f);
