/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "boot/boot.h"

/* Events of hardware and memory that explain reports and are not reports themselves: see enum event_what. */

/* Counts the line if it belongs to such an event. 0 or -ENOMEM. */
int event_take(struct boot *b, const struct line *l);
