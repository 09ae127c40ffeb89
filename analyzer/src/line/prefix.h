/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "line/record.h"

/* The data of a line's prefix. */
struct prefix {
        struct slice text; /* what is left: the kernel's words, perhaps with what escaped() must undo */
        char quote;        /* the text was in these; 0 for none */
        struct stamp time;
        enum origin origin;
        uint32_t caller;
        bool timed;   /* it has a time of any kind */
        size_t width; /* bytes before the text */
};
