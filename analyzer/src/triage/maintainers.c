/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/maintainers.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "kind/machinery.h"
#include "line/frame.h"
#include "triage/pattern.h"

/* One "X: value" line of a section. */
struct entry {
        char type; /* F, X, N, M, R, L */
        struct slice value;
        struct pattern *pattern; /* of N */
};

struct section {
        struct slice title;
        struct entry *entries;
        size_t n;
};

struct maintainers {
        struct buffer text;
        struct section *sections;
        size_t n;
};

struct maintainers *maintainers_free(struct maintainers *m) {
        for (size_t i = 0; m && i < m->n; i++) {
                for (size_t k = 0; k < m->sections[i].n; k++)
                        pattern_free(m->sections[i].entries[k].pattern);
                free(m->sections[i].entries);
        }
        if (m) {
                free(m->sections);
                buffer_done(&m->text);
        }
        free(m);
        return NULL;
}

/* --- reading --- */

static bool parse_entry(struct slice line, struct entry *ret) {
        if (line.n < 3 || line.s[0] < 'A' || line.s[0] > 'Z' || line.s[1] != ':' || !is_blank(line.s[2]))
                return false;
        *ret = (struct entry){ .type = line.s[0], .value = slice_trim(slice_from(line, 2)) };
        return ret->value.n > 0;
}

static int add_entry(struct section *s, struct entry e) {
        char why[256], *text = NULL;
        int r = 0;

        if (e.type == 'N') {
                text = strndup(e.value.s, e.value.n);
                r = text ? pattern_new(&e.pattern, text, why, sizeof(why)) : -ENOMEM;
                if (r == -EINVAL)
                        log_warning("MAINTAINERS: the pattern \"N: %s\" is not understood and is left out: %s", text,
                                    why);
                free(text);
                if (r < 0)
                        return r == -EINVAL ? 0 : r;
        }
        if ((s->n & (s->n - 1)) == 0) {
                struct entry *p = reallocarray(s->entries, s->n ? s->n * 2 : 1, sizeof(*p));
                if (!p)
                        return -ENOMEM;
                s->entries = p;
        }
        s->entries[s->n++] = e;
        return 0;
}

static int add_section(struct maintainers *m, struct slice title) {
        if ((m->n & (m->n - 1)) == 0) {
                struct section *p = reallocarray(m->sections, m->n ? m->n * 2 : 1, sizeof(*p));
                if (!p)
                        return -ENOMEM;
                m->sections = p;
        }
        m->sections[m->n++] = (struct section){ .title = title };
        return 0;
}

/* A section is a title line and the entries below it; what stands before the first is about the file itself. */
static int parse(struct maintainers *m) {
        struct slice rest = buffer_slice(&m->text, 0, m->text.size), title = SLICE_NULL;
        bool open = false; /* the title's section is there */

        while (rest.n) {
                struct slice line = slice_rtrim(slice_token(&rest, '\n'));
                struct entry e;
                int r = 0;

                if (!parse_entry(line, &e)) {
                        title = slice_trim(line);
                        open = false;
                        continue;
                }
                if (title.n == 0 || !strchr("FXNMRL", e.type))
                        continue;
                if (!open)
                        r = add_section(m, title);
                open = true;
                if (r == 0)
                        r = add_entry(&m->sections[m->n - 1], e);
                if (r < 0)
                        return r;
        }
        return 0;
}

static bool has_files(const struct maintainers *m) {
        for (size_t i = 0; i < m->n; i++)
                for (size_t k = 0; k < m->sections[i].n; k++)
                        if (m->sections[i].entries[k].type == 'F')
                                return true;
        return false;
}

int maintainers_read(struct maintainers **ret, const char *path) {
        struct maintainers *m = calloc(1, sizeof(*m));

        if (!m)
                return log_oom();
        int e = file_read(path, &m->text);
        if (e < 0)
                log_error("cannot read %s: %s", path, strerror(-e));
        else if ((e = parse(m)) < 0)
                log_oom();
        else if (!has_files(m)) {
                log_error("%s is no MAINTAINERS file: no section of it has a line \"F: PATH\"", path);
                e = -EINVAL;
        }
        if (e < 0)
                m = maintainers_free(m);
        *ret = m;
        return e;
}

/* --- matching --- */

static size_t slashes(struct slice s) {
        size_t n = 0;

        for (size_t i = 0; i < s.n; i++)
                n += s.s[i] == '/';
        return n;
}

/* Does the path begin with the pattern? '*' stands for anything, also '/', '?' for one byte. */
static bool begins_with(struct slice path, struct slice pattern) {
        size_t p = 0, k = 0, star = SLICE_NPOS, from = 0;

        while (k < pattern.n) {
                if (pattern.s[k] == '*') {
                        star = k++;
                        from = p;
                } else if (p < path.n && (pattern.s[k] == '?' || pattern.s[k] == path.s[p])) {
                        p++;
                        k++;
                } else if (star != SLICE_NPOS && from < path.n) {
                        k = star + 1;
                        p = ++from;
                } else
                        return false;
        }
        return true;
}

/* As file_match_pattern() there: what ends in '/' is a folder with all below it; anything else matches in its own depth
 * alone, unless "**" stands in it. */
static bool matches_path(struct slice path, struct slice pattern) {
        if (!begins_with(path, pattern))
                return false;
        return slice_ends(pattern, SLICE("/")) || slice_has(pattern, SLICE("**")) ||
               slashes(path) == slashes(pattern) ||
               /* A folder that is written without its '/': the script looks whether it is one. */
               (path.n > pattern.n && path.s[pattern.n] == '/' && slice_find_byte(pattern, '*') == SLICE_NPOS);
}

/* As the script has it: what begins with '*' is less specific than any other line, also than N:. */
static unsigned depth(struct slice pattern) {
        if (slice_starts(pattern, SLICE("*")))
                return 1;
        return 3 + (unsigned) slashes(pattern) + !slice_ends(pattern, SLICE("/"));
}

/* F: by its depth; N: a regular expression, counts less. Of several lines that match the last decides, as in the
 * script. */
static unsigned rank(const struct section *s, struct slice path) {
        unsigned last = 0;

        for (size_t i = 0; i < s->n; i++) {
                const struct entry *e = &s->entries[i];

                if (e->type == 'X' && matches_path(path, e->value))
                        return 0;
                if (e->type == 'F' && matches_path(path, e->value))
                        last = depth(e->value);
                else if (e->type == 'N' && pattern_match(e->pattern, path) == 1)
                        last = 2;
        }
        return last;
}

unsigned maintainers_rank(const struct maintainers *m, const char *section, const char *path) {
        for (size_t i = 0; i < m->n; i++)
                if (slice_eq(m->sections[i].title, slice_of(section)))
                        return rank(&m->sections[i], slice_of(path));
        return 0;
}

static bool is_rest(const struct section *s) {
        return slice_eq(s->title, SLICE("THE REST"));
}

/* --- who is to blame --- */

/* A header's inlined functions say nothing of whose code called them. */
static bool is_source(struct slice path) {
        return path.n && slice_find_byte(path, '/') != SLICE_NPOS && !slice_starts(path, SLICE("include/"));
}

static struct slice path_of(const char *file) {
        struct slice s = source_path(slice_of(file));

        return slice_head(s, slice_find_byte(s, ':'));
}

static const struct frame *guilty_frame(const struct finding *f, bool with_file) {
        for (size_t k = 0; k < f->n_functions; k++)
                for (size_t i = 0; i < f->n_stacks; i++)
                        for (size_t j = 0; j < f->stacks[i].n_frames; j++) {
                                const struct frame *fr = &f->stacks[i].frames[j];

                                if (slice_eq(function_base(slice_of(fr->function)), slice_of(f->functions[k])) &&
                                    (!with_file || (fr->file && is_source(path_of(fr->file)))))
                                        return fr;
                        }
        return NULL;
}

/* Does the report stand in a function that is to blame? A warning of a library's is its caller's, and what stands in a
 * header was put into whoever includes it. */
static bool is_its_place(const struct finding *f, struct slice path) {
        struct slice rip = f->rip ? slice_of(f->rip) : SLICE_NULL;
        const struct slice at = function_base(slice_token(&rip, '+'));

        if (slice_ends(path, SLICE(".h")))
                return false;
        for (size_t i = 0; at.n && i < f->n_functions; i++)
                if (slice_eq(at, slice_of(f->functions[i])))
                        return true;
        return at.n == 0;
}

/* A WARN names its place itself. */
static struct slice guilty_path(const struct finding *f) {
        const struct frame *fr = guilty_frame(f, true);
        const char *at = finding_field(f, "at");

        if (fr)
                return path_of(fr->file);
        if (at && is_source(path_of(at)) && strcmp(f->detector, "warn") == 0 && is_its_place(f, path_of(at)))
                return path_of(at);
        return SLICE_NULL;
}

static struct slice last_part(struct slice path) {
        if (slice_ends(path, SLICE("/")) || slice_ends(path, SLICE("*")))
                path.n--;
        for (size_t i = path.n; i > 0; i--)
                if (path.s[i - 1] == '/')
                        return slice_from(path, i);
        return path;
}

static bool same_name(struct slice a, struct slice b) {
        if (a.n != b.n)
                return false;
        for (size_t i = 0; i < a.n; i++)
                if (a.s[i] != b.s[i] && !((a.s[i] == '-' || a.s[i] == '_') && (b.s[i] == '-' || b.s[i] == '_')))
                        return false;
        return true;
}

/* Where a module can come from. */
static bool is_code(const struct entry *e) {
        return e->type == 'F' && !slice_starts(e->value, SLICE("Documentation/")) &&
               !slice_starts(e->value, SLICE("include/")) && !slice_starts(e->value, SLICE("tools/"));
}

static bool is_word_byte(char c) {
        return is_letter(c) || is_digit(c) || c == '_';
}

/* Is it a word of the section's title, "RADEON and AMDGPU DRM DRIVERS", or does an N: of it fit? */
static bool names(const struct section *s, struct slice module) {
        struct slice rest = s->title;

        for (size_t i = 0; i < s->n; i++)
                if (s->entries[i].type == 'N' && pattern_match(s->entries[i].pattern, module) == 1)
                        return true;
        while (rest.n) {
                size_t n = 0;
                while (n < rest.n && is_word_byte(rest.s[n]))
                        n++;
                if (n && n == module.n && strncasecmp(rest.s, module.s, n) == 0)
                        return true;
                rest = slice_from(rest, n + 1);
        }
        return false;
}

/* "drivers/gpu/drm/xe/" for the module xe: a folder that is listed by the module's name; else "drivers/gpu/drm/amd/"
 * for amdgpu, whose name begins so, in a section that names the module. */
static struct slice folder_of_module(const struct maintainers *m, struct slice module) {
        struct slice found = SLICE_NULL;

        for (size_t i = 0; module.n && i < m->n; i++) {
                const bool named = names(&m->sections[i], module);

                for (size_t k = 0; k < m->sections[i].n; k++) {
                        const struct entry *e = &m->sections[i].entries[k];
                        if (!is_code(e))
                                continue;
                        if (same_name(last_part(e->value), module))
                                return e->value;
                        if (named && found.n == 0 && slice_starts(module, last_part(e->value)))
                                found = e->value;
                }
        }
        return found;
}

static int add_text(struct finding *f, const char ***items, size_t *n, struct slice text) {
        for (size_t i = 0; i < *n; i++)
                if (slice_eq(text, slice_of((*items)[i])))
                        return 0;
        const char **grown = arena_grow(&f->arena, *items, *n, sizeof(**items));
        if (!grown)
                return -ENOMEM;
        *items = grown;
        grown[*n] = arena_dup(&f->arena, text);
        return grown[(*n)++] ? 0 : -ENOMEM;
}

/* The address of an L: line, empty where only subscribers may write to it: "ADDRESS (moderated for non-subscribers)".
 */
static struct slice open_list(const struct entry *e) {
        const size_t n = slice_find_byte(e->value, ' ');

        if (e->type != 'L' || (n != SLICE_NPOS && slice_has(slice_from(e->value, n), SLICE("subscribers-only"))))
                return SLICE_NULL;
        return slice_head(e->value, n);
}

static int add_lists(struct finding *f, const struct section *s) {
        int e = 0;

        for (size_t k = 0; e == 0 && k < s->n; k++) {
                const struct slice list = open_list(&s->entries[k]);
                e = list.n ? add_text(f, &f->lists, &f->n_lists, list) : 0;
        }
        return e;
}

/* The most specific section gives the people, all that match the lists, THE REST, which matches anything, the last.
 * Its one maintainer gets no reports from the script, either. */
static int take_people(const struct maintainers *m, struct slice path, struct finding *f) {
        const struct section *best = NULL;
        unsigned best_rank = 0;
        int e = 0;

        for (size_t i = 0; i < m->n; i++) {
                const unsigned r = rank(&m->sections[i], path);

                if (r && (!best || (is_rest(best) && !is_rest(&m->sections[i])) ||
                          (!is_rest(&m->sections[i]) && r > best_rank))) {
                        best = &m->sections[i];
                        best_rank = r;
                }
        }
        if (!best)
                return 0;
        f->subsystem = arena_dup(&f->arena, best->title);
        if (!f->subsystem)
                return -ENOMEM;
        for (size_t k = 0; e == 0 && !is_rest(best) && k < best->n; k++)
                if (best->entries[k].type == 'M')
                        e = add_text(f, &f->maintainers, &f->n_maintainers, best->entries[k].value);
        e = e == 0 ? add_lists(f, best) : e;
        for (size_t i = 0; e == 0 && i < m->n; i++)
                if (&m->sections[i] != best && rank(&m->sections[i], path))
                        e = add_lists(f, &m->sections[i]);
        return e;
}

int maintainers_find(const struct maintainers *m, struct finding *f) {
        struct slice path = guilty_path(f);

        if (path.n) {
                f->guilty_file = arena_dup(&f->arena, path);
                return f->guilty_file ? take_people(m, path, f) : -ENOMEM;
        }
        const struct frame *fr = guilty_frame(f, false);
        if (!fr)
                return 0;
        path = folder_of_module(m, frame_module(fr));
        if (path.n == 0)
                return 0;
        f->guilty_file = arena_dup(&f->arena, path);
        return f->guilty_file ? take_people(m, path, f) : -ENOMEM;
}
