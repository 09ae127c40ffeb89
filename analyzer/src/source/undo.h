/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/slice.h"

/* What changed a text's bytes on its way from the kernel, and is undone before its lines are read. */
struct undo {
        bool written_escapes; /* a program wrote those in letters: they cannot be seen by their first byte */
        bool softened;        /* it was copied from a page or a chat: blanks that do not break */
        bool of_logcat;       /* Android's logd split messages into tags and texts */
        bool padded;          /* a console's server put zero bytes before lines */
        bool framed;          /* its author put marks of Markdown or HTML before a line */
        bool of_screen;       /* a terminal showed its position at a line's end */
        bool marked_down;     /* a program put '\\' before what its mark-up would have read */
};

/* What of it the text's beginning shows. */
void undo_see(struct undo *u, struct slice beginning);
/* Is there something to undo, escape sequences apart? */
static inline bool undo_is_needed(const struct undo *u) {
        return u->softened || u->of_logcat || u->padded || u->framed || u->of_screen || u->marked_down;
}
/* Undoes that, in place: whole lines, whose number stays what it is. Returns the new end. */
char *undo_changes(const struct undo *u, char *p, char *end);
/* Takes escape sequences out, in the same way. */
char *undo_escapes(char *p, char *end);
