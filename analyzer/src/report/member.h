/* SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* The members of structures that are stored, written and read back: finding.def and boot.def list them, one line each.
 * From those lines the structures are declared, and their layouts, over which these iterate: the JSON writer
 * (saved/json.c), the reader of saved reports (saved/convert.c), the store (findings/pack.c), redaction
 * (redact/redact_report.c), and follow's state (follow/state.c). A test compares the layouts with
 * analyzer/schema/report.schema.json, from which the manual is made.
 *
 * A line is MEMBER(FORM, member, [what the form needs,] "key in JSON" or NULL, flags [, WITH() or others]). */
enum form {
        FORM_TEXT,    /* const char *, NULL: there is none */
        FORM_TEXTS,   /* const char **, n_MEMBER of them */
        FORM_DIGITS,  /* char[], a prefix and hex digits; empty: there are none */
        FORM_COUNT,   /* uint64_t, uint32_t or unsigned */
        FORM_INTEGER, /* int64_t */
        FORM_INDEX,   /* int64_t, -1: there is none */
        FORM_HEX,     /* uint64_t; a string in JSON, because many readers lose the low bits of large numbers */
        FORM_FLAG,    /* bool, or an enum that is true where it is 1 */
        FORM_CHOICE,  /* an enum; its word in JSON */
        FORM_STAMP,   /* struct stamp */
        FORM_LINES,   /* the excerpt, see store_excerpt() */
        FORM_ITEMS,   /* a pointer to n_MEMBER structures with a layout */
        FORM_MAP,     /* the same; in JSON an object with their first member as key and their second as value */
        FORM_INLINE,  /* a fixed number of structures within this one */
        FORM_RECORD,  /* a pointer to one structure; NULL: there is none */
        FORM_OWN,     /* no member: a key whose value depends on more than this structure; writer and reader make it */
        FORM_GROUP,   /* no member: the lines up to UNGROUP() are an object of their own in JSON */
        FORM_UNGROUP,
};

enum {
        NEED = 1 << 0,       /* required: a saved report without it is refused */
        OPT = 1 << 1,        /* JSON omits it if it is 0, NULL, or empty */
        STATE = 1 << 2,      /* follow's state keeps it */
        HAS = 1 << 3,        /* WITH() names a flag that says whether it is there */
        NAMES = 1 << 4,      /* redaction: text that may contain names of machines and people, */
        HOST_NAME = 1 << 5,  /* or the whole is the name of a machine, */
        TASK_NAME = 1 << 6,  /* of a task, */
        MACHINE_ID = 1 << 7, /* or a machine's id */
        JUDGED = 1 << 8,     /* of a finding: may change after its report has ended, so that follow writes an update */
};

struct layout;

struct member {
        enum form form;
        unsigned flags;
        const char *key; /* in JSON; NULL: not there */
        size_t at, size; /* where it is in the structure */
        size_t n_at;     /* TEXTS, ITEMS, MAP: where their number is; INLINE: their number */
        const struct layout *(*of)(void);
        const char *const *words; /* CHOICE, by value */
        size_t n_words;
        const char *prefix;              /* DIGITS */
        size_t with, with_size;          /* JSON has it only where that member is not 0; with_size 0: always */
        bool (*shown)(const void *item); /* the same by a function; NULL */
};

struct layout {
        size_t size;
        const struct member *members;
        size_t n_members;
};

#define EACH_MEMBER(layout, m) \
        for (const struct member *m = (layout)->members; m < (layout)->members + (layout)->n_members; m++)

/* --- what the lines become in a structure --- */

#define DECLARE_BEGIN(type) struct type {
#define DECLARE_END(type) \
        }                 \
        ;                 \
        const struct layout *type##_layout(void);
#define DECLARE_TEXT(member, ...) const char *member;
#define DECLARE_TEXTS(member, ...) \
        const char **member;       \
        size_t n_##member;
#define DECLARE_DIGITS(member, n, ...) char member[(n) + 1];
#define DECLARE_COUNT(member, ...) uint64_t member;
#define DECLARE_COUNT32(member, ...) uint32_t member;
#define DECLARE_INTEGER(member, ...) int64_t member;
#define DECLARE_INDEX(member, ...) int64_t member;
#define DECLARE_HEX(member, ...) uint64_t member;
#define DECLARE_FLAG(member, ...) bool member;
#define DECLARE_FLAG_OF(member, type, ...) type member;
#define DECLARE_CHOICE(member, type, ...) type member;
#define DECLARE_STAMP(member, ...) struct stamp member;
#define DECLARE_LINES(member, ...) struct slice member;
#define DECLARE_ITEMS(member, type, ...) \
        struct type *member;             \
        size_t n_##member;
#define DECLARE_MAP(member, type, ...) \
        struct type *member;           \
        size_t n_##member;
#define DECLARE_INLINE(member, type, n, ...) struct type member[n];
#define DECLARE_RECORD(member, type, ...) const struct type *member;
#define DECLARE_OWN(...)
#define DECLARE_GROUP(...)
#define DECLARE_UNGROUP()
/* A member that no list concerns. */
#define DECLARE_OTHER(member, type) type member;

/* --- and in its layout --- */

#define DESCRIBE_(member, form_, key_, flags_, ...) \
        { .form = form_,                            \
          .key = key_,                              \
          .flags = flags_,                          \
          .at = offsetof(this, member),             \
          .size = sizeof(((this *) 0)->member),     \
          __VA_ARGS__ },
#define DESCRIBE_MANY_(member, form_, type, key_, flags_, ...) \
        DESCRIBE_(member, form_, key_, flags_, .n_at = offsetof(this, n_##member), .of = type##_layout, ##__VA_ARGS__)
#define DESCRIBE_WORD_(form_, key_, flags_, ...) { .form = form_, .key = key_, .flags = flags_, __VA_ARGS__ },

#define DESCRIBE_BEGIN(type)                       \
        const struct layout *type##_layout(void) { \
                typedef struct type this;          \
                static const struct member members[] = {
#define DESCRIBE_END(type)                                                                                          \
        }                                                                                                           \
        ;                                                                                                           \
        static const struct layout layout = { sizeof(struct type), members, sizeof(members) / sizeof(members[0]) }; \
        return &layout;                                                                                             \
        }
#define DESCRIBE_TEXT(member, ...) DESCRIBE_(member, FORM_TEXT, __VA_ARGS__)
#define DESCRIBE_TEXTS(member, key_, flags_, ...) \
        DESCRIBE_(member, FORM_TEXTS, key_, flags_, .n_at = offsetof(this, n_##member), ##__VA_ARGS__)
#define DESCRIBE_DIGITS(member, n, prefix_, key_, flags_, ...) \
        DESCRIBE_(member, FORM_DIGITS, key_, flags_, .prefix = prefix_, ##__VA_ARGS__)
#define DESCRIBE_COUNT(member, ...) DESCRIBE_(member, FORM_COUNT, __VA_ARGS__)
#define DESCRIBE_COUNT32(member, ...) DESCRIBE_(member, FORM_COUNT, __VA_ARGS__)
#define DESCRIBE_INTEGER(member, ...) DESCRIBE_(member, FORM_INTEGER, __VA_ARGS__)
#define DESCRIBE_INDEX(member, ...) DESCRIBE_(member, FORM_INDEX, __VA_ARGS__)
#define DESCRIBE_HEX(member, ...) DESCRIBE_(member, FORM_HEX, __VA_ARGS__)
#define DESCRIBE_FLAG(member, ...) DESCRIBE_(member, FORM_FLAG, __VA_ARGS__)
#define DESCRIBE_FLAG_OF(member, type, ...) DESCRIBE_(member, FORM_FLAG, __VA_ARGS__)
#define DESCRIBE_CHOICE(member, type, words_, key_, flags_, ...)                                                       \
        DESCRIBE_(member, FORM_CHOICE, key_, flags_, .words = words_, .n_words = sizeof(words_) / sizeof((words_)[0]), \
                  ##__VA_ARGS__)
#define DESCRIBE_STAMP(member, ...) DESCRIBE_(member, FORM_STAMP, __VA_ARGS__)
#define DESCRIBE_LINES(member, ...) DESCRIBE_(member, FORM_LINES, __VA_ARGS__)
#define DESCRIBE_ITEMS(member, ...) DESCRIBE_MANY_(member, FORM_ITEMS, __VA_ARGS__)
#define DESCRIBE_MAP(member, ...) DESCRIBE_MANY_(member, FORM_MAP, __VA_ARGS__)
#define DESCRIBE_INLINE(member, type, n, key_, flags_, ...) \
        DESCRIBE_(member, FORM_INLINE, key_, flags_, .n_at = n, .of = type##_layout, ##__VA_ARGS__)
#define DESCRIBE_RECORD(member, type, key_, flags_, ...) \
        DESCRIBE_(member, FORM_RECORD, key_, flags_, .of = type##_layout, ##__VA_ARGS__)
#define DESCRIBE_OWN(...) DESCRIBE_WORD_(FORM_OWN, __VA_ARGS__)
#define DESCRIBE_GROUP(...) DESCRIBE_WORD_(FORM_GROUP, __VA_ARGS__)
#define DESCRIBE_UNGROUP() DESCRIBE_WORD_(FORM_UNGROUP, NULL, 0)
#define DESCRIBE_OTHER(member, type)

#define WITH(member) .with = offsetof(this, member), .with_size = sizeof(((this *) 0)->member)
#define SHOWN(function) .shown = function

/* --- a member of an item --- */

static inline void *member_in(const void *item, const struct member *m) {
        return (char *) (uintptr_t) item + m->at;
}

static inline void *member_pointer(const void *item, const struct member *m) {
        void *p;
        memcpy(&p, member_in(item, m), sizeof(p));
        return p;
}

static inline void member_point(void *item, const struct member *m, const void *p) {
        memcpy(member_in(item, m), &p, sizeof(p));
}

/* Of TEXTS, ITEMS, MAP, INLINE and RECORD: how many there are. */
static inline size_t member_n(const void *item, const struct member *m) {
        size_t n = m->n_at;
        if (m->form == FORM_RECORD)
                return member_pointer(item, m) != NULL;
        if (m->form != FORM_INLINE)
                memcpy(&n, (const char *) item + m->n_at, sizeof(n));
        return n;
}

static inline void member_set_n(void *item, const struct member *m, size_t n) {
        memcpy((char *) item + m->n_at, &n, sizeof(n));
}

/* The i-th structure of ITEMS, MAP, INLINE and RECORD. */
static inline void *member_item(const void *item, const struct member *m, size_t i) {
        return (char *) (m->form == FORM_INLINE ? member_in(item, m) : member_pointer(item, m)) + i * m->of()->size;
}

/* Numbers, flags and choices, whatever their size. */
uint64_t member_number(const void *item, const struct member *m);
void member_set_number(void *item, const struct member *m, uint64_t v);

/* Does JSON have it? */
bool member_is_shown(const void *item, const struct member *m);
