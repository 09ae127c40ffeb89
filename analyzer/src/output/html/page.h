/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "history/history.h"
#include "output/digest.h"
#include "output/export.h"

/* The page while it is written. Everything that comes out of a report goes through html_text(): a log may hold any
 * markup, and none of it may become the page's. The first failure sticks. */
struct page {
        const struct saved *saved;
        const struct scan *scan;
        const struct digest *digest;
        FILE *f;
        int error;

        struct arena arena;
        uint32_t *order;       /* boots, the earliest first: indexes into scan->boots */
        uint32_t *rank;        /* of each boot in that order, from 0 */
        const char **labels;   /* of each boot, see boot_label() */
        const char **machines; /* of each boot what the page calls its machine; NULL: the log does not name one */
        struct placed_line {
                size_t line;  /* of the digest */
                bool follows; /* from the last one before it that does not */
        } * lines;            /* all of the digest, in the page's order: see html_order() */
        struct span *span;
        struct series series;   /* all boots */
        const char *source_url; /* see export.h */
};

/* Markup of ours. */
static inline void raw(struct page *p, const char *s) {
        fputs(s, p->f);
}
void rawf(struct page *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

void html_text(struct page *p, const char *s);
void html_slice(struct page *p, struct slice s);
/* " key=\"value\""; nothing where the value is NULL. */
void html_attribute(struct page *p, const char *key, const char *value);
/* "1 boot", "2 boots" */
void html_count(struct page *p, uint64_t n, const char *one, const char *many);
/* By the wall clock where it is known, else by the kernel's. */
void html_time(struct page *p, const struct stamp *t);
/* The same in words alone, for tables of many. */
void html_when(struct page *p, const struct stamp *t);
/* The same of what came later, on the same day without its date. */
void html_when_after(struct page *p, const struct stamp *before, const struct stamp *t);
/* "3 h 12 min" */
void html_duration(struct page *p, double seconds);
/* What the anchors of a line and of a boot are called. */
void html_line_id(struct page *p, const struct finding *f);
void html_boot_link(struct page *p, uint32_t boot);

/* A title in the query of a link: its phrases in quotes, without the words that stand for numbers and addresses. */
void html_phrases(struct page *p, const char *title);

/* "FILE:LINE", as a link to the source of the finding's kernel where that can be there. */
void html_source(struct page *p, const struct finding *f, const char *file, unsigned line);

/* Makes lines. 0 or -ENOMEM. */
int html_order(struct page *p);

/* Sections, in their order. */
void html_matrix(struct page *p);
void html_findings(struct page *p);
void html_overview(struct page *p);
void html_boots(struct page *p);
void html_topics(struct page *p);
void html_sources(struct page *p);

/* Parts of a finding. */
void html_history(struct page *p, const struct digest_line *l);
void html_topic(struct page *p, const struct finding *f);
void html_stacks(struct page *p, const struct finding *f);
/* Is it a deadlock whose locks can be drawn? */
bool html_has_locks(const struct finding *f);
void html_locks(struct page *p, const struct finding *f);
void html_arrow_tips(struct page *p);

/* The time that the page covers, cut into columns: hours, days or weeks where all boots have a wall clock, else
 * boots or runs of them. */
struct span {
        size_t n;
        enum { SPAN_HOURS, SPAN_DAYS, SPAN_WEEKS, SPAN_BOOTS } unit;
        uint64_t from_us, step_us;
        uint32_t boots_each;
};
int span_make(struct page *p);
/* The column in which a finding came. */
size_t span_column(const struct page *p, const struct finding *f);
/* A bar for each column. */
void html_bars(struct page *p, const struct digest_line *l);
/* The same for all findings, large and with words. */
void html_timeline(struct page *p);

/* Files that the page holds. */
struct slice html_file_css(void);
struct slice html_file_js(void);
/* "sha256-..." of a file, as a policy names it; at least 52 bytes. */
enum { HASH_SOURCE_SIZE = 64 };
void html_hash(struct slice s, char ret[static HASH_SOURCE_SIZE]);
