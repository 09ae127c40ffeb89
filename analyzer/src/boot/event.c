/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "boot/event.h"

#include <errno.h>

#include "base/macros.h"

/* "CPU12: ", "{1}": a word with a number in it. */
static bool eat_numbered(struct slice *s, struct slice before, struct slice after) {
        struct slice b = *s;
        uint64_t number;

        if (!slice_eat(&b, before) || !slice_eat_u64(&b, &number) || !slice_eat(&b, after))
                return false;
        *s = b;
        return true;
}

/* mm/oom_kill.c: "Out of memory: Killed process 12 (comm) ...", before 5.3 "Out of memory: Kill process ...", and a
 * second line, which is not counted; of a control group "Memory cgroup out of memory: ...". */
static bool is_oom_kill(struct slice s) {
        return slice_starts(s, SLICE("Out of memory: Kill")) ||
               slice_starts(s, SLICE("Memory cgroup out of memory: Kill"));
}

/* arch/x86/kernel/cpu/mce: "mce: CPU2: Package temperature above threshold, cpu clock throttled (total events = 12)",
 * newer "CPU2: Core temperature is above threshold, cpu clock is throttled (...)". */
static bool is_throttling(struct slice s) {
        slice_eat(&s, SLICE("mce: "));
        return eat_numbered(&s, SLICE("CPU"), SLICE(": ")) &&
               (slice_eat(&s, SLICE("Core ")) || slice_eat(&s, SLICE("Package "))) &&
               slice_starts(s, SLICE("temperature")) && slice_has(s, SLICE("throttled"));
}

/* drivers/edac/edac_mc.c: "EDAC MC0: 3 CE memory read error on ..." says how many errors, and which can be corrected.
 */
static bool is_edac(struct slice s, enum event_what *what, uint64_t *n) {
        if (!eat_numbered(&s, SLICE("EDAC MC"), SLICE(": ")) || !slice_eat_u64(&s, n))
                return false;
        *what = slice_starts(s, SLICE(" UE ")) ? EVENT_EDAC_UNCORRECTED : EVENT_EDAC_CORRECTED;
        return slice_starts(s, SLICE(" UE ")) || slice_starts(s, SLICE(" CE "));
}

/* The line without what marks it as the hardware's: "mce: [Hardware Error]: ", "{1}[Hardware Error]: ". */
static bool eat_hardware(struct slice *s) {
        slice_eat(s, SLICE("mce: "));
        eat_numbered(s, SLICE("{"), SLICE("}"));
        return slice_eat(s, SLICE("[Hardware Error]: "));
}

/* "CPU 0: Machine Check: 0 Bank 5: be00000000800400", AMD's "CPU:0 (17:71:0) MC27_STATUS[-|CE|...]: 0x..." */
static bool is_bank(struct slice s) {
        if (eat_numbered(&s, SLICE("CPU "), SLICE(": ")))
                return slice_starts(s, SLICE("Machine Check")) && slice_has(s, SLICE(" Bank "));
        return eat_numbered(&s, SLICE("CPU:"), SLICE(" (")) && slice_has(s, SLICE("_STATUS["));
}

static struct event *event_of(struct boot *b, enum event_what what) {
        for (size_t i = 0; i < b->n_events; i++)
                if (b->events[i].what == what)
                        return &b->events[i];
        struct event *p = arena_grow(&b->arena, b->events, b->n_events, sizeof(*p));
        if (!p)
                return NULL;
        b->events = p;
        p[b->n_events] = (struct event){ .what = what };
        return &p[b->n_events++];
}

static int count(struct boot *b, enum event_what what, uint64_t n, uint64_t announced, const struct line *l) {
        struct event *e = event_of(b, what);

        if (!e || (!e->says && !(e->says = arena_dup(&b->arena, slice_trim(l->text)))))
                return -ENOMEM;
        if (e->first.has_mono == false && e->first.has_real == false)
                e->first = l->time;
        e->last = l->time;
        if (__builtin_add_overflow(e->told, n, &e->told))
                e->told = UINT64_MAX;
        e->announced += announced;
        /* Some events are announced and told, some only the one or the other. */
        e->n = MAX(e->told, e->announced);
        return 0;
}

int event_take(struct boot *b, const struct line *l) {
        struct slice s = slice_trim(l->text);
        enum event_what what;
        uint64_t n;

        if (is_oom_kill(s))
                return count(b, EVENT_OOM_KILL, 1, 0, l);
        if (is_throttling(s))
                return count(b, EVENT_THROTTLING, 1, 0, l);
        if (is_edac(s, &what, &n))
                return count(b, what, n, 0, l);
        if (!eat_hardware(&s))
                return 0;
        if (is_bank(s))
                return count(b, EVENT_MACHINE_CHECK, 1, 0, l);
        if (slice_starts(s, SLICE("Machine check events logged")))
                return count(b, EVENT_MACHINE_CHECK, 0, 1, l);
        if (slice_starts(s, SLICE("Hardware error from APEI")))
                return count(b, EVENT_HARDWARE_ERROR, 1, 0, l);
        return 0;
}
