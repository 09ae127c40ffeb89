/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/table.h"

/* Entries of a boot that come twice. systemd-journal-upload remembers its place when a whole batch has arrived: where
 * the link breaks before that, all of the batch is sent again, and the centre's file holds it twice.
 *
 * A journald's entries of one boot are in order of time. So what is later than all before it is new; what is not is
 * compared with those that were taken. A machine that was set back to a snapshot says new things at old times: those
 * are taken. Entries that follow one another with the same time and text, as in a journal that was made from an export
 * with coarse times, are several where the file numbers them so. */

struct repeats {
        uint64_t latest_us;      /* time of reception, since boot */
        struct table young, old; /* hashes of what was taken; when young has PRINTS_MAX it becomes old, and what was old
                                    is forgotten */
        bool going_back;         /* what came last is earlier than latest_us, and new */
        bool replaying;          /* something earlier than latest_us came, and nothing later since */
};

/* What is forgotten and comes again is taken again: more than a boot has that is well. */
enum { PRINTS_MAX = 32768 };

void repeats_done(struct repeats *r);
/* Is it to be taken? print: a hash that equal entries share. starts: a report may begin here; any other line that comes
 * again, and was of no interest the first time, is known by its time alone. 1, 0 when it was there, -ENOMEM. */
int repeats_take(struct repeats *r, uint64_t time_us, uint64_t print, bool starts);
/* repeats_take() says that an entry of that time was there: may it be another one all the same? Then it is one if the
 * print of its sequence number is new: repeats_take_numbered(), 1, 0 when it was there, -ENOMEM. */
bool repeats_may_differ(const struct repeats *r, uint64_t time_us);
int repeats_take_numbered(struct repeats *r, uint64_t print);
/* For a state that is read back. 0 or -ENOMEM. */
int repeats_remember(struct repeats *r, uint64_t print);
