/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>
#include <string.h>

#include "source/journal.h"

#define LOST_MATCH "MESSAGE_ID=" LOST_MESSAGE_ID

int journal_field(sd_journal *j, const char *name, struct slice *ret) {
        const void *data;
        size_t n, skip = strlen(name) + 1;

        int r = sd_journal_get_data(j, name, &data, &n);
        if (r < 0)
                return r;
        if (n < skip)
                return -ENOENT;
        *ret = (struct slice){ (const char *) data + skip, n - skip };
        return 0;
}

/* journald's word on losses. Any program can send its message id, and none this transport. */
static int match_losses(sd_journal *j) {
        int r = sd_journal_add_match(j, LOST_MATCH, 0);
        return r < 0 ? r : sd_journal_add_match(j, "_TRANSPORT=driver", 0);
}

static int filter_entries(sd_journal *j, const struct journal_filter *filter, bool with_losses) {
        int r = sd_journal_add_match(j, "_TRANSPORT=kernel", 0);

        if (r >= 0 && with_losses)
                r = sd_journal_add_disjunction(j);
        if (r >= 0 && with_losses)
                r = match_losses(j);
        if (r >= 0 && filter->has_boot) {
                r = sd_journal_add_conjunction(j);
                if (r >= 0)
                        r = journal_match_boot(j, filter->boot);
        }
        if (r >= 0)
                r = filter->has_since ? sd_journal_seek_realtime_usec(j, filter->since_us) : sd_journal_seek_head(j);
        return r < 0 ? r : 0;
}

/* Does any entry from here on tell of losses? Few files have one, and to look for them too makes every step of the
 * others a tenth slower. */
static int has_losses(sd_journal *j) {
        int r = match_losses(j);
        if (r >= 0)
                r = sd_journal_next(j);
        sd_journal_flush_matches(j);
        return r;
}

int journal_filter_entries(sd_journal *j, const struct journal_filter *filter) {
        sd_journal_set_data_threshold(j, 0);
        int r = sd_journal_seek_head(j);
        return r < 0 ? r : filter_entries(j, filter, has_losses(j) != 0);
}
