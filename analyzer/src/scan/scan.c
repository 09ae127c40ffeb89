/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "scan/scan.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/log.h"
#include "base/macros.h"
#include "boot/boot_lines.h"
#include "boot/loss.h"
#include "findings/signature.h"
#include "judge/group.h"
#include "judge/judge.h"
#include "kind/kind.h"
#include "line/anchor.h"
#include "line/clock.h"
#include "line/glued.h"
#include "line/own_words.h"
#include "scan/assembler.h"
#include "scan/carry.h"
#include "scan/lone_stacks.h"
#include "scan/same_boot.h"
#include "scan/take_report.h"
#include "triage/known.h"

/* What notes own among the words that the prefilter looks for; each kind has a bit before it. */
static const uint64_t notes_own = KIND_BIT(KINDS_MAX);

/* The prefilter looks for the words of all kinds and notes. */
static int make_triggers(struct trigger_set **ret) {
        enum { WORDS_MAX = 256 };
        const char *words[WORDS_MAX];
        uint64_t owners[WORDS_MAX];
        size_t n = 0;

        for (size_t i = 0; kinds[i]; i++)
                for (const char *const *w = kinds[i]->triggers; w && *w && n < WORDS_MAX; w++) {
                        words[n] = *w;
                        owners[n++] = KIND_BIT(i);
                }
        for (size_t i = 0; i < n_notes && n < WORDS_MAX; i++) {
                words[n] = notes[i].word;
                owners[n++] = notes_own;
        }
        return n < WORDS_MAX ? trigger_set_new(ret, words, owners, n) : -ENOBUFS;
}

int scan_init(struct scan *s) {
        *s = (struct scan){};
        int e = make_triggers(&s->triggers);
        return e < 0 ? e : assembler_new(&s->assembler, scan_report_done, s);
}

void scan_done(struct scan *s) {
        trigger_set_free(s->triggers);
        assembler_free(s->assembler);
        boots_done(&s->boots);
        store_done(&s->store);
        for (size_t i = 0; i < s->n_sources; i++)
                arena_free(&s->sources[i].arena);
        free(s->sources);
        buffer_done(&s->scratch);
        buffer_done(&s->whole);
        buffer_done(&s->carried.lines);
        *s = (struct scan){};
}

int scan_find_boot(struct scan *s, const char *id, uint32_t source, uint32_t *ret) {
        return *id ? boots_find(&s->boots, id, source, ret) : boots_add(&s->boots, source, ret);
}

int scan_end_boot(struct scan *s, uint32_t boot) {
        return assembler_end(s->assembler, boot, END_LOG);
}

size_t scan_n_open(const struct scan *s) {
        return assembler_n_open(s->assembler);
}

struct report *scan_open_report(const struct scan *s, size_t i) {
        return assembler_open_report(s->assembler, i);
}

int scan_restore(struct scan *s, struct report *r) {
        return assembler_restore(s->assembler, r);
}

bool scan_idle(const struct scan *s, uint32_t boot) {
        return assembler_idle(s->assembler, boot);
}

/* Longer than what kernels print. */
enum { LINE_LONG = 1024 };

/* Heads of stacks within one line: a whole log, or a list of its lines, is in it. */
static unsigned count_inner(struct slice text) {
        static const struct slice word = SLICE("Call "), ends[] = { SLICE("Trace:"), SLICE("trace:") };
        unsigned n = 0;

        for (size_t at; (at = slice_find(text, word)) != SLICE_NPOS;) {
                text = slice_from(text, at + word.n);
                n += slice_starts(text, ends[0]) || slice_starts(text, ends[1]);
        }
        return n > 1 ? n : 0;
}

/* With what a user may have chosen. */
static bool begins_with_any(struct slice text) {
        return begins_with_task(text) || begins_with_id(text) || begins_with_name(text);
}

/* "[  T12] ", "(1)[12:insmod]": no message begins so. A kernel's time does not count, for a string may begin a message,
 * and hold one. Between the brackets are marks at most: a row of the table of tasks has numbers, a path names. */
static bool only_brackets(struct slice s) {
        struct slice rest = s;
        struct stamp ignored = {};
        unsigned open = 0;
        bool any = false;

        if (clock_kernel(&rest, &ignored))
                return false;
        for (size_t i = 0; i < s.n; i++)
                if (memchr("[({<", s.s[i], 4))
                        any = ++open;
                else if (memchr("])}>", s.s[i], 4))
                        open -= open > 0;
                else if (!open && !memchr(" :-|,;\t", s.s[i], 7))
                        return false;
        return any;
}

static void count_words(struct source_info *info, const struct line *l, size_t at) {
        const char *words = l->raw.s + at;
        const struct slice text = slice_ltrim(l->text);

        if (!l->fits)
                info->words_unfit++;
        else {
                info->words_fit++;
                info->words_within += l->within;
                if (words <= text.s)
                        info->words_begin++;
                else if (!begins_with_any(text))
                        info->words_behind += only_brackets(slice_head(text, (size_t) (words - text.s)));
        }
}

/* How well the source's lines are understood: sources of text draw their conclusions from it. */
static int count_line(struct source_info *info, const struct line *l, bool hit) {
        struct anchor a;

        info->told += l->told;
        if (is_document(info))
                info->shown += !hit && anchor_find(l->raw, &a) && a.at == 0;
        info->shown += l->told && !l->within &&
                       (l->timed || l->time.has_mono || l->time.has_real || l->form || l->origin == ORIGIN_KERNEL);
        if (l->form && l->told && !info->format && !(info->format = arena_dup(&info->arena, slice_of(l->form))))
                return -ENOMEM;
        info->within += l->within;
        info->unread += l->stray;
        if (hit && !l->continues && l->origin != ORIGIN_USERSPACE && anchor_find(l->raw, &a))
                count_words(info, l, a.at);
        if (hit && l->raw.n > LINE_LONG)
                info->words_unfit += count_inner(l->raw);
        return 0;
}

int scan_pass_line(struct scan *s, const struct record *r) {
        struct anchor a;
        struct line l;

        int e = line_parse(r->message, r, &s->scratch, &l);
        if (e < 0)
                return e;
        boot_seen(s->boots.items[r->boot], &l.time);
        e = count_line(&s->sources[r->source], &l, false);
        if (s->sources[r->source].told == 0 && l.origin != ORIGIN_USERSPACE && anchor_find(r->message, &a))
                s->sources[r->source].told++;
        return e;
}

bool scan_wants(const struct scan *s, struct slice message, uint32_t boot, bool *hit) {
        *hit = trigger_in(s->triggers, message);
        return *hit || !assembler_idle(s->assembler, boot);
}

int scan_text_boot(struct scan *s, uint32_t source, struct slice words, uint32_t *ret) {
        int e = boots_add(&s->boots, source, ret);
        if (e < 0)
                return e;
        /* All boots of a kernel may begin with the same line: those of a log are told apart by their order, those
         * of two logs by how the logs begin. */
        struct source_info *in = &s->sources[source];
        char hash[33], ordinal[16];

        hash_bytes(hash, 32, words);
        if (in->boots == 0)
                memcpy(in->start, hash, sizeof(in->start));
        snprintf(ordinal, sizeof(ordinal), "%zu", in->boots++);
        hash_strings(s->boots.items[*ret]->start, 32, (const char *[]){ in->start, ordinal, hash }, 3);
        return 0;
}

/* In a text, is it said in the midst of a boot that one begins? A kernel begins when its clock does; a line end in what
 * a user chose makes such a line on a serial console, with the time that it then is. */
static bool is_midway(const struct boot *b, const struct line *l) {
        return l->record->console && l->time.has_mono && l->time.mono_us > 0 && b->last.has_mono &&
               l->time.mono_us >= b->last.mono_us;
}

static int take_note(struct scan *s, const struct note *note, struct slice rest, const struct line *l,
                     struct record *at) {
        int e = 0;

        /* What somebody typed, or a unit's description, stands before a kernel's time in a console's line, too. */
        if (l->within && (note->proves || (note->new_boot && s->boots.items[at->boot]->release)))
                return 0;
        if (note->new_boot && is_midway(s->boots.items[at->boot], l))
                return 0;
        if (note->new_boot && at->console && s->boots.items[at->boot]->release) {
                e = assembler_end(s->assembler, at->boot, END_LOG);
                if (e == 0)
                        e = scan_text_boot(s, at->source, l->raw, &at->boot);
        } else if (note->new_boot && at->console && l->time.has_mono) {
                /* What has no time before the kernel's first line is a boot loader's, not the kernel's. */
                e = assembler_end_open(s->assembler, at->boot, END_LOG);
                store_drop_loaders(&s->store, at->boot);
        }
        uint64_t lost = s->boots.items[at->boot]->lost;
        s->sources[at->source].shown += note->new_boot;
        if (e == 0)
                e = note->take ? note->take(s->boots.items[at->boot], rest, l) : 0;
        if (e < 0 || s->boots.items[at->boot]->lost == lost)
                return e;
        s->sources[at->source].lost += s->boots.items[at->boot]->lost - lost;
        return assembler_end_open(s->assembler, at->boot, END_LOST);
}

/* What a collector says that it lost. 0 or -ENOMEM. */
static int take_loss(struct scan *s, const struct line *l, uint32_t boot) {
        uint64_t n;

        if (!loss_said(l, &n))
                return 0;
        s->sources[l->record->source].lost += n;
        assembler_lost(s->assembler, boot);
        return boot_lost(s->boots.items[boot], n, &l->time);
}

/* The console's word for what it lost has no prefix wherever it stands. */
static bool may_note(const struct line *l) {
        return !l->continues && l->origin != ORIGIN_USERSPACE && !begins_with_any(l->text) &&
               (!l->stray || slice_starts(l->text, SLICE("** ")));
}

/* A record's text that ran together with the next one, without what quotes it, as in a list of strings. */
static struct slice unquoted(struct slice text, char quote) {
        text = slice_rtrim(text);
        if ((quote != '\'' && quote != '"') || !text.n || text.s[text.n - 1] != quote)
                return text;
        text = slice_rtrim(slice_head(text, text.n - 1));
        while (text.n && (text.s[text.n - 1] == ',' || text.s[text.n - 1] == quote))
                text = slice_rtrim(slice_head(text, text.n - 1));
        return text;
}

/* Is it the rest of a report's first words, that a time stands within? Where one does again, records ran together. */
static bool is_torn(const struct scan *s, struct slice text, struct slice rest, size_t width) {
        return text.n && isalnum((unsigned char) rest.s[-1]) && trigger_in(s->triggers, text) && !glued_at(rest, width);
}

/* Cuts the line before the next record that ran together with it; returns that. */
static struct slice cut_glued(const struct scan *s, struct line *l) {
        const size_t width = (size_t) (l->text.s - l->raw.s);
        const bool whole = l->record->console && l->more.n == 0 && l->text.n && !l->continues && !l->stray;
        const size_t at = whole ? glued_at(l->raw, width) : 0;
        const struct slice rest = at ? slice_from(l->raw, at) : SLICE_NULL,
                           text = { l->text.s, at ? (size_t) (rest.s - l->text.s) : 0 };

        if (at == 0 || is_torn(s, text, rest, width))
                return SLICE_NULL;
        l->raw.n = at;
        l->text = unquoted(text, rest.s[-1]);
        return rest;
}

/* Does the record begin with what a user chose, as what stands behind the string's line end shows? Then its first line
 * is no more the kernel's than the further ones. Where those come later, as texts have them, it cannot be told. */
static bool begins_with_string(const struct line *l) {
        const struct slice rest = l->more.n ? l->more : l->record->message;

        if (rest.n == 0 ||
            (l->more.n == 0 && (l->record->console || l->text.s < rest.s || l->text.s > rest.s + rest.n)))
                return false;
        const struct slice whole = { l->text.s, (size_t) (rest.s + rest.n - l->text.s) };
        if (whole.n <= l->text.n || begins_with_name(l->text))
                return false;
        return begins_with_name(slice_rtrim(whole)) || (begins_with_any(whole) && !begins_with_any(l->text));
}

enum place {
        PLACE_FIRST,
        PLACE_FURTHER, /* it is not the first line of its record */
        PLACE_GLUED,   /* it lost the line end before it, if it is not what a user had the kernel print */
        PLACE_AMONG,   /* one of several such: a whole report may be what a user chose, and so none begins there */
};

/* The kind of a report that began before its log, where the line may be of one: among a text's first, of which the very
 * first with a time is amid a report. Under other first lines a stack is what they announce. */
static uint64_t owner_of_top(struct scan *s, const struct record *r, const struct line *l) {
        if (!r->console || r->number > SCAN_TOP || l->continues || l->origin == ORIGIN_USERSPACE ||
            (!l->time.has_mono && !l->time.has_real && !l->timed))
                return 0;
        const enum line_class class = line_classify(l->text);
        if (class == LINE_BLANK)
                return 0;
        if (!s->top.known || s->top.source != r->source)
                s->top = (struct top){ .source = r->source, .known = true, .amid = kinds_amid(l->text) };
        for (size_t i = 0; s->top.amid && class >= LINE_FRAME && kinds[i]; i++)
                if (kind_is(kinds[i], KIND_BEHEADED))
                        return KIND_BIT(i);
        return 0;
}

/* *raw becomes what ran together with the line. */
static int take_line(struct scan *s, struct slice *raw, const struct record *r, bool hit, enum place place,
                     uint32_t *boot) {
        struct record at = *r;
        struct line l;
        struct slice rest;

        at.boot = *boot;
        int e = line_parse(*raw, &at, &s->scratch, &l);
        if (e < 0)
                return e;
        *raw = cut_glued(s, &l);
        l.cut = raw->n && !s->sources[r->source].several;
        if (place == PLACE_GLUED && raw->n)
                place = PLACE_AMONG;
        l.glued = (place == PLACE_GLUED || place == PLACE_AMONG) && !s->sources[r->source].several;
        if (place == PLACE_AMONG && s->sources[r->source].several)
                place = PLACE_GLUED;
        l.continues = l.continues || place == PLACE_FURTHER || place == PLACE_AMONG;
        l.within = l.within || place == PLACE_GLUED;
        l.chosen = place == PLACE_FIRST && !l.continues && begins_with_string(&l);
        l.continues = l.continues || l.chosen;
        e = r->console ? count_line(&s->sources[r->source], &l, hit) : 0;
        if (e < 0)
                return e;
        const enum rest part = place == PLACE_FIRST && !l.continues ? parted_rest(&s->parted, &l) : REST_NOT;
        l.chosen = l.chosen || part == REST_IS;
        l.continues = l.continues || part == REST_IS;
        l.within = l.within || part == REST_MAYBE;
        l.maybe_name = part == REST_MAYBE && slice_find_byte(l.text, '/') == SLICE_NPOS;
        /* What the console lost has no record. */
        const bool doubtful = part == REST_MAYBE && !l.stray;
        do {
                const uint64_t owners = hit && !r->goes_on ? trigger_owners(s->triggers, l.text) : 0;
                const struct note *note = owners & notes_own && place != PLACE_GLUED && !doubtful && may_note(&l) ?
                                                  note_of(l.text, &rest) :
                                                  NULL;
                if (note)
                        e = take_note(s, note, rest, &l, &at);
                *boot = at.boot;
                if (e == 0 && (owners & notes_own))
                        e = take_loss(s, &l, *boot);
                if (e < 0)
                        return e;
                boot_seen(s->boots.items[*boot], &l.time);
                const uint64_t top = owner_of_top(s, r, &l), words = owners & ~notes_own;
                /* Nothing but a prefix before another is no line. */
                if (raw->n == 0 || l.text.n)
                        e = assembler_line(s->assembler, &l, words ? words : top);
        } while (e == 0 && line_next(&l));
        return e;
}

/* The same for all that ran together. */
static int take_lines(struct scan *s, struct slice raw, const struct record *r, bool hit, enum place place,
                      uint32_t *boot) {
        unsigned n = 0;
        int e;

        do {
                e = take_line(s, &raw, r, hit, place, boot);
                place = n++ ? PLACE_AMONG : PLACE_GLUED;
        } while (e == 0 && raw.n);
        return e;
}

/* The record with the line ends taken out that are in tasks' names. */
static int whole_names(struct scan *s, struct record *r) {
        s->whole.size = 0;
        const int e = buffer_add(&s->whole, r->message.s, r->message.n);
        if (e < 0)
                return e;
        join_names(s->whole.data, s->whole.size);
        r->message = buffer_all(&s->whole);
        return 0;
}

/* A line of a record. The console's word for what it lost stands before the line that it did print. */
static int take_printed(struct scan *s, struct slice line, const struct record *r, bool hit, enum place place,
                        uint32_t *boot) {
        static const struct slice dropped = SLICE(" printk messages dropped ** ");
        const size_t at = r->console && slice_starts(line, SLICE("** ")) ? slice_find(slice_head(line, 96), dropped) :
                                                                           SLICE_NPOS;
        int e = 0;

        if (at != SLICE_NPOS) {
                e = take_lines(s, slice_head(line, at + dropped.n), r, hit, PLACE_FIRST, boot);
                line = slice_from(line, at + dropped.n);
        }
        return e < 0 ? e : take_lines(s, line, r, hit, place, boot);
}

int scan_record(struct scan *s, const struct record *r, bool hit, uint32_t *boot) {
        if (r->origin == ORIGIN_UNVERIFIED)
                s->sources[r->source].anonymous = true;
        if (slice_find_byte(r->message, '\n') == SLICE_NPOS)
                return take_printed(s, r->message, r, hit, PLACE_FIRST, boot);

        struct record whole = *r;
        enum place place = PLACE_FIRST;
        int e = whole_names(s, &whole);
        for (struct slice rest = whole.message; e >= 0 && rest.n; place = PLACE_FURTHER)
                e = take_printed(s, slice_token(&rest, '\n'), &whole, hit, place, boot);
        return MIN(e, 0);
}

int scan_lost(struct scan *s, uint32_t source, uint32_t boot, uint64_t n, const struct stamp *before) {
        int e = boot_lost(s->boots.items[boot], n, before);

        s->sources[source].lost += n;
        return e < 0 ? e : assembler_end(s->assembler, boot, END_LOST);
}

int scan_begin_test(struct scan *s, uint32_t boot, const char *test) {
        int e = assembler_end(s->assembler, boot, END_LOG);

        s->test = test;
        return e;
}

int scan_end_source(struct scan *s, uint32_t source) {
        const struct source_info *in = &s->sources[source];

        s->test = NULL;
        /* Sources are read one after the other: whatever is open is this one's. */
        int e = carry_begin(s, source);
        if (e == 0)
                e = assembler_end(s->assembler, UINT32_MAX, END_LOG);
        carry_end(s, source);
        if (e == 0 && in->unrecognized && !is_document(in))
                log_warning("%s: %" PRIu64 " %s as a kernel report does, but nothing of one follows: not in the "
                            "report; the first is \"%s\"",
                            in->name, in->unrecognized, in->unrecognized == 1 ? "line begins" : "lines begin",
                            in->unrecognized_first);
        if (e == 0)
                stacks_say(in);
        return e;
}

/* Before anyone asks which findings count. */
static int mark_known(struct scan *s) {
        int e = 0;

        for (size_t i = 0; s->known && e == 0 && i < s->store.n; i++)
                e = known_mark(s->known, s->store.items[i], s->boots.items[s->store.items[i]->boot]);
        return e;
}

/* Text says of no line who wrote it, or only what any program can write too. */
static bool knows_writers(const char *type) {
        return strcmp(type, "text") != 0 && strcmp(type, "igt") != 0 && strcmp(type, "pstore") != 0;
}

int scan_finish(struct scan *s, const struct question *q) {
        _cleanup_free_ struct source_doubts *doubts = calloc(s->n_sources + 1, sizeof(*doubts));

        store_sort(&s->store);
        int e = doubts ? scan_join_texts(s) : -ENOMEM;
        if (e == 0)
                e = judge_all(&s->store, &s->boots);
        if (e == 0)
                e = mark_known(s);
        s->question = *q;
        for (size_t i = 0; e == 0 && i < s->n_sources; i++)
                doubts[i] = (struct source_doubts){
                        .incomplete = !s->sources[i].complete,
                        .writers_known = knows_writers(s->sources[i].type) && !s->sources[i].anonymous,
                        .reason = s->sources[i].doubt ? s->sources[i].doubt : stacks_doubt(&s->sources[i]),
                };
        if (e == 0)
                e = groups_make(&s->store, s->boots.n);
        return e == 0 ? coverage_make(&s->boots, &s->store, q, doubts) : e;
}
