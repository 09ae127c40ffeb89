/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "follow/codec.h"
#include "scan/scan.h"

/* What a scan must remember to go on as if it had never stopped: its boots, its open reports line by line, and of
 * each finding what later ones are judged by. Stacks, locks and the lines of findings are left behind: those were
 * told. Written and read again into a fresh scan this also gives back the memory of all that. */

/* Which boots are kept: those with keep[i]; NULL keeps all. remap[i] becomes their new index. */
struct state_choice {
        const bool *keep;
        uint32_t *remap; /* room for all boots; filled */
};

/* Findings kept at most; of more than that the oldest are forgotten that no rule hangs on. */
enum { STATE_FINDINGS_MAX = 8192 };

/* While reading, the scan must be fresh. Errors are in the codec. forgotten: findings left out for their number. */
void state_code(struct codec *c, struct scan *s, const struct state_choice *choice, uint64_t *forgotten);
