/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include <errno.h>

#include "base/macros.h"
#include "kind/dump.h"
#include "kind/headline.h"

/* kernel/irq/spurious.c: "irq 16: nobody cared (try booting with the "irqpoll" option)", a dump, "handlers:" and one in
 * each line ("[<00000000a1b2c3d4>] usb_hcd_irq [usbcore]", also "... threaded [<...>] f"), "Disabling IRQ #16". */

static const struct headline headline = {
        "irq *: nobody cared*", "irq", "nobody-cared", "irq NUM: nobody cared", SEVERITY_MEDIUM, OWES_STACK, NULL,
};

static const char *const triggers[] = { ": nobody cared", NULL };

static bool starts(struct slice text) {
        struct slice s = slice_trim(text);
        uint64_t number;

        return slice_eat(&s, SLICE("irq ")) && slice_eat_u64(&s, &number) && slice_starts(s, SLICE(": nobody cared"));
}

/* "[<00000000a1b2c3d4>] f [mod]" with the address taken off: a handler. */
static bool eat_handler(struct slice *s, struct frame_view *ret) {
        *s = slice_ltrim(*s);
        slice_eat(s, SLICE("threaded "));
        if (!slice_eat(s, SLICE("[<")))
                return false;
        slice_token(s, ']');
        *s = slice_ltrim(*s);
        return symbol_eat(s, true, ret);
}

enum { PHASE_HANDLERS = 1 };

static enum part part(struct report *r, const struct line *l, enum line_class class, const struct kind *starter) {
        struct slice s = slice_trim(l->text);
        struct frame_view v;

        if (starter && r->n_lines > 1)
                return PART_OVER;
        if (slice_starts(s, SLICE("Disabling IRQ #")))
                return PART_LAST;
        if (slice_eq(s, SLICE("handlers:"))) {
                r->phase = PHASE_HANDLERS;
                return PART_BODY;
        }
        if (r->phase == PHASE_HANDLERS && eat_handler(&s, &v))
                return PART_BODY;
        return part_dump(r, l, class, NULL);
}

/* Who was asked and did not care is the one to look at. */
static int add_handlers(const struct report *r, struct finding *f) {
        struct stack *stack = NULL;
        size_t i = 0;

        while (i < r->n_lines && !slice_eq(slice_trim(report_text(r, i)), SLICE("handlers:")))
                i++;
        while (++i < r->n_lines) {
                struct slice s = slice_trim(report_text(r, i));
                struct frame_view v;

                while (eat_handler(&s, &v)) {
                        v.reliable = true;
                        if (!stack && !(stack = finding_add_stack(f, "handlers")))
                                return -ENOMEM;
                        int e = dump_add_frame(f, stack, &v);
                        if (e == 0)
                                e = finding_add_function(f, v.function);
                        if (e < 0)
                                return e;
                }
        }
        return 0;
}

static int parse(const struct report *r, struct finding *f) {
        struct slice s = slice_trim(report_text(r, 0)), number = slice_from(s, strlen("irq "));
        int e = finding_add_field(f, SLICE("irq"), slice_token(&number, ':'));

        if (e == 0)
                e = headline_begin(r, f, &headline);
        if (e == 0)
                e = add_handlers(r, f);
        return e < 0 ? e : headline_end(r, f, &headline, NULL);
}

static bool names(size_t i, struct kind_name *ret) {
        *ret = (struct kind_name){ headline.detector, headline.kind };
        return i == 0;
}

const struct kind kind_irq = {
        .name = "irq",
        .names = names,
        .triggers = triggers,
        .starts = starts,
        .part = part,
        .parse = parse,
};
