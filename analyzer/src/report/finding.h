/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "base/arena.h"
#include "line/record.h"

struct known_issue;

/* What a report says, as data. Strings are NUL-terminated, live in the finding's arena and hold whatever
 * bytes the log held: the writers make them valid UTF-8. NULL is "not printed". */

struct frame {
        const char *function;  /* as printed, with the compiler's suffixes */
        const char *module, *file;
        uint64_t offset, size; /* bytes; both 0 where not printed */
        unsigned line;
        bool reliable, inlined;
        bool rip; /* where a trap or an interrupt hit, from an RIP line */
};

struct stack {
        const char *what; /* "backtrace", "access", "allocated", "freed", "chain", ... */
        const char *of;   /* whose: a lock's name, a task; NULL */
        struct frame *frames;
        size_t n_frames;
};

struct access {
        const char *type; /* "read", "write", "read-write", "assert no writes", ... */
        const char *function;
        uint64_t address, size;
        bool marked, reordered;
        bool interrupt, has_task;
        uint64_t task;    /* pid */
        int64_t cpu;      /* -1 is not known */
        int64_t stack;    /* index into the finding's stacks, -1 is none */
};

struct lock {
        const char *name, *usage, *wait, *function;
        const char *role; /* "acquiring", "held", "chain", "key" */
        int64_t index;    /* #N, -1 is none */
        bool has_address;
        uint64_t address;
};

struct task {
        const char *comm;
        uint64_t pid;
        int64_t cpu;      /* -1 is not known */
        const char *role; /* "reporter", "holder", ... */
};

/* One step of lockdep's "Possible unsafe locking scenario", in the order in which they happen. */
struct step {
        int64_t cpu;        /* the column; -1 where it is one CPU or an interrupt on it */
        const char *action; /* "lock", "unlock", "sync", "<Interrupt>", "local_irq_disable", "deadlock" */
        const char *lock;   /* NULL for actions without one */
};

struct field {
        const char *key, *value;
};

enum severity { SEVERITY_LOW, SEVERITY_MEDIUM, SEVERITY_HIGH, SEVERITY_CRITICAL };
enum relevance { RELEVANCE_UNRELATED, RELEVANCE_RELATED, RELEVANCE_LIKELY, RELEVANCE_CERTAIN };
/* Is it among the known issues? STATUS_NONE where nobody gave any. */
enum known_status { STATUS_NONE, STATUS_NEW, STATUS_KNOWN };
enum injected { INJECTED_UNKNOWN = -1, INJECTED_NO, INJECTED_YES };

#define SIGNATURE_CHARS (3 + 32) /* "v1:" and 128 bits in hex */
#define ID_CHARS 32

/* Memory of a new member must be moved in findings/pack.c too. */
struct finding {
        struct arena arena;

        /* Set by the kind's parser. */
        const char *detector, *kind, *title;
        const char *message;    /* the kernel's own sentence, where it has one beside the title */
        const char **functions; /* those to blame, in the title's order, without suffixes */
        size_t n_functions;
        enum severity severity;
        struct access *accesses;
        struct stack *stacks;
        struct lock *locks;
        struct task *tasks;
        struct step *scenario;
        struct field *fields;   /* key=value of our own records; value changes of KCSAN, ... */
        const char **corrupted; /* reasons */
        const char **alt_titles;
        size_t n_accesses, n_stacks, n_locks, n_tasks, n_scenario, n_fields, n_corrupted, n_alt_titles;

        /* Set by the assembler. */
        enum origin origin;
        uint32_t boot, source;
        uint64_t number; /* line or entry of the first line */
        const char *cursor;
        const char *ended; /* how its report came to its end: a literal */
        bool open;         /* it has not, and may go on */
        const char *test; /* that ran when it came, where the source tells; NULL */
        struct stamp first, last;
        struct slice excerpt; /* the lines, with '\n' between; ask store_excerpt() once it is in the store */
        uint64_t excerpt_at;

        /* Set by the judge. */
        const char *rule; /* a rule's id or NULL */
        const char *follows; /* rules that it follows from where one of them broke before; NULL */
        enum relevance relevance;
        enum injected injected;
        const char *why;
        const struct finding *cause; /* the likely first cause of its group, maybe itself; NULL: it stands alone */
        const char *link; /* why it is in that group; NULL */
        const struct finding *next_in_group; /* from the cause on, in order of first sight */

        /* Set from the known issues, see triage/known.h; all live as long as those. */
        enum known_status status;
        const struct known_issue *issue; /* that matched, maybe an expired one; NULL */
        const char *owner; /* who is to look at it; NULL */

        /* Set by the store. */
        size_t phase; /* how many changes of the injected fault its boot had seen */
        uint64_t count;
        char signature[SIGNATURE_CHARS + 1];
        char id[ID_CHARS + 1];
};

struct finding *finding_free(struct finding *f);

/* Append one zeroed item and return it, NULL when out of memory. */
struct access *finding_add_access(struct finding *f);
struct stack *finding_add_stack(struct finding *f, const char *what);
struct lock *finding_add_lock(struct finding *f, const char *role);
struct task *finding_add_task(struct finding *f);
struct step *finding_add_step(struct finding *f);
struct frame *stack_add_frame(struct finding *f, struct stack *s);
/* 0 or -ENOMEM. The string is used as it is: a literal or in the arena. */
int finding_add_function(struct finding *f, struct slice function);
int finding_add_field(struct finding *f, struct slice key, struct slice value);
int finding_corrupt(struct finding *f, const char *reason);
int finding_add_alt_title(struct finding *f, const char *title);
/* The value of a key, NULL if there is none. */
const char *finding_field(const struct finding *f, const char *key);
