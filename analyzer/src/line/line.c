/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "line/line.h"

#include <string.h>

#include "base/buffer.h"
#include "base/macros.h"
#include "line/clock.h"
#include "line/escapes.h"
#include "line/fields.h"
#include "line/layout.h"
#include "line/own_words.h"

/* "kernel", "kernel[0]" */
static bool is_kernel_tag(struct slice tag) {
        uint64_t number;

        if (!slice_eat(&tag, SLICE("kernel")))
                return false;
        return tag.n == 0 || (slice_eat(&tag, SLICE("[")) && slice_eat_u64(&tag, &number) && number == 0 &&
                              slice_eq(tag, SLICE("]")));
}

/* What follows a syslog time: " host kernel: " or " host process[12]: ", or either without the host. */
static void eat_host_and_tag(struct slice *s, struct line *l) {
        struct slice rest = slice_ltrim(*s);
        size_t blank = slice_find_byte(rest, ' ');
        struct slice host = slice_head(rest, blank);

        if (host.n == 0 || host.n > 255)
                return;
        if (host.s[host.n - 1] != ':')
                rest = slice_ltrim(slice_from(rest, host.n));
        else if (host.n == 1)
                return;
        size_t colon = slice_find(rest, SLICE(": "));
        if (colon == SLICE_NPOS && rest.n && rest.s[rest.n - 1] == ':')
                colon = rest.n - 1;
        if (colon == SLICE_NPOS || colon == 0 || colon > 64)
                return;
        struct slice tag = slice_head(rest, colon);
        if (slice_find_byte(host, '[') != SLICE_NPOS && host.s[host.n - 1] != ':')
                return;
        /* "kern.warn kernel:" has the facility before the tag. */
        while ((blank = slice_find_byte(tag, ' ')) != SLICE_NPOS && slice_starts(tag, SLICE("kern.")))
                tag = slice_from(tag, blank + 1);
        if (slice_find_byte(tag, ' ') != SLICE_NPOS)
                return;
        if (is_kernel_tag(tag)) {
                l->told = true;
                l->form = "syslog";
        } else
                l->origin = ORIGIN_USERSPACE;
        *s = slice_from(rest, colon + 2);
}

/* A program left its line unfinished on the console and the kernel's own begins within: what is before the
 * kernel's time is not the kernel's. The byte where that begins, 0 if there is none. */
static size_t kernel_begins(struct slice s) {
        for (size_t at = 0; at < s.n;) {
                size_t next = slice_find_byte(slice_from(s, at), '[');
                struct stamp t;
                if (next == SLICE_NPOS)
                        return 0;
                at += next;
                struct slice rest = slice_from(s, at);
                if (clock_kernel(&rest, &t))
                        return at;
                at++;
        }
        return 0;
}

/* What the firmware left on the line before the kernel's first: "Booting from ROM...\r[    0.000000] Linux version".
 * Firmware writes neither times nor tags: behind them a user's string goes on. Lines of the kernel that ran together
 * keep their text. */
static struct slice after_firmware(struct slice raw, struct layout *layout) {
        const size_t cr = slice_find_byte(raw, '\r');
        const struct prefix initial = {};
        struct stamp ignored = {};
        struct prefix p;

        if (cr == SLICE_NPOS)
                return raw;
        struct slice before = slice_ltrim(slice_head(raw, cr)), after = slice_from(raw, cr + 1),
                     rest = slice_ltrim(after);
        if (clock_kernel(&before, &ignored) || clock_wall(&before, &ignored) || !clock_kernel(&rest, &ignored))
                return raw;
        return layout && layout_match(layout, before, &initial, &p) && p.width ? raw : after;
}

/* " <    0.001100 >": what has passed since the line before. */
static void eat_difference(struct slice *s) {
        struct slice b = slice_ltrim(*s);
        struct stamp ignored = {};

        if (slice_starts(b, SLICE("<")) && clock_any(&b, &ignored)) {
                b = slice_ltrim(b);
                slice_eat(&b, SLICE(">"));
        }
        *s = slice_ltrim(b);
}

/* The kernel's time with a time of day in its place ("[Sat Sep 20 11:53:55 2025]", "[  +0.003000]", "[    1.002200 <
 * 0.001100 >]"), or with its first bracket lost. */
static bool eat_bracketed(struct slice *s, struct stamp *t) {
        struct slice b = *s;
        const bool open = slice_eat(&b, SLICE("["));

        b = slice_ltrim(b);
        if (!open ? !(b.n && is_digit(b.s[0])) : b.n == 0)
                return false;
        struct stamp at = *t;
        if (open ? !clock_wall(&b, &at) && !clock_any(&b, &at) : !clock_any(&b, &at) || !at.has_mono || at.has_real)
                return false;
        if (open)
                eat_difference(&b);
        if (!slice_eat(&b, SLICE("]")))
                return false;
        *t = at;
        *s = b;
        return true;
}

/* "1 TIME host kernel - - - ", behind a priority: RFC 5424, with the writer's name, its process, a message's name and
 * data. */
static bool eat_rfc_5424(struct slice *raw, struct line *l) {
        struct slice s = *raw;
        struct stamp time = l->time;

        if (!slice_eat(&s, SLICE("1 ")) || !clock_wall(&s, &time) || !slice_eat(&s, SLICE(" ")))
                return false;
        slice_token(&s, ' ');
        const struct slice writer = slice_token(&s, ' ');
        slice_token(&s, ' ');
        slice_token(&s, ' ');
        if (!slice_eat(&s, SLICE("-")))
                return false;
        slice_eat(&s, SLICE(" "));
        l->time = time;
        l->told = l->told && slice_eq(writer, SLICE("kernel"));
        if (!l->told)
                l->origin = ORIGIN_USERSPACE;
        l->form = "syslog of RFC 5424";
        *raw = s;
        return true;
}

/* A line of a text of which nothing was learned, or that is not made as its others are: the fields that most programs
 * use, in their order. */
static struct slice eat_known_fields(struct slice raw, const struct record *record, struct line *l) {
        struct slice probe;
        bool timed = false, walled = false;

        if (field_priority(&raw, &l->origin)) {
                l->told = l->origin != ORIGIN_USERSPACE;
                walled = eat_rfc_5424(&raw, l);
        }
        probe = slice_ltrim(raw);
        if (probe.n == 0 || probe.s[0] != '[') {
                struct slice at = probe;
                if (field_kmsg(&raw, &l->time, &l->origin, &l->caller)) {
                        l->form = "netconsole, extended";
                        l->told = l->origin != ORIGIN_USERSPACE;
                        return raw;
                }
                if (clock_wall(&probe, &l->time)) {
                        walled = true;
                        raw = probe;
                        /* util-linux writes no host. */
                        if (slice_find_byte(slice_head(at, at.n - probe.n), ',') == SLICE_NPOS)
                                eat_host_and_tag(&raw, l);
                        else
                                slice_eat(&raw, SLICE(" "));
                }
                if (field_decoded(&raw, &l->origin)) {
                        l->form = "dmesg --decode";
                        l->told = l->origin != ORIGIN_USERSPACE;
                        slice_eat(&raw, SLICE(" "));
                        probe = slice_ltrim(raw);
                        if (clock_wall(&probe, &l->time))
                                raw = probe;
                }
        }
        probe = slice_ltrim(raw);
        if (clock_kernel(&probe, &l->time) || (!walled && eat_bracketed(&probe, &l->time))) {
                timed = true;
                raw = probe;
        }
        if (!timed && !walled && !l->told) {
                size_t at = kernel_begins(raw);
                if (at > 0) {
                        raw = slice_from(raw, at);
                        l->origin = record->origin;
                        timed = l->within = clock_kernel(&raw, &l->time);
                }
        }
        if (!l->form && (timed || l->told))
                l->form = l->time.has_mono || !timed ? "dmesg" : "dmesg --ctime";
        l->told = l->told || (timed && l->origin != ORIGIN_USERSPACE);
        l->timed = timed || walled;
        if (field_caller(&raw, &l->caller) || timed)
                slice_eat(&raw, SLICE(" "));
        return raw;
}

/* Does the text's last line, or what was learned of it, show that its lines have a prefix? */
static bool is_prefixed(const struct layout *layout, const struct before *b, uint64_t number) {
        return layout_prefixed(layout) || (b->number && b->number + 1 == number && b->told && b->width > 0);
}

/* A line without a prefix in a text whose lines have one. dmesg and journalctl put blanks before a message's further
 * lines, as many as the prefix is wide; older ones nothing, which shows only where the message began with a line end.
 */
static bool goes_on(struct slice raw, const struct before *b, uint64_t number) {
        size_t blanks = raw.n - slice_ltrim(raw).n;

        if (b->number == 0 || b->number + 1 != number || b->stray)
                return false;
        if (blanks == raw.n)
                return b->continued || raw.n > 0;
        return blanks >= MAX(b->width, (size_t) 4) || (b->empty && !b->continued);
}

/* A further line of the record before, with its prefix's blanks up to that byte. */
static void take_further(struct slice raw, size_t at, struct line *l, struct before *b) {
        l->continues = !b->stray;
        l->stray = b->stray;
        b->number = l->record->number;
        b->continued = true;
        l->text = slice_from(raw, at);
        l->time = b->time;
        l->origin = b->origin;
        l->caller = b->caller;
}

/* Bytes of a mail's marks for a quotation that the line has as well as the prefix of those before it. */
static size_t quotation(struct slice raw, const struct prefix_bytes *before) {
        size_t n = 0, marks = 0;

        for (; n < before->n && n < raw.n && raw.s[n] == before->bytes[n]; n++)
                if (raw.s[n] == '>')
                        marks = n + 1;
                else if (raw.s[n] != ' ')
                        break;
        return marks > 0 && marks < raw.n && raw.s[marks] == ' ' ? marks + 1 : marks;
}

/* A line without a prefix: one of that record, or nobody's. */
static void take_stray(struct slice raw, struct line *l, struct before *b) {
        if (goes_on(raw, b, l->record->number)) {
                take_further(raw, MIN(raw.n - slice_ltrim(raw).n, b->width), l, b);
                return;
        }
        l->text = slice_from(raw, quotation(raw, &b->prefix));
        l->stray = true;
        b->number = l->record->number;
        b->stray = true;
        b->continued = false;
}

/* The first of them. */
static void remember_bytes(struct prefix_bytes *p, struct slice s) {
        p->n = MIN(s.n, (size_t) BEFORE_BYTES);
        memcpy(p->bytes, s.s, p->n);
}

/* How the line before the next one was made. */
static void remember(struct layout *layout, struct slice raw, const struct prefix *p, const struct line *l) {
        struct before *b = layout_before(layout);

        b->time = p->time;
        b->origin = p->origin;
        b->caller = p->caller;
        b->width = p->width;
        b->empty = slice_trim(p->text).n == 0;
        b->told = l->told;
        b->continued = false;
        b->stray = l->stray;
        b->number = l->record->number;
        remember_bytes(&b->prefix, slice_head(raw, p->width <= BEFORE_BYTES ? p->width : 0));
        if (l->fits && l->told)
                remember_bytes(layout_kernels(layout), slice_head(raw, b->prefix.n));
}

/* Moves the line into the scratch memory, where it can be changed. */
static int own(struct slice *raw, struct buffer *scratch) {
        if (raw->n && scratch->data && raw->s >= scratch->data && raw->s < scratch->data + scratch->room)
                return 0;
        scratch->size = 0;
        int e = buffer_add(scratch, raw->s, raw->n);
        *raw = buffer_slice(scratch, 0, raw->n);
        return e;
}

static int drop_escapes(struct slice *raw, struct buffer *scratch) {
        int e = own(raw, scratch);
        if (e == 0)
                raw->n = escapes_drop(scratch->data, raw->n);
        return e;
}

/* The text may hold line ends now: its first line, and the others for line_next(). */
static void split(struct line *l) {
        struct slice rest = slice_rtrim(l->text), first = slice_token(&rest, '\n');

        if (rest.n == 0) {
                l->text = first;
                return;
        }
        l->text = first;
        l->more = rest;
        l->raw.n = (size_t) (first.s - l->raw.s) + first.n;
}

/* Undoes what was done to the text alone. */
static int undo(struct line *l, char quote, struct buffer *scratch) {
        size_t at = (size_t) (l->text.s - l->raw.s), n = l->text.n;

        if (!quote && !controls_in(l->text))
                return 0;
        int e = own(&l->raw, scratch);
        if (e < 0)
                return e;
        char *p = scratch->data + (l->raw.s - scratch->data) + at;
        n = quote ? quoted_undo(p, n, quote) : controls_undo(p, n);
        if (quote && escapes_in((struct slice){ p, n }))
                n = escapes_drop(p, n);
        join_names(p, n);
        l->text = (struct slice){ p, n };
        l->raw.n = at + n;
        split(l);
        return 0;
}

bool line_next(struct line *l) {
        if (l->more.n == 0)
                return false;
        l->raw = l->text = slice_rtrim(slice_token(&l->more, '\n'));
        l->continues = true;
        return true;
}

static int take_console(struct slice raw, struct line *l, struct buffer *scratch) {
        struct layout *layout = l->record->layout;
        struct prefix p = {};

        while (raw.n && (raw.s[0] == '\r' || raw.s[0] == '\0'))
                raw = slice_from(raw, 1);
        const size_t further =
                layout ? further_at(raw, layout_before(layout), layout_kernels(layout), l->record->number) : 0;
        if (!further)
                raw = after_firmware(raw, layout);
        const struct prefix initial = { .time = l->time, .origin = l->origin, .caller = l->caller };
        if (further) {
                take_further(raw, further, l, layout_before(layout));
        } else if (layout && layout_match(layout, raw, &initial, &p)) {
                if (layout_denies(layout, raw))
                        p.origin = ORIGIN_USERSPACE;
                l->time = p.time;
                l->origin = p.origin;
                l->caller = p.caller;
                /* Blanks alone, before all lines, are no prefix that a further line could lack. */
                if (slice_trim(slice_head(raw, p.width)).n == 0)
                        p.width = 0;
                l->told = p.width > 0 && p.origin != ORIGIN_USERSPACE;
                l->timed = p.timed;
                l->within = layout_lacks_outer(layout, raw);
                l->fits = true;
                l->text = p.text;
        } else {
                l->text = eat_known_fields(raw, l->record, l);
                l->within = l->within || (layout && layout_lacks_outer(layout, raw));
                /* The time in front of it may look like the kernel's. */
                const bool tagged = layout && layout_tagged(layout), timed = l->text.n < raw.n;
                const bool others = layout && ((tagged && timed && !l->told) || layout_others(layout, raw) ||
                                               layout_denies(layout, raw));
                if (others) {
                        l->origin = ORIGIN_USERSPACE;
                        l->told = false;
                }
                l->fits = l->told;
                p = (struct prefix){ .text = l->text,
                                     .time = l->time,
                                     .origin = l->origin,
                                     .caller = l->caller,
                                     .width = raw.n - l->text.n };
                l->stray = others || (tagged && !l->told);
                if (p.width == 0 && layout && is_prefixed(layout, layout_before(layout), l->record->number))
                        take_stray(l->text, l, layout_before(layout));
        }
        /* What follows within the record, where a prefix stands again, is not what its further lines are indented by.
         */
        if (layout && layout_before(layout)->number != l->record->number) {
                if (!further)
                        remember_bytes(&layout_before(layout)->head, raw);
                if (!l->continues && (!l->stray || p.width > 0))
                        remember(layout, raw, &p, l);
        }
        return undo(l, p.quote, scratch);
}

int line_parse(struct slice raw, const struct record *record, struct buffer *scratch, struct line *ret) {
        int e = 0;

        while (raw.n && (raw.s[raw.n - 1] == '\r' || raw.s[raw.n - 1] == '\n'))
                raw.n--;
        /* A text comes without them already. */
        if (!record->layout && escapes_in(raw))
                e = drop_escapes(&raw, scratch);
        /* cat -v and editors write the carriage return so. */
        while (record->console && slice_ends(raw, SLICE("^M")))
                raw.n -= 2;
        *ret = (struct line){
                .text = raw,
                .raw = raw,
                .time = record->time,
                .origin = record->origin,
                .caller = record->caller,
                .record = record,
        };
        if (e == 0 && record->console)
                e = take_console(raw, ret, scratch);
        ret->text = slice_rtrim(ret->text);
        return e;
}
