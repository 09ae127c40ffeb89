/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reads files of known issues. Anybody may have written them: each field is checked, and an error names the entry by
 * its place and its name. */
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buffer.h"
#include "base/checked_json.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "base/macros.h"
#include "base/utf8.h"
#include "triage/known.h"

#define KNOWN_SCHEMA "vmlife-known-issues/1"

enum {
        FILE_MAX = 16 * 1024 * 1024, /* bytes */
        DEPTH_MAX = 8,               /* of JSON; the format needs 6 */
        STRING_MAX = 4096,           /* bytes */
        ISSUES_MAX = 10000,          /* of all files: each is tried on each finding */
        NAME_SHOWN = 64,
};

/* Where in the file the reader is, for messages. */
struct reader {
        struct known *k;
        const char *file;
        const char *what; /* "issue", "owner"; NULL: the file itself */
        size_t index;
        const char *name; /* the entry's; NULL: none yet */
};

static int bad(const struct reader *r, const char *format, ...) _printf_(2, 3);

/* Keys and names are text of the file: only their printable part may go to a terminal. */
static void print_shown(FILE *f, const char *s) {
        _cleanup_(buffer_done) struct buffer b = {};

        if (utf8_add(&b, slice_head(slice_of(s), NAME_SHOWN)) == 0)
                for (size_t i = 0; i < b.size; i++)
                        fputc(b.data[i] == '\n' || b.data[i] == '\t' ? ' ' : b.data[i], f);
}

static int bad(const struct reader *r, const char *format, ...) {
        char *said = NULL, where[48] = "";
        size_t n = 0;
        FILE *f = open_memstream(&said, &n);
        va_list ap;

        if (!f)
                return log_oom();
        if (r->what)
                snprintf(where, sizeof(where), ": %s %zu", r->what, r->index);
        if (r->name) {
                fputs(" \"", f);
                print_shown(f, r->name);
                fputc('"', f);
        }
        fputs(": ", f);
        va_start(ap, format);
        vfprintf(f, format, ap);
        va_end(ap);
        if (fclose(f) == 0)
                log_error("%s%s%s", r->file, where, said);
        free(said);
        return -EINVAL;
}

static int bad_key(const struct reader *r, const char *key, const char *takes) {
        char *said = NULL;
        size_t n = 0;
        FILE *f = open_memstream(&said, &n);

        if (!f)
                return log_oom();
        print_shown(f, key);
        int e = fclose(f) == 0 ? bad(r, "there is no field \"%s\" here; it takes %s", said, takes) : log_oom();
        free(said);
        return e;
}

/* --- values --- */

static int take_string(const struct reader *r, const char *key, struct json_object *v, void *to) {
        const char **ret = to;

        if (!json_object_is_type(v, json_type_string))
                return bad(r, "\"%s\" must be a string", key);
        const char *s = json_object_get_string(v);
        size_t n = (size_t) json_object_get_string_len(v);
        if (n == 0 || n > STRING_MAX)
                return bad(r, "\"%s\" must hold 1 to %d bytes", key, STRING_MAX);
        if (strlen(s) != n)
                return bad(r, "\"%s\" holds a NUL", key);
        *ret = arena_dup(r->k->arena, (struct slice){ s, n });
        return *ret ? 0 : log_oom();
}

/* A string or several. */
static int take_strings(const struct reader *r, const char *key, struct json_object *v, const char ***ret, size_t *n) {
        if (json_object_is_type(v, json_type_string)) {
                *ret = arena_new(r->k->arena, const char *, 1);
                *n = 1;
                return *ret ? take_string(r, key, v, *ret) : log_oom();
        }
        if (!json_object_is_type(v, json_type_array) || json_object_array_length(v) == 0)
                return bad(r, "\"%s\" must be a string or an array of some", key);
        *n = json_object_array_length(v);
        *ret = arena_new(r->k->arena, const char *, *n);
        if (!*ret)
                return log_oom();
        int e = 0;
        for (size_t i = 0; e == 0 && i < *n; i++)
                e = take_string(r, key, json_object_array_get_idx(v, i), &(*ret)[i]);
        return e;
}

static int take_pattern(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct pattern **ret = to;
        const char *text;
        char why[192];

        int e = take_string(r, key, v, &text);
        if (e < 0)
                return e;
        e = pattern_new(ret, text, why, sizeof(why));
        if (e == -ENOMEM)
                return log_oom();
        return e < 0 ? bad(r, "\"%s\" is not a valid PCRE2 pattern: %s", key, why) : 0;
}

/* A pattern that does not match the empty string: otherwise it would make each finding known. */
static int take_choice(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct pattern *const *p = to;
        int e = take_pattern(r, key, v, to);

        if (e == 0 && pattern_match(*p, SLICE("")) != 0)
                return bad(r, "\"%s\" matches the empty string, and so everything", key);
        return e;
}

static int take_bound(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_bound *ret = to;
        const char *text;

        int e = take_string(r, key, v, &text);
        if (e < 0)
                return e;
        ret->set = version_parse_bound(slice_of(text), &ret->version);
        return ret->set ? 0 : bad(r, "\"%s\" is not a kernel version; write 6.1, 6.1.90, 6.2-rc3 or 6.1.0-18", key);
}

bool known_date(const char *text, uint64_t *days) {
        const bool form = strlen(text) == strlen("2026-11-23") && is_digit(*text);
        struct tm tm = {}, again;
        const char *end = form ? strptime(text, "%Y-%m-%d", &tm) : NULL;

        again = tm;
        time_t t = end && !*end ? timegm(&again) : -1;
        if (t < 0 || again.tm_mday != tm.tm_mday)
                return false;
        *days = (uint64_t) t / 86400;
        return true;
}

bool known_link(const char *text) {
        return slice_starts(slice_of(text), SLICE("https://")) || slice_starts(slice_of(text), SLICE("http://"));
}

static int take_date(const struct reader *r, const char *key, struct json_object *v, const char **ret, uint64_t *days) {
        int e = take_string(r, key, v, ret);

        if (e < 0)
                return e;
        return known_date(*ret, days) ? 0 : bad(r, "\"%s\" is not a date; write 2026-11-23", key);
}

static bool is_signature(const char *s) {
        struct slice rest = slice_of(s);
        uint64_t version;

        return slice_eat(&rest, SLICE("v")) && slice_eat_u64(&rest, &version) && slice_eat(&rest, SLICE(":")) &&
               rest.n == 32 && strspn(rest.s, "0123456789abcdef") == 32;
}

/* --- objects: each key is a line of a table --- */

struct key {
        const char *name;
        int (*take)(const struct reader *r, const char *key, struct json_object *v, void *to);
        size_t at; /* where in the object's structure its value goes */
};

static int take_object(const struct reader *r, const char *what, struct json_object *o, const struct key *keys,
                       size_t n_keys, const char *takes, void *to) {
        if (!json_object_is_type(o, json_type_object))
                return bad(r, "%s must be an object", what);
        json_object_object_foreach(o, name, v) {
                const struct key *key = NULL;
                for (size_t i = 0; i < n_keys && !key; i++)
                        if (strcmp(keys[i].name, name) == 0)
                                key = &keys[i];
                int e = key ? key->take(r, name, v, (char *) to + key->at) : bad_key(r, name, takes);
                if (e < 0)
                        return e;
        }
        return 0;
}

static const struct key range_keys[] = {
        { "since", take_bound, offsetof(struct known_range, since) },
        { "until", take_bound, offsetof(struct known_range, until) },
        { "suffix", take_pattern, offsetof(struct known_range, suffix) },
};

static int take_range(const struct reader *r, struct json_object *v, struct known_range *ret) {
        int e = take_object(r, "\"kernel\"", v, range_keys, ARRAY_SIZE(range_keys), "since, until and suffix", ret);

        if (e == 0 && !ret->since.set && !ret->until.set && !ret->suffix)
                return bad(r, "\"kernel\" is empty; leave it out for all kernels");
        return e;
}

static int by_text(const void *a, const void *b) {
        return strcmp(*(const char *const *) a, *(const char *const *) b);
}

static int match_signature(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_issue *i = to;
        int e = take_strings(r, key, v, &i->signatures, &i->n_signatures);

        for (size_t k = 0; e == 0 && k < i->n_signatures; k++)
                if (!is_signature(i->signatures[k]))
                        return bad(r, "\"signature\" is invalid; copy it from a report: v2: and 32 hex digits");
        if (e == 0 && i->n_signatures)
                qsort(i->signatures, i->n_signatures, sizeof(*i->signatures), by_text);
        return e;
}

static int match_detector(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_issue *i = to;
        return take_strings(r, key, v, &i->detectors, &i->n_detectors);
}

/* A range or several: each stable tree got its fix at a version of its own. */
static int match_kernel(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_issue *i = to;
        const bool several = json_object_is_type(v, json_type_array);
        size_t n = several ? json_object_array_length(v) : 1;

        if (n == 0)
                return bad(r, "\"%s\" is an empty array; leave it out for all kernels", key);
        i->ranges = arena_new(r->k->arena, struct known_range, n);
        if (!i->ranges)
                return log_oom();
        i->n_ranges = n; /* from here on their patterns are freed with the issue */
        int e = 0;
        for (size_t k = 0; e == 0 && k < n; k++)
                e = take_range(r, several ? json_object_array_get_idx(v, k) : v, &i->ranges[k]);
        return e;
}

static const struct key match_keys[] = {
        { "signature", match_signature, 0 },
        { "title", take_choice, offsetof(struct known_issue, title) },
        { "rule", take_choice, offsetof(struct known_issue, rule) },
        { "detector", match_detector, 0 },
        { "kernel", match_kernel, 0 },
};

static int issue_match(const struct reader *r, const char *key, struct json_object *v, void *to) {
        const struct known_issue *i = to;
        int e = take_object(r, "\"match\"", v, match_keys, ARRAY_SIZE(match_keys),
                            "signature, title, rule, detector and kernel", to);

        if (e == 0 && i->n_signatures == 0 && !i->title && !i->rule)
                return bad(r,
                           "\"%s\" needs a signature, a title or a rule: a detector or a kernel alone would hide too "
                           "much",
                           key);
        return e;
}

static int issue_bug(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_issue *i = to;
        int e = take_string(r, key, v, &i->says.bug);

        if (e == 0 && !known_link(i->says.bug))
                return bad(r, "\"bug\" must begin with https:// or http://");
        return e;
}

static int issue_expires(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct known_issue *i = to;
        uint64_t days = 0;
        int e = take_date(r, key, v, &i->says.expires, &days);

        i->says.expired = e == 0 && days < r->k->today;
        return e;
}

static int issue_name(const struct reader *r, const char *key, struct json_object *v, void *to) {
        (void) r, (void) key, (void) v, (void) to;
        return 0; /* take_issue() reads it before the others, whose messages need it */
}

static const struct key issue_keys[] = {
        { "name", issue_name, 0 },
        { "match", issue_match, 0 },
        { "bug", issue_bug, 0 },
        { "owner", take_string, offsetof(struct known_issue, says.owner) },
        { "note", take_string, offsetof(struct known_issue, says.note) },
        { "expires", issue_expires, 0 },
};

static int take_issue(struct reader *r, struct json_object *v, struct known_issue *i) {
        struct json_object *name;

        if (!json_object_is_type(v, json_type_object))
                return bad(r, "it must be an object");
        if (!json_object_object_get_ex(v, "name", &name))
                return bad(r, "it has no \"name\"");
        int e = take_string(r, "name", name, &i->says.name);
        if (e < 0)
                return e;
        r->name = i->says.name;
        e = take_object(r, "it", v, issue_keys, ARRAY_SIZE(issue_keys), "name, match, bug, owner, note and expires", i);
        if (e == 0 && !json_object_object_get_ex(v, "match", NULL))
                return bad(r, "it has no \"match\"");
        return e;
}

static const struct key route_keys[] = {
        { "owner", take_string, offsetof(struct known_route, owner) },
        { "function", take_pattern, offsetof(struct known_route, function) },
        { "file", take_pattern, offsetof(struct known_route, file) },
};

static int take_route(struct reader *r, struct json_object *v, struct known_route *x) {
        int e = take_object(r, "it", v, route_keys, ARRAY_SIZE(route_keys), "owner, function and file", x);

        if (e == 0 && !x->owner)
                return bad(r, "it has no \"owner\"");
        if (e == 0 && !x->function && !x->file)
                return bad(r, "it needs a \"function\" or a \"file\"");
        return e;
}

/* --- the file --- */

static int by_name(const void *a, const void *b) {
        const struct known_issue *x = *(const struct known_issue *const *) a,
                                 *y = *(const struct known_issue *const *) b;
        int c = strcmp(x->says.name, y->says.name);

        return c ? c : strcmp(x->file, y->file) == 0 ? (x->index < y->index ? -1 : 1) : 0;
}

static int check_names(struct reader *r) {
        const struct known *k = r->k;
        _cleanup_free_ struct known_issue **sorted = calloc(k->n_issues + 1, sizeof(*sorted));

        if (!sorted)
                return log_oom();
        if (k->n_issues)
                memcpy(sorted, k->issues, k->n_issues * sizeof(*sorted));
        qsort(sorted, k->n_issues, sizeof(*sorted), by_name);
        for (size_t i = 1; i < k->n_issues; i++) {
                const struct known_issue *x = sorted[i - 1], *y = sorted[i];
                if (strcmp(x->says.name, y->says.name) != 0)
                        continue;
                /* The message is about the entry of this file. */
                const struct known_issue *mine = y->file == r->file ? y : x, *other = mine == y ? x : y;
                r->index = mine->index;
                r->name = mine->says.name;
                return bad(r, "the name is taken by issue %zu of %s", other->index, other->file);
        }
        return 0;
}

static int take_issues(struct reader *r, struct json_object *list) {
        struct known *k = r->k;
        size_t n = json_object_array_length(list);
        struct known_issue **all = arena_new(k->arena, struct known_issue *, k->n_issues + n);
        int e = 0;

        if (n > ISSUES_MAX - k->n_issues)
                return bad(r, "these are more than %d issues; remove those that are over", ISSUES_MAX);
        if (!all)
                return log_oom();
        if (k->n_issues)
                memcpy(all, k->issues, k->n_issues * sizeof(*all));
        k->issues = all;
        r->what = "issue";
        for (size_t i = 0; e == 0 && i < n; i++) {
                struct known_issue *issue = arena_new(k->arena, struct known_issue, 1);
                if (!issue)
                        return log_oom();
                *issue = (struct known_issue){ .file = r->file, .index = i };
                all[k->n_issues++] = issue;
                r->index = i;
                r->name = NULL;
                e = take_issue(r, json_object_array_get_idx(list, i), issue);
        }
        return e == 0 ? check_names(r) : e;
}

static int take_routes(struct reader *r, struct json_object *list) {
        struct known *k = r->k;
        size_t n = json_object_array_length(list);
        struct known_route **all = arena_new(k->arena, struct known_route *, k->n_routes + n);
        int e = 0;

        if (n > ISSUES_MAX - k->n_routes)
                return bad(r, "these are more than %d owners", ISSUES_MAX);
        if (!all)
                return log_oom();
        if (k->n_routes)
                memcpy(all, k->routes, k->n_routes * sizeof(*all));
        k->routes = all;
        r->what = "owner";
        r->name = NULL;
        for (size_t i = 0; e == 0 && i < n; i++) {
                struct known_route *route = arena_new(k->arena, struct known_route, 1);
                if (!route)
                        return log_oom();
                all[k->n_routes++] = route;
                r->index = i;
                e = take_route(r, json_object_array_get_idx(list, i), route);
        }
        return e;
}

static int file_schema(const struct reader *r, const char *key, struct json_object *v, void *to) {
        (void) key, (void) to;
        if (!json_object_is_type(v, json_type_string) || strcmp(json_object_get_string(v), KNOWN_SCHEMA) != 0)
                return bad(r, "\"schema\" is not \"" KNOWN_SCHEMA "\", the one that this vmlife reads");
        return 0;
}

static int file_list(const struct reader *r, const char *key, struct json_object *v, void *to) {
        struct json_object **list = to;

        if (!json_object_is_type(v, json_type_array))
                return bad(r, "\"%s\" must be an array", key);
        *list = v;
        return 0;
}

struct file_lists {
        struct json_object *issues, *owners;
};

static const struct key file_keys[] = {
        { "schema", file_schema, 0 },
        { "issues", file_list, offsetof(struct file_lists, issues) },
        { "owners", file_list, offsetof(struct file_lists, owners) },
};

static int take_file(struct reader *r, struct json_object *o) {
        struct file_lists lists = {};
        int e = take_object(r, "it", o, file_keys, ARRAY_SIZE(file_keys), "schema, issues and owners", &lists);

        if (e == 0 && !json_object_object_get_ex(o, "schema", NULL))
                e = bad(r, "it has no \"schema\"; begin it with \"schema\": \"" KNOWN_SCHEMA "\"");
        if (e == 0 && !lists.issues)
                e = bad(r, "it has no \"issues\"");
        if (e == 0)
                e = take_issues(r, lists.issues);
        return e == 0 && lists.owners ? take_routes(r, lists.owners) : e;
}

int known_parse(struct known *k, const char *name, struct slice text) {
        _cleanup_(json_putp) struct json_object *o = NULL;
        struct reader r = { .k = k, .file = arena_dup(k->arena, slice_of(name)) };
        char why[192];

        if (!r.file)
                return log_oom();
        if (text.n > FILE_MAX)
                return bad(&r, "it is larger than %d MiB", FILE_MAX / 1024 / 1024);
        if (text.n == 0)
                return bad(&r, "it is empty; at least write { \"schema\": \"" KNOWN_SCHEMA "\", \"issues\": [] }");
        int e = json_parse(text, DEPTH_MAX, &o, why, sizeof(why));
        if (e < 0)
                return e == -ENOMEM ? log_oom() : bad(&r, "%s", why);
        return take_file(&r, o);
}

int known_read(struct known *k, const char *path) {
        const bool is_stdin = strcmp(path, "-") == 0;
        _cleanup_(closep) int fd = is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
        _cleanup_(buffer_done) struct buffer b = {};
        const char *name = is_stdin ? "standard input" : path;

        for (ssize_t n = 1; fd >= 0 && n > 0;) {
                if (b.size > FILE_MAX)
                        break;
                if (buffer_reserve(&b, 65536) < 0)
                        return log_oom();
                n = read(fd, b.data + b.size, 65536);
                if (n > 0)
                        b.size += (size_t) n;
                if (n < 0 && errno == EINTR)
                        n = 1;
                else if (n < 0) {
                        int e = -errno;
                        log_error("cannot read the known issues in %s: %s", name, strerror(-e));
                        return e;
                }
        }
        if (fd < 0) {
                int e = -errno;
                log_error("cannot open the known issues in %s: %s%s", name, strerror(-e),
                          e == -ENOENT ? "; \"vmlife known add\" creates the file with its first entry" : "");
                return e;
        }
        return known_parse(k, name, buffer_all(&b));
}
