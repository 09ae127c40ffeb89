/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "kind/sure_frames.h"

#include "line/frame.h"

struct slice frame_base(const struct frame *fr) {
        return function_base(slice_of(fr->function));
}

bool stack_has_surely(const struct stack *s, const struct frame *fr) {
        return fr->reliable || s->guessed;
}

bool stack_passes_inlined(const struct stack *s) {
        for (size_t i = 0; i < s->n_frames; i++)
                if (!s->frames[i].inlined)
                        return true;
        return s->former;
}
