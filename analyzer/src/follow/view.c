/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "follow/view.h"

#include "scan/take_report.h"
#include "triage/known.h"

int view_make(struct scan *view, const struct scan *s, const struct question *q, view_due_t due, void *userdata) {
        *view = (struct scan){ .sources = s->sources, .n_sources = s->n_sources, .known = s->known, .focus = s->focus };
        int e = boots_copy(&view->boots, &s->boots);

        if (e == 0)
                e = store_copy(&view->store, &s->store);
        for (size_t i = 0; e == 0 && i < scan_n_open(s); i++) {
                struct report *open = scan_open_report(s, i), r;
                const size_t n = view->store.n;

                if (!due(open, userdata))
                        continue;
                r = *open;
                r.end = r.over ? END_MARK : END_QUIET;
                r.n_lines = r.n_own;
                e = scan_take_report(view, &r);
                if (e == 0 && view->store.n > n)
                        view->store.items[n]->open = true;
        }
        if (e == 0)
                e = scan_finish(view, q);
        for (size_t i = 0; e == 0 && s->known && i < view->store.n; i++)
                known_route(s->known, view->store.items[i]);
        return e;
}

void view_done(struct scan *view) {
        store_done(&view->store);
        boots_done(&view->boots);
        *view = (struct scan){};
}
