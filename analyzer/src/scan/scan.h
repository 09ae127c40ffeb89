/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/progress.h"
#include "boot/boot.h"
#include "findings/store.h"
#include "judge/coverage.h"
#include "line/trigger.h"
#include "report/report.h"
#include "scan/parted.h"

/* One scan: what all sources feed, and what the writers read. */

#define MEMBER(form, ...) DECLARE_##form(__VA_ARGS__)
#include "scan/source.def"

/* What sources can be, as reports name it. */
extern const char *const source_types[];
extern const size_t n_source_types;

/* So many of a text's lines are looked at whatever words they have: the log may begin within a report. */
enum { SCAN_TOP = 16 };

struct assembler;

/* How the text begins that is read. */
struct top {
        uint32_t source;
        bool known, amid; /* amid: within a report */
};

/* What a text's end left open: see carry.h. */
struct carried {
        struct buffer lines; /* as the log has them; none: nothing that may go on */
        struct stamp last;
        bool opening; /* "cut here", or a message behind it: anything may be next */
        uint32_t source;
        size_t findings;       /* before it ended, */
        uint64_t unrecognized; /* and so many lines */
        struct finding *cut;   /* what was made of the lines; NULL: nothing */
};

/* Behind a report other CPUs' and tasks' stacks may come, up to that record. */
struct explained {
        uint32_t source, boot;
        uint64_t until; /* the record */
        struct stamp last;
        bool by_request; /* somebody asked for them */
};

struct scan {
        struct top top;
        struct parted parted;
        struct carried carried;
        struct explained explained;
        struct trigger_set *triggers;
        struct assembler *assembler;
        struct boots boots;
        struct store store;
        struct source_info *sources;
        size_t n_sources;
        struct buffer scratch;
        struct buffer whole;       /* a record whose tasks' names hold line ends */
        const char *test;          /* whose messages are read, where the source tells; NULL */
        struct progress *progress; /* gets the progress of the sources; the caller's, NULL: none */
        const struct focus *focus; /* whose code makes a finding related, the caller's; NULL: i915 */
        struct question question;  /* set by scan_finish() */
        struct known *known;       /* known issues for marking findings, the caller's; NULL: none */
};

/* 0 or -errno. */
int scan_init(struct scan *s);
void scan_done(struct scan *s);

/* Sources and followers call these, and do not use the members above. */

/* A new source; ret is its index. */
int scan_add_source(struct scan *s, const char *name, const char *type, uint32_t *ret);
int scan_name_source(struct scan *s, uint32_t source, const char *name);
/* The last source is forgotten, with its boots and findings: nothing of it was the kernel's. */
void scan_drop_source(struct scan *s);
/* n messages are missing before the next one, at that time: open reports end there. */
int scan_lost(struct scan *s, uint32_t source, uint32_t boot, uint64_t n, const struct stamp *before);
/* From here on the messages belong to a test (NULL: to none); no report spans two. */
int scan_begin_test(struct scan *s, uint32_t boot, const char *test);
/* A text that quotes a kernel's words, and is none of its logs. */
static inline bool is_document(const struct source_info *in) {
        return in->maybe_document && in->shown == 0;
}
/* What a number in it counts. */
static inline const char *entry_word(const struct source_info *in) {
        return strcmp(in->type, "text") == 0 ? "line" : "entry";
}

static inline struct source_info *scan_source(const struct scan *s, size_t source) {
        return &s->sources[source];
}
static inline struct boot *scan_boot(const struct scan *s, size_t boot) {
        return s->boots.items[boot];
}
/* The boot with that id, added if it is new; of "" a new one. 0 or -ENOMEM. */
int scan_find_boot(struct scan *s, const char *id, uint32_t source, uint32_t *ret);
/* Of a text that may be none of a kernel's logs: if more lines of it have a headline's words alone than it has
 * findings, those are forgotten; true if so. */
bool scan_drop_quotes(struct scan *s, uint32_t source);
/* No more messages of the boot come: its open reports end. */
int scan_end_boot(struct scan *s, uint32_t boot);

/* The prefilter. Does the message hold a trigger word? */
static inline bool scan_hit(const struct scan *s, struct slice message) {
        return trigger_in(s->triggers, message);
}
/* For what searches more than a message at a time. */
static inline const struct trigger_set *scan_triggers(const struct scan *s) {
        return s->triggers;
}
/* Are no reports of the boot open? Then lines without a trigger word need not be shown. */
bool scan_idle(const struct scan *s, uint32_t boot);
/* A line of text that need not be shown: only its time counts, for the log's extent follows from it. 0 or -ENOMEM. */
int scan_pass_line(struct scan *s, const struct record *r);
/* Must the source show this record? True when it holds a trigger word or a report of its boot is open. hit
 * says whether it holds one. */
bool scan_wants(const struct scan *s, struct slice message, uint32_t boot, bool *hit);
/* Takes a record in; its message may hold several lines. In text, a record that begins a new boot moves
 * *boot. 0 or -errno. */
int scan_record(struct scan *s, const struct record *r, bool hit, uint32_t *boot);
/* A new boot of a source that does not name its boots. words: what stands for the boot's id, in ids of findings: of
 * the source's first boot how the source begins, as input_beginning() gives it; of a later one the line that begins it.
 */
int scan_text_boot(struct scan *s, uint32_t source, struct slice words, uint32_t *ret);
/* The source is at its end: open reports of its boots end. */
int scan_end_source(struct scan *s, uint32_t source);

/* The open reports, the oldest first. */
size_t scan_n_open(const struct scan *s);
struct report *scan_open_report(const struct scan *s, size_t i);
/* Takes over a report that was open in another scan, behind those that are. 0 or -ENOBUFS, which frees it. */
int scan_restore(struct scan *s, struct report *r);

/* To be called once all sources are read. After this the scan is for writers. */
int scan_finish(struct scan *s, const struct question *q);
