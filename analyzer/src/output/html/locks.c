/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <inttypes.h>

#include "base/macros.h"
#include "kind/guilty.h"
#include "output/html/page.h"

/* The locks of a deadlock as lockdep chains them. "-> #N" is a lock that was taken, by the stack below it, while the
 * one before it (#N-1) was held; #0 is the one that is being taken now, while the last is held: that closes the
 * circle. */

enum { LOCKS_MAX = 12, CHAR_WIDTH = 8, BOX_HEIGHT = 34, GAP = 62, PAD = 14, RETURN = 46, TOP = 8 };

struct node {
        const char *name;
        const char *taken_in; /* the function that took it while the one before was held; NULL */
};

struct circle {
        struct node nodes[LOCKS_MAX];
        size_t n, left_out;
};

static const struct lock *lock_with(const struct finding *f, const char *role, int64_t index) {
        for (size_t i = 0; i < f->n_locks; i++)
                if (strcmp(f->locks[i].role, role) == 0 && (index < 0 || f->locks[i].index == index))
                        return &f->locks[i];
        return NULL;
}

/* Chains and their stacks come in the same order, the last lock first. */
static const char *taken_in(const struct finding *f, const struct lock *chain) {
        size_t nth = 0;

        for (const struct lock *l = f->locks; l != chain; l++)
                nth += strcmp(l->role, "chain") == 0;
        for (size_t i = 0; i < f->n_stacks; i++)
                if (strcmp(f->stacks[i].what, "chain") == 0 && nth-- == 0)
                        return blame_stack(&f->stacks[i], NULL);
        return NULL;
}

static void circle_of(const struct finding *f, struct circle *c) {
        const struct lock *l;

        *c = (struct circle){};
        for (int64_t i = 0; (l = lock_with(f, "chain", i)); i++) {
                if (c->n == LOCKS_MAX) {
                        c->left_out++;
                        continue;
                }
                c->nodes[c->n++] = (struct node){ l->name, taken_in(f, l) };
        }
        if (c->n)
                return;
        /* No chain: the one that is held and the one that is wanted, which may be the same. */
        const struct lock *wanted = lock_with(f, "acquiring", -1), *held = lock_with(f, "already-held", -1);
        if (!wanted || !held || !wanted->name || !held->name)
                return;
        c->nodes[c->n++] = (struct node){ wanted->name, wanted->function };
        if (strcmp(wanted->name, held->name) != 0)
                c->nodes[c->n++] = (struct node){ held->name, held->function };
}

bool html_has_locks(const struct finding *f) {
        struct circle c;

        circle_of(f, &c);
        return c.n > 0 || f->n_scenario > 0;
}

/* Characters, not bytes. */
static size_t length(const char *s) {
        size_t n = 0;

        for (; s && *s; s++)
                n += ((unsigned char) *s & 0xc0) != 0x80;
        return n;
}

static size_t width_of(const struct circle *c) {
        size_t chars = 16;

        for (size_t i = 0; i < c->n; i++) {
                chars = MAX(chars, length(c->nodes[i].name) + 4);
                chars = MAX(chars, length(c->nodes[i].taken_in) + 12);
        }
        return MIN(chars, (size_t) 70) * CHAR_WIDTH + 2 * PAD;
}

static void print_box(struct page *p, const struct node *n, size_t i, size_t width) {
        const size_t y = TOP + i * (BOX_HEIGHT + GAP);

        rawf(p,
             "<g><rect x=\"1\" y=\"%zu\" width=\"%zu\" height=\"%d\" rx=\"7\" class=\"lock\"/><text x=\"%d\" "
             "y=\"%zu\"><tspan class=\"nr\">#%zu</tspan> ",
             y, width, BOX_HEIGHT, PAD, y + 22, i);
        html_text(p, n->name ? n->name : "(lock without a name)");
        raw(p, "</text></g>");
}

/* From box i down to the next. */
static void print_arrow(struct page *p, const struct node *to, size_t i) {
        const size_t y = TOP + i * (BOX_HEIGHT + GAP) + BOX_HEIGHT;

        rawf(p,
             "<path d=\"M 28 %zu V %zu\" class=\"edge\" marker-end=\"url(#tip)\"/><text x=\"44\" y=\"%zu\" "
             "class=\"why\">then #%zu, in</text>",
             y + 2, y + GAP - 8, y + 26, i + 1);
        rawf(p, "<text x=\"44\" y=\"%zu\" class=\"fn\">", y + 43);
        html_text(p, to->taken_in ? to->taken_in : "a function that was not printed");
        raw(p, "</text>");
}

/* From the last box around to the first. */
static void print_return(struct page *p, const struct circle *c, size_t width) {
        const size_t last = TOP + (c->n - 1) * (BOX_HEIGHT + GAP), x = width + RETURN - 6;

        rawf(p,
             "<path d=\"M %zu %zu H %zu a 10 10 0 0 0 10 -10 V %d a 10 10 0 0 0 -10 -10 H %zu\" class=\"edge back\" "
             "marker-end=\"url(#back)\"/>",
             width + 3, last + BOX_HEIGHT / 2 + (c->n == 1 ? 10 : 0), x - 10,
             TOP + BOX_HEIGHT / 2 + (c->n == 1 ? 0 : 10), width + 10);
}

static void print_circle(struct page *p, const struct finding *f, const struct circle *c) {
        const size_t width = width_of(c), height = TOP + c->n * BOX_HEIGHT + (c->n - 1) * GAP + TOP;
        const struct lock *wanted = lock_with(f, "acquiring", -1);
        const char *now = wanted && wanted->function ? wanted->function : c->nodes[0].taken_in;

        rawf(p,
             "<figure class=\"locks\"><svg viewBox=\"0 0 %zu %zu\" width=\"%zu\" role=\"img\" aria-label=\"the locks' "
             "circle\">",
             width + RETURN + 8, height, width + RETURN + 8);
        for (size_t i = 0; i < c->n; i++) {
                print_box(p, &c->nodes[i], i, width);
                if (i + 1 < c->n)
                        print_arrow(p, &c->nodes[i + 1], i);
        }
        print_return(p, c, width);
        rawf(p, "</svg><figcaption><span class=\"back\">Now</span> #0 is wanted%s", now ? " in " : "");
        if (now) {
                raw(p, "<code>");
                html_text(p, now);
                raw(p, "</code>");
        }
        rawf(p, " while #%zu is held: the circle is closed.", c->n - 1);
        if (c->left_out)
                rawf(p, " %zu more locks between them are not drawn.", c->left_out);
        raw(p, "</figcaption></figure>");
}

static void print_scenario(struct page *p, const struct finding *f) {
        int64_t cpus = 0;

        for (size_t i = 0; i < f->n_scenario; i++)
                cpus = MAX(cpus, f->scenario[i].cpu + 1);
        cpus = MIN(MAX(cpus, (int64_t) 1), (int64_t) 8);
        raw(p, "<table class=\"scenario\"><caption>How it can happen</caption><thead><tr>");
        for (int64_t i = 0; i < cpus; i++)
                rawf(p, "<th scope=\"col\">CPU%" PRId64 "</th>", i);
        raw(p, "</tr></thead><tbody>");
        for (size_t i = 0; i < f->n_scenario; i++) {
                const struct step *s = &f->scenario[i];
                raw(p, "<tr>");
                for (int64_t cpu = 0; cpu < cpus; cpu++) {
                        raw(p, "<td>");
                        if (cpu == MIN(MAX(s->cpu, (int64_t) 0), cpus - 1)) {
                                html_text(p, s->action);
                                if (s->lock) {
                                        raw(p, " <code>");
                                        html_text(p, s->lock);
                                        raw(p, "</code>");
                                }
                        }
                        raw(p, "</td>");
                }
                raw(p, "</tr>");
        }
        raw(p, "</tbody></table>");
}

/* What the arrows of all drawings end in. */
void html_arrow_tips(struct page *p) {
        static const char *const names[] = { "tip", "back" };

        raw(p, "<svg class=\"tips\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>");
        for (size_t i = 0; i < ARRAY_SIZE(names); i++)
                rawf(p,
                     "<marker id=\"%s\" viewBox=\"0 0 10 10\" refX=\"8\" refY=\"5\" markerWidth=\"7\" "
                     "markerHeight=\"7\" orient=\"auto\">"
                     "<path d=\"M 0 0 L 10 5 L 0 10 z\" class=\"tip %s\"/></marker>",
                     names[i], names[i]);
        raw(p, "</defs></svg>\n");
}

void html_locks(struct page *p, const struct finding *f) {
        struct circle c;

        circle_of(f, &c);
        raw(p, "<div class=\"deadlock\">");
        if (c.n)
                print_circle(p, f, &c);
        if (f->n_scenario)
                print_scenario(p, f);
        raw(p, "</div>");
}
