/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* What a log says of hardware and memory that explains reports and is none itself: see enum event_what. */

/* Counts the line if it is such an event's. 0 or -ENOMEM. */
int event_take(struct boot *b, const struct line *l);
