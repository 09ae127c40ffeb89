/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "lib/conclude.h"

#include "base/log.h"
#include "judge/judge.h"

static int add_symbols(struct scan *s, struct symbols *symbols) {
        int e = 0;

        for (size_t i = 0; symbols && e == 0 && i < s->store.n; i++)
                e = symbols_resolve(symbols, s->store.items[i]);
        if (symbols && e == 0)
                symbols_say(symbols);
        return e;
}

/* After the symbols, which know more. */
static void add_sites(struct scan *s, const struct sites *all) {
        for (size_t i = 0; all && i < s->store.n; i++) {
                struct finding *f = s->store.items[i];
                const struct sites *sites = sites_of(all, s->boots.items[f->boot]);
                if (sites)
                        sites_locate(sites, f);
        }
}

static void add_owners(struct scan *s, struct known *known) {
        for (size_t i = 0; known && i < s->store.n; i++)
                known_route(known, s->store.items[i]);
        if (known)
                known_say(known);
}

int knowledge_add_people(const struct knowledge *k, struct scan *s) {
        size_t n_nobody = 0;
        int e = 0;

        for (size_t i = 0; k->maintainers && e == 0 && i < s->store.n; i++) {
                e = maintainers_find(k->maintainers, s->store.items[i]);
                n_nobody += s->store.items[i]->n_maintainers + s->store.items[i]->n_lists == 0;
        }
        if (n_nobody && e == 0)
                log_warning("%s names nobody for %zu of %zu findings: the source file of the function to blame is not "
                            "known%s",
                            k->maintainers_file, n_nobody, s->store.n, k->symbols ? "" : "; --vmlinux shows it");
        return e;
}

int knowledge_add(const struct knowledge *k, struct scan *s) {
        int e = add_symbols(s, k->symbols);

        if (e < 0)
                return e;
        add_sites(s, k->sites);
        add_owners(s, k->known);
        return knowledge_add_people(k, s);
}

void doubt_focus(const struct question *q, const struct store *const stores[], size_t n) {
        size_t n_findings = 0;

        for (size_t i = 0; i < n; i++) {
                if (focus_is_shown(&q->focus, stores[i]))
                        return;
                n_findings += stores[i]->n;
        }
        if (n_findings)
                log_warning(
                        "--focus %s: no finding has a function, module or file of that name, and all are unrelated; "
                        "is the name right?%s",
                        focus_name(&q->focus),
                        strchr(focus_name(&q->focus), '/') ?
                                " Frames name files only with --vmlinux and --modules; without, name the module" :
                                "");
}

static bool any_boot(const struct boots *boots, enum verdict v) {
        for (size_t i = 0; i < boots->n; i++)
                if (boots->items[i]->verdict == v)
                        return true;
        return false;
}

int status_of_boots(const struct boots *boots, const struct question *q) {
        if (any_boot(boots, VERDICT_FINDINGS))
                return EXIT_FINDINGS;
        return q->has_require && any_boot(boots, VERDICT_NOT_PROVEN) ? EXIT_NOT_PROVEN : EXIT_CLEAN;
}
