/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "kind/part.h"
#include "report/finding.h"
#include "report/topic.h"

/* The detector and kind of a finding. kind NULL: a word from the kernel's message. */
struct kind_name {
        const char *detector, *kind;
};

/* Defines a kind's names() from a table: expressions for the detector and kind of its i-th line, and further ones. */
#define KIND_NAMES(table, detector_of_line, kind_of_line, ...)                                         \
        static bool names(size_t i, struct kind_name *ret) {                                           \
                static const struct kind_name others[] = { __VA_ARGS__ __VA_OPT__(, ){ NULL, NULL } }; \
                const size_t n = sizeof(table) / sizeof((table)[0]);                                   \
                *ret = i < n ? (struct kind_name){ detector_of_line, kind_of_line } : others[i - n];   \
                return ret->detector;                                                                  \
        }

struct headline;

/* Which of the general kinds of report one is. Others ask about these, for their first line can continue another's
 * report: by this, so that no kind names another. */
enum kind_general {
        KIND_OWN, /* none of them */
        KIND_BUG,
        KIND_WARN,
        KIND_OOPS,
        KIND_PANIC,
        KIND_HEADLESS,
        KIND_REPORTER,
        KIND_BEHEADED,
};

/* A kind of kernel report. A new kind is one file that defines one of these and one line in kinds.c.
 *
 * A kind either starts reports itself (starts, part), or claims complete reports that another kind started:
 * refcount_t warnings begin as any WARN does. */
struct kind {
        const char *name;
        enum kind_general general;

        /* Its headlines, see headline.h. A kind whose report is such a line and a stack dump needs only these and
         * its triggers: names, starts, part and parse are derived from them if they are NULL. */
        const struct headline *headlines;
        size_t n_headlines;

        /* The i-th detector and kind that its findings can have, for explanations; false past the last. */
        bool (*names)(size_t i, struct kind_name *ret);

        /* What its names mean, for vmlife explain: "DETECTOR/KIND", and "DETECTOR" for one that no other kind has. What
         * stands in output/topic_kinds.c and topic_detectors.c need not be here. */
        const struct topic *topics;
        size_t n_topics;

        /* Words that lines hold which start a report, for the prefilter; ends with NULL, at once where a log's first
         * lines alone are asked. NULL for kinds that only claim. */
        const char *const *triggers;
        /* Does this line start a report? Called only for lines with one of its triggers. */
        bool (*starts)(struct slice text);
        /* Does only a report of this kind have this line, near the first? It tells a report whose first words stand
         * behind others from words that a user chose. NULL: such a report is told by its dump. */
        bool (*own_line)(struct slice text);
        /* Such a line is one of others' reports: it starts one only where no open report takes it. */
        bool inner;
        /* Its reports have "cut here" before them, as warnings do. */
        bool cut_here;
        /* May the line that starts it begin with a task's name? Other kinds are not asked about such a line. */
        bool task_first;
        /* Classifies a further line for the open report. starter is the kind that the line would start, or NULL. Also
         * called for the report's first line, where only PART_LAST matters. */
        enum part (*part)(struct report *r, const struct line *l, enum line_class class, const struct kind *starter);

        /* Is this line a complete report, so that it can occur within another one? NULL: never. */
        bool (*alone)(struct slice text);
        /* May this line, which starts a report, be what a network interface says whose name a user chose? Where callers
         * are not known it ends no open report, and takes none of its lines. NULL: never. */
        bool (*doubtful)(struct slice text);
        /* Can a line of another caller (another CPU, answering this one's interrupt) continue the report? Called for
         * callers without an open report; NULL: never. Further lines of that caller follow. */
        bool (*adopts)(const struct report *r, struct slice text);

        /* Does the line, which starts a report, say only that there was one? Then it may be the rest of one that was
         * told of, and starts none in that boot. NULL: never. */
        bool (*rest)(struct slice text);

        /* Does such a first line say nothing of itself, if no line of a report follows? NULL: never. */
        bool (*loose)(struct slice text);
        /* Is the finished report really one? For first lines that mean something only with the lines after them.
         * NULL: always. */
        bool (*stands)(const struct report *r);
        /* Is this complete report of this kind? NULL: all that this kind started are. */
        bool (*claims)(const struct report *r);
        /* Fills the parser's part of the finding. Missing data is marked with finding_corrupt() and is not an error.
         * 0 or -ENOMEM. */
        int (*parse)(const struct report *r, struct finding *f);
};

/* kind NULL: no. */
static inline bool kind_is(const struct kind *k, enum kind_general general) {
        return k && k->general == general;
}

/* A kind's operations, by its own functions or by its headlines. */
bool kind_names(const struct kind *k, size_t i, struct kind_name *ret);
enum part kind_part(const struct kind *k, struct report *r, const struct line *l, enum line_class class,
                    const struct kind *starter);
/* Must a stack be part of such a report? */
bool kind_owes_stack(const struct report *r);
int kind_parse(const struct kind *k, const struct report *r, struct finding *f);

/* All kinds, ended by NULL; the first that claims a report has it: the special before the general. */
extern const struct kind *const kinds[];

/* Sets of kinds: a bit for each, by its place in the table. */
#define KIND_BIT(i) ((uint64_t) 1 << (i))
/* As many kinds at most; further bits are for others. */
enum { KINDS_MAX = 63 };

/* The kind that the line starts, or NULL; only those in the set are asked: which have a trigger in it. */
const struct kind *kinds_start(struct slice text, uint64_t set);
/* Is a line that is no headline of a report's all the same: of a stack, a dump, or one that a kind alone has? */
bool kinds_amid(struct slice text);

/* The kind that a complete report is of; never NULL for reports that a kind started. */
const struct kind *kinds_claim(const struct report *r);

/* Is the line what BUG() itself says, "kernel BUG at file.c:12!"? */
bool is_bug_banner(struct slice text);

/* Does the line start an oops? */
bool is_oops_line(struct slice text);
/* Is the line, which counts an oops, what follows a first line of that kind? BUG()'s trap has a name of its own in each
 * architecture, and a page fault's line says no more than the code. */
bool oops_goes_on(const struct kind *kind, struct slice text);

/* Is the line a panic that only announces that the report before it was fatal? */
bool panic_follows_report(struct slice text);
/* Is it what follows from that report, or finding? That of init or of an idle task only where an oops killed that one:
 * a program's fault kills init as well, whatever the kernel warned of before. */
bool panic_follows(struct slice text, const struct report *r);
bool panic_follows_finding(struct slice text, const struct finding *f);
