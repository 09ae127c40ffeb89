/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "base/macros.h"
#include "kind/headline.h"

/* lib/ref_tracker.c. Up to 6.15: "ref_tracker: reference already released.", "allocated in:", "freed in:", each with
 * frames, and "ref_tracker: leaked reference."; newer: "ref_tracker: NAME@ffff8881 has 1/2 users at" with frames.
 * A WARN that says nothing follows some of them: it belongs to the same event. */

static const char *const machinery[] = { "ref_tracker_*", "__netdev_tracker*", "netdev_hold*", "netdev_put*", NULL };

static const struct headline headlines[] = {
        { "ref_tracker: leaked reference*", "ref-tracker", "leak", "WARNING: ref_tracker bug in @", SEVERITY_HIGH,
          OWES_STACK, machinery },
        { "leaked reference.", "ref-tracker", "leak", "WARNING: ref_tracker bug in @", SEVERITY_HIGH, OWES_STACK,
          machinery },
        { "ref_tracker: reference already released*", "ref-tracker", "double-put", "WARNING: ref_tracker bug in @",
          SEVERITY_HIGH, OWES_STACK, machinery },
        { "reference already released.", "ref-tracker", "double-put", "WARNING: ref_tracker bug in @", SEVERITY_HIGH,
          OWES_STACK, machinery },
        { "ref_tracker: * has */* users at", "ref-tracker", "leak", "WARNING: ref_tracker bug in @", SEVERITY_HIGH,
          OWES_STACK, machinery },
};

static const char *const triggers[] = { "leaked reference.", "reference already released.", " users at", NULL };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);

        /* Its own WARN. Another leak of the same place is another event. */
        if (kind_is(starter, KIND_WARN) && r->phase == 0) {
                if (slice_starts(s, SLICE("WARNING: ")) && !slice_has(s, SLICE("lib/ref_tracker.c")))
                        return PART_OVER;
                if (slice_starts(s, SLICE("WARNING: ")))
                        r->phase = 1;
                return PART_BODY;
        }
        if (class == LINE_OTHER &&
            (slice_starts(s, SLICE("allocated in:")) || slice_starts(s, SLICE("freed in:")) ||
             slice_starts(s, SLICE("ref_tracker: allocated in:")) || slice_starts(s, SLICE("ref_tracker: freed in:"))))
                return PART_BODY;
        r->complete = r->has_frames;
        return part_dump(r, l, class, starter);
}

const struct kind kind_ref_tracker = {
        .name = "ref_tracker",
        HEADLINES(headlines),
        .triggers = triggers,
        .part = part,
};
