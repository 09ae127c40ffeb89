/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "scan/scan.h"

/* A lab keeps a boot's serial log beside its journal, and what the kernel printed once must not count twice.
 *
 * Drops the findings of sources from on that an earlier boot with a boot ID has too, if both are logs of the same boot:
 * the kernel's clock had the same microsecond, after its first second, at a finding, a detector's line or the last
 * message. A source at the end of the list of which nothing is left is dropped with its boots. Returns the boot that a
 * dropped finding or source was of, NULL if there is none. */
const struct boot *scan_drop_same_boots(struct scan *s, uint32_t from);

/* Texts that begin alike are logs of one boot (a log that was copied, or saved again when it had grown): by log_id, as
 * the store has it. So are those of two sources that tell of one event (what collectors save: dmesg's output beside the
 * syslog and the journal's text, a report beside its log). Makes one boot of theirs, that of the log that was read
 * further, with the findings of all, each event once, and says so. 0 or -ENOMEM. */
int scan_join_texts(struct scan *s);
