/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "findings/store.h"

/* Findings of one boot that belong together: a race, the count it broke, the use after free that came of it.
 * Each finding of a group names the group's likely first cause and why it is taken to belong there. */

/* Sets cause, link and next_in_group of all findings that are in a group; what stands alone keeps NULL. Needs the
 * judge's last word. 0 or -ENOMEM. */
int groups_make(struct store *s, size_t n_boots);
