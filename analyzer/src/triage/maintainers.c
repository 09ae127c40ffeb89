/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "triage/maintainers.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/file.h"
#include "base/log.h"
#include "base/macros.h"
#include "kind/function_name.h"
#include "kind/functions.h"
#include "kind/machinery.h"
#include "kind/places.h"
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
        struct places *places;
};

struct maintainers *maintainers_free(struct maintainers *m) {
        for (size_t i = 0; m && i < m->n; i++) {
                for (size_t k = 0; k < m->sections[i].n; k++)
                        pattern_free(m->sections[i].entries[k].pattern);
                free(m->sections[i].entries);
        }
        if (m) {
                free(m->sections);
                if (m->places)
                        places_done(m->places);
                free(m->places);
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
        struct slice rest = buffer_all(&m->text), title = SLICE_NULL;
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

/* A folder is a kernel's tree, which has the file at its top. */
static int read_text(const char *path, struct buffer *ret) {
        char inside[PATH_MAX];
        struct stat st;

        if (stat(path, &st) == 0 && S_ISDIR(st.st_mode) &&
            (size_t) snprintf(inside, sizeof(inside), "%s/MAINTAINERS", path) < sizeof(inside))
                path = inside;
        const int e = file_read(path, ret);
        if (e < 0)
                log_error("cannot read %s: %s", path, strerror(-e));
        return e;
}

int maintainers_read(struct maintainers **ret, const char *path) {
        struct maintainers *m = calloc(1, sizeof(*m));

        if (!m || !(m->places = calloc(1, sizeof(*m->places)))) {
                *ret = maintainers_free(m);
                return log_oom();
        }
        int e = read_text(path, &m->text);
        if (e == 0 && (e = parse(m)) < 0)
                log_oom();
        else if (e == 0 && !has_files(m)) {
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

static const struct frame *frame_of(const struct finding *f, const char *function, bool with_file) {
        for (size_t i = 0; i < f->n_stacks; i++)
                for (size_t j = 0; j < f->stacks[i].n_frames; j++) {
                        const struct frame *fr = &f->stacks[i].frames[j];

                        if (blame_is_of(slice_of(function), fr) &&
                            (!with_file || (fr->file && is_source(path_of(fr->file)))))
                                return fr;
                }
        return NULL;
}

static const struct frame *guilty_frame(const struct finding *f, bool with_file) {
        const struct frame *fr = NULL;

        for (size_t k = 0; !fr && k < f->n_functions; k++)
                fr = frame_of(f, f->functions[k], with_file);
        return fr;
}

/* Where the log says not in which function a file is: does the list have those to blame in another one? */
static bool may_be_in(const struct maintainers *m, const struct finding *f, struct slice path) {
        struct slice place = SLICE_NULL;

        for (size_t i = 0; i < f->n_functions && place.n == 0; i++)
                if (places_of_function(m->places, slice_of(f->functions[i]), &place) < 0)
                        return false;
        return place.n == 0 || (slice_ends(place, SLICE("/")) ? slice_starts(path, place) : slice_eq(path, place));
}

/* Does the report stand in a function that is to blame? A warning of a library's is its caller's, and what stands in a
 * header was put into whoever includes it. */
static bool is_its_place(const struct maintainers *m, const struct finding *f, struct slice path) {
        struct slice rip = f->rip ? slice_of(f->rip) : SLICE_NULL;
        const struct slice at = function_base(slice_token(&rip, '+'));

        if (slice_ends(path, SLICE(".h")))
                return false;
        for (size_t i = 0; at.n && i < f->n_functions; i++)
                if (slice_eq(at, slice_of(f->functions[i])))
                        return true;
        return at.n == 0 && may_be_in(m, f, path);
}

/* A WARN names its place itself. */
static struct slice guilty_path(const struct maintainers *m, const struct finding *f) {
        const struct frame *fr = guilty_frame(f, true);
        const char *at = finding_field(f, "at");

        if (fr)
                return path_of(fr->file);
        if (at && is_source(path_of(at)) && strcmp(f->detector, "warn") == 0 && is_its_place(m, f, path_of(at)))
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

/* "Name <address>", whatever name somebody has in another section. */
static struct slice address(struct slice person) {
        const size_t n = slice_find_byte(person, '<');

        return n == SLICE_NPOS ? person :
                                 slice_head(slice_from(person, n + 1), slice_find_byte(slice_from(person, n + 1), '>'));
}

static bool same_address(struct slice a, struct slice b) {
        a = address(a);
        b = address(b);
        return a.n == b.n && a.n && strncasecmp(a.s, b.s, a.n) == 0;
}

static bool has_text(const char *const *items, size_t n, struct slice text) {
        for (size_t i = 0; i < n; i++)
                if (same_address(text, slice_of(items[i])))
                        return true;
        return false;
}

static int add_text(struct finding *f, const char ***items, size_t *n, struct slice text) {
        if (has_text(*items, *n, text))
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

static const struct section *most_specific(const struct maintainers *m, struct slice path) {
        const struct section *best = NULL;
        unsigned best_rank = 0;

        for (size_t i = 0; i < m->n; i++) {
                const unsigned r = rank(&m->sections[i], path);

                if (r && (!best || (is_rest(best) && !is_rest(&m->sections[i])) ||
                          (!is_rest(&m->sections[i]) && r > best_rank))) {
                        best = &m->sections[i];
                        best_rank = r;
                }
        }
        return best;
}

/* Nobody is named twice, and who maintains does not also review. */
static int add_people(struct finding *f, const struct section *s) {
        int e = 0;

        for (size_t k = 0; e == 0 && k < s->n; k++)
                if (s->entries[k].type == 'M')
                        e = add_text(f, &f->maintainers, &f->n_maintainers, s->entries[k].value);
        for (size_t k = 0; e == 0 && k < s->n; k++)
                if (s->entries[k].type == 'R' && !has_text(f->maintainers, f->n_maintainers, s->entries[k].value))
                        e = add_text(f, &f->reviewers, &f->n_reviewers, s->entries[k].value);
        return e;
}

static int add_wider(struct finding *f, const struct section *s) {
        int e = 0;

        for (size_t k = 0; e == 0 && k < s->n; k++) {
                const struct entry *x = &s->entries[k];

                if ((x->type == 'M' || x->type == 'R') && !has_text(f->maintainers, f->n_maintainers, x->value) &&
                    !has_text(f->reviewers, f->n_reviewers, x->value))
                        e = add_text(f, &f->wider, &f->n_wider, x->value);
        }
        return e;
}

/* The most specific section first, then all others that match, the more specific before the wider. THE REST, which
 * matches anything, gives its list, the last: its one maintainer gets no reports from the script, either. */
static int take_people(const struct maintainers *m, struct slice path, struct finding *f) {
        const struct section *best = most_specific(m, path);
        unsigned below = UINT_MAX;
        int e = 0;

        if (!best)
                return 0;
        /* A saved report's are another file's, maybe. */
        f->n_maintainers = f->n_reviewers = f->n_wider = f->n_lists = 0;
        f->maintainers = f->reviewers = f->wider = f->lists = NULL;
        f->subsystem = arena_dup(&f->arena, best->title);
        if (!f->subsystem)
                return -ENOMEM;
        e = is_rest(best) ? 0 : add_people(f, best);
        e = e == 0 ? add_lists(f, best) : e;
        while (e == 0 && below) {
                unsigned next = 0;

                for (size_t i = 0; e == 0 && i < m->n; i++) {
                        const struct section *s = &m->sections[i];
                        const unsigned r = s == best ? 0 : rank(s, path);

                        if (r < below && r > next)
                                next = r;
                        if (r == 0 || r != below)
                                continue;
                        e = is_rest(s) ? 0 : add_wider(f, s);
                        e = e == 0 ? add_lists(f, s) : e;
                }
                below = next;
        }
        return e;
}

/* --- by names alone --- */

struct guess {
        struct slice path;
        const char *by; /* NULL: there is none */
        bool listed;    /* in the list of places */
};

/* A module that the list does not have is none of the kernel's: what its functions are called says nothing. */
static int guess_place(const struct maintainers *m, const struct frame *fr, struct slice function, struct guess *ret) {
        struct slice of_module = SLICE_NULL, module = frame_module(fr);
        int r = module.n ? places_of_module(m->places, module, &of_module) : 1;

        *ret = (struct guess){};
        if (r <= 0)
                return r;
        r = places_of_function(m->places, function, &ret->path);
        if (r > 0)
                *ret = (struct guess){ ret->path, "the function's name", true };
        else if (r == 0 && of_module.n)
                *ret = (struct guess){ of_module, "the module's name", true };
        return r < 0 ? r : 0;
}

/* Where no stack has a function: the place where it took a lock, or the headline of a report that ends there, if it
 * names no module behind it. */
static bool other_frame(const struct finding *f, const char *function, struct frame *ret) {
        struct slice message = slice_of(f->message), at = slice_from(message, slice_find(message, slice_of(function)));

        for (size_t i = 0; i < f->n_locks; i++) {
                *ret = (struct frame){ .function = f->locks[i].function, .module = f->locks[i].module };
                if (ret->function && blame_is_of(slice_of(function), ret))
                        return true;
        }
        *ret = (struct frame){ .function = function };
        if (!slice_eat(&at, slice_of(function)) || !slice_eat(&at, SLICE("+")))
                return false;
        slice_token(&at, ' ');
        return !slice_starts(at, SLICE("["));
}

/* What acts for its callers is named as guilty only where the log says nothing of them. Where MAINTAINERS, which may be
 * another kernel's, has no section for the place, but one that is named as the module, that one counts. */
static int guess(const struct maintainers *m, const struct finding *f, struct guess *ret) {
        int e = 0;

        *ret = (struct guess){};
        for (size_t k = 0; e == 0 && !ret->by && k < f->n_functions; k++) {
                const struct frame *fr = frame_of(f, f->functions[k], false);
                struct frame other;

                if (!fr && other_frame(f, f->functions[k], &other))
                        fr = &other;
                if (fr && !is_machinery_frame(fr, NULL))
                        e = guess_place(m, fr, slice_of(f->functions[k]), ret);
        }
        if (e < 0 || (ret->by && most_specific(m, ret->path)))
                return e;
        const struct frame *fr = guilty_frame(f, false);
        const struct slice folder = fr ? folder_of_module(m, frame_module(fr)) : SLICE_NULL;
        if (folder.n)
                *ret = (struct guess){ folder, "the module's name, which MAINTAINERS has", false };
        return 0;
}

static int take_guess(const struct maintainers *m, struct finding *f, const struct guess *g) {
        struct slice last = places_trees(m->places);
        const struct slice first = slice_token(&last, ' ');

        while (slice_find_byte(last, ' ') != SLICE_NPOS)
                slice_token(&last, ' ');
        f->guilty_file = arena_dup(&f->arena, g->path);
        f->guilty_file_guess = arena_printf(&f->arena, g->listed ? "%s, as in kernels %.*s%s%.*s" : "%s", g->by,
                                            SLICE_FMT(first), last.n ? " to " : "", SLICE_FMT(last));
        return f->guilty_file && f->guilty_file_guess ? take_people(m, g->path, f) : -ENOMEM;
}

int maintainers_find(const struct maintainers *m, struct finding *f) {
        char plain[PATH_MAX];
        const struct slice path = path_without_dots(guilty_path(m, f), plain, sizeof(plain));
        struct guess g;

        if (path.n) {
                f->guilty_file_guess = NULL;
                f->guilty_file = arena_dup(&f->arena, path);
                return f->guilty_file ? take_people(m, path, f) : -ENOMEM;
        }
        int e = guess(m, f, &g);
        return e == 0 && g.by ? take_guess(m, f, &g) : e;
}
